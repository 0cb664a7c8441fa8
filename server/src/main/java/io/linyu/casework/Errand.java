package io.linyu.casework;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What one member of staff is to know of: told in a chat, and passed on to whoever stands in when
/// they do not say that they know. What nobody answered is on the list of those to be telephoned.
///
/// @param alarmId the alarm that rings; null: it is about the case
/// @param partId the part of the case that it is about; null: the case itself
/// @param why what is the matter with it
/// @param occasion which time: since when nobody had it, when it was due, when it was urged, since
///   when it is supervised, the day on which there was no word of it, when it went on, when it was
///   returned, or kept, when it was disputed whose it is, or that could be ruled, when a conference
///   was set, or was to be held
/// @param step how many were called before
/// @param staffId null: the desk has to telephone, because nobody answered or can be called
/// @param number by which they name it, 11 to 99; null: not told yet, or none was free
/// @param since when it was first to be told
public record Errand(
    long id,
    CaseId caseId,
    @Nullable Long alarmId,
    @Nullable Long partId,
    long deskId,
    Why why,
    Instant occasion,
    int step,
    @Nullable Long staffId,
    @Nullable Integer number,
    State state,
    Instant since,
    @Nullable Instant toldAt) {

  /// Words for these are under `errand.why.<word>`.
  public enum Why {
    /// Nobody has taken it.
    NEW,
    /// One of its clocks is short.
    SOON,
    OVERDUE,
    /// Danger to life.
    ALARM,
    /// Somebody urges it.
    URGED,
    /// Somebody who leads supervises it, and waits for word of it.
    SUPERVISED,
    /// It has waited, and goes on since its day has come.
    RESUMED,
    /// A desk has returned it, and this one decides what becomes of it.
    RETURNED,
    /// It was returned, and stays with those who did.
    KEPT,
    /// Their desk is named by one that says the case is not its own, and says how it sees that.
    DISPUTED,
    /// Their desk rules which of two leads.
    TO_RULE,
    /// That was ruled.
    RULED,
    /// Their desk is asked to a conference.
    CONVENED,
    /// One that their desk was to hold was not held in time.
    CONFERENCE_LATE,
    /// What their desk returned goes elsewhere.
    RETURN_AGREED,
    /// Their desk is asked to do a part of it.
    PART_ASKED,
    /// Whose day is near.
    PART_SOON,
    PART_OVERDUE,
    /// Whoever leads urges it.
    PART_URGED,
    /// Whoever leads has an answer to what they asked.
    PART_BACK,
    /// What they were asked is not wanted any more.
    PART_OVER,
    /// A head who was asked to look has answered.
    REPLIED,
    /// Nobody has answered in time.
    UNREPLIED;

    /// Said once, and to be answered by nobody.
    boolean isNews() {
      return this == PART_BACK || this == PART_OVER || isNewsOfParty();
    }

    /// To a desk that may not have it any more, and then is told nothing of the case itself.
    boolean isNewsOfParty() {
      return this == RULED || this == RETURN_AGREED;
    }

    /// To a desk that does not have it, and is to say something of whose it is.
    boolean isOfDispute() {
      return this == DISPUTED || this == TO_RULE;
    }

    /// To somebody who need not have it: they say something of it, and nobody who has it spares
    /// them.
    boolean isOfOthers() {
      return isOfDispute() || this == CONVENED || this == CONFERENCE_LATE;
    }

    /// Who leads is called beside whoever has it, and neither spares the other.
    boolean callsTwo() {
      return this == URGED || this == RESUMED;
    }

    /// Whether nobody needs to know once somebody has taken it.
    boolean isOfUntaken() {
      return this == NEW || this == KEPT;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Why of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  public enum State {
    WAITING,
    TOLD,
    /// Somebody else is called in their place; for a day they may answer it all the same.
    PASSED,
    PHONE,
    ACKNOWLEDGED,
    /// Nobody needs to know any more.
    SETTLED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// When what it is about is or was due; null: it is not by a clock.
  public @Nullable Instant due() {
    return why == Why.SOON || why == Why.OVERDUE ? occasion : null;
  }

  /// Said once, and to be answered by nobody.
  public boolean isNews() {
    return why.isNews();
  }

  boolean isAlarm() {
    return alarmId != null;
  }
}
