package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linyu.community.Level;
import io.linyu.platform.events.DomainEvent;
import io.linyu.platform.events.Vocabulary;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happens to a case. The events of one case form a hash chain: holdings, figures, the
/// timeline and the audit trail are derived from them.
///
/// Each names the row of the loop's table that it went by, and the version of the rules that
/// decided. No text is in here, only ids of rows and salted digests.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CaseEvent.Drafted.class, name = "drafted"),
  @JsonSubTypes.Type(value = CaseEvent.Opened.class, name = "opened"),
  @JsonSubTypes.Type(value = CaseEvent.HandedOff.class, name = "handed_off"),
  @JsonSubTypes.Type(value = CaseEvent.Accepted.class, name = "accepted"),
  @JsonSubTypes.Type(value = CaseEvent.Dispatched.class, name = "dispatched"),
  @JsonSubTypes.Type(value = CaseEvent.Claimed.class, name = "claimed"),
  @JsonSubTypes.Type(value = CaseEvent.Released.class, name = "released"),
  @JsonSubTypes.Type(value = CaseEvent.Returned.class, name = "returned"),
  @JsonSubTypes.Type(value = CaseEvent.ReturnDecided.class, name = "return_decided"),
  @JsonSubTypes.Type(value = CaseEvent.Disputed.class, name = "disputed"),
  @JsonSubTypes.Type(value = CaseEvent.Viewed.class, name = "viewed"),
  @JsonSubTypes.Type(value = CaseEvent.DisputeEnded.class, name = "dispute_ended"),
  @JsonSubTypes.Type(value = CaseEvent.Ruled.class, name = "ruled"),
  @JsonSubTypes.Type(value = CaseEvent.ConferenceCalled.class, name = "conference_called"),
  @JsonSubTypes.Type(value = CaseEvent.ConferenceSet.class, name = "conference_set"),
  @JsonSubTypes.Type(value = CaseEvent.ConferenceAnswered.class, name = "conference_answered"),
  @JsonSubTypes.Type(value = CaseEvent.ConferenceHeld.class, name = "conference_held"),
  @JsonSubTypes.Type(value = CaseEvent.ConferenceEnded.class, name = "conference_ended"),
  @JsonSubTypes.Type(value = CaseEvent.LevelChanged.class, name = "level_changed"),
  @JsonSubTypes.Type(value = CaseEvent.HandedOn.class, name = "handed_on"),
  @JsonSubTypes.Type(value = CaseEvent.Supplemented.class, name = "supplemented"),
  @JsonSubTypes.Type(value = CaseEvent.TakenBack.class, name = "taken_back"),
  @JsonSubTypes.Type(value = CaseEvent.Answered.class, name = "answered"),
  @JsonSubTypes.Type(value = CaseEvent.Noted.class, name = "noted"),
  @JsonSubTypes.Type(value = CaseEvent.Corrected.class, name = "corrected"),
  @JsonSubTypes.Type(value = CaseEvent.AccusedNamed.class, name = "accused_named"),
  @JsonSubTypes.Type(value = CaseEvent.Reported.class, name = "reported"),
  @JsonSubTypes.Type(value = CaseEvent.SentToCheck.class, name = "sent_to_check"),
  @JsonSubTypes.Type(value = CaseEvent.Checked.class, name = "checked"),
  @JsonSubTypes.Type(value = CaseEvent.Asked.class, name = "asked"),
  @JsonSubTypes.Type(value = CaseEvent.Unreached.class, name = "unreached"),
  @JsonSubTypes.Type(value = CaseEvent.Called.class, name = "called"),
  @JsonSubTypes.Type(value = CaseEvent.Rated.class, name = "rated"),
  @JsonSubTypes.Type(value = CaseEvent.SentToReview.class, name = "sent_to_review"),
  @JsonSubTypes.Type(value = CaseEvent.Reopened.class, name = "reopened"),
  @JsonSubTypes.Type(value = CaseEvent.ReportTakenBack.class, name = "report_taken_back"),
  @JsonSubTypes.Type(value = CaseEvent.CheckSkipped.class, name = "check_skipped"),
  @JsonSubTypes.Type(value = CaseEvent.Closed.class, name = "closed"),
  @JsonSubTypes.Type(value = CaseEvent.Archived.class, name = "archived"),
  @JsonSubTypes.Type(value = CaseEvent.Joined.class, name = "joined"),
  @JsonSubTypes.Type(value = CaseEvent.Left.class, name = "left"),
  @JsonSubTypes.Type(value = CaseEvent.Merged.class, name = "merged"),
  @JsonSubTypes.Type(value = CaseEvent.Unmerged.class, name = "unmerged"),
  @JsonSubTypes.Type(value = CaseEvent.StoodIn.class, name = "stood_in"),
  @JsonSubTypes.Type(value = CaseEvent.NobodyThere.class, name = "nobody_there"),
  @JsonSubTypes.Type(value = CaseEvent.StaffSuspected.class, name = "staff_suspected"),
  @JsonSubTypes.Type(value = CaseEvent.SuspicionJudged.class, name = "suspicion_judged"),
  @JsonSubTypes.Type(value = CaseEvent.Split.class, name = "split"),
  @JsonSubTypes.Type(value = CaseEvent.SplitOff.class, name = "split_off"),
  @JsonSubTypes.Type(value = CaseEvent.SplitTakenBack.class, name = "split_taken_back"),
  @JsonSubTypes.Type(value = CaseEvent.FollowerChanged.class, name = "follower_changed"),
  @JsonSubTypes.Type(value = CaseEvent.LetGo.class, name = "let_go"),
  @JsonSubTypes.Type(value = CaseEvent.Summoned.class, name = "summoned"),
  @JsonSubTypes.Type(value = CaseEvent.Delayed.class, name = "delayed"),
  @JsonSubTypes.Type(value = CaseEvent.ClockMoved.class, name = "clock_moved"),
  @JsonSubTypes.Type(value = CaseEvent.Withdrawn.class, name = "withdrawn"),
  @JsonSubTypes.Type(value = CaseEvent.Urged.class, name = "urged"),
  @JsonSubTypes.Type(value = CaseEvent.Supervised.class, name = "supervised"),
  @JsonSubTypes.Type(value = CaseEvent.SupervisionLifted.class, name = "supervision_lifted"),
  @JsonSubTypes.Type(value = CaseEvent.Rejected.class, name = "rejected"),
  @JsonSubTypes.Type(value = CaseEvent.RejectionTakenBack.class, name = "rejection_taken_back"),
  @JsonSubTypes.Type(value = CaseEvent.Appealed.class, name = "appealed"),
  @JsonSubTypes.Type(value = CaseEvent.AppealGranted.class, name = "appeal_granted"),
  @JsonSubTypes.Type(value = CaseEvent.TimeAsked.class, name = "time_asked"),
  @JsonSubTypes.Type(value = CaseEvent.TimeRefused.class, name = "time_refused"),
  @JsonSubTypes.Type(value = CaseEvent.TimeRequestEnded.class, name = "time_request_ended"),
  @JsonSubTypes.Type(value = CaseEvent.Extended.class, name = "extended"),
  @JsonSubTypes.Type(value = CaseEvent.Suspended.class, name = "suspended"),
  @JsonSubTypes.Type(value = CaseEvent.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = CaseEvent.RuleApplied.class, name = "rule_applied"),
  @JsonSubTypes.Type(value = CaseEvent.PartAsked.class, name = "part_asked"),
  @JsonSubTypes.Type(value = CaseEvent.PartMoved.class, name = "part_moved"),
  @JsonSubTypes.Type(value = CaseEvent.HeadAsked.class, name = "head_asked"),
  @JsonSubTypes.Type(value = CaseEvent.HeadAnswered.class, name = "head_answered"),
  @JsonSubTypes.Type(value = CaseEvent.HeadMistaken.class, name = "head_mistaken"),
  @JsonSubTypes.Type(value = CaseEvent.HeadSilent.class, name = "head_silent"),
  @JsonSubTypes.Type(value = CaseEvent.HeadReleased.class, name = "head_released"),
  @JsonSubTypes.Type(value = CaseEvent.ExampleProposed.class, name = "example_proposed"),
  @JsonSubTypes.Type(value = CaseEvent.ExampleAsked.class, name = "example_asked"),
  @JsonSubTypes.Type(value = CaseEvent.ExampleAnswered.class, name = "example_answered"),
  @JsonSubTypes.Type(value = CaseEvent.ExampleEnded.class, name = "example_ended"),
})
public sealed interface CaseEvent extends DomainEvent {
  Vocabulary<CaseEvent> VOCABULARY = new Vocabulary<>("casework", CaseEvent.class, true);

  /// The row of the table; null when the state was not touched.
  @Nullable Transition transition();

  /// The version of the rules.
  int rule();

  /// Told for the first time.
  ///
  /// @param saidAt when its first word was said
  /// @param said digest of the words
  /// @param consentId by which somebody told it for the person; null: they told it themselves
  /// @param enteredBy who of staff took it down, and did not tell it; null: it was told in a chat
  record Drafted(
      Transition transition,
      int rule,
      String number,
      String channel,
      @Nullable Long personId,
      @Nullable Long addressId,
      Instant saidAt,
      List<Long> messageIds,
      String said,
      @Nullable Long consentId,
      @Nullable Long enteredBy)
      implements CaseEvent {
    public Drafted(
        Transition transition,
        int rule,
        String number,
        String channel,
        @Nullable Long personId,
        @Nullable Long addressId,
        Instant saidAt,
        List<Long> messageIds,
        String said) {
      this(
          transition,
          rule,
          number,
          channel,
          personId,
          addressId,
          saidAt,
          messageIds,
          said,
          null,
          null);
    }
  }

  /// Registered: from now on a desk holds it.
  ///
  /// @param confirmed whether the resident confirmed it, or it was handed over all the same
  record Opened(
      Transition transition,
      int rule,
      boolean confirmed,
      boolean confidential,
      Urgency urgency,
      @Nullable String category,
      long territoryId,
      boolean territoryKnown,
      long deskId)
      implements CaseEvent {}

  /// Danger to life: the emergency number was named, the alarm rings.
  record HandedOff(
      Transition transition,
      int rule,
      String kind,
      long territoryId,
      boolean territoryKnown,
      long deskId)
      implements CaseEvent {}

  /// @param staffId null: by rule
  record Accepted(
      Transition transition, int rule, @Nullable Long staffId, String category, Level level)
      implements CaseEvent {}

  /// @param staffId null: by rule
  /// @param body responsible, where the desk holds the case in its place
  /// @param routingRule the routing rule that named the desk; null: the category's default body, or
  ///   a person
  record Dispatched(
      Transition transition,
      int rule,
      @Nullable Long staffId,
      long deskId,
      @Nullable String body,
      @Nullable Long routingRule)
      implements CaseEvent {}

  /// @param from the colleague it was taken over from
  /// @param waitedAt the level it waited at, where taking it accepted it as well; else null
  /// @param by the colleague who gave it; null: they took it themselves
  /// @param shift with which [Shift] of a colleague it passed to them; null: by itself
  /// @param reason digest of why it was given; null: none was said
  /// @param stead whether they stand in for `from`, who was away; null: no
  record Claimed(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long deskId,
      @Nullable Long from,
      @Nullable Level waitedAt,
      @Nullable Long by,
      @Nullable Long shift,
      @Nullable String reason,
      @Nullable Boolean stead)
      implements CaseEvent {
    public Claimed(
        @Nullable Transition transition,
        int rule,
        long staffId,
        long deskId,
        @Nullable Long from,
        @Nullable Level waitedAt) {
      this(transition, rule, staffId, deskId, from, waitedAt, null, null, null);
    }

    public Claimed(
        @Nullable Transition transition,
        int rule,
        long staffId,
        long deskId,
        @Nullable Long from,
        @Nullable Level waitedAt,
        @Nullable Long by,
        @Nullable Long shift,
        @Nullable String reason) {
      this(transition, rule, staffId, deskId, from, waitedAt, by, shift, reason, null);
    }
  }

  /// Put back on the desk. By `T10b` it waits to be signed again; by `T06b` it waits to be
  /// accepted, as it did before it was claimed.
  ///
  /// @param to the colleague it had just been taken over from
  record Released(
      @Nullable Transition transition, int rule, long staffId, long deskId, @Nullable Long to)
      implements CaseEvent {}

  /// The desk that was to sign it did not, and it goes elsewhere.
  ///
  /// @param reason digest of why
  /// @param ground what kind of reason that is, where the desk itself has returned it and another
  ///   decides; null: the desk of the level has sent it elsewhere at once
  /// @param proposed the desk that they name instead; null: none
  /// @param noteId of the note that says why; null: where `ground` is
  /// @param toDesk that decides; null: likewise
  /// @param unlisted whether a community says that it is not on the list of what it takes on, and
  ///   `ground` only that it is not theirs, as the release before knows it; null: no
  /// @param entry of that list, which they name; null: none
  record Returned(
      Transition transition,
      int rule,
      long staffId,
      long fromDesk,
      String reason,
      Returning.@Nullable Ground ground,
      @Nullable Long proposed,
      @Nullable Long noteId,
      @Nullable Long toDesk,
      @Nullable Boolean unlisted,
      @Nullable Long entry)
      implements CaseEvent {
    public Returned(Transition transition, int rule, long staffId, long fromDesk, String reason) {
      this(transition, rule, staffId, fromDesk, reason, null, null, null, null, null, null);
    }

    /// Not a property: it says nothing that is not in the others.
    public boolean waits() {
      return ground != null;
    }
  }

  /// Whether what a desk has returned goes elsewhere. Where it does, where to stands beside this.
  ///
  /// @param transition by which it is with them again; null: it is not
  /// @param deskId that had returned it
  /// @param byDesk that decided
  /// @param noteId of the note that says why not; null: it goes elsewhere
  /// @param reason digest of it; null: likewise
  /// @param unlisted whether a community had said that it is not on its list; null: no
  record ReturnDecided(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long deskId,
      long byDesk,
      boolean agreed,
      @Nullable Long noteId,
      @Nullable String reason,
      @Nullable Boolean unlisted)
      implements CaseEvent {}

  /// Whoever has it says that it is another's.
  ///
  /// @param transition null: they have it all the same
  /// @param byDesk that rules
  /// @param viewUntil until when the other desk is waited for; when it happened: it is not asked
  /// @param noteId of the note that says why
  /// @param reason digest of it
  record Disputed(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long deskId,
      long otherDesk,
      long byDesk,
      Instant viewUntil,
      long noteId,
      String reason)
      implements CaseEvent {}

  /// The other desk says how it sees it.
  ///
  /// @param noteId of the note that says so
  /// @param said digest of it
  record Viewed(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long deskId,
      long noteId,
      String said)
      implements CaseEvent {}

  /// Nobody rules it.
  ///
  /// @param staffId who has taken it back; null: it was over, or went to another desk
  record DisputeEnded(
      @Nullable Transition transition,
      int rule,
      @Nullable Long staffId,
      long deskId,
      long otherDesk)
      implements CaseEvent {}

  /// Who of the two leads. Where that is the one that did not have it, how it went there stands
  /// beside this.
  ///
  /// @param deskId that had it
  /// @param leadDesk one of the two
  /// @param noteId of the note that says why
  /// @param reason digest of it
  record Ruled(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long byDesk,
      long deskId,
      long otherDesk,
      long leadDesk,
      long noteId,
      String reason)
      implements CaseEvent {
    /// Not a property: it says nothing that is not in the others.
    public boolean moves() {
      return leadDesk != deskId;
    }

    /// Likewise.
    public long otherThanLead() {
      return moves() ? deskId : otherDesk;
    }
  }

  /// A rule wants desks to sit down about it.
  ///
  /// @param transition null: whoever has it has it all the same
  /// @param deskId that is to say when and with whom
  /// @param late by when it is to be held
  record ConferenceCalled(
      @Nullable Transition transition, int rule, long conferenceId, long deskId, Instant late)
      implements CaseEvent {}

  /// Who leads says when desks sit down about it, and which.
  ///
  /// @param again whether it was set otherwise before
  /// @param noteId of the note that says what about; null: nothing was said
  /// @param said digest of it
  record ConferenceSet(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long conferenceId,
      Instant starts,
      List<Long> desks,
      boolean again,
      @Nullable Long noteId,
      @Nullable String said)
      implements CaseEvent {}

  /// One of those says whether they come.
  ///
  /// @param noteId of the note that says how they see it; null: nothing was said
  /// @param said digest of it
  record ConferenceAnswered(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long conferenceId,
      long deskId,
      boolean comes,
      @Nullable Long noteId,
      @Nullable String said)
      implements CaseEvent {}

  /// They have sat down. What others are to do by that stands beside this.
  ///
  /// @param parts how many of these there are
  /// @param noteId of the note that says what was decided
  /// @param decided digest of it
  /// @param answerId what whoever told it reads of it; null: only that they sat down
  /// @param said digest of that
  record ConferenceHeld(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long conferenceId,
      int parts,
      long noteId,
      String decided,
      @Nullable Long answerId,
      @Nullable String said)
      implements CaseEvent {}

  /// They do not sit down.
  ///
  /// @param staffId who has called it off; null: the case was over before
  /// @param wasSet whether it was known when they were to
  /// @param noteId of the note that says why; null: likewise
  /// @param reason digest of it
  record ConferenceEnded(
      @Nullable Transition transition,
      int rule,
      @Nullable Long staffId,
      long conferenceId,
      boolean wasSet,
      @Nullable Long noteId,
      @Nullable String reason)
      implements CaseEvent {}

  /// Raised to a wider circle, or sent down.
  ///
  /// @param staffId null: by rule
  record LevelChanged(Transition transition, int rule, @Nullable Long staffId, Level from, Level to)
      implements CaseEvent {}

  /// @param back whether it was taken back at once by the one who had handed it on
  /// @param reason digest of the reason
  record HandedOn(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long fromDesk,
      long toDesk,
      @Nullable String body,
      boolean back,
      String reason)
      implements CaseEvent {}

  /// The resident said more about it.
  ///
  /// @param consentId by which somebody said it for them; null: they said it themselves
  /// @param files how many of the messages were handed in on the page; null: none
  /// @param lookedBy who has said that it complains about nobody of staff, and belongs here after
  ///   all; null: nobody had to
  record Supplemented(
      @Nullable Transition transition,
      int rule,
      List<Long> messageIds,
      @Nullable Long consentId,
      @Nullable Integer files,
      @Nullable Long lookedBy)
      implements CaseEvent {
    public Supplemented(
        @Nullable Transition transition,
        int rule,
        List<Long> messageIds,
        @Nullable Long consentId,
        @Nullable Integer files) {
      this(transition, rule, messageIds, consentId, files, null);
    }

    public Supplemented(
        @Nullable Transition transition,
        int rule,
        List<Long> messageIds,
        @Nullable Long consentId) {
      this(transition, rule, messageIds, consentId, null);
    }
  }

  /// What the resident had handed in on the page is not to be seen after all.
  ///
  /// @param messageIds of the files, of which nothing else is left
  /// @param consentId by which somebody took it back who had handed it in for them; null: they did
  record TakenBack(
      @Nullable Transition transition, int rule, List<Long> messageIds, @Nullable Long consentId)
      implements CaseEvent {}

  /// The resident does not want it any more.
  ///
  /// @param consentId by which somebody said so for them; null: they said so themselves
  record Withdrawn(Transition transition, int rule, @Nullable Long consentId)
      implements CaseEvent {}

  /// It is to be seen to. No clock changes by it.
  ///
  /// @param deskId that had it
  /// @param staffId who urged it; null: whoever told it
  /// @param consentId by which somebody urged it for them; null: they did so themselves, or staff
  record Urged(
      Transition transition,
      int rule,
      long deskId,
      @Nullable Long staffId,
      @Nullable Long consentId)
      implements CaseEvent {}

  /// Somebody who leads sees to it themselves that something is done.
  ///
  /// @param noteId of the note that says why
  /// @param reason digest of it
  record Supervised(Transition transition, int rule, long staffId, long noteId, String reason)
      implements CaseEvent {}

  record SupervisionLifted(Transition transition, int rule, long staffId) implements CaseEvent {}

  /// A rule wanted something of it. What was done stands in the events beside this one, where it
  /// has one of its own.
  ///
  /// @param version of the rule's switch
  /// @param dry whether it was only tried out: nothing was done
  /// @param occasion which time: for each it is applied once
  /// @param other the case that was opened because of this one and others like it; null: this is
  ///   that case, or nothing was opened
  record RuleApplied(
      @Nullable Transition transition,
      int rule,
      LoopRule code,
      int version,
      boolean dry,
      LoopRule.Effect effect,
      Instant occasion,
      @Nullable Long other)
      implements CaseEvent {
    public RuleApplied(
        @Nullable Transition transition,
        int rule,
        LoopRule code,
        int version,
        boolean dry,
        LoopRule.Effect effect,
        Instant occasion) {
      this(transition, rule, code, version, dry, effect, occasion, null);
    }

    boolean isDone(LoopRule of, LoopRule.Effect what) {
      return !dry && code == of && effect == what;
    }
  }

  /// Another desk works along.
  ///
  /// @param transition null: by rule, beside what raised it
  /// @param staffId who asked; null: by rule
  /// @param deskId that is asked
  /// @param contact whether it keeps contact with the resident, having had the case before
  /// @param due by when; null: there is no day
  /// @param noteId of the note that says what is asked; null: to keep contact
  /// @param request digest of it
  record PartAsked(
      @Nullable Transition transition,
      int rule,
      @Nullable Long staffId,
      long partId,
      long deskId,
      boolean contact,
      @Nullable Instant due,
      @Nullable Long noteId,
      @Nullable String request)
      implements CaseEvent {}

  /// What becomes of a part. The case stays as it is.
  ///
  /// @param deskId whose part it is
  /// @param staffId who did it; null: it comes of what stands beside this
  /// @param due by when it is to be done
  /// @param noteId of the note that says what was answered, or why not; null: nothing was said
  /// @param words digest of it
  record PartMoved(
      @Nullable Transition transition,
      int rule,
      Move how,
      long partId,
      long deskId,
      @Nullable Long staffId,
      @Nullable Instant due,
      @Nullable Long noteId,
      @Nullable String words)
      implements CaseEvent {
    public enum Move {
      SIGNED,
      ANSWERED,
      DECLINED,
      URGED,
      EXTENDED,
      CANCELLED,
      LAPSED,
      ENDED
    }

    /// Not a property: whether nothing is to be done any more.
    boolean ends() {
      return switch (how) {
        case SIGNED, URGED, EXTENDED -> false;
        case ANSWERED, DECLINED, CANCELLED, LAPSED, ENDED -> true;
      };
    }
  }

  /// A head of the place is asked to look at something. They hold nothing by it, and no clock of
  /// theirs runs.
  ///
  /// @param staffId who asks
  /// @param headId who is asked
  /// @param requestId see [Request]
  /// @param noteId of the question
  /// @param question digest of it
  record HeadAsked(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long headId,
      long requestId,
      long noteId,
      String question)
      implements CaseEvent {}

  /// @param noteId of what they said
  /// @param photos how many pictures came with it
  /// @param again whether they had answered before, and this is what they say now
  /// @param text digest of what they said
  record HeadAnswered(
      @Nullable Transition transition,
      int rule,
      long headId,
      long requestId,
      Request.Outcome outcome,
      long noteId,
      int photos,
      boolean again,
      String text)
      implements CaseEvent {}

  /// What was taken for an answer was none, and is not kept.
  record HeadMistaken(
      @Nullable Transition transition, int rule, long headId, long requestId, long noteId)
      implements CaseEvent {}

  /// There was no answer by the time that was said; it may still come.
  record HeadSilent(@Nullable Transition transition, int rule, long requestId)
      implements CaseEvent {}

  /// What was asked need not be looked at any more.
  record HeadReleased(@Nullable Transition transition, int rule, long staffId, long requestId)
      implements CaseEvent {}

  /// It is not accepted.
  ///
  /// @param deskId that decided so
  /// @param answerId what the resident is told
  /// @param afterAppeal whether another desk had decided so before, and the resident had asked for
  ///   this one to look; then it is the end
  /// @param text digest of what they are told
  record Rejected(
      Transition transition,
      int rule,
      long staffId,
      long deskId,
      Rejecting.Reason reason,
      long answerId,
      boolean afterAppeal,
      String text)
      implements CaseEvent {}

  /// Before the resident heard of it.
  ///
  /// @param deskId at which it waits again
  /// @param answerId what they would have been told
  record RejectionTakenBack(
      Transition transition, int rule, long staffId, long deskId, long answerId)
      implements CaseEvent {}

  /// The resident wants another desk to look at what was rejected.
  ///
  /// @param fromDesk that rejected it
  /// @param toDesk that decides now
  /// @param consentId by which somebody asked for them; null: they did so themselves
  record Appealed(
      Transition transition, int rule, long fromDesk, long toDesk, @Nullable Long consentId)
      implements CaseEvent {}

  /// The other desk accepts it; that it does stands beside this.
  ///
  /// @param taken whether whoever decided so has taken it in the same moment
  record AppealGranted(
      @Nullable Transition transition, int rule, long staffId, long deskId, boolean taken)
      implements CaseEvent {}

  /// Whoever has it asks for time. No clock changes by it.
  ///
  /// @param howMuch of an extension, such as `2 work_day`; else null
  /// @param kind of a suspension: of which kind its reason is; else null
  /// @param review of a suspension: the day on which it is looked at again; else null
  /// @param noteId of the note that says why
  /// @param reason digest of it
  record TimeAsked(
      @Nullable Transition transition,
      int rule,
      long staffId,
      TimeRequest.What what,
      @Nullable String howMuch,
      TimeRequest.@Nullable Reason kind,
      @Nullable LocalDate review,
      long noteId,
      String reason)
      implements CaseEvent {}

  /// @param askedBy who had asked
  /// @param noteId of the note that says why not
  /// @param reason digest of it
  record TimeRefused(
      @Nullable Transition transition,
      int rule,
      long staffId,
      TimeRequest.What what,
      long askedBy,
      long noteId,
      String reason)
      implements CaseEvent {}

  /// Nobody has to decide any more.
  ///
  /// @param staffId who has taken it back; null: the case is over, or at another desk
  record TimeRequestEnded(
      @Nullable Transition transition, int rule, @Nullable Long staffId, TimeRequest.What what)
      implements CaseEvent {}

  /// The resident's limit is longer, by what was asked for. It counts from where it began.
  ///
  /// @param staffId who granted it
  /// @param askedBy who had asked
  /// @param amount by how much, in the unit of the limit
  /// @param from when it was due
  /// @param to when it is due
  /// @param answerId of the words by which the resident is told why
  /// @param reason digest of them
  record Extended(
      Transition transition,
      int rule,
      long staffId,
      long askedBy,
      int amount,
      Instant from,
      Instant to,
      long answerId,
      String reason)
      implements CaseEvent {}

  /// Nobody can go on now: the limit stands still until a day.
  ///
  /// @param staffId who granted it
  /// @param askedBy who had asked
  /// @param until when it goes on by itself
  /// @param answerId of the words by which the resident is told why
  /// @param reason digest of them
  record Suspended(
      Transition transition,
      int rule,
      long staffId,
      long askedBy,
      TimeRequest.Reason kind,
      Instant until,
      long answerId,
      String reason)
      implements CaseEvent {}

  /// It goes on, and the limit with what was left of it.
  ///
  /// @param staffId who has it and goes on; null: by rule E7, its day has come
  /// @param grantedBy who had granted that it waits
  /// @param due when the limit is over now
  record Resumed(
      Transition transition, int rule, @Nullable Long staffId, long grantedBy, Instant due)
      implements CaseEvent {}

  /// Staff spoke to the resident.
  ///
  /// @param firstContact whether that was the first contact, and stopped its clock
  record Answered(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long answerId,
      boolean firstContact,
      String text)
      implements CaseEvent {}

  record Noted(@Nullable Transition transition, int rule, long staffId, long noteId, String text)
      implements CaseEvent {}

  /// @param what `category` or `territory`
  record Corrected(
      Transition transition, int rule, long staffId, String what, @Nullable String was, String is)
      implements CaseEvent {}

  /// Somebody said whom a complaint about staff is about.
  ///
  /// @param deskId null: no desk
  /// @param accusedId who of staff; null: nobody, and with no desk it is the unit where it happened
  record AccusedNamed(
      Transition transition,
      int rule,
      long staffId,
      @Nullable Long deskId,
      @Nullable Long accusedId)
      implements CaseEvent {}

  /// Somebody of another desk begins to act on it, in the place of whoever is away; said once for
  /// each absence.
  ///
  /// @param deskId at which they stand in
  record StoodIn(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long deskId,
      long absentId,
      long absenceId)
      implements CaseEvent {}

  /// Of the desk that would have it nobody was there, so that another got it.
  record NobodyThere(@Nullable Transition transition, int rule, long deskId, long toDesk)
      implements CaseEvent {}

  /// It seems to complain about staff by name, and is kept from them until somebody has looked.
  ///
  /// @param accusedId who of staff; null: several may be meant
  /// @param waits whether somebody has to look; else its kind says that it is one
  /// @param addedTo the id of the case of which it was said later; null: it was told by itself
  /// @param visit of the return visit in which it was said; null: in none
  record StaffSuspected(
      @Nullable Transition transition,
      int rule,
      @Nullable Long accusedId,
      boolean waits,
      @Nullable Long addedTo,
      @Nullable Long visit)
      implements CaseEvent {}

  /// Somebody has looked.
  ///
  /// @param confirmed whether it is a complaint about them
  record SuspicionJudged(Transition transition, int rule, long staffId, boolean confirmed)
      implements CaseEvent {}

  record Reported(Transition transition, int rule, long staffId, long answerId, String text)
      implements CaseEvent {}

  /// @param deskId where somebody else looks whether it is done
  record SentToCheck(Transition transition, int rule, long deskId) implements CaseEvent {}

  /// Whoever had reported it has it again, before anybody looked.
  record ReportTakenBack(Transition transition, int rule, long staffId, long deskId)
      implements CaseEvent {}

  /// Somebody looked who did not do it.
  ///
  /// @param noteId of what they found
  /// @param found digest of it
  /// @param photos how many pictures they took
  /// @param metres how far from the matter the nearest of them; null: not known
  /// @param explained whether they said why a picture, or its place, lacks
  /// @param toDesk who does it again; null: it is done
  record Checked(
      Transition transition,
      int rule,
      long staffId,
      boolean passed,
      long noteId,
      String found,
      int photos,
      @Nullable Integer metres,
      boolean explained,
      @Nullable Long toDesk)
      implements CaseEvent {}

  /// @param by the member of staff who decided that nobody looks on site; null: by rule
  record CheckSkipped(Transition transition, int rule, @Nullable Long by) implements CaseEvent {}

  /// The resident is asked in the chat whether it is solved.
  ///
  /// @param nth how often they were, with this
  /// @param answerId what they are told was done
  record Asked(@Nullable Transition transition, int rule, long visitId, int nth, long answerId)
      implements CaseEvent {}

  /// No chat reaches them with that question.
  record Unreached(@Nullable Transition transition, int rule, long visitId) implements CaseEvent {}

  /// Somebody telephoned and asked, or nobody answered.
  record Called(
      @Nullable Transition transition,
      int rule,
      long visitId,
      int nth,
      long staffId,
      boolean reached)
      implements CaseEvent {}

  /// The resident says how it is, in part or whole, or otherwise than before.
  ///
  /// @param staffId who heard it by telephone; null: they said it themselves
  /// @param consentId by which somebody said it for them
  /// @param solved a word of [ReturnVisit.Solved]
  /// @param satisfied a word of [ReturnVisit.Satisfaction]
  record Rated(
      @Nullable Transition transition,
      int rule,
      long visitId,
      @Nullable Long staffId,
      @Nullable Long consentId,
      @Nullable String solved,
      @Nullable String satisfied,
      @Nullable Boolean contacted)
      implements CaseEvent {}

  /// They are not content: its desk looks what is to be done.
  record SentToReview(@Nullable Transition transition, int rule, long visitId)
      implements CaseEvent {}

  /// It is done again, before it was closed (`T23`) or after (`T26`).
  ///
  /// @param staffId null: whoever told it says that it is not solved after all
  /// @param consentId by which somebody said so for them; null: they did so themselves, or staff
  /// @param noteId of the note that says why; null: they said it in the chat
  /// @param reason digest of it
  /// @param toDesk who does it again
  /// @param followerId whose teller says so, of those that follow it; null: whoever told this
  record Reopened(
      Transition transition,
      int rule,
      @Nullable Long staffId,
      @Nullable Long consentId,
      @Nullable Long noteId,
      @Nullable String reason,
      long toDesk,
      @Nullable Long followerId)
      implements CaseEvent {}

  /// @param staffId null: by rule
  /// @param answerId what the resident is told
  /// @param exception why neither check nor return visit took place; null: both did, but for what
  ///   nobody told
  /// @param visit how the return visit ended, a word of [ReturnVisit.Outcome]; null: there was none
  record Closed(
      Transition transition,
      int rule,
      @Nullable Long staffId,
      long answerId,
      @Nullable Unchecked exception,
      @Nullable String visit)
      implements CaseEvent {
    /// Not a property: it says nothing that is not in the others.
    public boolean unsolved() {
      return exception == Unchecked.CLOSED_WHILE_SUSPENDED;
    }

    public enum Unchecked {
      /// The handler closed it and told the resident; nobody else looked.
      CLOSED_BY_HANDLER,
      /// It waited and cannot be done at all, as a leader of the level above has said in public. It
      /// counts as not solved.
      CLOSED_WHILE_SUSPENDED
    }
  }

  /// Its file is whole, and is put away.
  record Archived(Transition transition, int rule) implements CaseEvent {}

  /// It is to be published as an example.
  ///
  /// @param exampleId of the text
  /// @param asks whether whoever told it has to agree; else nobody has told it, and it is public
  /// @param replaces whether there was another text, which counts no more
  /// @param text digest of it
  record ExampleProposed(
      Transition transition,
      int rule,
      long staffId,
      long exampleId,
      boolean asks,
      boolean replaces,
      String text)
      implements CaseEvent {}

  /// Whoever told it hears that they are asked.
  record ExampleAsked(@Nullable Transition transition, int rule, long exampleId)
      implements CaseEvent {}

  /// They have said whether it may be public.
  ///
  /// @param yes whether it is, from now on
  record ExampleAnswered(@Nullable Transition transition, int rule, long exampleId, boolean yes)
      implements CaseEvent {}

  /// It is public no more, or not asked about any more.
  ///
  /// @param staffId who has taken it down; null: nobody of staff
  /// @param noteId of the note that says why; null likewise
  /// @param reason digest of it
  record ExampleEnded(
      @Nullable Transition transition,
      int rule,
      @Nullable Long staffId,
      long exampleId,
      ExampleEnded.How how,
      @Nullable Long noteId,
      @Nullable String reason)
      implements CaseEvent {
    public enum How {
      /// They said neither yes nor no.
      SILENT,
      /// They had agreed, and do not any more.
      TAKEN_BACK,
      /// By staff.
      WITHDRAWN
    }
  }

  /// It is handled with a known matter, and its clocks stop.
  ///
  /// @param staffId who joined it; null: the resident said so, or did not object
  /// @param known the id of the known matter
  /// @param had who had it until then
  record Joined(
      Transition transition, int rule, @Nullable Long staffId, long known, @Nullable Long had)
      implements CaseEvent {}

  /// It is another matter after all, and is handled by itself.
  ///
  /// @param staffId null: the resident said so, or nobody ended the known matter in time
  /// @param unsaid whether the resident, who had heard that it was joined, is still to hear of this
  /// @param level at which it is handled; null: of before this was written, that of its category
  record Left(
      Transition transition,
      int rule,
      @Nullable Long staffId,
      long known,
      boolean unsaid,
      @Nullable Level level)
      implements CaseEvent {}

  /// It is handled with another that tells of the same, and its clocks stop.
  ///
  /// @param staffId who saw both
  /// @param masterId the id of the other
  /// @param had who had it until then
  record Merged(Transition transition, int rule, long staffId, long masterId, @Nullable Long had)
      implements CaseEvent {}

  /// It is another matter after all, and is handled by itself.
  ///
  /// @param staffId null: the resident said so
  /// @param unsaid whether the resident, who had heard that it was merged, is still to hear of this
  /// @param level at which it is handled; null: of before this was written, that of its category
  record Unmerged(
      Transition transition,
      int rule,
      @Nullable Long staffId,
      long masterId,
      boolean unsaid,
      @Nullable Level level)
      implements CaseEvent {}

  /// It told of several matters; it goes on with one of them, and the others are cases of their
  /// own.
  ///
  /// @param parts the ids of those
  record Split(Transition transition, int rule, long staffId, List<Long> parts)
      implements CaseEvent {
    public Split {
      parts = List.copyOf(parts);
    }
  }

  /// It was told with another matter, and is a case of its own from now on.
  ///
  /// @param from the id of the one that it was told in
  /// @param contacted when whoever told both was first answered; null: they were not
  record SplitOff(
      @Nullable Transition transition,
      int rule,
      long staffId,
      long from,
      @Nullable Instant contacted)
      implements CaseEvent {}

  /// It was one matter after all, before anybody had heard otherwise.
  ///
  /// @param transition of what had been split off, which is nothing any more; null: of what goes on
  record SplitTakenBack(@Nullable Transition transition, int rule, long staffId)
      implements CaseEvent {}

  /// Something has happened to one that follows it, of which those see who handle both.
  ///
  /// @param followerId the id of that one
  /// @param staffId who did it; null: whoever told it
  record FollowerChanged(
      @Nullable Transition transition,
      int rule,
      long followerId,
      @Nullable Long staffId,
      Change how)
      implements CaseEvent {
    public enum Change {
      JOINED,
      LEFT,
      WITHDRAWN,
      /// Whoever told it said more, or handed something in.
      SAID_MORE,
      /// They were asked whether it is solved, and are not content.
      AGAINST,
      /// They were asked, and no chat reaches them.
      UNREACHED
    }
  }

  /// Whoever told it does not want it any more; it goes on for those that follow it, or because
  /// others may come to harm.
  ///
  /// @param consentId by which somebody said so for them; null: they said so themselves
  /// @param safety whether it goes on though nobody follows it
  record LetGo(@Nullable Transition transition, int rule, @Nullable Long consentId, boolean safety)
      implements CaseEvent {}

  /// What was promised to the resident was not done in time.
  ///
  /// @param clock a word of [CaseClock.Kind]
  /// @param due when it was to be done
  /// @param said whether the resident is to hear of it; not of another delay while nobody has
  ///   answered since
  record Delayed(@Nullable Transition transition, int rule, String clock, Instant due, boolean said)
      implements CaseEvent {}

  /// The calendar has changed, and with it when something is due.
  ///
  /// @param clock a word of [CaseClock.Kind]
  /// @param from when it was due
  /// @param to when it is due
  /// @param calendar the version of the calendar that says so
  /// @param excused whether the resident heard, or was to hear, that it is late, and it is not any
  ///   more
  record ClockMoved(
      @Nullable Transition transition,
      int rule,
      String clock,
      Instant from,
      Instant to,
      String calendar,
      boolean excused)
      implements CaseEvent {}

  /// Somebody was called about it, or answered.
  ///
  /// @param how how far it came
  /// @param why a word of [Errand.Why]
  /// @param deskId whose people are called
  /// @param staffId who was called or reached, or acts; null: nobody is left to be called
  /// @param by who reached them by telephone; else null
  record Summoned(
      @Nullable Transition transition,
      int rule,
      Summoned.How how,
      String why,
      long deskId,
      @Nullable Long staffId,
      @Nullable Long by)
      implements CaseEvent {
    public enum How {
      TOLD,
      /// In the place of whoever did not answer.
      STAND_IN,
      /// On the list of those to be telephoned.
      TELEPHONE,
      ACKNOWLEDGED,
      REACHED,
      /// What stands beside this was done in a chat.
      CHAT,
      /// Not by itself: what a down-time left is told to the desk in one message.
      DIGEST
    }
  }
}
