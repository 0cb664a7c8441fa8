package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import java.time.Instant;

/// What happens to a known matter; the subject is its id. Who joins it is an event of their case.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = KnownEvent.Published.class, name = "published"),
  @JsonSubTypes.Type(value = KnownEvent.Updated.class, name = "updated"),
  @JsonSubTypes.Type(value = KnownEvent.Extended.class, name = "extended"),
  @JsonSubTypes.Type(value = KnownEvent.Ended.class, name = "ended"),
  @JsonSubTypes.Type(value = KnownEvent.Withdrawn.class, name = "withdrawn"),
  @JsonSubTypes.Type(value = KnownEvent.Released.class, name = "released"),
})
public sealed interface KnownEvent extends DomainEvent {
  Vocabulary<KnownEvent> VOCABULARY = new Vocabulary<>("known", KnownEvent.class, false);

  long staffId();

  record Published(
      long staffId, long territoryId, String category, Instant nextAt, Instant expiresAt)
      implements KnownEvent {}

  /// There is news, and all who joined hear it.
  record Updated(long staffId, int version, Instant nextAt, Instant expiresAt)
      implements KnownEvent {}

  /// It goes on for longer, and nothing else is new.
  record Extended(long staffId, int version, Instant nextAt, Instant expiresAt)
      implements KnownEvent {}

  record Ended(long staffId, int version) implements KnownEvent {}

  /// Taken back at once; those who had joined are handled by themselves again.
  record Withdrawn(long staffId, int version) implements KnownEvent {}

  /// Nobody ended it, and those who had joined are handled by themselves again.
  ///
  /// @param staffId whose it was
  record Released(long staffId, int version) implements KnownEvent {}
}
