package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is waited for is urged: by whoever told it, by the community's desk, by those who lead.
/// Whoever has it and who leads them are called ([Errands]); no clock changes by it, and nobody's
/// step is outdated.
public final class Urging {
  /// Whoever told it may urge it again after this.
  static final Duration APART = Duration.ofDays(1);

  /// And staff after this.
  private static final Duration APART_FOR_STAFF = Duration.ofHours(1);

  /// What became of an urge.
  ///
  /// @param at when it was urged
  /// @param before whether that was before, and not long enough ago to urge it again
  public record Urged(Case matter, Instant at, boolean before) {
    /// When it may be urged again.
    public Instant again() {
      return at.plus(APART);
    }
  }

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;

  Urging(Db db, CaseFiles files, Cases cases) {
    this.db = db;
    this.files = files;
    this.cases = cases;
  }

  /// By whoever told it, or somebody for them. Refused when there is nobody to be urged.
  ///
  /// @param person whose case it is
  /// @param consent by which another urges it; null: they do so themselves
  public Urged urge(Tx tx, CaseId id, long person, @Nullable Long consent) {
    files.lock(tx, id);
    Case matter = cases.named(tx, id).orElseThrow(Refusal::notFound);
    if (!Objects.equals(matter.personId(), person)) {
      throw Refusal.notFound();
    }
    return urge(tx, matter, consent);
  }

  /// By whoever has this page.
  Urged urge(Cases.Link link) {
    return db.inTransaction(tx -> {
      CaseId id = link.matter().id();
      files.lock(tx, id);
      return urge(tx, cases.named(tx, id).orElseThrow(Refusal::notFound), link.consent());
    });
  }

  private Urged urge(Tx tx, Case matter, @Nullable Long consent) {
    if (!isOpenTo(matter)) {
      throw against(matter);
    }
    CaseFile file = files.open(tx, matter);
    Instant last = lately(matter, file.at());
    if (last != null) {
      return new Urged(matter, last, true);
    }
    Transition step = file.go(Transition.T28, Set.of(Actor.RESIDENT));
    file.urged(true);
    file.tell(new CaseEvent.Urged(step, file.rule(), matter.deskId(), null, consent));
    return new Urged(matter, file.at(), false);
  }

  /// Whether there is somebody whom its person may urge.
  static boolean isOpenTo(Case matter) {
    return Transition.T28.allows(matter.state(), Set.of(Actor.RESIDENT));
  }

  /// When whoever told it has urged it, where that was so short a time ago that they may not do so
  /// again; null: they may.
  static @Nullable Instant lately(Case matter, Instant now) {
    Instant last = matter.residentUrgedAt();
    return last != null && now.isBefore(last.plus(APART)) ? last : null;
  }

  private static Refusal against(Case matter) {
    String number = matter.number().text();
    if (matter.state() == CaseState.MERGED) {
      return new Refusal("case-urge-merged", 409, number);
    }
    if (matter.state() == CaseState.INSPECTING || matter.state() == CaseState.RETURN_VISIT) {
      return new Refusal("case-urge-checked", 409, number);
    }
    return matter.isOpen()
        ? new Refusal("case-urge-early", 409, number, matter.deskName())
        : new Refusal("case-urge-over", 409, number);
  }

  /// By the community's desk, or who leads.
  public Case urge(Staff staff, CaseId id) {
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.URGE);
          Case matter = permits.matter();
          Instant last = matter.urgedAt();
          if (last != null && file.at().isBefore(last.plus(APART_FOR_STAFF))) {
            throw new Refusal(
                "case-urged-lately",
                409,
                Math.max(1, Duration.between(last, file.at()).toMinutes()));
          }
          Transition step = file.go(Transition.T28, permits.near());
          file.urged(false);
          file.tell(new CaseEvent.Urged(step, file.rule(), matter.deskId(), staff.id(), null));
        });
  }
}
