package io.linyu.casework;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Time that whoever has a case asks for, as long as nobody has decided.
///
/// @param askedByName of whoever asked
/// @param noteId of the note that says why
/// @param amount of an extension: by how much, in the unit of the limit; else 0
/// @param reason of a suspension: of which kind; else null
/// @param review of a suspension: the day on which it is looked at again; else null
public record TimeRequest(
    What what,
    long askedBy,
    String askedByName,
    Instant askedAt,
    long noteId,
    int amount,
    @Nullable Reason reason,
    @Nullable LocalDate review) {

  public enum What {
    /// A later limit.
    EXTENSION,
    /// Nobody can go on now: the limit stands still until a day.
    SUSPENSION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static What of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// Why nobody can go on. Words for these are under `suspend.reason.<word>`.
  public enum Reason {
    /// Such as planting, or painting outside.
    SEASON,
    /// Works that are planned for later.
    WORKS_PLAN,
    /// A court, an arbitration, a notice that has to run.
    LAW_PROCEDURE,
    /// Somebody whose consent it needs says no.
    THIRD_PARTY,
    /// What was left from long ago, and nobody can solve alone.
    HISTORY;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Reason> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }
}
