package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What staff have in front of them: lists of cases, the most urgent first, a page at a time.
public final class Inbox {
  /// Words for these are under `inbox.<word>`.
  public enum View {
    /// What I have taken.
    MINE,
    /// What my desks hold.
    DESK,
    /// What my desks hold and nobody has taken.
    UNCLAIMED,
    /// Due within four working hours, of all that I may see.
    DUE_SOON,
    /// Past its time, of all that I may see.
    OVERDUE,
    ALL_OPEN,
    /// Newest first.
    CLOSED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param placeName of the node it lies in
  /// @param called what staff call the person
  /// @param dueAt of its earliest clock; when closed, the time of closing
  /// @param amberAt from here on that is short
  /// @param waits whether the resident said something that nobody answered
  public record Entry(
      CaseId id,
      CaseNumber number,
      String code,
      String title,
      CaseState state,
      Urgency urgency,
      String channel,
      String placeName,
      @Nullable String called,
      long deskId,
      String deskName,
      @Nullable Long staffId,
      @Nullable String staffName,
      Instant saidAt,
      Instant dueAt,
      @Nullable Instant amberAt,
      boolean waits,
      int version) {}

  /// @param next where the next page begins; null: this was the last
  public record Listing(List<Entry> entries, @Nullable String next) {}

  /// How many there are. Closed ones are not counted.
  public record Counts(
      long mine, long desk, long unclaimed, long dueSoon, long overdue, long allOpen) {
    public long of(View view) {
      return switch (view) {
        case MINE -> mine;
        case DESK -> desk;
        case UNCLAIMED -> unclaimed;
        case DUE_SOON -> dueSoon;
        case OVERDUE -> overdue;
        case ALL_OPEN -> allOpen;
        case CLOSED -> 0;
      };
    }
  }

  public Inbox(Db db, Clock clock, Supplier<WorkingCalendar> calendar) {}

  /// @param search a number or the beginning of one, or words of the title
  /// @param cursor from the page before; null: the first
  public Listing page(
      Staff staff, View view, @Nullable String search, @Nullable String cursor, int limit) {
    return pending();
  }

  /// The one line of a case, for live updates; null when it is not theirs to see.
  public @Nullable Entry entry(Staff staff, CaseId id) {
    return pending();
  }

  public Counts counts(Staff staff) {
    return pending();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T pending() {
    throw new IllegalStateException("not yet here");
  }
}
