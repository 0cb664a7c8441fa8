package io.linyu.insight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.World;
import io.linyu.casework.CaseId;
import io.linyu.community.Level;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluation.Times;
import io.linyu.insight.Evaluation.Where;
import io.linyu.insight.FigureStore.Area;
import io.linyu.insight.FigureStore.Behind;
import io.linyu.insight.FigureStore.Sum;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The database counts what [Metric] says.
class FigureStoreTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Db DB = Db.connect(VERTX, World.settings().databaseUrl(), 2);
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-04-01T00:00:00Z");
  private static final Area DISTRICT = new Area("/1/", 1, null, "e.street_id");
  private static final Area STREET = new Area("/1/10/", 10, "e.street_id", "e.community_id");
  private static final Area COMMUNITY =
      new Area("/1/10/100/", 100, "e.community_id", "NULL::bigint");

  private final EvaluationStore evaluations = new EvaluationStore();
  private final FigureStore store = new FigureStore();
  private final FigureTest any = new FigureTest();
  private long events;

  @AfterAll
  static void close() {
    DB.close();
    VERTX.close().await();
  }

  /// Of any cases at all.
  @Test
  void countsAsOneByOne() {
    for (int seed = 0; seed < 10; seed++) {
      var random = new Random(seed);
      var weights = new Weights(weight(random), weight(random), weight(random));
      DB.withinTransaction(tx -> compare(tx, random, weights));
    }
  }

  private void compare(Tx tx, Random random, Weights weights) {
    // Before the other of this name, and gone with the transaction; nothing else refers to it.
    var _ =
        tx.execute(
            """
            CREATE TEMP TABLE case_evaluation
              (LIKE public.case_evaluation INCLUDING INDEXES INCLUDING CONSTRAINTS) ON COMMIT DROP
            """);
    var counted = new ArrayList<Evaluation>();
    for (int i = 0; i < 5; i++) {
      for (Evaluation each : any.some(random)) {
        Evaluation one = somewhere(each, 1, random);
        add(tx, one);
        Evaluation last = one;
        if (random.nextInt(3) == 0) {
          last = somewhere(some(random), one.caseId(), 2, random);
          add(tx, last);
        }
        if (last.end() != End.OPEN) {
          counted.add(last);
        }
      }
    }
    for (Area area : List.of(DISTRICT, STREET, COMMUNITY)) {
      List<Evaluation> there = counted.stream().filter(each -> isIn(area, each)).toList();
      List<Sum> sums = store.sums(tx, area, FROM, TO, weights);
      for (Sum sum : sums) {
        List<Evaluation> part =
            there.stream().filter(each -> same(sum.child(), childOf(area, each))).toList();
        assertThat(sum.cases()).isEqualTo(part.size());
        Figure.all(part, weights)
            .forEach((metric, figure) -> {
              Figure found = requireNonNull(sum.figures().get(metric));
              assertThat(found.part()).as("%s", metric).isEqualByComparingTo(figure.part());
              assertThat(found.whole()).as("%s", metric).isEqualTo(figure.whole());
            });
      }
      assertThat(sums.stream().mapToLong(Sum::cases).sum()).isEqualTo(there.size());
      assertThat(store.answered(tx, area, FROM, TO).stream().mapToLong(each -> each.solved()).sum())
          .isEqualTo(there.stream().filter(each -> each.visit().solved() != null).count());
      for (Metric each : Metric.values()) {
        assertThat(behind(tx, area, each, weights))
            .as("%s", each)
            .containsExactlyInAnyOrderElementsOf(Figure.of(each, there, weights).cases());
      }
      assertThat(store.working(tx, area, FROM, TO)).isEqualTo(TimeTaken.working(there));
      assertThat(store.calendar(tx, area, FROM, TO)).isEqualTo(TimeTaken.calendar(there));
    }
  }

  private Evaluation some(Random random) {
    while (true) {
      List<Evaluation> some = any.some(random);
      if (!some.isEmpty()) {
        return some.getFirst();
      }
    }
  }

  /// By small pages.
  private List<CaseId> behind(Tx tx, Area area, Metric metric, Weights weights) {
    var all = new ArrayList<CaseId>();
    var after = new Behind(new CaseId(0), Instant.EPOCH);
    while (true) {
      List<Behind> page = store.behind(tx, area, metric, FROM, TO, weights, after, 9);
      page.forEach(each -> all.add(each.id()));
      if (page.size() < 9) {
        return all;
      }
      after = page.getLast();
    }
  }

  private void add(Tx tx, Evaluation evaluation) {
    evaluations.add(tx, ++events, evaluation);
  }

  private static boolean isIn(Area area, Evaluation each) {
    Instant ended = requireNonNull(each.times().ended());
    return each.where().path().startsWith(area.path())
        && !ended.isBefore(FROM)
        && ended.isBefore(TO);
  }

  private static @Nullable Long childOf(Area area, Evaluation each) {
    return area.equals(DISTRICT)
        ? each.where().street()
        : area.equals(STREET) ? each.where().community() : null;
  }

  private static boolean same(@Nullable Long one, @Nullable Long other) {
    return one == null ? other == null : one.equals(other);
  }

  private static Evaluation somewhere(Evaluation each, int version, Random random) {
    return somewhere(each, each.caseId(), version, random);
  }

  /// The same in another place, at another time.
  private static Evaluation somewhere(Evaluation each, CaseId id, int version, Random random) {
    Long street = random.nextInt(6) == 0 ? null : 10L + random.nextInt(2);
    Long community = street == null || random.nextInt(6) == 0 ? null : street * 10;
    String path =
        "/1/"
            + (street == null ? "" : street + "/")
            + (community == null ? "" : community + "/" + random.nextInt(9) + "/");
    Times times = each.times();
    Instant ended = FROM.plus(Duration.ofHours(random.nextInt(31 * 24 + 48) - 24L));
    boolean took = times.result() != null;
    return new Evaluation(
        id,
        version,
        each.at(),
        each.end(),
        each.category(),
        random.nextBoolean() ? Metric.PATROL : "wechat",
        random.nextBoolean(),
        new Where(
            3,
            path,
            street,
            community,
            4,
            null,
            List.of(Level.COMMUNITY, Level.STREET, Level.DISTRICT).get(random.nextInt(3))),
        new Times(
            times.said(),
            times.filed(),
            null,
            times.result(),
            each.end() == End.OPEN ? null : ended,
            took ? (long) random.nextInt(90) : null,
            took ? (long) random.nextInt(900) : null),
        each.inTime(),
        each.course(),
        each.visit());
  }

  private static BigDecimal weight(Random random) {
    return BigDecimal.valueOf(random.nextInt(101), 2);
  }
}
