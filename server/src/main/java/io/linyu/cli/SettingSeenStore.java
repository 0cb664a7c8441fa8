package io.linyu.cli;

import io.linyu.platform.db.Tx;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class SettingSeenStore {
  /// @param digest of a secret, instead of its value
  record Seen(@Nullable String value, @Nullable String digest) {}

  /// Several servers may start at once.
  void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.settings'))");
  }

  Map<String, Seen> all(Tx tx) {
    return tx.rows("SELECT key, value, digest FROM setting_seen").stream()
        .collect(
            Collectors.toMap(
                row -> row.getString("key"),
                row -> new Seen(row.getString("value"), row.getString("digest"))));
  }

  void put(Tx tx, String key, Seen seen) {
    tx.execute(
        """
        INSERT INTO setting_seen (key, value, digest) VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET value = $2, digest = $3
        """,
        key,
        seen.value(),
        seen.digest());
  }

  void remove(Tx tx, String key) {
    tx.execute("DELETE FROM setting_seen WHERE key = $1", key);
  }
}
