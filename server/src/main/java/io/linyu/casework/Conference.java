package io.linyu.casework;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That desks are to sit down together about a case (会商), until they have. Whoever has the case has
/// it all the same.
///
/// @param calledBy null: rule E3
/// @param lateAt by when it is to be held
/// @param startsAt null: nobody has said yet when it is, and so are `place` and `setByName`
/// @param noteId of the note that says what is to be talked about; null: nothing was said
/// @param desks that are asked to come, and see the case until it is over
public record Conference(
    long id,
    Instant calledAt,
    @Nullable Long calledBy,
    Instant lateAt,
    @Nullable Instant startsAt,
    @Nullable String place,
    @Nullable Long noteId,
    @Nullable String setByName,
    List<Long> desks) {
  public Conference {
    desks = List.copyOf(desks);
  }

  public boolean isSet() {
    return startsAt != null;
  }

  boolean asks(long desk) {
    return desks.contains(desk);
  }
}
