package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.TimeRequest.What;
import io.linyu.community.Staff;
import java.util.List;
import java.util.Objects;

/// What becomes of any request for time but granting it, which [Extending] and [Suspending] do.
public final class TimeRequests {
  private final CaseFiles files;

  TimeRequests(CaseFiles files) {
    this.files = files;
  }

  /// By somebody else, who may decide.
  ///
  /// @param request the note by which it was asked for that they read
  /// @param reason that whoever asked reads as a note
  public Case refuse(Staff staff, CaseId id, long request, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          TimeRequest waits = permits.matter().asked();
          TimeRequest asked =
              permits.requireDeciding(waits == null ? What.EXTENSION : waits.what(), request);
          long note = file.note(staff.id(), why, List.of());
          file.endRequest();
          file.tell(
              new CaseEvent.TimeRefused(
                  null,
                  file.rule(),
                  staff.id(),
                  asked.what(),
                  asked.askedBy(),
                  note,
                  file.digest(why)));
        });
  }

  /// By whoever asked, or has it now.
  public Case takeBack(Staff staff, CaseId id) {
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.TAKE_REQUEST_BACK);
          TimeRequest asked = Objects.requireNonNull(permits.matter().asked());
          file.endRequest();
          file.tell(new CaseEvent.TimeRequestEnded(null, file.rule(), staff.id(), asked.what()));
        });
  }
}
