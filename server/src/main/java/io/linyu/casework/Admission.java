package io.linyu.casework;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What the communities of a district or a street take on (准入清单), or what is not to be asked of
/// them.
///
/// @param territoryId the district, or the street
/// @param name in a few words
/// @param admitted whether they take it on
/// @param category null: it is no kind of matter
/// @param from its first day
/// @param until the day after its last; null: it goes on
/// @param decidedBy the body that has decided so
/// @param setBy the name of whoever wrote it down; null: it came from a file
public record Admission(
    long id,
    long territoryId,
    String territoryName,
    String name,
    boolean admitted,
    @Nullable String category,
    LocalDate from,
    @Nullable LocalDate until,
    String decidedBy,
    @Nullable String setBy) {
  /// Its last day; null: it goes on.
  public @Nullable LocalDate last() {
    return until == null ? null : until.minusDays(1);
  }

  public boolean isOver(LocalDate today) {
    return until != null && !until.isAfter(today);
  }
}
