package io.linyu.casework;

import java.time.Instant;

/// When no server ran, and so no desk could work.
///
/// @param from when one last said that it runs
/// @param until when one did again
public record Outage(Instant from, Instant until) {}
