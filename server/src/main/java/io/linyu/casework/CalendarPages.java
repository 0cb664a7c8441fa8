package io.linyu.casework;

import io.linyu.platform.http.Frame;
import io.linyu.platform.time.WorkingCalendars.Known;
import java.time.LocalDate;
import java.time.Month;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What the page of the working calendar is given.
public final class CalendarPages {
  private CalendarPages() {}

  /// @param clocks how many that run in working time are due in that year
  public record CalendarPage(Frame frame, List<Integer> years, Year year, int clocks) {
    public String month(Month month) {
      return month.getDisplayName(TextStyle.FULL, Locale.of(frame.words().language()));
    }

    /// `2月15日 周日 – 2月23日 周一`.
    public String days(Span span) {
      String first = day(span.first);
      return span.first.equals(span.last) ? first : first + " – " + day(span.last);
    }

    private String day(LocalDate day) {
      var language = Locale.of(frame.words().language());
      String weekday = day.getDayOfWeek().getDisplayName(TextStyle.SHORT, language);
      return frame.words().of("calendar.day", day.getMonthValue(), day.getDayOfMonth(), weekday);
    }
  }

  /// @param sources where its notice is published
  /// @param months what differs from the week, by the month in which it begins
  public record Year(
      int number, boolean provisional, List<String> sources, Map<Month, List<Span>> months) {
    static Year of(int number, boolean provisional, Collection<Known> days) {
      List<Known> inOrder = days.stream().sorted(Comparator.comparing(Known::day)).toList();
      var months = new TreeMap<Month, List<Span>>();
      for (Span each : spans(inOrder)) {
        months.computeIfAbsent(each.first.getMonth(), _ -> new ArrayList<>()).add(each);
      }
      List<String> sources =
          inOrder.stream().map(Known::source).filter(each -> !each.isEmpty()).distinct().toList();
      return new Year(number, provisional, sources, months);
    }

    private static List<Span> spans(List<Known> days) {
      var spans = new ArrayList<Span>();
      for (Known each : days) {
        Span last = spans.isEmpty() ? null : spans.getLast();
        if (last != null && last.goesOn(each)) {
          spans.set(spans.size() - 1, new Span(last.first, each.day(), each.worked(), each.name()));
        } else {
          spans.add(new Span(each.day(), each.day(), each.worked(), each.name()));
        }
      }
      return spans;
    }
  }

  /// Days in a row.
  ///
  /// @param worked whether they make up for days off
  public record Span(LocalDate first, LocalDate last, boolean worked, String name) {
    private boolean goesOn(Known next) {
      return last.plusDays(1).equals(next.day())
          && worked == next.worked()
          && name.equals(next.name());
    }
  }
}
