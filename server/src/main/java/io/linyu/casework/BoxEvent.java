package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import org.jspecify.annotations.Nullable;

/// What happens when a box is opened; the subject is the opening. They are a chain, so that nobody
/// changes afterwards how many slips there were.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = BoxEvent.Begun.class, name = "begun"),
  @JsonSubTypes.Type(value = BoxEvent.Confirmed.class, name = "confirmed"),
  @JsonSubTypes.Type(value = BoxEvent.Recounted.class, name = "recounted"),
  @JsonSubTypes.Type(value = BoxEvent.CalledOff.class, name = "called_off"),
  @JsonSubTypes.Type(value = BoxEvent.Became.class, name = "became"),
  @JsonSubTypes.Type(value = BoxEvent.SetAside.class, name = "set_aside"),
  @JsonSubTypes.Type(value = BoxEvent.Sealed.class, name = "sealed"),
})
public sealed interface BoxEvent extends DomainEvent {
  Vocabulary<BoxEvent> VOCABULARY = new Vocabulary<>("box", BoxEvent.class, true);

  long staffId();

  /// One keeper has counted the slips, and waits for the other.
  record Begun(long staffId, long boxId, int slips) implements BoxEvent {}

  /// The other says so, too.
  record Confirmed(long staffId, int slips) implements BoxEvent {}

  /// There are more, or fewer; the other keeper is to say so, too.
  record Recounted(long staffId, int slips) implements BoxEvent {}

  /// Before it was open.
  record CalledOff(long staffId) implements BoxEvent {}

  /// @param added it was noted in a case that there was
  record Became(long staffId, int slip, long caseId, boolean added) implements BoxEvent {}

  /// @param reason null: it is not set aside any more
  record SetAside(long staffId, int slip, @Nullable String reason) implements BoxEvent {}

  record Sealed(long staffId, int slips, int aside) implements BoxEvent {}
}
