package io.linyu.insight;

import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.Way;
import io.linyu.community.Level;
import io.linyu.insight.Evaluation.Course;
import io.linyu.insight.Evaluation.End;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is counted of how cases went: for each case, how much it adds to what is asked for, and to
/// what that is a part of. So the figures of two places add up to those of both.
///
/// The cases of a period are those that ended in it, and those that go on and whose limit was over
/// in it. A case that waits (`SUSPENDED`), or was over while it waited, has no limit that it could
/// keep: it leaves [#CLOSED], [#ON_TIME] and [#RESULT_ON_TIME].
///
/// Words for these are under `figure.<word>`.
public enum Metric {
  /// K1: accepted, of what was told and neither joined a known matter nor was withdrawn. A danger
  /// was never waiting to be accepted.
  FILED("K1") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return switch (e.end()) {
        case MERGED, WITHDRAWN, HANDED_OFF -> Count.NOTHING;
        case OPEN, CLOSED, REJECTED -> share(isFiled(e));
      };
    }
  },
  /// K2: accepted or rejected in time, of all that were decided.
  DECIDED_ON_TIME("K2") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return share(e.inTime().decision());
    }
  },
  /// K3: signed in time, of all times that a desk was to sign and has not returned it.
  SIGNED_ON_TIME("K3") {
    @Override
    Count of(Evaluation e, Weights weights) {
      Course course = e.course();
      return count(course.signedInTime(), course.dispatches() - course.returns());
    }
  },
  /// K4: somebody spoke to the resident in time, of those where somebody had to.
  CONTACTED_ON_TIME("K4") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return share(e.inTime().contact());
    }
  },
  /// K5: closed, of what was to be closed.
  CLOSED("K5") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isToClose(e) && !e.course().endedSuspended()
          ? share(e.end() == End.CLOSED)
          : Count.NOTHING;
    }
  },
  /// K6: what it was closed by was done in time, of what was to be closed.
  ON_TIME("K6") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isToClose(e) && !e.course().endedSuspended()
          ? share(Boolean.TRUE.equals(e.inTime().closing()))
          : Count.NOTHING;
    }
  },
  /// K7: said to be done for the first time in time, of what was to be done.
  RESULT_ON_TIME("K7") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return share(e.inTime().result());
    }
  },
  /// K8: solved, of those who said so or not. What was ended as impossible is not solved.
  SOLVED("K8") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return switch (e.visit().solved()) {
        case null -> Count.NOTHING;
        case YES -> share(true);
        case PARTLY -> new Count(weights.partly(), 1);
        case NO -> share(false);
      };
    }
  },
  /// K9: satisfied, of those who said so or not.
  SATISFIED("K9") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return switch (e.visit().satisfied()) {
        case null -> Count.NOTHING;
        case SATISFIED -> share(true);
        case BASICALLY -> new Count(weights.basically(), 1);
        case FAIR -> new Count(weights.fair(), 1);
        case DISSATISFIED -> share(false);
      };
    }
  },
  /// K10: times that it was not done after all, for each that was said to be done.
  REWORKS("K10", false) {
    @Override
    Count of(Evaluation e, Weights weights) {
      return e.times().result() == null ? Count.NOTHING : count(e.course().reworks(), 1);
    }
  },
  /// K10b: cases that were not done after all at least once, of those that were closed.
  REWORKED("K10b") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return e.end() == End.CLOSED ? share(e.course().reworks() > 0) : Count.NOTHING;
    }
  },
  /// K11: late, closed or not, of what was to be closed.
  LATE("K11") {
    @Override
    Count of(Evaluation e, Weights weights) {
      boolean late =
          e.end() == End.OPEN
              ? !e.course().endedSuspended()
              : Boolean.FALSE.equals(e.inTime().closing());
      return isToClose(e) ? share(late) : Count.NOTHING;
    }
  },
  /// K12: had more time than its limit, of what was accepted.
  EXTENDED("K12") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(e.course().extensions() > 0) : Count.NOTHING;
    }
  },
  /// K12b: had to wait, of what was accepted.
  SUSPENDED("K12b") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(e.course().suspensions() > 0) : Count.NOTHING;
    }
  },
  /// K13: returned, of all times that a desk was to sign.
  RETURNED("K13") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return count(e.course().returns(), e.course().dispatches());
    }
  },
  /// K13b: of all times that a desk was to sign, those where another had begun to work on it.
  TRANSFERRED("K13b") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return count(e.course().transfers(), e.course().dispatches());
    }
  },
  /// K14: checked in time, of all checks.
  CHECKED_ON_TIME("K14") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return count(e.course().checksInTime(), e.course().checks());
    }
  },
  /// K14b: found done what was not, of all checks.
  OVERTURNED("K14b") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return count(e.course().checksOverturned(), e.course().checks());
    }
  },
  /// K15: the resident was asked, or nobody could reach them after as many tries as there must be,
  /// of what was closed and somebody waited for.
  VISITED("K15") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isToVisit(e) ? share(isVisited(e)) : Count.NOTHING;
    }
  },
  /// K15b: they have said how it is, of those that were asked.
  VISIT_ANSWERED("K15b") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isToVisit(e) && isVisited(e) ? share(e.visit().solved() != null) : Count.NOTHING;
    }
  },
  /// K15c: they were asked and have not said anything, of what was closed.
  NO_ANSWER("K15c") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return endedAs(e, Outcome.NO_ANSWER);
    }
  },
  /// K15d: nobody could ask them, after as many tries as there must be, of what was closed. It is
  /// told apart from those who say nothing: it is ours to find another way.
  UNREACHABLE("K15d") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return endedAs(e, Outcome.UNREACHABLE);
    }
  },
  /// K16: the same person had told of the same before, of what was accepted.
  REPEATED("K16") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(e.repeat()) : Count.NOTHING;
    }
  },
  /// K19: found on patrol before anybody told of it, of what was accepted. What came by a way that
  /// is not known was not found on patrol.
  FOUND("K19") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(e.channel().equals(PATROL)) : Count.NOTHING;
    }
  },
  /// K22: working days on which somebody reported on what is supervised, of those on which somebody
  /// was to; see [Supervision].
  REPORTED_ON("K22") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return count(e.course().reportsMade(), e.course().reportsDue());
    }
  },
  /// K22b: times that somebody, or a rule, urged, for each that was accepted.
  URGED("K22b", false) {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? count(e.course().urges(), 1) : Count.NOTHING;
    }
  },
  /// K18: closed by its community, without being raised, of what was accepted.
  BY_COMMUNITY("K18") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(isClosedAt(e, Level.COMMUNITY)) : Count.NOTHING;
    }
  },
  /// K18b: the same for what belongs to the street.
  BY_STREET("K18b") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(isClosedAt(e, Level.STREET)) : Count.NOTHING;
    }
  },
  /// K18c: the same for what belongs to the district.
  BY_DISTRICT("K18c") {
    @Override
    Count of(Evaluation e, Weights weights) {
      return isFiled(e) ? share(isClosedAt(e, Level.DISTRICT)) : Count.NOTHING;
    }
  };

  /// The way of what staff found themselves.
  static final String PATROL = Way.PATROL.word();

  /// What one case adds.
  ///
  /// @param part of what is asked for; never negative
  /// @param whole what that is a part of; never negative
  record Count(BigDecimal part, int whole) {
    static final Count NOTHING = new Count(BigDecimal.ZERO, 0);
  }

  private final String number;
  private final boolean share;

  Metric(String number) {
    this(number, true);
  }

  Metric(String number, boolean share) {
    this.number = number;
    this.share = share;
  }

  /// As the catalogue of figures has it, `K6`.
  public String number() {
    return number;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether it is a part of a whole; else it may happen several times to one case.
  public boolean isShare() {
    return share;
  }

  /// Whether it counts what residents said of the work: who did the work never reads who said what.
  public boolean isInConfidence() {
    return this == SOLVED || this == SATISFIED;
  }

  public static Optional<Metric> named(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  abstract Count of(Evaluation e, Weights weights);

  private static Count share(@Nullable Boolean counts) {
    return counts == null ? Count.NOTHING : count(counts ? 1 : 0, 1);
  }

  private static Count count(int part, int whole) {
    return new Count(BigDecimal.valueOf(part), whole);
  }

  private static boolean isFiled(Evaluation e) {
    return e.times().filed() != null;
  }

  private static boolean isToClose(Evaluation e) {
    return isFiled(e) && (e.end() == End.CLOSED || e.end() == End.OPEN);
  }

  private static boolean isToVisit(Evaluation e) {
    return e.end() == End.CLOSED && !e.visit().nobody();
  }

  private static boolean isVisited(Evaluation e) {
    Outcome outcome = e.visit().outcome();
    return outcome != null && outcome != Outcome.UNREACHABLE;
  }

  private static Count endedAs(Evaluation e, Outcome outcome) {
    return isToVisit(e) ? share(e.visit().outcome() == outcome) : Count.NOTHING;
  }

  private static boolean isClosedAt(Evaluation e, Level level) {
    return e.end() == End.CLOSED && e.where().level() == level && !e.course().escalated();
  }
}
