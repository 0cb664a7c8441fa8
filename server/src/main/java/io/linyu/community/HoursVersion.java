package io.linyu.community;

import io.linyu.platform.time.WorkingCalendar.Interval;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The hours of a desk as somebody has set them. They hold until the next ones begin.
///
/// @param week null: those of the house again
/// @param holidays whether public holidays and the days that make up for them count
/// @param takenBackBy null: it holds, or will
public record HoursVersion(
    long id,
    LocalDate from,
    @Nullable Map<DayOfWeek, List<Interval>> week,
    boolean holidays,
    String reason,
    String setBy,
    Instant setAt,
    @Nullable String takenBackBy,
    @Nullable Instant takenBackAt) {}
