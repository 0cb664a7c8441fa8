package io.linyu.insight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.linyu.casework.CaseId;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.community.Level;
import io.linyu.insight.Evaluation.Course;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluation.InTime;
import io.linyu.insight.Evaluation.Times;
import io.linyu.insight.Evaluation.Visit;
import io.linyu.insight.Evaluation.Where;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is counted of how cases went.
class FigureTest {
  private static final Instant SAID = Instant.parse("2026-03-02T01:00:00Z");
  private static final InTime ON_TIME = new InTime(true, true, true, true);
  private static final Course PLAIN = course(0, 0, 0);
  private static final List<End> ENDS = List.of(End.values());
  private static final Visit NONE = new Visit(null, null, null, null, false);

  private long next;

  /// A published bulletin: 996 filed, 972 to be closed, 911 closed, 737 of them in time.
  @Test
  void countsAsTheBulletinDoes() {
    var cases = new ArrayList<Evaluation>();
    times(737, () -> cases.add(ended(End.CLOSED, ON_TIME, PLAIN, NONE)));
    times(
        911 - 737,
        () -> cases.add(ended(End.CLOSED, new InTime(true, true, false, false), PLAIN, NONE)));
    times(
        972 - 911,
        () -> cases.add(ended(End.OPEN, new InTime(true, true, false, null), PLAIN, NONE)));
    var waits = new Course(1, 1, 0, 0, 0, 0, 0, 0, 0, 1, true, 0, false, false, 0, 0);
    times(
        996 - 972,
        () -> cases.add(ended(End.OPEN, new InTime(true, true, null, null), waits, NONE)));

    Figure closed = figure(Metric.CLOSED, cases);
    assertThat(closed.part()).isEqualByComparingTo("911");
    assertThat(closed.whole()).as("what waits is not to be closed").isEqualTo(972);
    assertThat(percent(closed)).isEqualTo("93.72");
    assertThat(closed.cases()).hasSize(911);
    Figure inTime = figure(Metric.ON_TIME, cases);
    assertThat(percent(inTime)).isEqualTo("75.82");
    assertThat(inTime.cases()).hasSize(737);
    assertThat(figure(Metric.SUSPENDED, cases))
        .satisfies(waiting -> {
          assertThat(waiting.whole()).isEqualTo(996);
          assertThat(waiting.part()).isEqualByComparingTo("24");
        });
    Figure late = figure(Metric.LATE, cases);
    assertThat(late.part()).as("closed late, and not closed").isEqualByComparingTo("235");
    assertThat(late.whole()).as("here what waits is not taken away").isEqualTo(996);
  }

  @Test
  void whatNobodyWaitedForIsNeitherVisitedNorLeftOut() {
    var nobody = new Visit(null, null, null, null, true);
    List<Evaluation> cases =
        List.of(
            rated(Solved.YES, null),
            ended(End.CLOSED, ON_TIME, PLAIN, NONE),
            ended(End.CLOSED, ON_TIME, PLAIN, nobody));
    assertThat(figure(Metric.CLOSED, cases).whole()).isEqualTo(3);
    for (Metric each : List.of(Metric.VISITED, Metric.NO_ANSWER, Metric.UNREACHABLE)) {
      assertThat(figure(each, cases).whole()).as("%s", each).isEqualTo(2);
    }
    assertThat(figure(Metric.VISITED, cases).cases()).containsExactly(cases.getFirst().caseId());
    assertThat(figure(Metric.VISIT_ANSWERED, cases).whole()).isEqualTo(1);
  }

  @Test
  void halfASuccessCountsAsMuchAsIsSaid() {
    List<Evaluation> cases =
        List.of(
            rated(Solved.YES, Satisfaction.SATISFIED),
            rated(Solved.PARTLY, Satisfaction.BASICALLY),
            rated(Solved.PARTLY, Satisfaction.FAIR),
            rated(Solved.NO, Satisfaction.DISSATISFIED),
            rated(Solved.YES, null),
            ended(
                End.CLOSED, ON_TIME, PLAIN, new Visit(Outcome.NO_ANSWER, null, null, null, false)),
            ended(
                End.CLOSED,
                ON_TIME,
                PLAIN,
                new Visit(Outcome.UNREACHABLE, null, null, null, false)));
    Figure solved = figure(Metric.SOLVED, cases);
    assertThat(solved.part()).isEqualByComparingTo("3.0");
    assertThat(solved.whole()).as("who says nothing is not in it").isEqualTo(5);
    Figure satisfied = figure(Metric.SATISFIED, cases);
    assertThat(satisfied.part()).isEqualByComparingTo("2.4");
    assertThat(satisfied.whole()).isEqualTo(4);
    assertThat(satisfied.cases()).as("whoever counts for nothing is not behind it").hasSize(3);
    var strict = new Weights(BigDecimal.ZERO, new BigDecimal("0.7"), new BigDecimal("0.3"));
    assertThat(Figure.of(Metric.SOLVED, cases, strict).part()).isEqualByComparingTo("2");
    assertThat(Figure.of(Metric.SATISFIED, cases, strict).part()).isEqualByComparingTo("2.0");
    assertThat(figure(Metric.VISITED, cases).whole()).isEqualTo(7);
    assertThat(percent(figure(Metric.VISITED, cases))).isEqualTo("85.71");
    assertThat(percent(figure(Metric.VISIT_ANSWERED, cases))).isEqualTo("83.33");
    assertThat(figure(Metric.NO_ANSWER, cases).cases()).containsExactly(cases.get(5).caseId());
    assertThat(figure(Metric.UNREACHABLE, cases).cases())
        .as("told apart from who says nothing")
        .containsExactly(cases.get(6).caseId());
    assertThatThrownBy(() -> new Weights(new BigDecimal("1.1"), BigDecimal.ONE, BigDecimal.ONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatNobodyCouldDoAnythingForIsNotInIt() {
    var withdrawn = ended(End.WITHDRAWN, new InTime(true, null, null, null), PLAIN, NONE);
    var merged = ended(End.MERGED, new InTime(true, null, null, null), PLAIN, NONE);
    var danger = unfiled(End.HANDED_OFF, null);
    var rejected = unfiled(End.REJECTED, true);
    var closed = ended(End.CLOSED, ON_TIME, PLAIN, NONE);
    List<Evaluation> all = List.of(withdrawn, merged, danger, rejected, closed);
    assertThat(percent(figure(Metric.FILED, all))).isEqualTo("50.00");
    assertThat(figure(Metric.FILED, all).cases()).containsExactly(closed.caseId());
    assertThat(figure(Metric.DECIDED_ON_TIME, all).whole()).isEqualTo(4);
    assertThat(figure(Metric.CLOSED, all).whole()).isEqualTo(1);
    assertThat(figure(Metric.CONTACTED_ON_TIME, all).whole()).isEqualTo(1);
    assertThat(figure(Metric.CLOSED, List.of(danger)).rate()).as("nobody knows").isNull();
    assertThat(figure(Metric.REWORKS, List.of()).rate()).isNull();
  }

  /// Three of three are no better than many of most.
  @Test
  void fewCasesSayLittle() {
    var interval = interval(737, 972);
    assertThat(interval.low()).isCloseTo(0.7303, within(0.00005));
    assertThat(interval.high()).isCloseTo(0.7841, within(0.00005));
    var few = interval(3, 3);
    assertThat(few.low()).isCloseTo(0.4385, within(0.00005));
    assertThat(few.high()).isCloseTo(1, within(0.00005));
    assertThat(few.isAbove(interval)).isFalse();
    assertThat(interval(300, 300).isAbove(interval)).isTrue();
    assertThat(new Figure(Metric.ON_TIME, BigDecimal.ZERO, 0, List.of()).interval()).isNull();
    assertThat(new Figure(Metric.REWORKS, BigDecimal.TWO, 1, List.of()).interval()).isNull();
  }

  private static Figure.Interval interval(int part, int whole) {
    return requireNonNull(
        new Figure(Metric.ON_TIME, BigDecimal.valueOf(part), whole, List.of()).interval());
  }

  @Test
  void timesAreThoseOfWhatHasAResult() {
    var cases = new ArrayList<Evaluation>();
    for (long minutes : List.of(90, 10, 20, 30, 40, 50, 60, 70, 80, 1000)) {
      cases.add(took(minutes));
    }
    cases.add(unfiled(End.REJECTED, true));
    TimeTaken working = TimeTaken.working(cases);
    assertThat(working).isEqualTo(new TimeTaken(10, 145, 50, 90));
    assertThat(TimeTaken.calendar(cases).median()).isEqualTo(100);
    assertThat(TimeTaken.working(List.of()).cases()).isZero();
  }

  /// Of any cases at all.
  @Test
  void aShareIsNeverMoreThanItsWholeAndTwoPlacesAddUp() {
    for (int seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      List<Evaluation> here = some(random);
      List<Evaluation> there = some(random);
      var both = new ArrayList<>(here);
      both.addAll(there);
      var weights = new Weights(weight(random), weight(random), weight(random));
      var counted = Figure.all(both, weights);
      assertThat(counted).containsOnlyKeys(Metric.values());
      for (Figure each : counted.values()) {
        String what = each.metric() + " of seed " + seed;
        assertThat(each.part().signum()).as(what).isNotNegative();
        assertThat(each.rate() == null).as(what).isEqualTo(each.whole() == 0);
        if (each.metric().isShare()) {
          assertThat(each.part()).as(what).isLessThanOrEqualTo(BigDecimal.valueOf(each.whole()));
        }
        if (each.whole() == 0 && each.metric().isShare()) {
          assertThat(each.cases()).as(what).isEmpty();
        }
        Figure sum =
            Figure.of(each.metric(), here, weights).plus(Figure.of(each.metric(), there, weights));
        assertThat(sum.part()).as(what).isEqualByComparingTo(each.part());
        assertThat(sum.whole()).as(what).isEqualTo(each.whole());
        assertThat(sum.cases()).as(what).isEqualTo(each.cases());

        Collections.shuffle(both, random);
        Figure shuffled = Figure.of(each.metric(), both, weights);
        assertThat(shuffled.part()).as(what).isEqualByComparingTo(each.part());
        assertThat(shuffled.cases()).as(what).containsExactlyInAnyOrderElementsOf(each.cases());
      }
    }
  }

  // In common.

  List<Evaluation> some(Random random) {
    var some = new ArrayList<Evaluation>();
    for (int i = random.nextInt(12); i > 0; i--) {
      int dispatches = random.nextInt(4);
      int returns = random.nextInt(dispatches + 1);
      int checks = random.nextInt(4);
      int reports = random.nextInt(4);
      var course =
          new Course(
              dispatches,
              random.nextInt(dispatches - returns + 1),
              checks,
              random.nextInt(checks + 1),
              random.nextInt(checks + 1),
              random.nextInt(4),
              returns,
              random.nextInt(dispatches + 1),
              random.nextInt(3),
              random.nextInt(3),
              random.nextBoolean(),
              random.nextInt(3),
              random.nextBoolean(),
              random.nextBoolean(),
              reports,
              random.nextInt(reports + 1));
      var visit =
          new Visit(
              maybe(random, List.of(Outcome.values())),
              maybe(random, List.of(Solved.values())),
              maybe(random, List.of(Satisfaction.values())),
              maybe(random, List.of(true, false)),
              random.nextInt(4) == 0);
      var inTime =
          new InTime(
              maybe(random, List.of(true, false)),
              maybe(random, List.of(true, false)),
              maybe(random, List.of(true, false)),
              maybe(random, List.of(true, false)));
      End end = ENDS.get(random.nextInt(ENDS.size()));
      some.add(
          random.nextInt(4) == 0
              ? unfiled(end, inTime.decision())
              : ended(end, inTime, course, visit));
    }
    return some;
  }

  private static <T> @Nullable T maybe(Random random, List<T> values) {
    int which = random.nextInt(values.size() + 1);
    return which == values.size() ? null : values.get(which);
  }

  private static BigDecimal weight(Random random) {
    return BigDecimal.valueOf(random.nextInt(101), 2);
  }

  private static void times(int many, Runnable what) {
    for (int i = 0; i < many; i++) {
      what.run();
    }
  }

  private Evaluation rated(Solved solved, @Nullable Satisfaction satisfied) {
    return ended(
        End.CLOSED, ON_TIME, PLAIN, new Visit(Outcome.ANSWERED, solved, satisfied, true, false));
  }

  private Evaluation took(long minutes) {
    return evaluation(
        End.CLOSED,
        said ->
            new Times(
                said,
                said,
                null,
                said.plus(Duration.ofMinutes(2 * minutes)),
                said,
                minutes,
                2 * minutes),
        ON_TIME,
        PLAIN,
        NONE);
  }

  private Evaluation ended(End end, InTime inTime, Course course, Visit visit) {
    return evaluation(
        end,
        said ->
            new Times(
                said,
                said,
                null,
                end == End.CLOSED ? said : null,
                end == End.OPEN ? null : said,
                null,
                null),
        inTime,
        course,
        visit);
  }

  private Evaluation unfiled(End end, @Nullable Boolean decided) {
    return evaluation(
        end,
        said -> new Times(said, null, null, null, end == End.OPEN ? null : said, null, null),
        new InTime(decided, null, null, null),
        course(0, 0, 0),
        NONE);
  }

  private Evaluation evaluation(
      End end, Function<Instant, Times> times, InTime inTime, Course course, Visit visit) {
    return new Evaluation(
        new CaseId(++next),
        1,
        SAID,
        end,
        "0102",
        "wechat",
        false,
        new Where(3, "/1/2/3/", 1L, 2L, 4, null, Level.COMMUNITY),
        times.apply(SAID),
        inTime,
        course,
        visit);
  }

  private static Course course(int dispatches, int signed, int checks) {
    return new Course(
        dispatches, signed, checks, checks, 0, 0, 0, 0, 0, 0, false, 0, false, false, 0, 0);
  }

  private static Figure figure(Metric metric, List<Evaluation> cases) {
    return Figure.of(metric, cases, Weights.USUAL);
  }

  private static String percent(Figure figure) {
    return requireNonNull(figure.rate())
        .movePointRight(2)
        .setScale(2, RoundingMode.HALF_UP)
        .toPlainString();
  }
}
