package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import java.util.List;

/// What those who lead see to themselves. While they do, whoever has it is reminded every working
/// day on which nothing was answered or noted ([Errands]).
public final class Supervising {
  private final CaseFiles files;

  Supervising(CaseFiles files) {
    this.files = files;
  }

  /// @param reason that colleagues read as a note
  public Case supervise(Staff staff, CaseId id, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.SUPERVISE);
          Transition step = file.go(Transition.T29, permits.actors());
          long note = file.note(staff.id(), why, List.of());
          file.supervise(true);
          file.tell(
              new CaseEvent.Supervised(step, file.rule(), staff.id(), note, file.digest(why)));
        });
  }

  public Case lift(Staff staff, CaseId id) {
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.LIFT_SUPERVISION);
          Transition step = file.go(Transition.T29, permits.actors());
          file.supervise(false);
          file.tell(new CaseEvent.SupervisionLifted(step, file.rule(), staff.id()));
        });
  }
}
