package io.linyu.casework;

import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Errand.State;
import io.linyu.casework.Errand.Why;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls staff to what needs them, one after the other: who has it or comes first at its desk, then
/// whoever stands in, and last the list of those to be telephoned. Nothing ends silently: a person
/// says that they know, a colleague reaches them by telephone, or the matter itself moves on.
///
/// What is to be said goes to a [Mouth]; how it is sent is none of this room's business. Where
/// nobody of a desk can be reached in a chat, it is on that list at once.
public final class Errands {
  /// How fast it goes.
  ///
  /// @param claimWithin how long a new case may lie at a desk before somebody is called
  /// @param answerWithin how long somebody has to say that they know
  /// @param quiet when nobody is called but for danger
  public record Pace(Duration claimWithin, Duration answerWithin, QuietHours quiet, ZoneId zone) {}

  /// @param category what kind of matter it is; null: not known yet
  /// @param place where it is, without what the resident said; empty: not theirs to know
  /// @param danger what kind of alarm it is; null: none
  /// @param part of the case that it is about; null: the case itself
  public record Item(
      Errand errand,
      Case matter,
      @Nullable Category category,
      String place,
      @Nullable String danger,
      @Nullable Part part) {
    /// Where it is looked at: whoever does a part looks at that.
    public String page() {
      if (isElsewhere()) {
        return "/console/cases";
      }
      return (part == null || errand.why() == Why.PART_BACK)
          ? "/console/cases/" + matter.code()
          : "/console/parts/" + part.code();
    }

    /// When what it is about is or was due; null: it is not by a clock.
    public @Nullable Instant due() {
      CaseDispute dispute = matter.disputed();
      if (errand.why() == Why.DISPUTED && dispute != null) {
        return dispute.viewDueAt();
      }
      return part == null ? errand.due() : errand.why().isNews() ? null : part.dueAt();
    }

    /// Whether it is only told to them that it is with others now.
    boolean isElsewhere() {
      return errand.why().isNewsOfParty() && matter.deskId() != errand.deskId();
    }

    /// Whether their desk does a part, and no more.
    public boolean isPart() {
      return part != null && errand.why() != Why.PART_BACK;
    }

    /// By which it is named: two digits, or the number of its case when none were free.
    public String name() {
      Integer own = errand.number();
      return own == null ? matter.number().text() : own.toString();
    }
  }

  /// What one member of staff is told at once.
  public record Telling(Staff to, long addressId, List<Item> items) {}

  /// Says it, in the transaction that notes that it was said.
  public interface Mouth {
    void tell(Tx tx, Telling telling);
  }

  /// What became of one that somebody says they know of.
  public enum Outcome {
    SEEN,
    /// Nobody had it: it is theirs now.
    TAKEN,
    /// Somebody else has it.
    HAD,
    /// They had said so before.
    AGAIN,
    /// Nobody needs to know any more.
    OVER
  }

  /// @param who has it; null: they themselves, or nobody
  public record Answered(Item item, Outcome outcome, @Nullable String who) {}

  /// What a desk has to telephone about.
  ///
  /// @param called who was called in vain, in turn, and then those whom no chat reaches
  public record ToTelephone(Item item, List<CalledInVain> called) {}

  /// @param phone masked; null: unknown
  /// @param toldAt null: they could not be reached
  /// @param bound whether there was a chat to call them in
  public record CalledInVain(
      long staffId,
      String name,
      String role,
      @Nullable String phone,
      @Nullable Instant toldAt,
      boolean bound) {}

  private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// What was due long ago is on the console, and nobody is called about it any more.
  private static final Duration FRESH = Duration.ofDays(1);

  /// So long alarms are answered and written to in a chat after they rang, and so long who was
  /// passed by may still say that they know. Then their number is free for something else.
  private static final Duration ANSWERED_WITHIN = Duration.ofDays(1);

  /// What is to go on by itself does so sooner.
  private static final Duration GOES_ON_WITHIN = Duration.ofMinutes(10);

  /// There is a working day within so many.
  private static final int LONGEST_HOLIDAY = 30;

  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final int FORGOTTEN_AT_ONCE = 500;
  private static final int LOOKED_AT_ONCE = 20;
  private static final int TOLD_AT_ONCE = 10;
  private static final int THEIRS = 20;

  /// Two digits, so that none is taken for a choice.
  private static final int FIRST_NUMBER = 11;

  private static final int LAST_NUMBER = 99;
  static final int PAGE = 30;

  private final Db db;
  private final Events events;
  private final Clock clock;
  private final CaseFiles files;
  private final Cases cases;
  private final Handling handling;
  private final Checking checking;
  private final Parts parts;
  private final Checkers checkers;
  private final Alarms alarms;
  private final Categories categories;
  private final Community community;
  private final CatchUps catchUps;
  private final Territories territories;
  private final ErrandStore store = new ErrandStore();
  private final ClockStore clocks = new ClockStore();
  private final PartStore partStore = new PartStore();
  private Pace pace =
      new Pace(Duration.ofMinutes(15), Duration.ofMinutes(10), QuietHours.NONE, ZoneId.of("UTC"));
  private @Nullable MeterRegistry metrics;

  Errands(
      Db db,
      Events events,
      Clock clock,
      CaseFiles files,
      Cases cases,
      Handling handling,
      Checking checking,
      Parts parts,
      Checkers checkers,
      Alarms alarms,
      Categories categories,
      Community community,
      CatchUps catchUps) {
    this.db = db;
    this.events = events;
    this.clock = clock;
    this.files = files;
    this.cases = cases;
    this.handling = handling;
    this.checking = checking;
    this.parts = parts;
    this.checkers = checkers;
    this.alarms = alarms;
    this.categories = categories;
    this.community = community;
    this.catchUps = catchUps;
    this.territories = community.territories();
  }

  /// As a server needs it.
  public void start(Ticker ticker, MeterRegistry counting, Pace given, Mouth mouth) {
    pace = given;
    metrics = counting;
    events.listen(
        ticker,
        "errands",
        CaseEvent.VOCABULARY,
        (tx, told) -> {
          // Only the event tells that it was supervised: the case is as if it never had been.
          told.stream()
              .filter(each -> each.event() instanceof CaseEvent.SupervisionLifted)
              .forEach(each ->
                  store.settle(
                      tx, CaseId.of(each.subject()), Why.SUPERVISED, null, clock.instant()));
          told.forEach(each -> hearSigned(tx, each));
          told.forEach(each -> hearResumed(tx, each));
          told.forEach(each -> hearKept(tx, each));
          told.forEach(each -> hearAgreed(tx, each));
          told.forEach(each -> hearRuled(tx, each));
          told.forEach(each -> hearPart(tx, each));
          told.forEach(each -> hearHead(tx, each));
          store.watch(tx, moved(told), clock.instant());
        });
    events.listenSingly(
        ticker,
        "errands-alarms",
        AlarmEvent.VOCABULARY,
        _ -> true,
        (tx, told) -> told.forEach(each -> hearAlarm(tx, each)));
    ticker.every(PAUSE, "errands-look", this::lookDue);
    ticker.every(PAUSE, "errands-tell", () -> tellDue(mouth));
    ticker.every(PAUSE, "errands-pass", this::passDue);
    ticker.every(FORGET, "errands-forget", this::forgetDue);
  }

  /// What is said of it moves nothing.
  private static Set<Long> moved(List<Told<CaseEvent>> told) {
    return told.stream()
        .filter(each ->
            !(each.event() instanceof CaseEvent.Summoned
                || each.event() instanceof CaseEvent.Delayed
                || (each.event() instanceof CaseEvent.RuleApplied rule && rule.dry())))
        .map(Told::subject)
        .collect(Collectors.toSet());
  }

  public List<Backlog> backlogs() {
    return store.backlogs(db, clock.instant());
  }

  // Who has to be called.

  /// True when there may be more.
  boolean lookDue() {
    if (!catchUps.isAwake()) {
      return false;
    }
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      List<CaseId> due = store.watched(tx, now, LOOKED_AT_ONCE);
      Map<CaseId, Case> known =
          cases.named(tx, due).stream().collect(Collectors.toMap(Case::id, each -> each));
      var unreached = new ArrayList<NotCalled>();
      for (CaseId id : due) {
        Case matter = known.get(id);
        store.lookAgain(tx, id, matter == null ? null : look(tx, matter, now, unreached));
      }
      // Locks of errands come before those of cases, and these in one order.
      unreached.sort(Comparator.comparingLong(each -> each.matter().value()));
      unreached.forEach(each -> summon(tx, each));
      return due.size() == LOOKED_AT_ONCE;
    });
  }

  /// What nobody of the desk can be called to, or is told of in a digest.
  private record NotCalled(CaseId matter, Why why, long desk, How how) {}

  private void summon(Tx tx, NotCalled one) {
    summon(tx, one.matter(), one.why(), one.desk(), one.how(), null, null);
  }

  /// What nobody can answer any more lets its number go. True when there is more.
  public boolean forgetDue() {
    Instant now = clock.instant();
    return db.inTransaction(
        tx -> store.forget(tx, now.minus(ANSWERED_WITHIN), now, FORGOTTEN_AT_ONCE));
  }

  /// Makes what is lacking and ends what nobody needs any more, by how it stands and not by what
  /// happened.
  ///
  /// @return when to look again; null: not before something happens
  private @Nullable Instant look(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    if (!matter.isOpen() || matter.rests()) {
      store.settleAll(tx, matter.id(), now);
      return null;
    }
    store.settleElsewhere(tx, matter.id(), matter.deskId(), now);
    var next = new ArrayList<>(lookParts(tx, matter, now, unreached));
    Long holder = matter.staffId();
    CaseReturn returned = matter.returned();
    if (returned != null) {
      // Nobody is to take it: somebody is to say where it goes.
      Instant at = returned.at();
      next.addAll(call(tx, matter, Why.RETURNED, at, at, now, unreached));
    } else if (holder == null) {
      Instant since = store.heldSince(tx, matter.id()).orElse(matter.openedAt());
      next.addAll(call(tx, matter, Why.NEW, since, since.plus(pace.claimWithin()), now, unreached));
    } else {
      store.settleTaken(tx, matter.id(), holder, now.minus(ANSWERED_WITHIN), now);
    }
    next.addAll(lookDisputed(tx, matter, now, unreached));
    next.addAll(lookUrged(tx, matter, now, unreached));
    next.addAll(lookSupervised(tx, matter, now, unreached));
    List<CaseClock> running =
        clocks.clocks(tx, matter.id()).stream().filter(CaseClock::isRunning).toList();
    store.settleClocks(tx, matter.id(), running.stream().map(CaseClock::dueAt).toList(), now);
    for (CaseClock each : running) {
      if (each.kind() == CaseClock.Kind.REVIEW) {
        next.addAll(lookReview(tx, matter, each.dueAt(), now, unreached));
        continue;
      }
      if (each.kind() == CaseClock.Kind.LOOK) {
        continue; // its end is told by itself
      }
      if (now.isBefore(each.dueAt())) {
        // Nobody has it: that is what they are called about.
        if (holder != null) {
          next.addAll(call(tx, matter, Why.SOON, each.dueAt(), each.amberAt(), now, unreached));
        }
        next.add(each.dueAt());
      } else {
        next.addAll(call(tx, matter, Why.OVERDUE, each.dueAt(), each.dueAt(), now, unreached));
      }
    }
    return next.stream().filter(now::isBefore).min(Instant::compareTo).orElse(null);
  }

  /// Whose it is the desk that was named is asked, and then the one that rules.
  private List<Instant> lookDisputed(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    CaseDispute dispute = matter.disputed();
    boolean waits = dispute != null && !dispute.isRipe(now);
    boolean ripe = dispute != null && !waits;
    Instant asked = dispute == null ? null : dispute.at();
    Instant ripeAt = dispute == null ? null : dispute.ripeAt();
    store.settle(tx, matter.id(), Why.DISPUTED, waits ? asked : null, now);
    store.settle(tx, matter.id(), Why.TO_RULE, ripe ? ripeAt : null, now);
    if (dispute == null) {
      return List.of();
    }
    var next = new ArrayList<Instant>();
    if (waits) {
      next.addAll(
          call(tx, matter, dispute.otherDeskId(), Why.DISPUTED, dispute.at(), now, unreached));
      next.add(dispute.viewDueAt());
    } else {
      next.addAll(
          call(tx, matter, dispute.rulingDeskId(), Why.TO_RULE, dispute.ripeAt(), now, unreached));
    }
    return next;
  }

  /// Calls whoever comes first at a desk that does not have it, once.
  private List<Instant> call(
      Tx tx,
      Case matter,
      long desk,
      Why why,
      Instant occasion,
      Instant now,
      List<NotCalled> unreached) {
    if (occasion.isBefore(now.minus(FRESH)) || store.exists(tx, matter.id(), why, occasion)) {
      return List.of();
    }
    Long staff = firstOf(tx, null, desk, Set.of()).findFirst().map(Member::staffId).orElse(null);
    Instant undisturbed = pace.quiet().next(now, pace.zone());
    if (staff == null && undisturbed.isAfter(now)) {
      return List.of(undisturbed);
    }
    boolean isNew = store.insert(tx, matter.id(), null, desk, why, occasion, 0, staff, now);
    if (isNew && staff == null) {
      unreached.add(new NotCalled(matter.id(), why, desk, How.TELEPHONE));
    }
    return List.of();
  }

  /// What other desks do: when they are asked, when their day is near, when it is over, and when
  /// whoever leads urges them.
  private List<Instant> lookParts(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    List<Part> open =
        matter.work().isOpen()
            ? partStore.open(tx, matter.id()).stream().filter(each -> !each.isContact()).toList()
            : List.of();
    store.settleParts(tx, matter.id(), open, now.minus(ANSWERED_WITHIN), now);
    var next = new ArrayList<Instant>();
    for (Part each : open) {
      Instant due = Objects.requireNonNull(each.dueAt());
      Instant amber = Objects.requireNonNull(each.amberAt());
      Instant urged = each.urgedAt();
      if (each.staffId() == null) {
        next.addAll(call(tx, each, Why.PART_ASKED, each.askedAt(), each.askedAt(), now, unreached));
      }
      if (urged != null) {
        next.addAll(call(tx, each, Why.PART_URGED, urged, urged, now, unreached));
      }
      boolean late = !now.isBefore(due);
      Instant occasion = each.occasion(due);
      store.settlePart(tx, each.id(), Why.PART_SOON, late ? null : occasion, now);
      store.settlePart(tx, each.id(), Why.PART_OVERDUE, occasion, now);
      if (late) {
        next.addAll(call(tx, each, Why.PART_OVERDUE, due, due, now, unreached));
      } else {
        // Nobody has it: that is what they are called about.
        if (each.staffId() != null) {
          next.addAll(call(tx, each, Why.PART_SOON, due, amber, now, unreached));
        }
        next.add(due);
      }
    }
    return next;
  }

  /// Calls whoever has signed it, or comes first at its desk, once.
  private List<Instant> call(
      Tx tx,
      Part part,
      Why why,
      Instant occasion,
      Instant at,
      Instant now,
      List<NotCalled> unreached) {
    Instant once = part.occasion(occasion);
    if (now.isBefore(at)) {
      return List.of(at);
    }
    if (at.isBefore(now.minus(FRESH)) || store.exists(tx, part.caseId(), why, once)) {
      return List.of();
    }
    Long staff = firstOf(tx, part, Set.of()).map(Member::staffId).orElse(null);
    Instant undisturbed = pace.quiet().next(now, pace.zone());
    if (staff == null && undisturbed.isAfter(now)) {
      return List.of(undisturbed);
    }
    boolean isNew =
        store.insert(tx, part.caseId(), null, part.id(), part.deskId(), why, once, 0, staff, now);
    if (isNew && staff == null) {
      unreached.add(new NotCalled(part.caseId(), why, part.deskId(), How.TELEPHONE));
    }
    return List.of();
  }

  private Optional<Member> firstOf(Tx tx, Part part, Set<Long> called) {
    return firstOf(tx, part.staffId(), part.deskId(), called).findFirst();
  }

  /// Whoever leads hears what they were answered, and whoever does a part that it is not wanted any
  /// more.
  void hearPart(Tx tx, Told<CaseEvent> told) {
    if (!(told.event() instanceof CaseEvent.PartMoved moved)
        || !moved.ends()
        || told.at().isBefore(clock.instant().minus(FRESH))) {
      return;
    }
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    Part part = parts.named(tx, moved.partId());
    boolean back =
        switch (moved.how()) {
          case ANSWERED, DECLINED -> true;
          default -> false;
        };
    Long to = back ? matter.staffId() : part.staffId();
    if (to == null || to.equals(moved.staffId())) {
      return;
    }
    community
        .deskOrders()
        .member(tx, to)
        .filter(each -> each.addressId() != null)
        .ifPresent(each -> {
          var _ =
              store.insert(
                  tx,
                  matter.id(),
                  null,
                  part.id(),
                  back ? matter.deskId() : part.deskId(),
                  back ? Why.PART_BACK : Why.PART_OVER,
                  part.occasion(told.at()),
                  0,
                  each.staffId(),
                  clock.instant());
        });
  }

  /// Whoever has it, and who leads them; until the resident is answered, or somebody has taken it
  /// who sees that it was urged.
  private List<Instant> lookUrged(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    Instant urged = matter.urgedAt();
    if (urged == null) {
      return List.of();
    }
    boolean over =
        !matter.isUrged()
            || (matter.staffId() != null
                && store.heldSince(tx, matter.id()).filter(urged::isBefore).isPresent());
    store.settle(tx, matter.id(), Why.URGED, over ? null : urged, now);
    if (over || store.exists(tx, matter.id(), Why.URGED, urged)) {
      return List.of();
    }
    List<Instant> again = call(tx, matter, Why.URGED, urged, urged, now, unreached);
    if (again.isEmpty()
        && !urged.isBefore(now.minus(FRESH))
        && !store.isFolded(tx, matter.id(), Why.URGED, urged)) {
      Set<Long> called = new HashSet<>(store.called(tx, matter.id(), Why.URGED, urged));
      leadOf(tx, matter, called)
          .ifPresent(lead -> {
            var _ =
                store.insert(
                    tx,
                    matter.id(),
                    null,
                    matter.deskId(),
                    Why.URGED,
                    urged,
                    0,
                    lead.staffId(),
                    now);
          });
    }
    return again;
  }

  /// On its day it goes on by itself, and they are called about that. Where it does not, since the
  /// rule is off or tried out, whoever has it and who let it wait are called all the same.
  private List<Instant> lookReview(
      Tx tx, Case matter, Instant day, Instant now, List<NotCalled> unreached) {
    Instant at = day.plus(GOES_ON_WITHIN);
    boolean first = !now.isBefore(at) && !store.exists(tx, matter.id(), Why.OVERDUE, day);
    List<Instant> again = call(tx, matter, Why.OVERDUE, day, at, now, unreached);
    if (first
        && again.isEmpty()
        && !at.isBefore(now.minus(FRESH))
        && !store.isFolded(tx, matter.id(), Why.OVERDUE, day)) {
      long granted = Suspending.grantedBy(events.of(tx, CaseEvent.VOCABULARY, matter.id().value()));
      callToo(tx, matter, granted, Why.OVERDUE, day, now);
    }
    return again;
  }

  /// Beside whoever has it, where they can be reached in a chat.
  private void callToo(Tx tx, Case matter, long staff, Why why, Instant occasion, Instant now) {
    community
        .deskOrders()
        .member(tx, staff)
        .filter(each -> each.addressId() != null && !matter.isHeldBy(each.staffId()))
        .ifPresent(each -> {
          var _ =
              store.insert(
                  tx, matter.id(), null, matter.deskId(), why, occasion, 0, each.staffId(), now);
        });
  }

  /// What rang since nobody had signed it.
  void hearSigned(Tx tx, Told<CaseEvent> told) {
    if (told.event() instanceof CaseEvent.Claimed claimed) {
      alarms.signed(tx, CaseId.of(told.subject()), claimed.staffId());
    }
  }

  /// Whoever has it hears what came of what was asked of a head, until they have done something.
  private void hearHead(Tx tx, Told<CaseEvent> told) {
    CaseId id = CaseId.of(told.subject());
    Instant now = clock.instant();
    if (Handling.touches(told.event()) || told.event() instanceof CaseEvent.Noted) {
      store.settle(tx, id, Why.REPLIED, null, now);
      store.settle(tx, id, Why.UNREPLIED, null, now);
      return;
    }
    Why why =
        switch (told.event()) {
          case CaseEvent.HeadAnswered _ -> Why.REPLIED;
          case CaseEvent.HeadSilent _ -> Why.UNREPLIED;
          default -> null;
        };
    if (why == null || told.at().isBefore(now.minus(FRESH))) {
      return;
    }
    Case matter = cases.named(tx, id).orElseThrow();
    if (!matter.isOpen() || matter.rests()) {
      return;
    }
    var unreached = new ArrayList<NotCalled>();
    // In quiet hours, where nobody of the desk has a chat, it is on the console.
    var _ = call(tx, matter, why, told.at(), told.at(), now, unreached);
    unreached.forEach(each -> summon(tx, each));
  }

  /// What went on by itself: whoever has it, and who let it wait.
  void hearResumed(Tx tx, Told<CaseEvent> told) {
    if (!(told.event() instanceof CaseEvent.Resumed resumed)
        || resumed.staffId() != null
        || told.at().isBefore(clock.instant().minus(FRESH))) {
      return;
    }
    Instant now = clock.instant();
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    if (store.isFolded(tx, matter.id(), Why.RESUMED, told.at())) {
      return;
    }
    var unreached = new ArrayList<NotCalled>();
    // In quiet hours the other is called when they are over, and this one is on the console.
    var _ = call(tx, matter, Why.RESUMED, told.at(), told.at(), now, unreached);
    callToo(tx, matter, resumed.grantedBy(), Why.RESUMED, told.at(), now);
    unreached.forEach(each -> summon(tx, each));
  }

  /// What is with them again who have returned it.
  void hearKept(Tx tx, Told<CaseEvent> told) {
    Instant now = clock.instant();
    if (!(told.event() instanceof CaseEvent.ReturnDecided decided)
        || decided.agreed()
        || told.at().isBefore(now.minus(FRESH))) {
      return;
    }
    Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
    // Where somebody has it already, or it has gone elsewhere, nobody needs to be called.
    if (matter.state() == CaseState.DISPATCHED && matter.deskId() == decided.deskId()) {
      var unreached = new ArrayList<NotCalled>();
      var _ = call(tx, matter, Why.KEPT, told.at(), told.at(), now, unreached);
      unreached.forEach(each -> summon(tx, each));
    }
  }

  /// Whoever has returned it, and does not see it any more, hears that it goes elsewhere.
  void hearAgreed(Tx tx, Told<CaseEvent> told) {
    if (told.event() instanceof CaseEvent.ReturnDecided decided && decided.agreed()) {
      Long by =
          events.of(tx, CaseEvent.VOCABULARY, told.subject()).stream()
              .filter(each -> !each.at().isAfter(told.at()))
              .map(Told::event)
              .filter(each ->
                  each instanceof CaseEvent.Returned back
                      && back.waits()
                      && back.fromDesk() == decided.deskId())
              .map(each -> ((CaseEvent.Returned) each).staffId())
              .findFirst()
              .orElse(null);
      news(tx, told, Why.RETURN_AGREED, decided.deskId(), by, decided.staffId());
    }
  }

  /// Both of the two hear who leads.
  void hearRuled(Tx tx, Told<CaseEvent> told) {
    if (told.event() instanceof CaseEvent.Ruled ruled) {
      Case matter = cases.named(tx, CaseId.of(told.subject())).orElseThrow();
      for (long desk : List.of(ruled.deskId(), ruled.otherDesk())) {
        Long has = matter.deskId() == desk ? matter.staffId() : null;
        news(tx, told, Why.RULED, desk, has, ruled.staffId());
      }
    }
  }

  /// Tells one of that desk, once, where they can be reached in a chat.
  ///
  /// @param first who is told before all others; null: whoever comes first there
  /// @param by whose doing it is, who needs no news of it
  private void news(
      Tx tx, Told<CaseEvent> told, Why why, long desk, @Nullable Long first, long by) {
    if (told.at().isBefore(clock.instant().minus(FRESH))) {
      return;
    }
    firstOf(tx, first, desk, Set.of(by))
        .findFirst()
        .ifPresent(each -> {
          var _ =
              store.insert(
                  tx,
                  CaseId.of(told.subject()),
                  null,
                  desk,
                  why,
                  told.at(),
                  0,
                  each.staffId(),
                  clock.instant());
        });
  }

  /// When it begins, and then once on every working day that has passed half without a word of it.
  /// What begins by rule begins when the limit is over, and they are called about that already.
  private List<Instant> lookSupervised(Tx tx, Case matter, Instant now, List<NotCalled> unreached) {
    Instant since = matter.supervisedAt();
    if (since == null) {
      return List.of();
    }
    WorkingCalendar calendar = files.calendar();
    LocalDate today = files.day(now);
    Instant asked = asked(calendar, today);
    Instant midnight = today.atStartOfDay(calendar.zone()).toInstant();
    boolean daily = asked != null && since.isBefore(asked) && !now.isBefore(asked);
    Instant occasion = daily && asked != null ? asked : since;
    boolean heard = hasWord(tx, matter.id(), daily && since.isBefore(midnight) ? midnight : since);
    store.settle(tx, matter.id(), Why.SUPERVISED, heard ? null : occasion, now);
    var next = new ArrayList<Instant>();
    if (!heard && (daily || !isSupervisedByRule(tx, matter.id()))) {
      next.addAll(call(tx, matter, Why.SUPERVISED, occasion, occasion, now, unreached));
    }
    if (asked != null && now.isBefore(asked)) {
      next.add(asked);
    } else {
      today
          .datesUntil(today.plusDays(LONGEST_HOLIDAY))
          .skip(1)
          .map(day -> asked(calendar, day))
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(next::add);
    }
    return next;
  }

  private boolean isSupervisedByRule(Tx tx, CaseId id) {
    return events.of(tx, CaseEvent.VOCABULARY, id.value()).reversed().stream()
        .map(Told::event)
        .filter(each -> each instanceof CaseEvent.Supervised || isSupervisedByRule(each))
        .findFirst()
        .filter(Errands::isSupervisedByRule)
        .isPresent();
  }

  private static boolean isSupervisedByRule(CaseEvent event) {
    return event instanceof CaseEvent.RuleApplied rule
        && rule.isDone(LoopRule.E2, LoopRule.Effect.SUPERVISED);
  }

  /// When half of the day's work is over; null: it is no working day.
  private static @Nullable Instant asked(WorkingCalendar calendar, LocalDate day) {
    List<WorkingCalendar.Interval> hours = calendar.hours(day);
    return hours.isEmpty()
        ? null
        : hours.getLast().open().atDate(day).atZone(calendar.zone()).toInstant();
  }

  /// Whether anybody but whoever supervises it has answered or noted something since.
  private boolean hasWord(Tx tx, CaseId id, Instant since) {
    List<Told<CaseEvent>> told = events.of(tx, CaseEvent.VOCABULARY, id.value());
    Long leads =
        told.reversed().stream()
            .map(Told::event)
            .filter(each -> each instanceof CaseEvent.Supervised || isSupervisedByRule(each))
            .findFirst()
            .map(each ->
                each instanceof CaseEvent.Supervised supervised
                    ? (Long) supervised.staffId()
                    : null)
            .orElse(null);
    return told.reversed().stream()
        .takeWhile(each -> each.at().isAfter(since))
        .map(each ->
            switch (each.event()) {
              case CaseEvent.Answered answered -> (Long) answered.staffId();
              case CaseEvent.Noted noted -> (Long) noted.staffId();
              default -> null;
            })
        .anyMatch(by -> by != null && !by.equals(leads));
  }

  /// Who leads the desk that has it, beside those who are called already; else who leads the one
  /// above it. Who can be reached in a chat.
  private Optional<Member> leadOf(Tx tx, Case matter, Set<Long> called) {
    Desk desk = community.desks().byId(matter.deskId());
    return Stream.concat(Stream.of(desk), community.desks().fallbackAbove(desk).stream())
        .flatMap(each -> community.deskOrders().of(tx, each.id()).stream())
        .filter(each ->
            each.called()
                && each.addressId() != null
                && community.deskOrders().leads(each)
                && !matter.isHeldBy(each.staffId())
                && !called.contains(each.staffId()))
        .findFirst();
  }

  /// Calls the first who can be reached, once. Where nobody can be, the desk has to telephone.
  ///
  /// @param at when
  /// @return when to look again, for this
  private List<Instant> call(
      Tx tx,
      Case matter,
      Why why,
      Instant occasion,
      Instant at,
      Instant now,
      List<NotCalled> unreached) {
    if (now.isBefore(at)) {
      return List.of(at);
    }
    if (store.exists(tx, matter.id(), why, occasion)) {
      return List.of();
    }
    Optional<CatchUp> into = catchUps.of(tx, matter, at);
    if (into.isPresent()) {
      if (store.fold(tx, matter.id(), matter.deskId(), why, occasion, into.get().id(), now)) {
        unreached.add(new NotCalled(matter.id(), why, matter.deskId(), How.DIGEST));
      }
      return List.of();
    }
    if (at.isBefore(now.minus(FRESH))) {
      return List.of();
    }
    Long staff = firstOf(tx, matter, Set.of()).map(Member::staffId).orElse(null);
    Instant undisturbed = pace.quiet().next(now, pace.zone());
    if (staff == null && undisturbed.isAfter(now)) {
      return List.of(undisturbed);
    }
    boolean isNew =
        store.insert(tx, matter.id(), null, matter.deskId(), why, occasion, 0, staff, now);
    if (isNew && staff == null) {
      unreached.add(new NotCalled(matter.id(), why, matter.deskId(), How.TELEPHONE));
    }
    return List.of();
  }

  /// Who has it, then those of the desk in their order; of them the first who can be reached in a
  /// chat and was not called yet.
  private Optional<Member> firstOf(Tx tx, Case matter, Set<Long> called) {
    return firstOf(tx, matter.staffId(), matter.deskId(), called)
        .filter(each -> mayTake(matter, each))
        .findFirst();
  }

  private Stream<Member> firstOf(Tx tx, @Nullable Long holder, long desk, Set<Long> called) {
    Stream<Member> has =
        holder == null ? Stream.empty() : community.deskOrders().member(tx, holder).stream();
    return Stream.concat(has, community.deskOrders().of(tx, desk).stream().filter(Member::called))
        .filter(each -> each.addressId() != null && !called.contains(each.staffId()));
  }

  /// Whoever did it is not called to check it.
  private boolean mayTake(Case matter, Member who) {
    Case.Lead lead = matter.lead();
    return lead == null
        || checkers.mayCheck(
            matter, lead, community.desks().byId(matter.deskId()), who.staffId(), who.role());
  }

  // Calling.

  /// Tells one member of staff all that is due, in one message. True when there may be more.
  boolean tellDue(Mouth mouth) {
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      List<Errand> due = store.toTell(tx, now, TOLD_AT_ONCE);
      if (!due.isEmpty()) {
        tell(tx, mouth, due, now);
      }
      return !due.isEmpty();
    });
  }

  private void tell(Tx tx, Mouth mouth, List<Errand> due, Instant now) {
    long staffId = Objects.requireNonNull(due.getFirst().staffId());
    Instant undisturbed = pace.quiet().next(now, pace.zone());
    Optional<Staff> who = community.staff().byId(staffId);
    Long address =
        community.staffAddresses().of(tx, staffId).stream()
            .filter(each -> each.follows())
            .map(each -> each.addressId())
            .findFirst()
            .orElse(null);
    var items = new ArrayList<Item>();
    Iterator<Integer> numbers =
        store
            .freeNumbers(
                tx, staffId, now.minus(ANSWERED_WITHIN), FIRST_NUMBER, LAST_NUMBER, due.size())
            .iterator();
    for (Errand each : due) {
      if (!each.isAlarm() && undisturbed.isAfter(now)) {
        store.later(tx, each.id(), undisturbed);
        continue;
      }
      Case matter = cases.named(tx, each.caseId()).orElseThrow();
      if (!isStillNeeded(tx, each, matter)) {
        store.end(tx, each.id(), State.SETTLED, now);
      } else if (who.isEmpty() || address == null || !mayKnow(tx, who.get(), each, matter)) {
        pass(tx, each, matter, now);
      } else {
        boolean news = each.why().isNews();
        Integer number = !news && numbers.hasNext() ? numbers.next() : null;
        Duration patience = each.isAlarm() ? alarms.climbEvery() : pace.answerWithin();
        store.told(tx, each.id(), number, now, now.plus(patience));
        if (news) {
          store.end(tx, each.id(), State.SETTLED, now);
        }
        items.add(item(tx, numbered(each, number, now), matter));
      }
    }
    if (!items.isEmpty()) {
      for (Item each : inOrder(items)) {
        How how = each.errand().step() == 0 ? How.TOLD : How.STAND_IN;
        summon(tx, each.errand(), how, staffId, null);
      }
      mouth.tell(tx, new Telling(who.orElseThrow(), Objects.requireNonNull(address), items));
    }
  }

  /// Locks of cases are taken in one order.
  private static List<Item> inOrder(List<Item> items) {
    return items.stream()
        .sorted(Comparator.comparingLong(each -> each.matter().id().value()))
        .toList();
  }

  private static Errand numbered(Errand one, @Nullable Integer number, Instant now) {
    return new Errand(
        one.id(),
        one.caseId(),
        one.alarmId(),
        one.partId(),
        one.deskId(),
        one.why(),
        one.occasion(),
        one.step(),
        one.staffId(),
        number,
        State.TOLD,
        one.since(),
        now);
  }

  private boolean isStillNeeded(Tx tx, Errand one, Case matter) {
    Long alarm = one.alarmId();
    if (alarm != null) {
      return store.ringing(tx, alarm).isPresent();
    }
    Long part = one.partId();
    if (part != null) {
      Part asked = parts.named(tx, part);
      return one.why().isNews()
          || (asked.isOpen() && (one.why() != Why.PART_ASKED || asked.staffId() == null));
    }
    CaseDispute dispute = matter.disputed();
    if (one.why().isNewsOfParty()) {
      return true;
    }
    if (one.why().isOfDispute()) {
      return dispute != null
          && one.deskId()
              == (one.why() == Why.TO_RULE ? dispute.rulingDeskId() : dispute.otherDeskId())
          && dispute.isRipe(clock.instant()) == (one.why() == Why.TO_RULE);
    }
    return matter.isOpen()
        && !matter.rests()
        && matter.deskId() == one.deskId()
        && (!one.why().isOfUntaken() || matter.staffId() == null)
        && (one.why() != Why.RETURNED || matter.returned() != null)
        && (one.why() != Why.SUPERVISED || matter.supervisedAt() != null);
  }

  /// What is not theirs to see is not told to them.
  private boolean mayKnow(Sql tx, Staff who, Errand one, Case matter) {
    Long alarm = one.alarmId();
    if (alarm != null) {
      return alarms.isVisibleTo(tx, who, alarm);
    }
    boolean ofTheirDesk =
        one.why().isNewsOfParty() || (one.partId() != null && one.why() != Why.PART_BACK);
    return ofTheirDesk ? who.worksAt(one.deskId()) : cases.isVisibleTo(tx, who, matter.id());
  }

  /// Passes on what was not acknowledged in time. True when there may be more.
  boolean passDue() {
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      Optional<Errand> due = store.toPass(tx, now);
      due.ifPresent(one -> {
        Case matter = cases.named(tx, one.caseId()).orElseThrow();
        Instant undisturbed = pace.quiet().next(now, pace.zone());
        if (!isStillNeeded(tx, one, matter)) {
          store.end(tx, one.id(), State.SETTLED, now);
        } else if (!one.isAlarm() && undisturbed.isAfter(now)) {
          store.later(tx, one.id(), undisturbed);
        } else {
          pass(tx, one, matter, now);
        }
      });
      return due.isPresent();
    });
  }

  private void pass(Tx tx, Errand one, Case matter, Instant now) {
    if (one.why().isNews()) {
      store.end(tx, one.id(), State.SETTLED, now); // nobody stands in for that
      return;
    }
    store.end(tx, one.id(), State.PASSED, now);
    // Of two who are called at once only the last who does not answer is stood in for.
    if (one.why().callsTwo() && store.reachesAnother(tx, one)) {
      count("passed");
      return;
    }
    Set<Long> called = new HashSet<>(store.called(tx, one.caseId(), one.why(), one.occasion()));
    // An alarm calls all of a desk at once, and climbs by itself.
    Long part = one.partId();
    Optional<Member> next =
        one.isAlarm()
            ? Optional.empty()
            : one.why().isOfDispute()
                ? firstOf(tx, null, one.deskId(), called).findFirst()
                : part == null
                    ? firstOf(tx, matter, called)
                    : firstOf(tx, parts.named(tx, part), called);
    Long to = next.map(Member::staffId).orElse(null);
    boolean isNew =
        store.insert(
            tx,
            one.caseId(),
            one.alarmId(),
            part,
            one.deskId(),
            one.why(),
            one.occasion(),
            called.size(),
            to,
            now);
    count("passed");
    if (to == null && isNew) {
      LOG.warn("case {}: nobody answered, the desk has to telephone", matter.number());
      summon(tx, one, How.TELEPHONE, null, null);
    }
  }

  // Alarms.

  void hearAlarm(Tx tx, Told<AlarmEvent> told) {
    long alarm = told.subject();
    Instant now = clock.instant();
    switch (told.event()) {
      case AlarmEvent.Rung rung -> {
        boolean unsigned = rung.kind().equals(Alarms.UNSIGNED);
        store
            .ringing(tx, alarm)
            .ifPresent(one -> {
              if (unsigned) {
                Case matter = cases.named(tx, one.caseId()).orElseThrow();
                callAll(tx, alarm, one, community.desks().byId(matter.deskId()), one.step(), now);
              }
              callAll(tx, alarm, one.step(), now);
            });
      }
      case AlarmEvent.Climbed climbed -> callAll(tx, alarm, climbed.step(), now);
      case AlarmEvent.Acknowledged(_, _, long staffId) ->
          store.settleAlarm(tx, alarm, staffId, now.minus(ANSWERED_WITHIN), now);
    }
  }

  /// Danger waits for nobody: all of a desk who can be reached are called at once.
  private void callAll(Tx tx, long alarm, int step, Instant now) {
    Optional<ErrandStore.Ringing> ringing = store.ringing(tx, alarm);
    if (ringing.isEmpty()) {
      return;
    }
    ErrandStore.Ringing one = ringing.get();
    callAll(tx, alarm, one, deskOf(territories.byId(one.territory()), step), step, now);
  }

  private void callAll(
      Tx tx, long alarm, ErrandStore.Ringing one, Desk desk, int step, Instant now) {
    List<Member> reached =
        community.deskOrders().of(tx, desk.id()).stream()
            .filter(each -> each.called() && each.addressId() != null)
            .toList();
    for (Member each : reached) {
      var _ = insert(tx, one, alarm, desk, step, each.staffId(), now);
    }
    if (reached.isEmpty() && insert(tx, one, alarm, desk, step, null, now)) {
      summon(tx, one.caseId(), Why.ALARM, desk.id(), How.TELEPHONE, null, null);
    }
  }

  private boolean insert(
      Tx tx,
      ErrandStore.Ringing one,
      long alarm,
      Desk desk,
      int step,
      @Nullable Long staff,
      Instant now) {
    return store.insert(
        tx, one.caseId(), alarm, desk.id(), Why.ALARM, one.rungAt(), step, staff, now);
  }

  private Desk deskOf(Territory place, int step) {
    Desk desk = community.desks().fallbackFor(place);
    for (int rank = AlarmStore.rank(territories.byId(desk.territoryId()).level());
        rank < step;
        rank++) {
      desk = community.desks().fallbackAbove(desk).orElse(desk);
    }
    return desk;
  }

  // What staff answer in a chat.

  /// What is theirs to answer or to finish, the newest first.
  public List<Item> theirs(Tx tx, Staff who) {
    return known(tx, who, store.theirs(tx, who.id(), since(), THEIRS));
  }

  /// What of theirs has this name, the newest first: two digits, or the number of a case.
  public List<Item> named(Tx tx, Staff who, String name) {
    List<Errand> found =
        name.matches("\\d{2}")
            ? store.numbered(tx, who.id(), Integer.parseInt(name), since())
            : CaseNumber.parse(name)
                .map(number -> store.ofCase(tx, who.id(), number, since()))
                .orElse(List.of());
    return known(tx, who, found);
  }

  /// One of theirs; empty: not any more.
  public Optional<Item> theirs(Tx tx, Staff who, long errand) {
    return known(tx, who, store.theirs(tx, who.id(), errand, since()).stream().toList()).stream()
        .findFirst();
  }

  private Instant since() {
    return clock.instant().minus(ANSWERED_WITHIN);
  }

  private List<Item> known(Tx tx, Staff who, List<Errand> found) {
    return found.stream()
        .flatMap(each -> {
          Case matter = cases.named(tx, each.caseId()).orElseThrow();
          return mayKnow(tx, who, each, matter)
              ? Stream.of(item(tx, each, matter))
              : Stream.empty();
        })
        .toList();
  }

  /// When they were told last; empty: not within a day.
  public Optional<Instant> toldLast(Tx tx, Staff who) {
    return store
        .toldLast(tx, who.id(), clock.instant().minus(FRESH))
        .flatMap(each -> Optional.ofNullable(each.toldAt()));
  }

  /// What became of what they were told last, when nobody needs their answer any more.
  public Optional<Answered> over(Tx tx, Staff who) {
    return store
        .toldLast(tx, who.id(), clock.instant().minus(FRESH))
        .filter(each -> each.state() == State.SETTLED)
        .flatMap(each -> {
          Case matter = cases.named(tx, each.caseId()).orElseThrow();
          if (!mayKnow(tx, who, each, matter)) {
            return Optional.empty();
          }
          Long alarm = each.alarmId();
          String other =
              alarm == null ? matter.staffName() : alarms.had(tx, who, alarm).orElse(null);
          boolean theirs = other == null || other.equals(who.name());
          return Optional.of(
              new Answered(item(tx, each, matter), theirs ? Outcome.OVER : Outcome.HAD, other));
        });
  }

  /// They know of it. What nobody had is theirs from now on, if they may take it: whoever is told
  /// that somebody has it must find that somebody.
  public Answered acknowledge(Tx tx, Staff who, Item item) {
    Errand one = item.errand();
    Instant now = clock.instant();
    if (one.state() == State.ACKNOWLEDGED) {
      return new Answered(item, Outcome.AGAIN, null);
    }
    Outcome outcome = Outcome.SEEN;
    String other = null;
    Long alarm = one.alarmId();
    Case matter = item.matter();
    Part part = item.isPart() ? item.part() : null;
    if (part != null) {
      if (part.isOpen() && part.staffId() == null) {
        var _ = parts.sign(tx, who, part.code());
        outcome = Outcome.TAKEN;
      } else if (part.isOpen() && !part.isHeldBy(who.id())) {
        other = part.staffName();
        outcome = Outcome.HAD;
      }
    } else if (alarm != null) {
      other = alarms.had(tx, who, alarm).orElse(null);
      if (other == null) {
        var _ = alarms.acknowledge(tx, who, alarm);
        outcome = Outcome.TAKEN;
      } else {
        outcome = Outcome.HAD;
      }
    } else if (one.why().isOfDispute()) {
      outcome = Outcome.SEEN; // they have something to say of it, and do not have it
    } else if (matter.staffId() == null
        && files.permits(who, matter).against(Step.CLAIM).isEmpty()) {
      var _ = handling.claim(tx, who, matter.id(), matter.version());
      outcome = Outcome.TAKEN;
    } else if (!one.why().callsTwo() && matter.staffId() != null && !matter.isHeldBy(who.id())) {
      other = matter.staffName();
      outcome = Outcome.HAD;
    }
    store.acknowledge(tx, one.id(), who.id(), null, now);
    // That who leads them knows of an urge does not spare whoever has it.
    if (!one.why().callsTwo() || outcome == Outcome.TAKEN || matter.isHeldBy(who.id())) {
      store.settleOthers(tx, one, now);
    }
    summon(tx, one, How.ACKNOWLEDGED, who.id(), null);
    return new Answered(item, outcome, other);
  }

  /// Finishes it with these words to the resident.
  ///
  /// @param version as they were shown it
  public Case close(Tx tx, Staff who, Item item, int version, String words) {
    Case matter = item.matter();
    Part part = item.part();
    if (item.isPart() && part != null) {
      var _ = parts.answer(tx, who, part.code(), words);
      summon(tx, item.errand(), How.CHAT, who.id(), null);
      return matter;
    }
    if (matter.version() != version) {
      throw new Refusal("case-changed", 409, matter.number().text());
    }
    if (matter.isOpen() && matter.staffId() == null) {
      matter = handling.claim(tx, who, matter.id(), version);
    }
    Case closed = checking.report(tx, who, matter.id(), matter.version(), words);
    summon(tx, item.errand(), How.CHAT, who.id(), null);
    return closed;
  }

  /// Whether they could finish it as it stands, before they are asked for the last word.
  public void requireClosing(Staff who, Item item) {
    Case matter = item.matter();
    Part part = item.part();
    if (item.isPart() && part != null) {
      parts.requireAnswering(who, part);
      return;
    }
    files
        .permits(who, matter)
        .require(matter.isOpen() && matter.staffId() == null ? Step.CLAIM : Step.REPORT);
  }

  /// Writes something down, with pictures or without.
  public void note(Tx tx, Staff who, Item item, String words, List<Long> pictures) {
    var _ = handling.note(tx, who, item.matter().id(), words, pictures);
    summon(tx, item.errand(), How.CHAT, who.id(), null);
  }

  // The telephone list.

  /// What this desk has to telephone about, oldest first.
  ///
  /// @param after the last one of the page before; 0: the first page
  public List<ToTelephone> toTelephone(Staff who, Desk desk, long after) {
    require(who, desk);
    List<Member> order = community.deskOrders().of(desk.id());
    return store.toTelephone(db, desk.id(), after, PAGE).stream()
        .flatMap(each -> {
          Case matter = cases.named(db, each.caseId()).orElseThrow();
          if (!mayKnow(db, who, each, matter)) {
            return Stream.empty();
          }
          return Stream.of(
              new ToTelephone(item(db, each, matter), inVain(db, each, matter, order)));
        })
        .toList();
  }

  /// Who was called in vain, then whoever has it and those of the desk whom no chat reaches.
  private List<CalledInVain> inVain(Sql sql, Errand one, Case matter, List<Member> order) {
    var vain = new ArrayList<CalledInVain>();
    for (ErrandStore.Called each : store.calledInTurn(sql, one)) {
      community
          .deskOrders()
          .member(sql, each.staffId())
          .ifPresent(who -> vain.add(inVain(who, each.toldAt(), true)));
    }
    Set<Long> named = vain.stream().map(CalledInVain::staffId).collect(Collectors.toSet());
    Long part = one.partId();
    Long holder =
        one.isAlarm() || one.why().isOfDispute()
            ? null
            : part == null ? matter.staffId() : parts.named(sql, part).staffId();
    Stream<Member> has =
        holder == null ? Stream.empty() : community.deskOrders().member(sql, holder).stream();
    Stream.concat(has, order.stream().filter(Member::called))
        .filter(each -> each.addressId() == null && named.add(each.staffId()))
        .forEach(each -> vain.add(inVain(each, null, false)));
    return vain;
  }

  private static CalledInVain inVain(Member who, @Nullable Instant toldAt, boolean bound) {
    return new CalledInVain(
        who.staffId(), who.name(), who.role(), who.phoneMasked(), toldAt, bound);
  }

  /// How many there are at their desks, up to a hundred.
  public long countToTelephone(Staff who) {
    return who.desks().isEmpty() ? 0 : store.countToTelephone(db, CaseStore.desks(who));
  }

  /// The telephone number of somebody who was called in vain. That it was looked at is recorded.
  public Member number(Staff who, Who by, long errand, long staff) {
    return db.inTransaction(tx -> {
      Errand one = inVain(tx, who, errand, staff);
      Member called = community.deskOrders().member(tx, staff).orElseThrow(Refusal::notFound);
      Case matter = cases.named(tx, one.caseId()).orElseThrow();
      community
          .audit()
          .writeAbout(
              tx, by, Deed.STAFF_NUMBER_SEEN, staff, Map.of("case", matter.number().base()));
      return called;
    });
  }

  /// Somebody reached one of them by telephone: they know.
  ///
  /// @return the case
  public Case reached(Staff who, Who by, long errand, long staff) {
    return db.inTransaction(tx -> {
      Errand one = inVain(tx, who, errand, staff);
      Case matter = cases.named(tx, one.caseId()).orElseThrow();
      if (one.state() != State.PHONE) {
        throw new Refusal("errand-over", 409, matter.number().text());
      }
      store.acknowledge(tx, one.id(), who.id(), staff, clock.instant());
      store.settleOthers(tx, one, clock.instant());
      summon(tx, one, How.REACHED, staff, who.id());
      community
          .audit()
          .writeAbout(tx, by, Deed.STAFF_REACHED, staff, Map.of("case", matter.number().base()));
      return matter;
    });
  }

  private Errand inVain(Tx tx, Staff who, long errand, long staff) {
    Errand one = store.phoneOf(tx, errand).orElseThrow(Refusal::notFound);
    require(who, community.desks().byId(one.deskId()));
    Case matter = cases.named(tx, one.caseId()).orElseThrow();
    List<Member> order = community.deskOrders().of(tx, one.deskId());
    if (inVain(tx, one, matter, order).stream().noneMatch(each -> each.staffId() == staff)) {
      throw Refusal.notFound();
    }
    return one;
  }

  /// Who works there, or leads it.
  public void require(Staff who, Desk desk) {
    if (!who.worksAt(desk.id()) && !community.deskOrders().isLedBy(who, desk)) {
      throw Refusal.notFound();
    }
  }

  // In common.

  private Item item(Sql sql, Errand one, Case matter) {
    Long alarm = one.alarmId();
    Part part = one.partId() == null ? null : parts.named(sql, one.partId());
    boolean hidden =
        part == null
            ? one.why().isNewsOfParty() && matter.deskId() != one.deskId()
            : one.why() != Why.PART_BACK && !part.showsOf(matter);
    return new Item(
        one,
        matter,
        hidden ? null : categories.named(matter.categoryCode()).orElse(null),
        hidden ? "" : matter.territoryName(),
        alarm == null ? null : alarms.kindOf(sql, alarm),
        part);
  }

  private void summon(Tx tx, Errand one, How how, @Nullable Long staff, @Nullable Long by) {
    summon(tx, one.caseId(), one.why(), one.deskId(), how, staff, by);
  }

  private void summon(
      Tx tx, CaseId id, Why why, long desk, How how, @Nullable Long staff, @Nullable Long by) {
    files.tell(
        tx, id, rule -> new CaseEvent.Summoned(null, rule, how, why.word(), desk, staff, by));
    count(how.name().toLowerCase(Locale.ROOT));
  }

  /// What is told by an event is in the history of its case; this is for whoever watches over all.
  private void count(String step) {
    MeterRegistry counting = metrics;
    if (counting != null) {
      counting.counter("linyu.errands", "step", step).increment();
    }
  }
}
