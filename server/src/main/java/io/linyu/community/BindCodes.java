package io.linyu.community;

import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Codes by which somebody shows that two addresses are theirs: asked for at the one, typed at the
/// other, confirmed there.
///
/// Eight digits, which can be read over a telephone and typed with one thumb. They work once and
/// for ten minutes; five wrong ones in an hour are all that an address may try, and three hundred
/// all addresses together. With ten codes outstanding at every moment, whoever guesses day and
/// night hits one in about four years, and whom it concerns is told. A code says nothing of anybody
/// before it is right.
public final class BindCodes {
  public static final Duration LASTS = Duration.ofMinutes(10);

  private static final int CODES = 100_000_000;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int WRONG_OF_ONE = 5;
  private static final int WRONG_OF_ALL = 300;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int FORGOTTEN_AT_ONCE = 1_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Db db;
  private final Vault vault;
  private final Clock clock;
  private final BindCodeStore store = new BindCodeStore();

  BindCodes(Db db, Vault vault, Clock clock) {
    this.db = db;
    this.vault = vault;
    this.clock = clock;
  }

  /// A fresh one, in the place of any that this address asked for before.
  ///
  /// @return such as `4827 1935`
  public String draw(Tx tx, long address) {
    Instant end = clock.instant().plus(LASTS);
    store.drop(tx, address);
    String code;
    do {
      code = "%08d".formatted(RANDOM.nextInt(CODES));
    } while (!store.insert(tx, vault.hash(code), address, end));
    return code.substring(0, 4) + " " + code.substring(4);
  }

  /// What came of a code that was typed.
  public sealed interface Claim {
    /// @param address who asked for it; from now on only this one may say yes to it
    record Right(long address) implements Claim {}

    record Wrong() implements Claim {}

    /// Not even looked at: too many were wrong.
    record TooOften() implements Claim {}
  }

  /// @param address where it was typed; the caller holds the lock of its conversation
  /// @param typed eight digits
  public Claim claim(Tx tx, long address, String typed) {
    if (tooMany(tx, address)) {
      return new Claim.TooOften();
    }
    Optional<Long> from = store.claim(tx, vault.hashes(typed), address, clock.instant());
    if (from.isEmpty()) {
      missed(tx, address);
      return new Claim.Wrong();
    }
    return new Claim.Right(from.get());
  }

  /// Whether so many codes were wrong that none is looked at.
  boolean tooMany(Tx tx, long address) {
    Instant since = clock.instant().minus(HOUR);
    return store.wrongOf(tx, address, since) >= WRONG_OF_ONE
        || store.wrongOfAll(tx, since) >= WRONG_OF_ALL;
  }

  /// One more was wrong.
  void missed(Tx tx, long address) {
    Instant now = clock.instant();
    store.noteWrong(tx, address, now, now.minus(HOUR));
  }

  /// Uses up the code that was typed here.
  ///
  /// @return who asked for it; empty when its time is over
  public Optional<Long> use(Tx tx, long address) {
    return store.use(tx, address, clock.instant());
  }

  /// Due work.
  boolean forgetDue() {
    return store.forget(db, clock.instant().minus(KEPT), FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE;
  }

  /// What is outstanding of this address, as when its person is erased.
  public void drop(Sql sql, long address) {
    store.drop(sql, address);
  }
}
