package io.linyu.casework;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// That the desk which was to sign a case has returned it instead, as long as nobody has decided
/// whether it goes elsewhere.
///
/// @param deskId that has returned it
/// @param byName of whoever did so there
/// @param proposedDeskId the desk that they name instead; null: none
/// @param noteId of the note that says why
/// @param entryName what of the list of what communities take on they name; null: nothing
public record CaseReturn(
    long deskId,
    String deskName,
    long by,
    String byName,
    Instant at,
    Returning.Ground ground,
    @Nullable Long proposedDeskId,
    @Nullable String proposedDeskName,
    long noteId,
    @Nullable String entryName) {
  /// Whether a community says that it is not on its list.
  public boolean unlisted() {
    return ground == Returning.Ground.NOT_LISTED;
  }
}
