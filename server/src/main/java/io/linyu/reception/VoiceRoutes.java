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
import io.linyu.reception.ConversationPages.Voices;
import io.linyu.reception.ConversationPages.VoicesNews;
import io.linyu.reception.ConversationPages.VoicesPage;
import io.linyu.reception.Hearings.Typed;
import io.linyu.reception.Hearings.Waiting;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.IntStream;
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
    router.post("/console/voices/transcript").handler(sequential(this::hear));
  }

  private void list(RoutingContext rc) {
    Frame frame = Frame.of(rc);
    List<Voices> bursts = Burst.of(waiting(rc)).stream().map(each -> voices(each, frame)).toList();
    page.send(rc, "reception/voices", new VoicesPage(frame, bursts));
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
    hearings.hear(staff, typed(rc));
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

  private static List<Typed> typed(RoutingContext rc) {
    List<String> voices = rc.request().formAttributes().getAll("voice");
    List<String> texts = rc.request().formAttributes().getAll("text");
    if (voices.isEmpty() || voices.size() != texts.size()) {
      throw new Refusal("form-outdated", 422);
    }
    return IntStream.range(0, voices.size())
        .mapToObj(each -> new Typed(number(voices.get(each)), texts.get(each)))
        .toList();
  }

  private List<Waiting> waiting(RoutingContext rc) {
    return hearings.waitingFor(Staff.signedIn(rc), null, AT_ONCE);
  }

  private Voices voices(Burst burst, Frame frame) {
    Waiting first = burst.first();
    return new Voices(
        first.id(),
        first.called().isEmpty() ? frame.words().of("said-by.resident") : first.called(),
        place(first, frame),
        frame.moments().ago(first.saidAt()),
        frame.moments().before(first.dueAt()),
        first.dueAt().isBefore(frame.moments().now()),
        burst.voices().stream().map(VoiceRoutes::voice).toList());
  }

  private static Voice voice(Waiting each) {
    String code = each.code();
    return new Voice(
        each.id(), code == null ? null : "/console/attachments/" + code, each.failure());
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
