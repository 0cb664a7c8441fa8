package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import org.jspecify.annotations.Nullable;

/// What happens to an alarm; the subject is the alarm's id.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AlarmEvent.Rung.class, name = "rung"),
  @JsonSubTypes.Type(value = AlarmEvent.Climbed.class, name = "climbed"),
  @JsonSubTypes.Type(value = AlarmEvent.Acknowledged.class, name = "acknowledged"),
})
public sealed interface AlarmEvent extends DomainEvent {
  Vocabulary<AlarmEvent> VOCABULARY = new Vocabulary<>("alarm", AlarmEvent.class, false);

  CaseId caseId();

  /// Where the resident is, to be told who has it.
  @Nullable Long addressId();

  record Rung(CaseId caseId, @Nullable Long addressId, long territoryId, String kind)
      implements AlarmEvent {}

  /// Nobody acknowledged it in time: it rings one step higher, or once more at the top.
  ///
  /// @param step 0 community, 1 street, 2 district
  /// @param round how often it has rung by now
  record Climbed(CaseId caseId, @Nullable Long addressId, int step, int round)
      implements AlarmEvent {}

  record Acknowledged(CaseId caseId, @Nullable Long addressId, long staffId)
      implements AlarmEvent {}
}
