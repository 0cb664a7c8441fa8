package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who may check what somebody says is done, and ask the resident after it: neither whoever did it
/// nor who answers to them, nobody who has found it done before when it was not, nor whoever took
/// it down, who knows it only as they wrote it.
final class Checkers {
  /// Who answers to whom at one desk: each to those in front of them. Who is not among them answers
  /// to nobody there, and nobody to them.
  private static final List<List<String>> LINES =
      List.of(
          List.of(
              "community_secretary",
              "community_deputy",
              "info_officer",
              "grid_worker",
              "group_head",
              "building_head"),
          List.of("street_supervisor", "street_dispatcher"),
          List.of("district_inspector", "district_dispatcher"));

  private final Territories territories;
  private final Desks desks;
  private final Routing routing;

  Checkers(Territories territories, Desks desks, Routing routing) {
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
  }

  /// The desk nearest to the resident, from the community's upwards, where somebody may check it;
  /// empty: nowhere is anybody but whoever did it and those who answer to them.
  ///
  /// @param lead who says that it is done
  Optional<Desk> deskFor(Case matter, Case.Lead lead, Category category, boolean keptFromThem) {
    Territory place = territories.byId(matter.territoryId());
    Desk nearest = keptFromThem ? routing.taking(matter.level(), place) : routing.acceptance(place);
    List<Desk> upwards =
        Stream.iterate(
                Optional.of(nearest),
                Optional::isPresent,
                desk -> desk.flatMap(desks::fallbackAbove))
            .map(Optional::orElseThrow)
            .filter(desk -> routing.mayHold(category, place, matter.accused(), desk))
            .toList();
    Map<Desk, Map<Long, String>> roles = desks.rolesAt(upwards);
    return upwards.stream()
        .filter(desk ->
            roles.getOrDefault(desk, Map.of()).entrySet().stream()
                .anyMatch(who -> mayCheck(matter, lead, desk, who.getKey(), who.getValue())))
        .findFirst();
  }

  /// Whether somebody who works at this desk may.
  boolean mayCheck(Case matter, Case.Lead lead, Desk at, long staff, String role) {
    if ((lead.staffId() != null && lead.staffId() == staff)
        || matter.passedBy().contains(staff)
        || matter.isEnteredBy(staff)
        || matter.accused().is(staff)) {
      return false;
    }
    return at.id() == lead.deskId()
        ? !answersTo(lead.role(), role)
        : !isBelow(at, lead.deskId()) && !isBetween(at, lead.deskId(), staff);
  }

  /// Whether they act at the one and at the other only since they stand in: what the one says is
  /// done they do not check at the other.
  private boolean isBetween(Desk at, long did, long staff) {
    return desks.isDeputyAt(staff, did)
        || (desks.isDeputyAt(staff, at.id()) && routing.worksThere(desks.byId(did), staff));
  }

  private static boolean answersTo(@Nullable String above, String role) {
    return LINES.stream()
        .anyMatch(line ->
            line.contains(role)
                && line.indexOf(above) >= 0
                && line.indexOf(above) < line.indexOf(role));
  }

  /// The desks of the levels are one line; bodies stand beside it.
  private boolean isBelow(Desk at, long desk) {
    Desk above = desks.byId(desk);
    return at.fallback()
        && above.fallback()
        && territories.byId(above.territoryId()).contains(territories.byId(at.territoryId()));
  }
}
