package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.CasePages.CasePage;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A case and a list on paper: A4, black on white, nothing but the matter. Paper lies about, so it
/// says less of the resident than the screen, unless whoever prints it may take such things away.
/// Who put what on paper stands in the audit before it is shown.
public final class PrintRoutes implements Routes {
  private static final int LINES = 200;

  /// @param answers what the resident was told
  /// @param papers what the resident handed in, by name
  /// @param link to the page, as a code
  /// @param whole whether it says all that the screen does
  public record CasePaper(
      CasePage page,
      List<Answer> answers,
      List<HandIns.Paper> papers,
      QrCode link,
      boolean whole,
      Maskings.Masked masked) {
    public @Nullable String person() {
      String person = page.person();
      return whole || person == null ? person : Mask.name(person);
    }

    /// Who told it for the person; null: the person did.
    public @Nullable String spoken() {
      String spoken = page.spoken();
      String person = page.person();
      return whole || spoken == null || person == null
          ? spoken
          : spoken.replace(person, Mask.name(person));
    }

    public String title() {
      return whole ? page.matter().title() : masked.title();
    }

    /// What somebody wrote or said.
    public String said(String text) {
      return whole ? text : masked.texts().of(text);
    }
  }

  /// @param cut whether there is more than is on the paper
  /// @param mayUnmask whether they may have it whole, when they say why
  /// @param masked by case; of a whole paper none
  public record ListPaper(
      Frame frame,
      Look look,
      List<Inbox.Entry> entries,
      boolean cut,
      boolean whole,
      boolean mayUnmask,
      Map<CaseId, Maskings.Masked> masked) {
    public @Nullable String called(Inbox.Entry entry) {
      String called = entry.called();
      return whole || called == null ? called : Mask.name(called);
    }

    /// Such as `女儿代说`; empty: the person told it.
    public String spoken(Inbox.Entry entry) {
      Words words = frame.words();
      String by = entry.spokenBy();
      return by == null
          ? ""
          : words.of("spoken.by", by.isEmpty() ? words.of("spoken.relative") : by);
    }

    public String title(Inbox.Entry entry) {
      return whole
          ? entry.title()
          : entry.quiet()
              ? frame.words().of("quiet.title")
              : requireNonNull(masked.get(entry.id())).title();
    }
  }

  private final Cases cases;
  private final HandIns handIns;
  private final Inbox inbox;
  private final CaseViews views;
  private final Db db;
  private final Maskings maskings;
  private final Audit audit;
  private final Page page;
  private final String publicUrl;

  PrintRoutes(
      Casework casework, CaseViews views, Db db, Community community, Page page, String publicUrl) {
    this.db = db;
    this.maskings = new Maskings(db, community.people());
    this.audit = community.audit();
    this.cases = casework.cases();
    this.handIns = casework.handIns();
    this.inbox = casework.inbox();
    this.views = views;
    this.page = page;
    this.publicUrl = publicUrl;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/cases/print").handler(sequential(this::list));
    router.post("/console/cases/print").handler(sequential(this::wholeList));
    router.get("/console/cases/:code/print").handler(sequential(this::one));
  }

  private void list(RoutingContext rc) {
    list(rc, null);
  }

  private void wholeList(RoutingContext rc) {
    String reason = rc.request().getFormAttribute("reason");
    list(rc, Exports.reasonOf(Staff.signedIn(rc), reason == null ? "" : reason));
  }

  /// @param reason why it is to say all that the screen does; null: it is not
  private void list(RoutingContext rc, @Nullable String reason) {
    Staff staff = Staff.signedIn(rc);
    Look look = Look.read(rc.request()::getParam);
    Inbox.Listing found =
        inbox.page(staff, look.view(), look.search(), look.filters(), null, LINES);
    var told = new LinkedHashMap<String, Object>(Exports.told(look));
    told.put("rows", found.entries().size());
    told.put("unmasked", reason == null ? "no" : "yes");
    if (reason != null) {
      told.put("reason", reason);
    }
    audit.write(db, Who.staff(staff.id(), Caller.ip(rc)), Deed.CASES_PRINTED, told);
    page.send(
        rc,
        "casework/print-list",
        new ListPaper(
            Frame.of(rc),
            look,
            found.entries(),
            found.next() != null,
            reason != null,
            Exports.mayUnmask(staff),
            reason == null
                ? maskings.of(found.entries().stream().map(Inbox.Entry::id).toList())
                : Map.of()));
  }

  private void one(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Case matter = cases.visibleTo(staff, requireNonNull(rc.pathParam("code")));
    audit.write(
        db,
        Who.staff(staff.id(), Caller.ip(rc)),
        Deed.CASE_PRINTED,
        Map.of("case", matter.number().base()));
    page.send(
        rc,
        "casework/print-case",
        new CasePaper(
            views.page(rc, matter),
            cases.answers(staff, matter.id()),
            handIns.of(staff, matter.id()),
            QrCode.of(publicUrl + "/console/cases/" + matter.code()),
            Exports.mayUnmask(staff),
            requireNonNull(maskings.of(List.of(matter.id())).get(matter.id()))));
  }
}
