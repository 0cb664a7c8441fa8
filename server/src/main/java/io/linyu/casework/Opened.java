package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A case that was just opened: what the resident is told.
///
/// @param code for the link to its page
/// @param deskName who has it now
/// @param contactBy by when somebody makes contact: the earliest of its clocks
/// @param speakerCode for the link of whoever told it for another; null: nobody did
public record Opened(
    CaseId id,
    CaseNumber number,
    String code,
    CaseState state,
    long deskId,
    String deskName,
    Instant contactBy,
    @Nullable String speakerCode) {}
