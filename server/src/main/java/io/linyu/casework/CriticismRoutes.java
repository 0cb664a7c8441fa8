package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.CriticismPages.CriticismsPage;
import io.linyu.casework.CriticismPages.DeskLine;
import io.linyu.casework.CriticismPages.EntryLine;
import io.linyu.casework.Criticisms.Entry;
import io.linyu.casework.Criticisms.Listing;
import io.linyu.casework.Criticisms.Place;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.TableFile;
import io.linyu.platform.text.TableFile.Cell;
import io.linyu.platform.text.Words;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which desks were silent until a case was raised, and what was said of it.
final class CriticismRoutes implements Routes {
  private static final String PAGE = CriticismPages.URL;
  private static final String ENTRY = PAGE + "/:code/:occasion";
  private static final List<String> COLUMNS =
      List.of(
          "desk", "case", "kind", "red", "urged", "since", "days", "raised", "spoke", "now", "said",
          "asked", "decided", "state");

  private final Criticisms criticisms;
  private final Categories categories;
  private final Page page;

  CriticismRoutes(Casework casework, Page page) {
    this.criticisms = casework.criticisms();
    this.categories = casework.categories();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PAGE).handler(sequential(this::list));
    router.post(PAGE + "/export").handler(sequential(this::export));
    router.post(ENTRY + "/word").handler(sequential(this::say));
    router.post(ENTRY + "/request").handler(sequential(this::ask));
    router.post(ENTRY + "/decision").handler(sequential(this::decide));
  }

  private void list(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    boolean waits = "waits".equals(given(rc, "state"));
    YearMonth month = month(rc);
    Long desk = desk(rc);
    Place before = before(given(rc, "after"));
    Listing found =
        waits ? criticisms.waiting(staff, before) : criticisms.of(staff, month, desk, before);
    Map<CaseId, Cases.Named> names = criticisms.named(staff, found.entries());
    String here = PAGE + (waits ? "?state=waits" : "?month=" + month);
    Place next = found.next();
    page.send(
        rc,
        "casework/criticisms",
        new CriticismsPage(
            Frame.of(rc),
            criticisms.leads(staff),
            waits,
            month,
            month.isBefore(criticisms.thisMonth()) ? month.plusMonths(1) : null,
            desk,
            found.desks().stream()
                .map(each ->
                    new DeskLine(
                        each.deskName(),
                        each.many(),
                        each.struck(),
                        here + "&desk=" + each.deskId(),
                        desk != null && desk == each.deskId()))
                .toList(),
            found.entries().stream().map(each -> line(staff, each, names)).toList(),
            found.unnamed(),
            next == null
                ? null
                : here
                    + (desk == null ? "" : "&desk=" + desk)
                    + "&after="
                    + next.at()
                    + "_"
                    + next.id()));
  }

  private EntryLine line(Staff staff, Entry each, Map<CaseId, Cases.Named> names) {
    Criticism what = each.what();
    return new EntryLine(
        each,
        names.get(what.caseId()),
        categories.named(what.categoryCode()).orElse(null),
        criticisms.maySay(staff, what),
        criticisms.mayAsk(staff, what),
        criticisms.mayDecide(staff, what));
  }

  private void export(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    YearMonth month = month(rc);
    boolean workbook = "xlsx".equals(given(rc, "format"));
    Words words = Frame.of(rc).words();
    List<Entry> all = criticisms.taken(staff, Caller.ip(rc), month, desk(rc));
    var bytes = new ByteArrayOutputStream();
    try {
      TableFile file =
          workbook ? TableFile.workbook(bytes, words.of("criticism.title")) : TableFile.csv(bytes);
      file.heading(COLUMNS.stream().map(each -> words.of("criticism.column." + each)).toList());
      for (Entry each : all) {
        file.line(cells(each, words));
      }
      file.end();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible); // it is in memory
    }
    rc.response()
        .putHeader(
            "Content-Type",
            workbook
                ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                : "text/csv; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader(
            "Content-Disposition",
            "attachment; filename=\"linyu-criticisms-"
                + month
                + (workbook ? ".xlsx" : ".csv")
                + "\"")
        .end(Buffer.buffer(bytes.toByteArray()));
  }

  private List<Cell> cells(Entry entry, Words words) {
    Criticism what = entry.what();
    return List.of(
        Cell.of(what.deskName()),
        Cell.of(what.number()),
        Cell.of(
            categories
                .named(what.categoryCode())
                .map(each -> each.name(words.language()))
                .orElse("")),
        time(what.redAt()),
        time(entry.urgedAt()),
        time(entry.since()),
        Cell.of(String.valueOf(entry.days())),
        time(what.raisedAt()),
        time(what.spokeAt()),
        Cell.of(words.of("criticism.now", what.nowDesk(), what.state().plainly(words.language()))),
        said(what.word()),
        said(what.asked()),
        said(what.decided()),
        Cell.of(words.of("criticism.state." + (what.struck() ? "struck" : "stands"))));
  }

  private Cell time(@Nullable Instant at) {
    return Cell.of(at == null ? null : LocalDateTime.ofInstant(at, criticisms.zone()));
  }

  private static Cell said(Criticism.@Nullable Said said) {
    return Cell.of(said == null ? null : said.by() + ": " + said.text());
  }

  private void say(RoutingContext rc) {
    criticisms.say(Staff.signedIn(rc), Caller.ip(rc), code(rc), occasion(rc), given(rc, "reason"));
    done(rc, "criticism-said");
  }

  private void ask(RoutingContext rc) {
    criticisms.ask(Staff.signedIn(rc), Caller.ip(rc), code(rc), occasion(rc), given(rc, "reason"));
    done(rc, "criticism-asked");
  }

  private void decide(RoutingContext rc) {
    boolean strikes =
        switch (given(rc, "decision")) {
          case "strike" -> true;
          case "keep" -> false;
          default -> throw new Refusal("form-outdated", 422);
        };
    criticisms.decide(
        Staff.signedIn(rc), Caller.ip(rc), code(rc), occasion(rc), strikes, given(rc, "reason"));
    done(rc, strikes ? "criticism-struck" : "criticism-kept");
  }

  /// Back to the list that they came from.
  private void done(RoutingContext rc, String what) {
    String list = given(rc, "state").equals("waits") ? "state=waits" : "month=" + month(rc);
    Htmx.go(rc, PAGE + "?" + list + "&done=" + what);
  }

  private static String code(RoutingContext rc) {
    return requireNonNull(rc.pathParam("code"));
  }

  private static Instant occasion(RoutingContext rc) {
    try {
      return Instant.EPOCH.plus(
          Long.parseLong(requireNonNull(rc.pathParam("occasion"))), ChronoUnit.MICROS);
    } catch (NumberFormatException | DateTimeException | ArithmeticException unreadable) {
      throw Refusal.notFound();
    }
  }

  /// This one where it is none that can be read.
  private YearMonth month(RoutingContext rc) {
    try {
      return YearMonth.parse(given(rc, "month"));
    } catch (DateTimeException unreadable) {
      return criticisms.thisMonth();
    }
  }

  private static @Nullable Long desk(RoutingContext rc) {
    String given = given(rc, "desk");
    try {
      return given.isEmpty() ? null : (Long) Long.parseLong(given);
    } catch (NumberFormatException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static @Nullable Place before(String given) {
    int line = given.indexOf('_');
    if (given.isEmpty()) {
      return null;
    }
    try {
      return new Place(
          Instant.parse(given.substring(0, Math.max(0, line))),
          Long.parseLong(given.substring(line + 1)));
    } catch (NumberFormatException | DateTimeException unreadable) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String given(RoutingContext rc, String name) {
    String form = rc.request().getFormAttribute(name);
    return form == null ? requireNonNullElse(rc.request().getParam(name), "") : form;
  }
}
