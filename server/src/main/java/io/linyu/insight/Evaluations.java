package io.linyu.insight;

import io.linyu.casework.CaseClock;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.casework.CatchUps;
import io.linyu.casework.Outage;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.insight.EvaluationStore.Newest;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// How the cases went that have ended: one [Evaluation] for each end, written when its event is
/// heard and never changed. What the resident says afterwards, and what is opened again, is another
/// version; the highest one counts.
///
/// Each is read from the events of its case up to the one that made it, in the transaction in which
/// the listener moves on, so that it is written once, whatever happens to the server. What goes on
/// has no record and is read when somebody asks.
public final class Evaluations {
  private static final int PAGE = 1_000;

  /// Of cases whose events have to be read.
  private static final int PAGE_READ = 200;

  private final Db db;
  private final Events events;
  private final Cases cases;
  private final CatchUps catchUps;
  private final Territories territories;
  private final Supplier<WorkingCalendar> calendar;
  private final EvaluationStore store = new EvaluationStore();

  Evaluations(
      Db db,
      Events events,
      Cases cases,
      CatchUps catchUps,
      Territories territories,
      Supplier<WorkingCalendar> calendar) {
    this.db = db;
    this.events = events;
    this.cases = cases;
    this.catchUps = catchUps;
    this.territories = territories;
    this.calendar = calendar;
  }

  void listen(Ticker ticker) {
    events.listen(ticker, "evaluations", CaseEvent.VOCABULARY, this::hear);
  }

  /// Of these ends those of which there is a record.
  ///
  /// @param ends the events by which cases ended
  public Set<Long> recorded(Sql sql, Collection<Long> ends) {
    return store.recorded(sql, ends);
  }

  /// Every version of one case, the first one first; none before it has ended.
  public List<Evaluation> of(CaseId id) {
    return store.of(db, id);
  }

  /// What ended there in this time and still counts as ended, a page after the other in the order
  /// of their ends.
  ///
  /// @param to the first moment that does not belong to it
  public void walk(Territory place, Instant from, Instant to, Consumer<List<Evaluation>> reader) {
    Instant after = Instant.EPOCH;
    long afterCase = 0;
    while (true) {
      List<Evaluation> page =
          store.ended(
              db,
              place.path(),
              place.level() == Level.STREET ? place.id() : null,
              place.level() == Level.COMMUNITY ? place.id() : null,
              from,
              to,
              after,
              afterCase,
              PAGE);
      if (!page.isEmpty()) {
        reader.accept(page);
      }
      if (page.size() < PAGE) {
        return;
      }
      Instant ended = page.getLast().times().ended();
      after = ended == null ? after : ended;
      afterCase = page.getLast().caseId().value();
    }
  }

  /// What goes on there and has a limit of handling that was over in this time, as it is now. What
  /// waits has no such limit.
  ///
  /// @param to the first moment that does not belong to it; what is over later than now is not late
  public void walkLate(
      Territory place, Instant from, Instant to, Instant now, Consumer<List<Evaluation>> reader) {
    CaseId after = new CaseId(0);
    Instant until = to.isBefore(now) ? to : now;
    while (true) {
      List<CaseId> ids = cases.late(db, place.path(), from, until, after, PAGE_READ);
      if (!ids.isEmpty()) {
        reader.accept(read(ids, now));
      }
      if (ids.size() < PAGE_READ) {
        return;
      }
      after = ids.getLast();
    }
  }

  private List<Evaluation> read(List<CaseId> ids, Instant now) {
    Map<Long, List<Told<CaseEvent>>> chains =
        events.of(db, CaseEvent.VOCABULARY, ids.stream().map(CaseId::value).toList());
    Map<CaseId, List<CaseClock>> clocks = cases.clocks(db, ids);
    List<Outage> outages = outages(db, clocks);
    Set<CaseId> repeats = cases.repeats(db, ids, Evaluation.AGAIN);
    WorkingCalendar working = calendar.get();
    return ids.stream()
        .map(id -> {
          var reading =
              new Reading(id, clocks.getOrDefault(id, List.of()), outages, working)
                  .read(chains.getOrDefault(id.value(), List.of()));
          return reading.evaluation(0, now, place(reading.territory()), repeats.contains(id));
        })
        .filter(each -> each.end() == Evaluation.End.OPEN) // or it has ended just now
        .toList();
  }

  /// For the listener, which is told what happened in order.
  void hear(Tx tx, List<Told<CaseEvent>> told) {
    List<Told<CaseEvent>> decisive =
        told.stream().filter(each -> isDecisive(each.event())).toList();
    if (decisive.isEmpty()) {
      return;
    }
    Set<CaseId> ids =
        decisive.stream().map(each -> new CaseId(each.subject())).collect(Collectors.toSet());
    Map<Long, List<Told<CaseEvent>>> chains =
        events.of(
            tx, CaseEvent.VOCABULARY, ids.stream().map(CaseId::value).collect(Collectors.toSet()));
    Map<CaseId, List<CaseClock>> clocks = cases.clocks(tx, ids);
    List<Outage> outages = outages(tx, clocks);
    Set<CaseId> repeats = cases.repeats(tx, ids, Evaluation.AGAIN);
    Map<CaseId, Newest> newest = new HashMap<>(store.newest(tx, ids));
    WorkingCalendar working = calendar.get();
    for (Told<CaseEvent> each : decisive) {
      var id = new CaseId(each.subject());
      Newest before = newest.getOrDefault(id, Newest.NONE);
      if (each.id() <= before.event()) {
        continue; // it was told before
      }
      var reading =
          new Reading(id, clocks.getOrDefault(id, List.of()), outages, working)
              .read(upTo(chains.getOrDefault(each.subject(), List.of()), each.id()));
      // What goes on has no record, unless there is one that says that it has ended.
      if (reading.hasEnded() || before.ended()) {
        int version = before.version() + 1;
        store.add(
            tx,
            each.id(),
            reading.evaluation(
                version, each.at(), place(reading.territory()), repeats.contains(id)));
        newest.put(id, new Newest(version, reading.hasEnded(), each.id()));
      }
    }
  }

  /// Whether a case ends by it, counts as ended no more, or is seen otherwise afterwards.
  private static boolean isDecisive(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Closed _,
          CaseEvent.Rejected _,
          CaseEvent.Withdrawn _,
          CaseEvent.Joined _,
          CaseEvent.Merged _,
          CaseEvent.Unmerged _,
          CaseEvent.HandedOff _,
          CaseEvent.RejectionTakenBack _,
          CaseEvent.Appealed _,
          CaseEvent.Left _,
          CaseEvent.Reopened _,
          CaseEvent.Rated _ ->
          true;
      case CaseEvent.Drafted _,
          CaseEvent.Opened _,
          CaseEvent.Accepted _,
          CaseEvent.Dispatched _,
          CaseEvent.Claimed _,
          CaseEvent.Released _,
          CaseEvent.Returned _,
          CaseEvent.ReturnDecided _,
          CaseEvent.Disputed _,
          CaseEvent.Viewed _,
          CaseEvent.DisputeEnded _,
          CaseEvent.Ruled _,
          CaseEvent.ConferenceCalled _,
          CaseEvent.ConferenceSet _,
          CaseEvent.ConferenceAnswered _,
          CaseEvent.ConferenceHeld _,
          CaseEvent.ConferenceEnded _,
          CaseEvent.LevelChanged _,
          CaseEvent.HandedOn _,
          CaseEvent.Supplemented _,
          CaseEvent.TakenBack _,
          CaseEvent.Urged _,
          CaseEvent.Supervised _,
          CaseEvent.SupervisionLifted _,
          CaseEvent.Archived _,
          CaseEvent.HeadAsked _,
          CaseEvent.HeadAnswered _,
          CaseEvent.HeadMistaken _,
          CaseEvent.HeadSilent _,
          CaseEvent.HeadReleased _,
          CaseEvent.ExampleProposed _,
          CaseEvent.ExampleAsked _,
          CaseEvent.ExampleAnswered _,
          CaseEvent.ExampleEnded _,
          CaseEvent.AppealGranted _,
          CaseEvent.TimeAsked _,
          CaseEvent.TimeRefused _,
          CaseEvent.TimeRequestEnded _,
          CaseEvent.PartAsked _,
          CaseEvent.PartMoved _,
          CaseEvent.FollowerChanged _,
          // What was taken back at once has never been.
          CaseEvent.Split _,
          CaseEvent.SplitOff _,
          CaseEvent.SplitTakenBack _,
          CaseEvent.LetGo _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _,
          CaseEvent.Resumed _,
          CaseEvent.Answered _,
          CaseEvent.Noted _,
          CaseEvent.Corrected _,
          CaseEvent.AccusedNamed _,
          CaseEvent.StaffSuspected _,
          CaseEvent.StoodIn _,
          CaseEvent.NobodyThere _,
          CaseEvent.SuspicionJudged _,
          CaseEvent.Reported _,
          CaseEvent.SentToCheck _,
          CaseEvent.ReportTakenBack _,
          CaseEvent.Checked _,
          CaseEvent.CheckSkipped _,
          CaseEvent.Asked _,
          CaseEvent.Unreached _,
          CaseEvent.Called _,
          CaseEvent.SentToReview _,
          CaseEvent.Delayed _,
          CaseEvent.ClockMoved _,
          CaseEvent.Summoned _,
          CaseEvent.RuleApplied _ ->
          false;
    };
  }

  /// Those that may have taken time from any of these.
  private List<Outage> outages(Sql sql, Map<CaseId, List<CaseClock>> clocks) {
    return clocks.values().stream()
        .flatMap(List::stream)
        .map(CaseClock::startedAt)
        .min(Comparator.naturalOrder())
        .map(first -> catchUps.outages(sql, first))
        .orElse(List.of());
  }

  private static List<Told<CaseEvent>> upTo(List<Told<CaseEvent>> chain, long event) {
    return chain.stream().filter(each -> each.id() <= event).toList();
  }

  private Reading.Place place(long territory) {
    Territory place = territories.byId(territory);
    return new Reading.Place(
        place.path(),
        territories.ancestorOf(place, Level.STREET).map(Territory::id).orElse(null),
        territories.communityOf(place).map(Territory::id).orElse(null));
  }
}
