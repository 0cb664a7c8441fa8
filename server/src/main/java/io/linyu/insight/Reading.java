package io.linyu.insight;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseClock;
import io.linyu.casework.CaseClock.Kind;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.Outage;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.casework.Transition;
import io.linyu.community.Level;
import io.linyu.insight.Evaluation.Course;
import io.linyu.insight.Evaluation.End;
import io.linyu.insight.Evaluation.InTime;
import io.linyu.insight.Evaluation.Times;
import io.linyu.insight.Evaluation.Visit;
import io.linyu.insight.Evaluation.Where;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads how a case went from its events, one after the other. Events say what happened and when,
/// the case's clocks by when it was due; nothing else is asked.
///
/// What was taken back at once did not happen.
final class Reading {
  private final CaseId id;
  private final List<CaseClock> clocks;
  private final List<Outage> outages;
  private final WorkingCalendar calendar;

  private String channel = "";
  private @Nullable Instant said;
  private @Nullable String category;
  private long territory;
  private long desk;
  private @Nullable String body;
  private long leadDesk;
  private @Nullable String leadBody;

  /// For which the desk had it that returned it, while that is decided.
  private @Nullable String returnedBody;

  private @Nullable Level level;
  private End end = End.OPEN;
  private @Nullable Instant ended;
  private @Nullable Instant filed;
  private @Nullable Boolean decided;
  private @Nullable Instant contacted;
  private int dispatches;
  private final List<Boolean> signed = new ArrayList<>();
  private boolean signs;
  private int checks;
  private int checksInTime;
  private int overturned;
  private boolean passed;
  private int reworks;
  private int returns;
  private int transfers;
  private boolean returnedJustNow;
  private Handover last = Handover.NONE;
  private int extensions;
  private int suspensions;
  private @Nullable Instant waitsSince;
  private @Nullable Instant waitsUntil;
  private boolean endedSuspended;
  private final List<Instant> pauses = new ArrayList<>();
  private int urges;
  private boolean supervised;
  private final Supervision supervision = new Supervision();
  private int raised;
  private final List<Instant> results = new ArrayList<>();
  private boolean letGo;

  /// Who told of the same and waits for it.
  private final Set<Long> followers = new HashSet<>();

  private @Nullable Outcome outcome;
  private @Nullable Solved solved;
  private @Nullable Satisfaction satisfied;
  private @Nullable Boolean saysContacted;

  /// What handing it on has counted, so that taking it back counts it no more.
  private record Handover(int dispatches, int transfers, int returns) {
    private static final Handover NONE = new Handover(0, 0, 0);
  }

  /// @param clocks all there are of the case
  /// @param outages in their order; credited to desks
  Reading(CaseId id, List<CaseClock> clocks, List<Outage> outages, WorkingCalendar calendar) {
    this.id = id;
    this.clocks = clocks;
    this.outages = outages;
    this.calendar = calendar;
  }

  /// Where it lies, once it was read.
  long territory() {
    return territory;
  }

  boolean hasEnded() {
    return end != End.OPEN;
  }

  Reading read(List<Told<CaseEvent>> told) {
    told.forEach(each -> read(each.event(), each.at()));
    return this;
  }

  private void read(CaseEvent event, Instant at) {
    switch (event) {
      case CaseEvent.Drafted e -> {
        channel = e.channel();
        said = e.saidAt();
      }
      case CaseEvent.Opened e -> {
        category = e.category();
        territory = e.territoryId();
        desk = e.deskId();
      }
      case CaseEvent.HandedOff e -> {
        territory = e.territoryId();
        desk = e.deskId();
        end(End.HANDED_OFF, at);
      }
      case CaseEvent.Accepted e -> {
        category = e.category();
        level = e.level();
        filed = at;
        decided = inTime(Kind.ACCEPTANCE, at);
      }
      case CaseEvent.Dispatched e -> {
        desk = e.deskId();
        body = e.body();
        dispatched();
        returnedJustNow = false;
      }
      case CaseEvent.Claimed e -> {
        desk = e.deskId();
        if (e.transition() == Transition.T10) {
          signed(at);
        }
      }
      case CaseEvent.Released e -> released(e);
      case CaseEvent.Returned e -> {
        returns++;
        returnedJustNow = !e.waits();
        signs = false;
        if (e.toDesk() != null) {
          desk = e.toDesk();
          returnedBody = body;
          body = null;
        }
      }
      case CaseEvent.ReturnDecided e -> {
        // It is to be signed there again; where it goes elsewhere, that counts there.
        if (!e.agreed()) {
          desk = e.deskId();
          body = returnedBody;
          dispatched();
        }
      }
      case CaseEvent.LevelChanged e -> {
        level = e.to();
        raised = Math.max(0, raised + (e.transition() == Transition.T30 ? 1 : -1));
      }
      case CaseEvent.HandedOn e -> handedOn(e);
      case CaseEvent.Withdrawn _ -> end(End.WITHDRAWN, at);
      case CaseEvent.Urged _ -> urges++;
      case CaseEvent.Supervised e -> {
        supervised = true;
        supervision.begin(at, e.staffId());
      }
      case CaseEvent.SupervisionLifted _ -> supervision.lift(at);
      case CaseEvent.Noted e -> supervision.said(at, e.staffId());
      case CaseEvent.RuleApplied e -> appliedByRule(e, at);
      case CaseEvent.Rejected e -> {
        desk = e.deskId();
        decided = inTime(Kind.ACCEPTANCE, at);
        end(End.REJECTED, at);
      }
      case CaseEvent.RejectionTakenBack e -> {
        desk = e.deskId();
        decided = null;
        goOn(at);
      }
      case CaseEvent.Appealed e -> {
        desk = e.toDesk();
        goOn(at);
      }
      // Who told several matters at once was spoken to about all of them.
      case CaseEvent.SplitOff e -> {
        if (e.contacted() != null) {
          contacted(e.contacted());
        }
      }
      case CaseEvent.Extended _ -> extensions++;
      case CaseEvent.Suspended e -> {
        suspensions++;
        waitsSince = at;
        waitsUntil = e.until();
      }
      case CaseEvent.Resumed _ -> resumed(at);
      case CaseEvent.Answered e -> {
        contacted(at);
        supervision.said(at, e.staffId());
      }
      case CaseEvent.Corrected e -> {
        if (e.what().equals("category")) {
          category = e.is();
        } else {
          territory = Long.parseLong(e.is());
        }
      }
      case CaseEvent.Reported e -> {
        supervision.said(at, e.staffId());
        supervision.rest(at);
        results.add(at);
        passed = false;
        leadDesk = desk;
        leadBody = body;
      }
      case CaseEvent.ReportTakenBack e -> {
        results.removeLast();
        goneBackTo(e.deskId(), at);
      }
      case CaseEvent.Checked e -> checked(e, at);
      // Now the resident hears of it.
      case CaseEvent.CheckSkipped _ -> contacted(at);
      case CaseEvent.Rated e -> rated(e, at);
      case CaseEvent.Reopened e -> {
        reworks++;
        overturned += passed ? 1 : 0;
        forgetVisit();
        goneBackTo(e.toDesk(), at);
        goOn(at);
      }
      case CaseEvent.Closed e -> closed(e, at);
      case CaseEvent.LetGo _ -> letGo = true;
      case CaseEvent.FollowerChanged e -> {
        switch (e.how()) {
          case JOINED -> followers.add(e.followerId());
          case LEFT, WITHDRAWN -> followers.remove(e.followerId());
          case UNREACHED, AGAINST, SAID_MORE -> {}
        }
      }
      case CaseEvent.Joined _ -> end(End.MERGED, at);
      case CaseEvent.Merged _ -> end(End.MERGED, at);
      // What they said of it the first time is not what they are asked now.
      case CaseEvent.Asked e -> {
        if (end == End.MERGED && e.nth() == 1) {
          forgetVisit();
        }
      }
      case CaseEvent.Unmerged e -> {
        filed = filed == null ? at : filed;
        level = e.level() == null ? level : e.level();
        forgetVisit();
        goOn(at);
      }
      case CaseEvent.Left e -> {
        filed = filed == null ? at : filed;
        level = e.level() == null ? level : e.level();
        goOn(at);
      }
      case CaseEvent.Supplemented _,
          CaseEvent.TakenBack _,
          CaseEvent.Disputed _,
          CaseEvent.Viewed _,
          CaseEvent.DisputeEnded _,
          CaseEvent.Ruled _,
          CaseEvent.ConferenceCalled _,
          CaseEvent.ConferenceSet _,
          CaseEvent.ConferenceAnswered _,
          CaseEvent.ConferenceHeld _,
          CaseEvent.ConferenceEnded _,
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
          CaseEvent.AccusedNamed _,
          CaseEvent.StaffSuspected _,
          CaseEvent.StoodIn _,
          CaseEvent.NobodyThere _,
          CaseEvent.SuspicionJudged _,
          CaseEvent.SentToCheck _,
          CaseEvent.Unreached _,
          CaseEvent.Called _,
          CaseEvent.SentToReview _,
          CaseEvent.Summoned _,
          CaseEvent.Split _,
          CaseEvent.SplitTakenBack _,
          CaseEvent.Delayed _,
          CaseEvent.ClockMoved _ -> {}
    }
  }

  /// What else a rule does stands in events of its own.
  private void appliedByRule(CaseEvent.RuleApplied rule, Instant at) {
    if (!rule.dry()) {
      switch (rule.effect()) {
        case SUPERVISED -> {
          supervised = true;
          supervision.begin(at, null);
        }
        case URGED -> urges++;
        case RAISED, RESUMED, TAKEN_AWAY, ALARMED, GATHERED -> {}
      }
    }
  }

  private void end(End how, Instant at) {
    end = how;
    ended = at;
    supervision.rest(at);
    endedSuspended = waitsSince != null;
    if (waitsSince != null) {
      resumed(at);
    }
  }

  private void goOn(Instant at) {
    supervision.goOn(at);
    end = End.OPEN;
    ended = null;
    endedSuspended = false;
  }

  private void dispatched() {
    dispatches++;
    signs = false;
  }

  /// The desk that was to sign it has. Where what was handed on was taken back, the signature of
  /// before stands.
  private void signed(Instant at) {
    if (!signs) {
      signed.add(inTime(Kind.SIGNING, at));
      signs = true;
    }
  }

  private void released(CaseEvent.Released e) {
    if (e.transition() == null) {
      return;
    }
    if (signs) {
      signed.removeLast();
      signs = false;
    }
    if (e.transition() == Transition.T06b) {
      filed = null;
      decided = null;
      level = null;
      dispatches--;
    }
  }

  private void handedOn(CaseEvent.HandedOn e) {
    desk = e.toDesk();
    body = e.body();
    if (e.back()) {
      returns -= last.returns() + (returnedJustNow ? 1 : 0);
      transfers -= last.transfers();
      // What was accepted by being handed on waits for its own desk, as if it had been sent there.
      dispatches = Math.max(1, dispatches - last.dispatches());
      signs = last.transfers() > 0;
      last = Handover.NONE;
    } else if (e.transition() == null) {
      last = Handover.NONE;
    } else {
      // Somebody had begun; by which row it went says only whether it was raised as well.
      last = new Handover(1, signs ? 1 : 0, returnedJustNow ? 1 : 0);
      transfers += last.transfers();
      dispatched();
    }
    returnedJustNow = false;
  }

  private void resumed(Instant at) {
    Instant since = requireNonNull(waitsSince);
    Instant until = requireNonNull(waitsUntil);
    pauses.add(since);
    pauses.add(until.isBefore(at) ? until : at);
    waitsSince = null;
    waitsUntil = null;
  }

  private void contacted(Instant at) {
    contacted = contacted == null ? at : contacted;
  }

  private void checked(CaseEvent.Checked e, Instant at) {
    checks++;
    checksInTime += inTime(Kind.CHECK, at) ? 1 : 0;
    passed = e.passed();
    if (e.passed()) {
      contacted(at);
    } else {
      reworks++;
      goneBackTo(requireNonNull(e.toDesk()), at);
    }
  }

  /// To be done again there.
  private void goneBackTo(long toDesk, Instant at) {
    supervision.goOn(at);
    desk = toDesk;
    body = toDesk == leadDesk ? leadBody : null;
    leadDesk = 0;
    leadBody = null;
  }

  private void rated(CaseEvent.Rated e, Instant at) {
    if (end == End.MERGED && solved == null) {
      ended = at; // what somebody says counts when they say it
    }
    solved = e.solved() == null ? null : Solved.valueOf(e.solved().toUpperCase(Locale.ROOT));
    satisfied =
        e.satisfied() == null ? null : Satisfaction.valueOf(e.satisfied().toUpperCase(Locale.ROOT));
    saysContacted = e.contacted();
  }

  private void forgetVisit() {
    outcome = null;
    solved = null;
    satisfied = null;
    saysContacted = null;
  }

  private void closed(CaseEvent.Closed e, Instant at) {
    contacted(at);
    outcome = e.visit() == null ? null : Outcome.valueOf(e.visit().toUpperCase(Locale.ROOT));
    if (isForNobody()) {
      outcome = null;
    }
    end(End.CLOSED, at);
    if (e.unsolved() && Case.isTold(channel)) {
      solved = Solved.NO;
    }
  }

  /// Nobody told it, or whoever did has withdrawn it, and nobody else waits for it.
  private boolean isForNobody() {
    return (letGo || !Case.isTold(channel)) && followers.isEmpty();
  }

  private boolean inTime(Kind kind, Instant at) {
    Instant due = dueOfDesk(kind, at);
    return due == null || !at.isAfter(due);
  }

  /// By the clock of this kind that ran then; null: none did.
  private @Nullable Instant due(Kind kind, Instant at) {
    return clock(kind, at).map(CaseClock::dueAt).orElse(null);
  }

  /// By when the desk had to be done: it is given back what no server ran. What the resident was
  /// promised stays.
  private @Nullable Instant dueOfDesk(Kind kind, Instant at) {
    return clock(kind, at).map(this::credited).orElse(null);
  }

  private Optional<CaseClock> clock(Kind kind, Instant at) {
    return clocks.stream()
        .filter(each -> each.kind() == kind && !each.startedAt().isAfter(at))
        .max(Comparator.comparing(CaseClock::startedAt));
  }

  private Instant credited(CaseClock clock) {
    Instant due = clock.dueAt();
    WorkingCalendar working = calendar.ofRule(clock.rule());
    for (Outage each : outages) {
      Instant from = each.from().isAfter(clock.startedAt()) ? each.from() : clock.startedAt();
      if (from.isBefore(due) && from.isBefore(each.until()) && !stoodStill(clock, from)) {
        // What was left when it began is left when it is over.
        due =
            clock.unit().startsWith("work")
                ? working.after(each.until(), working.between(from, due))
                : each.until().plus(Duration.between(from, due));
      }
    }
    return due;
  }

  /// What waits then loses nothing.
  private static boolean stoodStill(CaseClock clock, Instant at) {
    List<Instant> pauses = clock.pauses();
    for (int i = 0; i < pauses.size(); i += 2) {
      boolean ended = i + 1 < pauses.size() && !at.isBefore(pauses.get(i + 1));
      if (!at.isBefore(pauses.get(i)) && !ended) {
        return true;
      }
    }
    return false;
  }

  /// @param version of the record that it becomes
  /// @param now up to when it was read
  /// @param place of [#territory]
  Evaluation evaluation(int version, Instant now, Place place, boolean repeat) {
    boolean led = leadDesk != 0;
    Supervision.Kept reports = supervision.kept(calendar, now);
    return new Evaluation(
        id,
        version,
        now,
        end,
        category,
        channel,
        repeat,
        new Where(
            territory,
            place.path(),
            place.street(),
            place.community(),
            led ? leadDesk : desk,
            led ? leadBody : body,
            level),
        times(now),
        inTime(now),
        new Course(
            dispatches,
            (int) signed.stream().filter(each -> each).count(),
            checks,
            checksInTime,
            overturned,
            reworks,
            returns,
            transfers,
            extensions,
            suspensions,
            endedSuspended || waitsSince != null,
            urges,
            supervised,
            raised > 0,
            reports.due(),
            reports.made()),
        new Visit(outcome, solved, satisfied, saysContacted, isForNobody()));
  }

  /// What a place belongs to.
  record Place(String path, @Nullable Long street, @Nullable Long community) {}

  private Times times(Instant now) {
    Instant from = requireNonNull(said);
    Instant result = standing();
    return new Times(
        from,
        filed,
        filed == null ? null : due(Kind.HANDLING, now),
        result,
        ended,
        result == null ? null : worked(from, result).toMinutes(),
        result == null ? null : Math.max(0, Duration.between(from, result).toMinutes()));
  }

  /// The result that stands; what was closed without one was done when it was closed.
  private @Nullable Instant standing() {
    if (end != End.CLOSED || endedSuspended) {
      return (end == End.OPEN && leadDesk != 0) ? results.getLast() : null;
    }
    return results.isEmpty() ? ended : results.getLast();
  }

  private Duration worked(Instant from, Instant to) {
    Duration sum = calendar.between(from, to);
    for (int i = 0; i < pauses.size(); i += 2) {
      Instant until = pauses.get(i + 1);
      sum = sum.minus(calendar.between(pauses.get(i), until.isBefore(to) ? until : to));
    }
    return sum.isNegative() ? Duration.ZERO : sum;
  }

  private InTime inTime(Instant now) {
    if (filed == null) {
      return new InTime(decided, null, null, null);
    }
    boolean counts = end == End.CLOSED || end == End.OPEN;
    boolean waits = endedSuspended || waitsSince != null;
    Instant closing = (end == End.CLOSED && !waits) ? standing() : null;
    Instant first = results.isEmpty() ? closing : results.getFirst();
    return new InTime(
        decided,
        Case.isTold(channel) ? done(Kind.FIRST_CONTACT, contacted, now) : null,
        (counts && !waits) ? done(Kind.HANDLING, first, now) : null,
        closing == null ? null : done(Kind.HANDLING, closing, now));
  }

  /// Null: it was not done, and there was still time when it ended.
  private @Nullable Boolean done(Kind kind, @Nullable Instant at, Instant now) {
    Instant due = dueOfDesk(kind, now);
    if (due == null) {
      return at == null ? null : Boolean.TRUE;
    }
    return at == null
        ? (now.isAfter(due) ? Boolean.FALSE : null)
        : Boolean.valueOf(!at.isAfter(due));
  }
}
