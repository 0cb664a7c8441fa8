package io.linyu.casework;

import io.linyu.casework.CaseEvent.PartMoved.Move;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Part.State;
import io.linyu.community.Body;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.People;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What other desks do for a case (`T13`). Whoever has it asks them, by a day of its limit; they
/// sign, and answer or decline. The case keeps its one holder, who reports once all is answered or
/// its day is over.
///
/// No version changes by it: nobody's step is outdated by what others do beside them. Both sides
/// lock the case, so of two one comes first and the other hears how it is now.
public final class Parts {
  /// A desk that can be asked.
  ///
  /// @param suggested whether the catalogue names it for this kind of matter
  public record Partner(long deskId, String deskName, String territoryName, boolean suggested) {}

  /// What was asked for.
  ///
  /// @param codes of the parts, in the order of their desks
  public record Asked(Case matter, List<String> codes) {}

  /// A part, for those whose it is.
  ///
  /// @param shows whether they may know more of the case than the words of the request
  public record Sheet(Part part, Case matter, boolean shows) {
    /// Whether the page of the case is theirs to open.
    public boolean isOpenToThem() {
      return shows && part.isOpen();
    }
  }

  private interface Change {
    void make(Part part, CaseFile file);
  }

  static final int PAGE = 30;
  private static final int MOST_AT_ONCE = 10;
  private static final double AMBER = 0.8;

  /// One that leads may urge the same again after this.
  private static final Duration APART = Duration.ofHours(1);

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final People people;
  private final Photos photos;
  private final PartStore store = new PartStore();

  Parts(
      Db db,
      CaseFiles files,
      Cases cases,
      Categories categories,
      Territories territories,
      Desks desks,
      Routing routing,
      People people,
      Photos photos) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.categories = categories;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
    this.people = people;
    this.photos = photos;
  }

  // Whoever leads.

  /// All parts of a case, oldest first.
  public List<Part> of(Staff staff, CaseId id) {
    return store.of(db, cases.visibleTo(staff, id).id());
  }

  /// Who can be asked: desks around the place that have people, and are not whom it complains
  /// about; first those that the catalogue names, then the nearest.
  public List<Partner> partners(Case matter) {
    Optional<Category> kind = categories.named(matter.categoryCode());
    Set<String> named =
        kind.stream()
            .flatMap(each -> each.coBodies().stream())
            .flatMap(each -> desks.body(each).map(Body::code).stream())
            .collect(Collectors.toSet());
    Territory place = territories.byId(matter.territoryId());
    return territories.pathOf(place).reversed().stream()
        .flatMap(node -> desks.at(node).stream())
        .filter(desk -> desk.kind().equals("desk") && desks.isStaffed(desk))
        .filter(desk -> desk.id() != matter.deskId())
        .filter(desk -> routing.mayHold(kind.orElse(null), place, matter.accused(), desk))
        .map(desk ->
            new Partner(
                desk.id(),
                desk.name(),
                territories.byId(desk.territoryId()).name(),
                named.contains(desk.body())))
        .sorted(Comparator.comparing(each -> !each.suggested()))
        .toList();
  }

  /// The last day by which others may be asked to answer; null: the limit is over.
  public @Nullable LocalDate lastDay(Case matter) {
    Optional<LocalDate> last =
        db.inTransaction(tx -> {
          CaseFile file = files.open(tx, matter);
          Instant until = file.partsUntil();
          return until.isAfter(file.at()) ? Optional.of(files.day(until)) : Optional.empty();
        });
    return last.orElse(null);
  }

  /// Asks these desks for the same, by the end of that day.
  ///
  /// @param shows whether they see the whole of what was told in confidence
  public Asked ask(
      Staff staff, CaseId id, List<Long> of, LocalDate day, String request, boolean shows) {
    String what = CaseFiles.sound(request, "part-request-missing");
    List<Long> asked = of.stream().distinct().toList();
    if (asked.isEmpty()) {
      throw new Refusal("part-desk-missing", 422);
    }
    if (asked.size() > MOST_AT_ONCE) {
      throw new Refusal("part-desks-many", 422, MOST_AT_ONCE);
    }
    var codes = new ArrayList<String>();
    Case now =
        files.add(
            staff,
            id,
            null,
            (permits, file) -> {
              codes.clear(); // of a try that was taken back
              permits.require(Step.CO_HANDLE);
              Case matter = permits.matter();
              Map<Long, Partner> partners =
                  partners(matter).stream()
                      .collect(Collectors.toMap(Partner::deskId, Function.identity()));
              Instant due = due(day, file.at(), file.partsUntil());
              Instant amber = amber(file.at(), due);
              Transition step = file.go(Transition.T13, permits.actors());
              long note = file.note(staff.id(), what, List.of());
              for (long each : asked) {
                Partner desk = partners.get(each);
                if (desk == null) {
                  throw new Refusal("part-desk-elsewhere", 422);
                }
                String code = Codes.random();
                long part =
                    store
                        .ask(
                            file.tx(),
                            id,
                            code,
                            each,
                            staff.id(),
                            file.at(),
                            note,
                            amber,
                            due,
                            shows && matter.confidential())
                        .orElseThrow(() -> new Refusal("part-asked", 409, desk.deskName()));
                codes.add(code);
                file.tell(
                    new CaseEvent.PartAsked(
                        step,
                        file.rule(),
                        staff.id(),
                        part,
                        each,
                        false,
                        due,
                        note,
                        file.digest(what)));
              }
            });
    return new Asked(now, codes);
  }

  /// Whoever rules who leads asks the other of the two along, by the limit.
  void askAlong(CaseFile file, Staff staff, long desk, String request) {
    String what = CaseFiles.sound(request, "part-request-missing");
    Instant due = file.partsUntil();
    if (!due.isAfter(file.at())) {
      throw new Refusal("part-late", 409);
    }
    askBeside(file, staff, desks.byId(desk), what, due);
  }

  /// By no step of the loop: whoever has it has not asked.
  private void askBeside(CaseFile file, Staff staff, Desk desk, String what, Instant due) {
    long note = file.note(staff.id(), what, List.of());
    long part =
        store
            .ask(
                file.tx(),
                file.id(),
                Codes.random(),
                desk.id(),
                staff.id(),
                file.at(),
                note,
                amber(file.at(), due),
                due,
                false)
            .orElseThrow(() -> new Refusal("part-asked", 409, desk.name()));
    file.tell(
        new CaseEvent.PartAsked(
            null, file.rule(), staff.id(), part, desk.id(), false, due, note, file.digest(what)));
  }

  /// Of those who have sat down about it, whoever leads asks one: by a day of the limit, or by any
  /// where that is over, or stands still.
  void askByConference(
      CaseFile file, Staff staff, Case matter, long desk, LocalDate day, String request) {
    String what = CaseFiles.sound(request, "part-request-missing");
    Desk asked =
        desks
            .find(desk)
            .filter(each -> each.id() != matter.deskId() && desks.isStaffed(each))
            .filter(each ->
                routing.mayHold(
                    categories.named(matter.categoryCode()).orElse(null),
                    territories.byId(matter.territoryId()),
                    matter.accused(),
                    each))
            .orElseThrow(() -> new Refusal("part-desk-elsewhere", 422));
    Instant midnight = day.plusDays(1).atStartOfDay(files.calendar().zone()).toInstant();
    Instant until =
        Stream.of(CaseClock.Kind.HANDLING, CaseClock.Kind.REWORK)
            .flatMap(each -> file.dueAt(each).stream())
            .max(Instant::compareTo)
            .filter(each -> each.isAfter(file.at()))
            .orElse(midnight.isAfter(file.at()) ? midnight : file.at().plus(APART));
    Instant due = due(day, file.at(), until);
    askBeside(file, staff, asked, what, due);
  }

  /// Whoever has it, or comes first at its desk, is called.
  public Case urge(Staff staff, CaseId id, String code) {
    return tend(
        staff,
        id,
        List.of(code),
        (part, file) -> {
          Instant last = part.urgedAt();
          if (last != null && file.at().isBefore(last.plus(APART))) {
            throw new Refusal(
                "case-urged-lately",
                409,
                Math.max(1, Duration.between(last, file.at()).toMinutes()));
          }
          store.urge(file.tx(), part.id(), file.at());
          tell(file, part, Move.URGED, staff.id(), null, null);
        });
  }

  /// Gives them longer, within the limit of the case.
  public Case extend(Staff staff, CaseId id, String code, LocalDate day) {
    return tend(
        staff,
        id,
        List.of(code),
        (part, file) -> {
          Instant due = due(day, file.at(), file.partsUntil());
          if (part.dueAt() != null && !due.isAfter(part.dueAt())) {
            throw new Refusal("part-sooner", 422, files.day(part.dueAt()).toString());
          }
          store.extend(file.tx(), part.id(), amber(file.at(), due), due);
          file.tell(
              new CaseEvent.PartMoved(
                  null,
                  file.rule(),
                  Move.EXTENDED,
                  part.id(),
                  part.deskId(),
                  staff.id(),
                  due,
                  null,
                  null));
        });
  }

  /// They need not do it any more.
  public Case cancel(Staff staff, CaseId id, List<String> codes) {
    return tend(
        staff,
        id,
        codes,
        (part, file) -> {
          store.end(file.tx(), part.id(), State.CANCELLED, null, file.at());
          tell(file, part, Move.CANCELLED, staff.id(), null, null);
        });
  }

  private Case tend(Staff staff, CaseId id, List<String> codes, Change change) {
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.TEND_PARTS);
          for (String code : codes) {
            Part part =
                store
                    .byCode(file.tx(), code)
                    .filter(each -> each.caseId().equals(id) && !each.isContact())
                    .orElseThrow(Refusal::notFound);
            requireOpen(part, staff);
            change.make(part, file);
          }
        });
  }

  /// The end of the working hours of that day, or of the limit where that comes before.
  private Instant due(LocalDate day, Instant now, Instant until) {
    WorkingCalendar calendar = files.calendar();
    ZoneId zone = calendar.zone();
    if (day.isBefore(files.day(now))) {
      throw new Refusal("part-past", 422, day.toString());
    }
    if (!until.isAfter(now)) {
      throw new Refusal("part-late", 409);
    }
    if (day.isAfter(files.day(until))) {
      throw new Refusal("part-beyond", 422, files.day(until).toString());
    }
    List<WorkingCalendar.Interval> hours = calendar.hours(day);
    Instant midnight = day.plusDays(1).atStartOfDay(zone).toInstant();
    Instant closes = hours.isEmpty() ? midnight : hours.getLast().end(day, zone);
    Instant end = closes.isAfter(now) ? closes : midnight;
    return end.isBefore(until) ? end : until;
  }

  private Instant amber(Instant now, Instant due) {
    Duration working = files.calendar().between(now, due);
    return working.isZero()
        ? now.plus(part(Duration.between(now, due)))
        : files.calendar().after(now, part(working));
  }

  private static Duration part(Duration whole) {
    return Duration.ofMillis((long) (whole.toMillis() * AMBER));
  }

  /// Whoever leads reports, and what is missing is over its day: the words for the resident that
  /// say so.
  ///
  /// @return nothing where nothing is missing
  String letLapse(CaseFile file, Case matter) {
    List<String> missing = file.letPartsLapse();
    if (missing.isEmpty()) {
      return "";
    }
    Long person = matter.personId();
    Words words = Words.in(person == null ? null : people.byId(file.tx(), person).language());
    return "\n" + words.of("resident.stage", String.join(words.of("list.and"), missing));
  }

  // Whoever is asked.

  /// What waits at their desks, the soonest first.
  ///
  /// @param after code of the last one of the page before; null: the first page
  public List<Sheet> waiting(Staff staff, @Nullable String after) {
    Part last = after == null ? null : store.byCode(db, after).orElseThrow(Refusal::notFound);
    Instant due =
        last == null
            ? null
            : last.dueAt() == null ? Instant.parse("9999-01-01T00:00:00Z") : last.dueAt();
    return sheets(
        store.waiting(
            db,
            staff.id(),
            CaseStore.desks(staff),
            CaseStore.ownDesks(staff),
            due,
            last == null ? 0 : last.id(),
            PAGE));
  }

  /// What is over, the newest first.
  public List<Sheet> over(Staff staff, @Nullable String after) {
    Part last = after == null ? null : store.byCode(db, after).orElseThrow(Refusal::notFound);
    Instant before = last == null ? null : last.endedAt();
    return sheets(
        store.over(
            db,
            staff.id(),
            CaseStore.desks(staff),
            CaseStore.ownDesks(staff),
            before == null ? Instant.parse("9999-01-01T00:00:00Z") : before,
            last == null ? Long.MAX_VALUE : last.id(),
            PAGE));
  }

  private List<Sheet> sheets(List<Part> parts) {
    Map<CaseId, Case> matters =
        cases.named(db, parts.stream().map(Part::caseId).distinct().toList()).stream()
            .collect(Collectors.toMap(Case::id, Function.identity()));
    return parts.stream()
        .map(each -> sheet(each, Objects.requireNonNull(matters.get(each.caseId()))))
        .toList();
  }

  private static Sheet sheet(Part part, Case matter) {
    return new Sheet(part, matter, part.showsOf(matter));
  }

  /// How many are to be answered at their desks, up to a hundred.
  public long count(Staff staff) {
    return staff.allDesks().isEmpty()
        ? 0
        : store.count(db, staff.id(), CaseStore.desks(staff), CaseStore.ownDesks(staff));
  }

  /// Refused as not found where it is not their desk's.
  public Sheet visibleTo(Staff staff, String code) {
    Part part = theirs(db, staff, code);
    return sheet(part, cases.named(db, part.caseId()).orElseThrow());
  }

  Part named(Sql sql, long part) {
    return store.byId(sql, part).orElseThrow();
  }

  private Part theirs(Sql sql, Staff staff, String code) {
    return store
        .byCode(sql, code)
        .filter(each -> staff.worksAt(each.deskId()) || mayStandIn(sql, staff, each))
        .filter(each -> !cases.named(sql, each.caseId()).orElseThrow().accused().is(staff.id()))
        .orElseThrow(Refusal::notFound);
  }

  /// Not at what was told in confidence.
  private boolean mayStandIn(Sql sql, Staff staff, Part part) {
    return staff.actsAt(part.deskId())
        && !cases.named(sql, part.caseId()).orElseThrow().confidential();
  }

  /// Takes it on; also from a colleague who had.
  public Part sign(Staff staff, String code) {
    return db.inTransaction(tx -> sign(tx, staff, code));
  }

  Part sign(Tx tx, Staff staff, String code) {
    return change(
        tx,
        staff,
        code,
        (part, file) -> {
          if (part.isHeldBy(staff.id())) {
            throw new Refusal("part-signed", 409, staff.name());
          }
          sign(file, part, staff);
        });
  }

  private void sign(CaseFile file, Part part, Staff staff) {
    store.sign(file.tx(), part.id(), staff.id());
    tell(file, part, Move.SIGNED, staff.id(), null, null);
  }

  /// Says what was done. What nobody has signed is signed with it.
  public Part answer(Staff staff, String code, String words, List<Photos.Taken> taken) {
    List<Photos.Drawn> drawn = Photos.drawn(taken);
    return db.inTransaction(tx -> answer(tx, staff, code, words, drawn));
  }

  /// The same, in the transaction of a turn.
  Part answer(Tx tx, Staff staff, String code, String words) {
    return answer(tx, staff, code, words, List.of());
  }

  private Part answer(Tx tx, Staff staff, String code, String words, List<Photos.Drawn> pictures) {
    String said = CaseFiles.sound(words, "part-answer-missing");
    return change(
        tx,
        staff,
        code,
        (part, file) -> {
          if (part.state() == State.ASKED) {
            sign(file, part, staff);
          } else {
            requireHeld(part, staff);
          }
          long note = file.note(staff.id(), said, List.of());
          photos.keep(tx, part.caseId(), note, file.at(), pictures);
          store.end(tx, part.id(), State.ANSWERED, note, file.at());
          tell(file, part, Move.ANSWERED, staff.id(), note, file.digest(said));
        });
  }

  /// Says that it is not theirs to do, and why.
  public Part decline(Staff staff, String code, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return db.inTransaction(tx ->
        change(
            tx,
            staff,
            code,
            (part, file) -> {
              if (part.state() == State.SIGNED) {
                requireHeld(part, staff);
              }
              long note = file.note(staff.id(), why, List.of());
              store.end(tx, part.id(), State.DECLINED, note, file.at());
              tell(file, part, Move.DECLINED, staff.id(), note, file.digest(why));
            }));
  }

  /// Whether they could answer it as it stands, before they are asked for the last word.
  void requireAnswering(Staff staff, Part part) {
    requireOpen(part, staff);
    if (part.state() == State.SIGNED) {
      requireHeld(part, staff);
    }
  }

  private Part change(Tx tx, Staff staff, String code, Change change) {
    CaseId id = theirs(tx, staff, code).caseId();
    files.lock(tx, id);
    Part part = theirs(tx, staff, code);
    if (part.isContact()) {
      throw new Refusal("part-contact", 409);
    }
    requireOpen(part, staff);
    CaseFile file = files.open(tx, cases.named(tx, id).orElseThrow());
    staff.standsInAt(part.deskId()).ifPresent(each -> file.actFor(staff, each));
    change.make(part, file);
    file.keep(false);
    return store.byCode(tx, code).orElseThrow();
  }

  private static void requireOpen(Part part, Staff staff) {
    if (!part.isOpen()) {
      throw new Refusal(
          "part-over", 409, Words.in(staff.language()).of("part.state." + part.state().word()));
    }
  }

  private static void requireHeld(Part part, Staff staff) {
    if (!part.isHeldBy(staff.id())) {
      String name = part.staffName();
      throw new Refusal("part-held", 409, name == null ? part.deskName() : name);
    }
  }

  private static void tell(
      CaseFile file,
      Part part,
      Move how,
      @Nullable Long staff,
      @Nullable Long note,
      @Nullable String words) {
    file.tell(
        new CaseEvent.PartMoved(
            null, file.rule(), how, part.id(), part.deskId(), staff, part.dueAt(), note, words));
  }
}
