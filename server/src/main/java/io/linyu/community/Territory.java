package io.linyu.community;

import org.jspecify.annotations.Nullable;

/// One node of the district.
///
/// @param estate the name residents use for the estate that a group or building belongs to
/// @param path ids from the root down to this node, `/1/14/203/`: a subtree is a prefix
/// @param phone of the body there by day
/// @param dutyPhone around the clock
public record Territory(
    long id,
    String code,
    Level level,
    @Nullable String kind,
    String name,
    @Nullable String estate,
    @Nullable Long parentId,
    String path,
    @Nullable String phone,
    @Nullable String dutyPhone) {

  public boolean contains(Territory other) {
    return other.path().startsWith(path);
  }
}
