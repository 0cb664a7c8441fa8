package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Why much is due at once.
///
/// @param beganAt since when no server ran; null: a rule was turned live
/// @param endedAt until when, or when it was turned live
/// @param rule that was turned live; null: no server ran
/// @param version of that rule; null: no server ran
public record CatchUp(
    long id,
    @Nullable Instant beganAt,
    Instant endedAt,
    @Nullable LoopRule rule,
    @Nullable Integer version) {}
