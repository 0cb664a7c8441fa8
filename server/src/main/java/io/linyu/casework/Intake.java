package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Suspicions.Suspicion;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Codes;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a resident's turn does: their words become a case, or belong to one that there is.
public final class Intake {
  private final Events events;
  private final CaseFiles files;
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final Merging merging;
  private final Suspicions suspicions;
  private final CaseWords words;
  private final Asides asides;
  private final CaseStore store = new CaseStore();
  private final HoldingStore holdings = new HoldingStore();
  private final ClockStore clockStore = new ClockStore();

  Intake(
      Events events,
      CaseFiles files,
      Categories categories,
      Territories territories,
      Routing routing,
      Merging merging,
      Suspicions suspicions,
      CaseWords words) {
    this.merging = merging;
    this.suspicions = suspicions;
    this.words = words;
    this.asides = new Asides(this, files, territories, suspicions);
    this.events = events;
    this.files = files;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
  }

  /// From whom a case is kept, though its kind alone does not say so.
  ///
  /// @param accused whom it complains about, or what it was told with does
  /// @param aboutStaff whether it is kept from their unit, whatever its kind
  /// @param suspected words by which it seems to name them; null: it is known what it is
  /// @param isNamed whether its own words name them
  /// @param of what it was said of later; null: it was told by itself
  record Kept(
      Accused accused,
      boolean aboutStaff,
      @Nullable String suspected,
      boolean isNamed,
      @Nullable Origin of) {
    static final Kept NO = new Kept(Accused.NOBODY, false, null, false, null);

    /// Said of a case that was there, and kept apart from it.
    ///
    /// @param visit the return visit in whose rating it was said; null: in none
    record Origin(CaseId id, @Nullable Long visit) {}

    static Kept from(Origin of) {
      return new Kept(Accused.NOBODY, false, null, false, of);
    }

    private @Nullable Category strict(@Nullable Category own) {
      if (!aboutStaff) {
        return own;
      }
      return own == null ? Category.ABOUT_STAFF : own.likeAboutStaff();
    }

    /// The same, where it complains of them itself.
    ///
    /// @param certain whether its kind says so; else somebody has to look first
    private Kept from(Suspicion raised, boolean certain) {
      Accused whom = accused.isNamed() ? accused : raised.accused();
      return new Kept(whom, true, certain ? null : raised.words(), true, of);
    }
  }

  /// Opens a case: number, category, desk and clocks. Confirmed and of a known kind and place, it
  /// is accepted and dispatched by rule; anything else waits for a person to accept it.
  ///
  /// @param saidAt when the first word of it was said: the resident's clocks are counted from here
  public Opened open(Tx tx, NewCase draft, Future<Instant> saidAt) {
    return open(tx, draft, saidAt, Kept.NO);
  }

  Opened open(Tx tx, NewCase draft, Future<Instant> saidAt, Kept with) {
    Instant at = files.now();
    Territory place = territories.byId(draft.territoryId());
    Category category = kindOf(draft);
    boolean certain = category != null && category.aboutStaff();
    Kept kept =
        raised(draft, category, place).map(raised -> with.from(raised, certain)).orElse(with);
    Long stood = draft.deskId();
    // Who stands at a desk is spoken to there, and by nobody's rule sent elsewhere.
    boolean sure =
        category != null
            && draft.confirmed()
            && draft.territoryKnown()
            && stood == null
            && kept.suspected() == null;
    // All that has to be asked, on its way together.
    Future<Rules> asked = files.rules(tx, at);
    Future<CaseStore.Name> drawn = store.draw(tx);
    Future<List<RuleStore.Named>> routed =
        sure
            ? routing.named(tx, requireNonNull(category), place, files.day(at))
            : Future.succeededFuture(List.of());
    Clocks clocks = files.clocks(Db.await(asked));
    CaseStore.Name name = Db.await(drawn);
    List<RuleStore.Named> named = Db.await(routed);
    Instant said = Db.await(saidAt);
    if (sure && clocks.rules().acceptsByRule(requireNonNull(category))) {
      Category strict = requireNonNull(kept.strict(category));
      Routing.Way way =
          routing.handling(named, clocks.rules(), category, strict, place, kept.accused());
      return openDispatched(
          tx,
          draft,
          name,
          said,
          place,
          category,
          routing.levelFor(strict, place, kept.accused()),
          way,
          clocks,
          kept,
          at);
    }
    // A complaint about staff passes their own level by, also while it waits.
    Category strict = kept.strict(category);
    Routing.Way waits =
        strict != null && clocks.rules().keepsConfidential(strict)
            ? new Routing.Way(routing.taking(strict, place, kept.accused()), null, null)
            : stood != null ? routing.stoodAt(stood, place) : routing.accepting(place);
    Desk desk = waits.desk();
    CaseClock acceptance = clocks.acceptance(said);
    var way = new Routing.Way(desk, null, null);
    Level level = routing.circleOf(desk);
    Fresh fresh =
        insert(
            tx,
            kept.suspected() == null ? draft : draft.inConfidence(),
            name,
            said,
            CaseState.REPORTED,
            level,
            category,
            place,
            way,
            clocks.rules(),
            at,
            acceptance);
    accuse(tx, fresh, kept);
    String suspected = kept.suspected();
    if (suspected != null) {
      boolean told = draft.confidential() || clocks.rules().isConfidential(category);
      store.suspect(tx, fresh.id(), suspected, told);
    }
    holdings.begin(tx, fresh.id(), desk.id(), at);
    clockStore.begin(tx, fresh.id(), List.of(acceptance));
    int rule = clocks.rules().version();
    var first = new ArrayList<CaseEvent>();
    first.add(drafted(draft, fresh, said, rule));
    first.add(opened(draft, fresh, category, desk, rule));
    first.addAll(named(kept, rule));
    first.addAll(passedBy(waits, rule));
    tell(tx, fresh, first);
    return fresh.opened(CaseState.REPORTED, desk, acceptance.dueAt());
  }

  /// Whether what is told seems to complain about staff, and so goes its own way.
  boolean isKept(NewCase draft) {
    return raised(draft, kindOf(draft), territories.byId(draft.territoryId())).isPresent();
  }

  private Optional<Suspicion> raised(NewCase draft, @Nullable Category category, Territory place) {
    boolean certain = category != null && category.aboutStaff();
    // What is critical waits for nobody's judgement.
    boolean waits = urgencyOf(draft, category).compareTo(Urgency.CRITICAL) < 0;
    return certain || waits ? suspicions.raised(draft.what(), place) : Optional.empty();
  }

  /// Opens what the house tells itself: nobody waits to be contacted, and its desk has it to sign.
  ///
  /// @param draft told by nobody, of a known kind and place
  /// @param level at which it is handled, by that `desk`
  Opened openByItself(Tx tx, NewCase draft, Category category, Level level, Desk desk) {
    Instant at = files.now();
    Future<Rules> asked = files.rules(tx, at);
    CaseStore.Name name = Db.await(store.draw(tx));
    return openDispatched(
        tx,
        draft,
        name,
        at,
        territories.byId(draft.territoryId()),
        category,
        level,
        new Routing.Way(desk, null, null),
        files.clocks(Db.await(asked)),
        Kept.NO,
        at);
  }

  private Opened openDispatched(
      Tx tx,
      NewCase draft,
      CaseStore.Name name,
      Instant said,
      Territory place,
      Category category,
      Level level,
      Routing.Way way,
      Clocks clocks,
      Kept kept,
      Instant at) {
    Rules rules = clocks.rules();
    CaseClock handling = clocks.handling(said, category);
    CaseClock promised = draft.isTold() ? clocks.firstContact(said, category) : handling;
    List<CaseClock> started =
        Stream.of(
                clocks.signing(at, urgencyOf(draft, category), way.desk().id()), promised, handling)
            .distinct()
            .toList();
    CaseClock next = started.stream().min(Comparator.comparing(CaseClock::dueAt)).orElseThrow();
    Fresh fresh =
        insert(
            tx,
            draft,
            name,
            said,
            CaseState.DISPATCHED,
            level,
            category,
            place,
            way,
            rules,
            at,
            next);
    accuse(tx, fresh, kept);
    holdings.begin(tx, fresh.id(), way.desk().id(), at);
    clockStore.begin(tx, fresh.id(), started);
    int rule = rules.version();
    var first = new ArrayList<CaseEvent>();
    first.add(drafted(draft, fresh, said, rule));
    first.add(opened(draft, fresh, category, way.desk(), rule));
    first.addAll(named(kept, rule));
    first.add(new CaseEvent.Accepted(Transition.T06, rule, null, category.code(), level));
    first.add(
        new CaseEvent.Dispatched(
            Transition.T09, rule, null, way.desk().id(), way.body(), way.rule()));
    first.addAll(passedBy(way, rule));
    tell(tx, fresh, first);
    return fresh.opened(CaseState.DISPATCHED, way.desk(), promised.dueAt());
  }

  private static List<CaseEvent> named(Kept kept, int rule) {
    Kept.Origin of = kept.of();
    return kept.isNamed()
        ? List.of(
            new CaseEvent.StaffSuspected(
                null,
                rule,
                kept.accused().staffId(),
                kept.suspected() != null,
                of == null ? null : Long.valueOf(of.id().value()),
                of == null ? null : of.visit()))
        : List.of();
  }

  private static List<CaseEvent> passedBy(Routing.Way way, int rule) {
    Long left = way.left();
    return left == null
        ? List.of()
        : List.of(new CaseEvent.NobodyThere(null, rule, left, way.desk().id()));
  }

  private void accuse(Tx tx, Fresh fresh, Kept kept) {
    if (kept.accused().isNamed()) {
      store.accuse(tx, fresh.id(), kept.accused());
    }
  }

  /// Of which nobody else is to hear.
  private static final Set<String> QUIET_DANGERS = Set.of("violence", "suicide");

  /// Registers danger to life: the case is with the emergency line at once, and remembered here.
  /// The alarm is rung by [Alarms#ring].
  ///
  /// @param saidAt when the first word of it was said
  public Opened handOff(Tx tx, NewCase draft, Future<Instant> saidAt, String kind) {
    Instant at = files.now();
    Future<Rules> asked = files.rules(tx, at);
    Future<CaseStore.Name> drawn = store.draw(tx);
    Rules rules = Db.await(asked);
    CaseStore.Name name = Db.await(drawn);
    Instant said = Db.await(saidAt);
    int rule = rules.version();
    Territory place = territories.byId(draft.territoryId());
    Desk desk = routing.acceptance(place);
    var way = new Routing.Way(desk, null, null);
    Category category = kindOf(draft);
    NewCase told = QUIET_DANGERS.contains(kind) ? draft.inConfidence() : draft;
    Fresh fresh =
        insert(
            tx,
            told,
            name,
            said,
            CaseState.HANDED_OFF,
            routing.circleOf(desk),
            category,
            place,
            way,
            rules,
            at,
            null);
    tell(
        tx,
        fresh,
        List.of(
            drafted(draft, fresh, said, rule),
            new CaseEvent.HandedOff(
                Transition.T03, rule, kind, place.id(), draft.territoryKnown(), desk.id())));
    return fresh.opened(CaseState.HANDED_OFF, desk, at);
  }

  /// Registers what is handled with a known matter: the resident has a number of their own, and no
  /// desk has a clock for it.
  ///
  /// @param known current at this moment
  Case join(Tx tx, NewCase draft, Future<Instant> saidAt, long known) {
    Instant at = files.now();
    Future<Rules> asked = files.rules(tx, at);
    Future<CaseStore.Name> drawn = store.draw(tx);
    Rules rules = Db.await(asked);
    CaseStore.Name name = Db.await(drawn);
    Instant said = Db.await(saidAt);
    Territory place = territories.byId(draft.territoryId());
    Desk desk = routing.acceptance(place);
    Category category = kindOf(draft);
    Fresh fresh =
        insert(
            tx,
            draft,
            name,
            said,
            CaseState.MERGED,
            routing.circleOf(desk),
            category,
            place,
            new Routing.Way(desk, null, null),
            rules,
            at,
            null);
    int rule = rules.version();
    tell(
        tx,
        fresh,
        List.of(
            drafted(draft, fresh, said, rule),
            opened(draft, fresh, category, desk, rule),
            new CaseEvent.Joined(Transition.T08c, rule, null, known, null)));
    return store.byId(tx, fresh.id()).orElseThrow();
  }

  /// The resident said more about an open case of theirs.
  ///
  /// @return the case that it belongs to now: this one, or one of its own where it seems to
  ///   complain about staff ([Asides]); empty when this one is not theirs or not open
  public Optional<CaseId> supplement(Tx tx, CaseId id, long personId, List<Long> messageIds) {
    return supplement(tx, id, personId, messageIds, null);
  }

  /// The same, also by somebody who may act for them.
  ///
  /// @param personId whose case it is
  /// @param consentId by which another says it; null: they say it themselves
  public Optional<CaseId> supplement(
      Tx tx, CaseId id, long personId, List<Long> messageIds, @Nullable Long consentId) {
    return supplement(tx, id, personId, messageIds, consentId, 0);
  }

  /// The same, with what they handed in on the page.
  ///
  /// @param handedIn how many of the messages are such
  Optional<CaseId> supplement(
      Tx tx,
      CaseId id,
      long personId,
      List<Long> messageIds,
      @Nullable Long consentId,
      int handedIn) {
    var _ = files.lockGroup(tx, id);
    Case matter = store.byId(tx, id).orElse(null);
    if (matter == null
        || !merging.takesMore(tx, matter)
        || !Objects.equals(matter.personId(), personId)) {
      return Optional.empty();
    }
    var said = new Asides.Said(words.said(tx, messageIds), messageIds, consentId, handedIn, null);
    Optional<CaseId> apart = asides.setApart(tx, matter, said);
    if (apart.isPresent()) {
      return apart;
    }
    add(tx, matter, messageIds, consentId, handedIn);
    return Optional.of(id);
  }

  /// @param matter under its lock, and that of what it is handled with
  void add(Tx tx, Case matter, List<Long> messageIds, @Nullable Long consentId, int handedIn) {
    CaseId id = matter.id();
    Instant at = files.now();
    store.heard(tx, id, messageIds, at);
    int rule = Db.await(files.rules(tx, at)).version();
    events.write(
        tx,
        CaseEvent.VOCABULARY,
        id.value(),
        new CaseEvent.Supplemented(
            null, rule, List.copyOf(messageIds), consentId, handedIn == 0 ? null : handedIn));
    merging.heard(tx, matter, at);
  }

  /// What was said in a rating of this case, where it seems to complain about staff: it is a case
  /// of its own then.
  ///
  /// @param messages in which it was said; none: on the page
  /// @return whether it is
  boolean isSetApart(
      Tx tx, Case matter, String said, List<Long> messages, @Nullable Long consentId, long visit) {
    return asides
        .setApart(tx, matter, new Asides.Said(said, messages, consentId, 0, visit))
        .isPresent();
  }

  /// The resident does not want it any more. What others may come to harm by is seen to all the
  /// same; refused when it is over, or handled together with others.
  ///
  /// @param personId whose case it is
  /// @param consentId by which another says so; null: they say it themselves
  /// @return as it stands for them then
  public Case withdraw(Tx tx, CaseId id, long personId, @Nullable Long consentId) {
    var _ = files.lockGroup(tx, id);
    Case matter = store.byId(tx, id).orElseThrow(Refusal::notFound);
    if (!Objects.equals(matter.personId(), personId)) {
      throw Refusal.notFound();
    }
    return withdraw(tx, matter, consentId);
  }

  /// By whoever has this page.
  void withdraw(Tx tx, Cases.Link link) {
    CaseId id = link.matter().id();
    var _ = files.lockGroup(tx, id);
    var _ = withdraw(tx, store.byId(tx, id).orElseThrow(Refusal::notFound), link.consent());
  }

  /// Whether whoever told it may withdraw it, standing as it does for them.
  static boolean isWithdrawable(Case standing) {
    return Transition.T27.allows(standing.state(), Set.of(Actor.RESIDENT));
  }

  private Case withdraw(Tx tx, Case matter, @Nullable Long consentId) {
    Optional<Case> among = merging.withdraw(tx, matter, consentId);
    if (among.isPresent()) {
      return among.get();
    }
    if (!Transition.T27.allows(matter.state(), Set.of(Actor.RESIDENT))) {
      throw new Refusal("case-not-withdrawn", 409, matter.number().text());
    }
    CaseFile file = files.open(tx, matter);
    Transition step = file.go(Transition.T27, Set.of(Actor.RESIDENT));
    file.tell(new CaseEvent.Withdrawn(step, file.rule(), consentId));
    file.shut();
    return file.save(true);
  }

  /// A case that was just inserted.
  private record Fresh(
      CaseId id,
      CaseNumber number,
      String code,
      Urgency urgency,
      boolean confidential,
      String salt,
      @Nullable String speakerCode) {
    Opened opened(CaseState state, Desk desk, Instant contactBy) {
      return new Opened(id, number, code, state, desk.id(), desk.name(), contactBy, speakerCode);
    }
  }

  private Fresh insert(
      Tx tx,
      NewCase draft,
      CaseStore.Name name,
      Instant said,
      CaseState state,
      Level level,
      @Nullable Category category,
      Territory place,
      Routing.Way way,
      Rules rules,
      Instant at,
      @Nullable CaseClock next) {
    boolean confidential = draft.confidential() || rules.isConfidential(category);
    String code = Codes.random();
    String salt = Codes.random();
    String speakerCode = draft.consentId() == null ? null : Codes.random();
    Urgency urgency = urgencyOf(draft, category);
    store.insert(
        tx,
        name.id(),
        draft,
        name.number(),
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
        said,
        at,
        next,
        speakerCode);
    return new Fresh(name.id(), name.number(), code, urgency, confidential, salt, speakerCode);
  }

  private static CaseEvent opened(
      NewCase draft, Fresh fresh, @Nullable Category category, Desk desk, int rule) {
    return new CaseEvent.Opened(
        Transition.T02,
        rule,
        draft.confirmed(),
        fresh.confidential(),
        fresh.urgency(),
        category == null ? null : category.code(),
        draft.territoryId(),
        draft.territoryKnown(),
        desk.id());
  }

  private static CaseEvent drafted(NewCase draft, Fresh fresh, Instant said, int rule) {
    return new CaseEvent.Drafted(
        Transition.T01,
        rule,
        fresh.number().text(),
        draft.channel(),
        draft.personId(),
        draft.addressId(),
        said,
        draft.messageIds(),
        CaseFile.digest(fresh.salt(), draft.what()),
        draft.consentId(),
        draft.enteredBy());
  }

  private void tell(Tx tx, Fresh fresh, List<CaseEvent> first) {
    events.begin(tx, CaseEvent.VOCABULARY, fresh.id().value(), first);
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
    return urgency != null ? urgency : category == null ? Urgency.NORMAL : category.usualUrgency();
  }
}
