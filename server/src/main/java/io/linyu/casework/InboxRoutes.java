package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.casework.CasePages.CasePage;
import io.linyu.casework.CasePages.Filtering;
import io.linyu.casework.CasePages.InboxPage;
import io.linyu.casework.CasePages.Listing;
import io.linyu.casework.CasePages.Narrowing;
import io.linyu.casework.CasePages.Row;
import io.linyu.casework.CasePages.Tab;
import io.linyu.casework.CasePages.Tabs;
import io.linyu.casework.Inbox.Counts;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The lists of cases. What is new waits behind a button: nothing moves under the pointer.
public final class InboxRoutes implements Routes {
  private static final int AT_ONCE = 40;

  /// What an open list is told when something has changed, all of it in one answer: of many open
  /// consoles each asks at once.
  ///
  /// @param count how many cases the list has got that are not shown yet
  public record News(Words words, int count, String url, Tabs tabs) {}

  private final Inbox inbox;
  private final Parts parts;
  private final Cases cases;
  private final Drafts drafts;
  private final CaseViews views;
  private final SavedViewRoutes savedViews;
  private final Categories categories;
  private final Desks desks;
  private final List<String> channels;
  private final Page page;

  InboxRoutes(
      Casework casework,
      CaseViews views,
      SavedViewRoutes savedViews,
      Desks desks,
      List<String> channels,
      Page page) {
    this.inbox = casework.inbox();
    this.parts = casework.parts();
    this.cases = casework.cases();
    this.drafts = casework.drafts();
    this.categories = casework.categories();
    this.views = views;
    this.savedViews = savedViews;
    this.desks = desks;
    this.channels = List.copyOf(channels);
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/cases").handler(sequential(this::list));
    router.get("/console/cases/tabs").handler(sequential(this::tabs));
    router.get("/console/cases/badge").handler(sequential(this::badge));
    router.post("/console/cases/news").handler(sequential(this::news));
    router.get("/console/cases/:code/row").handler(sequential(this::row));
  }

  private void list(RoutingContext rc) {
    String target = Htmx.asks(rc) ? rc.request().getHeader("HX-Target") : null;
    if ("rows".equals(target)) {
      page.send(rc, "casework/_rows", listing(rc));
    } else if ("more".equals(target)) {
      page.send(rc, "casework/_more", listing(rc));
    } else {
      show(rc, null);
    }
  }

  void show(RoutingContext rc, @Nullable CasePage open) {
    page.send(
        rc,
        "casework/inbox",
        new InboxPage(
            Frame.of(rc),
            tabsOf(rc, false),
            savedViews.line(rc, look(rc), false),
            filtering(rc),
            listing(rc),
            Exports.mayUnmask(Staff.signedIn(rc)),
            open));
  }

  private Filtering filtering(RoutingContext rc) {
    Words words = Frame.of(rc).words();
    Look look = look(rc);
    return new Filtering(
        words,
        look,
        views.groups(words.language()),
        desks.of(Staff.signedIn(rc)).stream().map(Desk::name).toList(),
        channels,
        Spoken.mayTakeDown(Staff.signedIn(rc)),
        look.filters().given().entrySet().stream()
            .map(each ->
                new Narrowing(
                    said(words, each.getKey(), each.getValue()),
                    "/console/cases" + look.queryWithout(each.getKey())))
            .toList());
  }

  private String said(Words words, String filter, String value) {
    String what =
        switch (filter) {
          case "state" -> words.of("filter.state." + value);
          case "category" ->
              categories.named(value).map(each -> each.name(words.language())).orElse(value);
          case "urgency" -> words.of("urgency." + value);
          case "confirmed" -> words.of("filter.confirmed." + value);
          case "channel" -> Filtering.channel(words, value);
          default -> value;
        };
    // A tick says all there is to say.
    return List.of("late", "supervised", "asking").contains(filter)
        ? words.of("filter." + filter)
        : words.of("filter.is", words.of("filter." + filter), what);
  }

  /// For pages that were opened before an upgrade; the others hear of it with the news.
  private void tabs(RoutingContext rc) {
    page.send(rc, "casework/_tabs", tabsOf(rc, false));
  }

  /// What waits for somebody to take it.
  private void badge(RoutingContext rc) {
    long count = inbox.counts(Staff.signedIn(rc)).unclaimed();
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .end(count == 0 ? "" : count > 99 ? "99+" : Long.toString(count));
  }

  private void news(RoutingContext rc) {
    var shown = new HashSet<>(rc.request().formAttributes().getAll("seen"));
    Listing now = listing(rc);
    int fresh =
        (int) now.rows().stream().filter(row -> !shown.contains(row.entry().code())).count();
    page.send(
        rc,
        "casework/_news",
        new News(Frame.of(rc).words(), fresh, "/console/cases" + now.query(), tabsOf(rc, true)));
  }

  private void row(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Case matter = cases.visibleTo(staff, Objects.requireNonNull(rc.pathParam("code")));
    Entry entry = inbox.entry(staff, matter.id());
    if (entry == null) {
      rc.response().setStatusCode(204).end();
    } else {
      Look look = look(rc);
      List<CaseId> only = List.of(entry.id());
      var found = inbox.foundIn(List.of(entry), look.search());
      page.send(
          rc,
          "casework/_row",
          row(rc, entry, look, found, drafts.among(staff, only), unsolved(List.of(entry))));
    }
  }

  private Tabs tabsOf(RoutingContext rc, boolean oob) {
    Words words = Frame.of(rc).words();
    Counts counts = inbox.counts(Staff.signedIn(rc));
    Look look = look(rc);
    View current = look.search().isEmpty() ? look.view() : null;
    // What others ask of the desk stands behind what is its own.
    var asked = new Tab("parts", "/console/parts", parts.count(Staff.signedIn(rc)), false);
    List<Tab> all =
        Arrays.stream(View.values())
            .map(view ->
                new Tab(
                    view.word(),
                    "/console/cases?view=" + view.word(),
                    view == View.CLOSED ? null : counts.of(view),
                    view == current))
            .collect(Collectors.toCollection(ArrayList::new));
    all.add(List.of(View.values()).indexOf(View.UNCLAIMED) + 1, asked);
    return new Tabs(words, all, oob);
  }

  private Listing listing(RoutingContext rc) {
    Look look = look(rc);
    Staff staff = Staff.signedIn(rc);
    Inbox.Listing found =
        inbox.page(
            staff,
            look.view(),
            look.search(),
            look.filters(),
            rc.request().getParam("after"),
            AT_ONCE);
    Set<CaseId> begun = drafts.among(staff, found.entries().stream().map(Entry::id).toList());
    Set<CaseId> unsolved = unsolved(found.entries());
    List<Row> rows =
        found.entries().stream()
            .map(entry -> row(rc, entry, look, found.found(), begun, unsolved))
            .toList();
    Inbox.Reading reading =
        rows.isEmpty() ? inbox.reading(staff, look.search()) : Inbox.Reading.NONE;
    return new Listing(Frame.of(rc).words(), look, rows, reading, found.next());
  }

  private static Row row(
      RoutingContext rc,
      Entry entry,
      Look look,
      Map<CaseId, String> found,
      Set<CaseId> drafts,
      Set<CaseId> unsolved) {
    Frame frame = Frame.of(rc);
    return new Row(
        frame.words(),
        frame.moments(),
        entry,
        Staff.signedIn(rc).id(),
        look.query(),
        sought(look),
        byPhone(frame, entry, look)
            .orElse(entry.isHiddenFrom(Staff.signedIn(rc).id()) ? null : found.get(entry.id())),
        drafts.contains(entry.id()),
        unsolved.contains(entry.id()));
  }

  private Set<CaseId> unsolved(List<Entry> entries) {
    return cases.unsolved(entries.stream().filter(each -> each.state().isClosed()).map(Entry::id));
  }

  /// Nothing of a telephone number stands in the line: so it is said that it was found by it.
  private static Optional<String> byPhone(Frame frame, Entry entry, Look look) {
    return Optional.of(look.search())
        .filter(each -> !each.isEmpty())
        .flatMap(each -> Sought.of(each).byPhone(entry.number()))
        .map(end -> frame.words().of("inbox.by-phone", end));
  }

  /// The words that are shown where they stand.
  private static List<String> sought(Look look) {
    return look.search().isEmpty()
        ? List.of()
        : Sought.of(look.search()).terms().stream().map(Sought.Term::text).toList();
  }

  private static Look look(RoutingContext rc) {
    return Look.read(rc.request()::getParam);
  }
}
