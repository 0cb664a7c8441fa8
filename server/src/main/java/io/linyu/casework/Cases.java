package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.community.Consent;
import io.linyu.community.Consents;
import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The matters that somebody must handle, and what is known of them. [Intake] opens them,
/// [Handling], [Handovers] and [Corrections] move them.
///
/// Staff reach a case only where they may see it: what is not theirs to see does not exist for
/// them. Every step holds the case's row lock, follows a row of [Transition], and writes its event
/// in the same transaction.
public final class Cases {
  /// None of the resident's business.
  static final Set<Kind> OF_THE_DESK = EnumSet.of(Kind.SIGNING, Kind.RULING, Kind.REWORK);

  private static final int LOOKS_SHOWN = 50;

  private final Db db;
  private final Events events;
  private final Clock clock;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final Checkers checkers;
  private final Consents consents;
  private final ZoneId zone;
  private final CaseStore store = new CaseStore();
  private final HoldingStore holdings = new HoldingStore();
  private final ClockStore clocks = new ClockStore();
  private final TextStore texts = new TextStore();
  private final SendingStore sendings = new SendingStore();
  private final KnownMatterStore knownMatters = new KnownMatterStore();
  private final MergeStore merges = new MergeStore();
  private final OutsideLookStore outsideLooks = new OutsideLookStore();

  Cases(
      Db db,
      Events events,
      Clock clock,
      Categories categories,
      Territories territories,
      Desks desks,
      Routing routing,
      Checkers checkers,
      Consents consents,
      ZoneId zone) {
    this.db = db;
    this.events = events;
    this.clock = clock;
    this.categories = categories;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
    this.checkers = checkers;
    this.consents = consents;
    this.zone = zone;
  }

  // What residents ask.

  /// The person's cases, newest first.
  public List<Case> ofPerson(Sql sql, long personId, int limit) {
    return asTold(sql, store.ofPerson(sql, personId, limit));
  }

  /// As whoever told them follows them: what was merged stands as what it is handled with, and what
  /// goes on for others only is over for them.
  public List<Case> asTold(Sql sql, List<Case> told) {
    List<CaseId> ids =
        told.stream().map(Case::masterId).filter(Objects::nonNull).distinct().toList();
    Map<CaseId, Case> masters =
        ids.isEmpty()
            ? Map.of()
            : store.byIds(sql, ids).stream().collect(Collectors.toMap(Case::id, each -> each));
    return told.stream()
        .map(each -> {
          Case master = each.masterId() == null ? null : masters.get(each.masterId());
          return master != null
              ? each.standingAs(master)
              : each.letGoAt() == null ? each : each.withdrawnByTeller();
        })
        .toList();
  }

  public Case asTold(Sql sql, Case told) {
    return asTold(sql, List.of(told)).getFirst();
  }

  /// Those who hear what is said of it: whoever told it, and whoever told of the same and is
  /// handled with it. Each stands as it does; who told it several times hears it once, of what they
  /// told first.
  ///
  /// @param at of what is said: those that were merged later do not hear it
  public List<Case> heardOf(Sql sql, Case matter, Instant at) {
    if (matter.follows()) {
      return matter.isTold() ? List.of(asTold(sql, matter)) : List.of();
    }
    var told = new ArrayList<Case>();
    if (matter.isTold() && matter.letGoAt() == null) {
      told.add(matter);
    }
    for (Case each : merges.followers(sql, matter.id(), at)) {
      if (!each.isTold()) {
        continue;
      }
      if (each.personId() == null || told.stream().noneMatch(other -> isOfSame(each, other))) {
        told.add(each.standingAs(matter));
      }
    }
    return told;
  }

  private static boolean isOfSame(Case each, Case other) {
    return Objects.equals(each.personId(), other.personId())
        && Objects.equals(each.consentId(), other.consentId());
  }

  /// All that the person has told of, a page at a time.
  ///
  /// @param goingOn what is still to come to an end, newest first
  /// @param over what has, newest first; begins when nothing more goes on
  /// @param after code of the case behind which the next page begins; null: this is the last
  public record Mine(List<Case> goingOn, List<Case> over, @Nullable String after) {}

  /// @param after as the page before it said; null, or not one of theirs: the first page
  public Mine ofPerson(Sql sql, long personId, @Nullable String after, int limit) {
    CaseId last = after == null ? null : store.idOf(sql, after).orElse(null);
    Boolean amongGoingOn = last == null ? null : store.goesOn(sql, personId, last).orElse(null);
    CaseId before = amongGoingOn == null ? null : last;
    List<Case> goingOn =
        Boolean.FALSE.equals(amongGoingOn)
            ? List.of()
            : store.goingOn(sql, personId, before, limit + 1);
    int room = limit + 1 - goingOn.size();
    List<Case> over =
        room <= 0
            ? List.of()
            : store.over(sql, personId, Boolean.FALSE.equals(amongGoingOn) ? before : null, room);
    boolean more = goingOn.size() + over.size() > limit;
    goingOn = goingOn.subList(0, Math.min(limit, goingOn.size()));
    over = over.subList(0, Math.min(limit - goingOn.size(), over.size()));
    return new Mine(
        asTold(sql, goingOn),
        asTold(sql, over),
        more ? (over.isEmpty() ? goingOn : over).getLast().code() : null);
  }

  /// How many the person has told of, finished or not.
  public int countOfPerson(Sql sql, long personId) {
    return store.countOfPerson(sql, personId);
  }

  /// What the resident is promised next; the desk's own clock is none of their business.
  public Optional<CaseClock> promised(Sql sql, CaseId id) {
    return clocks.clocks(sql, merges.masterOf(sql, id).orElse(id)).stream()
        .filter(CaseClock::isRunning)
        .filter(each -> !OF_THE_DESK.contains(each.kind()))
        .min(Comparator.comparing(CaseClock::dueAt));
  }

  /// The same for each of these, where something is promised.
  public Map<CaseId, CaseClock> promised(Sql sql, Collection<CaseId> ids) {
    Map<CaseId, CaseId> masters = merges.masters(sql, ids);
    Map<CaseId, CaseClock> next =
        clocks.next(sql, Stream.concat(ids.stream(), masters.values().stream()).toList());
    if (masters.isEmpty()) {
      return next;
    }
    var theirs = new HashMap<>(next);
    masters.forEach((id, master) -> {
      CaseClock promised = next.get(master);
      if (promised != null) {
        theirs.put(id, promised);
      }
    });
    return theirs;
  }

  /// The person's case of that number. Nobody else's: a number opens nothing.
  public Optional<Case> byNumber(Sql sql, long personId, CaseNumber number) {
    return store.ofPerson(sql, personId, number).map(each -> asTold(sql, each));
  }

  // What somebody asks who acts for another.

  /// What was told by these consents; by those that show all, everything of the person but what
  /// they told in confidence and their dangers. Newest first.
  ///
  /// @param consents in force
  public List<Case> actedFor(Sql sql, Collection<Consent> consents, int limit) {
    return consents.isEmpty()
        ? List.of()
        : asTold(
            sql,
            store.actedFor(
                sql,
                consents.stream().map(Consent::first).toList(),
                consents.stream().filter(Consent::seesAll).map(Consent::giver).toList(),
                limit));
  }

  /// The same for one that is named.
  public Optional<Case> actedFor(Sql sql, Collection<Consent> consents, CaseNumber number) {
    return store
        .byNumber(sql, number)
        .filter(each -> consents.stream().anyMatch(by -> isSeenBy(by, each)))
        .map(each -> asTold(sql, each));
  }

  private static boolean isSeenBy(Consent by, Case each) {
    return Objects.equals(each.consentId(), by.first())
        || (by.seesAll()
            && Objects.equals(each.personId(), by.giver())
            && !each.confidential()
            && each.state() != CaseState.HANDED_OFF);
  }

  /// The case that a message tells or answers, where somebody told it for another at this address;
  /// whoever sees that one sees the message.
  public Optional<CaseId> spokenIn(Sql sql, long address, long message) {
    return store.spokenIn(sql, address, message);
  }

  /// For the page that the link in the chat opens.
  ///
  /// @param language of the sentences, `zh` or `en`
  public Optional<Followed> byCode(String code, String language) {
    return link(code).map(Link::matter).map(matter -> followed(matter, language));
  }

  private Followed followed(Case matter, String language) {
    Lines lines = lines(language);
    List<Told<CaseEvent>> told = events.of(db, CaseEvent.VOCABULARY, matter.id().value());
    var steps = new ArrayList<>(lines.progress(told));
    var answers = new ArrayList<>(texts.answers(db, matter.id()));
    for (Merging.Span span : Merging.spans(told)) {
      List<Line> shared =
          lines.shared(
              events.of(db, CaseEvent.VOCABULARY, span.master().value()), span, matter.id());
      Set<Long> said =
          shared.stream().map(Line::text).filter(Objects::nonNull).collect(Collectors.toSet());
      steps.addAll(shared);
      texts.answers(db, span.master()).stream()
          .filter(each -> said.contains(each.id()))
          .forEach(answers::add);
    }
    Case standing = asTold(db, matter);
    Instant letGo = matter.letGoAt();
    if (letGo != null && standing.state() == CaseState.WITHDRAWN) {
      // What happens to it is for the others.
      steps.removeIf(each -> each.at().isAfter(letGo) && !each.word().startsWith("withdrawn"));
    }
    return new Followed(
        standing,
        steps.stream().sorted(Comparator.comparing(Line::at)).toList(),
        answers,
        known(matter),
        letGo == null ? promised(db, matter.id()).orElse(null) : null,
        standing.isWorkedOn() ? standing.work().desks() : List.of());
  }

  /// Which of these ended without being done ([Suspending#close]): their state is that of all that
  /// is closed.
  public Set<CaseId> unsolved(Sql sql, Collection<Case> some) {
    return unsolved(sql, some.stream().filter(each -> each.state().isClosed()).map(Case::id));
  }

  /// @param closed those of them that are
  Set<CaseId> unsolved(Stream<CaseId> closed) {
    return unsolved(db, closed);
  }

  Set<CaseId> unsolved(Sql sql, Stream<CaseId> closed) {
    List<CaseId> ids = closed.toList();
    if (ids.isEmpty()) {
      return Set.of();
    }
    Map<CaseId, CaseId> masters = merges.masters(sql, ids);
    Map<Long, List<Told<CaseEvent>>> told =
        events.of(
            sql,
            CaseEvent.VOCABULARY,
            ids.stream().map(each -> masters.getOrDefault(each, each).value()).distinct().toList());
    return ids.stream()
        .filter(each ->
            endedUnsolved(told.getOrDefault(masters.getOrDefault(each, each).value(), List.of())))
        .collect(Collectors.toSet());
  }

  private static boolean endedUnsolved(List<Told<CaseEvent>> told) {
    return told.reversed().stream()
        .map(Told::event)
        .filter(CaseEvent.Closed.class::isInstance)
        .findFirst()
        .filter(each -> ((CaseEvent.Closed) each).unsolved())
        .isPresent();
  }

  /// Whose page has this code.
  public Optional<CaseId> ofPage(String code) {
    return link(code).map(link -> link.matter().id());
  }

  /// What somebody has who has the code of a page.
  ///
  /// @param consent the first of the consents by which they told it for the person; null: it is the
  ///   person's own page
  record Link(Case matter, @Nullable Long consent) {
    boolean isOwner() {
      return consent == null;
    }
  }

  /// The link of whoever told it for another is nothing once the consent has ended.
  Optional<Link> link(String code) {
    return store
        .byCode(db, code)
        .map(each -> new Link(each, null))
        .or(() -> store.bySlip(db, code).map(each -> new Link(each, null)))
        .or(() ->
            store
                .bySpeakerCode(db, code)
                .filter(each ->
                    each.consentId() != null && consents.inForce(db, each.consentId()).isPresent())
                .map(each -> new Link(each, each.consentId())));
  }

  private KnownMatter.@Nullable Followed known(Case matter) {
    return matter.state() == CaseState.MERGED
        ? knownMatters.followed(db, List.of(matter.id()), territories).get(matter.id())
        : null;
  }

  // What staff see.

  /// Refused as not found where they may not see it.
  public Case visibleTo(Staff staff, CaseId id) {
    return visibleTo(db, staff, id);
  }

  /// The one whose page has this code.
  public Case visibleTo(Staff staff, String code) {
    return visibleTo(staff, store.idOf(db, code).orElseThrow(Refusal::notFound));
  }

  /// The same; empty: they may not see it.
  Optional<Case> visibleTo(Sql sql, Staff staff, String code) {
    return store
        .idOf(sql, code)
        .flatMap(id -> store.visible(sql, staff, Scope.of(staff, territories), id));
  }

  Optional<CaseId> idOf(Sql sql, String code) {
    return store.idOf(sql, code);
  }

  boolean isVisibleTo(Sql sql, Staff staff, CaseId id) {
    return store.visible(sql, staff, Scope.of(staff, territories), id).isPresent();
  }

  /// Those of these that they may see.
  Set<CaseId> visibleTo(Staff staff, Collection<CaseId> ids) {
    return ids.isEmpty() ? Set.of() : store.visible(db, staff, Scope.of(staff, territories), ids);
  }

  /// The one whose page has this code, also where they do not see it any more but have sent this
  /// before: they are to hear that it has arrived.
  CaseId named(Staff staff, String code, Sending sending) {
    CaseId id = store.idOf(db, code).orElseThrow(Refusal::notFound);
    return sendings.isDone(db, sending.key(), staff.id(), id) ? id : visibleTo(staff, id).id();
  }

  /// Locks it and reads it in one, where nobody else is at it and they may see it.
  Future<Optional<CaseStore.Unread>> open(Tx tx, Staff staff, CaseId id, Instant at) {
    return store.open(tx, staff, Scope.of(staff, territories), id, at);
  }

  Case visibleTo(Sql sql, Staff staff, CaseId id) {
    return store
        .visible(sql, staff, Scope.of(staff, territories), id)
        .orElseThrow(Refusal::notFound);
  }

  /// What happened, in the language of the member of staff, oldest first.
  public List<Line> history(Staff staff, CaseId id) {
    Case matter = visibleTo(staff, id);
    List<OutsideLook> looks = outsideLooks.ofCase(db, matter.id(), LOOKS_SHOWN);
    List<Line> told = told(matter.id(), staff.language());
    if (looks.isEmpty()) {
      return told;
    }
    Words words = Words.in(staff.language());
    return Stream.concat(told.stream(), looks.stream().map(each -> looked(each, words)))
        .sorted(Comparator.comparing(Line::at))
        .toList();
  }

  /// Who looked at it from another unit, and why.
  private static Line looked(OutsideLook look, Words words) {
    String sentence =
        words.of(
            "history.looked",
            look.unit(),
            look.staffName(),
            words.of("look.reason." + look.reason().word()),
            look.words());
    return new Line(look.at(), "looked", sentence, null, 0, null);
  }

  /// What happened to a case that whoever asks has shown that they may read, oldest first.
  List<Line> told(CaseId id, String language) {
    return lines(language).history(events.of(db, CaseEvent.VOCABULARY, id.value()));
  }

  /// Likewise what its resident was answered.
  List<Answer> answersRead(Case matter) {
    return texts.answers(db, matter.id());
  }

  /// Likewise what colleagues wrote down.
  List<Note> notesRead(Case matter) {
    return texts.notes(db, matter.id());
  }

  /// What the resident was answered, oldest first.
  public List<Answer> answers(Staff staff, CaseId id) {
    return texts.answers(db, visibleTo(staff, id).id());
  }

  /// What colleagues wrote down, oldest first.
  public List<Note> notes(Staff staff, CaseId id) {
    return texts.notes(db, visibleTo(staff, id).id());
  }

  /// Who has had it, oldest first.
  public List<Holding> holdings(Staff staff, CaseId id) {
    return holdings.holdings(db, visibleTo(staff, id).id());
  }

  /// Running and stopped, the earliest due first.
  public List<CaseClock> clocks(Staff staff, CaseId id) {
    return clocks.clocks(db, visibleTo(staff, id).id());
  }

  /// What the answer says; for the listener that carries it to the resident. Empty once erased.
  public Optional<Answer> answer(Sql sql, long answerId) {
    return texts.answer(sql, answerId);
  }

  /// A person has become another: their cases move. The caller holds both persons.
  ///
  /// @return which moved
  public List<Long> moveAll(Tx tx, long from, long to) {
    return store.moveAll(tx, from, to);
  }

  /// Takes a move back: these cases, what was told at these addresses since, and what was told by
  /// these consents.
  public void moveBack(
      Tx tx, long from, long to, List<Long> cases, List<Long> addresses, List<Long> consents) {
    store.moveBack(tx, from, to, cases, addresses, consents);
  }

  /// The person's confidential cases that this member of staff may not see.
  public List<CaseId> hiddenFrom(Staff staff, long personId) {
    return store.hidden(db, staff, Scope.of(staff, territories), personId);
  }

  /// Those of the person's that complain about staff, or seem to, and are kept from them.
  public List<CaseId> keptFrom(Staff staff, long personId) {
    return store.keptFrom(db, staff, Scope.of(staff, territories), personId);
  }

  /// Those of these messages that were said of a case of the person which they may see.
  public Set<Long> readable(Staff staff, long personId, Collection<Long> messages) {
    return store.readable(db, staff, Scope.of(staff, territories), personId, messages);
  }

  /// The person's cases that this member of staff may see, newest first.
  public List<Case> ofPersonVisibleTo(Staff staff, long personId, int limit) {
    return store.ofPersonVisible(db, staff, Scope.of(staff, territories), personId, limit);
  }

  /// The case of that number, where they may see it.
  public Optional<Case> byNumberVisibleTo(Staff staff, CaseNumber number) {
    return store.byNumberVisible(db, staff, Scope.of(staff, territories), number);
  }

  /// Whether others may come to harm by it, so that it is seen to though nobody wants it any more.
  public boolean isSafety(Case matter) {
    return categories.isSafety(matter);
  }

  /// Whether it is kept quiet: violence at home, children, or somebody who may harm themselves. No
  /// message names it.
  public boolean isQuiet(Sql sql, Case matter) {
    return categories.named(matter.categoryCode()).filter(Category::quiet).isPresent()
        || ((matter.confidential() || matter.state() == CaseState.HANDED_OFF)
            && store.isQuiet(sql, matter.id()));
  }

  /// For listeners, which act for nobody.
  public List<Case> named(Sql sql, Collection<CaseId> ids) {
    return store.byIds(sql, ids);
  }

  public Optional<Case> named(Sql sql, CaseId id) {
    return store.byId(sql, id);
  }

  /// The clocks of each of these, running and stopped.
  public Map<CaseId, List<CaseClock>> clocks(Sql sql, Collection<CaseId> ids) {
    return clocks.clocks(sql, ids);
  }

  /// Open cases at this place whose limit of handling was over in this time, in the order of their
  /// ids.
  ///
  /// @param path everything below it belongs to it
  /// @param after the last of the page before; 0: the first page
  public List<CaseId> late(
      Sql sql, String path, Instant from, Instant to, CaseId after, int limit) {
    return store.late(sql, path, from, to, after, limit);
  }

  /// What a case is called in a list.
  public record Named(CaseId id, String code, String number, String title) {}

  /// Of these, those that they may see.
  public Map<CaseId, Named> named(Staff staff, Collection<CaseId> ids) {
    return store.named(db, staff, Scope.of(staff, territories), ids);
  }

  /// Whether their role looks after a territory, so that what happens there is theirs to know.
  public static boolean looksAfterTerritory(Staff staff) {
    return Scope.ROLES.contains(staff.role());
  }

  /// Those of these of which the same person had told of the same kind at the same place before.
  ///
  /// @param days within which that counts
  public Set<CaseId> repeats(Sql sql, Collection<CaseId> ids, int days) {
    return store.repeats(sql, ids, days);
  }

  /// The next lawful steps for this person, for the buttons of the page.
  public List<Step> stepsFor(Staff staff, Case matter) {
    List<Step> steps = permits(staff, matter).steps();
    if (matter.staffId() != null || !matter.isOpen()) {
      return steps;
    }
    List<Told<CaseEvent>> told = events.of(db, CaseEvent.VOCABULARY, matter.id().value());
    Instant now = clock.instant();
    if (Handovers.justHandedOn(staff, told, now).isPresent()) {
      return Stream.concat(steps.stream(), Stream.of(Step.HAND_BACK)).toList();
    }
    return Checking.isJustReported(staff, told, now)
        ? Stream.concat(steps.stream(), Stream.of(Step.TAKE_RESULT_BACK)).toList()
        : steps;
  }

  Permits permits(Staff staff, Case matter) {
    return Permits.of(staff, matter, desks, routing, checkers, clock.instant());
  }

  /// A verb of the page.
  public enum Step {
    CLAIM,
    TAKE_OVER,
    RELEASE,
    /// To a colleague at its desk.
    GIVE,
    ANSWER,
    NOTE,
    HAND_ON,
    HAND_BACK,
    /// What was sent to one's desk, and is not for it, to the desk that sends it elsewhere.
    RETURN,
    /// Says that what was sent down to a community is not on the list of what it takes on.
    NOT_LISTED,
    /// Says whether it goes elsewhere, or stays with those who have returned it.
    DECIDE_RETURN,
    /// Says that what one has, and cannot return any more, is another's.
    DISPUTE,
    /// As the desk that was named: how one sees it.
    GIVE_VIEW,
    /// Says who of the two leads.
    RULE,
    TAKE_DISPUTE_BACK,
    /// Has desks sit down together about it, or says anew when and with whom.
    CONVENE,
    /// Writes down what they have decided.
    WRITE_MINUTES,
    CALL_CONFERENCE_OFF,
    /// To the desk of the next level.
    RAISE,
    /// To that of the level below.
    SEND_DOWN,
    SET_CATEGORY,
    SET_TERRITORY,
    /// Whoever has it hears that it is waited for.
    URGE,
    /// Sees to it themselves that something is done, and not any more.
    SUPERVISE,
    LIFT_SUPERVISION,
    /// Asks others to do a part of it.
    CO_HANDLE,
    /// Urges, extends or cancels what they were asked.
    TEND_PARTS,
    /// Says that it is done.
    REPORT,
    /// Takes that back.
    TAKE_RESULT_BACK,
    /// Has looked, and it is done.
    PASS,
    /// Has looked, and it is not.
    FAIL,
    /// Has telephoned and asked whether it is solved.
    CALL,
    /// It is not, and is done again.
    REOPEN,
    /// It is not, and nothing more can be done.
    OVERRULE,
    /// Not accepted; also, that this stands.
    REJECT,
    /// Has it handled with another that tells of the same.
    MERGE,
    /// And by itself again.
    UNMERGE,
    /// Says whether it is a complaint about staff.
    JUDGE,
    /// Several matters that were told in one message are handled each by itself.
    SPLIT,
    /// Of somebody else: more time than the limit gives.
    ASK_EXTENSION,
    /// Grants or refuses it.
    DECIDE_EXTENSION,
    /// Of a leader: that it waits until a day.
    ASK_SUSPENSION,
    DECIDE_SUSPENSION,
    /// Goes on with what waits.
    RESUME,
    /// Of what waits: it cannot be done at all.
    CLOSE_SUSPENDED,
    /// What was asked for is not needed any more.
    TAKE_REQUEST_BACK,
    /// Has somebody who lives there look at something.
    ASK_HEAD,
    /// The same, before it is accepted: that waits for it.
    LOOK,
    /// Of what is closed: tells in public what was done.
    PUBLISH
  }

  private Lines lines(String language) {
    return new Lines(db, categories, desks, territories, zone, language);
  }
}
