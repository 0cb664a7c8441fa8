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
  @JsonSubTypes.Type(value = PersonEvent.PhoneVerified.class, name = "phone_verified"),
  @JsonSubTypes.Type(value = PersonEvent.ConsentRecorded.class, name = "consent_recorded"),
  @JsonSubTypes.Type(value = PersonEvent.ConsentTaken.class, name = "consent_taken"),
  @JsonSubTypes.Type(value = PersonEvent.ConsentEnded.class, name = "consent_ended")
})
public sealed interface PersonEvent extends DomainEvent {
  Vocabulary<PersonEvent> VOCABULARY = new Vocabulary<>("people", PersonEvent.class, false);

  /// @param gone the other person
  /// @param staffId null: the resident did it
  record Joined(long mergeId, long gone, @Nullable Long staffId) implements PersonEvent {}

  record Parted(long mergeId, long gone, @Nullable Long staffId) implements PersonEvent {}

  record PhoneVerified(long staffId) implements PersonEvent {}

  /// The person lets somebody act for them, or does so for another year.
  record ConsentRecorded(long consentId, long staffId) implements PersonEvent {}

  /// @param actor who acts for the person from now on
  record ConsentTaken(long consentId, long actor) implements PersonEvent {}

  /// @param by a word of [Consent.End]
  record ConsentEnded(long consentId, String by, @Nullable Long staffId) implements PersonEvent {}
}
