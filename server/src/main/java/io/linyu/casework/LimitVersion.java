package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One version of the limits. Each clock keeps the version by which it was set.
///
/// @param from null: it was taken back before it began
/// @param change in what it differs from the version before; null: it came with the house
/// @param replay what whoever set it had looked at before
public record LimitVersion(
    int version,
    @Nullable Instant from,
    Replay.@Nullable LimitSet change,
    @Nullable String setBy,
    @Nullable Instant setAt,
    @Nullable Long replay,
    @Nullable String takenBackBy,
    @Nullable Instant takenBackAt) {}
