package io.linyu.community;

import io.linyu.platform.db.Sql;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class SecondFactorStore {
  Optional<SecondFactors.State> state(Sql sql, long staff) {
    return sql.row(
            """
            SELECT since,
                   (SELECT count(*)::int FROM recovery_code c
                     WHERE c.staff_id = f.staff_id AND c.used_at IS NULL) AS codes_left
              FROM second_factor f
             WHERE staff_id = $1
            """,
            staff)
        .map(row ->
            new SecondFactors.State(
                row.getOffsetDateTime("since").toInstant(), row.getInteger("codes_left")));
  }

  Optional<byte[]> secret(Sql sql, long staff) {
    return sql.row("SELECT secret_sealed FROM second_factor WHERE staff_id = $1", staff)
        .map(row -> row.getBuffer("secret_sealed").getBytes());
  }

  /// Whether this step is later than all that were accepted; from now on it is not.
  boolean take(Sql sql, long staff, long step) {
    return sql.execute(
            "UPDATE second_factor SET last_step = $2 WHERE staff_id = $1 AND last_step < $2",
            staff,
            step)
        == 1;
  }

  boolean use(Sql sql, long staff, byte[] hash, Instant now) {
    return sql.execute(
            """
            UPDATE recovery_code SET used_at = $3
             WHERE staff_id = $1 AND hash = $2 AND used_at IS NULL
            """,
            staff,
            Buffer.buffer(hash),
            now.atOffset(ZoneOffset.UTC))
        > 0;
  }

  /// What began with another state of them ends.
  void credentialsChanged(Sql sql, long staff) {
    sql.execute(
        "UPDATE staff SET credential_version = credential_version + 1 WHERE id = $1", staff);
  }

  boolean add(Sql sql, long staff, byte[] secret, long step, Instant now) {
    return sql.execute(
            """
            INSERT INTO second_factor (staff_id, secret_sealed, last_step, since)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT DO NOTHING
            """,
            staff,
            Buffer.buffer(secret),
            step,
            now.atOffset(ZoneOffset.UTC))
        == 1;
  }

  boolean remove(Sql sql, long staff) {
    return sql.execute("DELETE FROM second_factor WHERE staff_id = $1", staff) == 1;
  }

  void replaceCodes(Sql sql, long staff, List<byte[]> hashes) {
    sql.execute("DELETE FROM recovery_code WHERE staff_id = $1", staff);
    sql.execute(
        "INSERT INTO recovery_code (staff_id, hash) SELECT $1, unnest($2::bytea[])",
        staff,
        buffers(hashes));
  }

  private static Object buffers(List<byte[]> bytes) {
    return bytes.stream().map(Buffer::buffer).toArray(Buffer[]::new);
  }
}
