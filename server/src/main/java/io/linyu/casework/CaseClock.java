package io.linyu.casework;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One time limit of a case.
///
/// @param amberAt from here on it is short
/// @param stoppedAt when what it counts was done; null: it runs
/// @param rule how it was computed, such as `3 work_day by 1f3a90c2`: the limit, and the calendar's
///   version; in hours that a desk has of its own `2 work_hour at 17 by 1f3a90c2`, by their number
/// @param pauses half-open intervals in which it stood still, as one list: from, until, from,
///   until; an odd number: it still does, since the last of them, which is when it stopped
public record CaseClock(
    Kind kind,
    Instant startedAt,
    Instant amberAt,
    Instant dueAt,
    @Nullable Instant stoppedAt,
    String rule,
    int ruleVersion,
    List<Instant> pauses) {
  public CaseClock {
    pauses = List.copyOf(pauses);
  }

  CaseClock(
      Kind kind,
      Instant startedAt,
      Instant amberAt,
      Instant dueAt,
      @Nullable Instant stoppedAt,
      String rule,
      int ruleVersion) {
    this(kind, startedAt, amberAt, dueAt, stoppedAt, rule, ruleVersion, List.of());
  }

  /// Words for these are under `clock.<word>`.
  public enum Kind {
    ACCEPTANCE,
    SIGNING,
    /// Of the desk that decides what becomes of what was returned to it.
    RULING,
    FIRST_CONTACT,
    HANDLING,
    CHECK,
    RETURN_VISIT,
    /// When what is suspended is looked at again; the limit stands still.
    REVIEW,
    /// Of what was not done after all; beside that of handling, which goes on.
    REWORK,
    /// Of what somebody is asked to look at before it is accepted; beside that of acceptance, which
    /// goes on.
    LOOK;

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The number in the rule.
  public String limit() {
    return rule.split(" ", 3)[0];
  }

  /// What it counts, a key under `clock.rule`.
  public String unit() {
    return rule.split(" ", 3)[1];
  }

  CaseClock stopped(Instant at) {
    return new CaseClock(kind, startedAt, amberAt, dueAt, at, rule, ruleVersion, pauses);
  }

  /// Due when it is, by a rule that says so.
  CaseClock by(String newRule) {
    return new CaseClock(kind, startedAt, amberAt, dueAt, stoppedAt, newRule, ruleVersion, pauses);
  }

  /// Whether it stands still and is to run on.
  public boolean isPaused() {
    return stoppedAt != null && pauses.size() % 2 == 1;
  }

  public boolean isRunning() {
    return stoppedAt == null;
  }

  /// Whether the limit was or is missed.
  public boolean isMissed(Instant now) {
    return dueAt.isBefore(stoppedAt == null ? now : stoppedAt);
  }
}
