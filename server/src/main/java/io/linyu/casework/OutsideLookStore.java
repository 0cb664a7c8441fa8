package io.linyu.casework;

import static java.time.ZoneOffset.UTC;

import io.linyu.casework.OutsideLook.Reason;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class OutsideLookStore {
  private static final String LOOK =
      """
      SELECT k.code, k.case_id, s.name AS staff_name, t.name AS unit, k.reason, k.words, k.at, k.until
        FROM look_outside k
        JOIN staff s ON s.id = k.staff_id
        JOIN territory t ON t.id = k.unit_id
      """;

  /// One after another for each: so nobody looks once more than they may by asking twice at once.
  void queue(Tx tx, long staff) {
    var _ = tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.look:' || $1::bigint))", staff);
  }

  int countSince(Sql sql, long staff, Instant since) {
    return sql.one(
            "SELECT count(*)::int AS many FROM look_outside WHERE staff_id = $1 AND at >= $2",
            staff,
            since.atOffset(UTC))
        .getInteger("many");
  }

  /// @param id null: nothing is looked at
  void insert(
      Tx tx,
      String code,
      long staff,
      long unit,
      @Nullable CaseId id,
      Reason reason,
      String words,
      Instant at,
      Instant until) {
    tx.execute(
        """
        INSERT INTO look_outside (code, staff_id, unit_id, case_id, reason, words, at, until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        code,
        staff,
        unit,
        id == null ? null : id.value(),
        reason.word(),
        words,
        at.atOffset(UTC),
        until.atOffset(UTC));
  }

  /// Theirs, also one that is over.
  Optional<OutsideLook> of(Sql sql, long staff, String code) {
    return sql.row(
            LOOK + " WHERE k.code = $1 AND k.staff_id = $2 AND k.case_id IS NOT NULL", code, staff)
        .map(OutsideLookStore::read);
  }

  /// The latest, oldest first.
  List<OutsideLook> ofCase(Sql sql, CaseId id, int limit) {
    return sql
        .rows(LOOK + " WHERE k.case_id = $1 ORDER BY k.id DESC LIMIT $2", id.value(), limit)
        .stream()
        .map(OutsideLookStore::read)
        .toList()
        .reversed();
  }

  int forgetVain(Sql sql, Instant before, int limit) {
    return sql.execute(
        """
        DELETE FROM look_outside
         WHERE id IN (SELECT id FROM look_outside WHERE case_id IS NULL AND at < $1
                       ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        before.atOffset(UTC),
        limit);
  }

  private static OutsideLook read(Row row) {
    return new OutsideLook(
        row.getString("code"),
        new CaseId(row.getLong("case_id")),
        row.getString("staff_name"),
        row.getString("unit"),
        Reason.of(row.getString("reason")).orElse(Reason.OTHER),
        row.getString("words"),
        CaseStore.instant(row, "at"),
        CaseStore.instant(row, "until"));
  }
}
