package io.linyu.console;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;

/// Who came in, and who tried to. The subject is the member of staff; 0 where nobody has that name.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ConsoleEvent.SignedIn.class, name = "signed_in"),
  @JsonSubTypes.Type(value = ConsoleEvent.SignInRefused.class, name = "sign_in_refused"),
  @JsonSubTypes.Type(value = ConsoleEvent.SignedOut.class, name = "signed_out")
})
public sealed interface ConsoleEvent extends DomainEvent {
  Vocabulary<ConsoleEvent> VOCABULARY = new Vocabulary<>("console", ConsoleEvent.class, false);

  record SignedIn(long staff) implements ConsoleEvent {}

  /// @param login digest of what was typed as the name: it may be a password typed in the wrong
  ///   field
  record SignInRefused(String login) implements ConsoleEvent {}

  record SignedOut(long staff) implements ConsoleEvent {}
}
