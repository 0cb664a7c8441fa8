package io.linyu.casework;

import java.time.Instant;
import java.util.Locale;

/// Time that whoever has a case asks for, as long as nobody has decided.
///
/// @param askedByName of whoever asked
/// @param noteId of the note that says why
/// @param amount by how much, in the unit of the limit
public record TimeRequest(
    What what, long askedBy, String askedByName, Instant askedAt, long noteId, int amount) {

  /// Words for these are under `time.<word>`.
  public enum What {
    /// A later limit.
    EXTENSION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static What of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }
}
