package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;

/// What happens in a round of visits; the subject is the round. Of doors by their numbers alone.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RoundEvent.Made.class, name = "made"),
  @JsonSubTypes.Type(value = RoundEvent.Visited.class, name = "visited"),
  @JsonSubTypes.Type(value = RoundEvent.FollowedUp.class, name = "followed_up"),
  @JsonSubTypes.Type(value = RoundEvent.Ended.class, name = "ended"),
})
public sealed interface RoundEvent extends DomainEvent {
  Vocabulary<RoundEvent> VOCABULARY = new Vocabulary<>("round", RoundEvent.class, false);

  long staffId();

  record Made(long staffId, long visitorId, String purpose, int doors) implements RoundEvent {}

  record Visited(long staffId, int door, String state) implements RoundEvent {}

  /// What they told is a case.
  record FollowedUp(long staffId, int door, long caseId) implements RoundEvent {}

  /// @param over else it goes on after all
  record Ended(long staffId, int visited, boolean over) implements RoundEvent {}
}
