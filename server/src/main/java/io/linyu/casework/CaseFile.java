package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Staff.StandIn;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The file of one case, open in a transaction that holds the case's row lock. Steps are taken on
/// it one by one, and it is put back once.
final class CaseFile {
  private static final CaseStore CASES = new CaseStore();
  private static final HoldingStore HOLDINGS = new HoldingStore();
  private static final ClockStore CLOCKS = new ClockStore();
  private static final TextStore TEXTS = new TextStore();
  private static final TimeRequestStore REQUESTS = new TimeRequestStore();
  private static final CaseReturnStore RETURNS = new CaseReturnStore();
  private static final CaseDisputeStore DISPUTES = new CaseDisputeStore();
  private static final ConferenceStore CONFERENCES = new ConferenceStore();
  private static final PartStore PARTS = new PartStore();
  private static final RequestStore ASKED = new RequestStore();

  private static final Duration TAKEN_BACK_WITHIN = Duration.ofMinutes(1);

  private static final Set<CaseState> WORKED_ON =
      Set.of(CaseState.DISPATCHED, CaseState.HANDLING, CaseState.SUSPENDED);

  /// In which others may do a part of it.
  private static final Set<CaseState> GOING_ON =
      Set.of(CaseState.FILED, CaseState.DISPATCHED, CaseState.HANDLING, CaseState.SUSPENDED);

  /// In which it can be disputed whose it is.
  private static final Set<CaseState> DISPUTED = Set.of(CaseState.DISPATCHED, CaseState.HANDLING);

  private final Tx tx;
  private final Events events;
  private final Clocks clocks;
  private final Instant at;
  private final Case was;

  private CaseState state;
  private Level level;
  private Urgency urgency;
  private @Nullable String category;
  private boolean confidential;
  private long desk;
  private @Nullable Long staff;
  private @Nullable String body;
  private Case.@Nullable Lead lead;
  private @Nullable String salt;
  private @Nullable Long drawn;

  /// Whether whoever told it had not been contacted; null: it was not asked.
  private final @Nullable Boolean waited;

  private boolean rests;
  private CaseEvent.@Nullable StoodIn standsIn;
  private boolean touched;
  private boolean asks;
  private boolean disputed;

  /// The conference that is to be held; null: none is.
  private @Nullable Long conference;

  private boolean answered;

  /// Whoever takes the step.
  private @Nullable Staff actor;

  /// The desk that it is given to, where that is known by name.
  private @Nullable Desk known;

  /// Whether it may lie elsewhere now, or be about somebody else.
  private boolean moved;

  /// Whether something is asked for, returned, disputed or done in parts.
  private boolean more;

  /// Clocks that stop now.
  private final Set<Kind> stops = EnumSet.noneOf(Kind.class);

  CaseFile(Tx tx, Events events, Clocks clocks, Instant at, Case was) {
    this(tx, events, clocks, at, was, null);
  }

  /// @param locked what was read with its lock; null: what is needed of it is read then
  CaseFile(
      Tx tx,
      Events events,
      Clocks clocks,
      Instant at,
      Case was,
      CaseStore.@Nullable Locked locked) {
    this.salt = locked == null ? null : locked.salt();
    this.drawn = locked == null ? null : (Long) locked.answer();
    this.waited = locked == null ? null : (Boolean) locked.waited();
    this.tx = tx;
    this.events = events;
    this.clocks = clocks;
    this.at = at;
    this.was = was;
    this.state = was.state();
    this.level = was.level();
    this.urgency = was.urgency();
    this.category = was.categoryCode();
    this.confidential = was.confidential();
    this.desk = was.deskId();
    this.staff = was.staffId();
    this.body = was.bodyCode();
    this.lead = was.lead();
    this.rests = was.rests();
    this.asks = was.asked() != null;
    this.disputed = was.disputed() != null;
    Conference waits = was.conference();
    this.conference = waits == null ? null : (Long) waits.id();
    this.more =
        asks
            || disputed
            || waits != null
            || was.returned() != null
            || !was.work().isNone()
            || !was.ruled().equals(CaseDispute.Binding.NONE);
  }

  /// Whether it was done so short a time ago that whoever did it may simply take it back.
  static boolean isFresh(Told<CaseEvent> told, Instant now) {
    return isFresh(told.at(), now);
  }

  static boolean isFresh(Instant done, Instant now) {
    return !done.plus(TAKEN_BACK_WITHIN).isBefore(now);
  }

  CaseId id() {
    return was.id();
  }

  Tx tx() {
    return tx;
  }

  int rule() {
    return rules().version();
  }

  Rules rules() {
    return clocks.rules();
  }

  Instant at() {
    return at;
  }

  LocalDate today() {
    return clocks.today(at);
  }

  CaseState state() {
    return state;
  }

  Level level() {
    return level;
  }

  /// Takes a step of the table, or refuses where the table has none.
  Transition go(Transition step, Set<Actor> actors) {
    if (!step.allows(state, actors)) {
      throw new Refusal("case-step", 409, state.plainly("zh"));
    }
    state = step.to(state);
    return step;
  }

  /// What is done from here on is done for somebody who is away, and the history says so first,
  /// once for each absence.
  void actFor(Staff staff, StandIn standIn) {
    standsIn =
        new CaseEvent.StoodIn(
            null, rule(), staff.id(), standIn.desk(), standIn.absent(), standIn.absence());
  }

  /// Whose name need not be read.
  void isOpenedBy(Staff staff) {
    actor = staff;
  }

  void tell(CaseEvent event) {
    touched = true;
    more |= event instanceof CaseEvent.PartAsked;
    CaseEvent.StoodIn first = standsIn;
    standsIn = null;
    if (first != null && told().stream().noneMatch(each -> isSame(each.event(), first))) {
      events.write(tx, CaseEvent.VOCABULARY, was.id().value(), first);
    }
    events.write(tx, CaseEvent.VOCABULARY, was.id().value(), event);
  }

  private static boolean isSame(CaseEvent event, CaseEvent.StoodIn first) {
    return event instanceof CaseEvent.StoodIn said
        && said.staffId() == first.staffId()
        && said.absenceId() == first.absenceId();
  }

  /// Says which desk it went past, where somebody's was meant of whom nobody is there.
  void passedBy(Routing.Way way) {
    Long left = way.left();
    if (left != null) {
      tell(new CaseEvent.NobodyThere(null, rule(), left, way.desk().id()));
    }
  }

  /// What happened to it so far, oldest first.
  List<Told<CaseEvent>> told() {
    return events.of(tx, CaseEvent.VOCABULARY, was.id().value());
  }

  /// Who has had it, oldest first.
  List<Holding> holdings() {
    return HOLDINGS.holdings(tx, was.id());
  }

  /// Whether anything has happened.
  boolean isTouched() {
    return touched;
  }

  /// The digest by which an event names a text without holding it.
  String digest(String text) {
    if (salt == null) {
      salt = CASES.salt(tx, was.id()).orElse("");
    }
    return digest(salt, text);
  }

  static String digest(String salt, String text) {
    return Digest.hex(salt + text);
  }

  void file(Category newCategory, Urgency newUrgency) {
    category = newCategory.code();
    urgency = newUrgency;
    confidential |= clocks.rules().isConfidential(newCategory);
  }

  void moveTo(Territory place, Units units) {
    moved = true;
    CASES.moveTo(tx, was.id(), place.id(), place.path(), units);
  }

  void accuse(Accused whom) {
    moved = true;
    CASES.accuse(tx, was.id(), whom);
  }

  /// It is about them as a neighbour, and they see nothing of it.
  ///
  /// @param staff null: from nobody in particular
  void keepFrom(@Nullable Long staff) {
    CASES.keepFrom(tx, was.id(), staff);
  }

  /// Somebody has said whether it complains about staff. What does not is as open as it was told.
  void judge(boolean complains) {
    moved = true;
    boolean told = CASES.judge(tx, was.id());
    if (!complains) {
      CASES.accuse(tx, was.id(), Accused.NOBODY);
      confidential = told;
    }
  }

  void keepConfidential() {
    confidential = true;
  }

  void raise(Level to) {
    level = to;
  }

  void give(long toDesk, @Nullable String forBody, @Nullable Long toStaff, @Nullable String why) {
    desk = toDesk;
    body = forBody;
    staff = toStaff;
    HOLDINGS.hold(tx, was.id(), toDesk, toStaff, at, why);
  }

  /// Within the same desk.
  void give(@Nullable Long toStaff) {
    give(toStaff, null);
  }

  void give(@Nullable Long toStaff, @Nullable String why) {
    give(desk, body, toStaff, why);
  }

  /// Somebody has said what it is, or where: this desk decides on it, and nobody there has it yet.
  void waitAt(long by, long atDesk) {
    give(atDesk, null, null, null);
    tell(new CaseEvent.HandedOn(null, rule(), by, was.deskId(), atDesk, null, false, digest("")));
  }

  /// The resident's clocks start here, once, and are counted from the first word.
  void startResidentsClocks(Category of) {
    stop(Kind.ACCEPTANCE);
    if (was.isTold()) {
      CaseClock contact = clocks.firstContact(was.saidAt(), of);
      Instant answered = was.answeredAt();
      start(answered == null ? contact : contact.stopped(answered));
    }
    start(clocks.handling(was.saidAt(), of));
  }

  /// As if they had never stopped while it was handled with another: what was extended stays so,
  /// and who was spoken to in the meantime has been contacted.
  ///
  /// @param contacted when they were answered with the others; null: they were not
  void runOnResidentsClocks(Category of, @Nullable Instant contacted) {
    if (clockStore().resume(tx, was.id(), Kind.HANDLING)) {
      if (was.answeredAt() == null && contacted == null) {
        var _ = clockStore().resume(tx, was.id(), Kind.FIRST_CONTACT);
      }
    } else {
      startResidentsClocks(of);
      if (contacted != null) {
        clockStore().stop(tx, was.id(), Kind.FIRST_CONTACT, contacted);
      }
    }
  }

  /// As if it had not been accepted: the resident's clocks have not begun, and that of acceptance
  /// runs on.
  void waitAgain(Level atLevel) {
    level = atLevel;
    clockStore().forget(tx, was.id(), Kind.FIRST_CONTACT);
    clockStore().forget(tx, was.id(), Kind.HANDLING);
    var _ = clockStore().resume(tx, was.id(), Kind.ACCEPTANCE);
  }

  /// Whoever told it was spoken to then, about all that they had told.
  void contacted(Instant then) {
    clockStore().stop(tx, was.id(), Kind.FIRST_CONTACT, then);
  }

  /// @param byDesk that is to sign, whether it has it already or is given it with the same step
  void startSigning(long byDesk) {
    stop(Kind.SIGNING);
    start(clocks.signing(at, urgency, byDesk));
  }

  /// It waits at this desk for somebody to say whether it goes elsewhere. Whoever had it need not
  /// sign it meanwhile.
  void sendBack(
      long by,
      Returning.Ground ground,
      @Nullable Long proposed,
      @Nullable Long entry,
      long note,
      long toDesk,
      String why) {
    more = true;
    RETURNS.begin(tx, was.id(), desk, by, at, ground, proposed, entry, note);
    stop(Kind.SIGNING);
    give(toDesk, null, null, why);
    start(clocks.ruling(at, ground.decidedWithin(rules(), category)));
  }

  /// Whoever has it says that it is another's, and has it all the same until that is ruled.
  void dispute(
      long by, long other, long note, Instant viewDue, long rulingDesk, Level rulingLevel) {
    more = true;
    if (!DISPUTES.begin(
        tx, was.id(), desk, other, by, at, note, viewDue, rulingDesk, rulingLevel)) {
      throw new Refusal("ruling-once", 409, was.deskName());
    }
  }

  void view(long by, long note) {
    DISPUTES.view(tx, was.id(), by, at, note);
  }

  void rule(long by, long leads, long note) {
    DISPUTES.rule(tx, was.id(), by, at, leads, note);
    disputed = false;
  }

  /// @param by who has taken it back; null: it has ended by itself
  void endDispute(@Nullable Long by) {
    CaseDispute waits = was.disputed();
    if (disputed && waits != null) {
      DISPUTES.end(tx, was.id(), at);
      disputed = false;
      tell(new CaseEvent.DisputeEnded(null, rule(), by, waits.deskId(), waits.otherDeskId()));
    }
  }

  /// Whether desks are to sit down about it.
  boolean confers() {
    return conference != null;
  }

  /// The desk that has it now is to say when, with whom and where.
  ///
  /// @param by who does so at once; null: a rule wants it
  long callConference(@Nullable Long by, Instant late) {
    more = true;
    long called = CONFERENCES.call(tx, was.id(), by, at, late);
    conference = called;
    if (by == null) {
      tell(new CaseEvent.ConferenceCalled(null, rule(), called, desk, late));
    }
    return called;
  }

  /// They have.
  void conferred() {
    conference = null;
  }

  /// @param by who has called it off, and `note` why; null: it has ended by itself
  void endConference(@Nullable Long by, @Nullable Long note, @Nullable String why) {
    Long waits = conference;
    if (waits != null) {
      CONFERENCES.end(tx, was.id(), waits, at);
      conference = null;
      Conference ended = was.conference();
      boolean set = ended != null && ended.isSet();
      tell(new CaseEvent.ConferenceEnded(null, rule(), by, waits, set, note, why));
    }
  }

  /// As if it had not been stopped; one that was never started starts.
  void resumeSigning() {
    if (!clockStore().resume(tx, was.id(), Kind.SIGNING)) {
      startSigning(desk);
    }
  }

  /// With the case, unless somebody asks for its clocks before.
  void stop(Kind... kinds) {
    stops.addAll(List.of(kinds));
  }

  private ClockStore clockStore() {
    stops.forEach(each -> CLOCKS.stop(tx, was.id(), each, at));
    stops.clear();
    return CLOCKS;
  }

  private void start(CaseClock clock) {
    ClockStore store = stops.contains(clock.kind()) ? clockStore() : CLOCKS;
    store.start(tx, was.id(), clock);
  }

  /// Whoever told it is spoken to now.
  ///
  /// @return whether they had waited for that
  boolean contact() {
    boolean running =
        waited == null
            ? clockStore().running(tx, was.id(), Kind.FIRST_CONTACT).isPresent()
            : waited;
    if (running) {
      stop(Kind.FIRST_CONTACT);
    }
    return running;
  }

  void shut() {
    stops.clear();
    CLOCKS.stopAll(tx, was.id(), at);
    ASKED.over(tx, was.id(), at);
    HOLDINGS.endHolding(tx, was.id(), at);
    // Nobody holds it; it is among what those have done who did it.
    if (lead != null) {
      desk = lead.deskId();
      body = lead.bodyCode();
      staff = lead.staffId();
    }
  }

  /// Whoever has it says that it is done.
  ///
  /// @param by who says so for them
  Case.Lead reported(Staff by) {
    String role = staff == null ? null : staff == by.id() ? by.role() : CASES.roleOf(tx, staff);
    lead = new Case.Lead(desk, was.deskName(), staff, role, was.staffName(), body);
    stop(Kind.HANDLING, Kind.REWORK);
    return lead;
  }

  /// At this desk somebody else looks whether it is so.
  void startCheck(Desk toDesk) {
    give(toDesk.id(), null, null, null);
    known = toDesk;
    start(clocks.check(at));
  }

  /// Somebody looks before it is decided whether it is accepted: its desk has it as before, and the
  /// clock of acceptance runs on.
  ///
  /// @return by when
  Instant startLook() {
    CaseClock look = clocks.look(at, category);
    start(look);
    return look.dueAt();
  }

  /// As if it had not been reported: its clock runs on.
  void resumeHandling() {
    clockStore().forget(tx, was.id(), Kind.CHECK);
    var _ = clockStore().resume(tx, was.id(), Kind.HANDLING);
  }

  /// It was not done after all: its clock runs on as if it had never stopped, and beside it that of
  /// what is done again.
  ///
  /// @param passedBy who had found it done; null: nobody had
  void rework(@Nullable Category of, @Nullable Long passedBy) {
    CASES.reworked(tx, was.id(), passedBy);
    stop(Kind.CHECK, Kind.RETURN_VISIT);
    var _ = clockStore().resume(tx, was.id(), Kind.HANDLING);
    if (of != null && of.isSpecific()) {
      start(clocks.rework(at, of));
    }
  }

  /// The resident is asked; nobody at this desk has anything to do.
  void startVisit(long toDesk) {
    give(toDesk, null, null, null);
    stop(Kind.FIRST_CONTACT); // what they hear now is from whoever did it
    start(clocks.returnVisit(at));
    rests = true;
  }

  /// Somebody has to do something again.
  void wake() {
    rests = false;
  }

  /// When the clock of this kind is due that runs.
  Optional<Instant> dueAt(Kind kind) {
    return clockStore().clocks(tx, was.id()).stream()
        .filter(each -> each.kind() == kind && each.isRunning())
        .map(CaseClock::dueAt)
        .findFirst();
  }

  /// Since when it is held as it is.
  Instant heldSince() {
    return holdings().getLast().since();
  }

  /// Whether the community is passed by: what is always told in confidence is theirs to see at the
  /// level that handles it.
  boolean keepsFromNearest(Category of) {
    return clocks.rules().keepsConfidential(of);
  }

  /// Whether this one is looked at though its kind needs no look; nobody can know beforehand.
  boolean isInSample() {
    int share = clocks.rules().checkSample();
    return Math.floorMod(digest("check").hashCode(), 100) < share;
  }

  /// The desk that would have accepted it has not.
  ///
  /// @param by who decided so; null: nobody did, after all
  void rejectedBy(@Nullable Long by) {
    CASES.rejected(tx, was.id(), by == null ? null : desk, by);
  }

  /// It is opened again, and this desk decides whether it is accepted, as if it had come only now.
  void waitForReview(Desk reviewing, Level circle) {
    if (circle.compareTo(level) < 0) {
      raise(circle);
    }
    give(reviewing.id(), null, null, null);
    start(clocks.acceptance(at));
    CASES.appealed(tx, was.id(), at);
  }

  /// The clock of acceptance runs on as if it had not been stopped.
  void goOnWaiting() {
    var _ = clockStore().resume(tx, was.id(), Kind.ACCEPTANCE);
  }

  void urged(boolean byResident) {
    CASES.urged(tx, was.id(), byResident, at);
  }

  /// @param on whether from now on, or not any more
  void supervise(boolean on) {
    CASES.supervise(tx, was.id(), on ? at : null);
  }

  /// The limit, where it runs.
  CaseClock handling() {
    return clockStore()
        .running(tx, was.id(), Kind.HANDLING)
        .orElseThrow(() -> new Refusal("time-no-limit", 409));
  }

  /// Until when others may be asked to do a part of it: what is done again has a limit of its own.
  Instant partsUntil() {
    return clockStore().clocks(tx, was.id()).stream()
        .filter(each -> each.isRunning())
        .filter(each -> each.kind() == Kind.HANDLING || each.kind() == Kind.REWORK)
        .map(CaseClock::dueAt)
        .max(Instant::compareTo)
        .orElseThrow(() -> new Refusal("time-no-limit", 409));
  }

  void askExtension(long by, long note, int amount) {
    more = true;
    REQUESTS.askExtension(tx, was.id(), by, at, note, amount);
  }

  void askSuspension(long by, long note, TimeRequest.Reason reason, LocalDate review) {
    more = true;
    REQUESTS.askSuspension(tx, was.id(), by, at, note, reason, review);
  }

  void endRequest() {
    REQUESTS.end(tx, was.id());
    asks = false;
  }

  void extend(CaseClock is) {
    endRequest();
    CASES.extended(tx, was.id());
    clockStore().move(tx, was.id(), is);
  }

  /// The limit stands still, and this runs in its place.
  void suspend(CaseClock limit, CaseClock review) {
    endRequest();
    clockStore().pause(tx, was.id(), limit, at);
    start(review);
  }

  /// The limit runs on, with what was left of it: from now, or from the day that was said where
  /// that is over, so that no time of ours is taken from the resident.
  CaseClock resume() {
    List<CaseClock> all = clockStore().clocks(tx, was.id());
    CaseClock limit =
        all.stream()
            .filter(each -> each.kind() == Kind.HANDLING && each.isPaused())
            .findFirst()
            .orElseThrow();
    Instant said =
        all.stream()
            .filter(each -> each.kind() == Kind.REVIEW && each.isRunning())
            .map(CaseClock::dueAt)
            .findFirst()
            .orElseThrow();
    CaseClock is = clocks.resumed(limit, said.isBefore(at) ? said : at);
    clockStore().runOn(tx, was.id(), is);
    stop(Kind.REVIEW);
    return is;
  }

  /// The desk that had it goes on writing to the resident, if there is one.
  void keepContact(long deskBefore, @Nullable Long staffBefore) {
    if (!was.isTold() && CASES.following(tx, was.id(), at).isEmpty()) {
      return;
    }
    more = true;
    PARTS
        .keepContact(tx, was.id(), Codes.random(), deskBefore, staffBefore, at)
        .ifPresent(part ->
            tell(
                new CaseEvent.PartAsked(
                    null, rule(), null, part, deskBefore, true, null, null, null)));
  }

  /// What was to be answered by now, and was not, waits for nobody any more.
  ///
  /// @return names of the desks
  List<String> letPartsLapse() {
    List<Part> missing = openParts().stream().filter(each -> !each.isContact()).toList();
    missing.forEach(each -> end(each, Part.State.LAPSED, CaseEvent.PartMoved.Move.LAPSED));
    return missing.stream().map(Part::deskName).toList();
  }

  /// What is with desks that are not to have anything of it ends.
  void endPartsOf(LongPredicate desks) {
    openParts().stream()
        .filter(each -> desks.test(each.deskId()))
        .forEach(each -> end(each, Part.State.ENDED, CaseEvent.PartMoved.Move.ENDED));
  }

  private List<Part> openParts() {
    return was.work().isNone() ? List.of() : PARTS.open(tx, was.id());
  }

  private void end(Part part, Part.State as, CaseEvent.PartMoved.Move how) {
    PARTS.end(tx, part.id(), as, null, at);
    tell(
        new CaseEvent.PartMoved(
            null, rule(), how, part.id(), part.deskId(), null, part.dueAt(), null, null));
  }

  String noteText(long note) {
    return TEXTS.noteText(tx, note);
  }

  /// What the resident reads with the news of it; whoever waits for an answer waits on.
  long tellLater(long by, String text) {
    return addAnswer(by, text);
  }

  private long addAnswer(long by, String text) {
    Long id = drawn;
    if (id == null) {
      return TEXTS.addAnswer(tx, was.id(), by, at, text);
    }
    drawn = null;
    TEXTS.addAnswer(tx, id, was.id(), by, at, text);
    return id;
  }

  long answer(long by, String text) {
    answered = true;
    return addAnswer(by, text);
  }

  /// What the resident reads without having been contacted by it: they still wait for an answer if
  /// the matter goes on.
  long reply(long by, String text) {
    return addAnswer(by, text);
  }

  /// What nobody was told.
  void unsay(long reply) {
    TEXTS.forgetAnswer(tx, reply);
  }

  /// What was never meant for it.
  void unsayNote(long note) {
    TEXTS.emptyNote(tx, note);
  }

  /// @param pictures the messages they came in
  long note(long by, String text, List<Long> pictures) {
    return TEXTS.addNote(tx, was.id(), by, at, text, pictures, false);
  }

  /// What they said by voice.
  ///
  /// @param sounds the messages it came in, and its pictures
  long spokenNote(long by, String text, List<Long> sounds) {
    return TEXTS.addNote(tx, was.id(), by, at, text, sounds, true);
  }

  /// What is over stays over since then, whatever is noted down afterwards.
  private @Nullable Instant closedAt() {
    Instant before = was.closedAt();
    return state.isOpen() ? null : before == null ? at : before;
  }

  /// Puts the file back.
  ///
  /// @param seen whether whoever had it open has to look again before they act
  void keep(boolean seen) {
    CASES.keep(tx, kept(seen));
  }

  /// The same.
  ///
  /// @return as it is then
  Case save(boolean seen) {
    return tx.hear(saving(seen));
  }

  /// The same, without waiting.
  Future<Case> saving(boolean seen) {
    CaseStore.Kept kept = kept(seen);
    return CASES.update(tx, kept, names(kept.lead()));
  }

  /// What its row names, as far as that is known here without asking; null: not all of it is.
  private CaseRowStore.@Nullable Names names(Case.@Nullable Lead leads) {
    Long person = staff;
    boolean same = Objects.equals(person, was.staffId());
    String deskName =
        desk == was.deskId()
            ? was.deskName()
            : known != null && known.id() == desk ? known.name() : null;
    boolean actors = person != null && actor != null && actor.id() == person;
    if (more
        || moved
        || deskName == null
        || !(body == null || body.equals(was.bodyCode()))
        || !(same || actors || person == null)) {
      return null;
    }
    return new CaseRowStore.Names(
        was.territoryName(),
        deskName,
        same ? was.staffName() : actors ? requireNonNull(actor).name() : null,
        body == null ? null : was.bodyName(),
        leads,
        was.accused().name());
  }

  private CaseStore.Kept kept(boolean seen) {
    letRequestGo();
    letReturnGo();
    letDisputeGo();
    if (!state.isOpen()) {
      endConference(null, null, null); // there is nothing to talk about any more
    }
    letPartsGo();
    Set<Kind> stopping = Set.copyOf(stops);
    stops.clear();
    return new CaseStore.Kept(
        was.id(),
        state,
        level,
        urgency,
        category,
        confidential,
        desk,
        staff,
        body,
        closedAt(),
        state == CaseState.INSPECTING || state == CaseState.RETURN_VISIT ? lead : null,
        rests && state == CaseState.RETURN_VISIT,
        answered ? at : null,
        was.version() + (seen ? 1 : 0),
        stopping,
        at);
  }

  /// Parts go along to whoever leads next, and go on while it waits. They end with what they are
  /// parts of, and where their desk has all of it now.
  private void letPartsGo() {
    for (Part each : openParts()) {
      boolean has = WORKED_ON.contains(state) && desk == each.deskId();
      boolean over = each.isContact() ? !state.isOpen() : !GOING_ON.contains(state);
      if (has || over) {
        end(each, Part.State.ENDED, CaseEvent.PartMoved.Move.ENDED);
      }
    }
  }

  /// It was asked of those who decide for the desk that had it then, for work that went on.
  private void letRequestGo() {
    TimeRequest asked = was.asked();
    if (asks && asked != null && (state != CaseState.HANDLING || desk != was.deskId())) {
      endRequest();
      tell(new CaseEvent.TimeRequestEnded(null, rule(), null, asked.what()));
    }
  }

  /// It is over, or with another desk without a ruling: nobody has to say whose it was.
  private void letDisputeGo() {
    if (!DISPUTED.contains(state) || desk != was.deskId()) {
      endDispute(null);
    }
  }

  /// Nobody has to decide on it any more: somebody has, or it goes another way.
  private void letReturnGo() {
    if (was.returned() != null && state != CaseState.FILED) {
      RETURNS.end(tx, was.id(), at);
      stop(Kind.RULING);
    }
  }
}
