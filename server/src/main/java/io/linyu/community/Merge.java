package io.linyu.community;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Two persons were found to be one: what moved from the one to the other.
///
/// @param kept who they are since
/// @param gone who has no address any more while it is in force
/// @param staff who joined them; null: the resident did, by a code
/// @param reason in the words of staff; null: none, or erased
/// @param addresses that moved
/// @param cases that moved
/// @param filled the parts of the profile that the one had from the other
/// @param undoneAt null: it is in force
public record Merge(
    long id,
    long kept,
    long gone,
    Instant at,
    @Nullable Long staff,
    @Nullable String reason,
    List<Long> addresses,
    List<Long> cases,
    List<String> filled,
    @Nullable Instant undoneAt) {
  public boolean isInForce() {
    return undoneAt == null;
  }
}
