package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Desks.Working;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.events.Told;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a case goes from desk to desk, and back: by the desk of its level, which says where it goes,
/// or before anybody has accepted it. A desk that was sent it and does not take it for its own
/// returns it ([Returning]).
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Handovers {
  /// A desk to hand on to.
  ///
  /// @param heldBy the desk that would hold it, where the named one has no people; else null
  /// @param working where whoever would hold it works at other hours than the house; else null
  public record Target(
      long deskId,
      String deskName,
      String territoryName,
      @Nullable String heldBy,
      @Nullable Working working) {}

  private final Cases cases;
  private final CaseFiles files;
  private final Acceptance acceptance;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;

  Handovers(
      Cases cases,
      CaseFiles files,
      Acceptance acceptance,
      Categories categories,
      Territories territories,
      Desks desks,
      Routing routing) {
    this.cases = cases;
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
  }

  /// The desks it can be handed on to by this person, nearest first.
  public List<Target> targets(Staff staff, CaseId id) {
    Case matter = cases.visibleTo(staff, id);
    Permits permits = cases.permits(staff, matter);
    Territory place = territories.byId(matter.territoryId());
    if (permits.against(Step.HAND_ON).isPresent()) {
      return List.of();
    }
    if (!permits.directs()) {
      return Stream.of(routing.taking(matter.level(), place))
          .filter(desk -> mayHold(matter, desk))
          .map(desk -> target(desk, matter, place))
          .toList();
    }
    return elsewhere(matter, matter.deskId());
  }

  /// The desks that can have it but this one, nearest first.
  List<Target> elsewhere(Case matter, long but) {
    Territory place = territories.byId(matter.territoryId());
    return territories.pathOf(place).reversed().stream()
        .flatMap(node -> desks.at(node).stream())
        .filter(desk -> !desk.kind().equals("emergency_line"))
        .filter(desk -> desk.id() != but)
        .filter(desk -> !isJudgeOfOwn(matter, routing.to(desk, matter.level(), place).desk()))
        .filter(desk -> mayHold(matter, routing.to(desk, matter.level(), place).desk()))
        .map(desk -> target(desk, matter, place))
        .toList();
  }

  private Target target(Desk desk, Case matter, Territory place) {
    Routing.Way way = routing.to(desk, matter.level(), place);
    return new Target(
        desk.id(),
        desk.name(),
        territories.byId(desk.territoryId()).name(),
        way.desk().id() == desk.id() ? null : way.desk().name(),
        desks.working(way.desk()).orElse(null));
  }

  /// Gives it to another desk. The resident's clocks go on.
  public Case handOn(Staff staff, CaseId id, int version, long deskId, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          permits.require(Step.HAND_ON);
          Desk target = known(deskId);
          Territory place = territories.byId(matter.territoryId());
          Routing.Way way = routing.to(target, matter.level(), place);
          if (way.desk().id() == matter.deskId() && Objects.equals(way.body(), matter.bodyCode())) {
            throw new Refusal("case-same-desk", 409, matter.deskName());
          }
          if (!permits.directs() && !way.desk().equals(routing.taking(matter.level(), place))) {
            Desk decides = routing.taking(matter.level(), place);
            throw new Refusal("case-return-to-level-desk", 409, decides.name());
          }
          if (isJudgeOfOwn(matter, way.desk())) {
            throw new Refusal("case-appeal-elsewhere", 409, way.desk().name());
          }
          requireHolding(matter, way.desk());
          Transition step = toSign(file, permits, permits.actors(), way.desk(), why);
          boolean raised = file.level().compareTo(matter.level()) < 0;
          file.give(way.desk().id(), way.body(), null, why);
          file.tell(
              new CaseEvent.HandedOn(
                  step,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  way.desk().id(),
                  way.body(),
                  false,
                  file.digest(why)));
          file.passedBy(way);
          if (raised && matter.state() == CaseState.HANDLING) {
            file.keepContact(matter.deskId(), matter.staffId());
          }
        });
  }

  /// Sends what was returned to another desk; refused where that leads to who has returned it.
  void sendOn(Permits permits, CaseFile file, Desk target) {
    Case matter = permits.matter();
    Routing.Way way = routing.to(target, matter.level(), territories.byId(matter.territoryId()));
    CaseReturn returned = Objects.requireNonNull(matter.returned());
    if (way.desk().id() == returned.deskId()) {
      throw new Refusal("return-same-desk", 409, returned.deskName());
    }
    Transition step =
        Objects.requireNonNull(toSign(file, permits, permits.actors(), way.desk(), ""));
    file.give(way.desk().id(), way.body(), null, null);
    file.tell(
        new CaseEvent.Dispatched(
            step, file.rule(), permits.staff().id(), way.desk().id(), way.body(), null));
    file.passedBy(way);
  }

  /// To the one of two desks that leads by a ruling, and did not have it.
  void moveByRuling(Permits permits, CaseFile file, Desk lead, String why) {
    Case matter = permits.matter();
    Routing.Way way = routing.to(lead, matter.level(), territories.byId(matter.territoryId()));
    if (way.desk().id() != lead.id()) {
      throw new Refusal("ruling-nobody", 409, lead.name());
    }
    requireHolding(matter, lead);
    Transition step = toSign(file, permits, permits.ruling(), lead, why);
    boolean raised = file.level().compareTo(matter.level()) < 0;
    file.give(lead.id(), way.body(), null, why);
    file.tell(
        new CaseEvent.HandedOn(
            step,
            file.rule(),
            permits.staff().id(),
            matter.deskId(),
            lead.id(),
            way.body(),
            false,
            file.digest(why)));
    if (raised && matter.state() == CaseState.HANDLING) {
      file.keepContact(matter.deskId(), matter.staffId());
    }
  }

  /// Whether that desk rejected it, and would have to say whether that stands: as long as it is not
  /// known what it is, handing it on decides nothing.
  private boolean isJudgeOfOwn(Case matter, Desk desk) {
    return matter.isUnderReview()
        && Objects.equals(matter.rejectedDeskId(), desk.id())
        && categories.named(matter.categoryCode()).isEmpty();
  }

  boolean mayHold(Case matter, Desk desk) {
    return routing.mayHold(
        categories.named(matter.categoryCode()).orElse(null),
        territories.byId(matter.territoryId()),
        matter.accused(),
        desk);
  }

  /// A complaint about staff does not come to the unit that it is about.
  private void requireHolding(Case matter, Desk desk) {
    if (!mayHold(matter, desk)) {
      throw new Refusal("case-about-them", 409, desk.name());
    }
  }

  /// The rows of the table that lead from here to a desk that has yet to sign. What nobody has
  /// accepted and nobody can name only changes its acceptance desk.
  private @Nullable Transition toSign(
      CaseFile file, Permits permits, Set<Actor> actors, Desk to, String why) {
    Case matter = permits.matter();
    Optional<Category> category = categories.named(matter.categoryCode());
    if (matter.state() == CaseState.REPORTED) {
      if (category.isEmpty()) {
        return null;
      }
      acceptance.accept(file, permits, category.get());
    }
    if (matter.state() == CaseState.DISPATCHED) {
      actors.add(Actor.HANDLER); // the desk of the level approves the return by making it
      Transition returned = file.go(Transition.T11, actors);
      file.tell(
          new CaseEvent.Returned(
              returned, file.rule(), permits.staff().id(), matter.deskId(), file.digest(why)));
    }
    Level circle = routing.circleOf(to);
    if (circle.compareTo(file.level()) < 0) {
      actors.add(Actor.SYSTEM);
      changeLevel(file, permits.staff(), Transition.T30, circle, actors);
    }
    Transition step;
    if (file.state() == CaseState.FILED) {
      actors.add(Actor.SYSTEM); // a plain return goes back to the desk of the level by rule
      step = file.go(Transition.T09, actors);
    } else {
      step = file.go(Transition.T12, actors);
    }
    file.startSigning(to.id());
    return step;
  }

  /// Takes back what one has just handed on, while nobody there has touched it.
  public Case handBack(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          List<Told<CaseEvent>> told = file.told();
          CaseEvent.HandedOn handed =
              justHandedOn(staff, told, file.at())
                  .orElseThrow(() -> new Refusal("case-not-back", 409, matter.deskName()));
          requireHolding(matter, known(handed.fromDesk()));
          Told<CaseEvent> last = Handling.lastTouch(told);
          Set<Actor> actors =
              EnumSet.allOf(Actor.class); // for both desks: neither has done anything
          List<Holding> holdings = file.holdings();
          Holding before = holdings.get(holdings.size() - 2);
          Transition step = null;
          boolean signed = false;
          if (matter.state() == CaseState.DISPATCHED) {
            Transition returned = file.go(Transition.T11, actors);
            file.tell(
                new CaseEvent.Returned(
                    returned, file.rule(), staff.id(), matter.deskId(), handed.reason()));
            Level circle = routing.circleOf(known(handed.fromDesk()));
            if (circle.compareTo(file.level()) > 0) {
              changeLevel(file, staff, Transition.T31, circle, actors);
            }
            step = file.go(Transition.T09, actors);
            signed = before.staffId() != null;
          }
          String body = responsible(told.subList(0, told.lastIndexOf(last)));
          file.give(handed.fromDesk(), body, before.staffId(), null);
          file.tell(
              new CaseEvent.HandedOn(
                  step,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  handed.fromDesk(),
                  body,
                  true,
                  handed.reason()));
          if (signed) {
            file.stop(Kind.SIGNING);
            Transition again = file.go(Transition.T10, actors);
            file.tell(
                new CaseEvent.Claimed(
                    again,
                    file.rule(),
                    Objects.requireNonNull(before.staffId()),
                    handed.fromDesk(),
                    null,
                    null));
          }
        });
  }

  /// What they have just handed on and may take back, while nobody there has touched it.
  static Optional<CaseEvent.HandedOn> justHandedOn(
      Staff staff, List<Told<CaseEvent>> told, Instant now) {
    Told<CaseEvent> last = Handling.lastTouch(told);
    return last.event() instanceof CaseEvent.HandedOn handed
            && handed.staffId() == staff.id()
            && !handed.back()
            && CaseFile.isFresh(last, now)
        ? Optional.of(handed)
        : Optional.empty();
  }

  static @Nullable String responsible(List<Told<CaseEvent>> told) {
    for (Told<CaseEvent> each : told.reversed()) {
      switch (each.event()) {
        case CaseEvent.Dispatched dispatched -> {
          return dispatched.body();
        }
        case CaseEvent.HandedOn handed -> {
          return handed.body();
        }
        default -> {}
      }
    }
    return null;
  }

  private void changeLevel(
      CaseFile file, Staff staff, Transition step, Level to, Set<Actor> actors) {
    Level from = file.level();
    file.go(step, actors);
    file.raise(to);
    file.tell(new CaseEvent.LevelChanged(step, file.rule(), staff.id(), from, to));
  }

  private Desk known(long desk) {
    try {
      return desks.byId(desk);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("desk-unknown", 422);
    }
  }
}
