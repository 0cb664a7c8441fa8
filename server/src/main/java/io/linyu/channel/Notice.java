package io.linyu.channel;

import java.time.Instant;

/// What is told where the platform takes fields and no free words. Adapters shorten what is too
/// long for a field.
///
/// @param number of the matter, to be spoken
/// @param matter in short
/// @param state what became of it, in a few characters
/// @param words what staff wrote
/// @param link where all of it can be read
/// @param last the end of the matter, not news on the way
public record Notice(
    String number,
    String matter,
    String state,
    String words,
    Instant at,
    String link,
    String language,
    boolean last) {}
