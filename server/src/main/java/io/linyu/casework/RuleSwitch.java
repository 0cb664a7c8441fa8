package io.linyu.casework;

import io.linyu.casework.LoopRule.Mode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a rule is set, since when, and by whom.
///
/// @param setBy the name of whoever set it; null: it came so with the house
public record RuleSwitch(
    LoopRule rule,
    int version,
    Mode mode,
    @Nullable String reason,
    @Nullable String setBy,
    @Nullable Instant setAt) {
  boolean isDry() {
    return mode == Mode.DRY;
  }
}
