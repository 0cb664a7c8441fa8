package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What has a limit that can be changed. Words for these are under `limit.<word>`.
public enum Limited {
  ACCEPTANCE(Kind.ACCEPTANCE),
  SIGNING(Kind.SIGNING),
  /// Critical matters are signed for day and night.
  SIGNING_CRITICAL(Kind.SIGNING),
  FIRST_CONTACT(Kind.FIRST_CONTACT),
  HANDLING(Kind.HANDLING),
  CHECKING(Kind.CHECK),
  RETURN_VISIT(Kind.RETURN_VISIT),
  /// After it was sent to a desk: that is measured by what was returned, and no clock runs for it.
  RETURNING(null),
  RETURN_DECISION(Kind.RULING),
  LOOKING(Kind.LOOK),
  /// By the other desk of a dispute; likewise.
  VIEWING(null);

  static final String MINUTE = "minute";

  private final @Nullable Kind kind;

  Limited(@Nullable Kind kind) {
    this.kind = kind;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Limited> of(String word) {
    return Stream.of(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /// Of the clocks that run for it; null: none does.
  @Nullable Kind kind() {
    return kind;
  }

  /// Whether each kind of matter has its own.
  public boolean isOfKinds() {
    return this == FIRST_CONTACT || this == HANDLING;
  }

  /// Whether a kind of matter may have its own, and else goes by that of the house. What comes
  /// before anybody has said what it is has none, nor has what is done for many kinds at once by
  /// those who sign, check and ask.
  public boolean mayBeOfKinds() {
    return this == RETURNING || this == RETURN_DECISION || this == LOOKING || this == VIEWING;
  }

  static List<Limited> thatMayBeOfKinds() {
    return Stream.of(values()).filter(Limited::mayBeOfKinds).toList();
  }

  /// Keys under `clock.rule`.
  List<String> units() {
    return switch (this) {
      case SIGNING_CRITICAL -> List.of(MINUTE);
      case FIRST_CONTACT -> List.of("calendar_hour");
      case ACCEPTANCE,
          SIGNING,
          HANDLING,
          CHECKING,
          RETURN_VISIT,
          RETURNING,
          RETURN_DECISION,
          LOOKING,
          VIEWING ->
          List.of("work_hour", "work_day", "calendar_hour");
    };
  }

  /// Whether a clock of this kind, counted in this unit, is meant.
  boolean isCountedIn(String unit) {
    return this == SIGNING ? !unit.equals(MINUTE) : this != SIGNING_CRITICAL || unit.equals(MINUTE);
  }
}
