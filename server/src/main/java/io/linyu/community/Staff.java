package io.linyu.community;

import static java.util.Objects.requireNonNull;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/// A member of staff, as far as permissions go.
///
/// @param territoryPath everything below it is theirs to see
/// @param desks the desks they work at; what these hold is theirs to see, wherever it is
/// @param credentials how often their password or second factor has changed
public record Staff(
    long id,
    String code,
    String name,
    String role,
    long territoryId,
    String territoryPath,
    Set<Long> desks,
    String language,
    int credentials) {
  private static final String KEY = "linyu.staff";

  public Staff {
    desks = Set.copyOf(desks);
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
}
