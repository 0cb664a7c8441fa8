package io.linyu.simulator.wechat;

import java.time.Duration;

/// What is left of the larger window.
///
/// @param of how many it began with; 0 when none is open
public record Quota(int left, int of, Duration lasts) {}
