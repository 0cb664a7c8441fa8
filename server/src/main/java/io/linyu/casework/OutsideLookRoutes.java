package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.OutsideLookPages.AskPage;
import io.linyu.casework.OutsideLookPages.LookPage;
import io.linyu.casework.OutsideLookPages.Said;
import io.linyu.casework.OutsideLooks.Asked;
import io.linyu.casework.OutsideLooks.Opened;
import io.linyu.community.Community;
import io.linyu.community.Person;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A case of another unit: the page that asks why, and the one that shows it. Plain forms and a
/// page with nothing to press: they work on any telephone.
final class OutsideLookRoutes implements Routes {
  private static final String LOOKS = "/console/looks";
  private static final int LONGEST_TYPED = 300;
  private static final List<String> REASONS =
      Stream.of(OutsideLook.Reason.values()).map(OutsideLook.Reason::word).toList();

  private final OutsideLooks looks;
  private final Cases cases;
  private final Categories categories;
  private final Maskings maskings;
  private final Community community;
  private final Db db;
  private final Page page;

  OutsideLookRoutes(Casework casework, Community community, Db db, Page page) {
    this.looks = casework.outsideLooks();
    this.cases = casework.cases();
    this.categories = casework.categories();
    this.maskings = new Maskings(db, community.people());
    this.community = community;
    this.db = db;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(LOOKS + "/new").handler(sequential(this::form));
    router.post(LOOKS).handler(sequential(this::ask));
    router.get(LOOKS + "/:look").handler(sequential(this::show));
  }

  private void form(RoutingContext rc) {
    OutsideLooks.requireMayAsk(Staff.signedIn(rc));
    send(rc, limited(rc.request().getParam("case")), "", "", null, false);
  }

  /// In the place of a case that is not there for them, whether it is anywhere or not.
  void instead(RoutingContext rc) {
    rc.response().setStatusCode(404);
    send(rc, rc.normalizedPath(), "", "", null, true);
  }

  private void ask(RoutingContext rc) {
    String typed = limited(field(rc, "case"));
    String reason = field(rc, "reason");
    String words = field(rc, "words");
    try {
      switch (looks.ask(Staff.signedIn(rc), Caller.ip(rc), typed, reason, words)) {
        case Asked.Theirs(Case matter) -> Htmx.see(rc, "/console/cases/" + matter.code());
        case Asked.Opened(OutsideLook look) -> Htmx.see(rc, LOOKS + "/" + look.code());
      }
    } catch (Refusal no) {
      if (!OutsideLooks.mayAsk(Staff.signedIn(rc))) {
        throw no;
      }
      // What was typed is still there.
      rc.response().setStatusCode(no.status());
      send(rc, typed, reason, limited(words), Frame.of(rc).words().of(no), false);
    }
  }

  private void send(
      RoutingContext rc,
      String typed,
      String chosen,
      String words,
      @Nullable String no,
      boolean missing) {
    page.send(
        rc,
        "casework/look-ask",
        new AskPage(Frame.of(rc), typed, chosen, words, no, missing, REASONS));
  }

  private void show(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Opened opened = looks.open(staff, Caller.ip(rc), requireNonNull(rc.pathParam("look")));
    Case matter = opened.matter();
    Words words = Frame.of(rc).words();
    var masked = requireNonNull(maskings.of(List.of(matter.id())).get(matter.id()));
    Long id = matter.personId();
    Person person = id == null ? null : community.people().byId(db, id);
    String called = person == null ? null : person.called();
    page.send(
        rc,
        "casework/look",
        new LookPage(
            Frame.of(rc),
            matter,
            matter.state().plainly(words, !cases.unsolved(db, List.of(matter)).isEmpty()),
            opened.look().until(),
            words.of("look.reason." + opened.look().reason().word()),
            masked.title(),
            masked.texts().of(matter.what()),
            categories
                .named(matter.categoryCode())
                .map(each -> each.name(words.language()))
                .orElse(null),
            called == null ? null : Mask.name(called),
            person == null ? null : person.phoneMasked(),
            cases.answersRead(matter).stream()
                .map(each -> new Said(each.staffName(), each.at(), masked.texts().of(each.text())))
                .toList(),
            cases.notesRead(matter).stream()
                .map(each -> new Said(each.staffName(), each.at(), masked.texts().of(each.text())))
                .toList(),
            looks.history(staff, opened).reversed().stream()
                .map(each -> new Said("", each.at(), masked.texts().of(each.sentence())))
                .toList()));
  }

  private static String field(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    return value == null ? "" : value;
  }

  private static String limited(@Nullable String typed) {
    String text = typed == null ? "" : typed.strip();
    return text.length() > LONGEST_TYPED ? text.substring(0, LONGEST_TYPED) : text;
  }
}
