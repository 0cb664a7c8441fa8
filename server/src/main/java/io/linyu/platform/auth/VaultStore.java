package io.linyu.platform.auth;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class VaultStore {
  /// @param inUse whether something may be sealed with it
  record Known(int version, String fingerprint, boolean inUse) {
    boolean is(Vault.Key key) {
      return fingerprint.equals(key.fingerprint());
    }
  }

  record Piece(long id, Buffer sealed) {}

  /// Two servers that start with a new key give it one version.
  void lock(Tx tx) {
    tx.execute("LOCK TABLE secret_key IN SHARE ROW EXCLUSIVE MODE");
  }

  List<Known> all(Sql sql) {
    return sql
        .rows(
            "SELECT version, fingerprint, retired_at IS NULL AS in_use FROM secret_key ORDER BY version")
        .stream()
        .map(row ->
            new Known(
                row.getInteger("version"), row.getString("fingerprint"), row.getBoolean("in_use")))
        .toList();
  }

  void add(Tx tx, Vault.Key key, Instant now) {
    tx.execute(
        "INSERT INTO secret_key (version, fingerprint, since) VALUES ($1, $2, $3)",
        key.version(),
        key.fingerprint(),
        now.atOffset(ZoneOffset.UTC));
  }

  void useAgain(Tx tx, int version) {
    tx.execute(
        "UPDATE secret_key SET retired_at = NULL WHERE version = $1 AND retired_at IS NOT NULL",
        version);
  }

  void retire(Tx tx, int version, Instant now) {
    tx.execute(
        "UPDATE secret_key SET retired_at = $2 WHERE version = $1 AND retired_at IS NULL",
        version,
        now.atOffset(ZoneOffset.UTC));
  }

  void erase(Tx tx, Sealed column, List<Piece> pieces) {
    String hash = column.hash();
    String erasing =
        column.essential()
            ? "DELETE FROM " + column.table()
            : "UPDATE %s SET %s = NULL%s"
                .formatted(
                    column.table(), column.column(), hash == null ? "" : ", " + hash + " = NULL");
    tx.execute(
        erasing + " WHERE " + column.id() + " = ANY($1)",
        (Object) pieces.stream().map(Piece::id).toArray(Long[]::new));
  }

  void retireAllBut(Sql sql, int current, Collection<Integer> stillUsed, Instant now) {
    sql.execute(
        """
        UPDATE secret_key SET retired_at = $3
         WHERE version <> $1 AND NOT version = ANY($2) AND retired_at IS NULL
        """,
        current,
        stillUsed.toArray(Integer[]::new),
        now.atOffset(ZoneOffset.UTC));
  }

  Optional<byte[]> sample(Sql sql, Sealed column) {
    return sql.row(
            """
            SELECT %2$s AS sealed FROM %1$s WHERE %2$s IS NOT NULL LIMIT 1
            """
                .formatted(column.table(), column.column()))
        .map(row -> row.getBuffer("sealed").getBytes());
  }

  /// How many pieces are under each version but this one.
  Map<Integer, Long> left(Sql sql, Sealed column, int current) {
    var left = new HashMap<Integer, Long>();
    for (Row row :
        sql.rows(
            """
            SELECT substring(%2$s FROM 1 FOR 1) AS version, count(*) AS n FROM %1$s
             WHERE %2$s IS NOT NULL AND substring(%2$s FROM 1 FOR 1) <> $1
             GROUP BY 1
            """
                .formatted(column.table(), column.column()),
            version(current))) {
      Buffer version = row.getBuffer("version");
      left.put(version.length() == 0 ? 0 : (int) version.getUnsignedByte(0), row.getLong("n"));
    }
    return left;
  }

  List<Piece> lockSealedOtherwise(Tx tx, Sealed column, int current, long after, int limit) {
    return tx
        .rows(
            """
            SELECT %3$s AS id, %2$s AS sealed FROM %1$s
             WHERE %3$s > $1 AND %2$s IS NOT NULL AND substring(%2$s FROM 1 FOR 1) <> $2
             ORDER BY %3$s
             LIMIT $3
               FOR NO KEY UPDATE
            """
                .formatted(column.table(), column.column(), column.id()),
            after,
            version(current),
            limit)
        .stream()
        .map(row -> new Piece(row.getLong("id"), row.getBuffer("sealed")))
        .toList();
  }

  void write(Tx tx, Sealed column, List<Piece> pieces, Vault vault) {
    Long[] ids = pieces.stream().map(Piece::id).toArray(Long[]::new);
    List<String> texts =
        pieces.stream().map(piece -> vault.open(piece.sealed().getBytes())).toList();
    String hash = column.hash();
    tx.execute(
        """
        UPDATE %1$s t SET %2$s = n.sealed%4$s
          FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS n (id, sealed, hash)
         WHERE t.%3$s = n.id
        """
            .formatted(
                column.table(),
                column.column(),
                column.id(),
                hash == null ? "" : ", " + hash + " = n.hash"),
        ids,
        texts.stream().map(text -> Buffer.buffer(vault.seal(text))).toArray(Buffer[]::new),
        texts.stream().map(text -> Buffer.buffer(vault.hash(text))).toArray(Buffer[]::new));
  }

  /// Connections say with which key their owner seals.
  Optional<String> sealingElsewhere(Sql sql, String sealing, String ours) {
    return sql.row(
            """
            SELECT min(application_name) AS name FROM pg_stat_activity
             WHERE datname = current_database()
               AND starts_with(application_name, $1) AND application_name <> $2
            """,
            sealing,
            ours)
        .map(row -> row.getString("name"));
  }

  private static Buffer version(int version) {
    return Buffer.buffer(new byte[] {(byte) version});
  }
}
