package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line of a case's history, derived from its events.
///
/// @param word what happened, such as `claimed`: the sentence's key is `history.<word>` for staff
///   and `progress.<word>` for the resident
/// @param sentence the same in words
/// @param transition the row of the loop's table; null when the state was not touched
/// @param ruleVersion the version of the rules that decided
/// @param text the id of the answer or note that belongs to it
public record Line(
    Instant at,
    String word,
    String sentence,
    @Nullable Transition transition,
    int ruleVersion,
    @Nullable Long text) {}
