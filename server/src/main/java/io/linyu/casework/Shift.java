package io.linyu.casework;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One person's hand-over of one desk, from when they hand it over until somebody takes over. What
/// they have stays theirs until then.
///
/// @param toId who was chosen; null: whoever comes next
/// @param toThere whether whoever was chosen works there and is not away
/// @param note what is said of no single case
/// @param takenBy who took over, with their name
/// @param endedAt when it was taken, or taken back
public record Shift(
    long id,
    String code,
    long deskId,
    String deskName,
    long fromId,
    String fromName,
    @Nullable Long toId,
    @Nullable String toName,
    boolean toThere,
    String note,
    State state,
    Instant handedAt,
    @Nullable Long takenBy,
    @Nullable String takenName,
    @Nullable Instant endedAt) {

  /// Words for these are under `shift.state.<word>`.
  public enum State {
    /// It waits for somebody to take over.
    OFFERED,
    TAKEN,
    /// Whoever handed over took it back.
    WITHDRAWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// Why a case is among what is handed over. Words for these are under `shift.kind.<word>`.
  public enum Kind {
    /// Danger to life that rings.
    ALARM,
    OVERDUE,
    /// Falls due in the next hours.
    DUE,
    /// The resident waits for an answer.
    WAITS,
    /// Somebody was called to it and has not answered.
    CALLED,
    /// Of what nothing presses, what whoever hands over has.
    HELD,
    /// Nothing presses, and it is with others, but something was written of it.
    NOTED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// One case of it.
  ///
  /// @param held whether whoever hands over has it
  /// @param keeps whether they go on with it themselves
  /// @param starred whether it is to be looked at first
  public record Line(
      CaseId caseId,
      Kind kind,
      boolean held,
      boolean keeps,
      boolean starred,
      @Nullable String comment,
      boolean passed) {
    /// Whether something was said of it.
    public boolean isMarked() {
      return starred || comment != null;
    }
  }

  /// What was asked back, or answered.
  public record Word(long staffId, String name, Instant at, String text) {}

  /// What somebody is writing before they hand over.
  ///
  /// @param caseId null: it is about no single case
  record Draft(Part part, @Nullable CaseId caseId, String text) {
    enum Part {
      NOTE,
      TO,
      COMMENT,
      STAR,
      KEEP;

      String word() {
        return name().toLowerCase(Locale.ROOT);
      }

      /// Of a case, or of all together.
      boolean isOfCase() {
        return this != NOTE && this != TO;
      }

      static Optional<Part> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
      }
    }

    static String text(List<Draft> drafts, Part part, @Nullable CaseId id) {
      return drafts.stream()
          .filter(each -> each.part == part && java.util.Objects.equals(each.caseId, id))
          .map(Draft::text)
          .findFirst()
          .orElse("");
    }
  }

  public boolean isOffered() {
    return state == State.OFFERED;
  }

  public boolean isFrom(long staff) {
    return fromId == staff;
  }

  /// Whether somebody else was chosen, who can still come.
  public boolean isForAnother(long staff) {
    return toId != null && toId != staff && toThere;
  }
}
