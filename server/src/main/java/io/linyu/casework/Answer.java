package io.linyu.casework;

import java.time.Instant;

/// What a member of staff answered the resident.
public record Answer(
    long id, CaseId caseId, long staffId, String staffName, Instant at, String text) {}
