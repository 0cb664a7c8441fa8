package io.linyu.community;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Somebody who looks after a building, a group or a grid cell, and can be asked to look.
///
/// @param addressId where they are reached in a chat; null: nowhere
public record Head(
    long staffId,
    String code,
    String name,
    String role,
    long territoryId,
    @Nullable Long addressId) {
  /// The roles of those who are asked.
  public static final Set<String> ROLES = Set.of("building_head", "group_head", "grid_worker");

  /// Those of them who see no case.
  static final Set<String> ASKED_ONLY = Set.of("building_head", "group_head");
}
