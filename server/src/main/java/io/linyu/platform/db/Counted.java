package io.linyu.platform.db;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// What a table's text adds up to while it passes by: in COPY's text form each row is one line.
final class Counted {
  private static final int TOLD_EVERY = 100_000;

  private final MessageDigest digest;
  private final LongConsumer progress;
  private long rows;

  Counted(LongConsumer progress) {
    this.progress = progress;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  void passed(byte[] bytes, int from, int length) {
    digest.update(bytes, from, length);
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == '\n' && ++rows % TOLD_EVERY == 0) {
        progress.accept(rows);
      }
    }
  }

  long rows() {
    return rows;
  }

  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
