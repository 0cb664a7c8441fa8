package io.linyu.platform.auth;

import org.jspecify.annotations.Nullable;

/// A column of sealed text. Every one that there is must be known to whoever changes the key.
///
/// @param id the table's key, a `bigint`
/// @param hash the column of the keyed hash that finds the text; null without one
/// @param essential whether the row means nothing without it: when nobody can open it any more, the
///   whole row goes
public record Sealed(
    String table, String id, String column, @Nullable String hash, boolean essential) {}
