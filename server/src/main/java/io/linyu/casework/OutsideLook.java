package io.linyu.casework;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A look at a case of another unit: for a while, and only to read.
///
/// @param code for its page
/// @param unit of whoever looks
/// @param words why, in their own
record OutsideLook(
    String code,
    CaseId caseId,
    String staffName,
    String unit,
    Reason reason,
    String words,
    Instant at,
    Instant until) {

  enum Reason {
    /// We have the same matter here.
    SAME,
    /// A colleague there has asked us to.
    ASKED,
    /// Whose it is has moved to us.
    MOVED,
    /// Somebody complains that it is at the wrong desk.
    WRONG_DESK,
    OTHER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Reason> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }
}
