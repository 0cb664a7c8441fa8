package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Errand.Why;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ErrandStore {
  private static final String ERRAND =
      """
      SELECT e.id, e.case_id, e.alarm_id, e.part_id, e.desk_id, e.why, e.occasion, e.step, e.staff_id, e.number,
             e.state, e.created_at, e.told_at
        FROM errand e
      """;

  /// What holds its number: what waits for an answer, what they know of, and for a while what was
  /// passed on, or rang. Of the index `errand_to_answer`.
  private static final String ANSWERABLE =
      """
      e.staff_id = $1 AND e.state IN ('told', 'passed', 'acknowledged')
         AND (e.state <> 'passed' OR e.ended_at > $2)
         AND (e.alarm_id IS NULL OR e.created_at > $2)
      """;

  /// What somebody may still answer. The case of an alarm is closed from the first.
  private static final String THEIRS =
      """
        JOIN "case" c ON c.id = e.case_id
       WHERE (c.closed_at IS NULL OR e.alarm_id IS NOT NULL) AND
      """
          + ANSWERABLE;

  // Cases to be looked at.

  /// Those that are open, or that somebody is still called about.
  void watch(Tx tx, Collection<Long> cases, Instant at) {
    tx.execute(
        """
        INSERT INTO errand_watch (case_id, next_due_at)
        SELECT c.id, $2 FROM "case" c
         WHERE c.id = ANY($1)
           AND (c.closed_at IS NULL OR EXISTS (
                  SELECT FROM errand e
                   WHERE e.case_id = c.id AND e.state <> 'settled'))
         ORDER BY c.id
            ON CONFLICT (case_id) DO UPDATE
           SET next_due_at = least(errand_watch.next_due_at, excluded.next_due_at)
        """,
        cases.toArray(Long[]::new),
        at.atOffset(UTC));
  }

  List<CaseId> watched(Tx tx, Instant now, int limit) {
    return tx
        .rows(
            """
            SELECT case_id FROM errand_watch
             WHERE next_due_at <= $1
             ORDER BY next_due_at
             LIMIT $2
               FOR UPDATE SKIP LOCKED
            """,
            now.atOffset(UTC),
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// @param next null: not any more, until something happens to it
  void lookAgain(Tx tx, CaseId id, @Nullable Instant next) {
    if (next == null) {
      tx.execute("DELETE FROM errand_watch WHERE case_id = $1", id.value());
    } else {
      tx.execute(
          "UPDATE errand_watch SET next_due_at = $2 WHERE case_id = $1",
          id.value(),
          next.atOffset(UTC));
    }
  }

  Optional<Instant> heldSince(Sql sql, CaseId id) {
    return sql.row(
            "SELECT lower(during) AS since FROM holding WHERE case_id = $1 AND upper_inf(during)",
            id.value())
        .map(row -> instant(row, "since"));
  }

  // What somebody is called about.

  boolean exists(Sql sql, CaseId id, Why why, Instant occasion) {
    return sql.one(
            """
            SELECT EXISTS (
              SELECT FROM errand WHERE case_id = $1 AND why = $2 AND occasion = $3) AS known
            """,
            id.value(),
            why.word(),
            occasion.atOffset(UTC))
        .getBoolean("known");
  }

  /// Who was called for the same before.
  List<Long> called(Sql sql, CaseId id, Why why, Instant occasion) {
    return sql
        .rows(
            """
            SELECT staff_id FROM errand
             WHERE case_id = $1 AND why = $2 AND occasion = $3 AND staff_id IS NOT NULL
            """,
            id.value(),
            why.word(),
            occasion.atOffset(UTC))
        .stream()
        .map(row -> row.getLong("staff_id"))
        .toList();
  }

  /// False when it was there already.
  boolean insert(
      Tx tx,
      CaseId id,
      @Nullable Long alarm,
      long desk,
      Why why,
      Instant occasion,
      int step,
      @Nullable Long staff,
      Instant now) {
    return insert(tx, id, alarm, null, desk, why, occasion, step, staff, now);
  }

  /// @param part of the case that it is about; null: the case itself
  boolean insert(
      Tx tx,
      CaseId id,
      @Nullable Long alarm,
      @Nullable Long part,
      long desk,
      Why why,
      Instant occasion,
      int step,
      @Nullable Long staff,
      Instant now) {
    return tx.execute(
            """
            INSERT INTO errand
                   (case_id, alarm_id, desk_id, why, occasion, step, staff_id, state, created_at, next_due_at, part_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $7::bigint IS NULL THEN 'phone' ELSE 'waiting' END,
                    $8::timestamptz, CASE WHEN $7::bigint IS NOT NULL THEN $8::timestamptz END, $9)
                ON CONFLICT DO NOTHING
            """,
            id.value(),
            alarm,
            desk,
            why.word(),
            occasion.atOffset(UTC),
            step,
            staff,
            now.atOffset(UTC),
            part)
        == 1;
  }

  /// Nobody is called by itself: it waits for a digest. False when somebody is called already.
  boolean fold(Tx tx, CaseId id, long desk, Why why, Instant occasion, long catchUp, Instant now) {
    return tx.execute(
            """
            INSERT INTO errand (case_id, desk_id, why, occasion, step, state, created_at, ended_at, catch_up_id)
            VALUES ($1, $2, $3, $4, 0, 'settled', $5, $5, $6)
                ON CONFLICT DO NOTHING
            """,
            id.value(),
            desk,
            why.word(),
            occasion.atOffset(UTC),
            now.atOffset(UTC),
            catchUp)
        == 1;
  }

  boolean isFolded(Sql sql, CaseId id, Why why, Instant occasion) {
    return sql.one(
            """
            SELECT EXISTS (
              SELECT FROM errand
               WHERE case_id = $1 AND why = $2 AND occasion = $3 AND catch_up_id IS NOT NULL) AS folded
            """,
            id.value(),
            why.word(),
            occasion.atOffset(UTC))
        .getBoolean("folded");
  }

  /// A digest reached nobody.
  void telephone(Tx tx, long id, Instant now) {
    tx.execute(
        "UPDATE errand SET state = 'phone', created_at = $2, ended_at = NULL WHERE id = $1",
        id,
        now.atOffset(UTC));
  }

  /// Whose time has come: those of one member of staff.
  List<Errand> toTell(Tx tx, Instant now, int limit) {
    Optional<Long> whose =
        tx.row(
                """
                SELECT staff_id FROM errand
                 WHERE next_due_at <= $1 AND state = 'waiting'
                 ORDER BY next_due_at
                 LIMIT 1
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                now.atOffset(UTC))
            .map(row -> row.getLong("staff_id"));
    return whose
        .map(staff ->
            tx
                .rows(
                    ERRAND
                        + """
                         WHERE e.staff_id = $1 AND e.state = 'waiting' AND e.next_due_at <= $2
                         ORDER BY e.id
                         LIMIT $3
                           FOR NO KEY UPDATE OF e SKIP LOCKED
                        """,
                    staff,
                    now.atOffset(UTC),
                    limit)
                .stream()
                .map(ErrandStore::read)
                .toList())
        .orElse(List.of());
  }

  Optional<Errand> toPass(Tx tx, Instant now) {
    return tx.row(
            ERRAND
                + """
                 WHERE e.state = 'told' AND e.next_due_at <= $1
                 ORDER BY e.next_due_at
                 LIMIT 1
                   FOR NO KEY UPDATE OF e SKIP LOCKED
                """,
            now.atOffset(UTC))
        .map(ErrandStore::read);
  }

  /// Numbers that name nothing of this person's, those first that have rested longest: who answers
  /// late must not hit another case.
  ///
  /// @param since what was passed on before has let its number go
  List<Integer> freeNumbers(Tx tx, long staff, Instant since, int first, int last, int many) {
    // Two nodes that tell the same person take turns.
    var _ = tx.one("SELECT id FROM staff WHERE id = $1 FOR NO KEY UPDATE", staff);
    return tx
        .rows(
            """
            SELECT n.number
              FROM generate_series($3::int, $4::int) AS n (number)
              LEFT JOIN LATERAL (
                     SELECT greatest(u.told_at, u.ended_at) AS at FROM errand u
                      WHERE u.staff_id = $1 AND u.number = n.number
                      ORDER BY u.told_at DESC LIMIT 1) used ON true
             WHERE NOT EXISTS (SELECT FROM errand e WHERE e.number = n.number AND %s)
             ORDER BY used.at NULLS FIRST, n.number
             LIMIT $5
            """
                .formatted(ANSWERABLE),
            staff,
            since.atOffset(UTC),
            first,
            last,
            many)
        .stream()
        .map(row -> row.getInteger("number"))
        .toList();
  }

  /// @param number null: none was free
  void told(Tx tx, long id, @Nullable Integer number, Instant at, Instant passes) {
    tx.execute(
        """
        UPDATE errand SET state = 'told', number = $2, told_at = $3, next_due_at = $4 WHERE id = $1
        """,
        id,
        number,
        at.atOffset(UTC),
        passes.atOffset(UTC));
  }

  void later(Tx tx, long id, Instant due) {
    tx.execute("UPDATE errand SET next_due_at = $2 WHERE id = $1", id, due.atOffset(UTC));
  }

  void end(Tx tx, long id, Errand.State state, Instant at) {
    tx.execute(
        "UPDATE errand SET state = $2, next_due_at = NULL, ended_at = $3 WHERE id = $1",
        id,
        state.word(),
        at.atOffset(UTC));
  }

  /// @param by who said so
  /// @param reached who was reached by telephone; null: they said it themselves
  void acknowledge(Tx tx, long id, long by, @Nullable Long reached, Instant at) {
    tx.execute(
        """
        UPDATE errand
           SET state = 'acknowledged', acknowledged_by = $2, reached_id = $3, next_due_at = NULL,
               ended_at = $4
         WHERE id = $1
        """,
        id,
        by,
        reached,
        at.atOffset(UTC));
  }

  /// Somebody knows: nobody else needs to be called for the same.
  void settleOthers(Tx tx, Errand one, Instant at) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $5
         WHERE case_id = $1 AND why = $2 AND occasion = $3 AND id <> $4
           AND state IN ('waiting', 'told', 'phone')
        """,
        one.caseId().value(),
        one.why().word(),
        one.occasion().atOffset(UTC),
        one.id(),
        at.atOffset(UTC));
  }

  /// The case is closed. An alarm ends by itself.
  void settleAll(Tx tx, CaseId id, Instant at) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $2
         WHERE case_id = $1 AND alarm_id IS NULL AND state <> 'settled'
           AND why NOT IN ('part_back', 'part_over', 'ruled', 'return_agreed')
        """,
        id.value(),
        at.atOffset(UTC));
  }

  /// Of parts that nobody does any more, and of those that somebody has signed: it stays with
  /// whoever was told and signed it.
  void settleParts(Tx tx, CaseId id, Collection<Part> open, Instant since, Instant at) {
    tx.execute(
        """
        UPDATE errand e
           SET state = CASE WHEN e.staff_id = p.staff_id AND p.id IS NOT NULL
                             AND (e.state = 'told' OR e.state = 'passed' AND e.ended_at > $5)
                            THEN 'acknowledged' ELSE 'settled' END,
               acknowledged_by = CASE WHEN e.staff_id = p.staff_id THEN p.staff_id
                                      ELSE e.acknowledged_by END,
               next_due_at = NULL, ended_at = $4
          FROM errand old
          LEFT JOIN unnest($2::bigint[], $3::bigint[]) AS p (id, staff_id) ON p.id = old.part_id
         WHERE old.id = e.id AND old.case_id = $1 AND old.part_id IS NOT NULL
           AND old.why NOT IN ('part_back', 'part_over')
           AND (p.id IS NULL AND old.state <> 'settled'
                OR p.staff_id IS NOT NULL
                   AND (old.why = 'part_asked' AND old.state IN ('waiting', 'told', 'passed', 'phone')
                        OR old.state = 'acknowledged' AND old.staff_id <> p.staff_id))
        """,
        id.value(),
        open.stream().map(Part::id).toArray(Long[]::new),
        open.stream().map(Part::staffId).toArray(Long[]::new),
        at.atOffset(UTC),
        since.atOffset(UTC));
  }

  /// Of the day of a part that was near, or over, and is another now.
  void settlePart(Tx tx, long part, Why why, @Nullable Instant but, Instant at) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $4
         WHERE part_id = $1 AND why = $2 AND state IN ('waiting', 'told', 'passed', 'phone')
           AND occasion IS DISTINCT FROM $3::timestamptz
        """,
        part,
        why.word(),
        but == null ? null : but.atOffset(UTC),
        at.atOffset(UTC));
  }

  /// It went to another desk. An alarm rings at desks of its own, parts are done there, and whose
  /// it is others say than the one that has it.
  void settleElsewhere(Tx tx, CaseId id, long desk, Instant at) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $3
         WHERE case_id = $1 AND desk_id <> $2 AND alarm_id IS NULL AND part_id IS NULL
           AND state <> 'settled'
           AND why NOT IN ('disputed', 'to_rule', 'ruled', 'return_agreed', 'convened')
        """,
        id.value(),
        desk,
        at.atOffset(UTC));
  }

  /// Somebody has it. It stays with whoever was told and took it, and what others know of is not
  /// theirs to finish any more.
  ///
  /// @param since what was passed on before has let its number go
  void settleTaken(Tx tx, CaseId id, long by, Instant since, Instant at) {
    tx.execute(
        """
        UPDATE errand
           SET state = CASE WHEN staff_id = $2 AND (state = 'told' OR state = 'passed' AND ended_at > $4)
                            THEN 'acknowledged' ELSE 'settled' END,
               acknowledged_by = CASE WHEN staff_id = $2 THEN $2 ELSE acknowledged_by END,
               next_due_at = NULL, ended_at = $3
         WHERE case_id = $1 AND part_id IS NULL
           AND (why IN ('new', 'kept') AND state IN ('waiting', 'told', 'passed', 'phone')
                OR state = 'acknowledged' AND staff_id <> $2
                   AND why NOT IN ('disputed', 'to_rule', 'convened', 'conference_late'))
        """,
        id.value(),
        by,
        at.atOffset(UTC),
        since.atOffset(UTC));
  }

  /// Of clocks that do not run any more; and who was told that one is short need not answer once
  /// they are told that it is over.
  void settleClocks(Tx tx, CaseId id, Collection<Instant> running, Instant now) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $3
         WHERE case_id = $1 AND why IN ('soon', 'overdue')
           AND state IN ('waiting', 'told', 'passed', 'phone')
           AND (NOT occasion = ANY($2) OR why = 'soon' AND occasion <= $3)
        """,
        id.value(),
        running.stream().map(each -> each.atOffset(UTC)).toArray(OffsetDateTime[]::new),
        now.atOffset(UTC));
  }

  /// Nobody need answer for this any more.
  ///
  /// @param but the occasion that still stands; null: none
  void settle(Tx tx, CaseId id, Why why, @Nullable Instant but, Instant at) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $3
         WHERE case_id = $1 AND why = $4 AND state IN ('waiting', 'told', 'passed', 'phone')
           AND occasion IS DISTINCT FROM $2::timestamptz
        """,
        id.value(),
        but == null ? null : but.atOffset(UTC),
        at.atOffset(UTC),
        why.word());
  }

  /// Of a desk: it has said something of that.
  void settleOf(Tx tx, CaseId id, Why why, long desk, Instant at) {
    tx.execute(
        """
        UPDATE errand SET state = 'settled', next_due_at = NULL, ended_at = $4
         WHERE case_id = $1 AND why = $2 AND desk_id = $3 AND state IN ('waiting', 'told', 'passed', 'phone')
        """,
        id.value(),
        why.word(),
        desk,
        at.atOffset(UTC));
  }

  /// Whether somebody else is being called for the same, or knows of it.
  boolean reachesAnother(Tx tx, Errand one) {
    return tx.one(
            """
            SELECT EXISTS (
              SELECT FROM errand
               WHERE case_id = $1 AND why = $2 AND occasion = $3 AND id <> $4
                 AND state IN ('waiting', 'told', 'acknowledged')) AS reaches
            """,
            one.caseId().value(),
            one.why().word(),
            one.occasion().atOffset(UTC),
            one.id())
        .getBoolean("reaches");
  }

  /// Somebody has acknowledged it.
  ///
  /// @param since what was passed on before has let its number go
  void settleAlarm(Tx tx, long alarm, long by, Instant since, Instant at) {
    tx.execute(
        """
        UPDATE errand
           SET state = CASE WHEN staff_id = $2 AND (state = 'told' OR state = 'passed' AND ended_at > $4)
                            THEN 'acknowledged' ELSE 'settled' END,
               acknowledged_by = CASE WHEN staff_id = $2 THEN $2 END, next_due_at = NULL, ended_at = $3
         WHERE alarm_id = $1 AND state IN ('waiting', 'told', 'passed', 'phone')
        """,
        alarm,
        by,
        at.atOffset(UTC),
        since.atOffset(UTC));
  }

  /// What nobody can answer any more: what was passed on, alarms that somebody has, and what is
  /// left of cases that were closed. True when there may be more.
  boolean forget(Tx tx, Instant before, Instant at, int limit) {
    return tx.execute(
            """
            WITH old AS (
                   SELECT e.id FROM errand e JOIN "case" c ON c.id = e.case_id
                    WHERE e.state IN ('told', 'passed', 'acknowledged') AND e.ended_at <= $1
                      AND (e.state = 'passed' OR e.alarm_id IS NOT NULL OR c.closed_at <= $1)
                    LIMIT $3
                      FOR NO KEY UPDATE OF e SKIP LOCKED)
            UPDATE errand e SET state = 'settled', ended_at = $2 FROM old WHERE e.id = old.id
            """,
            before.atOffset(UTC),
            at.atOffset(UTC),
            limit)
        == limit;
  }

  // What staff answer.

  /// What is theirs, the newest first, locked.
  List<Errand> theirs(Tx tx, long staff, Instant since, int limit) {
    return tx
        .rows(
            ERRAND + THEIRS + " ORDER BY e.told_at DESC, e.id DESC LIMIT $3 FOR NO KEY UPDATE OF e",
            staff,
            since.atOffset(UTC),
            limit)
        .stream()
        .map(ErrandStore::read)
        .toList();
  }

  /// What of theirs has this number, locked.
  List<Errand> numbered(Tx tx, long staff, int number, Instant since) {
    return tx
        .rows(
            ERRAND
                + THEIRS
                + " AND e.number = $3 ORDER BY e.told_at DESC, e.id DESC FOR NO KEY UPDATE OF e",
            staff,
            since.atOffset(UTC),
            number)
        .stream()
        .map(ErrandStore::read)
        .toList();
  }

  /// What of theirs is about the case with this number, locked.
  List<Errand> ofCase(Tx tx, long staff, CaseNumber number, Instant since) {
    return tx
        .rows(
            ERRAND
                + THEIRS
                + " AND c.id = (SELECT case_id FROM case_key WHERE number = $3)"
                + " ORDER BY e.told_at DESC, e.id DESC FOR NO KEY UPDATE OF e",
            staff,
            since.atOffset(UTC),
            number.text())
        .stream()
        .map(ErrandStore::read)
        .toList();
  }

  /// One of theirs, locked.
  Optional<Errand> theirs(Tx tx, long staff, long id, Instant since) {
    return tx.row(
            ERRAND + THEIRS + " AND e.id = $3 FOR NO KEY UPDATE OF e",
            staff,
            since.atOffset(UTC),
            id)
        .map(ErrandStore::read);
  }

  /// The last that they were told of, whatever became of it.
  Optional<Errand> toldLast(Tx tx, long staff, Instant since) {
    return tx.row(
            ERRAND
                + """
                 WHERE e.staff_id = $1 AND e.told_at > $2
                 ORDER BY e.told_at DESC, e.id DESC
                 LIMIT 1
                """,
            staff,
            since.atOffset(UTC))
        .map(ErrandStore::read);
  }

  /// What these desks have to telephone about, oldest first.
  List<Errand> toTelephone(Sql sql, long desk, long after, int limit) {
    return sql
        .rows(
            ERRAND
                + " WHERE e.desk_id = $1 AND e.state = 'phone' AND e.id > $2 ORDER BY e.id LIMIT $3",
            desk,
            after,
            limit)
        .stream()
        .map(ErrandStore::read)
        .toList();
  }

  /// How many, up to a hundred.
  long countToTelephone(Sql sql, Long[] desks) {
    return sql.one(
            """
            SELECT count(*) AS n
              FROM (SELECT FROM errand WHERE desk_id = ANY($1) AND state = 'phone' LIMIT 100) AS first
            """,
            (Object) desks)
        .getLong("n");
  }

  Optional<Errand> phoneOf(Tx tx, long id) {
    return tx.row(ERRAND + " WHERE e.id = $1 FOR NO KEY UPDATE OF e", id).map(ErrandStore::read);
  }

  Optional<Errand> byId(Sql sql, long id) {
    return sql.row(ERRAND + " WHERE e.id = $1", id).map(ErrandStore::read);
  }

  /// Those who were called for the same, in turn, with when they were told.
  record Called(long staffId, @Nullable Instant toldAt) {}

  List<Called> calledInTurn(Sql sql, Errand one) {
    return sql
        .rows(
            """
            SELECT staff_id, told_at FROM errand
             WHERE case_id = $1 AND why = $2 AND occasion = $3 AND staff_id IS NOT NULL
             ORDER BY step, id
            """,
            one.caseId().value(),
            one.why().word(),
            one.occasion().atOffset(UTC))
        .stream()
        .map(row -> new Called(row.getLong("staff_id"), maybeInstant(row, "told_at")))
        .toList();
  }

  // Alarms.

  /// @param step how far up the chain
  record Ringing(CaseId caseId, long territory, Instant rungAt, int step) {}

  /// Empty once somebody has acknowledged it.
  Optional<Ringing> ringing(Sql sql, long alarm) {
    return sql.row(
            """
            SELECT case_id, territory_id, rung_at, step FROM alarm
             WHERE id = $1 AND acknowledged_at IS NULL
            """,
            alarm)
        .map(row ->
            new Ringing(
                new CaseId(row.getLong("case_id")),
                row.getLong("territory_id"),
                instant(row, "rung_at"),
                row.getInteger("step")));
  }

  // For whoever watches over the server.

  List<Backlog> backlogs(Sql sql, Instant now) {
    Row due =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM errand WHERE next_due_at <= $1
                     ORDER BY next_due_at LIMIT $2) d
            """,
            now.atOffset(UTC),
            Backlog.COUNTED_AT_MOST);
    Row watched =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM errand_watch WHERE next_due_at <= $1
                     ORDER BY next_due_at LIMIT $2) d
            """,
            now.atOffset(UTC),
            Backlog.COUNTED_AT_MOST);
    return List.of(
        Backlog.of("errands", due.getLong("n"), due.getOffsetDateTime("oldest")),
        Backlog.of("errands-look", watched.getLong("n"), watched.getOffsetDateTime("oldest")));
  }

  private static Errand read(Row row) {
    return new Errand(
        row.getLong("id"),
        new CaseId(row.getLong("case_id")),
        row.getLong("alarm_id"),
        row.getLong("part_id"),
        row.getLong("desk_id"),
        Why.of(row.getString("why")),
        instant(row, "occasion"),
        row.getInteger("step"),
        row.getLong("staff_id"),
        row.getInteger("number"),
        Errand.State.of(row.getString("state")),
        instant(row, "created_at"),
        maybeInstant(row, "told_at"));
  }
}
