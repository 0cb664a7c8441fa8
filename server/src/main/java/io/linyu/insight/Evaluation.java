package io.linyu.insight;

import io.linyu.casework.CaseId;
import io.linyu.casework.ReturnVisit.Outcome;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.community.Level;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How one case went. Once written it is never changed: what the resident says later, and what is
/// opened again, is another version.
///
/// @param version 1 for its first end; the highest counts. 0: it goes on and was read just now
/// @param at when what made this version happened
/// @param category null: nobody found out what it is
/// @param repeat whether the same person had told of the same kind at the same place within
///   [#AGAIN] before
public record Evaluation(
    CaseId caseId,
    int version,
    Instant at,
    End end,
    @Nullable String category,
    String channel,
    boolean repeat,
    Where where,
    Times times,
    InTime inTime,
    Course course,
    Visit visit) {
  /// Days within which the same is a repetition.
  public static final int AGAIN = 90;

  public enum End {
    /// It goes on: it has not ended yet, or does not count as ended any more.
    OPEN,
    CLOSED,
    REJECTED,
    WITHDRAWN,
    /// It is handled with a known matter.
    MERGED,
    /// Danger to life, with the emergency line from the first moment.
    HANDED_OFF;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Where it lay, by the boundaries of the day on which this was written, and who led.
  ///
  /// @param desk that said it was done; while nobody has, the one that has it
  /// @param body responsible, where the desk held it in its place
  /// @param level that handled it last; null: it was never accepted
  public record Where(
      long territory,
      String path,
      @Nullable Long street,
      @Nullable Long community,
      long desk,
      @Nullable String body,
      @Nullable Level level) {}

  /// @param filed when it was accepted; null: it was not
  /// @param due when the limit of handling was over at last, with what it was extended by and
  ///   without what it waited
  /// @param result when it was said to be done, as it stands; null: nobody has said so
  /// @param ended null: it has not
  /// @param workingMinutes from the first word to the result, without what it waited
  /// @param calendarMinutes from the first word to the result, by the clock on the wall
  public record Times(
      Instant said,
      @Nullable Instant filed,
      @Nullable Instant due,
      @Nullable Instant result,
      @Nullable Instant ended,
      @Nullable Long workingMinutes,
      @Nullable Long calendarMinutes) {}

  /// Null: it was not to be done.
  ///
  /// @param decision accepted or rejected
  /// @param contact somebody spoke to the resident
  /// @param result it was said to be done for the first time
  /// @param closing what it was closed by was done
  public record InTime(
      @Nullable Boolean decision,
      @Nullable Boolean contact,
      @Nullable Boolean result,
      @Nullable Boolean closing) {}

  /// @param dispatches how often a desk was to sign it
  /// @param signedInTime of these
  /// @param checksOverturned of those that found it done: the resident said that it was not, and it
  ///   was done again
  /// @param returns by desks that were to sign it; what was taken back at once counts nowhere
  /// @param transfers while it was worked on
  /// @param endedSuspended whether it was over while it waited, or waits now
  /// @param urges by whomever, or by rule
  /// @param supervised by who leads, or by rule
  /// @param escalated whether it was raised to a wider circle
  /// @param reportsDue on how many working days somebody was to report on it while it was
  ///   supervised; 0 also in what was written before that was counted
  /// @param reportsMade of these
  public record Course(
      int dispatches,
      int signedInTime,
      int checks,
      int checksInTime,
      int checksOverturned,
      int reworks,
      int returns,
      int transfers,
      int extensions,
      int suspensions,
      boolean endedSuspended,
      int urges,
      boolean supervised,
      boolean escalated,
      int reportsDue,
      int reportsMade) {}

  /// The return visit by which it was closed.
  ///
  /// @param outcome null: there was none
  /// @param solved also `NO` for what was ended as impossible while it waited
  /// @param nobody whether there was nobody to be asked: nobody told it, or whoever did had
  ///   withdrawn it, and nobody else waited for it; false also in what was written before that was
  ///   known
  public record Visit(
      @Nullable Outcome outcome,
      @Nullable Solved solved,
      @Nullable Satisfaction satisfied,
      @Nullable Boolean contacted,
      boolean nobody) {}
}
