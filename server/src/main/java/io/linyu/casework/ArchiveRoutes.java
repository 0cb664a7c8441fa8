package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.ArchivePages.ArchivePage;
import io.linyu.casework.Archiving.Lackings;
import io.linyu.casework.Archiving.Place;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is closed and not filed away, since something lacks in its file.
final class ArchiveRoutes implements Routes {
  private static final String PAGE = "/console/archive";

  private final Archiving archiving;
  private final Page page;

  ArchiveRoutes(Casework casework, Page page) {
    this.archiving = casework.archiving();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::show));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Place before = before(requireNonNullElse(rc.request().getParam("after"), ""));
    Lackings found = archiving.lacking(staff, before);
    Place next = found.next();
    page.send(
        rc,
        "casework/archive",
        new ArchivePage(
            Frame.of(rc),
            found.cases(),
            next == null ? null : PAGE + "?after=" + next.since() + "_" + next.id()));
  }

  private static @Nullable Place before(String given) {
    int line = given.indexOf('_');
    if (given.isEmpty()) {
      return null;
    }
    try {
      return new Place(
          Instant.parse(given.substring(0, Math.max(0, line))),
          Long.parseLong(given.substring(line + 1)));
    } catch (NumberFormatException | DateTimeException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }
}
