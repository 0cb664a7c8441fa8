package io.linyu.insight;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.Cases;
import io.linyu.community.Staff;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Exclusion.Ground;
import io.linyu.insight.Exclusion.Outcome;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is left out of the figures, by two people and for a reason: one proposes it, and another,
/// who shares no desk with them, confirms it. Nobody has a say about what their own desk led. The
/// database holds it all, too.
///
/// Nothing is hidden by it: every figure is told with what is left out, and beside it without.
public final class Exclusions {
  static final int PAGE = 30;
  private static final int LONGEST_REASON = 300;

  /// Who answers for how a place works. Who enters and looks around has no say.
  private static final Set<String> ROLES =
      Set.of(
          "district_dispatcher",
          "district_inspector",
          "street_dispatcher",
          "street_supervisor",
          "community_secretary",
          "community_deputy");

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Audit audit;
  private final ExclusionStore store = new ExclusionStore();
  private final EvaluationStore evaluations = new EvaluationStore();

  Exclusions(Db db, Clock clock, Cases cases, Audit audit) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.audit = audit;
  }

  boolean mayDecide(Staff staff) {
    return ROLES.contains(staff.role());
  }

  /// Those of what lies in their scope, the newest first.
  ///
  /// @param before the last of the page before
  /// @return one more than a page where there is another
  List<Exclusion> visibleTo(Staff staff, long before) {
    return store.at(db, staff.territoryPath(), before, PAGE + 1);
  }

  Map<CaseId, Cases.Named> named(Staff staff, Collection<Exclusion> some) {
    return cases.named(staff, some.stream().map(Exclusion::caseId).toList());
  }

  /// @param number as somebody has typed it
  void propose(Staff staff, String from, String number, Ground ground, String reason) {
    String why = reason(reason);
    requireRole(staff);
    Case matter =
        CaseNumber.parse(number)
            .flatMap(each -> cases.byNumberVisibleTo(staff, each))
            .orElseThrow(() -> new Refusal("exclusion-no-case", 422));
    db.withinTransaction(tx -> {
      store.lock(tx, matter.id());
      List<Evaluation> versions = evaluations.of(tx, matter.id());
      if (versions.isEmpty() || versions.getLast().end() == End.OPEN) {
        throw new Refusal("exclusion-not-ended", 422);
      }
      Evaluation last = versions.getLast();
      Instant ended = last.times().ended();
      if (ended == null || !staff.sees(last.where().path())) {
        throw new Refusal("exclusion-no-case", 422);
      }
      requireOthersWork(staff, last.where().desk());
      boolean isThere =
          store.of(tx, matter.id()).stream()
              .anyMatch(each -> each.ended().equals(ended) && (each.waits() || each.isInForce()));
      if (isThere) {
        throw new Refusal("exclusion-there-is-one", 409);
      }
      store.add(tx, last, ended, ground, why, staff, clock.instant());
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.EXCLUSION_PROPOSED,
          Map.of("case", matter.number().base(), "ground", ground.word()));
    });
  }

  /// @param confirms else it is refused
  void decide(Staff staff, String from, long id, boolean confirms, String reason) {
    String why = reason(reason);
    requireRole(staff);
    Exclusion found = found(staff, id);
    if (!found.waits()) {
      throw new Refusal("exclusion-decided", 409);
    }
    requireOthersWork(staff, found.ledDesk());
    if (!isAnother(staff, found)) {
      throw new Refusal("exclusion-same-desk", 403);
    }
    step(staff, from, found, 1, confirms ? Outcome.CONFIRMED : Outcome.REFUSED, why);
  }

  /// By whoever proposed it as long as it waits, by anybody who may decide once it was confirmed.
  void takeBack(Staff staff, String from, long id, String reason) {
    String why = reason(reason);
    requireRole(staff);
    Exclusion found = found(staff, id);
    requireOthersWork(staff, found.ledDesk());
    if (!mayTakeBack(staff, found)) {
      throw new Refusal("exclusion-decided", 409);
    }
    step(staff, from, found, found.waits() ? 1 : 2, Outcome.TAKEN_BACK, why);
  }

  /// Whether they may confirm or refuse it.
  boolean mayDecide(Staff staff, Exclusion exclusion) {
    return mayDecide(staff)
        && exclusion.waits()
        && !staff.worksAt(exclusion.ledDesk())
        && isAnother(staff, exclusion);
  }

  boolean mayTakeBack(Staff staff, Exclusion exclusion) {
    return mayDecide(staff)
        && !staff.worksAt(exclusion.ledDesk())
        && (exclusion.isInForce()
            || (exclusion.waits() && exclusion.proposal().staff() == staff.id()));
  }

  private static boolean isAnother(Staff staff, Exclusion exclusion) {
    Set<Long> theirs = exclusion.proposedDesks();
    return staff.id() != exclusion.proposal().staff()
        && staff.desks().stream().noneMatch(theirs::contains)
        && (!theirs.isEmpty()
            || !staff.desks().isEmpty()
            || staff.territoryId() != exclusion.proposedPlace());
  }

  private Exclusion found(Staff staff, long id) {
    return store.byId(db, id, staff.territoryPath()).orElseThrow(Refusal::notFound);
  }

  private void step(
      Staff staff, String from, Exclusion found, int nth, Outcome what, String reason) {
    db.withinTransaction(tx -> {
      if (!store.step(tx, found.id(), nth, what, reason, staff, clock.instant())) {
        throw new Refusal("exclusion-decided", 409);
      }
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.EXCLUSION_DECIDED,
          Map.of(
              "case",
              cases.named(tx, found.caseId()).map(each -> each.number().toString()).orElse(""),
              "step",
              what.word()));
    });
  }

  private void requireRole(Staff staff) {
    if (!mayDecide(staff)) {
      throw new Refusal("exclusion-not-yours", 403);
    }
  }

  private static void requireOthersWork(Staff staff, long desk) {
    if (staff.worksAt(desk)) {
      throw new Refusal("exclusion-own-work", 403);
    }
  }

  private static String reason(String given) {
    String reason = given.strip();
    if (reason.isEmpty()) {
      throw new Refusal("exclusion-no-reason", 422);
    }
    if (reason.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    return reason;
  }
}
