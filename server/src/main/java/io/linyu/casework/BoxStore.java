package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.BoxOpening.Became;
import io.linyu.casework.BoxOpening.Said;
import io.linyu.casework.BoxOpening.Slip;
import io.linyu.casework.Boxes.Published;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class BoxStore {
  private static final String BOX =
      """
      SELECT b.id, b.code, b.territory_id, t.path, b.place, b.period_days, b.due_at, b.gone_at,
             (SELECT s.opened_at FROM box_opening s WHERE s.box_id = b.id AND s.sealed_at IS NOT NULL
               ORDER BY s.id DESC LIMIT 1) AS opened_at,
             o.code AS opening
        FROM box b
        JOIN territory t ON t.id = b.territory_id
        LEFT JOIN box_opening o ON o.box_id = b.id AND o.sealed_at IS NULL AND o.called_off_at IS NULL
      """;

  // Boxes.

  /// Those in this territory, and those that they keep, in the order of their codes.
  List<Box> visible(Sql sql, String path, long staff, String after, int limit) {
    return kept(
        sql,
        sql.rows(
            BOX
                + """
                 WHERE b.code > $1
                   AND (starts_with(t.path, $2)
                        OR b.id IN (SELECT k.box_id FROM box_keeper k WHERE k.staff_id = $3))
                 ORDER BY b.code LIMIT $4
                """,
            after,
            path,
            staff,
            limit));
  }

  /// Those in this territory that nobody has opened in time, the longest first.
  List<Box> overdue(Sql sql, String path, Instant now, int limit) {
    return kept(
        sql,
        sql.rows(
            BOX
                + """
                 WHERE starts_with(t.path, $1) AND b.gone_at IS NULL AND b.due_at < $2
                 ORDER BY b.due_at LIMIT $3
                """,
            path,
            now.atOffset(UTC),
            limit));
  }

  Optional<Box> byCode(Sql sql, String code) {
    return kept(sql, sql.rows(BOX + " WHERE b.code = $1", code)).stream().findFirst();
  }

  Optional<Box> byId(Sql sql, long id) {
    return kept(sql, sql.rows(BOX + " WHERE b.id = $1", id)).stream().findFirst();
  }

  private static List<Box> kept(Sql sql, List<Row> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, List<Box.Keeper>> keepers =
        sql
            .rows(
                """
                SELECT k.box_id, s.id, s.name FROM box_keeper k JOIN staff s ON s.id = k.staff_id
                 WHERE k.box_id = ANY($1) AND s.active ORDER BY s.code
                """,
                (Object) rows.stream().map(row -> row.getLong("id")).toArray(Long[]::new))
            .stream()
            .collect(
                groupingBy(
                    row -> row.getLong("box_id"),
                    mapping(
                        row -> new Box.Keeper(row.getLong("id"), row.getString("name")),
                        toList())));
    return rows.stream()
        .map(row -> box(row).keptBy(keepers.getOrDefault(row.getLong("id"), List.of())))
        .toList();
  }

  /// @return false: there is one of this code
  boolean add(
      Tx tx, String code, long territory, String place, int days, Instant due, List<Long> keepers) {
    List<Row> added =
        tx.rows(
            """
            INSERT INTO box (code, territory_id, place, period_days, due_at, next_due_at)
            VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (code) DO NOTHING RETURNING id
            """,
            code,
            territory,
            place,
            days,
            due.atOffset(UTC));
    added.forEach(row -> keep(tx, row.getLong("id"), keepers));
    return !added.isEmpty();
  }

  void change(Tx tx, long id, String place, int days, Instant due, List<Long> keepers) {
    tx.execute(
        """
        UPDATE box SET place = $2, period_days = $3, due_at = $4,
               next_due_at = CASE WHEN gone_at IS NULL AND due_at <> $4 THEN $4 ELSE next_due_at END
         WHERE id = $1
        """,
        id,
        place,
        days,
        due.atOffset(UTC));
    tx.execute("DELETE FROM box_keeper WHERE box_id = $1", id);
    keep(tx, id, keepers);
  }

  private static void keep(Tx tx, long id, List<Long> keepers) {
    tx.execute(
        "INSERT INTO box_keeper (box_id, staff_id) SELECT $1, unnest($2::bigint[])",
        id,
        keepers.toArray(Long[]::new));
  }

  /// @param due when it hangs again; null: it is taken down
  void hang(Tx tx, long id, Instant now, @Nullable Instant due) {
    tx.execute(
        """
        UPDATE box SET gone_at = CASE WHEN $3::timestamptz IS NULL THEN $2::timestamptz END,
               due_at = coalesce($3, due_at), next_due_at = $3
         WHERE id = $1
        """,
        id,
        now.atOffset(UTC),
        due == null ? null : due.atOffset(UTC));
  }

  /// Somebody who is not there any more keeps nothing.
  boolean keeps(Sql sql, long box, long staff) {
    return sql.row(
            """
            SELECT 1 FROM box_keeper k JOIN staff s ON s.id = k.staff_id
             WHERE k.box_id = $1 AND k.staff_id = $2 AND s.active
            """,
            box,
            staff)
        .isPresent();
  }

  // Reminding.

  /// The community with a box of which nobody was reminded, locked as long as this goes on.
  Optional<Long> dueTerritory(Tx tx, Instant now) {
    return tx.row(
            """
            SELECT territory_id FROM box WHERE next_due_at <= $1
             ORDER BY next_due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            """,
            now.atOffset(UTC))
        .map(row -> row.getLong("territory_id"));
  }

  /// Those of this community that are due, which nobody else reminds of now.
  List<String> due(Tx tx, long territory, Instant now) {
    return tx
        .rows(
            """
            SELECT code FROM box WHERE territory_id = $1 AND next_due_at <= $2
             ORDER BY code FOR UPDATE SKIP LOCKED
            """,
            territory,
            now.atOffset(UTC))
        .stream()
        .map(row -> row.getString("code"))
        .toList();
  }

  /// @param next null: no more
  void remind(Tx tx, List<String> codes, @Nullable Instant next) {
    tx.execute(
        "UPDATE box SET next_due_at = $2 WHERE code = ANY($1)",
        codes.toArray(String[]::new),
        next == null ? null : next.atOffset(UTC));
  }

  // Openings.

  private static final String OPENING =
      """
      SELECT o.*, b.name AS begun_name, c.name AS counted_name, d.name AS confirmed_name
        FROM box_opening o
        JOIN staff b ON b.id = o.begun_by
        JOIN staff c ON c.id = o.counted_by
        LEFT JOIN staff d ON d.id = o.confirmed_by
      """;

  /// The box is held until this is over, so of two who begin one does.
  void lockBox(Tx tx, long box) {
    var _ = tx.one("SELECT id FROM box WHERE id = $1 FOR UPDATE", box);
  }

  Optional<BoxOpening> lock(Tx tx, String code) {
    return tx.row("SELECT id FROM box_opening WHERE code = $1 FOR UPDATE", code)
        .flatMap(_ -> opening(tx, code));
  }

  Optional<BoxOpening> opening(Sql sql, String code) {
    return sql.row(OPENING + " WHERE o.code = $1", code).map(row -> opening(sql, row));
  }

  Optional<BoxOpening> going(Sql sql, long box) {
    return sql.row(
            OPENING + " WHERE o.box_id = $1 AND o.sealed_at IS NULL AND o.called_off_at IS NULL",
            box)
        .map(row -> opening(sql, row));
  }

  long begin(Tx tx, long box, String code, long staff, int slips, Instant at) {
    return tx.one(
            """
            INSERT INTO box_opening (box_id, code, begun_by, begun_at, slips, counted_by, counted_at)
            VALUES ($1, $2, $3, $4, $5, $3, $4) RETURNING id
            """,
            box,
            code,
            staff,
            at.atOffset(UTC),
            slips)
        .getLong("id");
  }

  void confirm(Tx tx, long opening, long staff, Instant at) {
    tx.execute(
        """
        UPDATE box_opening SET confirmed_by = $2, confirmed_at = $3, opened_at = coalesce(opened_at, $3)
         WHERE id = $1
        """,
        opening,
        staff,
        at.atOffset(UTC));
  }

  void recount(Tx tx, long opening, long staff, int slips, Instant at) {
    tx.execute(
        """
        UPDATE box_opening
           SET slips = $3, counted_by = $2, counted_at = $4, confirmed_by = NULL, confirmed_at = NULL
         WHERE id = $1
        """,
        opening,
        staff,
        slips,
        at.atOffset(UTC));
  }

  void callOff(Tx tx, long opening, Instant at) {
    tx.execute(
        "UPDATE box_opening SET called_off_at = $2 WHERE id = $1", opening, at.atOffset(UTC));
  }

  /// Sealed, and due again.
  void seal(Tx tx, long opening, long staff, Instant at) {
    tx.execute(
        "UPDATE box_opening SET sealed_by = $2, sealed_at = $3 WHERE id = $1",
        opening,
        staff,
        at.atOffset(UTC));
    tx.execute(
        """
        UPDATE box b
           SET due_at = o.opened_at + make_interval(days => b.period_days),
               next_due_at = CASE WHEN b.gone_at IS NULL
                 THEN o.opened_at + make_interval(days => b.period_days) END
          FROM box_opening o
         WHERE o.id = $1 AND b.id = o.box_id
        """,
        opening);
  }

  // Slips.

  boolean hasPhoto(Sql sql, long opening, Buffer digest) {
    return sql.row("SELECT 1 FROM box_slip WHERE opening_id = $1 AND digest = $2", opening, digest)
        .isPresent();
  }

  void addSlip(Tx tx, long opening, int nth, Buffer digest, long staff, Instant at) {
    tx.execute(
        """
        INSERT INTO box_slip (opening_id, nth, digest, taken_by, taken_at) VALUES ($1, $2, $3, $4, $5)
        """,
        opening,
        nth,
        digest,
        staff,
        at.atOffset(UTC));
  }

  void retake(Tx tx, long slip, Buffer digest, long staff, Instant at) {
    tx.execute(
        "UPDATE box_slip SET digest = $2, taken_by = $3, taken_at = $4 WHERE id = $1",
        slip,
        digest,
        staff,
        at.atOffset(UTC));
  }

  Optional<Buffer> digest(Sql sql, long slip) {
    return sql.row("SELECT digest FROM box_slip WHERE id = $1 AND digest IS NOT NULL", slip)
        .map(row -> row.getBuffer("digest"));
  }

  void setAside(Tx tx, long slip, @Nullable String reason, @Nullable String comment) {
    tx.execute(
        "UPDATE box_slip SET set_aside = $2, comment = $3 WHERE id = $1", slip, reason, comment);
  }

  /// @return false: it had become that already
  boolean became(Tx tx, long slip, CaseId id, boolean added) {
    return tx.execute(
            """
            INSERT INTO box_slip_case (slip_id, case_id, added) VALUES ($1, $2, $3)
            ON CONFLICT DO NOTHING
            """,
            slip,
            id.value(),
            added)
        == 1;
  }

  /// Photos of boxes that were sealed before this.
  List<Buffer> forget(Tx tx, Instant before, int limit) {
    return tx
        .rows(
            """
            WITH old AS (
              SELECT s.id, s.digest FROM box_slip s JOIN box_opening o ON o.id = s.opening_id
               WHERE s.digest IS NOT NULL AND o.sealed_at < $1
               ORDER BY s.id LIMIT $2 FOR UPDATE OF s SKIP LOCKED)
            UPDATE box_slip s SET digest = NULL FROM old WHERE s.id = old.id RETURNING old.digest
            """,
            before.atOffset(UTC),
            limit)
        .stream()
        .map(row -> row.getBuffer("digest"))
        .toList();
  }

  // What is published.

  /// Of all boxes, or of one, the newest first; with what their slips have become by now.
  List<Published> published(Sql sql, @Nullable String box, long before, int limit) {
    List<Row> rows =
        sql.rows(
            """
            SELECT o.id, b.code, b.place, b.territory_id, o.opened_at, o.sealed_at, o.slips
              FROM box_opening o JOIN box b ON b.id = o.box_id
             WHERE o.sealed_at IS NOT NULL AND o.id < $1
               AND %s
             ORDER BY o.id DESC LIMIT $3
            """
                .formatted(
                    box == null
                        ? "$2::text IS NULL"
                        : "o.box_id = (SELECT id FROM box WHERE code = $2)"),
            before,
            box,
            limit);
    Long[] ids = rows.stream().map(row -> row.getLong("id")).toArray(Long[]::new);
    var cases = new HashMap<Long, int[]>();
    var aside = new HashMap<Long, Map<Aside, Integer>>();
    if (ids.length > 0) {
      sql.rows(
              """
              SELECT s.opening_id, count(DISTINCT s.id)::int AS slips, count(DISTINCT k.case_id)::int AS cases,
                     count(DISTINCT k.case_id) FILTER (WHERE c.closed_at IS NOT NULL)::int AS over
                FROM box_slip s JOIN box_slip_case k ON k.slip_id = s.id JOIN "case" c ON c.id = k.case_id
               WHERE s.opening_id = ANY($1) GROUP BY s.opening_id
              """,
              (Object) ids)
          .forEach(row ->
              cases.put(
                  row.getLong("opening_id"),
                  new int[] {
                    row.getInteger("slips"), row.getInteger("cases"), row.getInteger("over")
                  }));
      sql.rows(
              """
              SELECT opening_id, set_aside, count(*)::int AS many FROM box_slip
               WHERE opening_id = ANY($1) AND set_aside IS NOT NULL GROUP BY opening_id, set_aside
              """,
              (Object) ids)
          .forEach(row ->
              aside
                  .computeIfAbsent(row.getLong("opening_id"), _ -> new EnumMap<>(Aside.class))
                  .put(Aside.of(row.getString("set_aside")).orElseThrow(), row.getInteger("many")));
    }
    var found = new ArrayList<Published>();
    for (Row row : rows) {
      long id = row.getLong("id");
      int[] counted = cases.getOrDefault(id, new int[3]);
      found.add(
          new Published(
              id,
              row.getString("code"),
              row.getString("place"),
              row.getLong("territory_id"),
              instant(row, "opened_at"),
              instant(row, "sealed_at"),
              row.getInteger("slips"),
              counted[0],
              counted[1],
              counted[2],
              aside.getOrDefault(id, Map.of())));
    }
    return found;
  }

  // Reading.

  private static Box box(Row row) {
    return new Box(
        row.getLong("id"),
        row.getString("code"),
        row.getLong("territory_id"),
        row.getString("path"),
        row.getString("place"),
        row.getInteger("period_days"),
        instant(row, "due_at"),
        maybeInstant(row, "gone_at"),
        maybeInstant(row, "opened_at"),
        row.getString("opening"),
        List.of());
  }

  private static BoxOpening opening(Sql sql, Row row) {
    long id = row.getLong("id");
    Long confirmed = row.getLong("confirmed_by");
    return new BoxOpening(
        id,
        row.getLong("box_id"),
        row.getString("code"),
        new Said(row.getLong("begun_by"), row.getString("begun_name"), instant(row, "begun_at")),
        row.getInteger("slips"),
        new Said(
            row.getLong("counted_by"), row.getString("counted_name"), instant(row, "counted_at")),
        confirmed == null
            ? null
            : new Said(confirmed, row.getString("confirmed_name"), instant(row, "confirmed_at")),
        maybeInstant(row, "opened_at"),
        maybeInstant(row, "sealed_at"),
        maybeInstant(row, "called_off_at"),
        slips(sql, id));
  }

  private static List<Slip> slips(Sql sql, long opening) {
    List<Row> rows =
        sql.rows(
            """
            SELECT id, nth, digest IS NOT NULL AS photo, set_aside, comment
              FROM box_slip WHERE opening_id = $1 ORDER BY nth
            """,
            opening);
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, List<Became>> became =
        became(sql, rows.stream().map(row -> row.getLong("id")).toList());
    return rows.stream()
        .map(row ->
            new Slip(
                row.getLong("id"),
                row.getInteger("nth"),
                row.getBoolean("photo"),
                Aside.of(row.getString("set_aside")).orElse(null),
                row.getString("comment"),
                became.getOrDefault(row.getLong("id"), List.of())))
        .toList();
  }

  private static Map<Long, List<Became>> became(Sql sql, Collection<Long> slips) {
    return sql
        .rows(
            """
            SELECT k.slip_id, k.case_id, k.added, c.number
              FROM box_slip_case k JOIN "case" c ON c.id = k.case_id
             WHERE k.slip_id = ANY($1) ORDER BY k.case_id
            """,
            (Object) slips.toArray(Long[]::new))
        .stream()
        .collect(
            groupingBy(
                row -> row.getLong("slip_id"),
                mapping(
                    row ->
                        new Became(
                            new CaseId(row.getLong("case_id")),
                            row.getString("number"),
                            row.getBoolean("added")),
                    toList())));
  }
}
