package io.linyu.community;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which desk goes with a role: the body whose desk somebody works at in their own territory.
final class RoleDesks {
  private static final String COMMITTEE = "D07";
  private static final String STREET_CENTRE = "D02";
  private static final String DISTRICT_CENTRE = "D01";

  /// The roles there are.
  static final Set<String> ROLES =
      Set.of(
          "district_inspector",
          "district_dispatcher",
          "department_handler",
          "street_supervisor",
          "street_dispatcher",
          "community_secretary",
          "community_deputy",
          "grid_worker",
          "mediator",
          "info_officer",
          "council_chair",
          "council_member",
          "group_head",
          "building_head",
          "volunteer");

  private static final Map<String, String> BODIES =
      Map.of(
          "community_deputy", COMMITTEE,
          "community_secretary", COMMITTEE,
          "info_officer", COMMITTEE,
          "grid_worker", "D46",
          "street_dispatcher", STREET_CENTRE,
          "street_supervisor", STREET_CENTRE,
          "district_dispatcher", DISTRICT_CENTRE,
          "district_inspector", DISTRICT_CENTRE);

  private RoleDesks() {}

  /// @param organisation the name of the body somebody works for, which decides for departments;
  ///   heads of groups and buildings, councils and volunteers see their territory and have no desk
  static Optional<Desk> of(
      Directory directory, String role, Territory territory, String organisation) {
    DeskTable desks = directory.desks();
    String body =
        switch (role) {
          case "department_handler" -> organisation;
          // The judicial office leads the mediation of its street.
          case "mediator" -> territory.level() == Level.STREET ? "D55" : "D29";
          default -> BODIES.get(role);
        };
    if (body == null) {
      return Optional.empty();
    }
    return desks
        .body(body)
        .flatMap(found ->
            directory.tree().path(territory).reversed().stream()
                .flatMap(node -> desks.at(found.code(), node.id()).stream())
                .findFirst());
  }
}
