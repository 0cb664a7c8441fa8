package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// That a desk was silent until a case was raised (rule E2): 通报. It names the desk, and nobody of
/// it.
///
/// @param code of the case, and `occasion` which time: what it is named by
/// @param categoryCode null: nobody has said what kind of matter it is
/// @param deskId that was silent
/// @param redAt since when its limit was over
/// @param raisedAt when it was raised for that
/// @param spokeAt when somebody of the desk said a word after that; null: nobody has
/// @param nowDesk that has it now, or had it last
/// @param word of the desk, on why
/// @param asked for it to be struck off, and `decided` by the next level
/// @param struck by that; false also where nobody has decided
public record Criticism(
    CaseId caseId,
    String code,
    String number,
    @Nullable String categoryCode,
    String path,
    Instant occasion,
    long deskId,
    String deskName,
    Instant redAt,
    Instant raisedAt,
    @Nullable Instant spokeAt,
    CaseState state,
    String nowDesk,
    @Nullable Said word,
    @Nullable Said asked,
    @Nullable Said decided,
    boolean struck) {
  /// @param by the desk, or the place for which somebody leads
  public record Said(long staff, String by, String text, Instant at) {}

  public boolean waits() {
    return asked != null && decided == null;
  }
}
