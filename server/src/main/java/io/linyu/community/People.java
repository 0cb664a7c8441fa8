package io.linyu.community;

import io.linyu.channel.AddressKey;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Residents and their addresses.
///
/// Leaving takes effect in two steps. At once the profile is erased (name, telephone, home, what
/// they are called), the code of their pages changes and nothing more is sent. An hour later the
/// platform's id, too, is replaced by a digest with a salt that nobody keeps: a later follow is a
/// stranger's, while cases, messages and receipts stay with a pseudonym. The hour is for the
/// platform, which may deliver the unfollow event again: it must find its receipt under the same
/// address, or it would be acknowledged twice. Who follows again within the hour keeps the address.
public final class People {
  static final Duration KEPT_FOR_REPEATS = Duration.ofHours(1);
  private static final int AT_ONCE = 100;
  private static final int NAMED_AT_MOST = 50;

  /// Of a million people a hundred have the same last four digits.
  private static final int ENDING_AT_MOST = 2_000;

  private static final int ENDS_AT_ONCE = 500;

  private final Db db;
  private final Clock clock;
  private final PeopleStore store;

  People(Db db, Vault vault, Clock clock) {
    this.db = db;
    this.clock = clock;
    this.store = new PeopleStore(vault);
  }

  /// The addresses of these keys, in the order of the keys; those never seen are created, each with
  /// a person of its own. Safe on any number of nodes at once: all wait in the same order.
  public SequencedMap<AddressKey, Address> ensure(Sql sql, Collection<AddressKey> keys) {
    return store.ensure(sql, keys, clock.instant());
  }

  public Address address(Sql sql, long address) {
    return store
        .address(sql, address)
        .orElseThrow(() -> new IllegalArgumentException("no address " + address));
  }

  /// The address of this number; empty when there is none, as after a restore of an older backup.
  public Optional<Address> known(Sql sql, long address) {
    return store.address(sql, address);
  }

  /// The address of this key; empty when nobody has ever come by it. Creates nothing.
  public Optional<Address> known(Sql sql, AddressKey key) {
    return store.known(sql, key);
  }

  /// By the code in the URL of the person's own pages.
  public Optional<Address> addressByCode(String code) {
    return store.addressByCode(db, code);
  }

  /// Where a person is reached, the newest address first.
  public List<Address> addressesOf(Sql sql, long person) {
    return store.addressesOf(sql, person);
  }

  public Person ofAddress(Sql sql, long address) {
    return store
        .ofAddress(sql, address)
        .orElseThrow(() -> new IllegalArgumentException("no address " + address));
  }

  public Person byId(Sql sql, long person) {
    Person found = store.byIds(sql, List.of(person)).get(person);
    if (found == null) {
      throw new IllegalArgumentException("no person " + person);
    }
    return found;
  }

  /// For lists: all of one page at once.
  public Map<Long, Person> byIds(Sql sql, Collection<Long> people) {
    return store.byIds(sql, people);
  }

  /// Everybody with this telephone number, but those who have become somebody else.
  public List<Person> byPhone(Sql sql, String phone) {
    return store.byPhone(sql, Phones.plain(phone));
  }

  /// The ids of those whose real name or telephone number is exactly what was typed. Whoever asks
  /// may only learn of what they may see of them.
  public List<Long> named(Sql sql, String typed) {
    return store.named(
        sql, typed.strip(), Phones.isOne(typed) ? Phones.plain(typed) : "", NAMED_AT_MOST);
  }

  /// The ids of those whose telephone number ends in these four digits. Whoever asks may only learn
  /// of what they may see of them.
  public List<Long> endingIn(Sql sql, String digits) {
    return store.endingIn(sql, digits, ENDING_AT_MOST);
  }

  /// Due work: the ends of numbers that the release before has written, or another key has hashed.
  /// True when there may be more.
  public boolean hashEndsDue() {
    return db.inTransaction(tx -> store.hashEnds(tx, ENDS_AT_ONCE)) == ENDS_AT_ONCE;
  }

  /// Somebody who has no chat, as staff were told of them.
  ///
  /// @param home null: not told
  public long register(
      Tx tx,
      @Nullable String called,
      @Nullable String name,
      @Nullable String phone,
      @Nullable Long home) {
    if (phone != null && !Phones.isOne(phone)) {
      throw new Refusal("phone-wrong", 422);
    }
    long person = store.register(tx, called, home, clock.instant());
    store.setName(tx, person, name);
    setPhone(tx, person, phone);
    return person;
  }

  /// Binds a person to the building, or whatever is known of it, where they live.
  public void bind(Tx tx, long person, Territory home) {
    store.bind(tx, person, home.id());
  }

  /// Remembers that the person was asked where they live, for they are asked once.
  public void askedHome(Tx tx, long person) {
    store.askedHome(tx, person, clock.instant());
  }

  /// From now on what is said to this person goes to this address.
  public void choose(Tx tx, long person, long address) {
    store.choose(tx, person, address, clock.instant());
  }

  /// From now on it goes to where they spoke last.
  public void chooseNone(Tx tx, long person) {
    store.choose(tx, person, 0, clock.instant());
  }

  /// Which address the person has chosen.
  public Optional<Long> chosen(Sql sql, long person) {
    return store.chosen(sql, person);
  }

  /// A member of staff has talked to the person on this number.
  public void verifyPhone(Tx tx, long person, String phone, long staff) {
    if (!Phones.isOne(phone)) {
      throw new Refusal("phone-wrong", 422);
    }
    setPhone(tx, person, phone);
    store.verified(tx, person, clock.instant(), staff);
  }

  /// @param staff who has talked to the person
  public record Verified(Instant at, long staff) {}

  public Optional<Verified> phoneVerified(Sql sql, long person) {
    return store.phoneVerified(sql, person);
  }

  /// Others whose verified number is this person's verified number.
  public List<Person> withSamePhone(Sql sql, long person) {
    return store.withSamePhone(sql, person);
  }

  /// What staff call the person in lists, such as `王阿姨`; null: nothing yet.
  public void call(Tx tx, long person, @Nullable String called) {
    store.call(tx, person, called);
  }

  /// `zh` or `en`.
  public void setLanguage(Tx tx, long person, String language) {
    store.setLanguage(tx, person, language);
  }

  /// Nobody has talked to the person on it yet.
  public void setPhone(Tx tx, long person, @Nullable String phone) {
    store.setPhone(tx, person, phone == null ? null : Phones.plain(phone));
  }

  public void setName(Tx tx, long person, @Nullable String name) {
    store.setName(tx, person, name);
  }

  /// The number in full, for the one who has to ring it. The caller records who looked, and why.
  public Optional<String> phone(Sql sql, long person) {
    return store.phone(sql, person);
  }

  /// The real name. The caller records who looked, and why.
  public Optional<String> name(Sql sql, long person) {
    return store.name(sql, person);
  }

  /// In full, for those who have said why; the caller records it, and masks it for all others.
  ///
  /// @param name the real name
  public record Contact(@Nullable String name, @Nullable String phone) {}

  public Map<Long, Contact> contacts(Sql sql, Collection<Long> people) {
    return people.isEmpty() ? Map.of() : store.contacts(sql, people);
  }

  /// The person has left by this address. The caller holds the conversation's row lock.
  public void unfollow(Tx tx, long address) {
    store.unfollow(tx, address, clock.instant().plus(KEPT_FOR_REPEATS));
  }

  /// The person is (still, or again) there.
  public void follow(Tx tx, long address) {
    store.follow(tx, address);
  }

  /// The person has spoken to us, whatever the platform said before. Who has left by an event stays
  /// so: what was said before may arrive after it.
  public void reached(Tx tx, long address) {
    store.reached(tx, address);
  }

  /// Due work: replaces the platform's ids of those who left.
  public boolean forgetDue() {
    return store.forgetDue(db, clock.instant(), AT_ONCE) == AT_ONCE;
  }
}
