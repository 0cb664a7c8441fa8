package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.casework.Request;
import io.linyu.casework.Requests;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Sandboxed;
import io.linyu.platform.text.Words;
import io.linyu.reception.ConversationPages.AnswersPage;
import io.linyu.reception.ConversationPages.Asked;
import io.linyu.reception.ConversationPages.Voice;
import io.linyu.reception.ConversationPages.Voices;
import io.linyu.reception.ConversationPages.VoicesNews;
import io.linyu.reception.ConversationPages.VoicesPage;
import io.linyu.reception.Hearings.Typed;
import io.linyu.reception.Hearings.Waiting;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The voices that nobody but a person can understand: played, and typed down. Those of heads stand
/// beside what they were asked, too, on the page of the case.
final class VoiceRoutes implements Routes {
  private static final int AT_ONCE = 50;
  private static final String ANSWERS = "/console/requests/:request/voices";

  private final Hearings hearings;
  private final Cases cases;
  private final Requests requests;
  private final Attachments attachments;
  private final Territories territories;
  private final Page page;

  VoiceRoutes(
      Hearings hearings,
      Cases cases,
      Requests requests,
      Attachments attachments,
      Territories territories,
      Page page) {
    this.hearings = hearings;
    this.cases = cases;
    this.requests = requests;
    this.attachments = attachments;
    this.territories = territories;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/voices").handler(sequential(this::list));
    router.get("/console/voices/badge").handler(sequential(this::badge));
    router.get("/console/voices/news").handler(sequential(this::news));
    router.post("/console/voices/transcript").handler(sequential(this::hear));
    router.get(ANSWERS).handler(sequential(this::answers));
    router.get(ANSWERS + "/:code").handler(sequential(this::sound));
  }

  private void list(RoutingContext rc) {
    Frame frame = Frame.of(rc);
    Staff staff = Staff.signedIn(rc);
    List<Waiting> waiting = waiting(rc);
    Map<Long, Request> asked =
        requests.toHear(
            staff, waiting.stream().flatMap(each -> Stream.ofNullable(each.request())).toList());
    Map<CaseId, Cases.Named> named =
        cases.named(staff, asked.values().stream().map(Request::caseId).distinct().toList());
    List<Voices> bursts =
        Burst.of(waiting).stream()
            .map(each -> {
              Long to = each.first().request();
              Request request = to == null ? null : asked.get(to);
              Cases.Named of = request == null ? null : named.get(request.caseId());
              return request == null || of == null
                  ? voices(each, frame)
                  : answer(each, request, of.code(), frame);
            })
            .toList();
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
    boolean ofHead = hearings.hear(staff, typed(rc));
    String done = ofHead ? "heard-head" : "heard";
    String code = rc.request().getFormAttribute("case");
    if (!Htmx.asks(rc)) {
      String back =
          code == null
              ? "/console/voices"
              : "/console/cases/" + cases.visibleTo(staff, code).code();
      Htmx.see(rc, back + "?done=" + done);
      return;
    }
    Frame frame = Frame.of(rc);
    Htmx.toast(rc, frame.words().of("done." + done), null);
    if (code == null && hearings.count(staff) == 0) {
      page.send(rc, "reception/_voices", new VoicesPage(frame, List.of()));
    } else {
      rc.response().putHeader("Content-Type", "text/html; charset=utf-8").end();
    }
  }

  /// Whoever sees the case may hear it; its desk writes it down.
  private void answers(RoutingContext rc) {
    Frame frame = Frame.of(rc);
    Staff staff = Staff.signedIn(rc);
    Case matter = matter(rc);
    Request asked = asked(rc, matter);
    page.send(
        rc,
        "reception/_answers",
        new AnswersPage(
            frame.words(),
            frame.form(),
            "/console/requests/" + asked.id() + "/voices?case=" + matter.code(),
            matter.code(),
            requests.toHear(staff, List.of(asked.id())).containsKey(asked.id()),
            Burst.of(hearings.answersTo(asked.id())).stream()
                .map(each -> answer(each, asked, matter.code(), frame))
                .toList()));
  }

  private void sound(RoutingContext rc) {
    Request asked = asked(rc, matter(rc));
    String code = requireNonNull(rc.pathParam("code"));
    if (!hearings.isAnswerTo(code, asked.id())) {
      throw Refusal.notFound();
    }
    var blob = attachments.byCode(code).orElseThrow(Refusal::notFound);
    Sandboxed.show(rc, blob);
  }

  private Case matter(RoutingContext rc) {
    String code = rc.request().getParam("case");
    return cases.visibleTo(Staff.signedIn(rc), code == null ? "" : code);
  }

  private Request asked(RoutingContext rc, Case matter) {
    long wanted = number(rc.pathParam("request"));
    return requests.of(Staff.signedIn(rc), matter.id()).stream()
        .filter(each -> each.id() == wanted)
        .findFirst()
        .orElseThrow(Refusal::notFound);
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
    return voices(
        burst,
        first.called().isEmpty() ? frame.words().of("said-by.resident") : first.called(),
        place(first, frame),
        null,
        "/console/attachments/%s",
        frame);
  }

  /// @param code of the page of its case
  private static Voices answer(Burst burst, Request asked, String code, Frame frame) {
    Words words = frame.words();
    return voices(
        burst,
        words.of("voices.head", asked.headName(), words.of("role." + asked.headRole())),
        asked.place(),
        new Asked("/console/cases/" + code, asked.question()),
        "/console/requests/" + asked.id() + "/voices/%s?case=" + code,
        frame);
  }

  private static Voices voices(
      Burst burst, String who, String place, @Nullable Asked asked, String sound, Frame frame) {
    Waiting first = burst.first();
    return new Voices(
        first.id(),
        who,
        place,
        frame.moments().ago(first.saidAt()),
        frame.moments().before(first.dueAt()),
        first.dueAt().isBefore(frame.moments().now()),
        asked,
        asked != null ? "heard-head" : first.asks() ? "heard-which" : "heard-why",
        burst.voices().stream().map(each -> voice(each, sound)).toList());
  }

  private static Voice voice(Waiting each, String sound) {
    String code = each.code();
    return new Voice(each.id(), code == null ? null : sound.formatted(code), each.failure());
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
