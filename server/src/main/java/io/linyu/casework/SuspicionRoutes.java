package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// Whether what seems to complain about staff does. Lifted, it goes where its judge may not see it
/// any more.
final class SuspicionRoutes implements Routes {
  private final Cases cases;
  private final Suspicions suspicions;

  SuspicionRoutes(Casework casework) {
    this.cases = casework.cases();
    this.suspicions = casework.suspicions();
  }

  @Override
  public void mount(Router router) {
    router.post("/console/cases/:code/suspicion").handler(sequential(this::judge));
  }

  private void judge(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    CaseId id = cases.visibleTo(staff, requireNonNull(rc.pathParam("code"))).id();
    int version = version(field(rc, "version"));
    String words = field(rc, "text");
    Case now;
    String done;
    switch (field(rc, "complains")) {
      case "yes" -> {
        now = suspicions.confirm(staff, id, version, words);
        done = "suspicion-confirmed";
      }
      case "no" -> {
        now = suspicions.lift(staff, id, version, words);
        done = "suspicion-lifted";
      }
      case "neighbour" -> {
        now = suspicions.keepFromNeighbour(staff, id, version, words);
        done = "suspicion-neighbour";
      }
      default -> throw new Refusal("form-outdated", 422);
    }
    String to =
        cases.visibleTo(staff, List.of(now.id())).isEmpty()
            ? "/console/cases"
            : "/console/cases/" + now.code();
    Htmx.go(rc, to + "?done=" + done + CaseViews.and(rc));
  }

  private static int version(String typed) {
    try {
      return Integer.parseInt(typed);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
