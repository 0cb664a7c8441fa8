package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Blanks.Blank;
import io.linyu.casework.CasePages.RepliesPage;
import io.linyu.casework.CasePages.ReplyChoice;
import io.linyu.community.Community;
import io.linyu.community.Consent;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Canned replies: chosen beside an answer, with what is known of the case filled in, and kept on a
/// page of their own.
public final class CannedReplyRoutes implements Routes {
  private static final String REPLIES = "/console/replies";

  private final CannedReplies replies;
  private final Cases cases;
  private final Community community;
  private final Db db;
  private final Page page;

  CannedReplyRoutes(Casework casework, Community community, Db db, Page page) {
    this.replies = casework.cannedReplies();
    this.cases = casework.cases();
    this.community = community;
    this.db = db;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/cases/:code/replies").handler(sequential(this::choose));
    router.get(REPLIES).handler(sequential(this::show));
    router.post(REPLIES).handler(sequential(this::add));
    router.post(REPLIES + "/:reply").handler(sequential(this::change));
    router.post(REPLIES + "/:reply/end").handler(sequential(this::remove));
  }

  private void choose(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    Case matter = cases.visibleTo(staff, requireNonNull(rc.pathParam("code")));
    Map<Blank, String> known = known(staff, matter, frame);
    List<CannedReply> filled =
        replies.of(staff, frame.words()).stream()
            .map(reply ->
                new CannedReply(
                    reply.code(),
                    reply.name(),
                    Blanks.fill(reply.text(), known::get),
                    reply.deskId(),
                    reply.deskName()))
            .toList();
    page.send(rc, "casework/_reply-choice", new ReplyChoice(frame.words(), filled));
  }

  /// What whoever will read the answer is called; null: nobody knows. That is the relative who told
  /// it for the person, while they may.
  private @Nullable String listener(Case matter) {
    Long first = matter.consentId();
    Optional<Consent> by =
        first == null ? Optional.empty() : community.consents().inForce(db, first);
    if (by.isPresent()) {
      return by.get().actorName();
    }
    Long person = matter.personId();
    return person == null ? null : community.people().byId(db, person).called();
  }

  private Map<Blank, String> known(Staff staff, Case matter, Frame frame) {
    var known = new HashMap<Blank, String>();
    known.put(Blank.NUMBER, matter.number().text());
    known.put(Blank.STAFF, staff.name());
    Territory place = community.territories().byId(matter.territoryId());
    community
        .territories()
        .communityOf(place)
        .ifPresent(around -> known.put(Blank.COMMUNITY, around.name()));
    String called = listener(matter);
    if (called != null) {
      known.put(Blank.NAME, called);
    }
    // What the resident was promised; the desk's own clock is none of their business.
    cases.clocks(staff, matter.id()).stream()
        .filter(each -> each.isRunning() && !Cases.OF_THE_DESK.contains(each.kind()))
        .filter(each -> each.dueAt().isAfter(frame.moments().now()))
        .min(Comparator.comparing(CaseClock::dueAt))
        .ifPresent(each -> known.put(Blank.DUE, frame.moments().before(each.dueAt())));
    return known;
  }

  private void show(RoutingContext rc) {
    page.send(rc, "casework/replies", view(rc));
  }

  private RepliesPage view(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    return new RepliesPage(frame, replies.of(staff, frame.words()), community.desks().of(staff));
  }

  private void add(RoutingContext rc) {
    String desk = rc.request().getFormAttribute("desk");
    replies.add(
        Staff.signedIn(rc),
        required(rc, "name"),
        required(rc, "text"),
        desk == null || desk.isEmpty() ? null : number(desk));
    done(rc, "reply-kept", null);
  }

  private void change(RoutingContext rc) {
    replies.change(
        Staff.signedIn(rc),
        requireNonNull(rc.pathParam("reply")),
        required(rc, "name"),
        required(rc, "text"));
    done(rc, "reply-changed", null);
  }

  private void remove(RoutingContext rc) {
    CannedReply was = replies.remove(Staff.signedIn(rc), requireNonNull(rc.pathParam("reply")));
    Map<String, String> fields = new HashMap<>(Map.of("name", was.name(), "text", was.text()));
    Long desk = was.deskId();
    if (desk != null) {
      fields.put("desk", desk.toString());
    }
    done(rc, "reply-removed", new Htmx.Undo("POST", REPLIES, fields));
  }

  private void done(RoutingContext rc, String what, Htmx.@Nullable Undo undo) {
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, Frame.of(rc).words().of("done." + what), undo);
      rc.response().putHeader("HX-Retarget", "#replies").putHeader("HX-Reswap", "outerHTML");
      page.send(rc, "casework/_replies", view(rc));
    } else {
      Htmx.see(rc, REPLIES + "?done=" + what);
    }
  }

  private static Long number(String typed) {
    try {
      return Long.valueOf(typed);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String required(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return value;
  }
}
