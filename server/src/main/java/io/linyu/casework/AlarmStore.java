package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Alarms.Alarm;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class AlarmStore {
  private static final String ALARM =
      """
      SELECT a.id, a.case_id, case_number(c.number, c.round) AS number, c.code, a.kind, a.territory_id, a.address_id, a.rung_at,
             a.step, s.name AS acknowledged_by, a.acknowledged_at, p.called, c.what,
             c.place AS typed, %s AS place_name
        FROM alarm a
        JOIN "case" c ON c.id = a.case_id
        JOIN territory t ON t.id = a.territory_id
        LEFT JOIN territory u ON u.id = c.community_id
        LEFT JOIN staff s ON s.id = a.acknowledged_by
        LEFT JOIN person p ON p.id = c.person_id
      """
          .formatted(CaseStore.PLACE_NAME);

  private static final String SEEN =
      """
      (c.desk_id = ANY($2)
       OR c.desk_id = ANY($6) AND (a.kind <> 'unsigned' OR NOT c.confidential)
       OR (a.grid_id = $3 OR starts_with(a.territory_path, $4))
          AND (a.kind <> 'unsigned' OR NOT c.confidential OR c.level = ANY($5)))
      """;

  /// An alarm as it stands.
  record Found(
      long id,
      CaseId caseId,
      CaseNumber number,
      String code,
      String kind,
      long territory,
      String territoryName,
      @Nullable Long address,
      @Nullable String called,
      String what,
      @Nullable String typed,
      Instant rungAt,
      int step,
      @Nullable String acknowledgedBy,
      @Nullable Instant acknowledgedAt) {

    /// @param rank how far up the chain the reader stands
    Alarm alarm(int rank, @Nullable String dutyPhone) {
      return new Alarm(
          id,
          caseId,
          number,
          code,
          kind,
          territoryName,
          dutyPhone,
          address,
          called,
          what,
          typed,
          rungAt,
          step,
          rank <= step,
          acknowledgedBy,
          acknowledgedAt);
    }
  }

  /// An alarm whose time to be acknowledged is over.
  record Overdue(long id, CaseId caseId, @Nullable Long address, int step, int round) {}

  /// A call that is due, with what it says.
  record Call(
      long id,
      long alarm,
      String number,
      String code,
      String kind,
      long territory,
      Instant rungAt,
      int step,
      int round,
      int attempts) {}

  long insert(
      Tx tx,
      CaseId caseId,
      @Nullable Long address,
      Territory place,
      @Nullable Long grid,
      String kind,
      Instant at,
      int step,
      Instant climbsAt) {
    return tx.one(
            """
            INSERT INTO alarm
                   (case_id, address_id, territory_id, territory_path, grid_id, kind, rung_at, step,
                    next_due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            RETURNING id
            """,
            caseId.value(),
            address,
            place.id(),
            place.path(),
            grid,
            kind,
            at.atOffset(UTC),
            step,
            climbsAt.atOffset(UTC))
        .getLong("id");
  }

  Optional<Alarms.Rung> rung(Tx tx, long address, String kind, Instant since) {
    return tx.row(
            """
            SELECT a.case_id, case_number(c.number, c.round) AS number, d.name AS desk_name, a.acknowledged_at IS NOT NULL AS seen
              FROM alarm a
              JOIN "case" c ON c.id = a.case_id
              JOIN desk d ON d.id = c.desk_id
             WHERE a.address_id = $1 AND a.kind = $2 AND a.rung_at >= $3
             ORDER BY a.id DESC
             LIMIT 1
            """,
            address,
            kind,
            since.atOffset(UTC))
        .map(row ->
            new Alarms.Rung(
                new CaseId(row.getLong("case_id")),
                new CaseNumber(row.getString("number")),
                row.getString("desk_name"),
                row.getBoolean("seen")));
  }

  List<Found> open(Sql sql, Staff staff, Scope scope) {
    return sql
        .rows(
            ALARM
                + " WHERE $1 AND a.acknowledged_at IS NULL AND "
                + SEEN
                + " ORDER BY a.rung_at, a.id LIMIT 100",
            true,
            CaseStore.ownDesks(staff),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            CaseStore.desks(staff))
        .stream()
        .map(AlarmStore::read)
        .toList();
  }

  List<Found> ofCase(Sql sql, Staff staff, Scope scope, CaseId id) {
    return sql
        .rows(
            ALARM + " WHERE a.case_id = $1 AND " + SEEN + " ORDER BY a.id DESC",
            id.value(),
            CaseStore.ownDesks(staff),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            CaseStore.desks(staff))
        .stream()
        .map(AlarmStore::read)
        .toList();
  }

  Optional<Found> visible(Sql sql, Staff staff, Scope scope, long id) {
    return sql.row(
            ALARM + " WHERE a.id = $1 AND " + SEEN,
            id,
            CaseStore.ownDesks(staff),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            CaseStore.desks(staff))
        .map(AlarmStore::read);
  }

  /// Whether one of this kind rings for this case.
  boolean rings(Sql sql, CaseId id, String kind) {
    return sql.row(
            "SELECT id FROM alarm WHERE case_id = $1 AND kind = $2 AND acknowledged_at IS NULL LIMIT 1",
            id.value(),
            kind)
        .isPresent();
  }

  /// @return those that rang
  List<Long> end(Tx tx, CaseId id, String kind, long staff, Instant at) {
    return tx
        .rows(
            """
            UPDATE alarm SET acknowledged_by = $3, acknowledged_at = $4, next_due_at = NULL
             WHERE case_id = $1 AND kind = $2 AND acknowledged_at IS NULL
            RETURNING id
            """,
            id.value(),
            kind,
            staff,
            at.atOffset(UTC))
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  String kindOf(Sql sql, long id) {
    return sql.one("SELECT kind FROM alarm WHERE id = $1", id).getString("kind");
  }

  boolean acknowledge(Tx tx, long id, long staff, Instant at) {
    return tx.execute(
            """
            UPDATE alarm
               SET acknowledged_by = $2, acknowledged_at = $3, next_due_at = NULL
             WHERE id = $1 AND acknowledged_at IS NULL
            """,
            id,
            staff,
            at.atOffset(UTC))
        == 1;
  }

  /// Those that nobody has acknowledged, since they rang; and the calls that are due.
  List<Backlog> backlogs(Sql sql, Instant now) {
    Row ringing =
        sql.one(
            "SELECT count(*) AS n, min(rung_at) AS oldest FROM alarm WHERE acknowledged_at IS NULL");
    Row calls =
        sql.one(
            """
            SELECT count(*) AS n, min(c.next_due_at) AS oldest
              FROM alarm_call c JOIN alarm a ON a.id = c.alarm_id
             WHERE c.state = 'waiting' AND c.next_due_at <= $1 AND a.acknowledged_at IS NULL
            """,
            now.atOffset(UTC));
    return List.of(
        Backlog.of(Backlog.ALARMS, ringing.getLong("n"), ringing.getOffsetDateTime("oldest")),
        Backlog.of("alarms-call", calls.getLong("n"), calls.getOffsetDateTime("oldest")));
  }

  Optional<Overdue> overdue(Tx tx, Instant now) {
    return tx.row(
            """
            SELECT id, case_id, address_id, step, round FROM alarm
             WHERE acknowledged_at IS NULL AND next_due_at <= $1
             ORDER BY next_due_at
             LIMIT 1
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            now.atOffset(UTC))
        .map(row ->
            new Overdue(
                row.getLong("id"),
                new CaseId(row.getLong("case_id")),
                row.getLong("address_id"),
                row.getInteger("step"),
                row.getInteger("round")));
  }

  void climb(Tx tx, long id, int step, int round, Instant climbsAt) {
    tx.execute(
        """
        UPDATE alarm SET step = $2, round = $3, next_due_at = $4 WHERE id = $1
        """,
        id,
        step,
        round,
        climbsAt.atOffset(UTC));
  }

  void addCall(Tx tx, long alarm, int step, int round, Instant at) {
    tx.execute(
        """
        INSERT INTO alarm_call (alarm_id, step, round, next_due_at) VALUES ($1, $2, $3, $4)
        """,
        alarm,
        step,
        round,
        at.atOffset(UTC));
  }

  /// Takes one call for as long as the lease lasts. Calls of alarms that were acknowledged in the
  /// meantime are not made any more.
  Optional<Call> takeCall(Tx tx, Instant now, Duration lease) {
    return tx.row(
            """
            UPDATE alarm_call k
               SET lease_until = $2, attempts = k.attempts + 1
              FROM alarm a JOIN "case" c ON c.id = a.case_id
             WHERE a.id = k.alarm_id
               AND k.id = (
                   SELECT w.id FROM alarm_call w JOIN alarm o ON o.id = w.alarm_id
                    WHERE w.state = 'waiting' AND w.next_due_at <= $1
                      AND (w.lease_until IS NULL OR w.lease_until < $1)
                      AND o.acknowledged_at IS NULL
                    ORDER BY w.next_due_at
                    LIMIT 1
                      FOR NO KEY UPDATE OF w SKIP LOCKED)
            RETURNING k.id, k.alarm_id, k.step, k.round, k.attempts, case_number(c.number, c.round) AS number, c.code, a.kind,
                      a.territory_id, a.rung_at
            """,
            now.atOffset(UTC),
            now.plus(lease).atOffset(UTC))
        .map(row ->
            new Call(
                row.getLong("id"),
                row.getLong("alarm_id"),
                row.getString("number"),
                row.getString("code"),
                row.getString("kind"),
                row.getLong("territory_id"),
                CaseStore.instant(row, "rung_at"),
                row.getInteger("step"),
                row.getInteger("round"),
                row.getInteger("attempts")));
  }

  void called(Sql sql, long call) {
    sql.execute(
        "UPDATE alarm_call SET state = 'delivered', reason = NULL, lease_until = NULL WHERE id = $1",
        call);
  }

  /// @param again when it is tried once more; null: it is not
  void notCalled(Sql sql, long call, String reason, @Nullable Instant again) {
    sql.execute(
        """
        UPDATE alarm_call
           SET state = CASE WHEN $3::timestamptz IS NULL THEN 'failed' ELSE 'waiting' END,
               reason = $2, lease_until = NULL, next_due_at = coalesce($3, next_due_at)
         WHERE id = $1
        """,
        call,
        reason,
        again == null ? null : again.atOffset(UTC));
  }

  /// Whether anybody who looks after territory can sign in.
  boolean somebodySignsIn(Sql sql, List<String> roles) {
    return sql.one(
            """
            SELECT EXISTS (
                   SELECT 1 FROM staff
                    WHERE active AND password_hash IS NOT NULL AND role = ANY($1)) AS somebody
            """,
            (Object) roles.toArray(String[]::new))
        .getBoolean("somebody");
  }

  private static Found read(Row row) {
    return new Found(
        row.getLong("id"),
        new CaseId(row.getLong("case_id")),
        new CaseNumber(row.getString("number")),
        row.getString("code"),
        row.getString("kind"),
        row.getLong("territory_id"),
        row.getString("place_name"),
        row.getLong("address_id"),
        row.getString("called"),
        row.getString("what"),
        row.getString("typed"),
        CaseStore.instant(row, "rung_at"),
        row.getInteger("step"),
        row.getString("acknowledged_by"),
        CaseStore.maybeInstant(row, "acknowledged_at"));
  }

  static int rank(Scope scope) {
    return scope.level() == null ? 0 : rank(scope.level());
  }

  static int rank(Level level) {
    return switch (level) {
      case DISTRICT -> 2;
      case STREET -> 1;
      case COMMUNITY, GROUP, BUILDING, GRID -> 0;
    };
  }
}
