package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.SplitPages.FormPage;
import io.linyu.casework.SplitPages.Written;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was told in one message, taken apart. A plain form: it works on any telephone.
final class SplitRoutes implements Routes {
  private static final String PAGE = "/console/cases/:code/split";
  private static final int LONGEST_PLACE = 100;

  private final Cases cases;
  private final Splitting splitting;
  private final Categories categories;
  private final Territories territories;
  private final Page page;

  SplitRoutes(Casework casework, Territories territories, Page page) {
    this.cases = casework.cases();
    this.splitting = casework.splitting();
    this.categories = casework.categories();
    this.territories = territories;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::form));
    router.post(PAGE).handler(sequential(this::split));
    router.post(PAGE + "/back").handler(sequential(this::takeBack));
  }

  private void form(RoutingContext rc) {
    Case matter = matter(rc);
    cases.permits(Staff.signedIn(rc), matter).require(Step.SPLIT);
    show(rc, matter, Stream.generate(() -> Written.NOTHING).limit(Splitting.MOST).toList(), null);
  }

  private void show(
      RoutingContext rc, Case matter, List<Written> written, @Nullable Refusal refused) {
    Frame frame = Frame.of(rc);
    if (refused != null) {
      rc.response().setStatusCode(refused.status());
    }
    page.send(
        rc,
        "casework/split",
        new FormPage(
            frame,
            matter,
            Splitting.clauses(matter.what()),
            written,
            CaseViews.groups(categories, frame.words().language()),
            refused == null ? null : frame.words().of(refused)));
  }

  private void split(RoutingContext rc) {
    Case matter = matter(rc);
    List<String> clauses = Splitting.clauses(matter.what());
    var written = new ArrayList<Written>();
    for (int nth = 0; nth < Splitting.MOST; nth++) {
      written.add(written(rc, nth));
    }
    try {
      var others = new ArrayList<Splitting.Matter>();
      for (Written each : written.subList(1, written.size())) {
        if (!each.isEmpty()) {
          others.add(
              new Splitting.Matter(
                  quotes(each, clauses),
                  each.category().isEmpty() ? null : each.category(),
                  meant(each.place(), matter)));
        }
      }
      Case now =
          splitting.split(
              Staff.signedIn(rc),
              matter.id(),
              version(rc),
              quotes(written.getFirst(), clauses),
              others);
      Htmx.see(rc, "/console/cases/" + now.code() + "?done=split" + CaseViews.and(rc));
    } catch (Refusal refused) {
      show(rc, cases.visibleTo(Staff.signedIn(rc), matter.id()), written, refused);
    }
  }

  private static Written written(RoutingContext rc, int nth) {
    var chosen = new HashSet<Integer>();
    for (String each : rc.request().formAttributes().getAll("clause" + nth)) {
      chosen.add((int) number(each));
    }
    return new Written(
        chosen, field(rc, "quote" + nth), field(rc, "category" + nth), field(rc, "place" + nth));
  }

  private static List<String> quotes(Written written, List<String> clauses) {
    return Stream.concat(
            written.chosen().stream()
                .filter(each -> each >= 0 && each < clauses.size())
                .sorted()
                .map(clauses::get),
            Stream.of(written.quote()))
        .filter(each -> !each.isBlank())
        .toList();
  }

  /// As the resident would have said it; only where it can mean but one place.
  private @Nullable Long meant(String typed, Case matter) {
    String sought = typed.strip();
    if (sought.isEmpty()) {
      return null;
    }
    if (sought.length() > LONGEST_PLACE) {
      throw new Refusal("text-too-long", 422, LONGEST_PLACE);
    }
    Territory now = territories.byId(matter.territoryId());
    List<Territory> found =
        territories.findPlaces(sought, territories.communityOf(now).orElse(now));
    if (found.isEmpty()) {
      throw new Refusal("place-not-found", 422, sought);
    }
    if (found.size() > 1) {
      throw new Refusal(
          "place-ambiguous",
          422,
          found.stream().map(this::inFull).distinct().collect(Collectors.joining(", ")));
    }
    return found.getFirst().id();
  }

  private String inFull(Territory place) {
    Level level = place.level() == Level.COMMUNITY ? Level.STREET : Level.COMMUNITY;
    String around = territories.ancestorOf(place, level).map(Territory::name).orElse("");
    String name = territories.nameForResident(place);
    return name.startsWith(around) ? name : around + name;
  }

  private void takeBack(RoutingContext rc) {
    Case now = splitting.takeBack(Staff.signedIn(rc), matter(rc).id(), version(rc));
    Htmx.go(rc, "/console/cases/" + now.code() + "?done=split-back" + CaseViews.and(rc));
  }

  private Case matter(RoutingContext rc) {
    return cases.visibleTo(Staff.signedIn(rc), requireNonNull(rc.pathParam("code")));
  }

  private static int version(RoutingContext rc) {
    return (int) number(field(rc, "version"));
  }

  private static long number(String typed) {
    try {
      return Long.parseLong(typed);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
