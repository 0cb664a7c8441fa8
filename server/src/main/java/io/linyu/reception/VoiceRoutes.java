package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.reception.ConversationPages.Voice;
import io.linyu.reception.ConversationPages.VoicesNews;
import io.linyu.reception.ConversationPages.VoicesPage;
import io.linyu.reception.Hearings.Waiting;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The voices that nobody but a person can understand: played, and typed down.
final class VoiceRoutes implements Routes {
  private static final int AT_ONCE = 50;

  private final Hearings hearings;
  private final Territories territories;
  private final Page page;

  VoiceRoutes(Hearings hearings, Territories territories, Page page) {
    this.hearings = hearings;
    this.territories = territories;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/voices").handler(sequential(this::list));
    router.get("/console/voices/badge").handler(sequential(this::badge));
    router.get("/console/voices/news").handler(sequential(this::news));
    router.post("/console/voices/:id/transcript").handler(sequential(this::hear));
  }

  private void list(RoutingContext rc) {
    Frame frame = Frame.of(rc);
    List<Voice> voices = waiting(rc).stream().map(each -> voice(each, frame)).toList();
    page.send(rc, "reception/voices", new VoicesPage(frame, voices));
  }

  private void badge(RoutingContext rc) {
    int count = hearings.count(Staff.signedIn(rc));
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(count == 0 ? "" : Integer.toString(count));
  }

  private void news(RoutingContext rc) {
    long seen = number(rc.request().getParam("seen"));
    int fresh = (int) waiting(rc).stream().filter(each -> each.id() > seen).count();
    page.send(rc, "reception/_voices-news", new VoicesNews(Frame.of(rc).words(), fresh));
  }

  private void hear(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String text = rc.request().getFormAttribute("text");
    hearings.hear(staff, number(rc.pathParam("id")), text == null ? "" : text);
    if (!Htmx.asks(rc)) {
      Htmx.see(rc, "/console/voices?done=heard");
      return;
    }
    Frame frame = Frame.of(rc);
    Htmx.toast(rc, frame.words().of("done.heard"), null);
    if (hearings.count(staff) == 0) {
      page.send(rc, "reception/_voices", new VoicesPage(frame, List.of()));
    } else {
      rc.response().putHeader("Content-Type", "text/html; charset=utf-8").end();
    }
  }

  private List<Waiting> waiting(RoutingContext rc) {
    return hearings.waitingFor(Staff.signedIn(rc), null, AT_ONCE);
  }

  private Voice voice(Waiting each, Frame frame) {
    String code = each.code();
    return new Voice(
        each.id(),
        each.called().isEmpty() ? frame.words().of("said-by.resident") : each.called(),
        place(each, frame),
        frame.moments().ago(each.saidAt()),
        frame.moments().before(each.dueAt()),
        each.dueAt().isBefore(frame.moments().now()),
        code == null ? null : "/console/attachments/" + code,
        each.failure());
  }

  private String place(Waiting each, Frame frame) {
    long home = number(each.place());
    return home == 0
        ? frame.words().of("voices.no-place")
        : territories.nameForResident(territories.byId(home));
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }
}
