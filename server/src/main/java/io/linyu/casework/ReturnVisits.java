package io.linyu.casework;

import io.linyu.casework.CaseEvent.FollowerChanged.Change;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Errands.Pace;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Rating;
import io.linyu.casework.ReturnVisitStore.Try;
import io.linyu.casework.ReturnVisitStore.Way;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Residents are asked whether it is solved, before it is closed. They are asked in the chat at
/// once, and twice more the day after; where no chat reaches them, the desk telephones. Only what a
/// platform accepted counts as a try, or what somebody telephoned: whoever was asked three times on
/// two days and says nothing has not answered, everybody else could not be reached.
///
/// While they are asked the case rests: nobody at its desk has anything to do. It waits for
/// somebody again when there is no way to ask, and when it is not good: then the desk looks whether
/// it is done again ([#reopen]), or somebody who leads says why nothing more can be done
/// ([#overrule]).
///
/// Of what several told who have the same ([Merging]) each is asked by themselves. It is closed
/// once nobody is left to be asked; whoever is not content holds that up until somebody has looked,
/// and then all are asked again, or none.
public final class ReturnVisits {
  /// So long what they said can be changed, and said late.
  static final Duration CHANGEABLE = Duration.ofDays(7);

  /// So long what was closed is opened again when they say so.
  static final Duration REOPENED_WITHIN = Duration.ofDays(15);

  /// So long they have for the second and third question.
  private static final Duration FOR_THE_REST = Duration.ofMinutes(30);

  private static final int TRIES = 3;
  private static final int DAYS = 2;
  private static final LocalTime MORNING = LocalTime.of(10, 0);
  private static final LocalTime NOON = LocalTime.of(12, 0);
  private static final LocalTime EVENING = LocalTime.of(18, 0);

  /// What is still under way after this does not reach them.
  private static final Duration ARRIVES_WITHIN = Duration.ofMinutes(15);

  /// Whoever was telephoned in vain is not telephoned again within this.
  private static final Duration APART = Duration.ofHours(1);

  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final int AT_ONCE = 50;

  /// What became of what was said.
  ///
  /// @param before whether they had said something before
  public record Rated(Case matter, ReturnVisit visit, boolean before) {}

  /// What somebody heard by telephone.
  ///
  /// @param reached false: nobody answered
  public record Call(boolean reached, Rating said) {}

  /// Carries the questions, and knows what became of them.
  public interface Carrier {
    Carried carried(Tx tx, long visit, int nth);
  }

  /// Has what seems to complain about staff handled by itself.
  interface Apart {
    /// @return whether it is, and so no part of the rating
    boolean set(
        Tx tx, Case matter, String words, List<Long> messages, @Nullable Long consent, long visit);
  }

  public enum Carried {
    UNDER_WAY,
    /// The platform has it at this moment, and has not said yet whether it accepts it.
    HANDED_OVER,
    /// The platform accepted it.
    DELIVERED,
    LOST
  }

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final CaseStore caseStore = new CaseStore();
  private final ReturnVisitStore store = new ReturnVisitStore();
  private Ticker.@Nullable Bell bell;
  private Carrier carrier = (_, _, _) -> Carried.UNDER_WAY;
  private Apart apart = (_, _, _, _, _, _) -> false;

  ReturnVisits(Db db, CaseFiles files, Cases cases) {
    this.db = db;
    this.files = files;
    this.cases = cases;
  }

  public void start(Ticker ticker, Pace pace, Carrier carries) {
    carriedBy(carries);
    bell = ticker.every(PAUSE, "visits", () -> goOnDue(pace));
  }

  void carriedBy(Carrier carries) {
    carrier = carries;
  }

  void setsApart(Apart how) {
    apart = how;
  }

  /// From now on the resident is asked; this desk sees to it where nothing else does. What nobody
  /// told ends here.
  ///
  /// @param told those who are asked, each with what they had told
  /// @param answer what they are told was done
  void begin(
      CaseFile file,
      Case matter,
      List<Case> told,
      long desk,
      long answer,
      @Nullable Long passedBy) {
    if (told.isEmpty() && !matter.isTold()) {
      close(file, null, answer, null);
      return;
    }
    file.startVisit(desk);
    if (told.isEmpty()) { // which finds nobody, and ends
      store.begin(file.tx(), matter.id(), answer, passedBy, file.at());
    }
    told.forEach(each -> store.begin(file.tx(), each.id(), answer, passedBy, file.at()));
    file.tx().afterCommit(this::ring);
  }

  private void ring() {
    Ticker.Bell loud = bell;
    if (loud != null) {
      loud.ring();
    }
  }

  /// Of these cases those of which can be said now how they are, the newest first.
  public List<CaseId> open(Sql sql, List<CaseId> ids) {
    return store.open(sql, ids, files.now().minus(CHANGEABLE));
  }

  /// Whether a question has reached them: also one that is being handed over, as who answers has
  /// read it.
  public boolean wasAsked(Tx tx, ReturnVisit visit) {
    settle(tx, visit.id());
    return store.tries(tx, visit.id()).stream()
        .anyMatch(each ->
            each.counts()
                || (each.isUnderWay()
                    && carrier.carried(tx, visit.id(), each.nth()) == Carried.HANDED_OVER));
  }

  /// The last of each of these.
  public List<ReturnVisit> lasts(Sql sql, List<CaseId> ids) {
    return store.lasts(sql, ids);
  }

  /// A case whose teller is asked, and the one that is handled for them: the same, or what it
  /// follows.
  private record Pair(CaseFile own, CaseFile handled, Case matter, Case master) {
    static Pair of(CaseFile file, Case matter) {
      return new Pair(file, file, matter, matter);
    }

    boolean isOne() {
      return own == handled;
    }

    void save(boolean seen) {
      if (!isOne() && own.isTouched()) {
        own.keep(false);
      }
      if (handled.isTouched()) {
        handled.keep(seen);
      }
    }
  }

  private Pair pair(Tx tx, CaseId id) {
    CaseId with = files.lockGroup(tx, id);
    Case matter = cases.named(tx, id).orElseThrow(Refusal::notFound);
    CaseFile own = files.open(tx, matter);
    if (with == null) {
      return Pair.of(own, matter);
    }
    Case master = cases.named(tx, with).orElseThrow();
    return new Pair(own, files.open(tx, master), matter, master);
  }

  /// The one that goes on, or the last there was.
  public Optional<ReturnVisit> last(Sql sql, CaseId id) {
    return store.last(sql, id);
  }

  // Asking.

  /// Due work: asks again, or comes to an end. True when there may be more.
  boolean goOnDue(Pace pace) {
    Instant now = files.now();
    if (pace.quiet().next(now, pace.zone()).isAfter(now)) {
      return false;
    }
    List<CaseId> due = store.due(db, now, AT_ONCE);
    due.forEach(id -> db.withinTransaction(tx -> goOn(tx, id, now, pace.zone())));
    return !due.isEmpty();
  }

  private void goOn(Tx tx, CaseId id, Instant now, ZoneId zone) {
    Pair pair = pair(tx, id);
    if (!store.take(tx, id, now)) {
      return; // it ended meanwhile, or another node went on
    }
    ReturnVisit open = store.last(tx, id).orElseThrow();
    settle(tx, open.id());
    ReturnVisit visit = store.last(tx, id).orElseThrow();
    List<Try> asked =
        store.tries(tx, visit.id()).stream().filter(each -> each.way() == Way.CHAT).toList();
    if (pair.matter().letGoAt() != null) {
      end(pair, visit, Outcome.UNREACHABLE, null); // nobody wants to hear of it
    } else if (visit.ratedAt() != null) {
      conclude(pair, visit);
    } else if (asked.stream().anyMatch(each -> !each.counts())) {
      telephone(pair, visit);
    } else if (asked.size() < TRIES) {
      Instant next = asked.isEmpty() ? now : next(asked.getLast().at(), zone);
      if (now.isBefore(next)) {
        store.dueAt(tx, visit.id(), next);
      } else {
        int nth = store.addTry(tx, visit.id(), Way.CHAT, null, now, files.day(now));
        store.dueAt(tx, visit.id(), now.plus(ARRIVES_WITHIN));
        CaseFile file = pair.own();
        file.tell(new CaseEvent.Asked(null, file.rule(), visit.id(), nth, visit.answerId()));
      }
    } else {
      endDue(pair, visit);
    }
    pair.save(true);
  }

  /// What has become of the questions that were under way.
  private void settle(Tx tx, long visit) {
    for (Try each : store.tries(tx, visit)) {
      if (each.isUnderWay()) {
        switch (carrier.carried(tx, visit, each.nth())) {
          case DELIVERED -> store.settle(tx, visit, each.nth(), true);
          case LOST -> store.settle(tx, visit, each.nth(), false);
          case UNDER_WAY, HANDED_OVER -> {}
        }
      }
    }
  }

  /// No chat reaches them: until the end the desk may telephone.
  private void telephone(Pair pair, ReturnVisit visit) {
    boolean said =
        !pair.isOne()
            && pair.own().told().reversed().stream()
                .map(Told::event)
                .anyMatch(
                    each -> each instanceof CaseEvent.Unreached was && was.visitId() == visit.id());
    if (pair.isOne() ? pair.master().rests() : !said) {
      pair.own().tell(new CaseEvent.Unreached(null, pair.own().rule(), visit.id()));
      rouse(pair, Change.UNREACHED);
    }
    endDue(pair, visit);
  }

  /// Somebody at the desk has to do something.
  private static void rouse(Pair pair, Change how) {
    CaseFile file = pair.handled();
    if (!pair.isOne()) {
      file.tell(
          new CaseEvent.FollowerChanged(null, file.rule(), pair.matter().id().value(), null, how));
    }
    file.give(pair.master().deskId(), null, pair.master().staffId(), null);
    file.wake();
  }

  private void endDue(Pair pair, ReturnVisit visit) {
    Instant last = pair.handled().dueAt(CaseClock.Kind.RETURN_VISIT).orElse(pair.own().at());
    if (pair.own().at().isBefore(last)) {
      store.dueAt(pair.own().tx(), visit.id(), last);
      return;
    }
    boolean asked = visit.counted() >= TRIES && visit.days() >= DAYS;
    end(pair, visit, asked ? Outcome.NO_ANSWER : Outcome.UNREACHABLE, null);
  }

  /// Twice the day after: in the morning and in the evening. Whoever is asked in the morning is
  /// asked again in the evening.
  private static Instant next(Instant asked, ZoneId zone) {
    LocalDate day = LocalDate.ofInstant(asked, zone);
    boolean morning = LocalTime.ofInstant(asked, zone).isBefore(NOON);
    return day.plusDays(morning ? 0 : 1)
        .atTime(morning ? EVENING : MORNING)
        .atZone(zone)
        .toInstant();
  }

  // What residents say.

  /// By whoever told it, or somebody for them.
  ///
  /// @param person whose case it is
  /// @param consent by which another says it; null: they do so themselves
  /// @param messages in which they say it
  public Rated rate(
      Tx tx, CaseId id, long person, @Nullable Long consent, Rating said, List<Long> messages) {
    Pair pair = pair(tx, id);
    if (!Objects.equals(pair.matter().personId(), person)) {
      throw Refusal.notFound();
    }
    return rate(tx, pair, consent, said, messages);
  }

  /// By whoever has this page.
  Rated rate(Cases.Link link, Rating said) {
    return db.inTransaction(
        tx -> rate(tx, pair(tx, link.matter().id()), link.consent(), said, List.of()));
  }

  private Rated rate(Tx tx, Pair pair, @Nullable Long consent, Rating given, List<Long> messages) {
    Case matter = cases.asTold(tx, pair.matter());
    ReturnVisit before = store.last(tx, matter.id()).orElse(null);
    Instant now = files.now();
    if (before == null || matter.isWorkedOn() || !isOpenTo(before, now)) {
      throw against(matter, before);
    }
    String words = given.words();
    Rating said =
        words != null && apart.set(tx, pair.matter(), words, messages, consent, before.id())
            ? given.withoutWords()
            : given;
    ReturnVisit visit = take(pair.own(), before, null, consent, said);
    boolean whole = before.isOpen() && visit.isWhole();
    // While others are still asked it is not too late to hold it up.
    boolean turns =
        !before.isOpen() && pair.master().state() == CaseState.RETURN_VISIT && visit.isAgainst();
    if (turns) {
      store.goOnAgain(tx, visit.id());
    }
    boolean moves = whole || turns;
    if (moves) {
      store.dueAt(tx, visit.id(), null);
      conclude(pair, visit);
    } else if (before.isOpen()) {
      store.dueAt(tx, visit.id(), now.plus(FOR_THE_REST));
    }
    pair.save(moves);
    Case then = cases.asTold(tx, cases.named(tx, matter.id()).orElseThrow());
    return new Rated(then, visit, before.ratedAt() != null);
  }

  /// Whether it can be said now how it is.
  static boolean isOpenTo(ReturnVisit visit, Instant now) {
    Instant ended = visit.endedAt();
    if (ended == null) {
      return true;
    }
    Instant rated = visit.ratedAt();
    return visit.outcome() != Outcome.REOPENED
        && now.isBefore((rated == null ? ended : rated).plus(CHANGEABLE));
  }

  private static Refusal against(Case matter, @Nullable ReturnVisit before) {
    String number = matter.number().text();
    if (before == null || matter.isWorkedOn() || before.outcome() == Outcome.REOPENED) {
      return new Refusal("visit-early", 409, number, matter.deskName());
    }
    return new Refusal("visit-over", 409, number, CHANGEABLE.toDays());
  }

  private ReturnVisit take(
      CaseFile file,
      ReturnVisit before,
      @Nullable Long staff,
      @Nullable Long consent,
      Rating said) {
    Rating now = said.over(before.rating());
    ReturnVisit visit = store.rate(file.tx(), before.id(), now, staff, file.at());
    file.tell(
        new CaseEvent.Rated(
            null,
            file.rule(),
            visit.id(),
            staff,
            consent,
            now.solved() == null ? null : now.solved().word(),
            now.satisfied() == null ? null : now.satisfied().word(),
            now.contacted()));
    return visit;
  }

  /// Closed when it is good; else somebody looks what is to be done.
  private void conclude(Pair pair, ReturnVisit visit) {
    if (visit.isAgainst()) {
      pair.own().tell(new CaseEvent.SentToReview(null, pair.own().rule(), visit.id()));
      rouse(pair, Change.AGAINST);
    } else {
      end(pair, visit, Outcome.ANSWERED, null);
    }
  }

  private void end(Pair pair, ReturnVisit visit, Outcome outcome, @Nullable Long staff) {
    store.end(pair.own().tx(), visit.id(), outcome, pair.own().at());
    closeOnceAllAreAsked(pair.handled(), pair.master(), visit.answerId(), outcome, staff);
  }

  /// @param outcome of the one that was asked last, where whoever told it is not asked themselves
  private void closeOnceAllAreAsked(
      CaseFile file, Case master, long answer, Outcome outcome, @Nullable Long staff) {
    if (!store.openOfGroup(file.tx(), master.id()).isEmpty()) {
      return;
    }
    Outcome own =
        store
            .last(file.tx(), master.id())
            .filter(_ -> master.letGoAt() == null)
            .map(ReturnVisit::outcome)
            .orElse(outcome);
    close(file, staff, answer, own);
  }

  /// @param outcome null: there was nobody to be asked
  private static void close(
      CaseFile file, @Nullable Long staff, long answer, @Nullable Outcome outcome) {
    Transition step = file.go(Transition.T22, Set.of(Actor.SYSTEM));
    String visit = outcome == null ? null : outcome.word();
    file.tell(new CaseEvent.Closed(step, file.rule(), staff, answer, null, visit));
    file.shut();
  }

  /// What followed it is handled by itself again: its teller is not asked of this any more.
  ///
  /// @param master under the locks of both
  void leave(Tx tx, CaseId follower, Case master) {
    ReturnVisit visit = store.last(tx, follower).filter(ReturnVisit::isOpen).orElse(null);
    if (visit == null) {
      return;
    }
    CaseFile file = files.open(tx, master);
    store.end(tx, visit.id(), Outcome.REOPENED, file.at());
    closeOnceAllAreAsked(file, master, visit.answerId(), Outcome.UNREACHABLE, null);
    if (file.isTouched()) {
      file.keep(true);
    }
  }

  // What staff do.

  /// Somebody telephoned.
  public Case call(Staff staff, CaseId id, int version, Call call) {
    return call(staff, id, version, null, call);
  }

  /// The same, also somebody whose matter is handled with it.
  ///
  /// @param follower code of the page of that one; null: whoever told it
  public Case call(Staff staff, CaseId id, int version, @Nullable String follower, Call call) {
    return db.inTransaction(tx -> {
      CaseId whose = follower == null ? id : ofFollower(tx, id, follower);
      files.lock(tx, List.of(id, whose));
      return files.withFile(
          tx,
          staff,
          id,
          version,
          null,
          (permits, file) -> {
            permits.require(Step.CALL);
            Case master = permits.matter();
            Case matter = cases.named(tx, whose).orElseThrow();
            if (!whose.equals(id) && !id.equals(matter.masterId())) {
              throw new Refusal("case-changed", 409, master.number().text());
            }
            var pair =
                whose.equals(id)
                    ? Pair.of(file, master)
                    : new Pair(files.open(tx, matter), file, matter, master);
            call(pair, staff, call);
            if (!pair.isOne()) {
              pair.own().keep(false);
            }
          });
    });
  }

  private CaseId ofFollower(Tx tx, CaseId master, String code) {
    return caseStore.following(tx, master, files.now()).stream()
        .filter(each -> each.code().equals(code))
        .map(Case::id)
        .findFirst()
        .orElseThrow(() -> new Refusal("form-outdated", 422));
  }

  private void call(Pair pair, Staff staff, Call call) {
    CaseFile file = pair.own();
    ReturnVisit visit = going(file.tx(), pair.matter().id());
    Instant last = store.lastCall(file.tx(), visit.id()).orElse(null);
    if (!call.reached() && last != null && file.at().isBefore(last.plus(APART))) {
      throw new Refusal(
          "visit-called-lately", 409, Math.max(1, Duration.between(last, file.at()).toMinutes()));
    }
    if (call.reached() && call.said().solved() == null) {
      throw new Refusal("visit-solved-missing", 422);
    }
    int nth =
        store.addTry(file.tx(), visit.id(), Way.TELEPHONE, staff.id(), file.at(), file.today());
    file.tell(new CaseEvent.Called(null, file.rule(), visit.id(), nth, staff.id(), call.reached()));
    if (call.reached()) {
      store.dueAt(file.tx(), visit.id(), null);
      conclude(pair, take(file, visit, staff.id(), null, call.said()));
    }
  }

  /// It is not solved, or not any more: whoever had done it does it again, and another checks it
  /// then.
  ///
  /// @param reason that those read who do it again
  Case reopen(Staff staff, CaseId id, int version, String reason, Checking checking) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.REOPEN);
          boolean closed = file.state().isClosed();
          ReturnVisit visit = store.last(file.tx(), id).orElse(null);
          Transition step = file.go(closed ? Transition.T26 : Transition.T23, permits.actors());
          for (ReturnVisit each : store.openOfGroup(file.tx(), id)) {
            store.end(file.tx(), each.id(), Outcome.REOPENED, file.at());
          }
          long note = file.note(staff.id(), why, List.of());
          long desk =
              checking.backToLead(
                  file, permits.matter(), why, visit == null ? null : visit.passedBy());
          file.tell(
              new CaseEvent.Reopened(
                  step, file.rule(), staff.id(), null, note, file.digest(why), desk, null));
        });
  }

  /// Whoever told it says that it is not solved after all. Refused when too much time has passed,
  /// or somebody who leads has said why nothing more can be done.
  ///
  /// @param person whose case it is
  /// @param consent by which another says so; null: they do so themselves
  public Case again(Tx tx, CaseId id, long person, @Nullable Long consent, Checking checking) {
    Pair pair = pair(tx, id);
    if (!Objects.equals(pair.matter().personId(), person)) {
      throw Refusal.notFound();
    }
    CaseFile file = pair.handled();
    Case matter = cases.asTold(tx, pair.matter());
    if (!reopens(tx, matter, file.at())) {
      throw new Refusal("case-not-reopened", 409, matter.number().text());
    }
    ReturnVisit visit = store.last(tx, id).orElse(null);
    Transition step = file.go(Transition.T26, Set.of(Actor.RESIDENT));
    long desk =
        checking.backToLead(file, pair.master(), null, visit == null ? null : visit.passedBy());
    Long follower = pair.isOne() ? null : Long.valueOf(id.value());
    file.tell(new CaseEvent.Reopened(step, file.rule(), null, consent, null, null, desk, follower));
    file.keep(true);
    return cases.asTold(tx, cases.named(tx, id).orElseThrow());
  }

  /// Whether whoever told it may say that it is not solved after all.
  public boolean reopens(Sql sql, Case matter, Instant now) {
    Instant closed = matter.closedAt();
    return matter.state().isClosed()
        && closed != null
        && now.isBefore(closed.plus(REOPENED_WITHIN))
        && store
            .last(sql, matter.id())
            .map(each -> each.outcome() != Outcome.OVERRULED)
            .orElse(true)
        && cases.unsolved(sql, Stream.of(matter.id())).isEmpty();
  }

  /// Nothing more can be done; the text tells the resident why.
  public Case overrule(Staff staff, CaseId id, int version, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.OVERRULE);
          List<ReturnVisit> open = store.openOfGroup(file.tx(), id);
          if (open.stream().noneMatch(ReturnVisit::isAgainst)) {
            throw new Refusal("visit-not-against", 409);
          }
          // Whoever has not been heard yet may know better.
          if (!open.stream().allMatch(ReturnVisit::isAgainst)) {
            throw new Refusal(
                "visit-others", 409, open.stream().filter(each -> !each.isAgainst()).count());
          }
          Transition step = file.go(Transition.T24, permits.actors());
          open.forEach(each -> store.end(file.tx(), each.id(), Outcome.OVERRULED, file.at()));
          long answer = file.answer(staff.id(), why);
          file.tell(
              new CaseEvent.Closed(
                  step, file.rule(), staff.id(), answer, null, Outcome.OVERRULED.word()));
          file.shut();
        });
  }

  private ReturnVisit going(Tx tx, CaseId id) {
    return store
        .last(tx, id)
        .filter(ReturnVisit::isOpen)
        .orElseThrow(() -> new Refusal("form-outdated", 422));
  }
}
