package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.Cases;
import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Consent;
import io.linyu.community.Consents;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.community.PersonEvent;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// 家人代办, in chats: a consent is offered, taken and ended here, and each side is told what the other
/// did. Both are told in the transaction of the fact.
///
/// Whoever ends one holds their own conversation at most. That of the other is changed by one
/// statement; where two wait for each other, PostgreSQL ends one, and it runs again.
public final class Acting {
  private static final Duration PAUSE = Duration.ofSeconds(20);
  private static final int AT_ONCE = 100;
  private static final int TITLE = 40;

  /// In the place of a name.
  private static final String NAME = "\0";

  private final Db db;
  private final Community community;
  private final People people;
  private final Consents consents;
  private final Cases cases;
  private final Events events;
  private final Outbox outbox;
  private final Reach reach;
  private final Watchers watchers;
  private final Clock clock;
  private final ZoneId zone;
  private final String publicUrl;
  private final ActingStore store = new ActingStore();

  Acting(
      Db db,
      Community community,
      Cases cases,
      Events events,
      Outbox outbox,
      Reach reach,
      Watchers watchers,
      Clock clock,
      ZoneId zone,
      String publicUrl) {
    this.db = db;
    this.community = community;
    this.people = community.people();
    this.consents = community.consents();
    this.cases = cases;
    this.events = events;
    this.outbox = outbox;
    this.reach = reach;
    this.watchers = watchers;
    this.clock = clock;
    this.zone = zone;
    this.publicUrl = publicUrl;
  }

  void start(Ticker ticker) {
    var _ = ticker.every(PAUSE, "consents-end", this::endExpired);
  }

  // What the giver does.

  Map<String, Object> offer(Tx tx, Conversation with, String kinship) {
    return Map.of("code", consents.offer(tx, with.personId, with.addressId, kinship));
  }

  Map<String, Object> showAll(Tx tx, Conversation with) {
    return Map.of("done", consents.showAll(tx, with.personId));
  }

  /// Who acts may be called otherwise than it was written down, such as 家人 or 大女儿. Whoever does not
  /// want to be acted for is never told that nobody does while somebody may: when nobody is called
  /// so, all are meant, and those who still may are named.
  ///
  /// @param kinship only those who are called so, if anybody is; null: all
  Map<String, Object> revoke(Tx tx, Conversation with, @Nullable String kinship) {
    Instant now = clock.instant();
    List<Consent> open =
        consents.givenBy(tx, with.personId).stream()
            .filter(each -> each.endedAt() == null)
            .toList();
    List<Consent> named = open.stream().filter(each -> each.kinship().equals(kinship)).toList();
    List<Consent> meant = named.stream().anyMatch(each -> each.isInForce(now)) ? named : open;
    List<Consent> ended =
        meant.stream()
            .flatMap(each -> end(tx, each, Consent.End.GIVER, null).stream())
            .filter(each -> each.takenAt() != null)
            .toList();
    Words words = Words.in(with.language);
    return Map.of(
        "who",
        actorNames(ended, words),
        "still",
        actorNames(consents.actedForBy(tx, with.personId), words));
  }

  private String actorNames(List<Consent> some, Words words) {
    return some.stream()
        .map(each -> actorName(each, words))
        .distinct()
        .collect(Collectors.joining(words.of("list.and")));
  }

  // What the actor does.

  Map<String, Object> claim(Tx tx, Conversation with, String code) {
    return switch (consents.claim(tx, with.personId, with.addressId, code)) {
      case Consents.Claim.Wrong _ -> Map.of("outcome", "wrong");
      case Consents.Claim.TooOften _ -> Map.of("outcome", "often");
      case Consents.Claim.Own _ -> Map.of("outcome", "own");
      case Consents.Claim.Right(Consent offered) ->
          Map.of(
              "outcome",
              "right",
              "who",
              giverName(tx, offered, Words.in(with.language)),
              "all",
              offered.seesAll());
    };
  }

  Map<String, Object> take(Tx tx, Conversation with, String name) {
    Optional<Consent> taken = consents.take(tx, with.personId, with.addressId, name);
    if (taken.isEmpty()) {
      return Map.of();
    }
    Consent each = taken.get();
    events.write(
        tx,
        PersonEvent.VOCABULARY,
        each.giver(),
        new PersonEvent.ConsentTaken(each.id(), with.personId));
    tellGiver(
        tx,
        each,
        "taken",
        words ->
            words.of(
                each.seesAll() ? "resident.consent-taken-all" : "resident.consent-taken",
                actorName(each, words),
                kinship(each, words),
                day(each, words)));
    Words words = Words.in(with.language);
    return Map.of("who", giverName(tx, each, words), "until", day(each, words));
  }

  Map<String, Object> mine(Tx tx, Conversation with) {
    Words words = Words.in(with.language);
    return Map.of(
        "acting",
        consents.actingFor(tx, with.personId).stream()
            .collect(
                Collectors.toMap(Consent::giver, each -> each, (a, _) -> a, LinkedHashMap::new))
            .values()
            .stream()
            .map(each -> one(tx, each, words))
            .toList());
  }

  private Map<String, Object> one(Sql sql, Consent each, Words words) {
    var told = new HashMap<String, Object>();
    told.put("consent", each.first());
    told.put("who", giverName(sql, each, words));
    Territory home = home(people.byId(sql, each.giver()));
    if (home != null) {
      told.put("place", community.territories().nameForResident(home));
      told.put("territory", home.id());
    }
    return told;
  }

  private @Nullable Territory home(Person person) {
    Long home = person.homeId();
    return home == null ? null : community.territories().byId(home);
  }

  Map<String, Object> stop(Tx tx, Conversation with, long first) {
    Words words = Words.in(with.language);
    List<Consent> acting = consents.actingFor(tx, with.personId);
    Consent by =
        acting.stream()
            .filter(each -> each.first() == first)
            .findFirst()
            .orElseThrow(() -> new Refusal("consent-ended", 409));
    String who = giverName(tx, by, words);
    // Of a giver who was two, they may have one from each.
    List<Consent> all = acting.stream().filter(each -> each.giver() == by.giver()).toList();
    for (Consent each : all) {
      var _ = end(tx, each, Consent.End.ACTOR, null);
    }
    Long about = with.caseId;
    if (about != null && all.stream().anyMatch(each -> isBy(tx, about, each.first()))) {
      with.handToBot();
      with.state = with.state.withBot();
    }
    return Map.of("who", who);
  }

  private boolean isBy(Sql sql, long about, long first) {
    return cases
        .named(sql, CaseId.of(about))
        .filter(each -> Long.valueOf(first).equals(each.consentId()))
        .isPresent();
  }

  // Whose a matter is.

  /// By which this person speaks now; it stands until this turn is over.
  ///
  /// @param first that the dialog began with
  /// @throws Refusal when it has ended, or is not theirs
  Consent hold(Tx tx, Conversation with, long first) {
    Consent by = consents.hold(tx, first);
    if (!Long.valueOf(with.personId).equals(by.actor())) {
      throw new Refusal("consent-ended", 409);
    }
    return by;
  }

  /// A matter that this person may do something about.
  ///
  /// @param by by which they told it for somebody; null: it is their own
  record Theirs(Case matter, @Nullable Consent by) {
    long owner() {
      return requireNonNull(matter.personId());
    }

    @Nullable Long consent() {
      return by == null ? null : Long.valueOf(by.first());
    }
  }

  /// @throws Refusal when there is none that they may touch
  Theirs theirs(Tx tx, Conversation with, String spoken) {
    CaseNumber number = CaseNumber.parse(spoken).orElseThrow(Refusal::notFound);
    Optional<Case> own = cases.byNumber(tx, with.personId, number);
    if (own.isPresent()) {
      return new Theirs(own.get(), null);
    }
    List<Consent> acting = consents.actingFor(tx, with.personId);
    Case told =
        cases
            .actedFor(tx, acting, number)
            .filter(each -> tells(acting, each))
            .orElseThrow(Refusal::notFound);
    return new Theirs(told, hold(tx, with, requireNonNull(told.consentId())));
  }

  /// The case that staff talk about with this person; empty: it is not theirs to say anything to
  /// any more.
  Optional<Theirs> talkedAbout(Tx tx, Conversation with, long about) {
    Case matter = cases.named(tx, CaseId.of(about)).orElseThrow();
    if (isOwn(with.personId, matter)) {
      return Optional.of(new Theirs(matter, null));
    }
    Long first = matter.consentId();
    if (first == null || matter.personId() == null) {
      return Optional.empty();
    }
    return consents
        .inForce(tx, first)
        .filter(each -> Long.valueOf(with.personId).equals(each.actor()))
        .map(each -> new Theirs(matter, each));
  }

  /// Whether nobody but whose it is hears of it now.
  boolean isAnsweredToOwner(Sql sql, Case matter) {
    Long first = matter.consentId();
    return first == null || consents.inForce(sql, first).isEmpty();
  }

  /// By which of a person's own links they follow what they may see of another's matters: only what
  /// they told has one. The links of others end with others' consents.
  ///
  /// @return empty: there is none
  Map<CaseId, String> codes(Sql sql, long reader, Collection<Case> some) {
    var codes = new HashMap<CaseId, String>();
    List<Consent> acting =
        some.stream().allMatch(each -> isOwn(reader, each))
            ? List.of()
            : consents.actingFor(sql, reader);
    for (Case each : some) {
      String code =
          isOwn(reader, each) ? each.code() : tells(acting, each) ? each.speakerCode() : null;
      if (code != null) {
        codes.put(each.id(), code);
      }
    }
    return codes;
  }

  private static boolean isOwn(long reader, Case each) {
    return Long.valueOf(reader).equals(each.personId());
  }

  private static boolean tells(List<Consent> acting, Case each) {
    return acting.stream().anyMatch(by -> Long.valueOf(by.first()).equals(each.consentId()));
  }

  /// All that this person may know of because they act for others, newest first.
  List<Case> matters(Sql sql, long person, int limit) {
    return cases.actedFor(sql, consents.actingFor(sql, person), limit);
  }

  Optional<Case> matter(Sql sql, long person, CaseNumber number) {
    return cases.actedFor(sql, consents.actingFor(sql, person), number);
  }

  /// Those of them that they are asked about whether they are solved: whose they are has no chat.
  List<Case> answeredFor(Sql sql, long person, int limit) {
    List<Consent> alone =
        consents.actingFor(sql, person).stream()
            .filter(each -> reach.owner(sql, each.giver()).isEmpty())
            .toList();
    return cases.actedFor(sql, alone, limit).stream()
        .filter(each -> each.consentId() != null)
        .toList();
  }

  /// The latest that this person told by it and that is open, when a person is called for about it.
  Optional<Case> latestOpen(Sql sql, Conversation with, long first, int looked) {
    List<Consent> by =
        consents.actingFor(sql, with.personId).stream()
            .filter(each -> each.first() == first)
            .toList();
    return cases.actedFor(sql, by, looked).stream()
        .filter(each -> tells(by, each))
        .filter(Case::isOpen)
        .findFirst();
  }

  /// For whom somebody told it, as a bot's answer has it.
  Map<String, Object> forWhom(Sql sql, Case matter, Words words) {
    Long first = matter.consentId();
    return first == null
        ? Map.of()
        : consents
            .inForce(sql, first)
            .map(each ->
                Map.<String, Object>of("consent", first, "who", giverName(sql, each, words)))
            .orElse(Map.of());
  }

  /// The titles as this person reads them: with whom each is for, or who told it for them.
  Map<CaseId, String> titles(Sql sql, long reader, Collection<Case> some, Words words) {
    Map<Long, Consent> by =
        consents.newest(
            sql,
            some.stream()
                .flatMap(each -> Stream.ofNullable(each.consentId()))
                .collect(Collectors.toSet()));
    var names = new HashMap<Long, String>();
    var titles = new HashMap<CaseId, String>();
    for (Case each : some) {
      Long owner = each.personId();
      Consent told = each.consentId() == null ? null : by.get(each.consentId());
      String title = each.title();
      if (owner != null && owner != reader) {
        String who =
            names.computeIfAbsent(
                owner,
                person ->
                    told == null ? nameOf(sql, person, words, false) : giverName(sql, told, words));
        title = words.of("resident.title-for", title, who);
      } else if (told != null) {
        title = words.of("resident.title-by", title, kinship(told, words));
      }
      titles.put(each.id(), title);
    }
    return titles;
  }

  /// The title as whoever acts reads it, such as `厕所堵了（替赵玉兰说的）`.
  String titled(Sql sql, Case matter, Words words, boolean forOwner) {
    Long first = matter.consentId();
    if (first == null) {
      return matter.title();
    }
    Consent by = consents.newest(sql, List.of(first)).get(first);
    if (by == null) {
      return matter.title();
    }
    return forOwner
        ? words.of("resident.title-by", matter.title(), kinship(by, words))
        : words.of("resident.title-for", matter.title(), giverName(sql, by, words));
  }

  // What the giver is told of it.

  /// That something was told for them.
  void opened(Tx tx, Consent by, Case matter) {
    tellGiver(
        tx,
        by,
        "opened:" + matter.id().value(),
        words ->
            cases.isQuiet(tx, matter)
                ? words.of(
                    "quiet.opened",
                    kinship(by, words),
                    actorName(by, words),
                    matter.number(),
                    publicUrl + "/h5/cases/" + matter.code())
                : words.of(
                    "resident.consent-opened",
                    kinship(by, words),
                    actorName(by, words),
                    Outbox.cut(matter.title(), TITLE * 3),
                    matter.number(),
                    matter.deskName(),
                    publicUrl + "/h5/cases/" + matter.code()));
  }

  /// That it is not wanted any more, by whoever said so; the other of the two hears of it.
  ///
  /// @param consent by which it was said; null: by whose it is
  void withdrawn(Tx tx, Case matter, @Nullable Long consent) {
    if (consent != null) {
      consents
          .inForce(tx, consent)
          .ifPresent(by ->
              tellGiver(
                  tx,
                  by,
                  "withdrawn:" + matter.id().value(),
                  words ->
                      words.of(
                          "resident.consent-withdrawn",
                          kinship(by, words),
                          actorName(by, words),
                          named(tx, matter, words),
                          matter.number())));
    } else if (matter.consentId() != null) {
      consents
          .inForce(tx, matter.consentId())
          .ifPresent(each ->
              tellActor(
                  tx,
                  each,
                  "withdrawn:" + matter.id().value(),
                  words ->
                      words.of(
                          "resident.consent-withdrawn-by-giver",
                          giverName(tx, each, words),
                          named(tx, matter, words),
                          matter.number())));
    }
  }

  /// The title, but of what is kept quiet: whoever hears it has not asked.
  private String named(Tx tx, Case matter, Words words) {
    return cases.isQuiet(tx, matter) ? words.of("quiet.matter") : matter.title();
  }

  // Ending.

  /// From now on nobody acts by it. What is on its way to the actor is stopped, goes to the giver
  /// where they have a chat, and both are told, but not whoever has just said so.
  ///
  /// @param staff who ended it, where that is a member of staff
  Optional<Consent> end(Tx tx, Consent each, Consent.End by, @Nullable Long staff) {
    Optional<Consent> ended = consents.end(tx, each.id(), by, staff);
    ended.ifPresent(done -> hasEnded(tx, done, by));
    return ended;
  }

  private void hasEnded(Tx tx, Consent each, Consent.End by) {
    events.write(
        tx,
        PersonEvent.VOCABULARY,
        each.giver(),
        new PersonEvent.ConsentEnded(each.id(), by.word(), each.endedStaff()));
    Long actor = each.actor();
    if (actor == null || actor == each.giver()) {
      return;
    }
    Words spoken = Words.in(people.byId(tx, actor).language());
    var touched = new ArrayList<Long>();
    for (ActingStore.Stopped stopped : store.stop(tx, each.first(), actor, clock.instant())) {
      touched.add(stopped.addressId());
      events.write(
          tx,
          ReceptionEvent.VOCABULARY,
          stopped.addressId(),
          new ReceptionEvent.SendingEnded(stopped.id(), "failed"));
      reach
          .owner(tx, each.giver())
          .filter(_ -> !stopped.told())
          .ifPresent(spot ->
              outbox.say(
                  tx,
                  spot.addressId(),
                  "instead:" + stopped.id(),
                  stopped.staffId() == null ? "system" : "staff",
                  stopped.staffId(),
                  stopped.caseId(),
                  forGiver(each, stopped, spoken)));
    }
    store.handBack(tx, each.first(), actor);
    tx.afterCommit(() -> watchers.said(Set.copyOf(touched)));
    if (by != Consent.End.ACTOR) {
      tellActor(
          tx,
          each,
          "ended",
          words ->
              words.of("resident.consent-ended-actor." + by.word(), giverName(tx, each, words)));
    }
    if (by != Consent.End.GIVER) {
      tellGiver(
          tx,
          each,
          "ended",
          words ->
              words.of(
                  "resident.consent-ended-giver." + by.word(),
                  kinship(each, words),
                  actorName(each, words)));
    }
  }

  /// What the actor was to read, as it is for the giver: with their own link, and that it was told
  /// for them.
  ///
  /// @param words in which it was written
  private static String forGiver(Consent each, ActingStore.Stopped stopped, Words words) {
    String link = stopped.speakerCode();
    String text = link == null ? stopped.text() : stopped.text().replace(link, stopped.code());
    // Whatever the giver was called when it was written.
    String[] around = words.of("resident.title-for", "", NAME).split(NAME, 2);
    return Pattern.compile(Pattern.quote(around[0]) + "[^（）()]{1,60}" + Pattern.quote(around[1]))
        .matcher(text)
        .replaceAll(
            Matcher.quoteReplacement(words.of("resident.title-by", "", kinship(each, words))));
  }

  /// The person has left by this address.
  void left(Tx tx, long address) {
    consents.left(tx, address).forEach(each -> hasEnded(tx, each, Consent.End.LEFT));
  }

  private boolean endExpired() {
    return db.inTransaction(tx -> {
      List<Consent> over = consents.endExpired(tx, AT_ONCE);
      over.forEach(each -> hasEnded(tx, each, Consent.End.EXPIRED));
      return over.size() == AT_ONCE;
    });
  }

  // What staff do.

  /// @param giverName as the actor will know them
  /// @param meantFor who is to take it; null: whoever has the code
  Consent record(
      Tx tx,
      Staff staff,
      long giver,
      String kinship,
      String giverName,
      @Nullable String actorName,
      @Nullable Long meantFor,
      Consent.How how,
      boolean seesAll) {
    Consent made =
        consents.record(
            tx, giver, kinship, giverName, actorName, meantFor, how, staff.id(), seesAll);
    events.write(
        tx,
        PersonEvent.VOCABULARY,
        made.giver(),
        new PersonEvent.ConsentRecorded(made.id(), staff.id()));
    return made;
  }

  /// For another year; both are told.
  Consent renew(Tx tx, Staff staff, Consent was, Consent.How how) {
    Consent now = consents.renew(tx, was.id(), how, staff.id());
    events.write(
        tx,
        PersonEvent.VOCABULARY,
        now.giver(),
        new PersonEvent.ConsentRecorded(now.id(), staff.id()));
    tellActor(
        tx,
        now,
        "renewed",
        words ->
            words.of("resident.consent-renewed-actor", giverName(tx, now, words), day(now, words)));
    tellGiver(
        tx,
        now,
        "renewed",
        words ->
            words.of(
                "resident.consent-renewed-giver",
                kinship(now, words),
                actorName(now, words),
                day(now, words)));
    return now;
  }

  // In words.

  private interface Said {
    String in(Words words);
  }

  private void tellGiver(Tx tx, Consent each, String what, Said said) {
    tell(tx, each, each.giver(), what + ":giver", said);
  }

  private void tellActor(Tx tx, Consent each, String what, Said said) {
    Long actor = each.actor();
    if (actor != null) {
      tell(tx, each, actor, what + ":actor", said);
    }
  }

  private void tell(Tx tx, Consent each, long person, String what, Said said) {
    reach
        .owner(tx, person)
        .ifPresent(spot ->
            outbox.say(
                tx,
                spot.addressId(),
                "consent:" + each.id() + ":" + what,
                "system",
                null,
                null,
                said.in(Words.in(people.byId(tx, person).language()))));
  }

  /// As the actor knows the giver. Before they have said yes, the real name is not said in full.
  String giverName(Sql sql, Consent each, Words words) {
    String named = each.giverName();
    return named != null ? named : nameOf(sql, each.giver(), words, each.takenAt() == null);
  }

  /// As staff read it on the screen.
  String maskedGiver(Sql sql, Consent each, Words words) {
    String named = each.giverName();
    return named != null ? Mask.name(named) : nameOf(sql, each.giver(), words, true);
  }

  private String nameOf(Sql sql, long person, Words words, boolean masked) {
    Optional<String> name = people.name(sql, person);
    if (name.isPresent()) {
      return masked ? Mask.name(name.get()) : name.get();
    }
    Territory home = home(people.byId(sql, person));
    if (home != null) {
      return words.of("resident.family-at", community.territories().nameForResident(home));
    }
    return people.addressesOf(sql, person).stream()
        .filter(Address::follows)
        .findFirst()
        .map(at -> words.of("resident.family-by", Ways.label(words, at.key())))
        .orElseGet(() -> words.of("spoken.relative"));
  }

  String actorName(Consent each, Words words) {
    String name = each.actorName();
    return name == null ? kinship(each, words) : name;
  }

  static String kinship(Consent each, Words words) {
    return each.kinship().isEmpty() ? words.of("spoken.relative") : each.kinship();
  }

  String day(Consent each, Words words) {
    return DateTimeFormatter.ofPattern(words.of("consent.day"), Locale.forLanguageTag(words.tag()))
        .format(LocalDate.ofInstant(each.until(), zone));
  }
}
