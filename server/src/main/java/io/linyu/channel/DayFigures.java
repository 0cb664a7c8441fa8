package io.linyu.channel;

import org.jspecify.annotations.Nullable;

/// What the platform itself counts of an account in a day of its own. Null where it does not say,
/// which is so for some until the next morning.
///
/// @param came how many people began to follow
/// @param total how many follow
/// @param writers how many people wrote
/// @param messages that they wrote
/// @param calls of our server for them
/// @param failures of these
/// @param slowest of these, in milliseconds
public record DayFigures(
    @Nullable Long came,
    @Nullable Long left,
    @Nullable Long total,
    @Nullable Long writers,
    @Nullable Long messages,
    @Nullable Long calls,
    @Nullable Long failures,
    @Nullable Long slowest) {}
