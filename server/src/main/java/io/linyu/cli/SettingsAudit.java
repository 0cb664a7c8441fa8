package io.linyu.cli;

import io.linyu.Rooms;
import io.linyu.cli.SettingSeenStore.Seen;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Tx;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What has been set otherwise since the last start of a server. Of secrets only that they have
/// changed: the database keeps a keyed digest of each, to tell.
final class SettingsAudit {
  private final Audit audit;
  private final Vault vault;
  private final SettingSeenStore store = new SettingSeenStore();

  private SettingsAudit(Audit audit, Vault vault) {
    this.audit = audit;
    this.vault = vault;
  }

  static void record(Rooms rooms, SettingsLoader.Loaded loaded, String secretsKey) {
    var settings = new SettingsAudit(rooms.community().audit(), new Vault(secretsKey));
    rooms.db().withinTransaction(tx -> settings.compare(tx, loaded.effective()));
  }

  private void compare(Tx tx, Map<String, SettingsLoader.Effective> now) {
    store.lock(tx);
    Map<String, Seen> before = store.all(tx);
    int changed = 0;
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      SettingsLoader.Effective is = now.get(key);
      Seen was = before.get(key);
      if (is == null) {
        store.remove(tx, key);
      } else {
        store.put(tx, key, seen(is));
      }
      // Before the first start nothing was set.
      if (!isSame(was, is) && !before.isEmpty()) {
        audit.writeOwn(tx, Deed.SETTING_CHANGED, key, told(was, is));
        changed++;
      }
    }
    String version = String.join("", new Version().getVersion());
    audit.writeOwn(tx, Deed.SERVER_STARTED, null, Map.of("version", version, "changed", changed));
  }

  private boolean isSame(@Nullable Seen was, SettingsLoader.@Nullable Effective is) {
    if (was == null || is == null) {
      return was == null && is == null;
    }
    String digest = was.digest();
    if (digest == null || !is.secret()) {
      return digest == null && !is.secret() && Objects.equals(was.value(), is.value());
    }
    // Also by a key that is on its way out: a new key is no new secret.
    return vault.hashes(is.value()).stream()
        .map(HexFormat.of()::formatHex)
        .anyMatch(digest::equals);
  }

  private Seen seen(SettingsLoader.Effective is) {
    return is.secret()
        ? new Seen(null, HexFormat.of().formatHex(vault.hash(is.value())))
        : new Seen(is.value(), null);
  }

  private static Map<String, ?> told(@Nullable Seen was, SettingsLoader.@Nullable Effective is) {
    var told = new LinkedHashMap<String, Object>();
    if ((was != null && was.digest() != null) || (is != null && is.secret())) {
      told.put("secret", true);
      return told;
    }
    if (was != null && was.value() != null) {
      told.put("from", was.value());
    }
    if (is != null) {
      told.put("to", is.value());
    }
    return told;
  }
}
