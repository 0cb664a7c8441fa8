package io.linyu.community;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import org.jspecify.annotations.Nullable;

/// What happens to persons. The subject is the person who goes on.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = PersonEvent.Joined.class, name = "joined"),
  @JsonSubTypes.Type(value = PersonEvent.Parted.class, name = "parted"),
  @JsonSubTypes.Type(value = PersonEvent.PhoneVerified.class, name = "phone_verified")
})
public sealed interface PersonEvent extends DomainEvent {
  Vocabulary<PersonEvent> VOCABULARY = new Vocabulary<>("people", PersonEvent.class, false);

  /// @param gone the other person
  /// @param staffId null: the resident did it
  record Joined(long mergeId, long gone, @Nullable Long staffId) implements PersonEvent {}

  record Parted(long mergeId, long gone, @Nullable Long staffId) implements PersonEvent {}

  record PhoneVerified(long staffId) implements PersonEvent {}
}
