package io.linyu.casework;

import java.time.Instant;

/// A case that was just opened: what the resident is told.
///
/// @param code for the link to its page
/// @param deskName who has it now
/// @param contactBy by when somebody makes contact: the earliest of its clocks
public record Opened(
    CaseId id,
    CaseNumber number,
    String code,
    CaseState state,
    long deskId,
    String deskName,
    Instant contactBy) {}
