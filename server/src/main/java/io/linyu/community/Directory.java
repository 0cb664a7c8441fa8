package io.linyu.community;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tree, the desks, who is away, and the names of those who work here, held in memory by every
/// node because they change seldom and are asked for with every message. Whoever changes them bumps
/// the version in the same transaction.
final class Directory {
  private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final DirectoryStore store = new DirectoryStore();
  private volatile Held held;
  private volatile Runnable signal = () -> {};

  private record Held(
      long version, Tree tree, DeskTable desks, Presence presence, List<StaffName> staff) {}

  Directory(Db db, Clock clock, ZoneId zone) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.held = load();
  }

  Tree tree() {
    return held.tree;
  }

  DeskTable desks() {
    return held.desks;
  }

  /// From the day on which it was read.
  Presence presence() {
    return held.presence;
  }

  /// Those who work here, in the order in which they came.
  List<StaffName> staff() {
    return held.staff;
  }

  /// Whoever changes territory, desks or members takes turns, on any number of nodes.
  static void lock(Tx tx) {
    tx.rows("SELECT pg_advisory_xact_lock(hashtext('linyu.community'))");
  }

  /// How other nodes are told.
  void tellBy(Runnable signal) {
    this.signal = signal;
  }

  /// After a commit that changed something.
  void changed() {
    reload();
    signal.run();
  }

  synchronized void reload() {
    held = load();
  }

  /// In case the signal was lost.
  boolean reloadIfChanged() {
    if (store.version(db) != held.version) {
      reload();
      LOG.info("territory and desks read again, version {}", held.version);
    }
    return false;
  }

  private Held load() {
    // The version first: what changes meanwhile is noticed at the next look.
    long version = store.version(db);
    return new Held(
        version,
        new Tree(store.territories(db)),
        store.desks(db),
        store.presence(db, LocalDate.ofInstant(clock.instant(), zone)),
        store.staff(db));
  }
}
