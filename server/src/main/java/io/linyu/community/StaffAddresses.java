package io.linyu.community;

import io.linyu.channel.AddressKey;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where members of staff are reached in a chat. Each has one address at most, shown by a code that
/// the console gave and that was said there.
///
/// An address gives no right by itself: whose it is is asked each time, and who is not active any
/// more is nobody.
public final class StaffAddresses {
  public static final Duration LASTS = BindCodes.LASTS;

  private static final int CODES = 100_000_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Db db;
  private final Vault vault;
  private final Clock clock;
  private final BindCodes guesses;
  private final StaffMembers staff;
  private final Audit audit;
  private final StaffAddressStore store = new StaffAddressStore();

  StaffAddresses(
      Db db, Vault vault, Clock clock, BindCodes guesses, StaffMembers staff, Audit audit) {
    this.db = db;
    this.vault = vault;
    this.clock = clock;
    this.guesses = guesses;
    this.staff = staff;
    this.audit = audit;
  }

  /// @param follows whether anything can be sent there
  public record Bound(long addressId, AddressKey key, Instant since, boolean follows) {
    public String channel() {
      return key.channel();
    }

    public String account() {
      return key.account();
    }
  }

  /// What came of a code that was said.
  public sealed interface Claim {
    /// @param before the address that was theirs until now; null: none, or the same
    record Right(Staff staff, @Nullable Long before) implements Claim {}

    record Wrong() implements Claim {}

    /// Not even looked at: too many were wrong.
    record TooOften() implements Claim {}

    /// The address is a colleague's.
    record Taken() implements Claim {}
  }

  /// A fresh code, in the place of any that was drawn before: eight digits, good once and for ten
  /// minutes.
  public String draw(long staffId) {
    Instant end = clock.instant().plus(LASTS);
    return db.inTransaction(tx -> {
      store.dropCode(tx, staffId);
      String code;
      do {
        code = "%08d".formatted(RANDOM.nextInt(CODES));
      } while (!store.insertCode(tx, vault.hash(code), staffId, end));
      return code;
    });
  }

  /// The same for a head of a building or a group, who sees no case and signs in nowhere, by a
  /// colleague who stands beside them.
  ///
  /// @param number of the case about which they are asked
  /// @throws Refusal when it is anybody else: their chat they bind themselves
  public String drawFor(Who by, Staff head, String number) {
    if (!Head.ASKED_ONLY.contains(head.role()) || !head.desks().isEmpty()) {
      throw new Refusal("request-binds-alone", 403, head.name());
    }
    audit.writeAbout(db, by, Deed.STAFF_CODE_DRAWN, head.id(), Map.of("case", number));
    return draw(head.id());
  }

  public Optional<Bound> of(Sql sql, long staffId) {
    return store.of(sql, staffId);
  }

  public Optional<Bound> of(Staff who) {
    return store.of(db, who.id());
  }

  /// Whose it is; empty: nobody's who works here.
  public Optional<Staff> at(Sql sql, long address) {
    return store.staffAt(sql, address).flatMap(staff::byId);
  }

  /// @param address where it was said; the caller holds the lock of its conversation
  /// @param typed eight digits
  public Claim claim(Tx tx, long address, AddressKey key, String typed) {
    if (guesses.tooMany(tx, address)) {
      return new Claim.TooOften();
    }
    Optional<Staff> asked =
        store.codeOf(tx, vault.hashes(typed), clock.instant()).flatMap(staff::byId);
    if (asked.isEmpty()) {
      guesses.missed(tx, address);
      return new Claim.Wrong();
    }
    Staff who = asked.get();
    Optional<Long> owner = store.staffAt(tx, address);
    if (owner.isPresent() && owner.get() != who.id() && staff.byId(owner.get()).isPresent()) {
      return new Claim.Taken();
    }
    Long before = store.of(tx, who.id()).map(Bound::addressId).orElse(null);
    store.dropCode(tx, who.id());
    store.bind(tx, who.id(), address, clock.instant());
    audit.write(tx, by(who, key), Deed.STAFF_ADDRESS_BOUND, Map.of("way", way(key)));
    return new Claim.Right(who, before != null && before == address ? null : before);
  }

  /// From the console.
  ///
  /// @return the address that was theirs
  public Optional<Bound> unbind(Tx tx, Who by, long staffId) {
    Optional<Bound> was = store.of(tx, staffId);
    was.ifPresent(bound -> {
      store.unbind(tx, staffId);
      audit.writeAbout(
          tx, by, Deed.STAFF_ADDRESS_UNBOUND, staffId, Map.of("way", way(bound.key())));
    });
    return was;
  }

  /// From the chat.
  public void unbind(Tx tx, Staff who, AddressKey key) {
    var _ = unbind(tx, by(who, key), who.id());
  }

  /// Whoever leaves the account is not reached there any more.
  public void left(Tx tx, long address) {
    store
        .staffAt(tx, address)
        .ifPresent(staffId -> {
          var _ = unbind(tx, Who.SERVER, staffId);
        });
  }

  /// Due work.
  boolean forgetDue() {
    store.forget(db, clock.instant().minus(Duration.ofHours(1)));
    return false;
  }

  /// Who speaks in a chat, for the audit.
  public static Who by(Staff who, AddressKey key) {
    return Who.staff(who.id(), way(key));
  }

  /// Never the platform's id.
  private static String way(AddressKey key) {
    return key.channel() + "/" + key.account();
  }
}
