package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.bot.BotState;
import io.linyu.casework.AlarmEvent;
import io.linyu.casework.Answer;
import io.linyu.casework.Appealing;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases;
import io.linyu.casework.Enclosure;
import io.linyu.casework.Enclosures;
import io.linyu.casework.Merging;
import io.linyu.casework.Rejecting;
import io.linyu.casework.ReturnVisit;
import io.linyu.casework.ReturnVisits;
import io.linyu.casework.Splitting;
import io.linyu.channel.Notice;
import io.linyu.community.Address;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.community.StaffMembers;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.TimeWords;
import io.linyu.reception.Chats.Worth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What residents are told of what happens to their matters: who has it, what is answered, how it
/// ends. Everything else is on the case's page.
final class Tellings {
  /// Longer than the way back is offered on the page.
  private static final Duration MAY_BE_UNDONE = Duration.ofSeconds(10);

  /// Who spoke within this time is still there.
  private static final Duration TALKING = Duration.ofMinutes(30);

  private final Cases cases;
  private final Appealing appealing;
  private final ReturnVisits visits;
  private final People people;
  private final StaffMembers staff;
  private final Enclosures enclosures;
  private final Outbox outbox;
  private final Reach reach;
  private final Acting acting;
  private final String publicUrl;
  private final ZoneId zone;
  private final Clock clock;
  private final TurnStore conversations = new TurnStore();

  Tellings(
      Cases cases,
      Appealing appealing,
      ReturnVisits visits,
      People people,
      StaffMembers staff,
      Enclosures enclosures,
      Outbox outbox,
      Reach reach,
      Acting acting,
      String publicUrl,
      ZoneId zone,
      Clock clock) {
    this.cases = cases;
    this.appealing = appealing;
    this.visits = visits;
    this.people = people;
    this.staff = staff;
    this.enclosures = enclosures;
    this.outbox = outbox;
    this.reach = reach;
    this.acting = acting;
    this.publicUrl = publicUrl;
    this.zone = zone;
    this.clock = clock;
  }

  void start(Events events, Ticker ticker) {
    events.listenSingly(
        ticker,
        "tell-residents",
        CaseEvent.VOCABULARY,
        Tellings::concerns,
        (tx, told) -> told.forEach(each -> hear(tx, each)));
    events.listenSingly(
        ticker,
        "tell-alarms",
        AlarmEvent.VOCABULARY,
        AlarmEvent.Acknowledged.class::isInstance,
        (tx, told) -> told.forEach(each -> hearAlarm(tx, each)));
  }

  private static boolean concerns(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Claimed claimed -> claimed.from() == null;
      case CaseEvent.Answered _,
          CaseEvent.Released _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _,
          CaseEvent.Resumed _,
          CaseEvent.Closed _,
          CaseEvent.Withdrawn _,
          CaseEvent.LetGo _,
          CaseEvent.Merged _,
          CaseEvent.Unmerged _,
          CaseEvent.Split _,
          CaseEvent.SplitTakenBack _,
          CaseEvent.Asked _,
          CaseEvent.ExampleAsked _,
          CaseEvent.Reopened _,
          CaseEvent.Rejected _,
          CaseEvent.RejectionTakenBack _ ->
          true;
      // Whoever has taken it says so.
      case CaseEvent.AppealGranted granted -> !granted.taken();
      case CaseEvent.Left left -> left.unsaid();
      case CaseEvent.Delayed delayed -> delayed.said();
      case CaseEvent.ConferenceHeld held -> held.answerId() != null;
      case CaseEvent.StaffSuspected suspected -> suspected.addedTo() != null;
      case CaseEvent.Supplemented more -> more.lookedBy() != null;
      // What waits to be said of a delay is not true any more.
      case CaseEvent.ClockMoved moved -> moved.excused();
      case CaseEvent.Drafted _,
          CaseEvent.Opened _,
          CaseEvent.HandedOff _,
          CaseEvent.Accepted _,
          CaseEvent.Dispatched _,
          CaseEvent.Returned _,
          CaseEvent.ReturnDecided _,
          CaseEvent.Disputed _,
          CaseEvent.Viewed _,
          CaseEvent.DisputeEnded _,
          CaseEvent.Ruled _,
          CaseEvent.ConferenceCalled _,
          CaseEvent.ConferenceSet _,
          CaseEvent.ConferenceAnswered _,
          CaseEvent.ConferenceEnded _,
          CaseEvent.LevelChanged _,
          CaseEvent.HandedOn _,
          CaseEvent.TakenBack _,
          CaseEvent.Noted _,
          CaseEvent.Corrected _,
          CaseEvent.AccusedNamed _,
          CaseEvent.StoodIn _,
          CaseEvent.NobodyThere _,
          CaseEvent.SuspicionJudged _,
          CaseEvent.Reported _,
          CaseEvent.SentToCheck _,
          CaseEvent.ReportTakenBack _,
          CaseEvent.Checked _,
          CaseEvent.CheckSkipped _,
          CaseEvent.Unreached _,
          CaseEvent.Called _,
          CaseEvent.Rated _,
          CaseEvent.SentToReview _,
          CaseEvent.Joined _,
          // What it was split from is told of.
          CaseEvent.SplitOff _,
          CaseEvent.FollowerChanged _,
          CaseEvent.Urged _,
          CaseEvent.Supervised _,
          CaseEvent.SupervisionLifted _,
          CaseEvent.Archived _,
          CaseEvent.ExampleProposed _,
          CaseEvent.ExampleAnswered _,
          CaseEvent.ExampleEnded _,
          CaseEvent.HeadAsked _,
          CaseEvent.HeadAnswered _,
          CaseEvent.HeadMistaken _,
          CaseEvent.HeadSilent _,
          CaseEvent.HeadReleased _,
          CaseEvent.RuleApplied _,
          // Whoever asked heard so at once.
          CaseEvent.Appealed _,
          CaseEvent.TimeAsked _,
          CaseEvent.TimeRefused _,
          CaseEvent.TimeRequestEnded _,
          CaseEvent.PartAsked _,
          CaseEvent.PartMoved _,
          CaseEvent.Summoned _ ->
          false;
    };
  }

  /// All who told of it hear of it, each by themselves and of their own number: whoever told this
  /// one, and whoever told of the same and is handled with it.
  private void hear(Tx tx, Told<CaseEvent> told) {
    Case named = named(tx, CaseId.of(told.subject()));
    if (told.event() instanceof CaseEvent.LetGo letGo) {
      leftAlone(tx, named); // it is told to nobody any more
      acting.withdrawn(tx, named, letGo.consentId());
      return;
    }
    cases.heardOf(tx, named, told.at()).forEach(matter -> hear(tx, told, matter));
  }

  private void leftAlone(Tx tx, Case matter) {
    Long address = reach.addressOf(tx, matter, Worth.WORDS);
    if (address != null) {
      outbox.unsayClaimed(tx, address, matter.id().value());
      outbox.unsayMerged(tx, address, matter.id().value());
      outbox.unsaySplit(tx, address, matter.id().value());
    }
    talkWithBot(tx, matter);
  }

  /// Of the others in it, and by whom each is handled. Once, whatever it has become.
  private void tellSplit(
      Tx tx, Told<CaseEvent> told, Case matter, long address, CaseEvent.Split split) {
    List<Case> parts =
        cases.named(tx, split.parts().stream().map(CaseId::new).toList()).stream()
            .filter(each -> each.personId() != null) // else it was taken back
            .sorted(Comparator.comparingLong(each -> each.id().value()))
            .toList();
    if (parts.isEmpty()) {
      return;
    }
    Words words = Words.in(people.ofAddress(tx, address).language());
    var each = new StringBuilder(one(tx, matter, address, 1, words));
    for (Case part : parts) {
      int nth = 2 + parts.indexOf(part);
      each.append('\n').append(one(tx, part, address, nth, words));
    }
    String said = words.of("resident.split", parts.size() + 1, each);
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            matter.state().plainly(words.language()),
            words.of("notify.split", parts.size() + 1),
            told.at(),
            link(tx, matter, address),
            words.language(),
            false);
    outbox.saySplit(
        tx,
        address,
        Long.toString(told.id()),
        split.staffId(),
        matter.id().value(),
        quietly(tx, matter, address, said),
        quietly(tx, matter, notice),
        told.at().plus(Splitting.TOLD_AFTER));
  }

  /// What is kept quiet has its number alone.
  private String one(Tx tx, Case matter, long address, int nth, Words words) {
    return cases.isQuiet(tx, matter)
        ? words.of("resident.split.quiet", nth, matter.number(), matter.deskName())
        : words.of(
            "resident.split.one",
            nth,
            titled(tx, matter, address),
            matter.number(),
            matter.deskName());
  }

  /// What is said once of each event to each of whom it concerns.
  private static String key(Told<CaseEvent> told, Case matter) {
    boolean own = told.subject() == matter.id().value();
    return "case:" + told.id() + (own ? "" : ":with-" + matter.id().value());
  }

  private void hear(Tx tx, Told<CaseEvent> told, Case matter) {
    CaseId id = matter.id();
    boolean saysNothingOfIt =
        told.event() instanceof CaseEvent.Claimed
            || told.event() instanceof CaseEvent.Supplemented
            || told.event() instanceof CaseEvent.Split
            || told.event() instanceof CaseEvent.SplitTakenBack;
    if (!saysNothingOfIt) {
      outbox.unsayLate(tx, id.value());
    }
    switch (told.event()) {
      case CaseEvent.Answered answered -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        if (address != null) {
          outbox.sayClaimedNow(tx, id.value());
          tell(
              tx,
              told,
              key(told, matter),
              matter,
              address,
              answered.staffId(),
              "resident.answer",
              answered.answerId());
          talkWithPerson(tx, address, matter);
        }
        answerOwner(tx, told, matter, address, answered);
      }
      case CaseEvent.Claimed claimed -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        // Who only checks it has not taken it on.
        if (address != null && matter.lead() == null) {
          tellClaimed(tx, told, matter, address, claimed);
        }
      }
      case CaseEvent.Released _ -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        if (address != null) {
          outbox.unsayClaimed(tx, address, id.value());
        }
      }
      case CaseEvent.Asked asked -> {
        // Whoever was faster on the page need not be asked any more.
        if (matter.isOpen()) {
          ask(tx, told, matter, asked);
        }
      }
      case CaseEvent.ExampleAsked _ -> {
        // Nobody else who told of the same is asked, nor whoever told it for another.
        if (told.subject() == id.value()) {
          tellExample(tx, told, matter);
        }
      }
      case CaseEvent.Reopened reopened -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        Long wanted = reopened.followerId();
        long by = wanted == null ? told.subject() : wanted;
        // Whoever wanted it has heard so at once.
        if (address != null && (reopened.staffId() != null || by != id.value())) {
          tellReopened(tx, told, matter, address);
        }
      }
      case CaseEvent.Closed closed -> {
        // How a return visit ended they know who were asked.
        if (closed.visit() == null) {
          tellClosed(tx, told, matter, closed);
        } else if (closed.visit().equals(ReturnVisit.Outcome.OVERRULED.word())
            && isOverruled(tx, matter)) {
          tellOverruled(tx, told, matter, closed);
        }
        talkWithBot(tx, matter);
      }
      case CaseEvent.Rejected rejected -> {
        // What was taken back at once is not said.
        if (matter.state() == CaseState.REJECTED) {
          tellRejected(tx, told, matter, rejected);
        }
      }
      case CaseEvent.RejectionTakenBack back -> {
        if (outbox.unsayRejected(tx, id.value(), Long.toString(back.answerId()))) {
          Long address = reach.addressOf(tx, matter, Worth.WORDS);
          if (address != null) {
            say(tx, told, matter, address, back.staffId(), "resident.rejection-taken-back");
          }
        }
      }
      case CaseEvent.AppealGranted granted -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        if (address != null) {
          say(tx, told, matter, address, granted.staffId(), "resident.appeal-granted");
        }
      }
      case CaseEvent.Withdrawn withdrawn -> {
        leftAlone(tx, matter);
        if (matter.letGoAt() == null) { // or they have said so before
          acting.withdrawn(tx, matter, withdrawn.consentId());
        }
      }
      case CaseEvent.Merged merged -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        // What was taken back at once is not said.
        if (address != null && matter.follows()) {
          tellMerged(tx, told, matter, address, merged.staffId());
        }
      }
      case CaseEvent.Unmerged unmerged -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        if (address != null) {
          outbox.unsayMerged(tx, address, id.value());
          if (unmerged.unsaid()) {
            tellApart(tx, told, matter, address, unmerged.staffId());
          }
        }
      }
      case CaseEvent.Split split -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        // Nobody else who told of the same has told of the others.
        if (address != null && told.subject() == id.value()) {
          tellSplit(tx, told, matter, address, split);
        }
      }
      case CaseEvent.StaffSuspected suspected -> {
        Long of = suspected.addedTo();
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        // What was put back at once is told of there.
        if (address != null && of != null) {
          tellSetApart(tx, told, matter, address, named(tx, CaseId.of(of)));
        }
      }
      case CaseEvent.Supplemented more -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        Long by = more.lookedBy();
        if (address != null && by != null && told.subject() == id.value()) {
          say(tx, told, matter, address, by, "resident.put-back");
        }
      }
      case CaseEvent.SplitTakenBack _ -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        if (address != null) {
          outbox.unsaySplit(tx, address, id.value());
        }
      }
      case CaseEvent.Left left -> {
        Long address = reach.addressOf(tx, matter, Worth.WORDS);
        if (address != null) {
          tellApart(tx, told, matter, address, left.staffId());
        }
      }
      case CaseEvent.ConferenceHeld held -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        if (address != null && matter.isOpen()) {
          outbox.sayClaimedNow(tx, id.value());
          tell(
              tx,
              told,
              key(told, matter),
              matter,
              address,
              held.staffId(),
              "resident.conference",
              held.answerId());
        }
      }
      case CaseEvent.Extended extended -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        // What was ended meanwhile is told by its end.
        if (address != null && matter.isOpen()) {
          outbox.sayClaimedNow(tx, id.value());
          String why = cases.answer(tx, extended.answerId()).map(Answer::text).orElse("");
          tellTime(tx, told, matter, address, extended.askedBy(), why, extended.to(), "extended");
        }
      }
      case CaseEvent.Suspended suspended -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        if (address != null && matter.isOpen()) {
          outbox.sayClaimedNow(tx, id.value());
          String why = cases.answer(tx, suspended.answerId()).map(Answer::text).orElse("");
          tellTime(
              tx, told, matter, address, suspended.askedBy(), why, suspended.until(), "suspended");
        }
      }
      case CaseEvent.Resumed resumed -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        if (address != null && matter.isOpen()) {
          tellTime(tx, told, matter, address, resumed.staffId(), "", resumed.due(), "resumed");
        }
      }
      case CaseEvent.Delayed delayed -> {
        Long address = reach.addressOf(tx, matter, Worth.NOTICE);
        // What was ended meanwhile is told by its end.
        if (address != null && matter.isOpen()) {
          tellDelay(tx, told, matter, address, delayed);
        }
      }
      default -> {}
    }
  }

  /// Whoever was content need not hear why nothing more can be done.
  private boolean isOverruled(Tx tx, Case matter) {
    return visits
        .last(tx, matter.id())
        .filter(each -> each.outcome() == ReturnVisit.Outcome.OVERRULED)
        .isPresent();
  }

  private void tellExample(Tx tx, Told<CaseEvent> told, Case matter) {
    Long address =
        matter.consentId() == null ? reach.addressOf(tx, matter, Worth.NOTICE) : (Long) null;
    Long person = matter.personId();
    if (address == null && person != null) {
      address = reach.owner(tx, person).map(Reach.Spot::addressId).orElse(null);
    }
    if (address == null) {
      return; // it is on their page
    }
    Words words = Words.in(people.ofAddress(tx, address).language());
    String link = link(tx, matter, address);
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            words.of("notify.example"),
            words.of("notify.example.what"),
            told.at(),
            link,
            words.language(),
            false);
    outbox.sayOrNotify(
        tx,
        address,
        key(told, matter),
        null,
        matter.id().value(),
        words.of(
            "resident.example", titled(tx, matter, address), matter.number(), link + "#example"),
        notice);
  }

  private void tellMerged(Tx tx, Told<CaseEvent> told, Case matter, long address, long staffId) {
    String text =
        Words.in(people.ofAddress(tx, address).language())
            .of("resident.merged", titled(tx, matter, address), matter.number(), matter.deskName());
    Instant due = told.at().plus(Merging.TOLD_AFTER);
    String once = Long.toString(told.id());
    String said = quietly(tx, matter, address, text);
    outbox.sayMerged(tx, address, once, staffId, matter.id().value(), said, due);
  }

  /// What they said of another matter, and complains about staff, is handled by itself.
  private void tellSetApart(Tx tx, Told<CaseEvent> told, Case matter, long address, Case of) {
    String text =
        Words.in(people.ofAddress(tx, address).language())
            .of("resident.set-apart", matter.number(), matter.deskName(), of.number());
    String said = quietly(tx, matter, address, text);
    outbox.say(tx, address, key(told, matter), "system", null, matter.id().value(), said);
  }

  /// It is handled by itself again.
  private void tellApart(
      Tx tx, Told<CaseEvent> told, Case matter, long address, @Nullable Long staffId) {
    String text =
        Words.in(people.ofAddress(tx, address).language())
            .of(
                "resident.known-left",
                titled(tx, matter, address),
                matter.number(),
                matter.deskName());
    String by = staffId == null ? "system" : "staff";
    String said = quietly(tx, matter, address, text);
    outbox.say(tx, address, key(told, matter), by, staffId, matter.id().value(), said);
  }

  /// Nobody else looked, whoever did it closed it; or it cannot be done at all.
  private void tellClosed(Tx tx, Told<CaseEvent> told, Case matter, CaseEvent.Closed closed) {
    Long address = reach.addressOf(tx, matter, Worth.END);
    long staffId = requireNonNull(closed.staffId());
    boolean elsewhere = address != null && isAskedElsewhere(tx, matter, address);
    if (address != null) {
      outbox.sayClaimedNow(tx, matter.id().value());
      tell(
          tx,
          told,
          key(told, matter),
          matter,
          address,
          staffId,
          closed.unsolved()
              ? "resident.unsolved"
              : elsewhere ? "resident.closed-for" : "resident.closed",
          closed.answerId());
    }
    owner(tx, matter, address)
        .ifPresent(spot ->
            tell(
                tx,
                told,
                key(told, matter) + Outbox.OWNER,
                matter,
                spot,
                staffId,
                closed.unsolved() ? "resident.unsolved" : "resident.closed",
                closed.answerId()));
  }

  /// What was done, and whether it is so. Whoever told it for somebody who has a chat hears that it
  /// is done; whose it is, is asked.
  private void ask(Tx tx, Told<CaseEvent> told, Case matter, CaseEvent.Asked asked) {
    Long address = reach.addressOf(tx, matter, Worth.END);
    long staffId = cases.answer(tx, asked.answerId()).map(Answer::staffId).orElse(0L);
    boolean first = asked.nth() == 1;
    String key = Outbox.visitKey(asked.visitId(), asked.nth());
    Long elsewhere = owner(tx, matter, address).orElse(null);
    if (first) {
      outbox.sayClaimedNow(tx, matter.id().value());
      if (address != null && elsewhere != null) {
        tell(tx, told, key, matter, address, staffId, "resident.closed-for", asked.answerId());
      }
      talkWithBot(tx, matter);
    }
    Long to = elsewhere == null ? address : elsewhere;
    if (to == null) {
      return; // the desk telephones
    }
    tell(
        tx,
        told,
        elsewhere == null || address == null ? key : key + Outbox.OWNER,
        matter,
        to,
        staffId,
        first ? "resident.ask" : "resident.ask-again",
        asked.answerId());
    Conversation with = conversationOf(tx, to);
    if (!with.byPerson) {
      remember(tx, with, with.state.askedWhetherSolved(matter.number().text()));
    }
  }

  private void tellReopened(Tx tx, Told<CaseEvent> told, Case matter, long address) {
    Words words = Words.in(people.ofAddress(tx, address).language());
    String said =
        words.of(
            "resident.reopened", titled(tx, matter, address), matter.number(), matter.deskName());
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            matter.state().plainly(words.language()),
            words.of("notify.reopened"),
            told.at(),
            link(tx, matter, address),
            words.language(),
            false);
    outbox.sayOrNotify(
        tx,
        address,
        key(told, matter),
        null,
        matter.id().value(),
        quietly(tx, matter, address, said),
        quietly(tx, matter, notice));
  }

  private void tellOverruled(Tx tx, Told<CaseEvent> told, Case matter, CaseEvent.Closed closed) {
    Long address = reach.addressOf(tx, matter, Worth.END);
    if (address != null) {
      tell(
          tx,
          told,
          key(told, matter),
          matter,
          address,
          requireNonNull(closed.staffId()),
          "resident.overruled",
          closed.answerId());
    }
  }

  /// What becomes of it is in the words; whoever has it now stands in front.
  private void say(
      Tx tx, Told<CaseEvent> told, Case matter, long address, long staffId, String sentence) {
    String text =
        Words.in(people.ofAddress(tx, address).language())
            .of(sentence, matter.deskName(), titled(tx, matter, address), matter.number());
    String said = quietly(tx, matter, address, text);
    outbox.say(tx, address, key(told, matter), "staff", staffId, matter.id().value(), said);
  }

  /// Like the end of a matter: whoever told it hears it, and whoever they told it for.
  private void tellRejected(Tx tx, Told<CaseEvent> told, Case matter, CaseEvent.Rejected rejected) {
    Long address = reach.addressOf(tx, matter, Worth.END);
    if (address != null) {
      outbox.unsayClaimed(tx, address, matter.id().value());
      tellRejected(tx, told, matter, rejected, address, "", link(tx, matter, address));
      talkWithBot(tx, matter);
    }
    Long person = matter.personId();
    if (matter.consentId() != null && person != null) {
      reach
          .owner(tx, person)
          .filter(spot -> address == null || spot.addressId() != address)
          .ifPresent(spot -> {
            String page = publicUrl + "/h5/cases/" + matter.code();
            tellRejected(tx, told, matter, rejected, spot.addressId(), ":owner", page);
          });
    }
  }

  private void tellRejected(
      Tx tx,
      Told<CaseEvent> told,
      Case matter,
      CaseEvent.Rejected rejected,
      long address,
      String to,
      String link) {
    Words words = Words.in(people.ofAddress(tx, address).language());
    String reason = words.of("reject.reason." + rejected.reason().word());
    String reply = cases.answer(tx, rejected.answerId()).map(Answer::text).orElse("");
    String begins =
        words.of(
            rejected.afterAppeal() ? "resident.upheld" : "resident.rejected",
            matter.deskName(),
            nameOf(rejected.staffId()),
            titled(tx, matter, address),
            matter.number(),
            reason,
            ended(reply, words));
    String ends =
        rejected.afterAppeal()
            ? words.of("resident.upheld-end")
            : appealing
                .offered(matter)
                .map(offer ->
                    words.of(
                        "resident.rejected-appeal",
                        new TimeWords(zone, words.language()).date(offer.until()),
                        offer.desk().name()))
                .orElse(words.of("resident.rejected-end"));
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            matter.state().plainly(words.language()),
            reply,
            told.at(),
            link,
            words.language(),
            true);
    outbox.sayRejected(
        tx,
        address,
        Long.toString(rejected.answerId()),
        to,
        rejected.staffId(),
        matter.id().value(),
        quietly(tx, matter, address, begins + ends),
        quietly(tx, matter, notice),
        told.at().plus(Rejecting.TOLD_AFTER));
  }

  private void tellDelay(
      Tx tx, Told<CaseEvent> told, Case matter, long address, CaseEvent.Delayed delayed) {
    Words words = Words.in(people.ofAddress(tx, address).language());
    Long holder = matter.staffId();
    String held =
        holder == null
            ? words.of("resident.late.unheld", matter.deskName())
            : words.of("resident.late.held", matter.deskName(), nameOf(holder));
    String due = new TimeWords(zone, words.language()).by(delayed.due(), told.at());
    String said =
        words.of(
            "resident.late." + delayed.clock(),
            titled(tx, matter, address),
            matter.number(),
            due,
            held);
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            words.of("notify.late"),
            words.of("notify.late." + delayed.clock(), due),
            told.at(),
            link(tx, matter, address),
            words.language(),
            false);
    outbox.sayLate(
        tx,
        address,
        key(told, matter),
        matter.id().value(),
        quietly(tx, matter, address, said),
        quietly(tx, matter, notice));
  }

  /// That it takes longer, waits, or goes on.
  ///
  /// @param by whose words they are; null: nobody's
  /// @param until when it is to be done, or looked at again
  private void tellTime(
      Tx tx,
      Told<CaseEvent> told,
      Case matter,
      long address,
      @Nullable Long by,
      String why,
      Instant until,
      String what) {
    Words words = Words.in(people.ofAddress(tx, address).language());
    String due = new TimeWords(zone, words.language()).by(until, told.at());
    String said =
        words.of(
            "resident." + what,
            matter.deskName(),
            by == null ? "" : nameOf(by),
            titled(tx, matter, address),
            matter.number(),
            why.isBlank() ? "" : ended(why, words),
            due);
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            words.of("notify." + what),
            words.of("notify." + what + ".until", due),
            told.at(),
            link(tx, matter, address),
            words.language(),
            false);
    outbox.sayOrNotify(
        tx,
        address,
        key(told, matter),
        by,
        matter.id().value(),
        quietly(tx, matter, address, said),
        quietly(tx, matter, notice));
  }

  private void hearAlarm(Tx tx, Told<AlarmEvent> told) {
    switch (told.event()) {
      case AlarmEvent.Acknowledged(CaseId caseId, Long address, long staffId)
          when address != null -> {
        Person person = people.ofAddress(tx, address);
        String text =
            Words.in(person.language()).of("resident.alarm-acknowledged", nameOf(staffId));
        outbox.say(tx, address, "alarm:" + told.id(), "system", null, caseId.value(), text);
      }
      case AlarmEvent.Acknowledged _, AlarmEvent.Rung _, AlarmEvent.Climbed _ -> {}
    }
  }

  /// Whether it is solved is asked of whose it is, where they have a chat.
  private boolean isAskedElsewhere(Tx tx, Case matter, long address) {
    Long person = matter.personId();
    return matter.consentId() != null
        && person != null
        && people.ofAddress(tx, address).id() != person
        && reach.owner(tx, person).isPresent();
  }

  /// Whoever a relative told it for is answered, too, while a person talks with them about it.
  private void answerOwner(
      Tx tx, Told<CaseEvent> told, Case matter, @Nullable Long heard, CaseEvent.Answered answered) {
    Long person = matter.personId();
    boolean done = heard != null && Long.valueOf(people.ofAddress(tx, heard).id()).equals(person);
    if (matter.consentId() == null || person == null || done) {
      return;
    }
    people.addressesOf(tx, person).stream()
        .map(Address::id)
        .filter(each -> isTalkedAbout(tx, each, matter))
        .findFirst()
        .ifPresent(each ->
            tell(
                tx,
                told,
                key(told, matter) + Outbox.OWNER,
                matter,
                each,
                answered.staffId(),
                "resident.answer",
                answered.answerId()));
  }

  private boolean isTalkedAbout(Tx tx, long address, Case matter) {
    return conversations
        .read(tx, address)
        .filter(with -> with.byPerson && Long.valueOf(matter.id().value()).equals(with.caseId))
        .isPresent();
  }

  /// Whoever a relative told it for hears how it ended, where they have a chat; empty: they told it
  /// themselves, or hear it there already.
  private Optional<Long> owner(Tx tx, Case matter, @Nullable Long heard) {
    Long person = matter.personId();
    return matter.consentId() == null || person == null
        ? Optional.empty()
        : reach
            .owner(tx, person)
            .map(Reach.Spot::addressId)
            .filter(spot -> !spot.equals(heard))
            .filter(_ -> heard == null || people.ofAddress(tx, heard).id() != person);
  }

  /// What the notice says of it. What is over is not always done.
  private static String state(CaseEvent event, Case matter, Words words) {
    return event instanceof CaseEvent.Closed closed && closed.unsolved()
        ? words.of("notify.unsolved")
        : matter.state().plainly(words.language());
  }

  /// As whoever is at this address reads it.
  private String titled(Tx tx, Case matter, long address) {
    Person reader = people.ofAddress(tx, address);
    boolean owner = Long.valueOf(reader.id()).equals(matter.personId());
    return acting.titled(tx, matter, Words.in(reader.language()), owner);
  }

  /// The page by which whoever is at this address follows it.
  private String link(Tx tx, Case matter, long address) {
    String forSpeaker = matter.speakerCode();
    boolean owner = Long.valueOf(people.ofAddress(tx, address).id()).equals(matter.personId());
    return publicUrl + "/h5/cases/" + (forSpeaker == null || owner ? matter.code() : forSpeaker);
  }

  private void tell(
      Tx tx,
      Told<CaseEvent> told,
      String key,
      Case matter,
      long address,
      long staffId,
      String sentence,
      @Nullable Long answerId) {
    Person person = people.ofAddress(tx, address);
    String answer = answerId == null ? "" : cases.answer(tx, answerId).map(Answer::text).orElse("");
    Words words = Words.in(person.language());
    String text =
        switch (sentence) {
          case "resident.answer" -> answer(words, matter, nameOf(staffId), answer);
          default ->
              words.of(
                  sentence,
                  speaker(told.event(), matter),
                  nameOf(staffId),
                  titled(tx, matter, address),
                  matter.number(),
                  ended(answer, words));
        };
    String link = link(tx, matter, address);
    boolean hidden = cases.isQuiet(tx, matter) && !isTalking(told, matter);
    if (hidden) {
      boolean asks = told.event() instanceof CaseEvent.Asked && !sentence.endsWith("-for");
      text = words.of(asks ? "quiet.ask" : "quiet.news", matter.number(), link);
    }
    List<Enclosure> along =
        hidden || answerId == null || sentence.equals("resident.ask-again")
            ? List.of()
            : enclosures.of(tx, List.of(answerId));
    Outbox.Split split =
        along.isEmpty()
            ? new Outbox.Split(List.of(), List.of(), 1, 0)
            : outbox.split(
                tx, address, matter.id().value(), onPage(words, text, along, link), along);
    var notice =
        new Notice(
            matter.number().toString(),
            matter.title(),
            state(told.event(), matter, words),
            answer,
            told.at(),
            link,
            person.language(),
            told.event() instanceof CaseEvent.Closed || told.event() instanceof CaseEvent.Asked);
    String said = onPage(words, text, split.onPage(), link);
    outbox.sayOrNotify(
        tx, address, key, staffId, matter.id().value(), said, quietly(tx, matter, notice));
    int place = 0;
    for (Enclosure each : along) {
      String instead = words.of("resident.enclosed", enclosed(words, List.of(each)), link);
      String partKey = key + ":along" + ++place;
      boolean sent = split.sent().contains(each);
      outbox.sayAlong(tx, address, partKey, staffId, matter.id().value(), each, instead, sent);
    }
  }

  /// What is kept quiet is not named where others may read along: only that there is news, and
  /// where.
  private String quietly(Tx tx, Case matter, long address, String said) {
    return cases.isQuiet(tx, matter)
        ? Words.in(people.ofAddress(tx, address).language())
            .of("quiet.news", matter.number(), link(tx, matter, address))
        : said;
  }

  private Notice quietly(Tx tx, Case matter, Notice notice) {
    if (!cases.isQuiet(tx, matter)) {
      return notice;
    }
    Words words = Words.in(notice.language());
    return new Notice(
        notice.number(),
        words.of("quiet.matter"),
        words.of("quiet.state"),
        words.of("quiet.state"),
        notice.at(),
        notice.link(),
        notice.language(),
        notice.last());
  }

  /// Whether somebody answers who has just said something, and so holds the telephone: then they
  /// talk in words.
  private static boolean isTalking(Told<CaseEvent> told, Case matter) {
    Instant heard = matter.heardAt() == null ? matter.saidAt() : matter.heardAt();
    return told.event() instanceof CaseEvent.Answered && heard.plus(TALKING).isAfter(told.at());
  }

  /// The desk of whoever says it: what was done is told by who did it, while another desk asks.
  private static String speaker(CaseEvent event, Case matter) {
    Case.Lead lead = matter.lead();
    return event instanceof CaseEvent.Asked && lead != null ? lead.deskName() : matter.deskName();
  }

  /// The words, and where what cannot be sent into the chat is to be had.
  static String onPage(Words words, String text, List<Enclosure> along, String link) {
    return along.isEmpty()
        ? text
        : text + "\n\n" + words.of("resident.enclosed", enclosed(words, along), link);
  }

  /// Such as `3 张照片、文件《停水通知.pdf》`.
  static String enclosed(Words words, List<Enclosure> along) {
    Stream<String> counted =
        Stream.of(Enclosure.Kind.IMAGE, Enclosure.Kind.VOICE)
            .map(kind -> Map.entry(kind, along.stream().filter(e -> e.kind() == kind).count()))
            .filter(each -> each.getValue() > 0)
            .map(each -> words.of("enclosed." + each.getKey().word(), each.getValue()));
    Stream<String> named =
        along.stream()
            .filter(each -> each.kind() == Enclosure.Kind.FILE)
            .map(each -> words.of("enclosed.file", each.name()));
    return Stream.concat(counted, named).collect(Collectors.joining(words.of("list.and")));
  }

  /// A sentence of ours follows.
  static String ended(String text, Words words) {
    String said = text.strip();
    return said.isEmpty() || Character.isLetterOrDigit(said.codePointBefore(said.length()))
        ? said + words.of("full-stop")
        : said;
  }

  private void tellClaimed(
      Tx tx, Told<CaseEvent> told, Case matter, long address, CaseEvent.Claimed claimed) {
    long staffId = claimed.staffId();
    boolean granted = matter.appealedAt() != null && claimed.waitedAt() != null;
    String text =
        Words.in(people.ofAddress(tx, address).language())
            .of(
                granted ? "resident.appeal-claimed" : "resident.claimed",
                matter.deskName(),
                nameOf(staffId),
                titled(tx, matter, address),
                matter.number());
    Instant due = told.at().plus(MAY_BE_UNDONE);
    // Whoever has it after the first is told on the case's page.
    String once = "case-" + matter.id().value() + (granted ? "-granted" : "");
    String said = quietly(tx, matter, address, text);
    outbox.sayClaimed(tx, address, once, staffId, matter.id().value(), said, due);
  }

  /// As the resident reads it.
  static String answer(Words words, Case matter, String staff, String text) {
    return words.of("resident.answer", matter.deskName(), staff, text);
  }

  /// Who was answered by a person answers that person.
  private void talkWithPerson(Tx tx, long address, Case matter) {
    Conversation with = conversationOf(tx, address);
    with.handToPerson(matter.id().value());
    remember(tx, with, with.state.takenByPerson());
  }

  /// Wherever a person talked with them about it.
  private void talkWithBot(Tx tx, Case matter) {
    for (long address : addressesOf(tx, matter)) {
      Conversation with = conversationOf(tx, address);
      Long about = with.caseId;
      if (with.byPerson && about != null && about == matter.id().value()) {
        with.handToBot();
        remember(tx, with, with.state.givenBack());
      }
    }
  }

  private List<Long> addressesOf(Tx tx, Case matter) {
    Long person = matter.personId();
    Stream<Long> known =
        person == null ? Stream.empty() : people.addressesOf(tx, person).stream().map(Address::id);
    Long told = matter.addressId();
    Long now = reach.addressOf(tx, matter, Worth.WORDS);
    Stream<Long> theirs =
        told == null
            ? Stream.empty()
            : people.addressesOf(tx, people.ofAddress(tx, told).id()).stream().map(Address::id);
    return Stream.of(Stream.ofNullable(told), Stream.ofNullable(now), known, theirs)
        .flatMap(each -> each)
        .distinct()
        .sorted()
        .toList();
  }

  /// Whoever was registered by somebody else may never have said a word here.
  private Conversation conversationOf(Tx tx, long address) {
    conversations.begin(tx, List.of(address));
    return conversations.lock(tx, address).orElseThrow();
  }

  private void remember(Tx tx, Conversation with, BotState state) {
    Instant now = clock.instant();
    with.remember(state, now);
    with.lendUntil(now);
    conversations.save(tx, with);
  }

  private Case named(Tx tx, CaseId id) {
    return cases.named(tx, id).orElseThrow();
  }

  private String nameOf(long staffId) {
    return staff.byId(staffId).map(io.linyu.community.Staff::name).orElse("");
  }
}
