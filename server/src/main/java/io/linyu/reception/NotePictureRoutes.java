package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.Cases;
import io.linyu.casework.Note;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Sandboxed;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/// The pictures that a member of staff sent from a chat for a note, and what they spoke: a fragment
/// of the case's page, seen by whoever sees the case.
public final class NotePictureRoutes implements Routes {
  private static final String PICTURES = "/console/notes/:note/pictures";

  /// @param again where to ask again, as long as some are still on their way
  public record Pictures(Words words, List<Picture> all, String again) {
    public boolean isComplete() {
      return all.stream().noneMatch(each -> each.state().equals("waiting"));
    }
  }

  /// @param state `waiting`, `fetched` or `failed`
  public record Picture(String url, String kind, String state) {
    public boolean isSound() {
      return kind.equals("voice");
    }
  }

  private final Db db;
  private final Cases cases;
  private final Attachments attachments;
  private final Page page;
  private final AttachmentStore store = new AttachmentStore();

  NotePictureRoutes(Db db, Cases cases, Attachments attachments, Page page) {
    this.db = db;
    this.cases = cases;
    this.attachments = attachments;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PICTURES).handler(sequential(this::show));
    router.get(PICTURES + "/:code").handler(sequential(this::picture));
  }

  private void show(RoutingContext rc) {
    String of = "?case=" + matter(rc).code();
    String here = "/console/notes/" + note(rc).id() + "/pictures";
    List<Picture> all =
        store.ofMessages(db, note(rc).pictures()).stream()
            .map(each -> new Picture(here + "/" + each.code() + of, each.kind(), each.state()))
            .toList();
    page.send(rc, "reception/_note-pictures", new Pictures(Frame.of(rc).words(), all, here + of));
  }

  private void picture(RoutingContext rc) {
    String code = requireNonNull(rc.pathParam("code"));
    if (store.ofMessages(db, note(rc).pictures()).stream()
        .noneMatch(each -> each.code().equals(code))) {
      throw Refusal.notFound();
    }
    var blob = attachments.byCode(code).orElseThrow(Refusal::notFound);
    Sandboxed.show(rc, blob);
  }

  private Case matter(RoutingContext rc) {
    String code = rc.request().getParam("case");
    return cases.visibleTo(Staff.signedIn(rc), code == null ? "" : code);
  }

  private Note note(RoutingContext rc) {
    String wanted = requireNonNull(rc.pathParam("note"));
    return cases.notes(Staff.signedIn(rc), matter(rc).id()).stream()
        .filter(each -> Long.toString(each.id()).equals(wanted))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }
}
