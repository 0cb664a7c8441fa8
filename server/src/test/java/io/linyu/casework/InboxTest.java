package io.linyu.casework;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.Plans;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.Listing;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Lists over many cases: two communities, a tenth of them open, due from two days ago to three
/// days ahead.
class InboxTest {
  private static final int MANY = 20_000;
  private static final int PORTION = 2_000;
  private static final int PAGE = 41;
  private static final Instant NOW = Bureau.at("2026-03-12T10:00");
  private static final Set<String> BIG = Set.of("case", "case_key", "case_words");

  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final Staff GRID = BUREAU.staff("格", "grid_worker", "C1G1");
  private static final Staff WEI = BUREAU.staff("韦", "street_dispatcher", "S1");
  private static final Staff ZHANG = BUREAU.staff("章", "district_dispatcher", "D");

  /// Works at a department in the district: sees what its desk holds.
  private static final Staff OFFICER = BUREAU.staff("邓", "mediator", "C2");

  /// Has told of all of them.
  private static final long TELLER =
      BUREAU.db.one("INSERT INTO person (created_at) VALUES (now()) RETURNING id").getLong("id");

  @BeforeAll
  static void manyCases() {
    // As one statement it would need longer than a statement may, where many things run beside.
    for (int first = 1; first <= MANY; first += PORTION) {
      casesFrom(first);
    }
    BUREAU.db.execute(
        """
        INSERT INTO case_words (case_id, words, marks)
        SELECT id, title, ARRAY['t' || territory_id, 't' || street_id] FROM "case"
        """);
    BUREAU.db.execute("ANALYZE");
  }

  private static void casesFrom(int first) {
    BUREAU.db.execute(
        """
        INSERT INTO "case"
               (number, code, state, level, urgency, category_code, territory_id, territory_path,
                territory_known, street_id, community_id, channel, person_id, confirmed, title, what, desk_id,
                staff_id, said_at, opened_at, closed_at, next_due_at, next_amber_at)
        SELECT m.number, 'code' || m.i, CASE WHEN o.open THEN 'HANDLING' ELSE 'CLOSED' END,
               'community', 'normal', '0102', t.id, t.path, true, t.parent_id, t.id, 'wechat', $5, true,
               '楼道第' || m.i || '堆', 'x', d.id,
               CASE WHEN o.open AND m.i % 3 = 0 THEN $2::bigint END,
               $3::timestamptz, $3::timestamptz,
               CASE WHEN NOT o.open THEN $3::timestamptz - m.i * interval '1 minute' END,
               CASE WHEN o.open THEN
                    $3::timestamptz + (m.i % 7200 - 2880) * interval '1 minute' END,
               CASE WHEN o.open THEN
                    $3::timestamptz + (m.i % 7200 - 2900) * interval '1 minute' END
          FROM (SELECT u.number, $4::bigint + u.nth - 1
                  FROM unnest($1::text[]) WITH ORDINALITY AS u (number, nth)) AS m (number, i)
          CROSS JOIN LATERAL (SELECT m.i % 10 = 3) AS o (open)
          JOIN territory t ON t.code = CASE WHEN m.i % 4 = 3 THEN 'C1' ELSE 'C2' END
          JOIN desk d ON d.territory_id = t.id AND d.body = 'D07'
        """,
        LongStream.range(first, first + PORTION)
            .mapToObj(n -> CaseNumber.nth(n + 101_000).text())
            .toArray(String[]::new),
        REN.id(),
        Bureau.at("2026-03-12T10:00").atOffset(UTC),
        first,
        TELLER);
  }

  @ParameterizedTest
  @EnumSource(View.class)
  void pagesFollowEachOtherWithoutGapOrRepetition(View view) {
    for (Staff staff : List.of(REN, ZHANG)) {
      List<Entry> read = all(staff, view, 97);
      assertThat(read).doesNotHaveDuplicates();
      assertThat(read)
          .isSortedAccordingTo((a, b) ->
              view == View.CLOSED
                  ? b.dueAt().compareTo(a.dueAt())
                  : a.dueAt().compareTo(b.dueAt()));
      if (view != View.CLOSED) {
        assertThat(read).hasSize((int) BUREAU.inbox.counts(staff).of(view));
      }
    }
  }

  @Test
  void everybodySeesTheirOwn() {
    assertThat(BUREAU.inbox.counts(ZHANG).allOpen()).isEqualTo(2_000);
    assertThat(BUREAU.inbox.counts(WEI).allOpen()).isEqualTo(2_000);
    assertThat(BUREAU.inbox.counts(REN).allOpen()).isEqualTo(1_000);
    assertThat(BUREAU.inbox.counts(QIU).allOpen()).isEqualTo(1_000);
    assertThat(BUREAU.inbox.counts(GRID).allOpen()).as("none lies in the cell").isZero();
    assertThat(BUREAU.inbox.counts(OFFICER).allOpen()).isZero();
    assertThat(all(REN, View.ALL_OPEN, 200)).extracting(Entry::placeName).containsOnly("清泉社区");
    assertThat(all(REN, View.MINE, 200)).isNotEmpty().allMatch(e -> "任".equals(e.staffName()));
    assertThat(all(REN, View.UNCLAIMED, 200)).allMatch(e -> e.staffId() == null);
    assertThat(all(QIU, View.DUE_SOON, 200))
        .isNotEmpty()
        .allMatch(e -> !e.dueAt().isBefore(Bureau.at("2026-03-12T10:00")))
        .allMatch(e -> e.dueAt().isBefore(Bureau.at("2026-03-12T15:30")));
  }

  @Test
  void isSearchedByNumberAndByWords() {
    String number = CaseNumber.nth(101_001 + 2).text();
    for (String typed : List.of(number, number.replace("-", ""), "单号" + number)) {
      assertThat(BUREAU.inbox.page(REN, View.ALL_OPEN, typed, null, 10).entries())
          .extracting(entry -> entry.number().text())
          .containsExactly(number);
    }
    assertThat(BUREAU.inbox.page(REN, View.ALL_OPEN, number.substring(2), null, 10).entries())
        .as("the last digits")
        .extracting(entry -> entry.number().text())
        .contains(number);
    assertThat(BUREAU.inbox.page(REN, View.ALL_OPEN, "第3堆", null, 10).entries()).hasSize(1);
    assertThat(BUREAU.inbox.page(REN, View.ALL_OPEN, number.substring(0, 5), null, 50).entries())
        .isNotEmpty()
        .allMatch(entry -> entry.number().text().startsWith(number.substring(0, 5)));
    assertThatThrownBy(() -> BUREAU.inbox.page(REN, View.ALL_OPEN, null, "yesterday~x", 10))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void whatIsSoughtIsFoundAmongTheClosedToo() {
    var read = new ArrayList<Entry>();
    String cursor = null;
    do {
      Listing page = BUREAU.inbox.page(REN, View.ALL_OPEN, "堆", cursor, 150);
      read.addAll(page.entries());
      cursor = page.next();
    } while (cursor != null && read.size() < 1_500);
    assertThat(read).doesNotHaveDuplicates().hasSize(1_500);
    assertThat(read.subList(0, 1_000)).allMatch(entry -> entry.state().isOpen());
    assertThat(read.subList(1_000, 1_500))
        .noneMatch(entry -> entry.state().isOpen())
        .isSortedAccordingTo((a, b) -> b.dueAt().compareTo(a.dueAt()));
  }

  /// Whether each list has an index that gives it in its order. Which way is cheapest depends on
  /// how many rows there are; that this one is there does not.
  @Test
  void everyListCanBeReadInItsOrder() {
    Plans.pretendValues(
        BUREAU.db,
        "case",
        Map.of("desk_id", 400, "street_id", 12, "community_id", 103, "staff_id", 1_000));
    BUREAU.db.withinTransaction(tx -> {
      for (String way : List.of("seqscan", "bitmapscan", "sort")) {
        var _ = tx.rows("SELECT set_config('enable_' || $1, 'off', true)", way);
      }
      var lists = new Plans(tx, 6 * PAGE, BIG);
      // Those of a cell are read among those of its community.
      var cells = new Plans(tx, MANY, BIG);
      var store = new InboxStore();
      for (Staff staff : List.of(REN, GRID, WEI, ZHANG, OFFICER)) {
        Scope scope = Scope.of(staff, BUREAU.community.territories());
        var plans = scope.grid() == 0 ? lists : cells;
        for (View view : View.values()) {
          // Of a desk everything is looked at for what nobody has taken.
          var allowed = view == View.UNCLAIMED ? cells : plans;
          for (boolean deep : new boolean[] {false, true}) {
            var _ = store.page(allowed, staff, scope, view, begin(view, deep), end(view), PAGE);
          }
        }
        var _ = store.entry(lists, staff, scope, new CaseId(7));
        var _ = new CaseStore().visible(lists, staff, scope, new CaseId(7));
        var _ = new AlarmStore().open(lists, staff, scope);
      }
      assertThat(lists.complaints()).isEmpty();
      assertThat(cells.complaints()).isEmpty();
    });
  }

  /// All of them are one person's, a tenth open, and between those are nine times as many that are
  /// over.
  @Test
  void whatAPersonHasToldIsReadAPageAtATime() {
    // All are this person's: near the end, going through the last of all cases is as cheap.
    var plans = new Plans(BUREAU.db, 40L * PAGE, BIG);
    var read = new ArrayList<Long>();
    String after = null;
    do {
      Cases.Mine page = BUREAU.cases.ofPerson(plans, TELLER, after, PAGE);
      page.goingOn().forEach(each -> read.add(each.id().value()));
      after = page.after();
    } while (after != null && read.size() < 2_000);
    assertThat(read)
        .hasSize(2_000)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    Cases.Mine over = BUREAU.cases.ofPerson(plans, TELLER, after, PAGE);
    assertThat(over.goingOn()).isEmpty();
    assertThat(over.over()).hasSize(PAGE).noneMatch(Case::isOpen);
    assertThat(plans.complaints()).isEmpty();
  }

  @Test
  void countingReadsOnlyWhatIsOpen() {
    // Some more: an index also counts what was written over.
    var plans = new Plans(BUREAU.db, MANY / 8, BIG);
    for (Staff staff : List.of(REN, GRID, WEI, ZHANG, OFFICER)) {
      Scope scope = Scope.of(staff, BUREAU.community.territories());
      var _ = new InboxStore().counts(plans, staff, scope, NOW, NOW.plusSeconds(20_000));
      var _ = new InboxStore().mine(plans, staff);
    }
    assertThat(plans.complaints()).isEmpty();
  }

  @Test
  void whatIsInFewIsFoundWithoutReadingTheOthers() {
    Plans.pretendValues(
        BUREAU.db, "case", Map.of("desk_id", 400, "street_id", 1, "community_id", 4));
    String number = CaseNumber.nth(101_001 + 2).text();
    String digits = number.replace("-", "");
    BUREAU.db.withinTransaction(tx -> {
      // Not all that is closed; what is open may be read, of the territory and of one's own desks.
      var plans = new Plans(tx, MANY / 4, BIG);
      for (String typed :
          List.of(
              number,
              digits,
              digits.substring(0, 5),
              digits.substring(digits.length() - 4),
              "第777堆",
              "麒麟",
              "楼道")) {
        for (Staff staff : List.of(REN, WEI, ZHANG)) {
          Scope scope = Scope.of(staff, BUREAU.community.territories());
          for (View view : List.of(View.ALL_OPEN, View.CLOSED)) {
            var store = new InboxStore(MANY / 8);
            List<Long> found =
                store.search(
                    plans,
                    staff,
                    scope,
                    Wanted.of(view, Sought.of(typed)),
                    begin(view, false),
                    end(view),
                    PAGE);
            var _ = store.entries(plans, found);
          }
        }
      }
      assertThat(plans.complaints()).isEmpty();
    });
  }

  /// Few among all, and none of what is closed.
  @Test
  void whatWaitsToBeDecidedIsFoundWithoutReadingTheOthers() {
    BUREAU.db.withinTransaction(tx -> {
      var plans = new Plans(tx, MANY / 8, BIG);
      for (Staff staff : List.of(REN, WEI, ZHANG)) {
        Scope scope = Scope.of(staff, BUREAU.community.territories());
        for (View view : List.of(View.ALL_OPEN, View.CLOSED)) {
          var asking =
              new Wanted(
                  view,
                  view == View.CLOSED,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  false,
                  true,
                  null);
          assertThat(
                  new InboxStore()
                      .search(plans, staff, scope, asking, begin(view, false), end(view), PAGE))
              .isEmpty();
        }
      }
      assertThat(plans.complaints()).isEmpty();
    });
  }

  /// Of a list that is long, only what has the words is looked at, and of that only what lies in
  /// the reader's circle: what their desk has of elsewhere is in it.
  @Test
  void whatIsSeldomIsFoundAmongOnesOwn() {
    BUREAU.db.execute(
        """
        UPDATE "case" c
           SET title = '貔貅', what = '貔貅', desk_id = d.id
          FROM desk d JOIN territory t ON t.id = d.territory_id
         WHERE t.code = 'C1' AND d.body = 'D07'
           AND c.id = (SELECT min(c.id) FROM "case" c JOIN territory t ON t.id = c.community_id
                        WHERE t.code = 'C2' AND c.closed_at IS NOT NULL)
        """);
    for (boolean written : new boolean[] {false, true}) {
      if (written) {
        assertThat(BUREAU.casework.words().writeDue()).isFalse();
      }
      for (Staff staff : List.of(REN, QIU, WEI, ZHANG)) {
        assertThat(BUREAU.inbox.page(staff, View.CLOSED, "貔貅", null, 10).entries())
            .as(staff.name() + (written ? " when it is written" : " at once"))
            .hasSize(1);
      }
      for (Staff staff : List.of(GRID, OFFICER)) {
        assertThat(BUREAU.inbox.page(staff, View.CLOSED, "貔貅", null, 10).entries())
            .as(staff.name())
            .isEmpty();
      }
    }
    // Only this tells that REN sees it.
    assertThat(
            BUREAU
                .db
                .one("SELECT marks::text AS marks FROM case_words WHERE words LIKE '%貔貅%'")
                .getString("marks"))
        .containsPattern("\\bd\\d+");
  }

  /// Among what is open nothing is asked of what is closed, and what is opened again is found at
  /// once.
  @Test
  void whatIsSeldomIsFoundAmongWhatIsOpen() {
    String found =
        "SELECT min(c.id) AS id FROM \"case\" c JOIN territory t ON t.id = c.community_id"
            + " WHERE t.code = 'C2' AND c.closed_at IS NULL AND c.staff_id IS NULL";
    long id = BUREAU.db.one(found).getLong("id");
    BUREAU.db.execute("UPDATE \"case\" SET title = '獬豸', what = '獬豸' WHERE id = $1", id);
    assertThat(BUREAU.casework.words().writeDue()).isFalse();
    assertThat(open("獬豸")).containsExactly(id);
    assertThat(closed("獬豸")).isEmpty();

    // As the release before closes it, and this one opens it again.
    BUREAU.db.execute(
        "UPDATE \"case\" SET state = 'CLOSED', closed_at = $2, next_due_at = NULL, next_amber_at = NULL WHERE id = $1",
        id,
        NOW.atOffset(UTC));
    assertThat(open("獬豸")).isEmpty();
    assertThat(closed("獬豸")).containsExactly(id);
    BUREAU.casework.words().write(id, id);
    assertThat(open("獬豸")).isEmpty();
    assertThat(closed("獬豸")).containsExactly(id);
    BUREAU.db.execute(
        "UPDATE \"case\" SET state = 'HANDLING', closed_at = NULL, next_due_at = $2, next_amber_at = $2 WHERE id = $1",
        id,
        NOW.atOffset(UTC));
    assertThat(open("獬豸")).containsExactly(id);
    assertThat(closed("獬豸")).isEmpty();
  }

  private static List<Long> open(String typed) {
    return ids(BUREAU.inbox.page(ZHANG, View.ALL_OPEN, typed, null, 10), true);
  }

  private static List<Long> closed(String typed) {
    return ids(BUREAU.inbox.page(ZHANG, View.ALL_OPEN, typed, null, 10), false);
  }

  private static List<Long> ids(Listing listing, boolean open) {
    return listing.entries().stream()
        .filter(entry -> entry.state().isOpen() == open)
        .map(entry -> entry.id().value())
        .toList();
  }

  /// What is closed by far is more than what is open: that is never read through where one of these
  /// narrows it.
  @Test
  void whatNarrowsMuchHasAnIndexOfItsOwn() {
    Plans.pretendValues(
        BUREAU.db, "case", Map.of("category_code", 200, "staff_id", 1_000, "community_id", 103));
    BUREAU.db.withinTransaction(tx -> {
      for (String way : List.of("seqscan", "bitmapscan", "sort")) {
        var _ = tx.rows("SELECT set_config('enable_' || $1, 'off', true)", way);
      }
      var plans = new Plans(tx, 6 * PAGE, BIG);
      var wants =
          new Wants(BUREAU.community, BUREAU.casework.categories(), () -> BUREAU.calendar());
      Instant end = end(View.CLOSED);
      for (Map<String, String> narrow :
          List.of(
              Map.of("category", "0102"),
              Map.of("holder", "格"),
              Map.of("place", "槐荫社区"),
              Map.of("from", "2026-03-01", "to", "2026-03-02"))) {
        Filters filters = Filters.read(narrow::get);
        Wanted wanted = wants.wanted(tx, ZHANG, View.CLOSED, true, null, filters, NOW);
        Scope scope = Scope.of(ZHANG, BUREAU.community.territories());
        var _ =
            new InboxStore()
                .search(plans, ZHANG, scope, wanted, begin(View.CLOSED, false), end, PAGE);
      }
      assertThat(plans.complaints()).isEmpty();
    });
  }

  private static InboxStore.Place begin(View view, boolean deep) {
    return view == View.CLOSED
        ? new InboxStore.Place(NOW.plus(Duration.ofDays(deep ? -5 : 5)), 0)
        : new InboxStore.Place(NOW.minus(Duration.ofDays(deep ? 1 : 365)), 0);
  }

  private static Instant end(View view) {
    return NOW.plus(Duration.ofDays(view == View.CLOSED ? -365 : 365));
  }

  private static List<Entry> all(Staff staff, View view, int size) {
    var read = new ArrayList<Entry>();
    String cursor = null;
    do {
      Listing page = BUREAU.inbox.page(staff, view, null, cursor, size);
      read.addAll(page.entries());
      cursor = page.next();
    } while (cursor != null && read.size() < 3_000);
    return read;
  }
}
