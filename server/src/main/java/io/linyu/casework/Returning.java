package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Category.Limit;
import io.linyu.casework.Handovers.Target;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What was sent to a desk that does not take it for its own. It returns it soon, once, with a
/// ground and the desk that it names instead, to the desk of the level (`T11`). That one has it
/// meanwhile, and says whether it goes elsewhere (`T09`), or stays with who has returned it: the
/// first who was sent it is responsible. The resident's clocks go on all the while.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Returning {
  /// So long the street has to say whether a community takes on what is not on its list.
  static final Limit ADMITTED_WITHIN = new Limit(4, Unit.WORK_HOUR);

  /// Why it is not for this desk. Words for these are under `return.ground.<word>`.
  public enum Ground {
    NOT_OURS,
    OUTSIDE_AREA,
    ANOTHER_LEADS,
    /// Something is missing without which nobody can begin.
    LACKING,
    /// It is not on the list of what communities take on: said by [Admitting].
    NOT_LISTED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Ground> of(String word) {
      return ofAll().stream().filter(each -> each.word().equals(word)).findFirst();
    }

    /// Those on which any desk returns.
    static List<Ground> ofAll() {
      return Arrays.stream(values()).filter(each -> each != NOT_LISTED).toList();
    }

    /// Whether some other desk must be named.
    public boolean names() {
      return this != LACKING && this != NOT_LISTED;
    }

    /// As it is written down: the release before does not know the list.
    Ground known() {
      return this == NOT_LISTED ? NOT_OURS : this;
    }

    /// How long whoever decides has for it.
    ///
    /// @param kind the code of a category; null: nobody has found out
    Limit decidedWithin(Rules rules, @Nullable String kind) {
      return this == NOT_LISTED ? ADMITTED_WITHIN : rules.limitOf(Limited.RETURN_DECISION, kind);
    }
  }

  /// What the dialog offers whoever may return it.
  ///
  /// @param against why it cannot be returned, and what can be done instead; null: it can
  /// @param to the desk that decides
  /// @param until when at the latest
  /// @param targets that can be named instead, nearest first
  public record Offer(@Nullable Refusal against, String to, Instant until, List<Target> targets) {}

  private final Db db;
  private final CaseFiles files;
  private final Handovers handovers;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final ClockStore clocks = new ClockStore();
  private final CaseReturnStore returns = new CaseReturnStore();

  Returning(
      Db db,
      CaseFiles files,
      Handovers handovers,
      Territories territories,
      Desks desks,
      Routing routing) {
    this.db = db;
    this.files = files;
    this.handovers = handovers;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
  }

  /// Of a case that they may return as it stands.
  Offer offer(Case matter) {
    return new Offer(
        against(db, matter, Ground.NOT_OURS, files.now()).orElse(null),
        deciding(matter, Ground.NOT_OURS).name(),
        until(db, matter),
        handovers.elsewhere(matter, matter.deskId()));
  }

  /// Where what was returned can go, nearest first.
  List<Target> targets(Case matter) {
    CaseReturn returned = matter.returned();
    return returned == null ? List.of() : handovers.elsewhere(matter, returned.deskId());
  }

  /// That of the level; what a community takes on the street says, whatever the level.
  Desk deciding(Case matter, Ground ground) {
    Level level =
        ground == Ground.NOT_LISTED && matter.level().compareTo(Level.STREET) > 0
            ? Level.STREET
            : matter.level();
    return routing.taking(level, territories.byId(matter.territoryId()));
  }

  /// Counted from when the desk had it to sign, by the rules and in its hours of that moment.
  Instant until(Sql sql, Case matter) {
    Instant sent =
        clocks
            .running(sql, matter.id(), CaseClock.Kind.SIGNING)
            .map(CaseClock::startedAt)
            .orElse(matter.openedAt());
    Limit window =
        Db.await(files.rules(sql, sent)).limitOf(Limited.RETURNING, matter.categoryCode());
    return files.calendar().of(matter.deskId(), sent).due(sent, window.value(), window.unit());
  }

  /// Why the desk that has it cannot return it; empty: it can.
  Optional<Refusal> against(Sql sql, Case matter, Instant now) {
    return against(sql, matter, Ground.NOT_OURS, now);
  }

  /// The same, on this ground.
  Optional<Refusal> against(Sql sql, Case matter, Ground ground, Instant now) {
    Desk decides = deciding(matter, ground);
    if (decides.id() == matter.deskId()) {
      return Optional.of(new Refusal("return-level-desk", 409, matter.deskName()));
    }
    if (returns.exists(sql, matter.id(), matter.deskId())) {
      return Optional.of(new Refusal("return-once", 409, matter.deskName(), decides.name()));
    }
    return now.isAfter(until(sql, matter))
        ? Optional.of(new Refusal("return-late", 409, decides.name()))
        : Optional.empty();
  }

  /// By somebody of the desk that was sent it and has not signed it.
  ///
  /// @param proposed the desk that they name instead; null: none
  /// @param words that who decides reads as a note
  public Case sendBack(
      Staff staff, CaseId id, int version, Ground ground, @Nullable Long proposed, String words) {
    String why = CaseFiles.sound(words, "reason-missing");
    if (!Ground.ofAll().contains(ground)) {
      throw new Refusal("form-outdated", 422); // it is said otherwise
    }
    if (ground.names() && proposed == null) {
      throw new Refusal("return-desk-missing", 422);
    }
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.RETURN);
          if (proposed != null) {
            Case matter = permits.matter();
            requireAmong(handovers.elsewhere(matter, matter.deskId()), proposed);
          }
          toDecide(permits, file, ground, proposed, null, why);
        });
  }

  /// To the desk that decides.
  ///
  /// @param entry of the list, which they name; null: none
  void toDecide(
      Permits permits,
      CaseFile file,
      Ground ground,
      @Nullable Long proposed,
      @Nullable Admission entry,
      String why) {
    Case matter = permits.matter();
    long by = permits.staff().id();
    against(file.tx(), matter, ground, file.at())
        .ifPresent(refusal -> {
          throw refusal;
        });
    Desk decides = deciding(matter, ground);
    Long named = entry == null ? null : (Long) entry.id();
    Transition step = file.go(Transition.T11, permits.actors());
    long note = file.note(by, why, List.of());
    file.tell(
        new CaseEvent.Returned(
            step,
            file.rule(),
            by,
            matter.deskId(),
            file.digest(why),
            ground.known(),
            proposed,
            note,
            decides.id(),
            ground == Ground.NOT_LISTED ? true : null,
            named));
    file.sendBack(by, ground, proposed, named, note, decides.id(), why);
  }

  /// It goes to another desk, which has it to sign from now on.
  public Case agree(Staff staff, CaseId id, int version, long desk) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.DECIDE_RETURN);
          Case matter = permits.matter();
          CaseReturn returned = Objects.requireNonNull(matter.returned());
          requireAmong(handovers.elsewhere(matter, returned.deskId()), desk);
          file.tell(decided(permits, file, null, true, null, null));
          handovers.sendOn(permits, file, desks.byId(desk));
        });
  }

  /// It is with those again who have returned it, who sign it now and may not return it any more.
  ///
  /// @param words that they read as a note
  public Case refuse(Staff staff, CaseId id, int version, String words) {
    String why = CaseFiles.sound(words, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.DECIDE_RETURN);
          Case matter = permits.matter();
          CaseReturn returned = Objects.requireNonNull(matter.returned());
          if (!desks.isStaffed(desks.byId(returned.deskId()))) {
            throw new Refusal("return-nobody", 409, returned.deskName());
          }
          Transition step = file.go(Transition.T09, permits.deciding());
          long note = file.note(staff.id(), why, List.of());
          file.give(returned.deskId(), Handovers.responsible(file.told()), null, why);
          file.tell(decided(permits, file, step, false, note, file.digest(why)));
          file.startSigning(returned.deskId());
        });
  }

  private static CaseEvent.ReturnDecided decided(
      Permits permits,
      CaseFile file,
      @Nullable Transition step,
      boolean agreed,
      @Nullable Long note,
      @Nullable String reason) {
    Case matter = permits.matter();
    return new CaseEvent.ReturnDecided(
        step,
        file.rule(),
        permits.staff().id(),
        Objects.requireNonNull(matter.returned()).deskId(),
        matter.deskId(),
        agreed,
        note,
        reason,
        Objects.requireNonNull(matter.returned()).unlisted() ? true : null);
  }

  private static void requireAmong(List<Target> targets, long desk) {
    if (targets.stream().noneMatch(each -> each.deskId() == desk)) {
      throw new Refusal("desk-unknown", 422);
    }
  }
}
