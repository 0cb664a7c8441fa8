package io.linyu.casework;

import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cases that a member of staff sees beside those of their desks: everything of their
/// territory, where the role is one that looks after a territory; else nothing.
///
/// @param level of the unit by which lists find them: district for all, community for a grid cell;
///   null: none
/// @param unit the id of that street or community
/// @param path of the territory; nothing lies below `-`
/// @param grid the grid cell, or 0
/// @param circles the circles whose confidential cases they see: their own and those below. A
///   complaint about staff is handled above them, and they do not see it
record Scope(@Nullable Level level, long unit, String path, long grid, List<String> circles) {
  /// Those who look after a territory. Departments and mediators see what their desks hold; heads
  /// of groups and buildings, councils and volunteers are asked for help, and see no files.
  static final List<String> ROLES =
      List.of(
          "district_dispatcher",
          "district_inspector",
          "street_dispatcher",
          "street_supervisor",
          "community_secretary",
          "community_deputy",
          "info_officer",
          "grid_worker");

  private static final Scope NOTHING = new Scope(null, 0, "-", 0, List.of());

  static Scope of(Staff staff, Territories territories) {
    return ROLES.contains(staff.role())
        ? of(territories.byId(staff.territoryId()), territories)
        : NOTHING;
  }

  private static Scope of(Territory territory, Territories territories) {
    return switch (territory.level()) {
      case DISTRICT ->
          new Scope(
              Level.DISTRICT, 0, territory.path(), 0, List.of("community", "street", "district"));
      case STREET ->
          new Scope(
              Level.STREET, territory.id(), territory.path(), 0, List.of("community", "street"));
      case COMMUNITY ->
          new Scope(Level.COMMUNITY, territory.id(), territory.path(), 0, List.of("community"));
      case GRID ->
          territories
              .communityOf(territory)
              .map(community ->
                  new Scope(Level.COMMUNITY, community.id(), "-", territory.id(), List.of()))
              .orElse(NOTHING);
      case GROUP, BUILDING -> NOTHING;
    };
  }

  String[] confidential() {
    return circles.toArray(String[]::new);
  }
}
