package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.CasePages.Place;
import io.linyu.casework.Spoken.Teller;
import io.linyu.casework.Spoken.Told;
import io.linyu.casework.SpokenPages.FormPage;
import io.linyu.casework.SpokenPages.FoundPage;
import io.linyu.casework.SpokenPages.Places;
import io.linyu.casework.SpokenPages.Reading;
import io.linyu.casework.SpokenPages.ShownNumber;
import io.linyu.casework.SpokenPages.SlipPage;
import io.linyu.casework.SpokenPages.Tellers;
import io.linyu.casework.SpokenPages.Written;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.Person;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Taking down what somebody says, and the slip that they take along. One plain form: what is on it
/// goes with it, without a script, too.
final class SpokenRoutes implements Routes {
  private static final String NEW = "/console/cases/new";
  private static final String WAY_COOKIE = "linyu_way";
  private static final Duration REMEMBERED = Duration.ofDays(365);
  private static final int LONGEST_PLACE = 100;
  private static final Pattern DOOR = Pattern.compile("([a-z0-9]{16}):([0-9]{1,4})");
  private static final int LONGEST_KEY = 40;
  private static final int KEY_DIGEST = 16;
  private static final int SHORTEST_PHONE = 7;
  private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

  /// So many numbers may be tried at whose they are.
  private static final int NUMBERS = 120;

  private static final Duration WITHIN = Duration.ofMinutes(10);

  /// Which field a sentence belongs to.
  static final Map<String, String> FIELDS =
      Map.of(
          "spoken-what-missing", "what",
          "spoken-no-danger", "what",
          "spoken-place-missing", "place",
          "spoken-place-not-yours", "place",
          "territory-unknown", "place",
          "phone-wrong", "phone",
          "spoken-said-wrong", "said",
          "photos-too-many", "photo",
          "photo-unreadable", "photo");

  private final Spoken spoken;
  private final FreshSlips fresh;
  private final Rounds rounds;
  private final Cases cases;
  private final Categories categories;
  private final KnownMatters known;
  private final Territories territories;
  private final Db db;
  private final RateLimit numbers;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final String publicUrl;

  SpokenRoutes(
      Casework casework,
      Community community,
      Db db,
      Redis redis,
      Page page,
      Clock clock,
      ZoneId zone,
      String publicUrl) {
    this.spoken = casework.spoken();
    this.fresh = new FreshSlips(redis, spoken);
    this.rounds = casework.rounds();
    this.cases = casework.cases();
    this.categories = casework.categories();
    this.known = casework.known();
    this.territories = community.territories();
    this.db = db;
    this.numbers =
        new RateLimit(redis.commands(), redis.prefix() + "spoken-numbers:", NUMBERS, WITHIN);
    this.page = page;
    this.clock = clock;
    this.zone = zone;
    this.publicUrl = publicUrl;
  }

  @Override
  public void mount(Router router) {
    router.get(NEW).handler(sequential(this::form));
    router.post(NEW).handler(sequential(this::file));
    router.post(NEW + "/reading").handler(sequential(this::reading));
    router.post(NEW + "/people").handler(sequential(this::people));
    router.get(NEW + "/places").handler(sequential(this::places));
    router.get("/console/cases/:code/found").handler(sequential(this::found));
    router.get("/console/cases/:code/slip").handler(sequential(this::slip));
    router.post("/console/cases/:code/slip").handler(sequential(this::redraw));
    router.post("/console/cases/:code/number").handler(sequential(this::number));
  }

  // The form.

  private void form(RoutingContext rc) {
    requireTaker(rc);
    Cookie last = rc.request().getCookie(WAY_COOKIE);
    Way known = Way.of(last == null ? null : last.getValue()).orElse(Way.PHONE);
    Way way = Way.of(rc.request().getParam("way")).orElse(known);
    String asked = rc.request().getParam("place");
    String place = asked == null || asked.length() > LONGEST_PLACE ? "" : asked.strip();
    show(
        rc,
        Codes.random(),
        new Written(way, "", place, "", "", "", false, ""),
        Map.of(),
        found(Staff.signedIn(rc), place));
  }

  static Staff requireTaker(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    if (!Spoken.mayTakeDown(staff)) {
      throw new Refusal("spoken-not-yours", 403);
    }
    return staff;
  }

  private void show(
      RoutingContext rc,
      String key,
      Written written,
      Map<String, String> refused,
      List<Place> found) {
    Frame frame = Frame.of(rc);
    Instant now = clock.instant();
    Territory around = spoken.around(Staff.signedIn(rc));
    page.send(
        rc,
        "casework/spoken-form",
        new FormPage(
            frame,
            key,
            written,
            shown(around),
            around.level() == Level.COMMUNITY,
            new Places(frame.words(), written.place(), found),
            CaseViews.groups(categories, frame.words().language()),
            refused,
            reading(rc, written, false),
            local(now.minus(Spoken.LOOKS_BACK).plus(Duration.ofMinutes(1))),
            local(now),
            door(rc)));
  }

  /// What is meant by the words that are being typed.
  private void places(RoutingContext rc) {
    Staff staff = requireTaker(rc);
    String typed = rc.request().getParam("place");
    String sought = typed == null ? "" : typed.strip();
    page.send(
        rc,
        "casework/_spoken-places",
        new Places(Frame.of(rc).words(), sought, found(staff, sought)));
  }

  List<Place> found(Staff staff, String sought) {
    return sought.isEmpty() || sought.length() > LONGEST_PLACE
        ? List.of()
        : territories.findPlaces(sought, spoken.around(staff)).stream()
            .filter(each -> spoken.mayTakeDownAt(staff, each))
            .map(this::shown)
            .toList();
  }

  Place shown(Territory place) {
    Level level = place.level() == Level.COMMUNITY ? Level.STREET : Level.COMMUNITY;
    return new Place(
        place.id(),
        territories.nameForResident(place),
        territories.ancestorOf(place, level).map(Territory::name).orElse(""));
  }

  private void reading(RoutingContext rc) {
    requireTaker(rc);
    page.send(rc, "casework/_spoken-reading", reading(rc, written(rc), true));
  }

  Reading reading(RoutingContext rc, Written written, boolean oob) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    Words words = frame.words();
    String what = written.what();
    Category kind =
        categories
            .named(written.category())
            .or(() -> what.isBlank() ? Optional.empty() : categories.match(what))
            .orElse(null);
    Territory place = kind == null ? null : meant(rc, staff, written).orElse(null);
    return new Reading(
        words,
        frame.moments(),
        what.isBlank() ? null : spoken.danger(staff, what).orElse(null),
        kind == null ? null : kind.name(words.language()),
        kind == null || place == null ? List.of() : spoken.alike(staff, kind.code(), place),
        kind == null || place == null
            ? null
            : known
                .about(kind.code(), place, clock.instant())
                .map(each -> each.told(words.language()))
                .orElse(null),
        oob);
  }

  /// Whose number it is, as soon as it is one.
  private void people(RoutingContext rc) {
    Staff staff = requireTaker(rc);
    String phone = text(rc, "phone");
    List<Person> found = List.of();
    if (phone.replaceAll("[^0-9]", "").length() >= SHORTEST_PHONE) {
      numbers.takeOrRefuse(Long.toString(staff.id()));
      found = spoken.known(staff, phone);
    }
    page.send(
        rc, "casework/_spoken-people", new Tellers(Frame.of(rc).words(), found, homes(found)));
  }

  private Map<Long, String> homes(List<Person> people) {
    var homes = new HashMap<Long, String>();
    for (Person each : people) {
      Long home = each.homeId();
      if (home != null) {
        homes.put(each.id(), territories.nameForResident(territories.byId(home)));
      }
    }
    return homes;
  }

  // Sending it.

  private void file(RoutingContext rc) {
    Staff staff = requireTaker(rc);
    Written written = written(rc);
    Sending sending = sending(rc, written);
    remember(rc, written.way());
    try {
      Told told = told(rc, staff, written);
      String same = text(rc, "same");
      if (!same.isEmpty()) {
        Case matter = spoken.addTo(staff, sending, same, told);
        at(rc).ifPresent(at -> rounds.followUp(staff, at.round(), at.nth(), matter.id()));
        Htmx.see(rc, "/console/cases/" + matter.code() + "?done=spoken-added");
      } else if (!text(rc, "alarm").isEmpty()) {
        Case matter = spoken.file(staff, sending, told, true, along(rc, staff));
        Htmx.see(rc, "/console/cases/" + matter.code() + "?done=spoken-rung");
      } else {
        Case matter = spoken.file(staff, sending, told, false, along(rc, staff));
        String next = matter.isTold() ? "/slip?done=spoken-filed" : "/found";
        Htmx.see(rc, "/console/cases/" + matter.code() + next);
      }
    } catch (Refusal refused) {
      rc.response().setStatusCode(refused.status());
      String field = FIELDS.getOrDefault(refused.code(), "form");
      show(
          rc,
          text(rc, "key"),
          written,
          Map.of(field, Frame.of(rc).words().of(refused)),
          found(staff, written.place()));
    }
  }

  /// A door of a round of visits.
  private record At(String round, int nth) {}

  /// At which it was told, `code:nth`; empty: at none.
  private static String door(RoutingContext rc) {
    String written = text(rc, "door");
    String asked = rc.request().getParam("door");
    return !written.isEmpty() ? written : asked == null ? "" : asked;
  }

  private static Optional<At> at(RoutingContext rc) {
    Matcher door = DOOR.matcher(door(rc));
    return door.matches()
        ? Optional.of(new At(door.group(1), Integer.parseInt(door.group(2))))
        : Optional.empty();
  }

  /// The code is kept for the page that shows it, and the visit knows what came of it.
  private Spoken.Along along(RoutingContext rc, Staff staff) {
    Optional<At> door = at(rc);
    return (tx, id, code) -> {
      door.ifPresent(at -> rounds.followUp(tx, staff, at.round(), at.nth(), id));
      if (code != null) {
        fresh.put(staff, id, code);
      }
    };
  }

  /// The same words of the same form are sent once, however often it is pressed. Other words in a
  /// form that a browser has gone back to are another matter.
  private static Sending sending(RoutingContext rc, Written written) {
    String key = text(rc, "key");
    var _ = new Sending(key);
    if (key.length() > LONGEST_KEY) {
      throw new Refusal("form-outdated", 422);
    }
    return new Sending(key + "-" + Digest.hex(written.what()).substring(0, KEY_DIGEST));
  }

  Told told(RoutingContext rc, Staff staff, Written written) {
    Territory place =
        meant(rc, staff, written).orElseThrow(() -> new Refusal("spoken-place-missing", 422));
    String person = text(rc, "person");
    return new Told(
        written.way(),
        written.what(),
        written.place(),
        place.id(),
        written.category().isEmpty() ? null : written.category(),
        written.confidential(),
        saidAt(written.said()),
        new Teller(
            written.called(),
            written.phone().isEmpty() ? null : written.phone(),
            person.isEmpty() || person.equals("other") ? null : number(person),
            person.equals("other")),
        Photos.taken(rc, clock.instant()));
  }

  /// The place that was chosen; else the only one that the words can mean; else what the writer
  /// looks after, where that is a community.
  private Optional<Territory> meant(RoutingContext rc, Staff staff, Written written) {
    Territory around = spoken.around(staff);
    String chosen = text(rc, "territory");
    // Whoever chose with the places before them that their words can mean has chosen.
    boolean saw = !written.place().isEmpty() && text(rc, "sought").equals(written.place());
    if (!chosen.isEmpty() && (saw || number(chosen) != around.id())) {
      return Optional.of(territory(number(chosen)));
    }
    List<Place> found = found(staff, written.place());
    if (found.size() == 1) {
      return Optional.of(territories.byId(found.getFirst().id()));
    }
    return around.level() == Level.COMMUNITY ? Optional.of(around) : Optional.empty();
  }

  private Territory territory(long id) {
    try {
      return territories.byId(id);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
  }

  private @Nullable Instant saidAt(String local) {
    if (local.isEmpty()) {
      return null;
    }
    try {
      return LocalDateTime.parse(local).atZone(zone).toInstant();
    } catch (DateTimeException unreadable) {
      throw new Refusal("spoken-said-wrong", 422, Spoken.LOOKS_BACK.toDays());
    }
  }

  static Written written(RoutingContext rc) {
    return new Written(
        Way.of(text(rc, "way")).orElse(Way.PHONE),
        text(rc, "what"),
        text(rc, "place"),
        text(rc, "category"),
        text(rc, "called"),
        text(rc, "phone"),
        !text(rc, "confidential").isEmpty(),
        text(rc, "said"));
  }

  static String text(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    return value == null ? "" : value.strip();
  }

  private static long number(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException nonsense) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private String local(Instant at) {
    return LOCAL.format(at.atZone(zone));
  }

  private void remember(RoutingContext rc, Way way) {
    rc.response()
        .addCookie(
            Cookie.cookie(WAY_COOKIE, way.word())
                .setPath(NEW)
                .setMaxAge(REMEMBERED.toSeconds())
                .setHttpOnly(true)
                .setSecure(publicUrl.startsWith("https:"))
                .setSameSite(CookieSameSite.LAX));
  }

  // What whoever took it down sees then.

  /// The one of this code, which they see or have taken down themselves.
  private record Filed(Case matter, boolean isVisible) {}

  private Filed filed(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String code = requireNonNull(rc.pathParam("code"));
    return cases
        .visibleTo(db, staff, code)
        .map(each -> new Filed(each, true))
        .or(() -> spoken.entered(staff, code).map(each -> new Filed(each, false)))
        .orElseThrow(Refusal::notFound);
  }

  /// Nobody waits for an answer: it has its number, and somebody has it.
  private void found(RoutingContext rc) {
    Filed filed = filed(rc);
    if (filed.matter().isTold()) {
      throw Refusal.notFound();
    }
    page.send(rc, "casework/found", new FoundPage(Frame.of(rc), filed.matter(), filed.isVisible()));
  }

  private void slip(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Filed filed = filed(rc);
    Case matter = filed.matter();
    String shown = fresh.of(staff, matter.id()).map(SlipCode::grouped).orElse(null);
    boolean mayDraw = filed.isVisible() && spoken.mayDraw(staff, matter);
    if (shown == null && !mayDraw) {
      throw Refusal.notFound();
    }
    String find = publicUrl + "/h5/find";
    page.send(
        rc,
        "casework/slip",
        new SlipPage(
            Frame.of(rc),
            matter,
            shown,
            shown == null
                ? null
                : QrCode.of(find + "?code=" + URLEncoder.encode(shown, StandardCharsets.UTF_8)),
            find.replaceFirst("^https?://", ""),
            cases.promised(db, matter.id()).orElse(null),
            territories.phoneOf(territories.byId(matter.territoryId())).orElse(null),
            spoken.drawnAt(matter.id()).orElse(null),
            spoken.isReached(matter),
            mayDraw,
            filed.isVisible()));
  }

  private void redraw(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Case matter =
        spoken.redraw(
            staff,
            Caller.ip(rc),
            requireNonNull(rc.pathParam("code")),
            (id, code) -> fresh.put(staff, id, code));
    Htmx.see(rc, "/console/cases/" + matter.code() + "/slip?done=slip-drawn");
  }

  private void number(RoutingContext rc) {
    String phone =
        spoken.number(Staff.signedIn(rc), Caller.ip(rc), requireNonNull(rc.pathParam("code")));
    page.send(rc, "casework/_spoken-number", new ShownNumber(Frame.of(rc).words(), phone));
  }
}
