package io.linyu.casework;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of a case's history, derived from its events. The sentence is in the bundles under
/// `history.<word>` for staff and `progress.<word>` for the resident; its places are filled by the
/// words.
///
/// @param word what happened, such as `claimed`
/// @param words the names in it: person, desk, former desk ... as the sentence counts them
/// @param transition the row of the loop's table; null when the state was not touched
/// @param ruleVersion the version of the rules that decided
/// @param text the id of the answer or note that belongs to it
public record Line(
    Instant at,
    String word,
    List<String> words,
    @Nullable Transition transition,
    int ruleVersion,
    @Nullable Long text) {}
