package io.linyu.casework;

import static io.linyu.casework.CaseState.DISPATCHED;
import static io.linyu.casework.CaseState.FILED;
import static io.linyu.casework.CaseState.HANDLING;
import static io.linyu.casework.CaseState.SUSPENDED;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What the house does by itself when a case stands in a certain way. Each but E4 is a condition
/// over the case alone; what follows is done by [LoopRules].
///
/// Words for these are under `rule.<name>`.
public enum LoopRule {
  /// Nobody has signed it, or decided on its return, and two working hours later still nobody.
  E1 {
    @Override
    List<Due> due(Standing standing) {
      return (standing.state() == DISPATCHED || standing.state() == FILED) && !standing.isUnlisted()
          ? raisedWhereNobody(standing, standing.state() == FILED ? Kind.RULING : Kind.SIGNING)
          : List.of();
    }
  },

  /// The limit of handling is over.
  E2 {
    @Override
    List<Due> due(Standing standing) {
      Optional<CaseClock> limit = standing.running(Kind.HANDLING);
      if (limit.isEmpty() || !BEGUN.contains(standing.state())) {
        return List.of();
      }
      Instant red = limit.get().dueAt();
      Instant word = standing.lastWord(red);
      var due = new ArrayList<Due>();
      if (standing.matter().supervisedAt() == null) {
        due.add(once(Effect.SUPERVISED, red));
      }
      if (word.equals(red)) {
        due.add(new Due(Effect.URGED, standing.nextWorkingDay(red), red));
      }
      if (standing.canRise()) {
        due.add(once(Effect.RAISED, standing.calendar().due(word, SILENT_DAYS, Unit.WORK_DAY)));
      }
      return due;
    }
  },

  /// It was not done after all three times, or passed on from desk to desk three times.
  E3 {
    @Override
    List<Due> due(Standing standing) {
      if (!BEGUN.contains(standing.state()) || !standing.canRise()) {
        return List.of();
      }
      return third(standing.told()).map(at -> List.of(once(Effect.RAISED, at))).orElse(List.of());
    }

    // When it was so for the third time since this rule has raised it. Passed on is what was
    // signed and goes to another desk, and what a desk has returned and goes elsewhere; what the
    // desk of the level sends elsewhere by itself before anybody has signed it is not, but for
    // what it has ruled.
    private static Optional<Instant> third(List<Told<CaseEvent>> told) {
      int reworks = 0;
      int transfers = 0;
      boolean signed = false;
      boolean counted = false;
      Instant reached = null;
      for (Told<CaseEvent> each : told) {
        switch (each.event()) {
          case CaseEvent.Checked checked when !checked.passed() -> reworks++;
          case CaseEvent.Reopened _ -> reworks++;
          case CaseEvent.HandedOn handed -> {
            if (handed.back()) {
              transfers -= counted ? 1 : 0;
            } else {
              transfers += signed ? 1 : 0;
            }
            counted = !handed.back() && signed;
            signed = false;
          }
          case CaseEvent.Returned _, CaseEvent.Dispatched _ -> signed = false;
          case CaseEvent.ReturnDecided decided -> transfers += decided.agreed() ? 1 : 0;
          // By which it has just gone to another desk, signed before or not.
          case CaseEvent.Ruled ruled -> transfers += ruled.moves() && !counted ? 1 : 0;
          // Put back to the desk, or by its first signature as if it had not been signed.
          case CaseEvent.Released released -> signed &= released.transition() == null;
          case CaseEvent.RuleApplied applied when applied.isDone(E3, Effect.RAISED) -> {
            reworks = 0;
            transfers = 0;
          }
          default -> {}
        }
        Transition step = each.event().transition();
        signed |= step != null && !step.staysPut() && step.to(CaseState.DRAFT) == HANDLING;
        boolean problem = reworks >= PROBLEM || transfers >= PROBLEM;
        reached = !problem ? null : reached == null ? each.at() : reached;
      }
      return Optional.ofNullable(reached);
    }
  },

  /// The same is told again and again of one place, or comes back there. It is no condition over
  /// one case: [RootCauses] looks.
  E4 {
    @Override
    List<Due> due(Standing standing) {
      return List.of();
    }
  },

  /// It is critical, and the time for signing it is over.
  E5 {
    @Override
    List<Due> due(Standing standing) {
      if (standing.state() != DISPATCHED
          || standing.matter().urgency().compareTo(Urgency.CRITICAL) < 0) {
        return List.of();
      }
      return standing
          .running(Kind.SIGNING)
          .map(clock -> List.of(once(Effect.ALARMED, clock.dueAt())))
          .orElse(List.of());
    }
  },

  /// It complains about staff, and their unit has it all the same: it was told as something else,
  /// or as of elsewhere. That it is sent there knowingly is refused, whatever the mode ([Routing]).
  E6 {
    @Override
    List<Due> due(Standing standing) {
      return (standing.state() == DISPATCHED || standing.state() == HANDLING)
              && standing.withThoseItIsAbout()
          ? List.of(once(Effect.TAKEN_AWAY, standing.placedAt()))
          : List.of();
    }
  },

  /// What waits until a day, and the day has come.
  E7 {
    @Override
    List<Due> due(Standing standing) {
      if (standing.state() != SUSPENDED) {
        return List.of();
      }
      return standing
          .running(Kind.REVIEW)
          .map(review -> List.of(once(Effect.RESUMED, review.dueAt())))
          .orElse(List.of());
    }
  },

  /// A community says that it is not on its list, the street has not decided, and two working hours
  /// later still has not.
  E8 {
    @Override
    List<Due> due(Standing standing) {
      return standing.state() == FILED && standing.isUnlisted()
          ? raisedWhereNobody(standing, Kind.RULING)
          : List.of();
    }
  };

  /// Somebody is to do something, and no check has begun.
  private static final Set<CaseState> BEGUN = EnumSet.of(FILED, DISPATCHED, HANDLING);

  /// After a signature is overdue, in working hours.
  static final int UNSIGNED_HOURS = 2;

  /// Without a word after the limit is over, in working days.
  static final int SILENT_DAYS = 5;

  /// So many reworks, or transfers.
  static final int PROBLEM = 3;

  /// Words for these are under `rule.mode.<word>`.
  public enum Mode {
    OFF,
    /// It is written down what would have been done.
    DRY,
    LIVE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Mode> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// Words for these are under `rule.effect.<word>`.
  public enum Effect {
    /// As if by who leads: reminded of every working day.
    SUPERVISED,
    URGED,
    /// To the desk of the next level.
    RAISED,
    /// Goes on.
    RESUMED,
    /// From those it is about.
    TAKEN_AWAY,
    /// Rings until a named person has it.
    ALARMED,
    /// Into a case of its own, at the next level.
    GATHERED;

    /// Whether the case is with others afterwards, or goes on, so that other things may be due.
    boolean moves() {
      return this == RAISED || this == RESUMED || this == TAKEN_AWAY;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Effect of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// @param at when it is to be done
  /// @param occasion which time: for each it is done once
  record Due(Effect effect, Instant at, Instant occasion) {}

  /// What is to be done as it stands, now or later, if nothing else happens.
  abstract List<Due> due(Standing standing);

  /// Two working hours after this clock is over.
  private static List<Due> raisedWhereNobody(Standing standing, Kind kind) {
    return !standing.canRise()
        ? List.of()
        : standing
            .running(kind)
            .map(clock -> once(Effect.RAISED, patience(standing, clock)))
            .map(List::of)
            .orElse(List.of());
  }

  // What is critical is signed by day and night, and so is this.
  private static Instant patience(Standing standing, CaseClock signing) {
    return signing.unit().equals(Limited.MINUTE)
        ? signing.dueAt().plus(Duration.ofHours(UNSIGNED_HOURS))
        : standing.calendar().due(signing.dueAt(), UNSIGNED_HOURS, Unit.WORK_HOUR);
  }

  private static Due once(Effect effect, Instant at) {
    return new Due(effect, at, at);
  }

  static Optional<LoopRule> named(String name) {
    return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
  }
}
