package io.linyu.platform.auth;

import io.linyu.platform.CannotStart;
import io.linyu.platform.auth.VaultStore.Known;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The keys that have sealed something in a database, and how they change over. The database knows
/// each by its version and a fingerprint, so a wrong key is noticed before anything is done with
/// it.
public final class Keys {
  /// How the connections of a server begin that may seal: with which key is said behind it.
  private static final String SEALING = "linyu key ";

  private static final int AT_ONCE = 500;

  private final Db db;
  private final Vault vault;
  private final List<Sealed> columns;
  private final VaultStore store = new VaultStore();

  /// @param columns all that are sealed
  public Keys(Db db, Vault vault, List<Sealed> columns) {
    this.db = db;
    this.vault = vault;
    this.columns = columns;
  }

  /// For a server, which has no connections yet: theirs will say with which key it seals.
  public static Vault open(
      Vertx vertx, String databaseUrl, String secretsKey, List<Sealed> columns, Instant now) {
    try (Db first = Db.connect(vertx, databaseUrl, 1)) {
      return open(first, secretsKey, columns, now);
    }
  }

  /// @param secretsKey as [Vault] reads it; the versions come from the database
  /// @throws CannotStart when something may be sealed here with a key that is not among them
  public static Vault open(Db db, String secretsKey, List<Sealed> columns, Instant now) {
    List<Vault.Key> given = Vault.read(secretsKey);
    var store = new VaultStore();
    return db.inTransaction(tx -> {
      store.lock(tx);
      List<Known> known = store.all(tx);
      return known.isEmpty()
          ? first(tx, store, given, columns, now)
          : recognised(tx, store, given, known, now);
    });
  }

  /// Nothing has been written down about keys yet; something may have been sealed all the same.
  private static Vault first(
      Tx tx, VaultStore store, List<Vault.Key> given, List<Sealed> columns, Instant now) {
    List<Vault.Key> keys = Vault.numbered(given);
    var vault = new Vault(keys);
    for (Sealed column : columns) {
      if (!store.sample(tx, column).map(vault::opens).orElse(true)) {
        throw new CannotStart("secrets-key-wrong");
      }
    }
    keys.forEach(key -> store.add(tx, key, now));
    return vault;
  }

  private static Vault recognised(
      Tx tx, VaultStore store, List<Vault.Key> given, List<Known> known, Instant now) {
    var keys = new ArrayList<Vault.Key>();
    for (Vault.Key key : given) {
      keys.add(
          key.withVersion(
              known.stream().filter(each -> each.is(key)).mapToInt(Known::version).sum()));
    }
    Set<Integer> here = keys.stream().map(Vault.Key::version).collect(Collectors.toSet());
    List<Known> lacking =
        known.stream().filter(each -> each.inUse() && !here.contains(each.version())).toList();
    if (!lacking.isEmpty()) {
      boolean noneFits =
          known.stream().noneMatch(each -> each.inUse() && here.contains(each.version()));
      throw noneFits
          ? new CannotStart("secrets-key-wrong")
          : new CannotStart("secrets-key-lacking", lacking.getFirst().version());
    }
    Vault.Key seals = keys.getFirst();
    if (seals.version() == 0) {
      int last = known.stream().mapToInt(Known::version).max().orElse(0);
      keys.set(0, seals.withVersion(last + 1));
      store.add(tx, keys.getFirst(), now);
    } else {
      store.useAgain(tx, seals.version());
    }
    return new Vault(keys);
  }

  /// For whoever has lost a key: nothing asks for it any more. What it alone could open is still to
  /// be erased.
  ///
  /// @param secretsKey all keys that there are
  public static void giveUpLost(Db db, String secretsKey, Instant now) {
    List<Vault.Key> given = Vault.read(secretsKey);
    var store = new VaultStore();
    db.withinTransaction(tx -> {
      store.lock(tx);
      for (Known known : store.all(tx)) {
        if (given.stream().noneMatch(known::is)) {
          store.retire(tx, known.version(), now);
        }
      }
    });
  }

  /// The name for connections of whoever seals with this vault.
  public static String announced(Vault vault) {
    return SEALING + vault.version();
  }

  /// How much is sealed with another key than the present one, by its version.
  public NavigableMap<Integer, Long> left() {
    var left = new TreeMap<Integer, Long>();
    for (Sealed column : columns) {
      store
          .left(db, column, vault.version())
          .forEach((version, rows) -> left.merge(version, rows, Long::sum));
    }
    return left;
  }

  /// Whether this vault has a key of that version.
  public boolean has(int version) {
    return vault.knows(version);
  }

  /// @param under what could not be opened, by version
  /// @param elsewhere the name of somebody who still seals with another key; null: nobody does
  public record Outcome(
      long resealed, NavigableMap<Integer, Long> under, @Nullable String elsewhere) {
    /// Whether no other key is needed any more.
    public boolean isComplete() {
      return under.isEmpty() && elsewhere == null;
    }
  }

  @FunctionalInterface
  public interface Progress {
    void reached(long done, long of);
  }

  /// Seals everything anew that was sealed with another key. May be stopped at any moment and begun
  /// again, and runs beside servers that have both keys.
  public Outcome rotate(Instant now, Progress progress) {
    long all = left().values().stream().mapToLong(Long::longValue).sum();
    long done = 0;
    for (Sealed column : columns) {
      long after = Long.MIN_VALUE;
      while (true) {
        long from = after;
        List<VaultStore.Piece> pieces = db.inTransaction(tx -> resealed(tx, column, from));
        if (pieces.isEmpty()) {
          break;
        }
        after = pieces.getLast().id();
        done += pieces.stream().filter(piece -> vault.opens(piece.sealed().getBytes())).count();
        progress.reached(done, all);
      }
    }
    // First who seals, then what is left: whoever had ended before has left what is counted.
    String elsewhere = store.sealingElsewhere(db, SEALING, announced(vault)).orElse(null);
    NavigableMap<Integer, Long> under = left();
    if (elsewhere == null) {
      store.retireAllBut(db, vault.version(), under.keySet(), now);
    }
    return new Outcome(done, under, elsewhere);
  }

  /// Erases what no key that is here opens, and says how much that was.
  public long eraseUnopened() {
    long erased = 0;
    for (Sealed column : columns) {
      long after = Long.MIN_VALUE;
      while (true) {
        long from = after;
        List<VaultStore.Piece> pieces = db.inTransaction(tx -> erased(tx, column, from));
        if (pieces.isEmpty()) {
          break;
        }
        after = pieces.getLast().id();
        erased += pieces.stream().filter(piece -> !vault.opens(piece.sealed().getBytes())).count();
      }
    }
    return erased;
  }

  private List<VaultStore.Piece> erased(Tx tx, Sealed column, long after) {
    List<VaultStore.Piece> pieces =
        store.lockSealedOtherwise(tx, column, vault.version(), after, AT_ONCE);
    store.erase(
        tx,
        column,
        pieces.stream().filter(piece -> !vault.opens(piece.sealed().getBytes())).toList());
    return pieces;
  }

  /// What cannot be opened stays as it is.
  private List<VaultStore.Piece> resealed(Tx tx, Sealed column, long after) {
    List<VaultStore.Piece> pieces =
        store.lockSealedOtherwise(tx, column, vault.version(), after, AT_ONCE);
    store.write(
        tx,
        column,
        pieces.stream().filter(piece -> vault.opens(piece.sealed().getBytes())).toList(),
        vault);
    return pieces;
  }
}
