package io.linyu.community;

import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// 家人代办: who may act for whom, since when, until when. A ledger: what was given is never written
/// over. It is given in the giver's own chat or recorded by staff, and taken by whoever says its
/// code and then yes; each lasts for a year unless it is renewed, which is a row of its own.
///
/// Codes are as those of [BindCodes]: eight digits, once, ten minutes, and wrong ones are counted
/// together with theirs. Neither is good for the other.
public final class Consents {
  public static final Duration LASTS = BindCodes.LASTS;

  /// By which number somebody says for whom they speak has one digit.
  public static final int ACTED_FOR_AT_MOST = 9;

  private static final int YEARS = 1;
  private static final int CODES = 100_000_000;
  private static final int LONGEST_KINSHIP = 10;
  private static final int LONGEST_NAME = 20;
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int AT_ONCE = 1_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Db db;
  private final Vault vault;
  private final Clock clock;
  private final BindCodes guesses;
  private final ConsentStore store;

  Consents(Db db, Vault vault, Clock clock, BindCodes guesses) {
    this.db = db;
    this.vault = vault;
    this.clock = clock;
    this.guesses = guesses;
    this.store = new ConsentStore(vault);
  }

  // Giving.

  /// The giver asks for a code in their own chat. What they asked for before and nobody took is
  /// nothing any more.
  ///
  /// @return such as `4827 1935`
  public String offer(Tx tx, long giver, long address, String kinship) {
    Instant now = clock.instant();
    store.dropOffered(tx, giver);
    long id =
        store.insert(
            tx,
            giver,
            address,
            word(kinship, LONGEST_KINSHIP, "kinship-wrong"),
            null,
            null,
            null,
            Consent.How.CODE,
            null,
            false,
            now,
            inAYear(now));
    return draw(tx, id);
  }

  /// What the giver has just offered shall let all of theirs be seen. False: there is nothing.
  public boolean showAll(Tx tx, long giver) {
    Optional<Consent> offered =
        store.givenBy(tx, giver).stream()
            .filter(each -> each.how() == Consent.How.CODE && each.isOffered(clock.instant()))
            .findFirst();
    offered.ifPresent(each -> store.showAll(tx, each.id()));
    return offered.isPresent();
  }

  /// Staff write down what they were told by the giver.
  ///
  /// @param giverName as the giver is named to the actor
  /// @param actorName null: not told
  /// @param meantFor who is to take it, where staff know them; null: whoever has the code
  public Consent record(
      Tx tx,
      long giver,
      String kinship,
      String giverName,
      @Nullable String actorName,
      @Nullable Long meantFor,
      Consent.How how,
      long staff,
      boolean seesAll) {
    Instant now = clock.instant();
    long id =
        store.insert(
            tx,
            giver,
            null,
            word(kinship, LONGEST_KINSHIP, "kinship-wrong"),
            word(giverName, LONGEST_NAME, "name-wrong"),
            actorName == null || actorName.isBlank()
                ? null
                : word(actorName, LONGEST_NAME, "name-wrong"),
            meantFor,
            how,
            staff,
            seesAll,
            now,
            inAYear(now));
    return store.byId(tx, id).orElseThrow();
  }

  /// A fresh code for what nobody has taken yet, in the place of the one before.
  public String draw(Tx tx, long consent) {
    Instant now = clock.instant();
    if (store.lock(tx, consent).filter(each -> each.isOffered(now)).isEmpty()) {
      throw new Refusal("consent-over", 409);
    }
    store.dropCode(tx, consent);
    String code;
    do {
      code = "%08d".formatted(RANDOM.nextInt(CODES));
    } while (!store.insertCode(tx, vault.hash(code), consent, now.plus(LASTS)));
    return code.substring(0, 4) + " " + code.substring(4);
  }

  // Taking.

  /// What came of a code that was said.
  public sealed interface Claim {
    /// From now on only this address may say yes to it.
    record Right(Consent consent) implements Claim {}

    record Wrong() implements Claim {}

    /// By the giver.
    record Own() implements Claim {}

    /// Not even looked at: too many were wrong.
    record TooOften() implements Claim {}
  }

  /// @param address where it was said; the caller holds the lock of its conversation
  /// @param said eight digits
  public Claim claim(Tx tx, long person, long address, String said) {
    if (guesses.tooMany(tx, address)) {
      return new Claim.TooOften();
    }
    Instant now = clock.instant();
    List<byte[]> hashes = vault.hashes(said);
    boolean own =
        store
            .offeredBy(tx, hashes, now)
            .flatMap(id -> store.byId(tx, id))
            .filter(each -> each.giver() == person)
            .isPresent();
    if (own) {
      // Whoever tries it out leaves it to whom it is for.
      return new Claim.Own();
    }
    Optional<Consent> found =
        store
            .claim(tx, hashes, address, now)
            .flatMap(id -> store.byId(tx, id))
            .filter(each -> each.isOffered(now));
    if (found.isEmpty()) {
      guesses.missed(tx, address);
      return new Claim.Wrong();
    }
    return new Claim.Right(found.get());
  }

  /// Takes what was claimed here last. Between two who have one already it stands in its place; but
  /// beside it where one of them was two before they were joined, so that either has their own when
  /// that is undone.
  ///
  /// @param name as the actor wants to be named to the giver
  /// @return empty when its time is over
  public Optional<Consent> take(Tx tx, long person, long address, String name) {
    String named = word(name, LONGEST_NAME, "name-wrong");
    Instant now = clock.instant();
    Optional<Consent> given =
        store
            .use(tx, address, now)
            .flatMap(id -> store.lock(tx, id))
            .filter(each -> each.isOffered(now) && each.giver() != person);
    if (given.isEmpty()) {
      return Optional.empty();
    }
    List<Consent> has = actingFor(tx, person);
    Consent before =
        has.stream()
            .filter(each -> each.giver() == given.get().giver())
            .filter(
                each -> store.isBetweenTheSame(tx, each.id(), given.get().id(), person, address))
            .findFirst()
            .orElse(null);
    if (before == null && has.size() >= ACTED_FOR_AT_MOST) {
      throw new Refusal("consent-many", 409, ACTED_FOR_AT_MOST);
    }
    if (before != null) {
      store.end(tx, before.id(), Consent.End.RENEWED, null, now);
    }
    long id = given.get().id();
    store.take(tx, id, person, address, named, before == null ? null : before.first(), now);
    return store.byId(tx, id);
  }

  // Asking.

  /// For whom this person may act now, whoever came last first.
  public List<Consent> actingFor(Sql sql, long person) {
    return store.takenBy(sql, person).stream()
        .filter(each -> each.isInForce(clock.instant()))
        .toList();
  }

  /// By whom this person lets themselves be acted for now.
  public List<Consent> actedForBy(Sql sql, long person) {
    return store.givenBy(sql, person).stream()
        .filter(each -> each.isInForce(clock.instant()))
        .toList();
  }

  /// All that this person has given, newest first, over or not.
  public List<Consent> givenBy(Sql sql, long person) {
    return store.givenBy(sql, person);
  }

  /// All that this person has taken, newest first, over or not.
  public List<Consent> takenBy(Sql sql, long person) {
    return store.takenBy(sql, person);
  }

  /// What this person is to take, as staff were told, and has not yet.
  public List<Consent> meantFor(Sql sql, long person) {
    return store.meantFor(sql, person);
  }

  public Optional<Consent> byId(Sql sql, long id) {
    return store.byId(sql, id);
  }

  /// The one by which whoever told a case may act now.
  ///
  /// @param first that the case names
  public Optional<Consent> inForce(Sql sql, long first) {
    Instant now = clock.instant();
    return store.inForce(sql, first, now).filter(each -> each.isInForce(now));
  }

  /// The same, and it stands until this transaction is over.
  public Optional<Consent> held(Tx tx, long first) {
    Instant now = clock.instant();
    return store.hold(tx, first, now).filter(each -> each.isInForce(now));
  }

  /// The same.
  ///
  /// @throws Refusal when it has ended
  public Consent hold(Tx tx, long first) {
    return held(tx, first).orElseThrow(() -> new Refusal("consent-ended", 409));
  }

  /// Of these, and what renewed them, the newest, in force or not; for pages of cases that name
  /// them.
  public Map<Long, Consent> newest(Sql sql, Collection<Long> firsts) {
    return firsts.isEmpty()
        ? Map.of()
        : store.newest(sql, firsts).stream()
            .collect(Collectors.toMap(Consent::first, each -> each));
  }

  // Ending.

  /// From now on nobody acts by it.
  ///
  /// @param staff who ended it, where that is a member of staff
  /// @return empty when it had ended before
  public Optional<Consent> end(Tx tx, long id, Consent.End by, @Nullable Long staff) {
    return store.end(tx, id, by, staff, clock.instant()) ? store.byId(tx, id) : Optional.empty();
  }

  /// For another year from now.
  ///
  /// @throws Refusal when it was ended by anybody, or nobody took it
  public Consent renew(Tx tx, long id, Consent.How how, long staff) {
    Instant now = clock.instant();
    Consent was =
        store
            .lock(tx, id)
            .filter(each -> each.takenAt() != null && each.actor() != null)
            .filter(each -> each.endedBy() == null || each.endedBy() == Consent.End.EXPIRED)
            .orElseThrow(() -> new Refusal("consent-over", 409));
    boolean stands = store.inForce(tx, was.first(), now).filter(e -> e.id() != id).isPresent();
    if (stands) {
      throw new Refusal("consent-over", 409);
    }
    if (was.endedBy() == null) {
      store.end(tx, id, Consent.End.RENEWED, staff, now);
    }
    return store.byId(tx, store.renew(tx, id, how, staff, now, inAYear(now))).orElseThrow();
  }

  /// The person has left by this address. When they have no other, nobody acts for them and they
  /// for nobody, and what they were called is forgotten.
  ///
  /// @return which ended
  public List<Consent> left(Tx tx, long address) {
    Optional<Long> person = store.gone(tx, address);
    if (person.isEmpty()) {
      return List.of();
    }
    List<Consent> ended =
        Stream.concat(
                store.givenBy(tx, person.get()).stream(), store.takenBy(tx, person.get()).stream())
            .filter(each -> each.endedAt() == null)
            .filter(each -> store.end(tx, each.id(), Consent.End.LEFT, null, clock.instant()))
            .toList();
    store.forgetNames(tx, person.get());
    return ended;
  }

  /// Ends those whose time is over.
  public List<Consent> endExpired(Tx tx, int most) {
    Instant now = clock.instant();
    List<Consent> expired = store.expired(tx, now, most);
    expired.forEach(each -> store.end(tx, each.id(), Consent.End.EXPIRED, null, now));
    return expired;
  }

  /// Two who were one are two again: what came meanwhile goes with the address it came by.
  ///
  /// @return what cases name of all that are given by the one who had gone: what was told by them
  ///   meanwhile is that one's, too
  public List<Long> moveBack(Tx tx, Merge merge) {
    return store.moveBack(tx, merge);
  }

  /// Due work.
  boolean forgetDue() {
    return store.forget(db, clock.instant().minus(KEPT), AT_ONCE) == AT_ONCE;
  }

  private static Instant inAYear(Instant now) {
    return now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
  }

  private static String word(String text, int longest, String wrong) {
    String word = text.strip();
    if (word.isEmpty() || word.length() > longest) {
      throw new Refusal(wrong, 422, longest);
    }
    return word;
  }
}
