package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An interval during which one desk, and perhaps one person of it, had a case.
///
/// @param until null: it has it now
public record Holding(
    long deskId,
    String deskName,
    @Nullable Long staffId,
    @Nullable String staffName,
    Instant since,
    @Nullable Instant until,
    @Nullable String reason) {}
