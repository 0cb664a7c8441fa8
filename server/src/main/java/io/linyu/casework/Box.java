package io.linyu.casework;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A box on a wall into which people put slips of paper. Two of those who keep it open it.
///
/// @param code as it is written on the box
/// @param territoryId its community
/// @param place where it hangs, such as 大门口岗亭旁
/// @param days within which it is opened at least once
/// @param dueAt when it is opened next, at the latest
/// @param goneAt when it was taken down; null: it hangs
/// @param openedAt the last time; null: never
/// @param opening the code of the one that goes on; null: it is sealed
/// @param keepers by their names
public record Box(
    long id,
    String code,
    long territoryId,
    String territoryPath,
    String place,
    int days,
    Instant dueAt,
    @Nullable Instant goneAt,
    @Nullable Instant openedAt,
    @Nullable String opening,
    List<Keeper> keepers) {
  /// How many it takes.
  public static final int KEEPERS = 2;

  public record Keeper(long staffId, String name) {}

  public Box {
    keepers = List.copyOf(keepers);
  }

  Box keptBy(List<Keeper> some) {
    return new Box(
        id, code, territoryId, territoryPath, place, days, dueAt, goneAt, openedAt, opening, some);
  }

  public boolean isGone() {
    return goneAt != null;
  }

  public boolean isKeptBy(long staff) {
    return keepers.stream().anyMatch(each -> each.staffId() == staff);
  }

  /// Nobody has opened it for longer than was set.
  public boolean isOverdue(Instant now) {
    return goneAt == null && now.isAfter(dueAt);
  }
}
