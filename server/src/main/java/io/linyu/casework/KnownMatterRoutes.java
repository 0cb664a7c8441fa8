package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.CasePages.Place;
import io.linyu.casework.KnownMatter.Listing;
import io.linyu.casework.KnownMatter.Members;
import io.linyu.casework.KnownMatter.Plan;
import io.linyu.casework.KnownPages.Alike;
import io.linyu.casework.KnownPages.FormPage;
import io.linyu.casework.KnownPages.KnownPage;
import io.linyu.casework.KnownPages.ListPage;
import io.linyu.casework.KnownPages.Places;
import io.linyu.casework.KnownPages.Preview;
import io.linyu.casework.KnownPages.Row;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Known matters in the console: the list, the short form by which one is published, and the page
/// on which it is updated and ended.
final class KnownMatterRoutes implements Routes {
  private static final int AT_ONCE = 20;
  private static final int MEMBERS_AT_ONCE = 50;
  private static final Duration NEXT_NEWS = Duration.ofHours(2);
  private static final Duration LASTS = Duration.ofHours(24);
  private static final int LONGEST_PLACE = 100;

  /// As a `datetime-local` field has it.
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

  private final KnownMatters known;
  private final Publishing publishing;
  private final Cases cases;
  private final Categories categories;
  private final Territories territories;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;

  KnownMatterRoutes(
      Casework casework, Territories territories, Page page, Clock clock, ZoneId zone) {
    this.known = casework.known();
    this.publishing = casework.publishing();
    this.cases = casework.cases();
    this.categories = casework.categories();
    this.territories = territories;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/known").handler(sequential(this::list));
    router.post("/console/known").handler(sequential(this::publish));
    router.get("/console/known/badge").handler(sequential(this::badge));
    router.get("/console/known/new").handler(sequential(this::form));
    router.get("/console/known/places").handler(sequential(this::places));
    router.post("/console/known/alike").handler(sequential(this::alike));
    router.post("/console/known/preview").handler(sequential(this::preview));
    router.get("/console/known/:code").handler(sequential(this::show));
    router.post("/console/known/:code/words").handler(sequential(this::update));
    router.post("/console/known/:code/end").handler(sequential(this::end));
    router.post("/console/known/:code/withdrawal").handler(sequential(this::withdraw));
    router.post("/console/known/:code/cases").handler(sequential(this::join));
    router.post("/console/known/:code/cases/left").handler(sequential(this::leave));
    router.post("/console/known/:code/cases/back").handler(sequential(this::takeBack));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    boolean over = "true".equals(rc.request().getParam("over"));
    String typed = sought(rc.request().getParam("place"));
    Territory within = typed.isEmpty() ? null : meant(staff, typed);
    Listing found = known.page(staff, within, over, id(rc, "before"), AT_ONCE);
    Frame frame = Frame.of(rc);
    var view =
        new ListPage(
            frame,
            over,
            typed,
            found.entries().stream()
                .map(each ->
                    new Row(
                        each.matter(),
                        place(each.matter()),
                        category(each.matter(), frame.words()),
                        each.joined()))
                .toList(),
            found.next(),
            known.maySpeak(staff));
    boolean more = Htmx.asks(rc) && "more".equals(rc.request().getHeader("HX-Target"));
    page.send(rc, more ? "casework/_known-rows" : "casework/known", view);
  }

  /// The place that the words mean, seen from where they work.
  private Territory meant(Staff staff, String typed) {
    return territories.findPlaces(typed, around(staff)).stream()
        .findFirst()
        .orElseThrow(() -> new Refusal("place-not-found", 422, typed));
  }

  /// What was promised and is due.
  private void badge(RoutingContext rc) {
    long due = known.due(Staff.signedIn(rc));
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(due == 0 ? "" : Long.toString(due));
  }

  private void form(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    if (!known.maySpeak(staff)) {
      throw new Refusal("known-not-yours", 403);
    }
    Frame frame = Frame.of(rc);
    String code = rc.request().getParam("case");
    Case about = code == null ? null : cases.visibleTo(staff, code);
    Territory where = about == null ? around(staff) : territories.byId(about.territoryId());
    List<Place> choice = choice(staff, where);
    String category = about == null ? null : about.categoryCode();
    Alike alike =
        category == null || choice.isEmpty()
            ? alike(frame, List.of())
            : alike(frame, known.alike(staff, category, territories.byId(choice.getFirst().id())));
    Instant next = half(clock.instant().plus(NEXT_NEWS));
    page.send(
        rc,
        "casework/known-form",
        new FormPage(
            frame,
            about,
            choice,
            CaseViews.groups(categories, frame.words().language()),
            category,
            local(next),
            local(next.plus(LASTS)),
            alike));
  }

  /// From the community down to the building itself, then what lies around the community, as far as
  /// it is theirs; the community first, because that is how pipes and cables are laid.
  private List<Place> choice(Staff staff, Territory where) {
    List<Territory> theirs =
        territories.pathOf(where).stream()
            .filter(each -> known.mayPublish(staff, each.path()))
            .toList();
    var choice = new ArrayList<Territory>();
    theirs.stream().filter(each -> each.level() == Level.COMMUNITY).forEach(choice::add);
    theirs.reversed().stream().filter(each -> !choice.contains(each)).forEach(choice::add);
    return choice.stream().map(this::shown).toList();
  }

  private Place shown(Territory place) {
    Level level = place.level() == Level.COMMUNITY ? Level.STREET : Level.COMMUNITY;
    return new Place(
        place.id(),
        territories.nameForResident(place),
        territories.ancestorOf(place, level).map(Territory::name).orElse(""));
  }

  private void places(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String typed = sought(rc.request().getParam("place"));
    List<Place> found =
        typed.isEmpty()
            ? List.of()
            : territories.findPlaces(typed, around(staff)).stream()
                .filter(each -> known.mayPublish(staff, each.path()))
                .map(this::shown)
                .toList();
    page.send(rc, "casework/_known-places", new Places(Frame.of(rc).words(), typed, found));
  }

  private void alike(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String category = field(rc, "category");
    Long place = formId(rc, "territory");
    List<Case> found =
        category == null || category.isEmpty() || place == null
            ? List.of()
            : known.alike(staff, category, territory(place));
    page.send(rc, "casework/_known-alike", alike(Frame.of(rc), found));
  }

  private static Alike alike(Frame frame, List<Case> found) {
    return new Alike(
        frame.words(), frame.moments(), found, found.size() == KnownMatters.JOINED_AT_ONCE);
  }

  private void preview(RoutingContext rc) {
    Frame frame = Frame.of(rc);
    Staff staff = Staff.signedIn(rc);
    String told = Objects.requireNonNullElse(field(rc, "told"), "").strip();
    String next = "";
    try {
      Instant at = moment(rc, "next");
      next = new TimeWords(zone, Words.DEFAULT_LANGUAGE).before(at, clock.instant());
    } catch (Refusal unreadable) {
      next = "……";
    }
    page.send(
        rc,
        "casework/_known-preview",
        new Preview(frame.words(), around(staff).name(), told.isEmpty() ? "……" : told, next));
  }

  private void publish(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Long place = formId(rc, "territory");
    if (place == null) {
      throw new Refusal("known-place-missing", 422);
    }
    KnownMatter now =
        publishing.publish(
            staff,
            Caller.ip(rc),
            plan(rc, place, required(rc, "category")),
            rc.request().formAttributes().getAll("case"));
    Htmx.go(rc, url(now) + "?done=known-published");
  }

  private void show(RoutingContext rc) {
    boolean more = Htmx.asks(rc) && "more".equals(rc.request().getHeader("HX-Target"));
    page.send(rc, more ? "casework/_known-members" : "casework/known-one", view(rc, matter(rc)));
  }

  private KnownPage view(RoutingContext rc, KnownMatter matter) {
    Staff staff = Staff.signedIn(rc);
    Long after = id(rc, "after");
    Members members = known.members(staff, matter, after == null ? 0 : after, MEMBERS_AT_ONCE);
    Frame frame = Frame.of(rc);
    boolean speaks = known.mayPublish(staff, matter.territoryPath());
    Instant now = clock.instant();
    // What is due is asked for anew; what is promised stays until somebody says otherwise.
    Instant next = matter.isDue(now) ? half(now.plus(NEXT_NEWS)) : matter.nextAt();
    Instant until = matter.expiresAt().isBefore(next) ? next.plus(LASTS) : matter.expiresAt();
    List<Case> alike =
        speaks && matter.isCurrent(now)
            ? known.alike(staff, matter.categoryCode(), territories.byId(matter.territoryId()))
            : List.of();
    return new KnownPage(
        frame,
        matter,
        place(matter),
        category(matter, frame.words()),
        known.byName(matter),
        known.joined(staff, matter),
        known.words(staff, matter).reversed(),
        members.members(),
        members.next(),
        speaks && !matter.isOver(),
        speaks && known.mayTakeBack(matter),
        alike(frame, alike),
        local(next),
        local(until));
  }

  private void update(RoutingContext rc) {
    KnownMatter seen = matter(rc);
    KnownMatter now =
        publishing.update(
            Staff.signedIn(rc),
            Caller.ip(rc),
            seen.code(),
            version(rc),
            plan(rc, seen.territoryId(), seen.categoryCode()));
    boolean news = !now.told().equals(seen.told()) || !Objects.equals(now.toldEn(), seen.toldEn());
    Htmx.go(rc, url(now) + "?done=" + (news ? "known-updated" : "known-extended"));
  }

  private void end(RoutingContext rc) {
    KnownMatter now =
        publishing.end(
            Staff.signedIn(rc),
            Caller.ip(rc),
            matter(rc).code(),
            version(rc),
            required(rc, "told"));
    Htmx.go(rc, url(now) + "?done=known-ended");
  }

  private void withdraw(RoutingContext rc) {
    KnownMatter now = publishing.withdraw(Staff.signedIn(rc), Caller.ip(rc), matter(rc).code());
    Htmx.go(rc, url(now) + "?done=known-withdrawn");
  }

  /// Those that are picked of the ones that look the same.
  private void join(RoutingContext rc) {
    KnownMatter matter = matter(rc);
    List<String> picked = rc.request().formAttributes().getAll("case");
    if (picked.isEmpty()) {
      throw new Refusal("several-none", 422);
    }
    Publishing.Taken joined = publishing.join(Staff.signedIn(rc), matter.code(), picked);
    if (!Htmx.asks(rc)) {
      Htmx.see(rc, url(matter) + "?done=known-joined");
      return;
    }
    Htmx.toast(
        rc,
        Frame.of(rc).words().of("done.known-joined-several", joined.cases()),
        new Htmx.Undo(
            "POST",
            url(matter) + "/cases/back",
            Map.of("from", joined.from().toString(), "until", joined.until().toString())));
    page.send(rc, "casework/_known-joined", view(rc, matter));
  }

  /// Those that were joined just now.
  private void takeBack(RoutingContext rc) {
    KnownMatter matter = matter(rc);
    publishing.leave(Staff.signedIn(rc), matter.code(), instant(rc, "from"), instant(rc, "until"));
    Htmx.toast(rc, Frame.of(rc).words().of("done.known-left"), null);
    rc.response().putHeader("HX-Retarget", "#known-like").putHeader("HX-Reswap", "outerHTML");
    page.send(rc, "casework/_known-joined", view(rc, matter));
  }

  private void leave(RoutingContext rc) {
    KnownMatter matter = matter(rc);
    var _ = publishing.leave(Staff.signedIn(rc), required(rc, "case"));
    Htmx.go(rc, url(matter) + "?done=known-left");
  }

  // What was sent.

  private Plan plan(RoutingContext rc, long place, String category) {
    return new Plan(
        place,
        category,
        required(rc, "told"),
        field(rc, "told_en"),
        moment(rc, "next"),
        moment(rc, "until"));
  }

  private KnownMatter matter(RoutingContext rc) {
    return known.visibleTo(Staff.signedIn(rc), requireNonNull(rc.pathParam("code")));
  }

  private Territory territory(long id) {
    try {
      return territories.byId(id);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
  }

  private Territory around(Staff staff) {
    return territories.byId(staff.territoryId());
  }

  private String place(KnownMatter matter) {
    return territories.nameForResident(territories.byId(matter.territoryId()));
  }

  private String category(KnownMatter matter, Words words) {
    return categories
        .named(matter.categoryCode())
        .map(each -> each.name(words.language()))
        .orElse(matter.categoryCode());
  }

  private static String url(KnownMatter matter) {
    return "/console/known/" + matter.code();
  }

  private String local(Instant at) {
    return LOCAL.format(at.atZone(zone));
  }

  /// The next half hour.
  private static Instant half(Instant at) {
    long step = Duration.ofMinutes(30).toSeconds();
    return Instant.ofEpochSecond((at.getEpochSecond() + step - 1) / step * step);
  }

  private Instant moment(RoutingContext rc, String name) {
    try {
      return LocalDateTime.parse(required(rc, name)).atZone(zone).toInstant();
    } catch (DateTimeException unreadable) {
      throw new Refusal("known-time-unreadable", 422);
    }
  }

  private static Instant instant(RoutingContext rc, String name) {
    try {
      return Instant.parse(required(rc, name));
    } catch (DateTimeException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String sought(@Nullable String typed) {
    String sought = typed == null ? "" : typed.strip();
    if (sought.length() > LONGEST_PLACE) {
      throw new Refusal("text-too-long", 422, LONGEST_PLACE);
    }
    return sought;
  }

  private static int version(RoutingContext rc) {
    Long version = formId(rc, "version");
    if (version == null) {
      throw new Refusal("form-outdated", 422);
    }
    return (int) (long) version;
  }

  private static @Nullable Long id(RoutingContext rc, String name) {
    return number(rc.request().getParam(name), "page-unknown");
  }

  private static @Nullable Long formId(RoutingContext rc, String name) {
    return number(field(rc, name), "form-outdated");
  }

  private static @Nullable Long number(@Nullable String value, String refused) {
    try {
      return value == null || value.isEmpty() ? null : Long.valueOf(value);
    } catch (NumberFormatException e) {
      throw new Refusal(refused, 422);
    }
  }

  private static String required(RoutingContext rc, String name) {
    String value = field(rc, name);
    if (value == null || value.isBlank()) {
      throw new Refusal("text-missing", 422);
    }
    return value;
  }

  private static @Nullable String field(RoutingContext rc, String name) {
    return rc.request().getFormAttribute(name);
  }
}
