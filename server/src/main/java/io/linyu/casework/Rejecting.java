package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What is not accepted: by the desk that decides on that, for one of the lawful reasons, with
/// words that the resident reads. They may ask once that another desk looks at it ([Appealing]).
public final class Rejecting {
  /// So long the one who did it may take it back. The page offers it for less.
  static final Duration MAY_BE_TAKEN_BACK = Duration.ofSeconds(12);

  /// So long after it the resident is told: not before it is certain.
  public static final Duration TOLD_AFTER = Duration.ofSeconds(20);

  /// The lawful ones. Words for them are under `reject.reason.<word>`, and what may be written to
  /// the resident under `reject.text.<word>`.
  public enum Reason {
    /// For those who come at once.
    EMERGENCY,
    /// On its way in a channel that the law provides, or as a petition.
    CHANNEL,
    /// Answered before, and nothing of it is new.
    REPEATED,
    /// Secrets, or what is private to others.
    PRIVACY,
    /// Not among the duties of anybody here.
    OUTSIDE,
    /// Against the law, or public order.
    ILLEGAL;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Reason> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  private final CaseFiles files;

  Rejecting(CaseFiles files) {
    this.files = files;
  }

  /// @param version that the member of staff saw
  /// @param text that the resident reads
  public Case reject(Staff staff, CaseId id, int version, Reason reason, String text) {
    String told = CaseFiles.soundToResident(text, "reject-text-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.REJECT);
          Case matter = permits.matter();
          Transition step = file.go(Transition.T07, permits.actors());
          long answer = file.reply(staff.id(), told);
          if (!matter.isUnderReview()) {
            file.rejectedBy(staff.id());
          }
          file.tell(
              new CaseEvent.Rejected(
                  step,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  reason,
                  answer,
                  matter.isUnderReview(),
                  file.digest(told)));
          file.shut();
        });
  }

  /// Takes back what they have just rejected, while nobody has been told. It waits as it did.
  public Case takeBack(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (_, file) -> {
          Told<CaseEvent> last = Handling.lastTouch(file.told());
          if (!(last.event() instanceof CaseEvent.Rejected rejected
              && rejected.staffId() == staff.id()
              && !last.at().plus(MAY_BE_TAKEN_BACK).isBefore(file.at()))) {
            throw new Refusal("case-reject-told", 409);
          }
          Transition step = file.go(Transition.T07d, Set.of(Actor.COMMUNITY));
          file.unsay(rejected.answerId());
          if (!rejected.afterAppeal()) {
            file.rejectedBy(null);
          }
          file.give(file.holdings().getLast().staffId());
          file.goOnWaiting();
          file.tell(
              new CaseEvent.RejectionTakenBack(
                  step, file.rule(), staff.id(), rejected.deskId(), rejected.answerId()));
        });
  }
}
