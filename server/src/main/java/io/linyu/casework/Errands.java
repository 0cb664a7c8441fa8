package io.linyu.casework;

import io.linyu.casework.Calls.NotCalled;
import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Errand.State;
import io.linyu.casework.Errand.Why;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
      if (errand.why() == Why.CONVENED) {
        return "/console/cases/" + matter.code() + "/conference";
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
      Conference conference = matter.conference();
      if (errand.why() == Why.CONVENED && conference != null) {
        return conference.startsAt();
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

  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// So long alarms are answered and written to in a chat after they rang, and so long who was
  /// passed by may still say that they know. Then their number is free for something else.
  static final Duration ANSWERED_WITHIN = Duration.ofDays(1);

  private static final Duration FORGET = Duration.ofMinutes(10);
  private static final int FORGOTTEN_AT_ONCE = 500;
  private static final int LOOKED_AT_ONCE = 20;
  private static final int THEIRS = 20;

  private final Db db;
  private final Events events;
  private final Clock clock;
  private final CaseFiles files;
  private final Cases cases;
  private final Handling handling;
  private final Checking checking;
  private final Parts parts;
  private final Alarms alarms;
  private final CatchUps catchUps;
  private final ErrandItems items;
  private final Summons summons;
  private final Calls calls;
  private final ErrandLooks looks;
  private final ErrandNews news;
  private final AlarmCalls alarmCalls;
  private final ErrandTellings tellings;
  private final TelephoneList telephoneList;
  private final ErrandStore store = new ErrandStore();

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
    this.alarms = alarms;
    this.catchUps = catchUps;
    items = new ErrandItems(cases, parts, alarms, categories);
    summons = new Summons(files);
    var callees = new Callees(community, checkers);
    calls = new Calls(clock, community, callees, catchUps);
    looks = new ErrandLooks(events, callees, calls, new SupervisedDays(events, files, calls));
    news = new ErrandNews(events, clock, cases, parts, community, calls, summons);
    alarmCalls = new AlarmCalls(clock, cases, alarms, community, summons);
    tellings =
        new ErrandTellings(
            db, clock, cases, parts, alarms, community, items, callees, calls, summons);
    telephoneList = new TelephoneList(db, clock, cases, parts, community, items, summons);
  }

  /// As a server needs it.
  public void start(Ticker ticker, MeterRegistry counting, Pace given, Mouth mouth) {
    calls.goAt(given);
    summons.countBy(counting);
    events.listen(
        ticker,
        "errands",
        CaseEvent.VOCABULARY,
        (tx, told) -> {
          told.forEach(each -> hear(tx, each));
          store.watch(tx, moved(told), clock.instant());
        });
    events.listenSingly(
        ticker,
        "errands-alarms",
        AlarmEvent.VOCABULARY,
        _ -> true,
        (tx, told) -> told.forEach(each -> alarmCalls.hear(tx, each)));
    ticker.every(PAUSE, "errands-look", this::lookDue);
    ticker.every(PAUSE, "errands-tell", () -> tellings.tellDue(mouth));
    ticker.every(PAUSE, "errands-pass", tellings::passDue);
    ticker.every(FORGET, "errands-forget", this::forgetDue);
  }

  void hear(Tx tx, Told<CaseEvent> told) {
    if (told.event() instanceof CaseEvent.SupervisionLifted) {
      // Only the event tells that it was supervised: the case is as if it never had been.
      store.settle(tx, CaseId.of(told.subject()), Why.SUPERVISED, null, clock.instant());
    }
    alarmCalls.hearSigned(tx, told);
    news.hear(tx, told);
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

  /// What desks have to telephone about.
  public TelephoneList telephoneList() {
    return telephoneList;
  }

  AlarmCalls alarmCalls() {
    return alarmCalls;
  }

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
        store.lookAgain(tx, id, matter == null ? null : looks.look(tx, matter, now, unreached));
      }
      // Locks of errands come before those of cases, and these in one order.
      unreached.sort(Comparator.comparingLong(each -> each.matter().value()));
      unreached.forEach(each -> summons.note(tx, each));
      return due.size() == LOOKED_AT_ONCE;
    });
  }

  /// What nobody can answer any more lets its number go. True when there is more.
  public boolean forgetDue() {
    Instant now = clock.instant();
    return db.inTransaction(
        tx -> store.forget(tx, now.minus(ANSWERED_WITHIN), now, FORGOTTEN_AT_ONCE));
  }

  // What staff answer in a chat.

  /// What is theirs to answer or to finish, the newest first.
  public List<Item> theirs(Tx tx, Staff who) {
    return items.known(tx, who, store.theirs(tx, who.id(), since(), THEIRS));
  }

  /// What of theirs has this name, the newest first: two digits, or the number of a case.
  public List<Item> named(Tx tx, Staff who, String name) {
    List<Errand> found =
        name.matches("\\d{2}")
            ? store.numbered(tx, who.id(), Integer.parseInt(name), since())
            : CaseNumber.parse(name)
                .map(number -> store.ofCase(tx, who.id(), number, since()))
                .orElse(List.of());
    return items.known(tx, who, found);
  }

  /// One of theirs; empty: not any more.
  public Optional<Item> theirs(Tx tx, Staff who, long errand) {
    return items
        .known(tx, who, store.theirs(tx, who.id(), errand, since()).stream().toList())
        .stream()
        .findFirst();
  }

  private Instant since() {
    return clock.instant().minus(ANSWERED_WITHIN);
  }

  /// When they were told last; empty: not within a day.
  public Optional<Instant> toldLast(Tx tx, Staff who) {
    return store
        .toldLast(tx, who.id(), clock.instant().minus(Calls.FRESH))
        .flatMap(each -> Optional.ofNullable(each.toldAt()));
  }

  /// What became of what they were told last, when nobody needs their answer any more.
  public Optional<Answered> over(Tx tx, Staff who) {
    return store
        .toldLast(tx, who.id(), clock.instant().minus(Calls.FRESH))
        .filter(each -> each.state() == State.SETTLED)
        .flatMap(each -> {
          Case matter = cases.named(tx, each.caseId()).orElseThrow();
          if (!items.mayKnow(tx, who, each, matter)) {
            return Optional.empty();
          }
          Long alarm = each.alarmId();
          String other =
              alarm == null ? matter.staffName() : alarms.had(tx, who, alarm).orElse(null);
          boolean theirs = other == null || other.equals(who.name());
          return Optional.of(
              new Answered(
                  items.item(tx, each, matter), theirs ? Outcome.OVER : Outcome.HAD, other));
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
    } else if (one.why().isOfOthers()) {
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
    summons.note(tx, one, How.ACKNOWLEDGED, who.id(), null);
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
      summons.note(tx, item.errand(), How.CHAT, who.id(), null);
      return matter;
    }
    if (matter.version() != version) {
      throw new Refusal("case-changed", 409, matter.number().text());
    }
    if (matter.isOpen() && matter.staffId() == null) {
      matter = handling.claim(tx, who, matter.id(), version);
    }
    Case closed = checking.report(tx, who, matter.id(), matter.version(), words);
    summons.note(tx, item.errand(), How.CHAT, who.id(), null);
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
    summons.note(tx, item.errand(), How.CHAT, who.id(), null);
  }
}
