package io.linyu.community;

import io.linyu.channel.AddressKey;
import io.linyu.community.StaffAddresses.Bound;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

final class StaffAddressStore {
  void dropCode(Tx tx, long staff) {
    tx.execute("DELETE FROM staff_code WHERE staff_id = $1", staff);
  }

  /// False when somebody else has this one.
  boolean insertCode(Tx tx, byte[] hash, long staff, Instant end) {
    return tx.execute(
            """
            INSERT INTO staff_code (hash, staff_id, expires_at) VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING
            """,
            Buffer.buffer(hash),
            staff,
            end.atOffset(ZoneOffset.UTC))
        == 1;
  }

  Optional<Long> codeOf(Tx tx, List<byte[]> hashes, Instant now) {
    return tx.row(
            "SELECT staff_id FROM staff_code WHERE hash = ANY($1) AND expires_at > $2 FOR UPDATE",
            hashes.stream().map(Buffer::buffer).toArray(Buffer[]::new),
            now.atOffset(ZoneOffset.UTC))
        .map(row -> row.getLong("staff_id"));
  }

  void forget(Sql sql, Instant before) {
    sql.execute("DELETE FROM staff_code WHERE expires_at < $1", before.atOffset(ZoneOffset.UTC));
  }

  Optional<Bound> of(Sql sql, long staff) {
    return sql.row(
            """
            SELECT b.address_id, b.bound_at, a.channel, a.account, a.external_id, a.follows
              FROM staff_address b JOIN address a ON a.id = b.address_id
             WHERE b.staff_id = $1
            """,
            staff)
        .map(row ->
            new Bound(
                row.getLong("address_id"),
                new AddressKey(
                    row.getString("channel"),
                    row.getString("account"),
                    row.getString("external_id")),
                row.getOffsetDateTime("bound_at").toInstant(),
                row.getBoolean("follows")));
  }

  Optional<Long> staffAt(Sql sql, long address) {
    return sql.row("SELECT staff_id FROM staff_address WHERE address_id = $1", address)
        .map(row -> row.getLong("staff_id"));
  }

  /// In the place of whoever had the address, and of where this one was reached before.
  void bind(Tx tx, long staff, long address, Instant at) {
    tx.execute("DELETE FROM staff_address WHERE address_id = $1 OR staff_id = $2", address, staff);
    tx.execute(
        "INSERT INTO staff_address (staff_id, address_id, bound_at) VALUES ($1, $2, $3)",
        staff,
        address,
        at.atOffset(ZoneOffset.UTC));
  }

  void unbind(Tx tx, long staff) {
    tx.execute("DELETE FROM staff_address WHERE staff_id = $1", staff);
  }
}
