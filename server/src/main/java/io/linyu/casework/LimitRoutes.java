package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.LimitPages.HouseLine;
import io.linyu.casework.LimitPages.KindGroup;
import io.linyu.casework.LimitPages.KindLine;
import io.linyu.casework.LimitPages.LimitsPage;
import io.linyu.casework.LimitPages.VersionLine;
import io.linyu.casework.Replay.LimitSet;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How long things may take: everybody may look it up, and the district's dispatchers change it.
final class LimitRoutes implements Routes {
  private static final String PAGE = "/console/limits";
  private static final int VERSIONS = 20;

  private final Limits limits;
  private final Replays replays;
  private final Categories categories;
  private final Page page;

  LimitRoutes(Casework casework, Page page) {
    this.limits = casework.limits();
    this.replays = casework.replays();
    this.categories = casework.categories();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::show));
    router.post(PAGE).handler(sequential(this::change));
    router.post(PAGE + "/:version/back").handler(sequential(this::takeBack));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    Words words = frame.words();
    Rules now = limits.current();
    Limits.Listing listing = limits.page(number(rc.request().getParam("before")), VERSIONS);
    boolean ruling = limits.mayRule(staff);
    page.send(
        rc,
        "casework/limits",
        new LimitsPage(
            frame,
            now.version(),
            Stream.of(Limited.values())
                .filter(each -> !each.isOfKinds())
                .map(each -> new HouseLine(each, LimitPages.limit(now.limit(each, null), words)))
                .toList(),
            groups(now, words),
            CaseViews.groups(categories, words.language()),
            lines(staff, listing.versions(), ruling, words),
            listing.next(),
            ruling,
            limits.today()));
  }

  private List<KindGroup> groups(Rules now, Words words) {
    return CaseViews.groups(categories, words.language()).stream()
        .map(group ->
            new KindGroup(
                group.name(),
                group.categories().stream()
                    .map(each ->
                        new KindLine(
                            each.name(words.language()),
                            LimitPages.limit(now.limit(Limited.FIRST_CONTACT, each), words),
                            LimitPages.limit(now.limit(Limited.HANDLING, each), words),
                            now.own().containsKey(each.code()),
                            others(now.own().get(each.code()), words)))
                    .toList()))
        .toList();
  }

  private static List<String> others(Rules.@Nullable Own own, Words words) {
    return own == null
        ? List.of()
        : Limited.thatMayBeOfKinds().stream()
            .filter(each -> own.of(each) != null)
            .map(each ->
                words.of(
                    "limit.other",
                    words.of("limit." + each.word()),
                    LimitPages.limit(requireNonNull(own.of(each)), words)))
            .toList();
  }

  private List<VersionLine> lines(
      Staff staff, List<LimitVersion> versions, boolean ruling, Words words) {
    Integer last = ruling ? limits.revocable().orElse(null) : null;
    Map<Long, Replay> looked =
        replays.of(
            staff, versions.stream().map(LimitVersion::replay).filter(Objects::nonNull).toList());
    return versions.stream()
        .map(each -> {
          LimitSet change = each.change();
          Long replay = each.replay();
          return new VersionLine(
              each,
              change == null ? "" : LimitPages.what(categories, change, words),
              replay == null ? null : looked.get(replay),
              last != null && last == each.version());
        })
        .toList();
  }

  /// What it would have done is looked at first.
  private void change(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String category = field(rc, "category");
    Integer value = number(field(rc, "value"));
    Limited what =
        Limited.of(field(rc, "what")).orElseThrow(() -> new Refusal("form-outdated", 422));
    // A minute and an hour have one unit only; the field is for the others.
    String unit = what.units().size() == 1 ? what.units().getFirst() : field(rc, "unit");
    Replay replay =
        replays.begin(
            staff,
            new LimitSet(
                what,
                category.isEmpty() ? null : category,
                null,
                value == null ? 0 : value,
                unit,
                day(field(rc, "from")),
                field(rc, "reason")));
    Htmx.go(rc, "/console/replays/" + replay.code());
  }

  private void takeBack(RoutingContext rc) {
    Integer version = number(requireNonNull(rc.pathParam("version")));
    limits.takeBack(Staff.signedIn(rc), Caller.ip(rc), version == null ? 0 : version);
    Htmx.go(rc, PAGE + "?done=limit-taken-back");
  }

  private static LocalDate day(String given) {
    try {
      return LocalDate.parse(given);
    } catch (DateTimeException unreadable) {
      throw new Refusal("known-time-unreadable", 422);
    }
  }

  private static @Nullable Integer number(@Nullable String value) {
    try {
      return value == null || value.isEmpty() ? null : Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String field(RoutingContext rc, String name) {
    return requireNonNullElse(rc.request().getFormAttribute(name), "");
  }
}
