package io.linyu.casework;

import java.time.Instant;
import java.util.List;

/// What staff write down for each other. The resident never sees it.
///
/// @param pictures the messages of a chat in which its pictures came, and its sound
/// @param spoken whether it was said by voice, and somebody or something has written it down
public record Note(
    long id,
    long staffId,
    String staffName,
    Instant at,
    String text,
    List<Long> pictures,
    boolean spoken) {}
