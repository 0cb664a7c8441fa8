package io.linyu.casework;

import static java.util.stream.Collectors.joining;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.community.Body;
import io.linyu.community.Desks;
import io.linyu.community.Territories;
import io.linyu.platform.db.Sql;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts events into words: all of them for staff, and for the resident those that move their
/// matter.
final class Lines {
  /// To the resident; the others are the desk's own.
  private static final Set<Kind> PROMISED =
      EnumSet.of(Kind.ACCEPTANCE, Kind.FIRST_CONTACT, Kind.HANDLING);

  private static final String PROGRESS = "progress.";

  private final Sql sql;
  private final NameStore store = new NameStore();
  private final Categories categories;
  private final Desks desks;
  private final Territories territories;
  private final Words words;
  private final TimeWords times;

  Lines(
      Sql sql,
      Categories categories,
      Desks desks,
      Territories territories,
      ZoneId zone,
      String language) {
    this.sql = sql;
    this.categories = categories;
    this.desks = desks;
    this.territories = territories;
    this.words = Words.in(language);
    this.times = new TimeWords(zone, language);
  }

  List<Line> history(List<Told<CaseEvent>> events) {
    Names names = names(events);
    return events.stream()
        .map(told -> line("history.", told, staffSentence(told.event(), names)))
        .toList();
  }

  List<Line> progress(List<Told<CaseEvent>> events) {
    Names names = names(events);
    return withoutCheckers(undone(events)).stream()
        .flatMap(told -> {
          Sentence sentence = residentSentence(told.event(), names);
          return sentence == null ? Stream.of() : Stream.of(line(PROGRESS, told, sentence));
        })
        .toList();
  }

  /// Of what happened to the one that this follows, what those hear who follow it.
  ///
  /// @param master all that happened to it
  /// @param follower whose page it is
  List<Line> shared(List<Told<CaseEvent>> master, Merging.Span span, CaseId follower) {
    Names names = names(master);
    return withoutCheckers(undone(master)).stream()
        .filter(told -> span.holds(told.at()) && isShared(told.event()))
        .flatMap(told -> {
          Sentence sentence =
              told.event() instanceof CaseEvent.Reopened e
                      && Long.valueOf(follower.value()).equals(e.followerId())
                  ? new Sentence(reopenedWanted(e), names.desk(e.toDesk()))
                  : told.event() instanceof CaseEvent.Reopened e
                      ? new Sentence("reopened", names.desk(e.toDesk()))
                      : residentSentence(told.event(), names);
          return sentence == null ? Stream.of() : Stream.of(line(PROGRESS, told, sentence));
        })
        .toList();
  }

  private static String reopenedWanted(CaseEvent.Reopened event) {
    return event.consentId() == null ? "reopened_wanted" : "reopened_wanted_for";
  }

  /// Nothing of whoever else told it, nor of what they said.
  private static boolean isShared(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Dispatched _,
          CaseEvent.Claimed _,
          CaseEvent.HandedOn _,
          CaseEvent.Supervised _,
          CaseEvent.ConferenceSet _,
          CaseEvent.ConferenceHeld _,
          CaseEvent.ConferenceEnded _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _,
          CaseEvent.Resumed _,
          CaseEvent.Answered _,
          CaseEvent.Reported _,
          CaseEvent.SentToCheck _,
          CaseEvent.Checked _,
          CaseEvent.Reopened _,
          CaseEvent.Closed _,
          CaseEvent.Delayed _,
          CaseEvent.ClockMoved _ ->
          true;
      default -> false;
    };
  }

  /// Without what was claimed or rejected by mistake, and what that had accepted. An appeal is
  /// granted once.
  private static List<Told<CaseEvent>> undone(List<Told<CaseEvent>> events) {
    var left = new ArrayList<Told<CaseEvent>>();
    for (Told<CaseEvent> told : events) {
      Transition step = told.event().transition();
      if (step == Transition.T17b) {
        removeLast(left, CaseEvent.SentToCheck.class);
        removeLast(left, CaseEvent.Reported.class);
      } else if (step == Transition.T10b || step == Transition.T06b) {
        removeLast(left, CaseEvent.Claimed.class);
      } else if (step == Transition.T07d) {
        removeLast(left, CaseEvent.Rejected.class);
      } else if (told.event() instanceof CaseEvent.SplitTakenBack) {
        removeLast(left, CaseEvent.Split.class);
      } else {
        left.add(told);
      }
      if (step == Transition.T06b) {
        removeLast(left, CaseEvent.Dispatched.class);
        left.removeIf(each -> each.event() instanceof CaseEvent.AppealGranted);
      }
    }
    return left;
  }

  /// Without who took it to check it, or to ask after it: they have not taken it on.
  private static List<Told<CaseEvent>> withoutCheckers(List<Told<CaseEvent>> events) {
    var left = new ArrayList<Told<CaseEvent>>();
    boolean done = false;
    for (Told<CaseEvent> told : events) {
      if (!(done && told.event() instanceof CaseEvent.Claimed)) {
        left.add(told);
      }
      done =
          switch (told.event()) {
            case CaseEvent.SentToCheck _, CaseEvent.CheckSkipped _ -> true;
            case CaseEvent.Checked checked -> checked.passed();
            case CaseEvent.Reopened _ -> false;
            default -> done;
          };
    }
    return left;
  }

  private static void removeLast(List<Told<CaseEvent>> told, Class<? extends CaseEvent> kind) {
    told.remove(
        told.reversed().stream()
            .filter(each -> kind.isInstance(each.event()))
            .findFirst()
            .orElseThrow());
  }

  private record Sentence(String word, List<String> filling) {
    Sentence(String word, String... filling) {
      this(word, List.of(filling));
    }
  }

  private Line line(String bundle, Told<CaseEvent> told, Sentence sentence) {
    return new Line(
        told.at(),
        sentence.word(),
        words.of(bundle + sentence.word(), sentence.filling().toArray()),
        told.event().transition(),
        told.event().rule(),
        bundle.equals(PROGRESS) ? said(told.event()) : text(told.event()));
  }

  private Sentence staffSentence(CaseEvent event, Names names) {
    return switch (event) {
      case CaseEvent.Drafted e ->
          !Case.isTold(e.channel())
              ? found(e, names)
              : e.enteredBy() == null
                  ? new Sentence(e.consentId() == null ? "drafted" : "drafted_for")
                  : new Sentence(
                      "drafted_spoken", names.staff(e.enteredBy()), channel(e.channel()));
      case CaseEvent.Opened e ->
          new Sentence(e.confirmed() ? "opened" : "opened_unconfirmed", names.desk(e.deskId()));
      case CaseEvent.HandedOff e -> new Sentence("handed_off", names.desk(e.deskId()));
      case CaseEvent.Accepted e ->
          new Sentence("accepted", names.staff(e.staffId()), category(e.category()));
      case CaseEvent.Dispatched e -> {
        String by = names.staff(e.staffId());
        String desk = names.desk(e.deskId());
        yield e.body() == null
            ? new Sentence("dispatched", by, desk)
            : new Sentence("dispatched_for", by, desk, body(e.body()));
      }
      case CaseEvent.Claimed e ->
          e.shift() != null
              ? new Sentence("shift", names.staff(e.from()), names.staff(e.staffId()))
              : e.by() != null
                  ? new Sentence("given", names.staff(e.by()), names.staff(e.staffId()))
                  : e.from() == null || e.from() == e.staffId()
                      ? new Sentence("claimed", names.staff(e.staffId()), names.desk(e.deskId()))
                      : new Sentence(
                          Boolean.TRUE.equals(e.stead()) ? "stood_in" : "taken_over",
                          names.staff(e.staffId()),
                          names.staff(e.from()));
      case CaseEvent.Released e ->
          e.to() == null
              ? new Sentence(
                  e.transition() == Transition.T06b ? "unaccepted" : "released",
                  names.staff(e.staffId()),
                  names.desk(e.deskId()))
              : new Sentence("given_back", names.staff(e.staffId()), names.staff(e.to()));
      case CaseEvent.Returned e -> returned(e, names);
      case CaseEvent.ReturnDecided e ->
          new Sentence(
              (Boolean.TRUE.equals(e.unlisted()) ? "unlisted_" : "return_")
                  + (e.agreed() ? "agreed" : "refused"),
              names.staff(e.staffId()),
              names.desk(e.byDesk()),
              names.desk(e.deskId()));
      case CaseEvent.Disputed e ->
          new Sentence(
              "disputed",
              names.staff(e.staffId()),
              names.desk(e.deskId()),
              names.desk(e.otherDesk()),
              names.desk(e.byDesk()));
      case CaseEvent.Viewed e ->
          new Sentence("viewed", names.staff(e.staffId()), names.desk(e.deskId()));
      case CaseEvent.DisputeEnded e ->
          e.staffId() == null
              ? new Sentence("dispute_ended")
              : new Sentence("dispute_taken_back", names.staff(e.staffId()));
      case CaseEvent.Ruled e ->
          new Sentence(
              "ruled",
              names.staff(e.staffId()),
              names.desk(e.byDesk()),
              names.desk(e.leadDesk()),
              names.desk(e.otherThanLead()));
      case CaseEvent.ConferenceCalled e ->
          new Sentence("conference_called", names.desk(e.deskId()), date(e.late()));
      case CaseEvent.ConferenceSet e ->
          new Sentence(
              e.again() ? "conference_moved" : "conference_set",
              names.staff(e.staffId()),
              date(e.starts()),
              e.desks().stream().map(names::desk).collect(joining(words.of("list.comma"))));
      case CaseEvent.ConferenceAnswered e ->
          new Sentence(
              e.comes() ? "conference_comes" : "conference_comes_not",
              names.staff(e.staffId()),
              names.desk(e.deskId()));
      case CaseEvent.ConferenceHeld e ->
          new Sentence(
              e.parts() == 0 ? "conference_held" : "conference_held_parts",
              names.staff(e.staffId()),
              Integer.toString(e.parts()));
      case CaseEvent.ConferenceEnded e ->
          e.staffId() == null
              ? new Sentence("conference_ended")
              : new Sentence("conference_off", names.staff(e.staffId()));
      case CaseEvent.LevelChanged e ->
          new Sentence(
              e.to().compareTo(e.from()) < 0 ? "raised" : "sent_down",
              names.staff(e.staffId()),
              words.of("level." + e.to().word()));
      case CaseEvent.HandedOn e -> {
        String body = e.body();
        yield new Sentence(
            e.back() ? "handed_back" : body == null ? "handed_on" : "handed_on_for",
            names.staff(e.staffId()),
            names.desk(e.fromDesk()),
            names.desk(e.toDesk()),
            body == null ? "" : body(body));
      }
      case CaseEvent.Supplemented e -> supplemented(e, names);
      case CaseEvent.TakenBack e ->
          new Sentence(e.consentId() == null ? "paper_taken_back" : "paper_taken_back_for");
      case CaseEvent.Withdrawn e ->
          new Sentence(e.consentId() == null ? "withdrawn" : "withdrawn_for");
      case CaseEvent.Urged e ->
          e.staffId() != null
              ? new Sentence("urged_by", names.staff(e.staffId()))
              : new Sentence(e.consentId() == null ? "urged" : "urged_for");
      case CaseEvent.Supervised e -> new Sentence("supervised", names.staff(e.staffId()));
      case CaseEvent.SupervisionLifted e ->
          new Sentence("supervision_lifted", names.staff(e.staffId()));
      case CaseEvent.Archived _ -> new Sentence("archived");
      case CaseEvent.RuleApplied e ->
          new Sentence(
              (e.dry() ? "rule_would_have_" : "rule_")
                  + e.effect().word()
                  + (e.other() == null ? "" : "_into"),
              e.code().name(),
              Integer.toString(e.version()));
      case CaseEvent.Rejected e ->
          new Sentence(
              e.afterAppeal() ? "upheld" : "rejected",
              names.staff(e.staffId()),
              reason(e),
              names.desk(e.deskId()));
      case CaseEvent.RejectionTakenBack e ->
          new Sentence("rejection_taken_back", names.staff(e.staffId()));
      case CaseEvent.Appealed e ->
          new Sentence(e.consentId() == null ? "appealed" : "appealed_for", names.desk(e.toDesk()));
      case CaseEvent.AppealGranted e ->
          new Sentence("appeal_granted", names.staff(e.staffId()), names.desk(e.deskId()));
      case CaseEvent.TimeAsked e ->
          new Sentence(
              "asked_" + e.what().word(),
              names.staff(e.staffId()),
              e.howMuch() == null ? String.valueOf(e.review()) : howMuch(e.howMuch()),
              kind(e.kind()));
      case CaseEvent.TimeRefused e ->
          new Sentence(
              "refused_" + e.what().word(), names.staff(e.staffId()), names.staff(e.askedBy()));
      case CaseEvent.TimeRequestEnded e ->
          e.staffId() == null
              ? new Sentence("request_let_go_" + e.what().word())
              : new Sentence("request_taken_back_" + e.what().word(), names.staff(e.staffId()));
      case CaseEvent.Extended e ->
          new Sentence(
              "extended",
              names.staff(e.staffId()),
              date(e.from()),
              date(e.to()),
              names.staff(e.askedBy()));
      case CaseEvent.Suspended e ->
          new Sentence(
              "suspended",
              names.staff(e.staffId()),
              names.staff(e.askedBy()),
              date(e.until()),
              kind(e.kind()));
      case CaseEvent.Resumed e ->
          e.staffId() == null
              ? new Sentence("resumed_by_rule", date(e.due()))
              : new Sentence("resumed", names.staff(e.staffId()), date(e.due()));
      case CaseEvent.PartAsked e -> {
        Instant due = e.due();
        yield due == null
            ? new Sentence("part_contact", names.desk(e.deskId()))
            : new Sentence(
                "part_asked", names.staff(e.staffId()), names.desk(e.deskId()), date(due));
      }
      case CaseEvent.PartMoved e ->
          new Sentence(
              "part_" + e.how().name().toLowerCase(Locale.ROOT),
              names.staff(e.staffId()),
              names.desk(e.deskId()),
              e.due() == null ? "" : date(e.due()));
      case CaseEvent.Answered e ->
          new Sentence(e.firstContact() ? "contacted" : "answered", names.staff(e.staffId()));
      case CaseEvent.Noted e -> new Sentence("noted", names.staff(e.staffId()));
      case CaseEvent.AccusedNamed e -> {
        Long desk = e.deskId();
        Long who = e.accusedId();
        String by = names.staff(e.staffId());
        if (desk != null) {
          yield new Sentence("accused_named", by, names.desk(desk));
        }
        yield who == null
            ? new Sentence("accused_unnamed", by)
            : new Sentence("accused_named", by, names.staff(who));
      }
      case CaseEvent.Corrected e ->
          e.what().equals("category")
              ? new Sentence("corrected_category", names.staff(e.staffId()), category(e.is()))
              : new Sentence(
                  "corrected_territory", names.staff(e.staffId()), place(e.was()), place(e.is()));
      case CaseEvent.Reported e -> new Sentence("reported", names.staff(e.staffId()));
      case CaseEvent.SentToCheck e -> new Sentence("sent_to_check", names.desk(e.deskId()));
      case CaseEvent.ReportTakenBack e ->
          new Sentence("report_taken_back", names.staff(e.staffId()));
      case CaseEvent.Checked e -> {
        Long again = e.toDesk();
        yield again == null
            ? new Sentence("check_passed", names.staff(e.staffId()), evidence(e))
            : new Sentence(
                "check_failed", names.staff(e.staffId()), evidence(e), names.desk(again));
      }
      case CaseEvent.CheckSkipped e -> new Sentence("check_skipped", names.staff(e.by()));
      case CaseEvent.Asked e -> new Sentence("asked", Integer.toString(e.nth()));
      case CaseEvent.Unreached _ -> new Sentence("unreached");
      case CaseEvent.Called e ->
          new Sentence(e.reached() ? "called" : "called_in_vain", names.staff(e.staffId()));
      // What they said is for those alone who ask.
      case CaseEvent.Rated e ->
          e.staffId() == null
              ? new Sentence(e.consentId() == null ? "rated" : "rated_for")
              : new Sentence("rated_by", names.staff(e.staffId()));
      case CaseEvent.SentToReview _ -> new Sentence("sent_to_review");
      case CaseEvent.Reopened e ->
          e.staffId() == null
              ? new Sentence(
                  e.consentId() == null ? "reopened_wanted" : "reopened_wanted_for",
                  names.desk(e.toDesk()))
              : new Sentence("reopened", names.staff(e.staffId()), names.desk(e.toDesk()));
      case CaseEvent.Closed e -> {
        String visit = e.visit();
        yield new Sentence(
            visit != null
                ? "closed_" + visit
                : e.unsolved()
                    ? "closed_unsolved"
                    : e.exception() != null
                        ? "closed_unchecked"
                        : e.staffId() == null ? "closed_untold" : "closed",
            names.staff(e.staffId()));
      }
      case CaseEvent.HeadAsked e ->
          new Sentence(
              e.transition() == null ? "head_asked" : "head_asked_look",
              names.staff(e.staffId()),
              names.staff(e.headId()));
      case CaseEvent.HeadAnswered e ->
          new Sentence(
              e.again() ? "head_answered_again" : "head_answered",
              names.staff(e.headId()),
              words.of("request.said." + e.outcome().word()),
              e.photos() == 0 ? "" : words.of("request.said.photos", e.photos()));
      case CaseEvent.HeadMistaken e -> new Sentence("head_mistaken", names.staff(e.headId()));
      case CaseEvent.HeadSilent e ->
          new Sentence(e.transition() == null ? "head_silent" : "head_silent_look");
      case CaseEvent.HeadReleased e -> new Sentence("head_released", names.staff(e.staffId()));
      case CaseEvent.ExampleProposed e ->
          new Sentence(
              !e.asks()
                  ? "example_published"
                  : e.replaces() ? "example_edited" : "example_proposed",
              names.staff(e.staffId()));
      case CaseEvent.ExampleAsked _ -> new Sentence("example_asked");
      case CaseEvent.ExampleAnswered e -> new Sentence(e.yes() ? "example_yes" : "example_no");
      case CaseEvent.ExampleEnded e ->
          new Sentence(
              "example_" + e.how().name().toLowerCase(Locale.ROOT), names.staff(e.staffId()));
      case CaseEvent.Joined e ->
          e.staffId() == null
              ? new Sentence("joined")
              : new Sentence("joined_by", names.staff(e.staffId()));
      case CaseEvent.Left e ->
          e.staffId() == null
              ? new Sentence("left")
              : new Sentence("left_by", names.staff(e.staffId()));
      case CaseEvent.Merged e -> new Sentence("merged", names.staff(e.staffId()));
      case CaseEvent.Unmerged e ->
          e.staffId() == null
              ? new Sentence("unmerged")
              : new Sentence("unmerged_by", names.staff(e.staffId()));
      case CaseEvent.StoodIn e ->
          new Sentence(
              "stands_in",
              names.staff(e.staffId()),
              names.staff(e.absentId()),
              names.desk(e.deskId()));
      case CaseEvent.NobodyThere e ->
          new Sentence("nobody_there", names.desk(e.deskId()), names.desk(e.toDesk()));
      // Where it is none, those read this whom it seemed to be about.
      case CaseEvent.StaffSuspected e ->
          new Sentence(
              e.addedTo() != null
                  ? "staff_set_apart"
                  : e.waits() ? "staff_suspected" : "staff_named");
      case CaseEvent.SuspicionJudged e ->
          new Sentence(
              e.confirmed() ? "suspicion_confirmed" : "suspicion_lifted", names.staff(e.staffId()));
      case CaseEvent.Split e ->
          new Sentence("split", names.staff(e.staffId()), Integer.toString(e.parts().size() + 1));
      case CaseEvent.SplitOff e -> new Sentence("split_off", names.staff(e.staffId()));
      case CaseEvent.SplitTakenBack e -> new Sentence("split_back", names.staff(e.staffId()));
      case CaseEvent.FollowerChanged e ->
          new Sentence(
              "follower_" + e.how().name().toLowerCase(Locale.ROOT),
              e.staffId() == null ? "" : names.staff(e.staffId()));
      case CaseEvent.LetGo e ->
          new Sentence(
              "let_go" + (e.safety() ? "_safety" : "") + (e.consentId() == null ? "" : "_for"));
      case CaseEvent.Delayed e -> new Sentence("delayed_" + e.clock());
      case CaseEvent.ClockMoved e ->
          new Sentence("moved", words.of("clock." + e.clock()), date(e.from()), date(e.to()));
      case CaseEvent.Summoned e ->
          new Sentence(
              "summoned_" + e.how().name().toLowerCase(Locale.ROOT),
              e.staffId() == null ? names.desk(e.deskId()) : names.staff(e.staffId()),
              words.of("errand.why." + e.why()),
              names.staff(e.by()));
    };
  }

  /// By whom of the house, or by its rule.
  private static Sentence found(CaseEvent.Drafted drafted, Names names) {
    Long by = drafted.enteredBy();
    return by == null
        ? new Sentence("drafted_by_rule")
        : new Sentence("drafted_found", names.staff(by));
  }

  private Sentence returned(CaseEvent.Returned back, Names names) {
    String by = names.staff(back.staffId());
    String from = names.desk(back.fromDesk());
    Returning.Ground ground = back.ground();
    Long to = back.toDesk();
    if (ground == null || to == null) {
      return new Sentence("returned", by, from);
    }
    if (Boolean.TRUE.equals(back.unlisted())) {
      return new Sentence("unlisted", by, from, names.desk(to));
    }
    Long proposed = back.proposed();
    return new Sentence(
        proposed == null ? "returned_to" : "returned_to_for",
        by,
        from,
        names.desk(to),
        words.of("return.ground." + ground.word()),
        proposed == null ? "" : names.desk(proposed));
  }

  private static Sentence supplemented(CaseEvent.Supplemented more, Names names) {
    if (more.lookedBy() != null) {
      return new Sentence("put_back", names.staff(more.lookedBy()));
    }
    String who = more.consentId() == null ? "" : "_for";
    Integer files = more.files();
    return files == null
        ? new Sentence("supplemented" + who)
        : new Sentence("handed_in" + who, files.toString());
  }

  /// Null: of no concern to the resident.
  private @Nullable Sentence residentSentence(CaseEvent event, Names names) {
    return switch (event) {
      case CaseEvent.Drafted e ->
          !Case.isTold(e.channel())
              ? found(e, names)
              : e.enteredBy() == null
                  ? new Sentence(e.consentId() == null ? "drafted" : "drafted_for")
                  : new Sentence("drafted_spoken", names.staff(e.enteredBy()));
      case CaseEvent.Opened e -> new Sentence("opened", names.desk(e.deskId()));
      case CaseEvent.HandedOff _ -> new Sentence("handed_off");
      case CaseEvent.Dispatched e ->
          e.body() == null
              ? new Sentence("dispatched", names.desk(e.deskId()))
              : new Sentence("dispatched_for", names.desk(e.deskId()), body(e.body()));
      case CaseEvent.Claimed e ->
          new Sentence("claimed", names.desk(e.deskId()), names.staff(e.staffId()));
      case CaseEvent.HandedOn e -> new Sentence("handed_on", names.desk(e.toDesk()));
      case CaseEvent.Returned e -> {
        Long to = e.toDesk();
        yield to == null ? null : new Sentence("returned", names.desk(to));
      }
      case CaseEvent.ReturnDecided e ->
          e.agreed() ? null : new Sentence("return_refused", names.desk(e.deskId()));
      case CaseEvent.Supplemented e -> supplemented(e, names);
      case CaseEvent.TakenBack e ->
          new Sentence(e.consentId() == null ? "paper_taken_back" : "paper_taken_back_for");
      case CaseEvent.Withdrawn _ -> new Sentence("withdrawn");
      case CaseEvent.Urged e ->
          e.staffId() != null
              ? null
              : new Sentence(e.consentId() == null ? "urged" : "urged_for", names.desk(e.deskId()));
      case CaseEvent.Supervised _ -> new Sentence("supervised");
      case CaseEvent.Extended e -> new Sentence("extended", date(e.from()), date(e.to()));
      case CaseEvent.ConferenceSet e ->
          new Sentence(e.again() ? "conference_moved" : "conference_set", date(e.starts()));
      case CaseEvent.ConferenceHeld _ -> new Sentence("conference_held");
      case CaseEvent.ConferenceEnded e ->
          e.staffId() == null || !e.wasSet() ? null : new Sentence("conference_off");
      case CaseEvent.Suspended e -> new Sentence("suspended", date(e.until()));
      case CaseEvent.Resumed e -> new Sentence("resumed", date(e.due()));
      case CaseEvent.Rejected e ->
          new Sentence(e.afterAppeal() ? "upheld" : "rejected", names.desk(e.deskId()), reason(e));
      case CaseEvent.Appealed e ->
          new Sentence(e.consentId() == null ? "appealed" : "appealed_for", names.desk(e.toDesk()));
      case CaseEvent.AppealGranted e -> new Sentence("appeal_granted", names.desk(e.deskId()));
      case CaseEvent.PartAsked e ->
          new Sentence(e.contact() ? "part_contact" : "part_asked", names.desk(e.deskId()));
      case CaseEvent.PartMoved e ->
          switch (e.how()) {
            case ANSWERED -> new Sentence("part_answered", names.desk(e.deskId()));
            case LAPSED -> new Sentence("part_lapsed", names.desk(e.deskId()));
            case SIGNED, DECLINED, URGED, EXTENDED, CANCELLED, ENDED -> null;
          };
      case CaseEvent.Answered e -> new Sentence("answered", names.staff(e.staffId()));
      case CaseEvent.Reported e -> new Sentence("reported", names.staff(e.staffId()));
      case CaseEvent.SentToCheck e -> new Sentence("sent_to_check", names.desk(e.deskId()));
      case CaseEvent.Checked e -> {
        Long again = e.toDesk();
        yield again == null
            ? new Sentence("check_passed", names.staff(e.staffId()))
            : new Sentence("check_failed", names.staff(e.staffId()), names.desk(again));
      }
      case CaseEvent.Asked e -> e.nth() == 1 ? new Sentence("asked") : null;
      case CaseEvent.Called e -> e.reached() ? null : new Sentence("called_in_vain");
      case CaseEvent.Rated e ->
          new Sentence(
              e.staffId() != null ? "rated_by" : e.consentId() == null ? "rated" : "rated_for");
      case CaseEvent.SentToReview _ -> new Sentence("sent_to_review");
      case CaseEvent.Reopened e ->
          new Sentence(
              e.staffId() != null || e.followerId() != null ? "reopened" : reopenedWanted(e),
              names.desk(e.toDesk()));
      case CaseEvent.Closed e ->
          new Sentence(
              ReturnVisit.Outcome.OVERRULED.word().equals(e.visit())
                  ? "closed_overruled"
                  : e.unsolved() ? "closed_unsolved" : "closed",
              names.staff(e.staffId()));
      case CaseEvent.Joined _ -> new Sentence("joined");
      case CaseEvent.Left _ -> new Sentence("left");
      case CaseEvent.Merged _ -> new Sentence("merged");
      case CaseEvent.Unmerged _ -> new Sentence("unmerged");
      case CaseEvent.Split e -> new Sentence("split", Integer.toString(e.parts().size() + 1));
      case CaseEvent.SplitOff _ -> new Sentence("split_off");
      case CaseEvent.StaffSuspected e -> e.addedTo() == null ? null : new Sentence("set_apart");
      case CaseEvent.LetGo e -> new Sentence(e.safety() ? "withdrawn_safety" : "withdrawn");
      case CaseEvent.Delayed e -> new Sentence("delayed_" + e.clock());
      case CaseEvent.ClockMoved e ->
          PROMISED.contains(Kind.of(e.clock()))
              ? new Sentence("moved_" + e.clock(), date(e.from()), date(e.to()))
              : null;
      // Who does it unpaid appears by what they are: that they look before it is accepted. What
      // else they are asked is not for whoever told it.
      case CaseEvent.HeadAsked e ->
          e.transition() == null ? null : new Sentence("looking", names.role(e.headId()));
      case CaseEvent.HeadAnswered e ->
          e.transition() == Transition.T05 ? new Sentence("looked", names.role(e.headId())) : null;
      case CaseEvent.ExampleProposed e ->
          e.asks() ? new Sentence(e.replaces() ? "example_edited" : "example_proposed") : null;
      case CaseEvent.ExampleAnswered e -> new Sentence(e.yes() ? "example_yes" : "example_no");
      case CaseEvent.ExampleEnded e ->
          new Sentence("example_" + e.how().name().toLowerCase(Locale.ROOT));
      case CaseEvent.Accepted _,
          // That they are asked stands there already.
          CaseEvent.ExampleAsked _,
          CaseEvent.HeadMistaken _,
          CaseEvent.HeadSilent _,
          CaseEvent.HeadReleased _,
          CaseEvent.Released _,
          // Who has it meanwhile has it, and where it goes by a ruling stands beside that.
          CaseEvent.Disputed _,
          CaseEvent.Viewed _,
          CaseEvent.DisputeEnded _,
          CaseEvent.Ruled _,
          CaseEvent.ConferenceCalled _,
          CaseEvent.ConferenceAnswered _,
          CaseEvent.LevelChanged _,
          CaseEvent.Noted _,
          CaseEvent.Corrected _,
          CaseEvent.AccusedNamed _,
          CaseEvent.StoodIn _,
          CaseEvent.NobodyThere _,
          CaseEvent.SuspicionJudged _,
          CaseEvent.CheckSkipped _,
          CaseEvent.ReportTakenBack _,
          CaseEvent.Unreached _,
          CaseEvent.SupervisionLifted _,
          CaseEvent.Archived _,
          CaseEvent.RuleApplied _,
          CaseEvent.RejectionTakenBack _,
          CaseEvent.TimeAsked _,
          CaseEvent.TimeRefused _,
          CaseEvent.TimeRequestEnded _,
          CaseEvent.SplitTakenBack _,
          // Nobody hears who else told it, or what of it.
          CaseEvent.FollowerChanged _,
          CaseEvent.Summoned _ ->
          null;
    };
  }

  private static @Nullable Long text(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Answered e -> (Long) e.answerId();
      case CaseEvent.Reported e -> (Long) e.answerId();
      case CaseEvent.Closed e -> (Long) e.answerId();
      case CaseEvent.Noted e -> (Long) e.noteId();
      case CaseEvent.Supervised e -> (Long) e.noteId();
      case CaseEvent.HeadAsked e -> (Long) e.noteId();
      case CaseEvent.HeadAnswered e -> (Long) e.noteId();
      case CaseEvent.ExampleEnded e -> e.noteId();
      case CaseEvent.Checked e -> (Long) e.noteId();
      case CaseEvent.Reopened e -> e.noteId();
      case CaseEvent.Rejected e -> (Long) e.answerId();
      case CaseEvent.TimeAsked e -> (Long) e.noteId();
      case CaseEvent.Returned e -> e.noteId();
      case CaseEvent.ReturnDecided e -> e.noteId();
      case CaseEvent.Disputed e -> (Long) e.noteId();
      case CaseEvent.Viewed e -> (Long) e.noteId();
      case CaseEvent.Ruled e -> (Long) e.noteId();
      case CaseEvent.ConferenceSet e -> e.noteId();
      case CaseEvent.ConferenceAnswered e -> e.noteId();
      case CaseEvent.ConferenceHeld e -> (Long) e.noteId();
      case CaseEvent.ConferenceEnded e -> e.noteId();
      case CaseEvent.TimeRefused e -> (Long) e.noteId();
      case CaseEvent.Extended e -> (Long) e.answerId();
      case CaseEvent.Suspended e -> (Long) e.answerId();
      case CaseEvent.PartAsked e -> e.noteId();
      case CaseEvent.PartMoved e -> e.noteId();
      default -> null;
    };
  }

  /// What the resident was told with it. Notes have numbers of their own, and are none of theirs.
  private static @Nullable Long said(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Answered _,
          CaseEvent.Reported _,
          CaseEvent.Closed _,
          CaseEvent.Rejected _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _ ->
          text(event);
      case CaseEvent.ConferenceHeld e -> e.answerId();
      default -> null;
    };
  }

  /// On what it rests.
  private String evidence(CaseEvent.Checked check) {
    Integer metres = check.metres();
    String seen =
        check.photos() == 0
            ? words.of("check.no-photo")
            : metres == null
                ? words.of("check.photos", check.photos())
                : words.of("check.photos-at", check.photos(), metres);
    return check.explained() && check.photos() > 0 ? seen + words.of("check.explained") : seen;
  }

  private String reason(CaseEvent.Rejected rejected) {
    return words.of("reject.reason." + rejected.reason().word());
  }

  private String kind(TimeRequest.@Nullable Reason reason) {
    return reason == null ? "" : words.of("suspend.reason." + reason.word());
  }

  /// Such as `2 个工作日`.
  private String howMuch(String limit) {
    String[] part = limit.split(" ", 2);
    return words.of("clock.rule." + part[1], part[0]);
  }

  private String date(Instant at) {
    return times.dated(at);
  }

  private String channel(String name) {
    return CasePages.Filtering.channel(words, name);
  }

  private String category(String code) {
    return categories.named(code).map(each -> each.name(words.language())).orElse(code);
  }

  private String body(String code) {
    return desks.body(code).map(Body::name).orElse(code);
  }

  private String place(@Nullable String id) {
    return id == null ? "?" : territories.nameForResident(territories.byId(Long.parseLong(id)));
  }

  private final class Names {
    private final Map<Long, String> staff;
    private final Map<Long, String> desk;

    /// Null: nobody has asked for one.
    private @Nullable Map<Long, String> roles;

    Names(Set<Long> staff, Set<Long> desk) {
      this.staff = store.staffNames(sql, staff);
      this.desk = store.deskNames(sql, desk);
    }

    String staff(@Nullable Long id) {
      return id == null ? words.of("history.by_rule") : staff.getOrDefault(id, "?");
    }

    /// What they are, without a name.
    String role(long id) {
      if (roles == null) {
        roles = store.staffRoles(sql, staff.keySet());
      }
      return words.of("role." + roles.getOrDefault(id, "volunteer"));
    }

    String desk(long id) {
      return desk.getOrDefault(id, "?");
    }
  }

  private Names names(List<Told<CaseEvent>> events) {
    var staff = new HashSet<Long>();
    var desk = new HashSet<Long>();
    for (Told<CaseEvent> told : events) {
      switch (told.event()) {
        case CaseEvent.Opened e -> desk.add(e.deskId());
        case CaseEvent.HandedOff e -> desk.add(e.deskId());
        case CaseEvent.Accepted e -> staff.add(e.staffId());
        case CaseEvent.Dispatched e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.Claimed e -> {
          staff.add(e.staffId());
          staff.add(e.from());
          staff.add(e.by());
          desk.add(e.deskId());
        }
        case CaseEvent.Released e -> {
          staff.add(e.staffId());
          staff.add(e.to());
          desk.add(e.deskId());
        }
        case CaseEvent.Returned e -> {
          staff.add(e.staffId());
          Stream.of(e.fromDesk(), e.toDesk(), e.proposed())
              .filter(Objects::nonNull)
              .forEach(desk::add);
        }
        case CaseEvent.ReturnDecided e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
          desk.add(e.byDesk());
        }
        case CaseEvent.Disputed e -> {
          staff.add(e.staffId());
          desk.addAll(List.of(e.deskId(), e.otherDesk(), e.byDesk()));
        }
        case CaseEvent.Viewed e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.DisputeEnded e -> staff.add(e.staffId());
        case CaseEvent.Ruled e -> {
          staff.add(e.staffId());
          desk.addAll(List.of(e.deskId(), e.otherDesk(), e.byDesk()));
        }
        case CaseEvent.HandedOn e -> {
          staff.add(e.staffId());
          desk.add(e.fromDesk());
          desk.add(e.toDesk());
        }
        case CaseEvent.ConferenceCalled e -> desk.add(e.deskId());
        case CaseEvent.ConferenceSet e -> {
          staff.add(e.staffId());
          desk.addAll(e.desks());
        }
        case CaseEvent.ConferenceAnswered e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.ConferenceHeld e -> staff.add(e.staffId());
        case CaseEvent.ConferenceEnded e -> staff.add(e.staffId());
        case CaseEvent.LevelChanged e -> staff.add(e.staffId());
        case CaseEvent.Answered e -> staff.add(e.staffId());
        case CaseEvent.Noted e -> staff.add(e.staffId());
        case CaseEvent.AccusedNamed e -> {
          staff.add(e.staffId());
          staff.add(e.accusedId());
          desk.add(e.deskId());
        }
        case CaseEvent.Corrected e -> staff.add(e.staffId());
        case CaseEvent.Reported e -> staff.add(e.staffId());
        case CaseEvent.CheckSkipped e -> staff.add(e.by());
        case CaseEvent.SentToCheck e -> desk.add(e.deskId());
        case CaseEvent.ReportTakenBack e -> staff.add(e.staffId());
        case CaseEvent.Checked e -> {
          staff.add(e.staffId());
          desk.add(e.toDesk());
        }
        case CaseEvent.Called e -> staff.add(e.staffId());
        case CaseEvent.Rated e -> staff.add(e.staffId());
        case CaseEvent.Reopened e -> {
          staff.add(e.staffId());
          desk.add(e.toDesk());
        }
        case CaseEvent.Closed e -> staff.add(e.staffId());
        case CaseEvent.Joined e -> staff.add(e.staffId());
        case CaseEvent.Left e -> staff.add(e.staffId());
        case CaseEvent.Merged e -> staff.add(e.staffId());
        case CaseEvent.Unmerged e -> staff.add(e.staffId());
        case CaseEvent.SuspicionJudged e -> staff.add(e.staffId());
        case CaseEvent.StoodIn e -> {
          staff.addAll(List.of(e.staffId(), e.absentId()));
          desk.add(e.deskId());
        }
        case CaseEvent.NobodyThere e -> desk.addAll(List.of(e.deskId(), e.toDesk()));
        case CaseEvent.Split e -> staff.add(e.staffId());
        case CaseEvent.SplitOff e -> staff.add(e.staffId());
        case CaseEvent.SplitTakenBack e -> staff.add(e.staffId());
        case CaseEvent.FollowerChanged e -> staff.add(e.staffId());
        case CaseEvent.Summoned e -> {
          staff.add(e.staffId());
          staff.add(e.by());
          desk.add(e.deskId());
        }
        case CaseEvent.Supervised e -> staff.add(e.staffId());
        case CaseEvent.HeadAsked e -> {
          staff.add(e.staffId());
          staff.add(e.headId());
        }
        case CaseEvent.HeadAnswered e -> staff.add(e.headId());
        case CaseEvent.HeadMistaken e -> staff.add(e.headId());
        case CaseEvent.HeadReleased e -> staff.add(e.staffId());
        case CaseEvent.ExampleProposed e -> staff.add(e.staffId());
        case CaseEvent.ExampleEnded e -> staff.add(e.staffId());
        case CaseEvent.SupervisionLifted e -> staff.add(e.staffId());
        case CaseEvent.Rejected e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.RejectionTakenBack e -> staff.add(e.staffId());
        case CaseEvent.Appealed e -> desk.add(e.toDesk());
        case CaseEvent.AppealGranted e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.TimeAsked e -> staff.add(e.staffId());
        case CaseEvent.TimeRefused e -> {
          staff.add(e.staffId());
          staff.add(e.askedBy());
        }
        case CaseEvent.TimeRequestEnded e -> staff.add(e.staffId());
        case CaseEvent.PartAsked e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.PartMoved e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.Extended e -> {
          staff.add(e.staffId());
          staff.add(e.askedBy());
        }
        case CaseEvent.Suspended e -> {
          staff.add(e.staffId());
          staff.add(e.askedBy());
        }
        case CaseEvent.Resumed e -> staff.add(e.staffId());
        case CaseEvent.Urged e -> {
          staff.add(e.staffId());
          desk.add(e.deskId());
        }
        case CaseEvent.Drafted e -> staff.add(e.enteredBy());
        case CaseEvent.Supplemented e -> staff.add(e.lookedBy());
        case CaseEvent.TakenBack _,
            CaseEvent.Withdrawn _,
            CaseEvent.LetGo _,
            CaseEvent.Delayed _,
            CaseEvent.StaffSuspected _,
            CaseEvent.RuleApplied _,
            CaseEvent.ExampleAsked _,
            CaseEvent.ExampleAnswered _,
            CaseEvent.HeadSilent _,
            CaseEvent.Asked _,
            CaseEvent.Unreached _,
            CaseEvent.SentToReview _,
            CaseEvent.Archived _,
            CaseEvent.ClockMoved _ -> {}
      }
    }
    staff.removeIf(Objects::isNull);
    desk.removeIf(Objects::isNull);
    return new Names(staff, desk);
  }
}
