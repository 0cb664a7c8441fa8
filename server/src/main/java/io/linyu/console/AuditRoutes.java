package io.linyu.console;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.community.Staff;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Audit.Filter;
import io.linyu.community.audit.AuditEntry;
import io.linyu.community.audit.AuditEntry.Place;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.console.AuditPages.AuditPage;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.CsvText;
import io.linyu.platform.text.Words;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The audit: for those who look after the whole district all of it, for those who lead a unit what
/// was looked at there, for everybody what they did themselves.
public final class AuditRoutes implements Routes {
  /// A case that was opened again has its round behind its number; the audit knows the number.
  private static final Pattern ROUND = Pattern.compile("^(\\d{1,4}(?:-\\d{4})+)-[1-9]\\d?$");

  private static final int AT_ONCE = 50;
  private static final String AUDIT = "/console/audit";
  private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final List<String> COLUMNS =
      List.of("at", "by", "by-code", "what", "about", "about-code", "detail", "address");

  private final Audit audit;
  private final Page page;
  private final ZoneId zone;

  AuditRoutes(Audit audit, Page page, ZoneId zone) {
    this.audit = audit;
    this.page = page;
    this.zone = zone;
  }

  @Override
  public void mount(Router router) {
    router.get(AUDIT).handler(sequential(this::show));
    router.post(AUDIT + "/export").handler(sequential(this::export));
  }

  private void show(RoutingContext rc) {
    Filter filter = filter(rc);
    Place after = given(rc, "after", Place::of);
    Staff staff = Staff.signedIn(rc);
    Audit.Page found = audit.page(staff, filter, after, AT_ONCE);
    var view =
        new AuditPage(Frame.of(rc), zone, audit.readingOf(staff), filter, after == null, found);
    boolean more = Htmx.asks(rc) && "more".equals(rc.request().getHeader("HX-Target"));
    page.send(rc, more ? "console/_audit-more" : "console/audit", view);
  }

  /// Part by part: years of it need not fit into memory.
  private void export(RoutingContext rc) {
    Words words = Frame.of(rc).words();
    HttpServerResponse response = rc.response();
    String reason = rc.request().getFormAttribute("reason");
    audit.export(
        Staff.signedIn(rc),
        Caller.ip(rc),
        filter(rc),
        reason == null ? "" : reason,
        part -> {
          if (!response.headWritten()) {
            begin(response, words);
          }
          var lines = new StringBuilder();
          part.forEach(entry -> lines.append(line(words, entry)));
          response.write(Buffer.buffer(lines.toString())).await();
        });
    response.end();
  }

  private static void begin(HttpServerResponse response, Words words) {
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/csv; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Content-Disposition", "attachment; filename=\"linyu-audit.csv\"");
    Stream<String> heading = COLUMNS.stream().map(each -> words.of("audit.column." + each));
    response.write(Buffer.buffer(CsvText.MARK + CsvText.line(heading.toList()))).await();
  }

  private String line(Words words, AuditEntry entry) {
    var told = new AuditPages.Told(words, entry);
    AuditEntry.Person staff = entry.staff();
    AuditEntry.Person about = entry.about();
    return CsvText.line(
        List.of(
            EXACT.format(entry.at().atZone(zone)),
            staff == null ? words.of("audit.by." + entry.by().word()) : staff.name(),
            staff == null ? "" : staff.code(),
            told.what(),
            about == null ? told.about() : about.name(),
            about == null ? "" : about.code(),
            told.detail(),
            entry.address() == null ? "" : entry.address()));
  }

  private static Filter filter(RoutingContext rc) {
    String who = rc.request().getParam("who");
    String about = rc.request().getParam("case");
    return new Filter(
        given(rc, "by", Who.Kind::of),
        who == null ? "" : who.strip(),
        given(rc, "what", Deed::of),
        day(rc, "from"),
        day(rc, "to"),
        about == null ? "" : ROUND.matcher(about.strip()).replaceFirst("$1"));
  }

  /// Null when nothing is asked for; what nobody knows is said, and not taken for everything.
  private static <T> @Nullable T given(
      RoutingContext rc, String name, Function<String, Optional<T>> reading) {
    String asked = rc.request().getParam(name);
    return asked == null || asked.isBlank()
        ? null
        : reading.apply(asked).orElseThrow(() -> new Refusal("page-unknown", 422));
  }

  private static @Nullable LocalDate day(RoutingContext rc, String name) {
    String asked = rc.request().getParam(name);
    try {
      return asked == null || asked.isBlank() ? null : LocalDate.parse(asked.strip());
    } catch (DateTimeParseException e) {
      throw new Refusal("day-unreadable", 422, asked);
    }
  }
}
