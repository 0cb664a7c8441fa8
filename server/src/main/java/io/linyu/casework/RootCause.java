package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What comes back at one place, as rule E4 has found it.
///
/// @param caseId the matter that was opened one level up; null: the rule was only tried out
/// @param version of the rule's switch
/// @param reporters how many people told of it within a week; all of whom nothing is known count as
///   one
/// @param closed how many had been closed within a month
public record RootCause(
    long id,
    long territoryId,
    String categoryCode,
    @Nullable CaseId caseId,
    int version,
    int reporters,
    int closed,
    Instant at) {
  /// One that belongs to it, as somebody sees it who may.
  public record Link(String code, String number, String title, CaseState state, Instant saidAt) {}
}
