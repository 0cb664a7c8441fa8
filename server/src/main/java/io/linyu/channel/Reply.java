package io.linyu.channel;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is said in the answer to a delivery itself. A null text acknowledges and says nothing.
///
/// @param at when that was decided, at the first delivery: a repeated one gets the same to the byte
public record Reply(@Nullable String text, Instant at) {}
