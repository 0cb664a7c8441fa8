package io.linyu.community;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// One node of the district.
///
/// @param kind what sort of its level it is, such as `urban` or `village`
/// @param estate the name residents use for the estate that a group or building belongs to
/// @param gridId the grid cell that a group or building lies in
/// @param path ids from the root down to this node, `/1/14/203/`: a subtree is a prefix
/// @param phone of the body there by day
/// @param dutyPhone around the clock
/// @param from the first day on which the node exists
/// @param until the first day on which it exists no more; null: not ended
public record Territory(
    long id,
    String code,
    Level level,
    @Nullable String kind,
    String name,
    @Nullable String estate,
    @Nullable Long parentId,
    @Nullable Long gridId,
    String path,
    @Nullable Double latitude,
    @Nullable Double longitude,
    @Nullable String phone,
    @Nullable String dutyPhone,
    LocalDate from,
    @Nullable LocalDate until) {

  /// True for the node itself, too.
  public boolean contains(Territory other) {
    return other.path().startsWith(path);
  }

  public boolean existsOn(LocalDate day) {
    return !day.isBefore(from) && (until == null || day.isBefore(until));
  }
}
