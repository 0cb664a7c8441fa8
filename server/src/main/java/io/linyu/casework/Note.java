package io.linyu.casework;

import java.time.Instant;

/// What staff write down for each other. The resident never sees it.
public record Note(long id, long staffId, String staffName, Instant at, String text) {}
