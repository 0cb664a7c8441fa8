package io.linyu.casework;

import org.jspecify.annotations.Nullable;

/// A list that somebody has given a name.
///
/// @param list the query of its address
/// @param staffId who has made it
/// @param deskId shared with those who work there; null: private
/// @param deskName of that desk
public record SavedView(
    String code,
    String name,
    String list,
    long staffId,
    @Nullable Long deskId,
    @Nullable String deskName) {}
