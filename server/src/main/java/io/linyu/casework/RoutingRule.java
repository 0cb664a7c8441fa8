package io.linyu.casework;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// Which desk gets a kind of matter at a place, from when until when, and who said so.
///
/// @param category a kind, or a group of kinds: then every kind below it; null: every kind
/// @param territory the place, with everything below it
/// @param from the first day
/// @param until the first day on which it holds no more; null: for ever
/// @param setBy null: it came by a file, or was there before rules had a page
/// @param replay what whoever set it had looked at before
/// @param takenBack it never held, or was taken back on the day it began
public record RoutingRule(
    long id,
    @Nullable String category,
    long territory,
    long desk,
    LocalDate from,
    @Nullable LocalDate until,
    String reason,
    @Nullable String setBy,
    @Nullable Instant setAt,
    @Nullable String endedBy,
    @Nullable Instant endedAt,
    @Nullable String endReason,
    @Nullable Long replay,
    @Nullable Long endReplay,
    boolean takenBack) {

  /// What somebody wants to be a rule.
  ///
  /// @param until the first day on which it holds no more; null: for ever
  public record Plan(
      @Nullable String category,
      long territory,
      long desk,
      LocalDate from,
      @Nullable LocalDate until,
      String reason) {}

  public boolean hasBegun(LocalDate today) {
    return !from.isAfter(today);
  }

  public boolean isOver(LocalDate today) {
    return takenBack || (until != null && !until.isAfter(today));
  }

  /// The last day on which it holds; null: for ever.
  public @Nullable LocalDate last() {
    return until == null ? null : until.minusDays(1);
  }
}
