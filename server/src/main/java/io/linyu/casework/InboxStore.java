package io.linyu.casework;

import static java.time.ZoneOffset.UTC;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.groupingBy;

import io.linyu.casework.Inbox.Counts;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every list is read off an index in its order: by desk, by person, by community, by street, or
/// the whole district. Where several apply, each gives its first rows and the lists are merged.
final class InboxStore {
  /// A place in a list: the time it is ordered by, and the id.
  record Place(Instant at, long id) {}

  private static final String ENTRY =
      """
      SELECT c.id, case_number(c.number, c.round) AS number, c.code, c.title, c.state, c.urgency, c.channel,
             (SELECT called FROM person WHERE id = c.person_id) AS called, c.desk_id,
             (SELECT name FROM desk WHERE id = c.desk_id) AS desk_name, c.staff_id,
             (SELECT name FROM staff WHERE id = c.staff_id) AS staff_name, c.said_at,
             coalesce(c.closed_at, c.next_due_at) AS due_at, c.next_amber_at,
             coalesce(c.heard_at > coalesce(c.answered_at, '-infinity'), false) AS waits, c.version,
             (SELECT kinship FROM consent WHERE id = c.consent_id) AS kinship, c.urges, c.supervised_at IS NOT NULL AS supervised,
             c.appealed_at IS NOT NULL AND c.state = 'REPORTED' AS appealed,
             c.time_asked_at IS NOT NULL AS asks,
             coalesce(c.urged_at > coalesce(c.answered_at, '-infinity'), false) AS urged,
             c.confidential AND is_quiet(c.id) AS quiet, %s AS place_name
      """
          .formatted(CaseStore.OWN_PLACE_NAME);

  /// What lists and filters ask of a case.
  private static final String COLUMNS =
      """
      id, title, next_due_at, closed_at, said_at, desk_id, staff_id, street_id, community_id, grid_id,
      territory_id, territory_path, category_code, urgency, confirmed, channel, confidential, level,
      supervised_at, rests, time_asked_at, state
      """;

  private static final String OPEN =
      """
      SELECT id, next_due_at AS at FROM %s c
       WHERE closed_at IS NULL AND %s
         AND (next_due_at, id) > (%s, %s) AND next_due_at < %s
         %s
       ORDER BY next_due_at, id
       LIMIT %s
      """;

  private static final String CLOSED =
      """
      SELECT id, closed_at AS at FROM %s c
       WHERE closed_at IS NOT NULL AND %s
         AND (closed_at, id) < (%s, %s) AND closed_at >= %s
         %s
       ORDER BY closed_at DESC, id DESC
       LIMIT %s
      """;

  /// So many at the head of a list are looked through for what is sought.
  private static final int HEAD = 1_000;

  /// And so many of what is closed where that promises to fill the page or to come to the end, and
  /// the index could only be asked for the whole district: those that were closed last lie
  /// together, a match of years ago lies alone.
  private static final int FAR = 20_000;

  /// So many of those whose words are still to be written are looked at, the newest first.
  private static final int UNWRITTEN = 2_000;

  private final int far;

  InboxStore() {
    this(FAR);
  }

  /// @param far how many of what is closed are looked through for words, at most
  InboxStore(int far) {
    this.far = far;
  }

  /// How many there are for all who see the same.
  record Shared(long desk, long unclaimed, long dueSoon, long overdue, long allOpen) {
    Counts with(long mine) {
      return new Counts(mine, desk, unclaimed, dueSoon, overdue, allOpen);
    }
  }

  /// The parameters of a statement, in the order in which it comes to need them.
  private static final class Given {
    private final List<@Nullable Object> values = new ArrayList<>();

    String a(String type, @Nullable Object value) {
      values.add(value);
      return "$" + values.size() + "::" + type;
    }

    Object[] all() {
      return values.toArray();
    }
  }

  /// @param after where the page begins
  /// @param until where the list ends
  List<Entry> page(
      Sql sql, Staff staff, Scope scope, View view, Place after, Instant until, int limit) {
    var given = new Given();
    Wanted wanted = Wanted.all(view);
    String order = order(wanted);
    String query =
        query(staff, scope, wanted, List.of(), after, until, limit, given)
            + ENTRY
            + " FROM page JOIN \"case\" c ON c.id = page.id ORDER BY page."
            + order.replace(", ", ", page.");
    return sql.rows(query, given.all()).stream().map(InboxStore::read).toList();
  }

  /// Which are found, in order. Planned anew for each word and filter: PostgreSQL knows how common
  /// each is. What is shown of them is not, see [#entries].
  ///
  /// @param sql a transaction
  List<Long> search(
      Sql sql, Staff staff, Scope scope, Wanted wanted, Place after, Instant until, int limit) {
    return places(sql, staff, scope, wanted, after, until, limit).stream().map(Place::id).toList();
  }

  /// The same, with what they are ordered by.
  List<Place> places(
      Sql sql, Staff staff, Scope scope, Wanted wanted, Place after, Instant until, int limit) {
    var _ =
        sql.send("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)", Tuple.tuple());
    Sought sought = wanted.sought();
    List<String> circle = List.of();
    if (sought != null && sought.isWords()) {
      Head head = head(sql, staff, scope, wanted, after, until, limit);
      List<Place> found = head.found();
      if (found.size() == limit || head.whole()) {
        return found;
      }
      circle = wanted.view() == View.MINE ? List.of() : circle(sql, staff, scope);
      if (circle.isEmpty() && wanted.closed()) {
        boolean ends = isShorter(sql, staff, scope, wanted, far, after, until);
        if (ends || found.size() * (far / HEAD) >= limit) {
          found = among(sql, staff, scope, wanted, far, after, until, limit);
          if (ends || found.size() == limit) {
            return found;
          }
        }
      }
    }
    var given = new Given();
    String query =
        query(staff, scope, wanted, circle, after, until, limit, given)
            + "SELECT id, at FROM page ORDER BY "
            + order(wanted);
    return places(sql.rows(query, given.all()));
  }

  /// Those at the head of a list that have the words.
  ///
  /// @param whole whether the list has no more than the head
  private record Head(List<Place> found, boolean whole) {}

  private static Head head(
      Sql sql, Staff staff, Scope scope, Wanted wanted, Place after, Instant until, int limit) {
    var given = new Given();
    String list = lists(staff, scope, wanted, "\"case\"", "", after, until, HEAD, given);
    String query =
        """
        WITH found AS (%1$s),
             head AS MATERIALIZED (SELECT id, at FROM found ORDER BY %2$s LIMIT %3$d)
        SELECT (SELECT count(*) FROM head) AS length, id, at
          FROM (SELECT) one LEFT JOIN LATERAL (%4$s) page ON true
         ORDER BY %2$s
        """
            .formatted(list, order(wanted), HEAD, having("head", wanted, limit, given));
    List<Row> rows = new ArrayList<>();
    sql.rows(query, given.all()).forEach(rows::add);
    return new Head(
        places(rows.stream().filter(row -> row.getLong("id") != null).toList()),
        rows.getFirst().getLong("length") < HEAD);
  }

  /// Those among so many of the list that have the words. PostgreSQL takes the characters of a word
  /// for independent of each other, and would misjudge how far it has to read; the order of the
  /// list is known to it, so it reads no further than until the page is full.
  private static List<Place> among(
      Sql sql,
      Staff staff,
      Scope scope,
      Wanted wanted,
      int length,
      Place after,
      Instant until,
      int limit) {
    var given = new Given();
    String list = lists(staff, scope, wanted, "\"case\"", "", after, until, length, given);
    String first =
        "(SELECT id, at FROM found ORDER BY %s LIMIT %d) head".formatted(order(wanted), length);
    String query = "WITH found AS (%s) %s".formatted(list, having(first, wanted, limit, given));
    return places(sql.rows(query, given.all()));
  }

  /// @param head what has `id` and `at`
  private static String having(String head, Wanted wanted, int limit, Given given) {
    return """
    SELECT id, at FROM %s
     WHERE coalesce((SELECT %s FROM case_words w WHERE w.case_id = head.id),
                    (SELECT %s FROM "case" t WHERE t.id = head.id))
     ORDER BY %s LIMIT %d
    """
        .formatted(head, words(wanted, false, given), title(wanted, given), order(wanted), limit);
  }

  /// Whether the filters leave fewer than that.
  private static boolean isShorter(
      Sql sql, Staff staff, Scope scope, Wanted wanted, int than, Place after, Instant until) {
    var given = new Given();
    String list = lists(staff, scope, wanted, "\"case\"", "", after, until, than, given);
    String query =
        "WITH found AS (%s) SELECT count(*) AS n FROM (SELECT FROM found LIMIT %d) head"
            .formatted(list, than);
    return sql.one(query, given.all()).getLong("n") < than;
  }

  private static List<Place> places(Iterable<Row> rows) {
    var places = new ArrayList<Place>();
    for (Row row : rows) {
      places.add(new Place(CaseStore.instant(row, "at"), row.getLong("id")));
    }
    return places;
  }

  /// Of what the reader may see each has one of these marks: of the territory they look after, or
  /// of a desk that they work at. Those of a community's desk that lie in the community are not
  /// marked beside that. Empty: they see everything.
  private static List<String> circle(Sql sql, Staff staff, Scope scope) {
    if (scope.level() == Level.DISTRICT) {
      return List.of();
    }
    var circle = new ArrayList<String>();
    if (scope.level() != null) {
      circle.add("t" + (scope.grid() == 0 ? scope.unit() : scope.grid()));
    }
    sql.rows(
            """
            SELECT 'd' || d.id AS mark FROM desk d WHERE d.id = ANY($1)
            UNION
            SELECT 't' || t.id FROM desk d JOIN territory t ON t.id = d.territory_id
             WHERE d.id = ANY($1) AND t.level = 'community'
            """,
            (Object) CaseStore.desks(staff))
        .forEach(row -> circle.add(row.getString("mark")));
    return circle;
  }

  /// @param ids that the reader may see, in the order they are to be shown
  List<Entry> entries(Sql sql, List<Long> ids) {
    return sql.rows(ENTRIES, (Object) ids.toArray(Long[]::new)).stream()
        .map(InboxStore::read)
        .toList();
  }

  private static final String ENTRIES =
      ENTRY
          + """
            FROM unnest($1::bigint[]) WITH ORDINALITY AS page (id, place)
           CROSS JOIN LATERAL (SELECT * FROM "case" WHERE id = page.id LIMIT 1) AS c
           ORDER BY page.place
          """;

  private static String order(Wanted wanted) {
    return wanted.closed() ? "at DESC, id DESC" : "at, id";
  }

  /// The beginning of one, which finds a `page` of ids.
  private static String query(
      Staff staff,
      Scope scope,
      Wanted wanted,
      List<String> circle,
      Place after,
      Instant until,
      int limit,
      Given given) {
    Sought sought = wanted.sought();
    String from = "\"case\"";
    String few = "";
    String where = "";
    if (sought != null && sought.isFew()) {
      from = "few";
      few =
          """
          few AS MATERIALIZED (
            SELECT m.* FROM (SELECT case_id FROM case_key WHERE %2$s) f
             CROSS JOIN LATERAL (SELECT %1$s FROM "case" WHERE id = f.case_id LIMIT 1) m),
          """
              .formatted(COLUMNS, byNumber(sought, given));
    } else if (sought != null && !sought.isWords()) {
      where = "AND " + byNumber(sought, given);
    } else if (sought != null) {
      // They are seldom: those that have them are found first, and put in order then.
      from = "few";
      few =
          """
          few AS MATERIALIZED (
            SELECT m.* FROM (
              SELECT case_id FROM case_words w WHERE %6$s AND %2$s AND %4$s
               UNION
              SELECT t.id FROM (SELECT case_id FROM case_words_due
                                 ORDER BY next_due_at DESC LIMIT %5$d) due
                JOIN "case" t ON t.id = due.case_id
               WHERE %3$s) f
             CROSS JOIN LATERAL (SELECT %1$s FROM "case" WHERE id = f.case_id LIMIT 1) m),
          """
              .formatted(
                  COLUMNS,
                  words(wanted, true, given),
                  title(wanted, given),
                  circle.isEmpty()
                      ? "true"
                      : "w.marks && " + given.a("text[]", circle.toArray(String[]::new)),
                  UNWRITTEN,
                  wanted.closed() ? "true" : "w.open");
    }
    String found = lists(staff, scope, wanted, from, where, after, until, limit, given);
    return """
    WITH %s
         found AS (%s),
         page AS (SELECT id, at FROM found ORDER BY %s LIMIT %d)
    """
        .formatted(few, found, order(wanted), limit);
  }

  /// By its own number, where one was typed, or that of its person.
  private static String byNumber(Sought sought, Given given) {
    String persons =
        "person_id = ANY (" + given.a("bigint[]", array("bigint", sought.persons())) + ")";
    return sought.digits() == null
        ? persons
        : "(" + persons + " OR " + byDigits(sought, given) + ")";
  }

  /// The whole number, in its own index; the beginning of one, which reads differently for each
  /// length that a number can have; or the last four digits, and those before them.
  private static String byDigits(Sought sought, Given given) {
    return """
    (number = %1$s
         OR number ~>=~ %2$s[1] AND number ~<~ (%2$s[1] || '~')
         OR number ~>=~ %2$s[2] AND number ~<~ (%2$s[2] || '~')
         OR number ~>=~ %2$s[3] AND number ~<~ (%2$s[3] || '~')
         OR number ~>=~ %2$s[4] AND number ~<~ (%2$s[4] || '~')
         OR number ~>=~ %2$s[5] AND number ~<~ (%2$s[5] || '~')
         OR right(number, 4) = right(%3$s, 4)
            AND right(replace(number, '-', ''), length(%3$s)) = %3$s)
    """
        .formatted(
            given.a("text", sought.text()),
            "(" + given.a("text[]", sought.beginnings().toArray(String[]::new)) + ")",
            given.a("text", sought.digits()));
  }

  /// Of `case_words w`: that each word is in them, or a mark of what it names.
  ///
  /// @param byIndex whether its pieces are asked for, too, which the index finds; where the rows
  ///   are there already that would only cost
  private static String words(Wanted wanted, boolean byIndex, Given given) {
    return requireNonNull(wanted.sought()).terms().stream()
        .map(term -> {
          String text = in("w.words", term, byIndex, given);
          return term.marks().isEmpty()
              ? text
              : "(%s OR w.marks && %s)"
                  .formatted(text, given.a("text[]", term.marks().toArray(String[]::new)));
        })
        .collect(Collectors.joining(" AND "));
  }

  /// For a case whose words have not been written yet: it was opened this moment.
  private static String title(Wanted wanted, Given given) {
    return requireNonNull(wanted.sought()).terms().stream()
        .map(term -> in("title", term, false, given))
        .collect(Collectors.joining(" AND "));
  }

  private static String in(String column, Sought.Term term, boolean byIndex, Given given) {
    String said = "position(%s IN %s) > 0".formatted(given.a("text", term.text()), column);
    return byIndex
        ? "(%s AND title_pieces(%s) @> %s)"
            .formatted(said, column, given.a("text[]", term.pieces().toArray(String[]::new)))
        : said;
  }

  /// The lists that apply, each with its first rows.
  private static String lists(
      Staff staff,
      Scope scope,
      Wanted wanted,
      String from,
      String where,
      Place after,
      Instant until,
      int limit,
      Given given) {
    String list =
        (wanted.closed() ? CLOSED : OPEN)
            .formatted(
                from,
                "%s",
                given.a("timestamptz", after.at().atOffset(UTC)),
                given.a("bigint", after.id()),
                given.a("timestamptz", until.atOffset(UTC)),
                where.replace("%", "%%") + narrowed(wanted, given) + kept(staff, given),
                limit);
    return switch (wanted.view()) {
      case MINE -> one(list, "staff_id = " + given.a("bigint", staff.id()));
      case DESK -> eachDesk(list, staff, "true", given);
      case UNCLAIMED -> eachDesk(list, staff, "staff_id IS NULL AND NOT rests", given);
      case DUE_SOON, OVERDUE, ALL_OPEN, CLOSED -> {
        String own = eachDesk(list, staff, "true", given);
        yield scope.level() == null ? own : one(list, within(scope, given)) + " UNION " + own;
      }
    };
  }

  private static String kept(Staff staff, Given given) {
    return " AND id <> ALL (" + CaseStore.keptFrom(given.a("bigint", staff.id())) + ")";
  }

  private static String narrowed(Wanted wanted, Given given) {
    var narrowed = new StringBuilder();
    String said = wanted.closed() ? "closed_at" : "said_at";
    List<String> categories = wanted.categories();
    if (categories != null) {
      narrowed.append(" AND ").append(anyOf("category_code", "text", categories, given));
    }
    List<Territory> places = wanted.places();
    if (places != null) {
      if (wanted.community() != null) {
        narrowed.append(" AND community_id = ").append(given.a("bigint", wanted.community()));
      }
      narrowed.append(" AND ").append(within(places, given));
    }
    Wanted.Held held = wanted.held();
    if (held != null) {
      narrowed.append(" AND ").append(heldBy(held, given));
    }
    if (wanted.urgency() != null) {
      narrowed.append(" AND urgency = ").append(given.a("text", wanted.urgency().word()));
    }
    if (wanted.confirmed() != null) {
      narrowed.append(wanted.confirmed() ? " AND confirmed" : " AND NOT confirmed");
    }
    if (wanted.channel() != null) {
      narrowed.append(" AND channel = ").append(given.a("text", wanted.channel()));
    }
    Boolean archived = wanted.archived();
    if (archived != null) {
      narrowed.append(archived ? " AND state = 'ARCHIVED'" : " AND state <> 'ARCHIVED'");
    }
    if (wanted.supervised()) {
      narrowed.append(" AND supervised_at IS NOT NULL");
    }
    if (wanted.asking()) {
      narrowed.append(" AND time_asked_at IS NOT NULL");
    }
    at(narrowed, said + " >= ", wanted.from(), given);
    at(narrowed, said + " < ", wanted.to(), given);
    at(narrowed, "next_due_at < ", wanted.lateAt(), given);
    return narrowed.toString();
  }

  private static void at(
      StringBuilder narrowed, String compared, @Nullable Instant with, Given given) {
    if (with != null) {
      narrowed.append(" AND ").append(compared).append(given.a("timestamptz", with.atOffset(UTC)));
    }
  }

  /// One is asked for alone: then its index gives the order, too.
  private static String anyOf(String column, String type, List<?> values, Given given) {
    return values.size() == 1
        ? column + " = " + given.a(type, values.getFirst())
        : column + " = ANY (" + given.a(type + "[]", array(type, values)) + ")";
  }

  private static Object array(String type, List<?> values) {
    return type.equals("text") ? values.toArray(String[]::new) : values.toArray(Long[]::new);
  }

  /// Buildings, cells and what is larger by their ids; of a group what lies below it, too.
  private static String within(List<Territory> places, Given given) {
    if (places.isEmpty()) {
      return "false";
    }
    Map<String, List<Territory>> byColumn =
        places.stream().collect(groupingBy(each -> column(each.level())));
    return byColumn.entrySet().stream()
        .map(each ->
            each.getKey().equals("territory_path")
                ? "territory_path LIKE ANY ("
                    + given.a(
                        "text[]",
                        each.getValue().stream()
                            .map(place -> place.path() + "%")
                            .toArray(String[]::new))
                    + ")"
                : anyOf(
                    each.getKey(),
                    "bigint",
                    each.getValue().stream().map(Territory::id).toList(),
                    given))
        .collect(Collectors.joining(" OR ", "(", ")"));
  }

  private static String column(Level level) {
    return switch (level) {
      case BUILDING -> "territory_id";
      case GRID -> "grid_id";
      case COMMUNITY -> "community_id";
      case STREET -> "street_id";
      case GROUP, DISTRICT -> "territory_path";
    };
  }

  private static String heldBy(Wanted.Held held, Given given) {
    if (held.nobody()) {
      return "staff_id IS NULL";
    }
    if (!held.staff().isEmpty()) {
      return anyOf("staff_id", "bigint", held.staff(), given);
    }
    return held.desks().isEmpty() ? "false" : anyOf("desk_id", "bigint", held.desks(), given);
  }

  /// Those of that name, or with that code.
  List<Long> staffCalled(Sql sql, String called) {
    return sql
        .rows("SELECT id FROM staff WHERE name = $1 OR code = $1 ORDER BY id LIMIT 50", called)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// Those whose name has these words in it.
  List<Long> desksCalled(Sql sql, String called) {
    return sql
        .rows("SELECT id FROM desk WHERE position($1 IN name) > 0 ORDER BY id LIMIT 500", called)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  private static String one(String list, String where) {
    return "(" + list.formatted(where) + ")";
  }

  private static String eachDesk(String list, Staff staff, String where, Given given) {
    return """
    SELECT l.id, l.at FROM unnest(%s) AS mine (desk_id)
     CROSS JOIN LATERAL %s l
    """
        .formatted(
            given.a("bigint[]", CaseStore.desks(staff)),
            one(list, "desk_id = mine.desk_id AND " + open(staff, given) + where));
  }

  /// Nothing that was told in confidence where they only stand in.
  private static String open(Staff staff, Given given) {
    return staff.standIns().isEmpty()
        ? ""
        : "(NOT confidential OR desk_id = ANY ("
            + given.a("bigint[]", CaseStore.ownDesks(staff))
            + ")) AND ";
  }

  private static String within(Scope scope, Given given) {
    String unit = scope.level() == Level.DISTRICT ? "" : given.a("bigint", scope.unit());
    if (scope.grid() != 0) {
      return seen(scope, unit, given.a("bigint", scope.grid()), "");
    }
    String circles = scope.level() == Level.DISTRICT ? "" : given.a("text[]", scope.confidential());
    return seen(scope, unit, "", circles);
  }

  /// Of what lies in the territory, what may be seen.
  private static String seen(Scope scope, String unit, String grid, String circles) {
    if (scope.grid() != 0) {
      return "community_id = " + unit + " AND grid_id = " + grid + " AND NOT confidential";
    }
    return switch (scope.level()) {
      case DISTRICT -> "true";
      case STREET ->
          "street_id = " + unit + " AND (NOT confidential OR level = ANY(" + circles + "))";
      case COMMUNITY ->
          "community_id = " + unit + " AND (NOT confidential OR level = ANY(" + circles + "))";
      case GROUP, BUILDING, GRID ->
          throw new IllegalStateException("no list of a " + scope.level());
      case null -> throw new IllegalStateException("no territory");
    };
  }

  @Nullable Entry entry(Sql sql, Staff staff, Scope scope, CaseId id) {
    return sql.row(
            ENTRY
                + """
                  FROM "case" c
                 WHERE c.id = $1
                   AND (c.desk_id = ANY($2) OR c.staff_id = $3 OR c.lead_desk_id = ANY($2)
                        OR c.desk_id = ANY($7) AND NOT c.confidential
                        OR (c.grid_id = $4 OR starts_with(c.territory_path, $5))
                           AND (NOT c.confidential OR c.level = ANY($6)))
                   AND c.id <> ALL (%s)
                """
                    .formatted(CaseStore.keptFrom("$3")),
            id.value(),
            CaseStore.ownDesks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            CaseStore.desks(staff))
        .map(InboxStore::read)
        .orElse(null);
  }

  Shared counts(Sql sql, Staff staff, Scope scope, Instant now, Instant soon) {
    var given =
        new ArrayList<Object>(
            List.of(
                CaseStore.desks(staff),
                scope.unit(),
                scope.grid(),
                now.atOffset(UTC),
                soon.atOffset(UTC),
                scope.confidential()));
    boolean standsIn = !staff.standIns().isEmpty();
    if (standsIn) {
      given.add(CaseStore.ownDesks(staff));
    }
    given.add(staff.id());
    Row row = sql.one(counting(scope, standsIn), given.toArray());
    return new Shared(
        row.getLong("desk"),
        row.getLong("unclaimed"),
        row.getLong("soon"),
        row.getLong("overdue"),
        row.getLong("every"));
  }

  /// @param standsIn whether some of the desks are not their own
  private static String counting(Scope scope, boolean standsIn) {
    Level level = scope.level();
    String own =
        "desk_id = ANY($1)" + (standsIn ? " AND (NOT confidential OR desk_id = ANY($7))" : "");
    String seen = level == null ? own : seen(scope, "$2", "$3", "$6");
    String kept = "id <> ALL (" + CaseStore.keptFrom(standsIn ? "$8" : "$7") + ")";
    // Those of the desks that lie outside the territory come on top.
    String beside = level == null ? "false" : own + " AND (" + seen + ") IS NOT TRUE";
    return """
    WITH given AS (SELECT $2::bigint, $3::bigint, $6::text[]),
         seen AS (
           SELECT count(*) AS n, count(*) FILTER (WHERE next_due_at < $4) AS overdue,
                  count(*) FILTER (WHERE next_due_at >= $4 AND next_due_at < $5) AS soon
             FROM "case" WHERE closed_at IS NULL AND %4$s AND %1$s),
         beside AS (
           SELECT count(*) AS n, count(*) FILTER (WHERE next_due_at < $4) AS overdue,
                  count(*) FILTER (WHERE next_due_at >= $4 AND next_due_at < $5) AS soon
             FROM "case" WHERE closed_at IS NULL AND %4$s AND %2$s),
         desk AS (
           SELECT count(*) AS n, count(*) FILTER (WHERE staff_id IS NULL AND NOT rests) AS unclaimed
             FROM "case" WHERE closed_at IS NULL AND %4$s AND %3$s)
    SELECT desk.n AS desk, desk.unclaimed, seen.soon + beside.soon AS soon,
           seen.overdue + beside.overdue AS overdue, seen.n + beside.n AS every
      FROM seen, beside, desk
    """
        .formatted(seen, beside, own, kept);
  }

  long mine(Sql sql, Staff staff) {
    return sql.one(MINE, staff.id()).getLong("n");
  }

  static final String MINE =
      "SELECT count(*) AS n FROM \"case\" WHERE closed_at IS NULL AND staff_id = $1";

  private static Entry read(Row row) {
    return new Entry(
        new CaseId(row.getLong("id")),
        new CaseNumber(row.getString("number")),
        row.getString("code"),
        row.getString("title"),
        CaseState.valueOf(row.getString("state")),
        Urgency.of(row.getString("urgency")),
        row.getString("channel"),
        row.getString("place_name"),
        row.getString("called"),
        row.getLong("desk_id"),
        row.getString("desk_name"),
        row.getLong("staff_id"),
        row.getString("staff_name"),
        CaseStore.instant(row, "said_at"),
        CaseStore.instant(row, "due_at"),
        CaseStore.maybeInstant(row, "next_amber_at"),
        row.getBoolean("waits"),
        row.getInteger("version"),
        row.getString("kinship"),
        row.getInteger("urges"),
        row.getBoolean("urged"),
        row.getBoolean("supervised"),
        row.getBoolean("appealed"),
        row.getBoolean("asks"),
        row.getBoolean("quiet"));
  }
}
