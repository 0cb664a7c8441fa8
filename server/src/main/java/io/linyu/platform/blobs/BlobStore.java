package io.linyu.platform.blobs;

import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

final class BlobStore {
  /// Whether it is there; then nobody takes it away before the caller has done.
  boolean hold(Tx tx, Buffer digest) {
    return tx.row("SELECT bytes FROM blob WHERE digest = $1 FOR KEY SHARE", digest).isPresent();
  }

  /// Fails while something refers to it.
  void delete(Sql sql, Buffer digest) {
    sql.execute("DELETE FROM blob WHERE digest = $1", digest);
  }

  /// False when it is there already.
  boolean insert(Tx tx, Buffer digest, String type, long bytes) {
    return tx.execute(
            """
            INSERT INTO blob (digest, type, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """,
            digest,
            type,
            bytes)
        == 1;
  }

  void insertChunk(Tx tx, Buffer digest, int seq, Buffer bytes) {
    tx.execute(
        "INSERT INTO blob_chunk (digest, seq, bytes) VALUES ($1, $2, $3)", digest, seq, bytes);
  }

  Optional<Blob> read(Sql sql, Buffer digest) {
    return sql.row("SELECT type FROM blob WHERE digest = $1", digest)
        .map(row -> {
          Buffer whole = Buffer.buffer();
          sql.rows("SELECT bytes FROM blob_chunk WHERE digest = $1 ORDER BY seq", digest)
              .forEach(chunk -> whole.appendBuffer(chunk.getBuffer("bytes")));
          return new Blob(row.getString("type"), whole);
        });
  }
}
