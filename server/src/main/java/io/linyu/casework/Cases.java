package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Codes;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The matters that somebody must handle.
///
/// Staff reach a case only where they may see it: what is not theirs to see does not exist for
/// them. Every step holds the case's row lock, follows a row of [Transition], and writes its event
/// in the same transaction. `version` is the one the member of staff saw: when the case has moved
/// on since, the step is refused as `case-changed`.
public final class Cases {
  private static final int LONGEST_TEXT = 2_000;
  private static final Duration TAKEN_BACK_WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Events events;
  private final Clock clock;
  private final Supplier<WorkingCalendar> calendar;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final CaseStore store = new CaseStore();
  private final HoldingStore holdingStore = new HoldingStore();
  private final ClockStore clockStore = new ClockStore();
  private final TextStore texts = new TextStore();
  private final RuleStore rules = new RuleStore();
  private final Routing routing;

  public Cases(
      Db db,
      Events events,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      Categories categories,
      Territories territories,
      Desks desks) {
    this.db = db;
    this.events = events;
    this.clock = clock;
    this.calendar = calendar;
    this.categories = categories;
    this.territories = territories;
    this.desks = desks;
    this.routing = new Routing(territories, desks, rules);
  }

  // What a resident's turn does.

  /// Opens a case: number, category, desk and clocks. Confirmed and of a known kind and place, it
  /// is accepted and dispatched by rule; anything else waits for a person to accept it.
  ///
  /// The caller notes the case on the messages it was told in.
  public Opened open(Tx tx, NewCase draft) {
    Instant at = now();
    Clocks clocks = clocks(tx, at);
    Territory place = territories.byId(draft.territoryId());
    Category category = kindOf(draft);
    if (category != null
        && draft.confirmed()
        && draft.territoryKnown()
        && clocks.rules().acceptsByRule(category)) {
      return openDispatched(tx, draft, place, category, clocks, at);
    }
    // A complaint about staff passes their own level by, also while it waits.
    Desk desk =
        category != null && clocks.rules().keepsConfidential(category)
            ? routing.taking(levelOf(category), place)
            : routing.acceptance(place);
    CaseClock acceptance = clocks.acceptance(draft.saidAt());
    var way = new Routing.Way(desk, null, null);
    Level level = circleOf(desk);
    Fresh fresh =
        insert(
            tx,
            draft,
            CaseState.REPORTED,
            level,
            category,
            place,
            way,
            clocks.rules(),
            at,
            acceptance);
    holdingStore.hold(tx, fresh.id(), desk.id(), null, at, null);
    clockStore.start(tx, fresh.id(), acceptance);
    tellOpened(tx, draft, fresh, category, desk, clocks.rules().version());
    return fresh.opened(CaseState.REPORTED, desk, acceptance.dueAt());
  }

  private Opened openDispatched(
      Tx tx, NewCase draft, Territory place, Category category, Clocks clocks, Instant at) {
    Routing.Way way = routing.handling(tx, category, place, today(at));
    Urgency urgency = urgencyOf(draft, category);
    CaseClock contact = clocks.firstContact(draft.saidAt(), category);
    List<CaseClock> started =
        List.of(clocks.signing(at, urgency), contact, clocks.handling(draft.saidAt(), category));
    CaseClock next = started.stream().min(Comparator.comparing(CaseClock::dueAt)).orElseThrow();
    Level level = levelOf(category);
    Fresh fresh =
        insert(
            tx, draft, CaseState.DISPATCHED, level, category, place, way, clocks.rules(), at, next);
    holdingStore.hold(tx, fresh.id(), way.desk().id(), null, at, null);
    started.forEach(each -> clockStore.start(tx, fresh.id(), each));
    int rule = clocks.rules().version();
    tellOpened(tx, draft, fresh, category, way.desk(), rule);
    tell(tx, fresh, new CaseEvent.Accepted(Transition.T06, rule, null, category.code(), level));
    tell(
        tx,
        fresh,
        new CaseEvent.Dispatched(
            Transition.T09, rule, null, way.desk().id(), way.body(), way.rule()));
    return fresh.opened(CaseState.DISPATCHED, way.desk(), contact.dueAt());
  }

  /// Registers danger to life: the case is with the emergency line at once, and remembered here.
  /// The alarm is rung by [Alarms#ring].
  public Opened handOff(Tx tx, NewCase draft, String kind) {
    Instant at = now();
    Rules now = rules.at(tx, at);
    int rule = now.version();
    Territory place = territories.byId(draft.territoryId());
    Desk desk = routing.acceptance(place);
    var way = new Routing.Way(desk, null, null);
    Category category = kindOf(draft);
    Fresh fresh =
        insert(
            tx, draft, CaseState.HANDED_OFF, circleOf(desk), category, place, way, now, at, null);
    tell(tx, fresh, drafted(draft, fresh, rule));
    tell(
        tx,
        fresh,
        new CaseEvent.HandedOff(
            Transition.T03, rule, kind, place.id(), draft.territoryKnown(), desk.id()));
    return fresh.opened(CaseState.HANDED_OFF, desk, at);
  }

  /// The resident said more about an open case of theirs. False when it is not theirs or not open.
  public boolean supplement(Tx tx, CaseId id, long personId, List<Long> messageIds) {
    if (!store.lock(tx, id)) {
      return false;
    }
    Case matter = store.byId(tx, id).orElseThrow();
    // A danger is with the emergency line from the first moment, and is still told of.
    boolean told = matter.isOpen() || matter.state() == CaseState.HANDED_OFF;
    if (!told || !Objects.equals(matter.personId(), personId)) {
      return false;
    }
    Instant at = now();
    store.heard(tx, id, at);
    int rule = rules.at(tx, at).version();
    events.write(
        tx,
        CaseEvent.VOCABULARY,
        id.value(),
        new CaseEvent.Supplemented(null, rule, List.copyOf(messageIds)));
    return true;
  }

  /// The person's cases, newest first.
  public List<Case> ofPerson(Sql sql, long personId, int limit) {
    return store.ofPerson(sql, personId, limit);
  }

  public int countOfPerson(Sql sql, long personId) {
    return store.countOfPerson(sql, personId);
  }

  /// What the resident is promised next; the desk's own clock is none of their business.
  public Optional<CaseClock> promised(Sql sql, CaseId id) {
    return clockStore.clocks(sql, id).stream()
        .filter(CaseClock::isRunning)
        .filter(each -> each.kind() != Kind.SIGNING)
        .min(Comparator.comparing(CaseClock::dueAt));
  }

  /// The person's case of that number. Nobody else's: a number opens nothing.
  public Optional<Case> byNumber(Sql sql, long personId, CaseNumber number) {
    return store.ofPerson(sql, personId, number);
  }

  /// For the page that the link in the chat opens.
  ///
  /// @param language of the sentences, `zh` or `en`
  public Optional<Followed> byCode(String code, String language) {
    return store
        .byCode(db, code)
        .map(matter ->
            new Followed(
                matter,
                lines(language).progress(events.of(db, CaseEvent.VOCABULARY, matter.id().value())),
                texts.answers(db, matter.id()),
                clockStore.clocks(db, matter.id()).stream()
                    .filter(CaseClock::isRunning)
                    .filter(each -> each.kind() != Kind.SIGNING)
                    .findFirst()
                    .orElse(null)));
  }

  // What staff see.

  public Case visibleTo(Staff staff, CaseId id) {
    return visibleTo(db, staff, id);
  }

  public Case visibleTo(Staff staff, String code) {
    return visibleTo(staff, store.idOf(db, code).orElseThrow(Refusal::notFound));
  }

  private Case visibleTo(Sql sql, Staff staff, CaseId id) {
    return store
        .visible(sql, staff, Scope.of(staff, territories), id)
        .orElseThrow(Refusal::notFound);
  }

  /// In the language of the member of staff, oldest first.
  public List<Line> history(Staff staff, CaseId id) {
    Case matter = visibleTo(staff, id);
    return lines(staff.language())
        .history(events.of(db, CaseEvent.VOCABULARY, matter.id().value()));
  }

  public List<Answer> answers(Staff staff, CaseId id) {
    return texts.answers(db, visibleTo(staff, id).id());
  }

  public List<Note> notes(Staff staff, CaseId id) {
    return texts.notes(db, visibleTo(staff, id).id());
  }

  public List<Holding> holdings(Staff staff, CaseId id) {
    return holdingStore.holdings(db, visibleTo(staff, id).id());
  }

  public List<CaseClock> clocks(Staff staff, CaseId id) {
    return clockStore.clocks(db, visibleTo(staff, id).id());
  }

  /// What the answer says; for the listener that carries it to the resident. Empty once erased.
  public Optional<Answer> answer(Sql sql, long answerId) {
    return texts.answer(sql, answerId);
  }

  /// For listeners, which act for nobody.
  public Optional<Case> named(Sql sql, CaseId id) {
    return store.byId(sql, id);
  }

  /// The next lawful steps for this person, for the buttons of the page.
  public List<Step> stepsFor(Staff staff, Case matter) {
    List<Step> steps = permits(staff, matter).steps();
    if (matter.staffId() != null || !matter.isOpen()) {
      return steps;
    }
    List<Told<CaseEvent>> told = events.of(db, CaseEvent.VOCABULARY, matter.id().value());
    return handedOnJustNow(staff, told, now()).isEmpty()
        ? steps
        : Stream.concat(steps.stream(), Stream.of(Step.HAND_BACK)).toList();
  }

  /// The desks it can be handed on to by this person, nearest first.
  public List<Target> targets(Staff staff, CaseId id) {
    Case matter = visibleTo(staff, id);
    Permits permits = permits(staff, matter);
    Territory place = territories.byId(matter.territoryId());
    if (permits.against(Step.HAND_ON).isPresent()) {
      return List.of();
    }
    if (!permits.directs()) {
      return Stream.of(routing.taking(matter.level(), place))
          .map(desk -> target(desk, matter, place))
          .toList();
    }
    return territories.pathOf(place).reversed().stream()
        .flatMap(node -> desks.at(node).stream())
        .filter(desk -> !desk.kind().equals("emergency_line"))
        .filter(desk -> desk.id() != matter.deskId())
        .map(desk -> target(desk, matter, place))
        .toList();
  }

  private Target target(Desk desk, Case matter, Territory place) {
    Routing.Way way = routing.to(desk, matter.level(), place);
    return new Target(
        desk.id(),
        desk.name(),
        territories.byId(desk.territoryId()).name(),
        way.desk().id() == desk.id() ? null : way.desk().name());
  }

  // What staff do.

  /// Takes it: signs what was dispatched, accepts what was only reported and is of a known kind,
  /// takes over from a colleague of the same desk.
  public Case claim(Staff staff, CaseId id, int version) {
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          if (matter.isHeldBy(staff.id())) {
            return;
          }
          Permits permits = permits(staff, matter);
          permits.require(matter.staffId() == null ? Step.CLAIM : Step.TAKE_OVER);
          Optional<Category> category = categories.named(matter.categoryCode());
          if (matter.state() == CaseState.REPORTED && category.isPresent()) {
            accept(file, permits, category.get());
            dispatch(file, permits, desks.byId(matter.deskId()), null);
          }
          Transition signed = null;
          if (file.state() == CaseState.DISPATCHED) {
            signed = file.go(Transition.T10, permits.actors());
            file.stop(Kind.SIGNING);
          }
          file.give(staff.id());
          file.tell(
              new CaseEvent.Claimed(
                  signed, file.rule(), staff.id(), matter.deskId(), matter.staffId()));
        });
  }

  /// Puts it back on the desk. What was claimed and not touched since waits to be signed again, as
  /// before; no clock starts anew. What was just taken over goes back to the colleague.
  public Case release(Staff staff, CaseId id, int version) {
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          Permits permits = permits(staff, matter);
          permits.require(Step.RELEASE);
          Transition unsigned = null;
          Long to = null;
          Told<CaseEvent> last = lastTouch(events.of(tx, CaseEvent.VOCABULARY, id.value()));
          if (last.event() instanceof CaseEvent.Claimed claimed
              && claimed.staffId() == staff.id()) {
            if (claimed.transition() != null) {
              unsigned = file.go(Transition.T10b, permits.actors());
              file.resumeSigning();
            } else if (!last.at().plus(TAKEN_BACK_WITHIN).isBefore(file.at())) {
              to = claimed.from();
            }
          }
          file.give(to);
          file.tell(new CaseEvent.Released(unsigned, file.rule(), staff.id(), matter.deskId(), to));
        });
  }

  /// What the resident adds and what colleagues note down leaves it as it was.
  private static Told<CaseEvent> lastTouch(List<Told<CaseEvent>> told) {
    return told.reversed().stream()
        .filter(each ->
            !(each.event() instanceof CaseEvent.Supplemented
                || each.event() instanceof CaseEvent.Noted))
        .findFirst()
        .orElseThrow();
  }

  /// Speaks to the resident; refused when somebody else has answered or taken it in the meantime.
  /// The first answer stops the clock of the first contact.
  public Case answer(Staff staff, CaseId id, int version, String text) {
    String said = sound(text, "answer-missing");
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          permits(staff, matter).require(Step.ANSWER);
          boolean first = file.stop(Kind.FIRST_CONTACT);
          long answer = file.answer(staff.id(), said);
          file.tell(
              new CaseEvent.Answered(
                  null, file.rule(), staff.id(), answer, first, file.digest(said)));
        });
  }

  /// Writes something down for colleagues.
  public Case note(Staff staff, CaseId id, String text) {
    String written = sound(text, "note-missing");
    return add(
        staff,
        id,
        (tx, matter, file) -> {
          long note = file.note(staff.id(), written);
          file.tell(new CaseEvent.Noted(null, file.rule(), staff.id(), note, file.digest(written)));
        });
  }

  /// Gives it to another desk. The resident's clocks go on.
  public Case handOn(Staff staff, CaseId id, int version, long deskId, String reason) {
    String why = sound(reason, "reason-missing");
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          Permits permits = permits(staff, matter);
          permits.require(Step.HAND_ON);
          Desk target = known(deskId);
          Territory place = territories.byId(matter.territoryId());
          Routing.Way way = routing.to(target, matter.level(), place);
          if (way.desk().id() == matter.deskId() && Objects.equals(way.body(), matter.bodyCode())) {
            throw new Refusal("case-same-desk", 409, matter.deskName());
          }
          if (!permits.directs() && !way.desk().equals(routing.taking(matter.level(), place))) {
            Desk decides = routing.taking(matter.level(), place);
            throw new Refusal("case-return-to-level-desk", 409, decides.name());
          }
          Transition step = handOn(file, permits, matter, way.desk(), why);
          file.give(way.desk().id(), way.body(), null, why);
          file.tell(
              new CaseEvent.HandedOn(
                  step,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  way.desk().id(),
                  way.body(),
                  false,
                  file.digest(why)));
        });
  }

  /// The rows of the table that lead from here to a desk that has yet to sign. What nobody has
  /// accepted and nobody can name only changes its acceptance desk.
  private @Nullable Transition handOn(
      CaseFile file, Permits permits, Case matter, Desk to, String why) {
    Set<Actor> actors = permits.actors();
    Optional<Category> category = categories.named(matter.categoryCode());
    if (matter.state() == CaseState.REPORTED) {
      if (category.isEmpty()) {
        return null;
      }
      accept(file, permits, category.get());
    }
    if (matter.state() == CaseState.DISPATCHED) {
      actors.add(Actor.HANDLER); // the desk of the level approves the return by making it
      Transition returned = file.go(Transition.T11, actors);
      file.tell(
          new CaseEvent.Returned(
              returned, file.rule(), permits.staff().id(), matter.deskId(), file.digest(why)));
    }
    Level circle = circleOf(to);
    if (circle.compareTo(file.level()) < 0) {
      actors.add(Actor.SYSTEM);
      changeLevel(file, permits.staff(), Transition.T30, circle, actors);
    }
    Transition step;
    if (file.state() == CaseState.FILED) {
      actors.add(Actor.SYSTEM); // a plain return goes back to the desk of the level by rule
      step = file.go(Transition.T09, actors);
    } else {
      step = file.go(Transition.T12, actors);
    }
    file.startSigning();
    return step;
  }

  /// Takes back what one has just handed on, while nobody there has touched it.
  public Case handBack(Staff staff, CaseId id, int version) {
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          List<Told<CaseEvent>> told = events.of(tx, CaseEvent.VOCABULARY, id.value());
          Told<CaseEvent> last = told.getLast();
          if (!(last.event() instanceof CaseEvent.HandedOn handed)
              || handed.staffId() != staff.id()
              || handed.back()
              || last.at().plus(TAKEN_BACK_WITHIN).isBefore(file.at())) {
            throw new Refusal("case-not-back", 409, matter.deskName());
          }
          Set<Actor> actors =
              EnumSet.allOf(Actor.class); // for both desks: neither has done anything
          List<Holding> holdings = holdingStore.holdings(tx, matter.id());
          Holding before = holdings.get(holdings.size() - 2);
          Transition step = null;
          if (matter.state() == CaseState.DISPATCHED) {
            file.go(Transition.T11, actors);
            Level circle = circleOf(known(handed.fromDesk()));
            if (circle.compareTo(file.level()) > 0) {
              changeLevel(file, staff, Transition.T31, circle, actors);
            }
            step = file.go(Transition.T09, actors);
            if (before.staffId() != null) {
              file.stop(Kind.SIGNING);
              step = file.go(Transition.T10, actors);
            }
          }
          String body = responsible(told.subList(0, told.size() - 1));
          file.give(handed.fromDesk(), body, before.staffId(), null);
          file.tell(
              new CaseEvent.HandedOn(
                  step,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  handed.fromDesk(),
                  body,
                  true,
                  handed.reason()));
        });
  }

  private static Optional<CaseEvent.HandedOn> handedOnJustNow(
      Staff staff, List<Told<CaseEvent>> told, Instant now) {
    Told<CaseEvent> last = told.getLast();
    return last.event() instanceof CaseEvent.HandedOn handed
            && handed.staffId() == staff.id()
            && !handed.back()
            && !last.at().plus(TAKEN_BACK_WITHIN).isBefore(now)
        ? Optional.of(handed)
        : Optional.empty();
  }

  private static @Nullable String responsible(List<Told<CaseEvent>> told) {
    for (Told<CaseEvent> each : told.reversed()) {
      switch (each.event()) {
        case CaseEvent.Dispatched dispatched -> {
          return dispatched.body();
        }
        case CaseEvent.HandedOn handed -> {
          return handed.body();
        }
        default -> {}
      }
    }
    return null;
  }

  /// Corrects the category. What was only reported is thereby accepted: by the one who holds it for
  /// their own desk, else for the desk that the rules name.
  public Case setCategory(Staff staff, CaseId id, int version, String code) {
    Category category =
        categories
            .named(code)
            .filter(Category::isSpecific)
            .orElseThrow(() -> new Refusal("category-unknown", 422, code));
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          Permits permits = permits(staff, matter);
          permits.require(Step.SET_CATEGORY);
          if (code.equals(matter.categoryCode())) {
            return;
          }
          Transition step = file.go(Transition.T32, permits.actors());
          Urgency usual =
              categories.named(matter.categoryCode()).map(Cases::usual).orElse(Urgency.NORMAL);
          file.file(category, matter.urgency() == usual ? usual(category) : matter.urgency());
          file.tell(
              new CaseEvent.Corrected(
                  step, file.rule(), staff.id(), "category", matter.categoryCode(), code));
          if (matter.state() == CaseState.REPORTED) {
            acceptHere(tx, file, permits, category, matter.territoryId(), matter.territoryKnown());
          }
        });
  }

  /// Corrects the place. What nobody has taken or accepted yet goes to the desk of the new place.
  public Case setTerritory(Staff staff, CaseId id, int version, long territoryId) {
    Territory place;
    try {
      place = territories.byId(territoryId);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          Permits permits = permits(staff, matter);
          permits.require(Step.SET_TERRITORY);
          if (place.id() == matter.territoryId() && matter.territoryKnown()) {
            return;
          }
          Transition step = file.go(Transition.T32, permits.actors());
          store.moveTo(tx, id, place.id(), place.path(), Units.of(place, territories));
          file.tell(
              new CaseEvent.Corrected(
                  step,
                  file.rule(),
                  staff.id(),
                  "territory",
                  Long.toString(matter.territoryId()),
                  Long.toString(place.id())));
          if (matter.state() != CaseState.REPORTED) {
            return;
          }
          Optional<Category> category = categories.named(matter.categoryCode());
          Desk waits = routing.acceptance(place);
          if (category.isPresent()) {
            acceptHere(tx, file, permits, category.get(), place.id(), true);
          } else if (matter.staffId() == null && waits.id() != matter.deskId()) {
            file.give(waits.id(), null, null, null);
            file.tell(
                new CaseEvent.HandedOn(
                    null,
                    file.rule(),
                    staff.id(),
                    matter.deskId(),
                    waits.id(),
                    null,
                    false,
                    file.digest("")));
          }
        });
  }

  /// Accepts what waited: for one's own desk when one holds it, else for the desk that the rules
  /// name, once the place is known.
  private void acceptHere(
      Tx tx,
      CaseFile file,
      Permits permits,
      Category category,
      long territory,
      boolean territoryKnown) {
    if (permits.matter().isHeldBy(permits.staff().id())) {
      accept(file, permits, category);
      dispatch(file, permits, permits.desk(), null);
      Transition signed = file.go(Transition.T10, permits.actors());
      file.tell(
          new CaseEvent.Claimed(
              signed, file.rule(), permits.staff().id(), permits.desk().id(), null));
    } else if (territoryKnown && permits.matter().staffId() == null) {
      accept(file, permits, category);
      Routing.Way way =
          routing.handling(tx, category, territories.byId(territory), today(file.at()));
      dispatch(file, permits, way.desk(), way);
      file.give(way.desk().id(), way.body(), null, null);
      file.startSigning();
    }
  }

  private void accept(CaseFile file, Permits permits, Category category) {
    Transition step = file.go(Transition.T06, permits.actors());
    file.raise(levelOf(category));
    file.startResidentsClocks(category);
    file.tell(
        new CaseEvent.Accepted(
            step, file.rule(), permits.staff().id(), category.code(), file.level()));
  }

  /// @param way null: to the desk of the one who does it
  private void dispatch(CaseFile file, Permits permits, Desk desk, Routing.@Nullable Way way) {
    Set<Actor> actors = permits.actors();
    actors.add(Actor.SYSTEM);
    Transition step = file.go(Transition.T09, actors);
    file.tell(
        new CaseEvent.Dispatched(
            step,
            file.rule(),
            permits.staff().id(),
            desk.id(),
            way == null ? null : way.body(),
            way == null ? null : way.rule()));
  }

  private void changeLevel(
      CaseFile file, Staff staff, Transition step, Level to, Set<Actor> actors) {
    Level from = file.level();
    file.go(step, actors);
    file.raise(to);
    file.tell(new CaseEvent.LevelChanged(step, file.rule(), staff.id(), from, to));
  }

  /// Finishes it; the text tells the resident what was done. That nobody else checked is recorded
  /// as an exception.
  public Case close(Staff staff, CaseId id, int version, String text) {
    String told = sound(text, "answer-missing");
    return change(
        staff,
        id,
        version,
        (tx, matter, file) -> {
          Permits permits = permits(staff, matter);
          permits.require(Step.CLOSE);
          Set<Actor> actors = permits.actors();
          Transition reported = file.go(Transition.T17, actors);
          long answer = file.answer(staff.id(), told);
          file.tell(
              new CaseEvent.Reported(reported, file.rule(), staff.id(), answer, file.digest(told)));
          actors.add(Actor.SYSTEM);
          file.tell(
              new CaseEvent.CheckSkipped(file.go(Transition.T21, actors), file.rule(), staff.id()));
          file.tell(
              new CaseEvent.Closed(
                  file.go(Transition.T22, actors),
                  file.rule(),
                  staff.id(),
                  answer,
                  CaseEvent.Closed.Unchecked.CLOSED_BY_HANDLER));
          file.shut();
        });
  }

  /// A verb of the page.
  public enum Step {
    CLAIM,
    TAKE_OVER,
    RELEASE,
    ANSWER,
    NOTE,
    HAND_ON,
    HAND_BACK,
    SET_CATEGORY,
    SET_TERRITORY,
    CLOSE
  }

  /// A desk to hand on to.
  ///
  /// @param heldBy the desk that would hold it, where the named one has no people; else null
  public record Target(
      long deskId, String deskName, String territoryName, @Nullable String heldBy) {}

  // How it is done.

  private interface Change {
    void make(Tx tx, Case matter, CaseFile file);
  }

  /// A step that others must look at before they take theirs.
  private Case change(Staff staff, CaseId id, int version, Change change) {
    return withFile(staff, id, version, change);
  }

  /// Something that is added and disturbs nobody.
  private Case add(Staff staff, CaseId id, Change change) {
    return withFile(staff, id, null, change);
  }

  private Case withFile(Staff staff, CaseId id, @Nullable Integer version, Change change) {
    return db.inTransaction(tx -> {
      store.lock(tx, id);
      Case matter = visibleTo(tx, staff, id);
      if (version != null && matter.version() != version) {
        throw new Refusal("case-changed", 409, matter.number().text());
      }
      Instant at = now();
      var file = new CaseFile(tx, events, clocks(tx, at), at, matter);
      change.make(tx, matter, file);
      return file.isTouched() ? file.save(version != null) : matter;
    });
  }

  /// A case that was just inserted.
  private record Fresh(
      CaseId id,
      CaseNumber number,
      String code,
      Urgency urgency,
      boolean confidential,
      String salt) {
    Opened opened(CaseState state, Desk desk, Instant contactBy) {
      return new Opened(id, number, code, state, desk.id(), desk.name(), contactBy);
    }
  }

  private Fresh insert(
      Tx tx,
      NewCase draft,
      CaseState state,
      Level level,
      @Nullable Category category,
      Territory place,
      Routing.Way way,
      Rules rules,
      Instant at,
      @Nullable CaseClock next) {
    boolean confidential = draft.confidential() || rules.keepsConfidential(category);
    CaseNumber number = CaseNumber.nth(store.nextNumber(tx));
    String code = Codes.random();
    String salt = Codes.random();
    Urgency urgency = urgencyOf(draft, category);
    long id =
        store.insert(
            tx,
            draft,
            number,
            code,
            state,
            level,
            urgency,
            category == null ? null : category.code(),
            place.path(),
            Units.of(place, territories),
            Titles.of(draft.what()),
            salt,
            way,
            confidential,
            at,
            next);
    return new Fresh(new CaseId(id), number, code, urgency, confidential, salt);
  }

  private void tellOpened(
      Tx tx, NewCase draft, Fresh fresh, @Nullable Category category, Desk desk, int rule) {
    tell(tx, fresh, drafted(draft, fresh, rule));
    tell(
        tx,
        fresh,
        new CaseEvent.Opened(
            Transition.T02,
            rule,
            draft.confirmed(),
            fresh.confidential(),
            fresh.urgency(),
            category == null ? null : category.code(),
            draft.territoryId(),
            draft.territoryKnown(),
            desk.id()));
  }

  private static CaseEvent drafted(NewCase draft, Fresh fresh, int rule) {
    return new CaseEvent.Drafted(
        Transition.T01,
        rule,
        fresh.number().text(),
        draft.channel(),
        draft.personId(),
        draft.addressId(),
        draft.saidAt(),
        draft.messageIds(),
        CaseFile.digest(fresh.salt(), draft.what()));
  }

  private void tell(Tx tx, Fresh fresh, CaseEvent event) {
    events.write(tx, CaseEvent.VOCABULARY, fresh.id().value(), event);
  }

  private @Nullable Category kindOf(NewCase draft) {
    return categories
        .named(draft.categoryCode())
        .filter(Category::isSpecific)
        .or(() -> categories.match(draft.what()))
        .orElse(null);
  }

  private static Urgency urgencyOf(NewCase draft, @Nullable Category category) {
    Urgency urgency = draft.urgency();
    return urgency != null ? urgency : category == null ? Urgency.NORMAL : usual(category);
  }

  private static Urgency usual(Category category) {
    return category.urgency() == null ? Urgency.NORMAL : category.urgency();
  }

  private static Level levelOf(Category category) {
    return category.level() == null ? Level.COMMUNITY : category.level();
  }

  private Level circleOf(Desk desk) {
    return territories.byId(desk.territoryId()).level();
  }

  private Permits permits(Staff staff, Case matter) {
    Desk desk = desks.byId(matter.deskId());
    return new Permits(staff, matter, desk, circleOf(desk));
  }

  private Desk known(long desk) {
    try {
      return desks.byId(desk);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("desk-unknown", 422);
    }
  }

  private Clocks clocks(Sql sql, Instant at) {
    return new Clocks(rules.at(sql, at), calendar.get());
  }

  private Lines lines(String language) {
    return new Lines(db, categories, desks, territories, language);
  }

  private LocalDate today(Instant at) {
    return LocalDate.ofInstant(at, calendar.get().zone());
  }

  /// PostgreSQL keeps microseconds.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static String sound(String text, String missing) {
    String sound = text.strip();
    if (sound.isEmpty()) {
      throw new Refusal(missing, 422);
    }
    if (sound.length() > LONGEST_TEXT) {
      throw new Refusal("text-too-long", 422, LONGEST_TEXT);
    }
    return sound;
  }
}
