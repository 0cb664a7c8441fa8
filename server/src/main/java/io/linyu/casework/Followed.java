package io.linyu.casework;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A case as the person who told it follows it, like a parcel.
///
/// @param nextBy until when the next step is promised; null when there is none
/// @param steps what happened, oldest first
/// @param answers what staff answered, oldest first
public record Followed(
    Case matter, List<Line> steps, List<Answer> answers, @Nullable Instant nextBy) {}
