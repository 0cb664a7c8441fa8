package io.linyu.insight;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The days of which somebody wants the figures.
///
/// @param to the first day that does not belong to it
public record Period(Kind kind, LocalDate from, LocalDate to) {
  private static final long MONTHS_OF_A_QUARTER = 3;

  /// The longest of one's own choice, in days.
  static final long LONGEST = 366;

  public enum Kind {
    MONTH,
    LAST_MONTH,
    QUARTER,
    OWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Period {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(from + " is not before " + to);
    }
  }

  /// As somebody has chosen it in an address; this month where that is nothing that can be read.
  ///
  /// @param last the last day of one's own choice, which belongs to it
  static Period chosen(
      @Nullable String kind, @Nullable String from, @Nullable String last, LocalDate today) {
    Kind wanted =
        Arrays.stream(Kind.values())
            .filter(each -> each.word().equals(kind))
            .findFirst()
            .orElse(Kind.MONTH);
    LocalDate month = today.withDayOfMonth(1);
    return switch (wanted) {
      case MONTH -> new Period(wanted, month, month.plusMonths(1));
      case LAST_MONTH -> new Period(wanted, month.minusMonths(1), month);
      case QUARTER -> {
        LocalDate begin = month.minusMonths((month.getMonthValue() - 1) % MONTHS_OF_A_QUARTER);
        yield new Period(wanted, begin, begin.plusMonths(MONTHS_OF_A_QUARTER));
      }
      case OWN -> own(day(from, month), day(last, today));
    };
  }

  /// The two in their order, and no longer than may be.
  private static Period own(LocalDate one, LocalDate other) {
    LocalDate from = one.isAfter(other) ? other : one;
    LocalDate to = (one.isAfter(other) ? one : other).plusDays(1);
    LocalDate longest = from.plusDays(LONGEST);
    return new Period(Kind.OWN, from, to.isAfter(longest) ? longest : to);
  }

  private static LocalDate day(@Nullable String given, LocalDate otherwise) {
    try {
      return given == null || given.isEmpty() ? otherwise : LocalDate.parse(given);
    } catch (DateTimeException unreadable) {
      return otherwise;
    }
  }

  /// The last day that belongs to it.
  public LocalDate last() {
    return to.minusDays(1);
  }

  /// What it is compared with: the month, the quarter, or as many days before.
  public Period before() {
    return switch (kind) {
      case MONTH, LAST_MONTH -> new Period(kind, from.minusMonths(1), from);
      case QUARTER -> new Period(kind, from.minusMonths(MONTHS_OF_A_QUARTER), from);
      case OWN -> new Period(kind, from.minusDays(ChronoUnit.DAYS.between(from, to)), from);
    };
  }

  /// Whether it begins and ends with a month. Only of these is told what residents said: of days of
  /// one's own choice, two that differ by a day would tell what somebody said on that day.
  boolean isOfWholeMonths() {
    return from.getDayOfMonth() == 1 && to.getDayOfMonth() == 1;
  }
}
