package io.linyu.community;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// The days on which a member of staff is away, and who stands in for them. Why, nobody is asked.
///
/// @param last its last day
/// @param deputyId a colleague at one of their desks, or of another one; null: nobody
/// @param deskId the desk of theirs at which a deputy of another one acts meanwhile; null: the
///   deputy is a colleague
public record Absence(
    long id,
    long staffId,
    String name,
    LocalDate from,
    LocalDate last,
    @Nullable Long deputyId,
    @Nullable String deputy,
    @Nullable Long deskId) {
  /// Whether this is who stands in.
  public boolean isDeputy(long staff) {
    return deputyId != null && deputyId == staff;
  }
}
