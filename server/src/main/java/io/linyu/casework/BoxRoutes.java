package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.BoxOpening.Became;
import io.linyu.casework.BoxOpening.Slip;
import io.linyu.casework.BoxPages.BoxForm;
import io.linyu.casework.BoxPages.BoxLine;
import io.linyu.casework.BoxPages.BoxesPage;
import io.linyu.casework.BoxPages.OpeningPage;
import io.linyu.casework.BoxPages.OverduePart;
import io.linyu.casework.BoxPages.SlipFormPage;
import io.linyu.casework.SpokenPages.Places;
import io.linyu.casework.SpokenPages.Written;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Sandboxed;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.QrCode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The opinion boxes, and opening one: on a phone beside the box, with one hand, in plain forms.
final class BoxRoutes implements Routes {
  private static final String PATH = "/console/boxes";
  private static final String OPENING = PATH + "/openings/:opening";

  /// Photos in ten minutes, by one keeper: more than anybody takes.
  private static final int SENDINGS = 300;

  private static final Duration WITHIN = Duration.ofMinutes(10);

  private final Boxes boxes;
  private final BoxOpenings openings;
  private final Cases cases;
  private final Spoken spoken;
  private final Categories categories;
  private final Territories territories;
  private final SpokenRoutes form;
  private final RateLimit sendings;
  private final Page page;
  private final Clock clock;
  private final String publicUrl;

  BoxRoutes(
      Casework casework,
      Community community,
      SpokenRoutes form,
      Redis redis,
      Page page,
      Clock clock,
      String publicUrl) {
    this.boxes = casework.boxes();
    this.openings = casework.boxOpenings();
    this.cases = casework.cases();
    this.spoken = casework.spoken();
    this.categories = casework.categories();
    this.territories = community.territories();
    this.form = form;
    this.sendings =
        new RateLimit(redis.commands(), redis.prefix() + "box-photos:", SENDINGS, WITHIN);
    this.page = page;
    this.clock = clock;
    this.publicUrl = publicUrl;
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(this::list));
    router.post(PATH).handler(sequential(rc -> save(rc, null)));
    router.get(PATH + "/new").handler(sequential(this::anew));
    router.get(PATH + "/overdue").handler(sequential(this::overdue));
    router.get(OPENING).handler(sequential(rc -> opening(rc, null)));
    router.post(OPENING + "/confirmation").handler(sequential(this::confirm));
    router.post(OPENING + "/count").handler(sequential(this::recount));
    router.post(OPENING + "/end").handler(sequential(this::callOff));
    router.post(OPENING + "/seal").handler(sequential(this::seal));
    router.post(OPENING + "/slips").handler(sequential(this::photograph));
    router.get(OPENING + "/slips/:nth").handler(sequential(this::slip));
    router.get(OPENING + "/slips/:nth/photo").handler(sequential(this::photo));
    router.post(OPENING + "/slips/:nth/photo").handler(sequential(this::retake));
    router.post(OPENING + "/slips/:nth/cases").handler(sequential(this::file));
    router.post(OPENING + "/slips/:nth/aside").handler(sequential(this::setAside));
    router.post(OPENING + "/slips/:nth/aside/end").handler(sequential(this::takeBack));
    router.get(PATH + "/:box").handler(sequential(this::edit));
    router.post(PATH + "/:box").handler(sequential(rc -> save(rc, box(rc))));
    router.post(PATH + "/:box/openings").handler(sequential(this::begin));
    router.post(PATH + "/:box/end").handler(sequential(rc -> hang(rc, false)));
    router.post(PATH + "/:box/hanging").handler(sequential(rc -> hang(rc, true)));
  }

  // Boxes.

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String after = rc.request().getParam("after");
    List<Box> found = boxes.visibleTo(staff, after == null ? "" : after);
    List<Box> shown = found.subList(0, Math.min(Boxes.PAGE, found.size()));
    Instant now = clock.instant();
    page.send(
        rc,
        "casework/boxes",
        new BoxesPage(
            Frame.of(rc),
            shown.stream()
                .map(each ->
                    new BoxLine(
                        each,
                        territories.byId(each.territoryId()).name(),
                        each.isKeptBy(staff.id()),
                        boxes.mayManage(staff, each),
                        each.isOverdue(now)))
                .toList(),
            boxes.mayHang(staff),
            found.size() > shown.size() ? shown.getLast().code() : null));
  }

  private void overdue(RoutingContext rc) {
    page.send(
        rc,
        "casework/_boxes-overdue",
        new OverduePart(Frame.of(rc), boxes.overdueFor(Staff.signedIn(rc))));
  }

  private void anew(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    if (!boxes.mayHang(staff)) {
      throw new Refusal("box-not-yours", 403);
    }
    String community = territories.byId(staff.territoryId()).code();
    form(rc, null, community + "-1", "", Boxes.USUAL_DAYS, Set.of(staff.id()), null);
  }

  private void edit(RoutingContext rc) {
    Box box = boxes.managedBy(Staff.signedIn(rc), box(rc));
    Set<Long> chosen = box.keepers().stream().map(Box.Keeper::staffId).collect(toSet());
    form(rc, box, box.code(), box.place(), box.days(), chosen, null);
  }

  private void form(
      RoutingContext rc,
      @Nullable Box box,
      String code,
      String place,
      int days,
      Set<Long> chosen,
      @Nullable Refusal refused) {
    Frame frame = Frame.of(rc);
    if (refused != null) {
      rc.response().setStatusCode(refused.status());
    }
    page.send(
        rc,
        "casework/box-form",
        new BoxForm(
            frame,
            box,
            code,
            place,
            days,
            chosen,
            boxes.candidates(Staff.signedIn(rc)),
            refused == null ? null : frame.words().of(refused)));
  }

  private void save(RoutingContext rc, @Nullable String code) {
    Staff staff = Staff.signedIn(rc);
    String place = SpokenRoutes.text(rc, "place");
    int days = number(SpokenRoutes.text(rc, "days"));
    List<Long> keepers =
        rc.request().formAttributes().getAll("keeper").stream().map(BoxRoutes::id).toList();
    String written = SpokenRoutes.text(rc, "code");
    try {
      if (code == null) {
        var _ = boxes.hang(staff, Caller.ip(rc), written, place, days, keepers);
      } else {
        boxes.change(staff, Caller.ip(rc), code, place, days, keepers);
      }
    } catch (Refusal refused) {
      if (refused.status() == 403 || refused.status() == 404) {
        throw refused;
      }
      Box box = code == null ? null : boxes.managedBy(staff, code);
      form(rc, box, box == null ? written : box.code(), place, days, Set.copyOf(keepers), refused);
      return;
    }
    Htmx.see(rc, PATH + "?done=box-saved");
  }

  private void hang(RoutingContext rc, boolean hangs) {
    boxes.hangAgain(Staff.signedIn(rc), Caller.ip(rc), box(rc), hangs);
    Htmx.see(rc, PATH + (hangs ? "?done=box-hangs" : "?done=box-gone"));
  }

  // By two.

  private void begin(RoutingContext rc) {
    String code =
        openings.begin(Staff.signedIn(rc), box(rc), number(SpokenRoutes.text(rc, "slips")));
    Htmx.see(rc, PATH + "/openings/" + code);
  }

  private void opening(RoutingContext rc, @Nullable Refusal refused) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    BoxOpenings.At at = openings.of(staff, code(rc));
    BoxOpening opening = at.opening();
    List<CaseId> ids =
        opening.of().stream()
            .flatMap(each -> each.became().stream())
            .map(Became::caseId)
            .distinct()
            .toList();
    Map<CaseId, String> seen =
        ids.isEmpty()
            ? Map.of()
            : cases.named(staff, ids).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, each -> each.getValue().code()));
    if (refused != null) {
      rc.response().setStatusCode(refused.status());
    }
    page.send(
        rc,
        "casework/box-opening",
        new OpeningPage(
            frame,
            at.box(),
            opening,
            opening.counted().staffId() == staff.id(),
            openings.hasLapsed(opening),
            opening.waits() ? QrCode.of(publicUrl + PATH + "/openings/" + opening.code()) : null,
            seen,
            refused == null ? null : frame.words().of(refused)));
  }

  /// What was sent is refused on the page that it was sent from.
  private void step(RoutingContext rc, Runnable step, String done) {
    try {
      step.run();
    } catch (Refusal refused) {
      if (refused.status() == 404) {
        throw refused;
      }
      opening(rc, refused);
      return;
    }
    Htmx.see(rc, PATH + "/openings/" + code(rc) + (done.isEmpty() ? "" : "?done=" + done));
  }

  private void confirm(RoutingContext rc) {
    step(
        rc,
        () ->
            openings.confirm(
                Staff.signedIn(rc),
                Caller.ip(rc),
                code(rc),
                number(SpokenRoutes.text(rc, "slips"))),
        "box-confirmed");
  }

  private void recount(RoutingContext rc) {
    step(
        rc,
        () ->
            openings.recount(Staff.signedIn(rc), code(rc), number(SpokenRoutes.text(rc, "slips"))),
        "");
  }

  private void callOff(RoutingContext rc) {
    openings.callOff(Staff.signedIn(rc), code(rc));
    Htmx.see(rc, PATH + "?done=box-called-off");
  }

  private void seal(RoutingContext rc) {
    step(rc, () -> openings.seal(Staff.signedIn(rc), Caller.ip(rc), code(rc)), "box-sealed");
  }

  // Slips.

  private void photograph(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    sendings.takeOrRefuse(Long.toString(staff.id()));
    step(
        rc,
        () -> {
          var _ = openings.photograph(staff, code(rc), Photos.taken(rc, clock.instant()));
        },
        "");
  }

  private void retake(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    sendings.takeOrRefuse(Long.toString(staff.id()));
    try {
      Photos.Taken taken =
          Photos.taken(rc, clock.instant()).stream()
              .findFirst()
              .orElseThrow(() -> new Refusal("box-no-photo", 422));
      openings.retake(staff, code(rc), nth(rc), taken);
    } catch (Refusal refused) {
      refused(rc, refused, blank());
      return;
    }
    Htmx.see(rc, PATH + "/openings/" + code(rc) + "/slips/" + nth(rc));
  }

  private void photo(RoutingContext rc) {
    Blob blob = openings.photo(Staff.signedIn(rc), code(rc), nth(rc));
    Sandboxed.showAnew(rc, blob);
  }

  private void slip(RoutingContext rc) {
    show(rc, blank(), true, Map.of());
  }

  private static Written blank() {
    return new Written(Way.BOX, "", "", "", "", "", false, "");
  }

  private void show(
      RoutingContext rc, Written written, boolean photo, Map<String, String> refused) {
    Staff staff = SpokenRoutes.requireTaker(rc);
    Frame frame = Frame.of(rc);
    BoxOpenings.At at = openings.of(staff, code(rc));
    BoxOpening opening = at.opening();
    Slip slip = opening.nth(nth(rc)).orElseThrow(Refusal::notFound);
    String before = rc.request().getParam("before");
    page.send(
        rc,
        "casework/box-slip",
        new SlipFormPage(
            frame,
            at.box(),
            opening,
            slip,
            written,
            photo,
            form.shown(spoken.around(staff)),
            new Places(frame.words(), written.place(), form.found(staff, written.place())),
            CaseViews.groups(categories, frame.words().language()),
            refused,
            form.reading(rc, written, false),
            before == null ? null : opening.nth(number(before)).orElse(null)));
  }

  private void refused(RoutingContext rc, Refusal refused, Written written) {
    if (refused.status() == 404) {
      throw refused;
    }
    rc.response().setStatusCode(refused.status());
    String field = SpokenRoutes.FIELDS.getOrDefault(refused.code(), "form");
    boolean photo = !SpokenRoutes.text(rc, "along").isEmpty();
    show(rc, written, photo, Map.of(field, Frame.of(rc).words().of(refused)));
  }

  private void file(RoutingContext rc) {
    Staff staff = SpokenRoutes.requireTaker(rc);
    Written written = SpokenRoutes.written(rc);
    String same = SpokenRoutes.text(rc, "same");
    boolean rings = !SpokenRoutes.text(rc, "alarm").isEmpty();
    int seen = number(SpokenRoutes.text(rc, "seen"));
    try {
      Spoken.Told told = box(form.told(rc, staff, written));
      if (same.isEmpty()) {
        boolean photo = !SpokenRoutes.text(rc, "along").isEmpty();
        var _ = openings.file(staff, code(rc), nth(rc), seen, told, photo, rings);
      } else {
        var _ = openings.addTo(staff, code(rc), nth(rc), seen, same, told);
      }
    } catch (Refusal refused) {
      refused(rc, refused, written);
      return;
    }
    next(
        rc,
        staff,
        "before="
            + nth(rc)
            + "&done="
            + (rings ? "box-rung" : same.isEmpty() ? "box-filed" : "spoken-added"));
  }

  /// It came out of a box, whatever a form says.
  private static Spoken.Told box(Spoken.Told told) {
    return new Spoken.Told(
        Way.BOX,
        told.what(),
        told.place(),
        told.territory(),
        told.category(),
        told.confidential(),
        null,
        told.by(),
        List.of());
  }

  private void setAside(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    try {
      Aside reason =
          Aside.of(SpokenRoutes.text(rc, "reason"))
              .orElseThrow(() -> new Refusal("box-aside-missing", 422));
      openings.setAside(staff, code(rc), nth(rc), reason, SpokenRoutes.text(rc, "comment"));
    } catch (Refusal refused) {
      refused(rc, refused, blank());
      return;
    }
    next(rc, staff, "before=" + nth(rc) + "&done=box-aside");
  }

  private void takeBack(RoutingContext rc) {
    openings.takeBack(Staff.signedIn(rc), code(rc), nth(rc));
    Htmx.see(rc, PATH + "/openings/" + code(rc) + "/slips/" + nth(rc));
  }

  /// To the next slip; after the last one, to all of them.
  private void next(RoutingContext rc, Staff staff, String query) {
    String url = PATH + "/openings/" + code(rc);
    Htmx.see(
        rc,
        openings
                .of(staff, code(rc))
                .opening()
                .next()
                .map(each -> url + "/slips/" + each.nth())
                .orElse(url)
            + "?"
            + query);
  }

  private static String box(RoutingContext rc) {
    return requireNonNull(rc.pathParam("box"));
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("opening"));
  }

  private static int nth(RoutingContext rc) {
    try {
      return Integer.parseInt(requireNonNull(rc.pathParam("nth")));
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }

  private static long id(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException nonsense) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static int number(String value) {
    try {
      return Integer.parseInt(value.strip());
    } catch (NumberFormatException nonsense) {
      throw new Refusal("box-number", 422);
    }
  }
}
