package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.linyu.casework.Round.Door;
import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Round.State;
import io.linyu.casework.Rounds.Outcomes;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// There is no question in here that counts by who goes, and there must be none.
final class RoundStore {
  private static final String ROUND =
      """
      SELECT r.*, v.name AS visitor_name, m.name AS made_by_name
        FROM visit_round r JOIN staff v ON v.id = r.visitor_id JOIN staff m ON m.id = r.made_by
      """;

  long add(
      Tx tx,
      String code,
      long territory,
      long community,
      Purpose purpose,
      Instant until,
      long visitor,
      long by,
      Instant at,
      List<String> labels) {
    long id =
        tx.one(
                """
                INSERT INTO visit_round
                       (code, territory_id, community_id, purpose, until, visitor_id, made_by, made_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
                """,
                code,
                territory,
                community,
                purpose.word(),
                until.atOffset(UTC),
                visitor,
                by,
                at.atOffset(UTC))
            .getLong("id");
    tx.execute(
        """
        INSERT INTO visit_door (round_id, nth, label, state)
        SELECT $1, d.nth, d.label, 'tasked' FROM unnest($2::text[]) WITH ORDINALITY AS d (label, nth)
        """,
        id,
        labels.toArray(String[]::new));
    return id;
  }

  /// Those of a community, or of whoever goes; the newest first, without their doors.
  List<Round> visible(Sql sql, long community, long visitor, long before, int limit) {
    return sql
        .rows(
            ROUND
                + """
                 WHERE r.id IN (
                   (SELECT id FROM visit_round WHERE community_id = $1 AND id < $3 ORDER BY id DESC LIMIT $4)
                   UNION
                   (SELECT id FROM visit_round WHERE visitor_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4))
                 ORDER BY r.id DESC LIMIT $4
                """,
            community,
            visitor,
            before,
            limit)
        .stream()
        .map(row -> round(row, List.of()))
        .toList();
  }

  /// How many doors each has, and how many of these are over.
  Map<Long, int[]> counts(Sql sql, List<Long> rounds) {
    return sql
        .rows(
            """
            SELECT round_id, count(*)::int AS doors,
                   count(*) FILTER (WHERE state IN ('done', 'refused') OR absent >= $2)::int AS over
              FROM visit_door WHERE round_id = ANY($1) GROUP BY round_id
            """,
            rounds.toArray(Long[]::new),
            Round.ABSENT_TIMES)
        .stream()
        .collect(
            toMap(
                row -> row.getLong("round_id"),
                row -> new int[] {row.getInteger("doors"), row.getInteger("over")}));
  }

  Optional<Round> byCode(Sql sql, String code) {
    return sql.row(ROUND + " WHERE r.code = $1", code)
        .map(row -> round(row, doors(sql, row.getLong("id"))));
  }

  Optional<Round> lock(Tx tx, String code) {
    return tx.row("SELECT id FROM visit_round WHERE code = $1 FOR UPDATE", code)
        .flatMap(_ -> byCode(tx, code));
  }

  void visit(
      Tx tx, long door, State state, int absent, @Nullable Instant at, @Nullable String note) {
    tx.execute(
        "UPDATE visit_door SET state = $2, absent = $3, at = $4, note = $5 WHERE id = $1",
        door,
        state.word(),
        absent,
        at == null ? null : at.atOffset(UTC),
        note);
  }

  boolean followUp(Tx tx, long door, CaseId id) {
    return tx.execute(
            "INSERT INTO visit_door_case (door_id, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            door,
            id.value())
        == 1;
  }

  void end(Tx tx, long round, @Nullable Instant at) {
    tx.execute(
        "UPDATE visit_round SET ended_at = $2 WHERE id = $1",
        round,
        at == null ? null : at.atOffset(UTC));
  }

  /// What is written on doors, and was noted there.
  int forget(Sql sql, Instant before, int limit) {
    return sql.execute(
        """
        UPDATE visit_door SET label = '', note = NULL
         WHERE id IN (SELECT d.id FROM visit_door d JOIN visit_round r ON r.id = d.round_id
                       WHERE r.until < $1 AND d.label <> '' LIMIT $2)
        """,
        before.atOffset(UTC),
        limit);
  }

  /// Each door once, by what came of it last in that time. What is forgotten counts by itself.
  Outcomes outcomes(Sql sql, String path, Instant from, Instant to) {
    Row row =
        sql.one(
            """
            SELECT count(*) FILTER (WHERE state = 'done') AS done,
                   count(*) FILTER (WHERE state = 'refused') AS refused,
                   count(*) FILTER (WHERE state = 'attempted') AS absent
              FROM (SELECT DISTINCT ON (r.territory_id, key) d.state,
                           CASE WHEN d.label = '' THEN d.id::text ELSE d.label END AS key, r.territory_id
                      FROM visit_door d
                      JOIN visit_round r ON r.id = d.round_id
                      JOIN territory t ON t.id = r.territory_id
                     WHERE d.at >= $2 AND d.at < $3 AND starts_with(t.path, $1)
                     ORDER BY r.territory_id, key, (d.state = 'done') DESC, d.at DESC) x
            """,
            path,
            from.atOffset(UTC),
            to.atOffset(UTC));
    return new Outcomes(row.getLong("done"), row.getLong("refused"), row.getLong("absent"));
  }

  private static List<Door> doors(Sql sql, long round) {
    Map<Long, List<String>> cases =
        sql
            .rows(
                """
                SELECT k.door_id, c.number FROM visit_door d
                  JOIN visit_door_case k ON k.door_id = d.id JOIN "case" c ON c.id = k.case_id
                 WHERE d.round_id = $1 ORDER BY k.case_id
                """,
                round)
            .stream()
            .collect(
                groupingBy(
                    row -> row.getLong("door_id"),
                    mapping(row -> row.getString("number"), toList())));
    return sql.rows("SELECT * FROM visit_door WHERE round_id = $1 ORDER BY nth", round).stream()
        .map(row ->
            new Door(
                row.getLong("id"),
                row.getInteger("nth"),
                row.getString("label"),
                State.of(row.getString("state")),
                row.getInteger("absent"),
                maybeInstant(row, "at"),
                row.getString("note"),
                cases.getOrDefault(row.getLong("id"), List.of())))
        .toList();
  }

  private static Round round(Row row, List<Door> doors) {
    return new Round(
        row.getLong("id"),
        row.getString("code"),
        row.getLong("territory_id"),
        row.getLong("community_id"),
        Purpose.of(row.getString("purpose")).orElseThrow(),
        instant(row, "until"),
        row.getLong("visitor_id"),
        row.getString("visitor_name"),
        row.getString("made_by_name"),
        maybeInstant(row, "ended_at"),
        doors);
  }
}
