package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.DeskHours.Book;
import io.linyu.community.HoursVersion;
import io.linyu.platform.http.Frame;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the page of a desk's hours is given.
public final class DeskHoursPages {
  private DeskHoursPages() {}

  /// @param now its hours in words, and when it opens again
  /// @param typed what the form begins with: the hours of the present, or what was looked at
  /// @param sets whether the reader may set them
  /// @param look what was looked at; null: nothing yet
  public record HoursPage(
      Frame frame,
      Desk desk,
      String now,
      Book book,
      Typed typed,
      boolean sets,
      LocalDate today,
      @Nullable HoursLook look) {
    public String url() {
      return DeskHoursPages.url(desk);
    }

    public String dayName(DayOfWeek day) {
      return day.getDisplayName(TextStyle.FULL, Locale.of(frame.words().language()));
    }

    public String hours(HoursVersion version) {
      return HoursWords.hours(version.week(), version.holidays(), frame.words());
    }

    /// A key under `hours.is`.
    public String standing(HoursVersion version) {
      Long now = book.now();
      return version.takenBackBy() != null
          ? "taken-back"
          : now != null && now == version.id()
              ? "now"
              : version.from().isAfter(today) ? "planned" : "over";
    }

    public boolean isRevocable(HoursVersion version) {
      Long last = book.revocable();
      return sets && last != null && last == version.id();
    }
  }

  /// As somebody has written it.
  ///
  /// @param house whether it works when the house does
  public record Typed(
      boolean house, Map<DayOfWeek, String> days, boolean holidays, String from, String reason) {
    public String day(DayOfWeek day) {
      return days.getOrDefault(day, "");
    }
  }

  /// @param hours in words
  public record HoursLook(
      Frame frame, Desk desk, String hours, Typed typed, LocalDate from, HoursReplay replay) {
    public String url() {
      return DeskHoursPages.url(desk);
    }

    public List<DayOfWeek> days() {
      return List.of(DayOfWeek.values());
    }
  }

  static String url(Desk desk) {
    return "/console/desks/" + desk.id() + "/hours";
  }
}
