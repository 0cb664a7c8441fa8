package io.linyu.insight;

import io.linyu.casework.CaseId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// That a case is to be left out of the figures: 剔除. Its evaluation stays as it is.
///
/// @param ended the end that is left out
/// @param ledDesk whose work it was
/// @param decision null: nobody has confirmed or refused it, or taken it back before that
/// @param takenBack after it was confirmed
public record Exclusion(
    long id,
    CaseId caseId,
    Instant ended,
    long ledDesk,
    Ground ground,
    Said proposal,
    Set<Long> proposedDesks,
    long proposedPlace,
    @Nullable Outcome outcome,
    @Nullable Said decision,
    @Nullable Said takenBack) {
  public enum Ground {
    /// Nobody could do what is asked for.
    UNREASONABLE,
    OUTSIDE_LAW,
    /// The same again, and nothing new in it.
    REPEAT,
    /// It was handled with another.
    MERGED,
    /// 自然灾害.
    DISASTER;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Ground> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  public enum Outcome {
    CONFIRMED,
    REFUSED,
    TAKEN_BACK;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public record Said(long staff, String name, String reason, Instant at) {}

  /// Whether the figures are told without it.
  public boolean isInForce() {
    return outcome == Outcome.CONFIRMED && takenBack == null;
  }

  public boolean waits() {
    return outcome == null;
  }
}
