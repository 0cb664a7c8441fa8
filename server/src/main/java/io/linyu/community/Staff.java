package io.linyu.community;

import static java.util.Objects.requireNonNull;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A member of staff, as far as permissions go.
///
/// @param territoryPath everything below it is theirs to see
/// @param desks the desks they work at; what these hold is theirs to see, wherever it is
/// @param standIns at which other desks they stand in today
/// @param credentials how often their password or second factor has changed
public record Staff(
    long id,
    String code,
    String name,
    String role,
    long territoryId,
    String territoryPath,
    Set<Long> desks,
    List<StandIn> standIns,
    String language,
    int credentials) {
  private static final String KEY = "linyu.staff";

  /// For somebody who is away, at a desk that is not their own. What is told in confidence there
  /// stays with those whose desk it is.
  ///
  /// @param desk where they act meanwhile
  /// @param absent who is away
  /// @param absence for whose days
  public record StandIn(long desk, long absent, long absence) {}

  public Staff {
    desks = Set.copyOf(desks);
    standIns = List.copyOf(standIns);
  }

  /// Who sent this request. Only behind the console's guard.
  public static Staff signedIn(RoutingContext rc) {
    return requireNonNull(rc.<Staff>get(KEY), "not behind the console's guard");
  }

  /// For the guard.
  public void enter(RoutingContext rc) {
    rc.put(KEY, this);
  }

  /// Whether what happens at this territory is in their scope.
  public boolean sees(String path) {
    return path.startsWith(territoryPath);
  }

  public boolean worksAt(long desk) {
    return desks.contains(desk);
  }

  /// Whether they do what is to be done at this desk: they work there, or stand in today.
  public boolean actsAt(long desk) {
    return worksAt(desk) || standsInAt(desk).isPresent();
  }

  /// Empty: they work there themselves, or have nothing to do with it.
  public Optional<StandIn> standsInAt(long desk) {
    return standIns.stream().filter(each -> each.desk() == desk).findFirst();
  }

  /// The desks they work at, and those at which they stand in.
  public Set<Long> allDesks() {
    return Stream.concat(desks.stream(), standIns.stream().map(StandIn::desk))
        .collect(Collectors.toUnmodifiableSet());
  }
}
