package io.linyu.community;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class BindCodeStore {
  void drop(Sql sql, long address) {
    sql.execute("DELETE FROM bind_code WHERE address_id = $1", address);
  }

  /// False when somebody else has this one.
  boolean insert(Tx tx, byte[] hash, long address, Instant end) {
    return tx.execute(
            """
            INSERT INTO bind_code (hash, address_id, expires_at) VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING
            """,
            Buffer.buffer(hash),
            address,
            at(end))
        == 1;
  }

  /// Whoever types another one means that one.
  Optional<Long> claim(Tx tx, List<byte[]> hashes, long address, Instant now) {
    Optional<Long> from =
        tx.row(
                """
                UPDATE bind_code SET claimed_by = $2
                 WHERE hash = ANY($1) AND expires_at > $3 AND (claimed_by IS NULL OR claimed_by = $2)
                RETURNING address_id
                """,
                hashes.stream().map(Buffer::buffer).toArray(Buffer[]::new),
                address,
                at(now))
            .map(row -> row.getLong("address_id"));
    from.ifPresent(asked ->
        tx.execute(
            "DELETE FROM bind_code WHERE claimed_by = $1 AND address_id <> $2", address, asked));
    return from;
  }

  Optional<Long> use(Tx tx, long address, Instant now) {
    return tx.row(
            """
            DELETE FROM bind_code WHERE claimed_by = $1 AND expires_at > $2 RETURNING address_id
            """,
            address,
            at(now))
        .map(row -> row.getLong("address_id"));
  }

  int wrongOf(Tx tx, long address, Instant since) {
    return tx.row(
            "SELECT wrong FROM bind_guess WHERE address_id = $1 AND since > $2", address, at(since))
        .map(row -> row.getInteger("wrong"))
        .orElse(0);
  }

  long wrongOfAll(Tx tx, Instant since) {
    return tx.one(
            "SELECT coalesce(sum(wrong), 0)::bigint AS wrong FROM bind_guess WHERE since > $1",
            at(since))
        .getLong("wrong");
  }

  void noteWrong(Tx tx, long address, Instant now, Instant since) {
    tx.execute(
        """
        INSERT INTO bind_guess AS g (address_id, since, wrong) VALUES ($1, $2, 1)
            ON CONFLICT (address_id) DO UPDATE
           SET wrong = CASE WHEN g.since > $3 THEN g.wrong + 1 ELSE 1 END,
               since = CASE WHEN g.since > $3 THEN g.since ELSE $2 END
        """,
        address,
        at(now),
        at(since));
  }

  int forget(Sql sql, Instant before, int most) {
    return Math.max(
        sql.execute(
            """
            DELETE FROM bind_code WHERE hash IN (
              SELECT hash FROM bind_code WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            at(before),
            most),
        sql.execute(
            """
            DELETE FROM bind_guess WHERE address_id IN (
              SELECT address_id FROM bind_guess WHERE since < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            at(before),
            most));
  }

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
