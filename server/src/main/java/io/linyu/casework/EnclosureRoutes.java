package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.CasePages.EnclosuresView;
import io.linyu.community.Staff;
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
import io.linyu.platform.text.Words;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is sent along with an answer: putting it beside the draft, taking it away, and showing it,
/// to its writer and to whoever has the page of the matter.
final class EnclosureRoutes implements Routes {
  /// A page shows nine pictures.
  private static final int TIMES = 600;

  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Cases cases;
  private final Enclosures enclosures;
  private final RateLimit limit;
  private final Page page;

  EnclosureRoutes(Cases cases, Enclosures enclosures, Redis redis, Page page) {
    this.cases = cases;
    this.enclosures = enclosures;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5-enclosures:", TIMES, WITHIN);
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.post("/console/cases/:code/enclosures").handler(sequential(this::add));
    router.get("/console/cases/:code/enclosures/:enclosure").handler(sequential(this::own));
    router
        .post("/console/cases/:code/enclosures/:enclosure/removal")
        .handler(sequential(this::remove));
    router
        .post("/console/cases/:code/enclosures/:enclosure/return")
        .handler(sequential(this::putBack));
    router.get("/h5/cases/:code/enclosures/:enclosure").handler(sequential(this::sent));
  }

  private void add(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String no = null;
    try {
      var _ = keep(rc, enclosures, staff, matter.id());
    } catch (Refusal refused) {
      if (!Htmx.asks(rc)) {
        throw refused;
      }
      // Those before it are kept, and are shown with the sentence.
      no = Frame.of(rc).words().of(refused);
    }
    shown(rc, staff, matter, no);
  }

  /// Puts the files of a form beside the draft, in their order.
  static List<Enclosure> keep(RoutingContext rc, Enclosures to, Staff staff, CaseId id) {
    var kept = new ArrayList<Enclosure>();
    for (FileUpload each : rc.fileUploads()) {
      // A field in which nothing was chosen comes as a file without a name.
      if (!each.fileName().isEmpty()) {
        TakenFile.requireSize(TakenFile.From.STAFF, each.fileName(), each.size());
        kept.add(to.add(staff, id, each.fileName(), read(each)));
      }
    }
    return kept;
  }

  static Buffer read(FileUpload file) {
    try {
      return Buffer.buffer(Files.readAllBytes(Path.of(file.uploadedFileName())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void remove(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    String code = requireNonNull(rc.pathParam("enclosure"));
    enclosures.remove(staff, matter.id(), code);
    String back = "/console/cases/" + matter.code() + "/enclosures/" + code + "/return";
    Htmx.toast(
        rc,
        Frame.of(rc).words().of("done.enclosure-removed"),
        new Htmx.Undo("POST", back, Map.of()));
    shown(rc, staff, matter, null);
  }

  private void putBack(RoutingContext rc) {
    Case matter = matter(rc);
    Staff staff = Staff.signedIn(rc);
    enclosures.putBack(staff, matter.id(), requireNonNull(rc.pathParam("enclosure")));
    shown(rc, staff, matter, null);
  }

  private void shown(RoutingContext rc, Staff staff, Case matter, @Nullable String refused) {
    String url = "/console/cases/" + matter.code();
    if (!Htmx.asks(rc)) {
      Htmx.see(rc, url);
      return;
    }
    page.send(
        rc,
        "casework/_enclosures-changed",
        new EnclosuresView(
            Frame.of(rc).words(), url, enclosures.waiting(staff, matter.id()), refused));
  }

  private void own(RoutingContext rc) {
    Case matter = matter(rc);
    send(
        rc,
        enclosures.waiting(
            Staff.signedIn(rc), matter.id(), requireNonNull(rc.pathParam("enclosure"))));
  }

  private void sent(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    Followed page =
        cases
            .byCode(requireNonNull(rc.pathParam("code")), Words.DEFAULT_LANGUAGE)
            .orElseThrow(Refusal::notFound);
    String code = requireNonNull(rc.pathParam("enclosure"));
    // Also what went to all who told of the same.
    send(
        rc,
        page.answers().stream()
            .map(Answer::caseId)
            .distinct()
            .flatMap(id -> enclosures.sent(id, code).stream())
            .filter(each -> page.answers().stream().anyMatch(a -> isWith(each, a)))
            .findFirst()
            .orElseThrow(Refusal::notFound));
  }

  private static boolean isWith(Enclosure each, Answer answer) {
    return Long.valueOf(answer.id()).equals(each.answer());
  }

  private void send(RoutingContext rc, Enclosure each) {
    send(rc, each.kind(), each.name(), enclosures.content(each));
  }

  /// Whatever is in it, no browser runs it on a page of ours; documents are kept, not shown.
  static void send(RoutingContext rc, Enclosure.Kind kind, String called, Blob blob) {
    Sandboxed.send(rc, blob, called, kind != Enclosure.Kind.FILE);
  }

  private Case matter(RoutingContext rc) {
    return cases.visibleTo(Staff.signedIn(rc), requireNonNull(rc.pathParam("code")));
  }
}
