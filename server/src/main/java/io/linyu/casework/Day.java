package io.linyu.casework;

import io.linyu.casework.Inbox.Entry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One member of staff's day: what waits for them, in the order in which they would want to know.
///
/// @param since when they were here before; what came later is new
/// @param sections those in which there is something
/// @param mine how many cases they have in all
/// @param closed how many they have closed today
/// @param left desks below of which nobody is there, and what waits at them
public record Day(
    Instant since, List<Section> sections, int mine, int closed, List<LeftDesks.Left> left) {
  /// Words for these are under `day.<word>`.
  public enum Kind {
    /// Danger to life that rings for them.
    ALARMS,
    OVERDUE,
    /// Residents who wrote and have no answer yet.
    UNANSWERED,
    /// Residents who were promised that somebody calls.
    CALLS,
    TODAY,
    TOMORROW,
    /// Begun and not sent.
    DRAFTS,
    /// Came to their desks since they were here.
    NEW,
    /// Theirs, and it is somebody else's turn: to look, to check, to say whether it is solved.
    OTHERS,
    /// What they have closed today.
    CLOSED;

    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// Whether something is left to do.
    boolean waits() {
      return this != OTHERS && this != CLOSED;
    }
  }

  /// @param count up to [Days#MOST], which then means: or more
  /// @param lines the first few
  /// @param url where all of them are; null: nowhere else
  public record Section(Kind kind, int count, List<Item> lines, @Nullable String url) {
    public boolean isMore() {
      return count >= Days.MOST;
    }
  }

  /// @param at what the line is about: due, promised, said
  /// @param entry null: it is an alarm
  public record Item(
      String url, String number, String title, String place, Instant at, @Nullable Entry entry) {}

  /// Whether nothing is left to do.
  public boolean isDone() {
    return sections.stream().noneMatch(each -> each.kind().waits())
        && left.stream().allMatch(each -> each.waiting() == 0);
  }
}
