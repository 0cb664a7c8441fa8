package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.CasePages.Masters;
import io.linyu.casework.CasePages.Place;
import io.linyu.casework.CasePages.Places;
import io.linyu.casework.CasePages.SeveralColleagues;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.TimeRequest.Reason;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Presence;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One case in the console: what is seen of it and what is done with it. Each action answers a
/// script with the parts of the page that change, and a plain form with the page.
public final class CaseRoutes implements Routes {
  private static final int LONGEST = 2_000;
  private static final int LONGEST_PLACE = 100;

  /// Who else has the page open.
  public record Present(io.linyu.platform.text.Words words, String names) {}

  private final Cases cases;
  private final Handling handling;
  private final Handovers handovers;
  private final Returning returning;
  private final Admitting admitting;
  private final Ruling ruling;
  private final Conferences conferences;
  private final Levels levels;
  private final Corrections corrections;
  private final Drafts drafts;
  private final Enclosures enclosures;
  private final Publishing publishing;
  private final Urging urging;
  private final Supervising supervising;
  private final Checking checking;
  private final Parts parts;
  private final ReturnVisits visits;
  private final Rejecting rejecting;
  private final Merging merging;
  private final Extending extending;
  private final Suspending suspending;
  private final TimeRequests timeRequests;
  private final Requests requests;
  private final Examples examples;
  private final CaseViews views;
  private final InboxRoutes inbox;
  private final OutsideLookRoutes looks;
  private final Presence presence;
  private final Territories territories;
  private final Page page;
  private final Clock clock;

  CaseRoutes(
      Casework casework,
      CaseViews views,
      InboxRoutes inbox,
      OutsideLookRoutes looks,
      Presence presence,
      Territories territories,
      Page page,
      Clock clock) {
    this.cases = casework.cases();
    this.handling = casework.handling();
    this.handovers = casework.handovers();
    this.returning = casework.returning();
    this.admitting = casework.admitting();
    this.ruling = casework.ruling();
    this.conferences = casework.conferences();
    this.levels = casework.levels();
    this.corrections = casework.corrections();
    this.drafts = casework.drafts();
    this.enclosures = casework.enclosures();
    this.publishing = casework.publishing();
    this.urging = casework.urging();
    this.supervising = casework.supervising();
    this.checking = casework.checking();
    this.parts = casework.parts();
    this.visits = casework.visits();
    this.rejecting = casework.rejecting();
    this.merging = casework.merging();
    this.extending = casework.extending();
    this.suspending = casework.suspending();
    this.timeRequests = casework.timeRequests();
    this.requests = casework.requests();
    this.examples = casework.examples();
    this.views = views;
    this.inbox = inbox;
    this.looks = looks;
    this.presence = presence;
    this.territories = territories;
    this.page = page;
    this.clock = clock;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/cases/:code").handler(sequential(this::show));
    router.get("/console/cases/:code/changes").handler(sequential(this::changes));
    router.get("/console/cases/:code/presence").handler(sequential(this::present));
    router.post("/console/cases/:code/holder").handler(sequential(this::hold));
    router.get("/console/cases/:code/colleagues").handler(sequential(this::colleagues));
    router.post("/console/cases/:code/answers").handler(sequential(this::answer));
    router.post("/console/cases/:code/draft").handler(sequential(this::draft));
    router.post("/console/cases/:code/notes").handler(sequential(this::note));
    router.post("/console/cases/:code/holdings").handler(sequential(this::handOn));
    router.post("/console/cases/:code/return").handler(sequential(this::sendBack));
    router.post("/console/cases/:code/admission").handler(sequential(this::unlisted));
    router.post("/console/cases/:code/dispute").handler(sequential(this::dispute));
    router.post("/console/cases/:code/conference").handler(sequential(this::confer));
    router.post("/console/cases/:code/level").handler(sequential(this::changeLevel));
    router.post("/console/cases/:code/category").handler(sequential(this::categorize));
    router.post("/console/cases/:code/accused").handler(sequential(this::nameAccused));
    router.get("/console/cases/:code/places").handler(sequential(this::places));
    router.post("/console/cases/:code/territory").handler(sequential(this::locate));
    router.post("/console/cases/:code/known").handler(sequential(this::follow));
    router.post("/console/cases/:code/urges").handler(sequential(this::urge));
    router.post("/console/cases/:code/supervision").handler(sequential(this::supervise));
    router.post("/console/cases/:code/result").handler(sequential(this::report));
    router.post("/console/cases/:code/check").handler(sequential(this::check));
    router.post("/console/cases/:code/parts").handler(sequential(this::coHandle));
    router.post("/console/cases/:code/parts/:part").handler(sequential(this::tend));
    router.post("/console/cases/:code/calls").handler(sequential(this::call));
    router.post("/console/cases/:code/review").handler(sequential(this::review));
    router.post("/console/cases/:code/rejection").handler(sequential(this::reject));
    router.get("/console/cases/:code/masters").handler(sequential(this::masters));
    router.post("/console/cases/:code/merge").handler(sequential(this::merge));
    router.post("/console/cases/:code/extension").handler(sequential(this::extend));
    router.post("/console/cases/:code/suspension").handler(sequential(this::suspend));
    router.post("/console/cases/:code/request").handler(sequential(this::endRequest));
    router.post("/console/cases/:code/example").handler(sequential(this::publish));
    router.post("/console/cases/:code/requests").handler(sequential(this::askHead));
    router
        .post("/console/cases/:code/requests/:request/removal")
        .handler(sequential(this::releaseHead));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Case matter;
    try {
      matter = matter(rc);
    } catch (Refusal gone) {
      if (Htmx.asks(rc) || !OutsideLooks.mayAsk(staff)) {
        throw gone;
      }
      looks.instead(rc);
      return;
    }
    if (Htmx.asks(rc) && "pane".equals(rc.request().getHeader("HX-Target"))) {
      page.send(rc, "casework/_case", views.page(rc, matter));
    } else {
      inbox.show(rc, views.page(rc, matter));
    }
  }

  /// Everything but what was said and what is being written: nothing moves under the pen. After a
  /// refusal all of it: what was acted on is no longer so.
  private void changes(RoutingContext rc) {
    boolean all = rc.request().getParam("all") != null;
    page.send(rc, all ? "casework/_done" : "casework/_changes", views.page(rc, matter(rc)));
  }

  private void present(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    List<String> others = presence.enter("case-" + matter(rc).code(), staff.id(), staff.name());
    var words = Frame.of(rc).words();
    page.send(
        rc, "casework/_present", new Present(words, String.join(words.of("list.and"), others)));
  }

  private void hold(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "holder")) {
      case "nobody" ->
          done(rc, handling.release(staff, matter.id(), version(rc)), "released", holder("me"));
      case "me" ->
          done(
              rc,
              handling.claim(staff, matter.id(), version(rc)),
              matter.lead() == null ? "claimed" : "claimed-check",
              holder("nobody"));
      case "back" ->
          done(rc, handling.takeBack(staff, matter.id(), version(rc)), "taken-back", null);
      default -> give(rc, staff, matter);
    }
  }

  private void give(RoutingContext rc, Staff staff, Case matter) {
    String reason = field(rc, "text");
    Case now =
        handling.give(
            staff, matter.id(), version(rc), number(rc, "holder"), reason == null ? "" : reason);
    done(rc, now, "given", isSeen(staff, now) ? holder("back") : null);
  }

  /// Who can be given it, once somebody wants to know.
  private void colleagues(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    page.send(
        rc,
        "casework/_colleagues",
        new SeveralColleagues(Frame.of(rc).words(), handling.colleagues(staff, matter(rc))));
  }

  private void answer(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String text = text(rc);
    Case now =
        handling.answer(
            staff, matter.id(), version(rc), sending(rc), text, along(rc, staff, matter));
    drafts.sent(staff, matter.id(), Drafts.Kind.ANSWER);
    done(rc, now, "answered", null);
  }

  private void note(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    Case now = handling.note(staff, matter.id(), sending(rc), text(rc), List.of());
    drafts.sent(staff, matter.id(), Drafts.Kind.NOTE);
    done(rc, now, "noted", null);
  }

  /// What is being written, whenever the pen rests.
  private void draft(RoutingContext rc) {
    Drafts.Kind kind =
        Drafts.Kind.of(required(rc, "kind")).orElseThrow(() -> new Refusal("form-outdated", 422));
    drafts.keep(Staff.signedIn(rc), matter(rc).id(), kind, required(rc, "text"));
    rc.response().setStatusCode(204).end();
  }

  private void handOn(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    if (field(rc, "back") != null) {
      done(rc, handovers.handBack(staff, matter.id(), version(rc)), "handed-back", null);
      return;
    }
    long desk = number(rc, "desk");
    Case now = handovers.handOn(staff, matter.id(), version(rc), desk, text(rc));
    Undo undo =
        isSeen(staff, now) && cases.stepsFor(staff, now).contains(Step.HAND_BACK)
            ? new Undo("/holdings", Map.of("back", "true"))
            : null;
    done(rc, now, "handed-on", undo);
  }

  /// To the desk of the level, and what that decides.
  private void sendBack(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "return")) {
      case "ask" -> {
        String chosen = field(rc, "ground");
        if (chosen == null || chosen.isEmpty()) {
          throw new Refusal("return-ground-missing", 422);
        }
        Returning.Ground ground =
            Returning.Ground.of(chosen).orElseThrow(() -> new Refusal("form-outdated", 422));
        Long desk = required(rc, "desk").isEmpty() ? null : (Long) number(rc, "desk");
        Case now = returning.sendBack(staff, id, version(rc), ground, desk, text(rc));
        done(rc, now, "returned", null);
      }
      case "agree" ->
          done(
              rc,
              returning.agree(staff, id, version(rc), number(rc, "desk")),
              "return-agreed",
              null);
      case "refuse" ->
          done(rc, returning.refuse(staff, id, version(rc), text(rc)), "return-refused", null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  /// It is not on the list of what communities take on.
  private void unlisted(RoutingContext rc) {
    Long entry = required(rc, "entry").isEmpty() ? null : (Long) number(rc, "entry");
    Case now =
        admitting.say(
            Staff.signedIn(rc), matter(rc).id(), version(rc), entry, required(rc, "text"));
    done(rc, now, "unlisted", null);
  }

  /// Whose it is, what the other one says to that, and who leads.
  private void dispute(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "dispute")) {
      case "ask" -> {
        Long other = required(rc, "desk").isEmpty() ? null : (Long) number(rc, "desk");
        done(rc, ruling.dispute(staff, id, version(rc), other, text(rc)), "disputed", null);
      }
      case "view" -> done(rc, ruling.view(staff, id, text(rc)), "viewed", null);
      case "back" -> done(rc, ruling.takeBack(staff, id, version(rc)), "dispute-back", null);
      case "rule" -> {
        String lead = field(rc, "lead");
        if (lead == null || lead.isEmpty()) {
          throw new Refusal("ruling-lead-missing", 422);
        }
        Long view = required(rc, "view").isEmpty() ? null : (Long) number(rc, "view");
        String along = field(rc, "along");
        Case now =
            ruling.rule(
                staff,
                id,
                version(rc),
                view,
                number(rc, "lead"),
                text(rc),
                along == null ? "" : along);
        done(rc, now, "ruled", null);
      }
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  /// When desks sit down about it, and what they have decided.
  private void confer(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "conference")) {
      case "set" -> {
        List<Long> asked =
            rc.request().formAttributes().getAll("desk").stream().map(CaseRoutes::number).toList();
        Case now =
            conferences.set(
                staff,
                id,
                version(rc),
                moment(required(rc, "at")),
                required(rc, "place"),
                asked,
                required(rc, "text"));
        done(rc, now, "conference-set", null);
      }
      case "hold" -> {
        Case now =
            conferences.hold(
                staff, id, version(rc), required(rc, "text"), decisions(rc), required(rc, "said"));
        done(rc, now, "conference-held", null);
      }
      case "off" ->
          done(rc, conferences.callOff(staff, id, version(rc), text(rc)), "conference-off", null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  private static LocalDateTime moment(String typed) {
    try {
      return LocalDateTime.parse(typed);
    } catch (DateTimeParseException e) {
      throw new Refusal("conference-when", 422);
    }
  }

  /// What others are to do: the lines of the form in which something stands.
  private static List<Conferences.Decision> decisions(RoutingContext rc) {
    List<String> desks = rc.request().formAttributes().getAll("decision-desk");
    List<String> days = rc.request().formAttributes().getAll("decision-day");
    List<String> texts = rc.request().formAttributes().getAll("decision-text");
    if (desks.size() != days.size() || desks.size() != texts.size()) {
      throw new Refusal("form-outdated", 422);
    }
    var decisions = new ArrayList<Conferences.Decision>();
    for (int i = 0; i < desks.size(); i++) {
      if (desks.get(i).isEmpty() && texts.get(i).isBlank()) {
        continue;
      }
      if (desks.get(i).isEmpty() || texts.get(i).isBlank() || days.get(i).isEmpty()) {
        throw new Refusal("conference-decision-missing", 422);
      }
      decisions.add(
          new Conferences.Decision(number(desks.get(i)), date(days.get(i)), texts.get(i)));
    }
    return decisions;
  }

  private void changeLevel(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "level")) {
      case "up" -> {
        Case now = levels.raise(staff, id, version(rc), text(rc));
        Undo undo = isSeen(staff, now) ? new Undo("/holdings", Map.of("back", "true")) : null;
        done(rc, now, "raised", undo);
      }
      case "down" -> done(rc, levels.sendDown(staff, id, version(rc), text(rc)), "sent-down", null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  private void categorize(RoutingContext rc) {
    Case matter = matter(rc);
    String before = matter.categoryCode();
    Case now =
        corrections.setCategory(
            Staff.signedIn(rc), matter.id(), version(rc), requireNonNull(required(rc, "category")));
    done(
        rc,
        now,
        "categorized",
        before == null ? null : new Undo("/category", Map.of("category", before)));
  }

  private void nameAccused(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String before = matter.accused().word();
    Case now =
        corrections.nameAccused(
            staff, matter.id(), version(rc), requireNonNullElse(field(rc, "whom"), ""));
    done(
        rc,
        now,
        "accused-named",
        isSeen(staff, now) ? new Undo("/accused", Map.of("whom", before)) : null);
  }

  /// What is meant by the words that are being typed.
  private void places(RoutingContext rc) {
    Case matter = matter(rc);
    String sought = sought(rc.request().getParam("place"));
    page.send(
        rc,
        "casework/_places",
        new Places(
            Frame.of(rc).words(), sought, sought.isEmpty() ? List.of() : find(matter, sought)));
  }

  private void locate(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    long place = field(rc, "territory") == null ? meant(rc, matter) : number(rc, "territory");
    Case now = corrections.setTerritory(staff, matter.id(), version(rc), place);
    // What nobody knew before cannot be made unknown again.
    Undo undo =
        matter.territoryKnown()
                && isSeen(staff, now)
                && cases.stepsFor(staff, now).contains(Step.SET_TERRITORY)
            ? new Undo("/territory", Map.of("territory", Long.toString(matter.territoryId())))
            : null;
    done(rc, now, "located", undo);
  }

  /// Typed to the end and sent without choosing: only where it can mean but one place.
  private long meant(RoutingContext rc, Case matter) {
    String sought = sought(required(rc, "place"));
    if (sought.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    List<Place> found = find(matter, sought);
    if (found.isEmpty()) {
      throw new Refusal("place-not-found", 422, sought);
    }
    if (found.size() > 1) {
      String names = found.stream().map(Place::inFull).distinct().collect(Collectors.joining(", "));
      throw new Refusal("place-ambiguous", 422, names);
    }
    return found.getFirst().id();
  }

  /// As the resident would have said it: a bare number is in the community of the case.
  private List<Place> find(Case matter, String sought) {
    Territory now = territories.byId(matter.territoryId());
    return territories.findPlaces(sought, territories.communityOf(now).orElse(now)).stream()
        .map(each -> new Place(each.id(), territories.nameForResident(each), around(each)))
        .toList();
  }

  private String around(Territory place) {
    Level level = place.level() == Level.COMMUNITY ? Level.STREET : Level.COMMUNITY;
    return territories.ancestorOf(place, level).map(Territory::name).orElse("");
  }

  private static String sought(@Nullable String typed) {
    String sought = typed == null ? "" : typed.strip();
    if (sought.length() > LONGEST_PLACE) {
      throw new Refusal("text-too-long", 422, LONGEST_PLACE);
    }
    return sought;
  }

  /// Has it handled with what is known, or by itself again.
  private void follow(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String to = required(rc, "known");
    if (to.isEmpty()) {
      done(rc, publishing.leave(staff, matter.code()), "known-left", null);
    } else {
      publishing.join(staff, to, matter.code());
      done(
          rc,
          cases.visibleTo(staff, matter.id()),
          "known-joined",
          new Undo("/known", Map.of("known", "")));
    }
  }

  private void urge(RoutingContext rc) {
    done(rc, urging.urge(Staff.signedIn(rc), matter(rc).id()), "urged", null);
  }

  private void supervise(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    if (required(rc, "supervised").equals("no")) {
      done(rc, supervising.lift(staff, matter.id()), "supervision-lifted", null);
    } else {
      Case now = supervising.supervise(staff, matter.id(), text(rc));
      done(rc, now, "supervised", new Undo("/supervision", Map.of("supervised", "no")));
    }
  }

  /// Proposes to publish it, or other words for that; or takes it down.
  private void publish(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    String taken = field(rc, "withdrawn");
    if (taken != null) {
      done(
          rc,
          examples.withdraw(staff, Caller.ip(rc), id, taken, required(rc, "text")),
          "example-withdrawn",
          null);
      return;
    }
    var text = new Example.Text(required(rc, "title"), required(rc, "told"), required(rc, "done"));
    Case now = examples.propose(staff, Caller.ip(rc), id, version(rc), text);
    boolean asks = examples.of(staff, now).asks();
    done(rc, now, asks ? "example-proposed" : "example-published", null);
  }

  /// Asks others to do a part of it; or, at once afterwards, that they need not.
  private void coHandle(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "part")) {
      case "ask" -> {
        List<Long> desks =
            rc.request().formAttributes().getAll("desk").stream().map(CaseRoutes::number).toList();
        Parts.Asked asked =
            parts.ask(
                staff, id, desks, day(rc, "day"), required(rc, "text"), field(rc, "shows") != null);
        done(
            rc,
            asked.matter(),
            "part-asked",
            new Undo("/parts", Map.of("part", "none", "parts", String.join(",", asked.codes()))));
      }
      case "none" -> {
        List<String> codes = List.of(required(rc, "parts").split(",", -1));
        done(rc, parts.cancel(staff, id, codes), "part-cancelled", null);
      }
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  private void tend(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    String code = requireNonNull(rc.pathParam("part"));
    switch (required(rc, "part")) {
      case "urge" -> done(rc, parts.urge(staff, id, code), "part-urged", null);
      case "extend" ->
          done(rc, parts.extend(staff, id, code, day(rc, "day")), "part-extended", null);
      case "cancel" -> done(rc, parts.cancel(staff, id, List.of(code)), "part-cancelled", null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  private void extend(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "extension")) {
      case "ask" -> {
        Case now = extending.ask(staff, id, (int) number(rc, "amount"), text(rc));
        done(rc, now, "extension-asked", new Undo("/request", Map.of("request", "none")));
      }
      case "grant" ->
          done(rc, extending.grant(staff, id, number(rc, "asked")), "extension-granted", null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  private void suspend(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "suspension")) {
      case "ask" -> {
        Reason reason =
            Reason.of(required(rc, "reason")).orElseThrow(() -> new Refusal("form-outdated", 422));
        Case now = suspending.ask(staff, id, reason, day(rc, "review"), text(rc));
        done(rc, now, "suspension-asked", new Undo("/request", Map.of("request", "none")));
      }
      case "grant" -> {
        Case now = suspending.grant(staff, id, version(rc), number(rc, "asked"));
        done(rc, now, "suspension-granted", null);
      }
      case "close" ->
          done(rc, suspending.close(staff, id, version(rc), text(rc)), "closed-unsolved", null);
      case "resume" -> done(rc, suspending.resume(staff, id, version(rc)), "resumed", null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  /// Of either kind.
  private void endRequest(RoutingContext rc) {
    CaseId id = matter(rc).id();
    Staff staff = Staff.signedIn(rc);
    switch (required(rc, "request")) {
      case "none" -> done(rc, timeRequests.takeBack(staff, id), "request-taken-back", null);
      case "refuse" ->
          done(
              rc,
              timeRequests.refuse(staff, id, number(rc, "asked"), text(rc)),
              "request-refused",
              null);
      default -> throw new Refusal("form-outdated", 422);
    }
  }

  private void reject(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    if (field(rc, "back") != null) {
      Case now = rejecting.takeBack(staff, matter.id(), version(rc));
      done(rc, now, "rejection-taken-back", null);
      return;
    }
    String chosen = field(rc, "reason");
    if (chosen == null) {
      throw new Refusal("reject-reason-missing", 422);
    }
    Rejecting.Reason reason =
        Rejecting.Reason.of(chosen).orElseThrow(() -> new Refusal("form-outdated", 422));
    Case now = rejecting.reject(staff, matter.id(), version(rc), reason, text(rc));
    done(
        rc,
        now,
        matter.isUnderReview() ? "upheld" : "rejected",
        new Undo("/rejection", Map.of("back", "true")));
  }

  /// With what it may be handled, beside itself.
  private void masters(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String typed = rc.request().getParam("number");
    String sought = typed == null ? "" : sought(typed);
    Frame frame = Frame.of(rc);
    page.send(
        rc,
        "casework/_masters",
        new Masters(
            frame.words(),
            frame.moments(),
            matter,
            merging.offered(staff, matter, sought),
            sought));
  }

  /// Has it handled with another, or by itself again.
  private void merge(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String master = field(rc, "master");
    if (master == null) {
      throw new Refusal("merge-none", 422);
    }
    if (master.isEmpty()) {
      done(rc, merging.unmerge(staff, matter.id(), version(rc)), "unmerged", null);
    } else {
      Case now = merging.merge(staff, matter.id(), version(rc), master);
      done(rc, now, "merged", new Undo("/merge", Map.of("master", "")));
    }
  }

  private void report(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    if (field(rc, "back") != null) {
      done(rc, checking.takeBack(staff, matter.id(), version(rc)), "result-taken-back", null);
      return;
    }
    String text = text(rc);
    Case now = checking.report(staff, matter.id(), version(rc), text, along(rc, staff, matter));
    switch (now.state()) {
      case INSPECTING ->
          done(rc, now, "sent-to-check", new Undo("/result", Map.of("back", "true")));
      case RETURN_VISIT -> done(rc, now, "asking", null);
      default -> done(rc, now, now.isTold() ? "closed" : "closed-untold", null);
    }
  }

  /// What was found on site, with the pictures of it. Where they were taken the form tells.
  private void check(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    boolean passed = required(rc, "passed").equals("yes");
    var finding =
        new Checking.Finding(
            passed, limited(rc, "text"), Photos.taken(rc, clock.instant()), limited(rc, "excuse"));
    Case now = checking.check(staff, matter.id(), version(rc), finding);
    String after = now.state().isClosed() ? "closed-untold" : "check-passed";
    done(rc, now, passed ? after : "check-failed", null);
  }

  /// Somebody telephoned whose matter it is.
  private void call(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    boolean reached = required(rc, "reached").equals("yes");
    var call =
        new ReturnVisits.Call(reached, reached ? RateRoutes.rating(rc) : ReturnVisit.Rating.NONE);
    String of = field(rc, "of");
    Case now =
        visits.call(staff, matter.id(), version(rc), of == null || of.isEmpty() ? null : of, call);
    done(rc, now, reached ? "called" : "called-in-vain", null);
  }

  /// What is done about what the resident is not content with.
  private void review(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    if (required(rc, "again").equals("yes")) {
      done(rc, checking.reopen(staff, matter.id(), version(rc), text(rc)), "reopened", null);
    } else {
      done(rc, visits.overrule(staff, matter.id(), version(rc), text(rc)), "overruled", null);
    }
  }

  private static String limited(RoutingContext rc, String name) {
    String text = field(rc, name);
    if (text != null && text.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    return text == null ? "" : text;
  }

  /// What goes with it: what waited beside the draft, as the form had it, and the files that come
  /// with a form which no script has emptied. What cannot be sent is refused before anything is.
  private List<String> along(RoutingContext rc, Staff staff, Case matter) {
    Stream<String> brought =
        EnclosureRoutes.keep(rc, enclosures, staff, matter.id()).stream().map(Enclosure::code);
    return Stream.concat(rc.request().formAttributes().getAll("enclosure").stream(), brought)
        .distinct()
        .toList();
  }

  /// How it is taken back: a post to a part of the case, with these fields and the version.
  private record Undo(String part, Map<String, String> fields) {
    Htmx.Undo of(Case now) {
      var all = new java.util.HashMap<>(fields);
      all.put("version", Integer.toString(now.version()));
      return new Htmx.Undo("POST", "/console/cases/" + now.code() + part, all);
    }
  }

  /// Somebody who lives there is asked to look; where it is to be looked at before it is accepted,
  /// the case waits for it.
  private void askHead(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    var question =
        new Requests.Question(
            text(rc),
            field(rc, "photo") != null,
            Requests.Within.of(field(rc, "within")).orElse(Requests.Within.DAY));
    long head = number(rc, "head");
    boolean look = field(rc, "look") != null;
    Case now =
        look
            ? requests.look(staff, matter.id(), version(rc), head, question)
            : requests.ask(staff, matter.id(), head, question);
    done(rc, now, look ? "look-asked" : "head-asked", null);
  }

  private void releaseHead(RoutingContext rc) {
    Case matter = matter(rc);
    long request;
    try {
      request = Long.parseLong(requireNonNull(rc.pathParam("request")));
    } catch (NumberFormatException e) {
      throw Refusal.notFound();
    }
    Staff staff = Staff.signedIn(rc);
    done(rc, requests.release(staff, matter.id(), version(rc), request), "head-released", null);
  }

  private static Undo holder(String who) {
    return new Undo("/holder", Map.of("holder", who));
  }

  private void done(RoutingContext rc, Case now, String what, @Nullable Undo undo) {
    Staff staff = Staff.signedIn(rc);
    boolean seen = isSeen(staff, now);
    if (!Htmx.asks(rc)) {
      String to = seen ? "/console/cases/" + now.code() : "/console/cases";
      Htmx.see(rc, to + "?done=" + what + CaseViews.and(rc));
      return;
    }
    Htmx.toast(rc, Frame.of(rc).words().of("done." + what), undo == null ? null : undo.of(now));
    if (seen) {
      page.send(rc, "casework/_done", views.page(rc, now));
    } else {
      // Handed on to where this person cannot look.
      rc.response()
          .putHeader("HX-Redirect", "/console/cases?done=" + what + CaseViews.and(rc))
          .end();
    }
  }

  private boolean isSeen(Staff staff, Case now) {
    try {
      return cases.visibleTo(staff, now.id()).id().equals(now.id());
    } catch (Refusal gone) {
      return false;
    }
  }

  private Case matter(RoutingContext rc) {
    return cases.visibleTo(Staff.signedIn(rc), requireNonNull(rc.pathParam("code")));
  }

  private static @Nullable Sending sending(RoutingContext rc) {
    return Sending.of(field(rc, "key"));
  }

  private static int version(RoutingContext rc) {
    return (int) number(rc, "version");
  }

  private static String text(RoutingContext rc) {
    String text = required(rc, "text").strip();
    if (text.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    if (text.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    return text;
  }

  private static long number(RoutingContext rc, String name) {
    return number(required(rc, name));
  }

  private static long number(String typed) {
    try {
      return Long.parseLong(typed);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static LocalDate day(RoutingContext rc, String name) {
    return date(required(rc, name));
  }

  private static LocalDate date(String typed) {
    try {
      return LocalDate.parse(typed);
    } catch (DateTimeParseException e) {
      throw new Refusal("day-unreadable", 422, typed);
    }
  }

  private static String required(RoutingContext rc, String name) {
    String value = field(rc, name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return value;
  }

  private static @Nullable String field(RoutingContext rc, String name) {
    return rc.request().getFormAttribute(name);
  }
}
