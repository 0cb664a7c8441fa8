package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Round.Door;
import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Round.State;
import io.linyu.casework.RoundPages.RoundForm;
import io.linyu.casework.RoundPages.RoundLine;
import io.linyu.casework.RoundPages.RoundPage;
import io.linyu.casework.RoundPages.RoundsPage;
import io.linyu.casework.Rounds.Listed;
import io.linyu.casework.Rounds.Wanted;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rounds of visits, and the door before which somebody stands: in plain forms, on a phone.
final class RoundRoutes implements Routes {
  private static final String PATH = "/console/rounds";
  private static final String ONE = PATH + "/:round";

  private final Rounds rounds;
  private final Territories territories;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;

  RoundRoutes(Casework casework, Community community, Page page, Clock clock, ZoneId zone) {
    this.rounds = casework.rounds();
    this.territories = community.territories();
    this.page = page;
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(this::list));
    router.post(PATH).handler(sequential(this::make));
    router.get(PATH + "/new").handler(sequential(rc -> form(rc, Map.of(), null)));
    router.get(ONE).handler(sequential(rc -> show(rc, null)));
    router.post(ONE + "/doors/:nth").handler(sequential(this::visit));
    router.post(ONE + "/end").handler(sequential(rc -> end(rc, true)));
    router.post(ONE + "/again").handler(sequential(rc -> end(rc, false)));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String before = rc.request().getParam("before");
    List<Listed> found =
        rounds.visibleTo(
            staff, before == null || before.isEmpty() ? Long.MAX_VALUE : number(before));
    List<Listed> shown = found.subList(0, Math.min(Rounds.PAGE, found.size()));
    page.send(
        rc,
        "casework/rounds",
        new RoundsPage(
            Frame.of(rc),
            shown.stream()
                .map(each ->
                    new RoundLine(
                        each.round(),
                        place(each.round()),
                        each.doors(),
                        each.over(),
                        isLate(each.round())))
                .toList(),
            rounds.mayMake(staff),
            found.size() > shown.size() ? shown.getLast().round().id() : null));
  }

  private String place(Round round) {
    return territories.nameForResident(territories.byId(round.territoryId()));
  }

  private boolean isLate(Round round) {
    return round.isOpen() && clock.instant().isAfter(round.until());
  }

  private void form(RoutingContext rc, Map<String, String> written, @Nullable Refusal refused) {
    Staff staff = Staff.signedIn(rc);
    if (!rounds.mayMake(staff)) {
      throw new Refusal("round-not-yours", 403);
    }
    Frame frame = Frame.of(rc);
    if (refused != null) {
      rc.response().setStatusCode(refused.status());
    }
    page.send(
        rc,
        "casework/round-form",
        new RoundForm(
            frame,
            rounds.places(staff),
            rounds.candidates(staff),
            written,
            LocalDate.ofInstant(clock.instant(), zone).toString(),
            refused == null ? null : frame.words().of(refused)));
  }

  private void make(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    var written = new HashMap<String, String>();
    rc.request().formAttributes().forEach(each -> written.put(each.getKey(), each.getValue()));
    String code;
    try {
      String place = SpokenRoutes.text(rc, "territory");
      String visitor = SpokenRoutes.text(rc, "visitor");
      code =
          rounds.make(
              staff,
              new Wanted(
                  place.isEmpty() ? null : number(place),
                  Purpose.of(SpokenRoutes.text(rc, "purpose"))
                      .orElseThrow(() -> new Refusal("round-purpose-missing", 422)),
                  day(SpokenRoutes.text(rc, "until")),
                  visitor.isEmpty() ? 0 : number(visitor),
                  SpokenRoutes.text(rc, "lines"),
                  count(SpokenRoutes.text(rc, "units")),
                  count(SpokenRoutes.text(rc, "floors")),
                  count(SpokenRoutes.text(rc, "beside"))));
    } catch (Refusal refused) {
      if (refused.status() != 422) {
        throw refused;
      }
      form(rc, written, refused);
      return;
    }
    Htmx.see(rc, PATH + "/" + code + "?done=round-made");
  }

  private void show(RoutingContext rc, @Nullable Refusal refused) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    Round round = rounds.visibleTo(staff, code(rc));
    Territory where = territories.byId(round.territoryId());
    String asked = rc.request().getParam("door");
    Door door =
        asked == null ? round.next().orElse(null) : round.nth((int) number(asked)).orElse(null);
    if (refused != null) {
      rc.response().setStatusCode(refused.status());
    }
    page.send(
        rc,
        "casework/round",
        new RoundPage(
            frame,
            round,
            where.level() == Level.COMMUNITY ? "" : territories.nameForResident(where),
            territories.byId(round.communityId()).name(),
            isLate(round),
            round.isOpen() ? door : null,
            refused == null ? null : frame.words().of(refused)));
  }

  private void visit(RoutingContext rc) {
    int nth = (int) number(requireNonNull(rc.pathParam("nth")));
    try {
      rounds.visit(
          Staff.signedIn(rc),
          code(rc),
          nth,
          state(SpokenRoutes.text(rc, "state")),
          SpokenRoutes.text(rc, "note"));
    } catch (Refusal refused) {
      if (refused.status() == 404) {
        throw refused;
      }
      show(rc, refused);
      return;
    }
    Htmx.see(rc, PATH + "/" + code(rc));
  }

  private void end(RoutingContext rc, boolean ends) {
    rounds.end(Staff.signedIn(rc), code(rc), ends);
    Htmx.see(rc, PATH + "/" + code(rc));
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("round"));
  }

  private static State state(String word) {
    return switch (word) {
      case "done" -> State.DONE;
      case "attempted" -> State.ATTEMPTED;
      case "refused" -> State.REFUSED;
      case "tasked" -> State.TASKED;
      default -> throw new Refusal("form-outdated", 422);
    };
  }

  private static LocalDate day(String given) {
    try {
      return LocalDate.parse(given);
    } catch (DateTimeException unreadable) {
      throw new Refusal("round-until-wrong", 422);
    }
  }

  private static int count(String given) {
    return given.isEmpty() ? 0 : (int) Math.min(10_000, number(given));
  }

  private static long number(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException nonsense) {
      throw new Refusal("form-outdated", 422);
    }
  }
}
