package io.linyu.casework;

import org.jspecify.annotations.Nullable;

/// Words that are written again and again.
///
/// @param code null: it is one of those that come with the house
/// @param text with places for what is of the case, see [Blanks]
/// @param deskId shared with those who work there; null: private, or of the house
public record CannedReply(
    @Nullable String code,
    String name,
    String text,
    @Nullable Long deskId,
    @Nullable String deskName) {}
