package io.linyu.casework;

import io.linyu.casework.CriticismStore.Seen;
import io.linyu.casework.CriticismStore.Tally;
import io.linyu.casework.LoopRule.Effect;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which desks were silent until rule E2 raised a case: 通报. For those who lead a street or the
/// district, and each desk for what is its own; never public, and never by person. The desk says
/// why; who leads the next level strikes off what does not belong there, when somebody else has
/// asked for it. Nothing is taken off the list.
public final class Criticisms {
  static final int PAGE = 30;
  private static final int LONGEST = 300;

  /// The longest list that is taken away.
  private static final int MOST = 5_000;

  /// Who answers for how a street or the district works.
  private static final Set<String> LEADING =
      Set.of("district_dispatcher", "district_inspector", "street_dispatcher", "street_supervisor");

  /// Where a page ended.
  record Place(Instant at, long id) {}

  /// @param since from when on the desk was silent: since its limit was over, or its last word
  /// @param days so many working days
  /// @param urgedAt by the rule, meanwhile; null: it was not
  public record Entry(Criticism what, Instant since, int days, @Nullable Instant urgedAt) {}

  /// @param unnamed how many are only counted: told in confidence, about staff, or kept quiet
  record Listing(List<Tally> desks, List<Entry> entries, int unnamed, @Nullable Place next) {}

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final Cases cases;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final Audit audit;
  private final CriticismStore store = new CriticismStore();

  Criticisms(
      Db db,
      Events events,
      CaseFiles files,
      Cases cases,
      Territories territories,
      Desks desks,
      Routing routing,
      Audit audit) {
    this.db = db;
    this.events = events;
    this.files = files;
    this.cases = cases;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
    this.audit = audit;
  }

  YearMonth thisMonth() {
    return YearMonth.from(files.day(files.now()));
  }

  boolean leads(Staff staff) {
    Level level = Scope.of(staff, territories).level();
    return LEADING.contains(staff.role()) && (level == Level.DISTRICT || level == Level.STREET);
  }

  private Seen seen(Staff staff) {
    return new Seen(leads(staff) ? staff.territoryPath() : "-", List.copyOf(staff.allDesks()));
  }

  /// What was raised in that month.
  ///
  /// @param desk of which alone; null: of all
  Listing of(Staff staff, YearMonth month, @Nullable Long desk, @Nullable Place before) {
    Seen seen = seen(staff);
    return listing(
        store.byDesk(db, seen, begin(month), begin(month.plusMonths(1))),
        store.list(db, seen, begin(month), begin(month.plusMonths(1)), desk, before, PAGE + 1),
        store.unnamed(db, seen, begin(month), begin(month.plusMonths(1))));
  }

  /// What waits to be decided on, of whatever month.
  Listing waiting(Staff staff, @Nullable Place before) {
    return listing(List.of(), store.waiting(db, seen(staff), before, PAGE + 1), 0);
  }

  private Listing listing(List<Tally> desks, List<Criticism> found, int unnamed) {
    List<Criticism> shown = found.subList(0, Math.min(PAGE, found.size()));
    Criticism last = found.size() > shown.size() ? shown.getLast() : null;
    return new Listing(
        desks,
        entries(shown),
        unnamed,
        last == null ? null : new Place(last.raisedAt(), last.caseId().value()));
  }

  /// All of a month, to be taken away.
  List<Entry> taken(Staff staff, String from, YearMonth month, @Nullable Long desk) {
    audit.write(
        db,
        Who.staff(staff.id(), from),
        Deed.CRITICISMS_EXPORTED,
        Map.of("month", month.toString()));
    return entries(
        store.list(db, seen(staff), begin(month), begin(month.plusMonths(1)), desk, null, MOST));
  }

  private Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(zone()).toInstant();
  }

  ZoneId zone() {
    return files.calendar().zone();
  }

  /// Those of these cases that they may open.
  Map<CaseId, Cases.Named> named(Staff staff, List<Entry> some) {
    return cases.named(staff, some.stream().map(each -> each.what().caseId()).toList());
  }

  private List<Entry> entries(List<Criticism> found) {
    Map<Long, List<Told<CaseEvent>>> told =
        events.of(
            db,
            CaseEvent.VOCABULARY,
            found.stream().map(each -> each.caseId().value()).distinct().toList());
    return found.stream()
        .map(each -> entry(each, told.getOrDefault(each.caseId().value(), List.of())))
        .toList();
  }

  private Entry entry(Criticism what, List<Told<CaseEvent>> all) {
    List<Told<CaseEvent>> told =
        all.stream().filter(each -> each.at().isBefore(what.raisedAt())).toList();
    Instant since = Standing.lastWord(told, what.redAt());
    Instant urged =
        told.stream()
            .filter(each ->
                each.at().isAfter(since)
                    && each.event() instanceof CaseEvent.RuleApplied rule
                    && rule.isDone(LoopRule.E2, Effect.URGED))
            .map(Told::at)
            .findFirst()
            .orElse(null);
    return new Entry(what, since, workingDays(since, what.raisedAt()), urged);
  }

  private int workingDays(Instant from, Instant to) {
    LocalDate last = files.day(to);
    return (int)
        files
            .day(from)
            .plusDays(1)
            .datesUntil(last.plusDays(1))
            .filter(files.calendar()::isWorkingDay)
            .count();
  }

  // What is said of it.

  boolean maySay(Staff staff, Criticism of) {
    return of.word() == null && staff.actsAt(of.deskId());
  }

  boolean mayAsk(Staff staff, Criticism of) {
    return of.asked() == null && (staff.actsAt(of.deskId()) || leadsThere(staff, of));
  }

  /// By who leads above the desk that was silent, and did not ask.
  boolean mayDecide(Staff staff, Criticism of) {
    Criticism.Said asked = of.asked();
    return of.waits() && asked != null && asked.staff() != staff.id() && leadsAbove(staff, of);
  }

  private boolean leadsThere(Staff staff, Criticism of) {
    return leads(staff) && staff.sees(of.path());
  }

  private boolean leadsAbove(Staff staff, Criticism of) {
    Level silent = routing.circleOf(desks.byId(of.deskId()));
    return leadsThere(staff, of)
        && !staff.actsAt(of.deskId())
        && territories.byId(staff.territoryId()).level().compareTo(silent) < 0;
  }

  /// By the desk that was silent, once.
  void say(Staff staff, String from, String code, Instant occasion, String words) {
    String sound = sound(words);
    Criticism of = found(staff, code, occasion);
    if (!staff.actsAt(of.deskId())) {
      throw new Refusal("criticism-not-your-desk", 403, of.deskName());
    }
    db.withinTransaction(tx -> {
      if (!store.say(tx, of, sound, staff, files.now())) {
        throw new Refusal("criticism-said", 409, of.deskName());
      }
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.CRITICISM_ANSWERED,
          Map.of("case", of.number(), "desk", of.deskName()));
    });
  }

  /// That it is struck off: by the desk, or by who leads there.
  void ask(Staff staff, String from, String code, Instant occasion, String reason) {
    String why = sound(reason);
    Criticism of = found(staff, code, occasion);
    boolean own = staff.actsAt(of.deskId());
    if (!own && !leadsThere(staff, of)) {
      throw new Refusal("criticism-not-your-desk", 403, of.deskName());
    }
    db.withinTransaction(tx -> {
      if (!store.ask(tx, of, why, staff, own ? null : (Long) staff.territoryId(), files.now())) {
        throw new Refusal("criticism-asked", 409);
      }
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.CRITICISM_DISPUTED,
          Map.of("case", of.number(), "desk", of.deskName()));
    });
  }

  /// @param strikes else it stays
  void decide(
      Staff staff, String from, String code, Instant occasion, boolean strikes, String reason) {
    String why = sound(reason);
    Criticism of = found(staff, code, occasion);
    Criticism.Said asked = of.asked();
    if (asked == null) {
      throw new Refusal("criticism-not-asked", 409);
    }
    if (!leadsAbove(staff, of)) {
      throw new Refusal("criticism-next-level", 403);
    }
    if (asked.staff() == staff.id()) {
      throw new Refusal("criticism-own-request", 403);
    }
    db.withinTransaction(tx -> {
      if (!store.decide(tx, of, strikes, why, staff, files.now())) {
        throw new Refusal("criticism-decided", 409);
      }
      audit.write(
          tx,
          Who.staff(staff.id(), from),
          Deed.CRITICISM_DECIDED,
          Map.of("case", of.number(), "desk", of.deskName(), "step", strikes ? "struck" : "kept"));
    });
  }

  private Criticism found(Staff staff, String code, Instant occasion) {
    return store.one(db, seen(staff), code, occasion).orElseThrow(Refusal::notFound);
  }

  private static String sound(String given) {
    String sound = given.strip();
    if (sound.isEmpty()) {
      throw new Refusal("reason-missing", 422);
    }
    if (sound.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    return sound;
  }
}
