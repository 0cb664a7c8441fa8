package io.linyu.platform.blobs;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Digest;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.Optional;

/// Attachments, kept once by the SHA-256 of their content, in chunks in PostgreSQL.
public final class Blobs {
  /// The content and its media type.
  public record Blob(String type, Buffer bytes) {}

  private static final int CHUNK = 256 << 10;

  private final Db db;
  private final BlobStore store = new BlobStore();

  public Blobs(Db db) {
    this.db = db;
  }

  /// Keeps it in the caller's transaction and returns its digest.
  public Buffer put(Tx tx, Blob blob) {
    Buffer digest = Buffer.buffer(Digest.sha256(blob.bytes().getBytes()));
    // What is there is held, so that nobody lets go of it before it is referred to.
    while (!store.hold(tx, digest)) {
      if (!store.insert(tx, digest, blob.type(), blob.bytes().length())) {
        continue; // somebody was quicker
      }
      for (int seq = 0, from = 0; from < blob.bytes().length(); seq++, from += CHUNK) {
        int to = Math.min(from + CHUNK, blob.bytes().length());
        store.insertChunk(tx, digest, seq, blob.bytes().getBuffer(from, to));
      }
      break;
    }
    return digest;
  }

  /// Lets go of those of them to which nothing refers any more, each by itself: what refers to one
  /// is known by the foreign keys alone.
  public void letGo(Collection<Buffer> digests) {
    for (Buffer each : digests) {
      try {
        store.delete(db, each);
      } catch (RuntimeException held) {
        if (!Db.isReferredTo(held)) {
          throw held;
        }
      }
    }
  }

  public Optional<Blob> get(Buffer digest) {
    return store.read(db, digest);
  }
}
