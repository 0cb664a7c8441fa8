package io.linyu.casework;

import io.linyu.casework.Alarms.Alarm;
import io.linyu.casework.Errands.Pace;
import io.linyu.casework.Inbox.Entry;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Codes;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A desk that is staffed around the clock changes its person: who goes hands over, who comes takes
/// over. Until somebody does, everything stays with whoever had it, so nothing falls between; then
/// all of it passes at once, whoever of the desk it is that came.
///
/// Locks: the shift first, then its cases in the order of their numbers.
public final class Shifts {
  /// As it is when it is looked at.
  ///
  /// @param lines of the cases that the reader may see
  /// @param unseen how many more there are, which have gone to where the reader cannot look
  /// @param entries of the lines' cases and of `after`, as they are now
  /// @param after what came into the hands of whoever handed over since
  public record Sheet(
      Shift shift,
      List<Shift.Line> lines,
      int unseen,
      Map<CaseId, Entry> entries,
      List<CaseId> after,
      List<Shift.Word> words) {}

  /// What there is to hand over, and what was written of it so far.
  ///
  /// @param lines as they would be handed over
  /// @param more how many there are beside those that can be written on
  /// @param to who was chosen; null: whoever comes next
  /// @param colleagues who can be chosen
  public record Gathering(
      List<Shift.Line> lines,
      int more,
      Map<CaseId, Entry> entries,
      String note,
      @Nullable Long to,
      List<StaffMember> colleagues) {}

  /// What is written of one case.
  ///
  /// @param comment empty: nothing
  public record Remark(String code, boolean starred, boolean keeps, String comment) {}

  /// That nobody has taken over, for whoever leads the desk.
  ///
  /// @param about a case of it; null: there is none
  public record Reminder(Staff to, long addressId, Shift shift, @Nullable Case about) {}

  /// Says it, in the transaction that notes that it was said.
  public interface Mouth {
    void remind(Tx tx, Reminder reminder);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Shifts.class);

  /// What falls due in the next shift. Two shifts a day are the longest there are.
  private static final Duration AHEAD = Duration.ofHours(12);

  /// So long an overlap of two shifts is usual; after that, whoever was to come has not.
  static final Duration TAKEN_WITHIN = Duration.ofMinutes(30);

  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration FORGET = Duration.ofHours(1);
  private static final Duration KEPT = Duration.ofDays(366);
  private static final Duration DRAFTS_KEPT = Duration.ofDays(30);
  private static final int FORGOTTEN_AT_ONCE = 200;

  /// Of each kind, and of alarms.
  private static final int GATHERED = 100;

  private static final int RINGING = 20;

  /// More than this nobody writes on; a form has no room for more either.
  static final int WRITTEN_ON = 60;

  private static final int AFTER = 50;
  private static final int PASSED_AT_ONCE = 100;
  private static final int WAITING = 10;
  static final int PAGE = 20;
  private static final int LONGEST_NOTE = 4_000;
  private static final int LONGEST_COMMENT = 500;
  private static final int LONGEST_WORD = 1_000;

  private final Db db;
  private final Clock clock;
  private final CaseFiles files;
  private final Cases cases;
  private final Alarms alarms;
  private final Checkers checkers;
  private final Community community;
  private final ShiftStore store = new ShiftStore();
  private final InboxStore entries = new InboxStore();

  Shifts(
      Db db,
      Clock clock,
      CaseFiles files,
      Cases cases,
      Alarms alarms,
      Checkers checkers,
      Community community) {
    this.db = db;
    this.clock = clock;
    this.files = files;
    this.cases = cases;
    this.alarms = alarms;
    this.checkers = checkers;
    this.community = community;
  }

  /// As a server needs it.
  public void start(Ticker ticker, Pace pace, Mouth mouth) {
    var _ = ticker.every(PAUSE, "shifts", () -> lookDue(pace, mouth));
    var _ = ticker.every(FORGET, "shifts-forget", this::forgetDue);
  }

  public List<Backlog> backlogs() {
    return List.of(store.backlog(db, clock.instant()));
  }

  // What is handed over.

  /// What this person has to hand over at a desk at which they work.
  public Gathering gather(Staff staff, Desk desk) {
    requireWorksAt(staff, desk);
    List<Shift.Draft> drafts = store.drafts(db, staff.id(), desk.id());
    List<Shift.Line> all =
        gathered(db, staff, desk, ringingFor(staff)).stream()
            .map(each -> {
              CaseId id = each.id();
              String comment = Shift.Draft.text(drafts, Shift.Draft.Part.COMMENT, id);
              return new Shift.Line(
                  id,
                  each.kind(),
                  each.held(),
                  each.held() && !Shift.Draft.text(drafts, Shift.Draft.Part.KEEP, id).isEmpty(),
                  !Shift.Draft.text(drafts, Shift.Draft.Part.STAR, id).isEmpty(),
                  comment.isEmpty() ? null : comment,
                  false);
            })
            .toList();
    // What was written on, and what is theirs, before the rest; then all of it in its order.
    Set<CaseId> first =
        all.stream()
            .sorted(Comparator.comparingInt(each -> each.isMarked() ? 0 : each.held() ? 1 : 2))
            .limit(WRITTEN_ON)
            .map(Shift.Line::caseId)
            .collect(Collectors.toSet());
    List<Shift.Line> shown = all.stream().filter(each -> first.contains(each.caseId())).toList();
    String to = Shift.Draft.text(drafts, Shift.Draft.Part.TO, null);
    return new Gathering(
        shown,
        all.size() - shown.size(),
        entriesOf(shown.stream().map(Shift.Line::caseId)),
        Shift.Draft.text(drafts, Shift.Draft.Part.NOTE, null),
        to.isEmpty() ? null : Long.valueOf(to),
        colleagues(staff, desk));
  }

  private List<CaseId> ringingFor(Staff staff) {
    return alarms.openFor(staff).stream()
        .filter(Alarm::rings)
        .map(Alarm::caseId)
        .distinct()
        .limit(RINGING)
        .toList();
  }

  private List<ShiftStore.Gathered> gathered(
      Sql sql, Staff staff, Desk desk, List<CaseId> ringing) {
    Instant now = clock.instant();
    return store.gather(sql, desk.id(), staff.id(), ringing, now, now.plus(AHEAD), GATHERED);
  }

  private List<StaffMember> colleagues(Staff staff, Desk desk) {
    Set<Long> away = community.absences().awayAt(desk.id());
    return community.desks().membersOf(desk).stream()
        .filter(each -> each.id() != staff.id() && !away.contains(each.id()))
        .toList();
  }

  /// Keeps what is being written, whenever the pen rests.
  ///
  /// @param part a word of [Shift.Draft.Part]
  /// @param code of a case that they may see; null: it is about none
  public void keepDraft(Staff staff, Desk desk, String part, @Nullable String code, String text) {
    requireWorksAt(staff, desk);
    Shift.Draft.Part which =
        Shift.Draft.Part.of(part).orElseThrow(() -> new Refusal("form-outdated", 422));
    if (which.isOfCase() != (code != null)
        || (which == Shift.Draft.Part.TO && !text.matches("\\d{0,18}"))) {
      throw new Refusal("form-outdated", 422);
    }
    requireShort(text, LONGEST_NOTE);
    CaseId id = code == null ? null : cases.visibleTo(staff, code).id();
    var draft = new Shift.Draft(which, id, text);
    if (text.isBlank()) {
      store.forgetDraft(db, staff.id(), desk.id(), draft);
    } else {
      store.keepDraft(db, staff.id(), desk.id(), draft, clock.instant());
    }
  }

  /// Hands a desk over. Who does so twice is refused as long as the first waits.
  ///
  /// @param to who is to come; null: whoever comes next
  /// @param remarks of cases that they saw; what came since is handed over without
  public Shift handOver(
      Staff staff, Who by, Desk desk, @Nullable Long to, String note, List<Remark> remarks) {
    requireWorksAt(staff, desk);
    requireShort(note, LONGEST_NOTE);
    remarks.forEach(each -> requireShort(each.comment(), LONGEST_COMMENT));
    if (to != null && colleagues(staff, desk).stream().noneMatch(each -> each.id() == to)) {
      throw new Refusal("shift-not-there", 422, desk.name());
    }
    Map<String, Remark> byCode =
        remarks.stream().collect(Collectors.toMap(Remark::code, each -> each, (one, _) -> one));
    List<CaseId> ringing = ringingFor(staff);
    return db.inTransaction(tx -> {
      Instant now = now();
      String code = Codes.random();
      long id =
          store
              .insert(
                  tx, code, desk.id(), staff.id(), to, note.strip(), now, now.plus(TAKEN_WITHIN))
              .orElseThrow(() -> new Refusal("shift-waits", 409, desk.name()));
      List<ShiftStore.Gathered> gathered = new ArrayList<>(gathered(tx, staff, desk, ringing));
      Map<CaseId, String> codes =
          cases.named(tx, gathered.stream().map(ShiftStore.Gathered::id).toList()).stream()
              .collect(Collectors.toMap(Case::id, Case::code, (one, _) -> one, HashMap::new));
      for (Case each : writtenOf(tx, staff, remarks, codes.values())) {
        gathered.add(new ShiftStore.Gathered(each.id(), Shift.Kind.NOTED, false));
        codes.put(each.id(), each.code());
      }
      List<Shift.Line> lines =
          gathered.stream().map(each -> line(each, byCode.get(codes.get(each.id())))).toList();
      store.insertLines(tx, id, lines);
      store.forgetDrafts(tx, staff.id(), desk.id());
      Shift shift = store.byId(tx, id).orElseThrow();
      community.audit().writeAbout(tx, by, Deed.SHIFT_HANDED_OVER, to, told(shift, lines.size()));
      return shift;
    });
  }

  /// What they wrote of while it was on their page, and nothing presses any more: somebody else has
  /// answered meanwhile, or acknowledged. What was written is handed over all the same.
  ///
  /// @param known codes of what is handed over anyway
  private List<Case> writtenOf(Tx tx, Staff staff, List<Remark> remarks, Collection<String> known) {
    return remarks.stream()
        .filter(each -> each.starred() || !each.comment().isBlank())
        .map(Remark::code)
        .filter(each -> !known.contains(each))
        .distinct()
        .limit(GATHERED)
        .flatMap(each -> cases.visibleTo(tx, staff, each).stream())
        .toList();
  }

  private static Shift.Line line(ShiftStore.Gathered each, @Nullable Remark remark) {
    String comment = remark == null ? "" : remark.comment().strip();
    return new Shift.Line(
        each.id(),
        each.kind(),
        each.held(),
        each.held() && remark != null && remark.keeps(),
        remark != null && remark.starred(),
        comment.isEmpty() ? null : comment,
        false);
  }

  /// Takes back what nobody has taken over yet; what was written of it can be written on.
  public Shift withdraw(Staff staff, Who by, String code) {
    return db.inTransaction(tx -> {
      Shift shift = locked(tx, staff, code);
      if (!shift.isFrom(staff.id())) {
        throw new Refusal("shift-not-yours", 403, shift.fromName());
      }
      requireOffered(shift);
      store.end(tx, shift.id(), Shift.State.WITHDRAWN, null, now(), false);
      store.draftAgain(tx, shift, now());
      community.audit().write(tx, by, Deed.SHIFT_WITHDRAWN, told(shift, null));
      return shift;
    });
  }

  // Looking.

  /// The one of this person and desk that nobody has taken over.
  public Optional<Shift> offeredBy(Staff staff, Desk desk) {
    return store.offered(db, desk.id(), staff.id());
  }

  /// What others have handed over at this desk and nobody has taken over.
  public List<Shift> offeredAt(Staff staff, Desk desk) {
    require(staff, desk);
    return store.offeredAt(db, desk.id(), WAITING).stream()
        .filter(each -> !each.isFrom(staff.id()))
        .toList();
  }

  /// What is to be shown to this person on every page.
  public List<Shift> waitingFor(Staff staff) {
    return store.waiting(db, staff, WAITING);
  }

  /// Newest first.
  ///
  /// @param before the last one of the page before; `Long.MAX_VALUE`: the first page
  public List<Shift> history(Staff staff, Desk desk, long before) {
    require(staff, desk);
    return store.ofDesk(db, desk.id(), before, PAGE);
  }

  /// One of a desk at which they work, or that they lead, with those of its cases that they may
  /// see.
  public Sheet sheet(Staff staff, String code) {
    Shift shift = store.byCode(db, code).orElseThrow(Refusal::notFound);
    require(db, staff, shift);
    List<Shift.Line> lines =
        store.lines(db, shift.id(), staff, Scope.of(staff, community.territories()));
    List<CaseId> after =
        shift.isOffered() && staff.worksAt(shift.deskId())
            ? store.cameAfter(db, shift, AFTER)
            : List.of();
    return new Sheet(
        shift,
        lines,
        store.countLines(db, shift.id()) - lines.size(),
        entriesOf(Stream.concat(lines.stream().map(Shift.Line::caseId), after.stream())),
        after,
        store.words(db, shift.id()));
  }

  /// That it was put on paper stands in the audit before it is shown.
  public Sheet printed(Staff staff, Who by, String code) {
    Sheet sheet = sheet(staff, code);
    community.audit().write(db, by, Deed.SHIFT_PRINTED, told(sheet.shift(), sheet.lines().size()));
    return sheet;
  }

  private Map<CaseId, Entry> entriesOf(Stream<CaseId> ids) {
    List<Long> values = ids.map(CaseId::value).distinct().toList();
    return values.isEmpty()
        ? Map.of()
        : entries.entries(db, values).stream()
            .collect(Collectors.toMap(Entry::id, Function.identity()));
  }

  // Asking back.

  /// Asks something about it, or answers; between whoever handed over and those of the desk.
  public Shift say(Staff staff, String code, String text) {
    String said = text.strip();
    if (said.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    requireShort(said, LONGEST_WORD);
    return db.inTransaction(tx -> {
      Shift shift = locked(tx, staff, code);
      if (shift.state() == Shift.State.WITHDRAWN) {
        throw new Refusal("shift-withdrawn", 409, shift.fromName());
      }
      store.say(tx, shift.id(), staff.id(), said, now());
      return shift;
    });
  }

  // Taking over.

  /// @param passed how many cases are theirs now
  public record Taken(Shift shift, int passed) {}

  /// Takes over. Of two who do so at once the first has it, and the other hears who. What was
  /// closed or has gone elsewhere since does not pass; what came to whoever handed over since does.
  public Taken takeOver(Staff staff, Who by, String code) {
    Taken first =
        db.inTransaction(tx -> {
          Shift shift = locked(tx, staff, code);
          if (shift.state() == Shift.State.TAKEN && Objects.equals(shift.takenBy(), staff.id())) {
            return new Taken(shift, store.passed(tx, shift.id()).size()); // pressed twice
          }
          if (!staff.worksAt(shift.deskId())) {
            throw new Refusal("case-not-your-desk", 403, shift.deskName());
          }
          if (shift.isFrom(staff.id())) {
            throw new Refusal("shift-own", 409);
          }
          requireOffered(shift);
          int passed = pass(tx, shift, staff.id());
          store.end(tx, shift.id(), Shift.State.TAKEN, staff.id(), now(), passed == PASSED_AT_ONCE);
          community
              .audit()
              .writeAbout(tx, by, Deed.SHIFT_TAKEN_OVER, shift.fromId(), told(shift, passed));
          return new Taken(store.byId(tx, shift.id()).orElseThrow(), passed);
        });
    if (first.passed() < PASSED_AT_ONCE) {
      return first;
    }
    // So many are seldom; where this is cut short, the due work goes on. It may also have passed
    // some of them beside this, so all are counted that have passed.
    long id = first.shift().id();
    while (passMore(id) == PASSED_AT_ONCE) {
      // there are more
    }
    return new Taken(first.shift(), store.passed(db, id).size());
  }

  private int passMore(long id) {
    return db.inTransaction(tx -> {
      Shift shift =
          store
              .byId(tx, id)
              .flatMap(each -> store.lock(tx, each.code()))
              .filter(each -> each.state() == Shift.State.TAKEN)
              .orElse(null);
      if (shift == null) {
        return 0;
      }
      int passed = pass(tx, shift, Objects.requireNonNull(shift.takenBy()));
      store.dueAt(tx, id, passed == PASSED_AT_ONCE ? now() : null);
      return passed;
    });
  }

  private int pass(Tx tx, Shift shift, long taker) {
    List<CaseId> ids = store.toPass(tx, shift, PASSED_AT_ONCE);
    for (Case matter : inOrder(cases.named(tx, ids))) {
      CaseFile file = files.open(tx, matter);
      if (!mayTake(matter, taker)) {
        // What the taker did themselves another checks.
        file.give((Long) null);
        file.tell(new CaseEvent.Released(null, file.rule(), shift.fromId(), matter.deskId(), null));
        file.keep(true);
        continue;
      }
      file.give(taker);
      file.tell(
          new CaseEvent.Claimed(
              null,
              file.rule(),
              taker,
              matter.deskId(),
              shift.fromId(),
              null,
              null,
              shift.id(),
              null));
      file.keep(true);
    }
    store.passed(tx, shift.id(), ids);
    return ids.size();
  }

  private boolean mayTake(Case matter, long taker) {
    Case.Lead lead = matter.lead();
    return lead == null
        || community
            .staff()
            .byId(taker)
            .filter(who ->
                checkers.mayCheck(
                    matter, lead, community.desks().byId(matter.deskId()), who.id(), who.role()))
            .isPresent();
  }

  private static List<Case> inOrder(List<Case> some) {
    return some.stream().sorted(Comparator.comparingLong(each -> each.id().value())).toList();
  }

  /// Gives back what was taken over a moment ago; what was touched since stays where it is.
  public Shift giveBack(Staff staff, Who by, String code) {
    return db.inTransaction(tx -> {
      Shift shift = locked(tx, staff, code);
      Instant ended = shift.endedAt();
      if (shift.state() != Shift.State.TAKEN
          || !Objects.equals(shift.takenBy(), staff.id())
          || ended == null
          || !CaseFile.isFresh(ended, now())
          || store.offered(tx, shift.deskId(), shift.fromId()).isPresent()) {
        throw new Refusal("shift-not-back", 409);
      }
      List<CaseId> back = new ArrayList<>();
      for (CaseId id : store.passed(tx, shift.id())) {
        if (giveBack(tx, shift, staff, id)) {
          back.add(id);
        }
      }
      store.notPassed(tx, shift.id(), back);
      store.offerAgain(tx, shift.id(), now().plus(TAKEN_WITHIN));
      community
          .audit()
          .writeAbout(tx, by, Deed.SHIFT_GIVEN_BACK, shift.fromId(), told(shift, back.size()));
      return store.byId(tx, shift.id()).orElseThrow();
    });
  }

  private boolean giveBack(Tx tx, Shift shift, Staff staff, CaseId id) {
    files.lock(tx, id);
    Case matter = cases.named(tx, id).orElseThrow();
    CaseFile file = files.open(tx, matter);
    Told<CaseEvent> last = Handling.lastTouch(file.told());
    if (!(matter.isOpen()
        && matter.isHeldBy(staff.id())
        && last.event() instanceof CaseEvent.Claimed claimed
        && Objects.equals(claimed.shift(), shift.id()))) {
      return false;
    }
    file.give(shift.fromId());
    file.tell(
        new CaseEvent.Released(null, file.rule(), staff.id(), matter.deskId(), shift.fromId()));
    file.keep(true);
    return true;
  }

  // Due work.

  /// Reminds of what nobody has taken over, and goes on with what was cut short. True when there
  /// may be more.
  boolean lookDue(Pace pace, Mouth mouth) {
    Optional<Long> unfinished =
        db.inTransaction(tx -> {
          Optional<Shift> due = store.due(tx, clock.instant());
          due.ifPresent(shift -> {
            switch (shift.state()) {
              case OFFERED -> store.dueAt(tx, shift.id(), remind(tx, pace, mouth, shift));
              // In transactions of their own, by [#passMore]; another node looks if this one dies.
              case TAKEN -> store.dueAt(tx, shift.id(), clock.instant().plus(LEASE));
              case WITHDRAWN -> store.dueAt(tx, shift.id(), null);
            }
          });
          return due.map(Shift::id);
        });
    unfinished.ifPresent(id -> {
      int passed;
      do {
        passed = passMore(id);
      } while (passed == PASSED_AT_ONCE);
    });
    return unfinished.isPresent();
  }

  /// Reminds the next of those who lead the desk: on their console at once, and in a chat those who
  /// are reached there, one after the other, once the hours in which nobody is disturbed are over.
  ///
  /// @return when the next is reminded; null: all were
  private @Nullable Instant remind(Tx tx, Pace pace, Mouth mouth, Shift shift) {
    Instant now = clock.instant();
    List<Member> leads = leads(tx, shift);
    List<Long> told = store.told(tx, shift.id());
    if (leads.isEmpty()) {
      LOG.warn("shift {} at desk {}: nobody leads it", shift.id(), shift.deskId());
    }
    for (Member lead : leads) {
      Long address = lead.addressId();
      Optional<Staff> who = community.staff().byId(lead.staffId());
      if (told.contains(lead.staffId()) || who.isEmpty()) {
        continue;
      }
      if (address == null) {
        store.remind(tx, shift.id(), lead.staffId(), null, now);
        continue;
      }
      Instant undisturbed = pace.quiet().next(now, pace.zone());
      boolean quiet = undisturbed.isAfter(now);
      store.remind(tx, shift.id(), lead.staffId(), quiet ? null : now, now);
      if (quiet) {
        return undisturbed;
      }
      Case about = store.someCase(tx, shift.id()).flatMap(id -> cases.named(tx, id)).orElse(null);
      mouth.remind(tx, new Reminder(who.get(), address, shift, about));
      return now.plus(TAKEN_WITHIN);
    }
    return null;
  }

  /// Those who lead the desk and are there, in the order in which they are called; where nobody
  /// else is, those of the desk above.
  private List<Member> leads(Sql sql, Shift shift) {
    Optional<Desk> at = Optional.of(community.desks().byId(shift.deskId()));
    while (at.isPresent()) {
      Desk desk = at.get();
      List<Member> leads =
          community.deskOrders().of(sql, desk.id()).stream()
              .filter(each -> !shift.isFrom(each.staffId()) && each.called())
              .filter(each -> community.deskOrders().leads(each))
              .toList();
      if (!leads.isEmpty()) {
        return leads;
      }
      at = community.desks().fallbackAbove(desk);
    }
    return List.of();
  }

  /// Lets go of what is older than a year, and of what nobody has written on for a month.
  boolean forgetDue() {
    Instant now = clock.instant();
    int drafts = store.forgetDrafts(db, now.minus(DRAFTS_KEPT), FORGOTTEN_AT_ONCE);
    int gone = store.forget(db, now.minus(KEPT), FORGOTTEN_AT_ONCE);
    return drafts == FORGOTTEN_AT_ONCE || gone == FORGOTTEN_AT_ONCE;
  }

  // In common.

  private Shift locked(Tx tx, Staff staff, String code) {
    Shift shift = store.lock(tx, code).orElseThrow(Refusal::notFound);
    require(tx, staff, shift);
    return shift;
  }

  /// Whose it is, who works there, leads it, or was reminded of it.
  private void require(Sql sql, Staff staff, Shift shift) {
    Desk desk = community.desks().byId(shift.deskId());
    if (!shift.isFrom(staff.id())
        && !staff.worksAt(desk.id())
        && !community.deskOrders().isLedBy(staff, desk)
        && !store.isReminded(sql, shift.id(), staff.id())) {
      throw Refusal.notFound();
    }
  }

  /// Who works there, or leads it.
  private void require(Staff staff, Desk desk) {
    if (!staff.worksAt(desk.id()) && !community.deskOrders().isLedBy(staff, desk)) {
      throw Refusal.notFound();
    }
  }

  private static void requireWorksAt(Staff staff, Desk desk) {
    if (!staff.worksAt(desk.id())) {
      throw Refusal.notFound();
    }
  }

  private static void requireOffered(Shift shift) {
    switch (shift.state()) {
      case OFFERED -> {}
      case TAKEN -> {
        String who = shift.takenName();
        throw new Refusal("shift-taken", 409, who == null ? "" : who);
      }
      case WITHDRAWN -> throw new Refusal("shift-withdrawn", 409, shift.fromName());
    }
  }

  private static void requireShort(String text, int longest) {
    if (text.length() > longest) {
      throw new Refusal("text-too-long", 422, longest);
    }
  }

  private static Map<String, Object> told(Shift shift, @Nullable Integer many) {
    return many == null
        ? Map.of("desk", shift.deskName(), "shift", shift.id())
        : Map.of("desk", shift.deskName(), "shift", shift.id(), "cases", many);
  }

  private Instant now() {
    return files.now();
  }
}
