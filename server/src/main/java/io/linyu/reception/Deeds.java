package io.linyu.reception;

import io.linyu.bot.Actions;
import io.linyu.bot.Move;
import io.linyu.casework.Alarms;
import io.linyu.casework.Appealing;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.casework.Checking;
import io.linyu.casework.Intake;
import io.linyu.casework.KnownMatters;
import io.linyu.casework.Merging;
import io.linyu.casework.NewCase;
import io.linyu.casework.Opened;
import io.linyu.casework.ReturnVisit;
import io.linyu.casework.ReturnVisits;
import io.linyu.casework.Urging;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import io.linyu.channel.Inbound;
import io.linyu.community.Consent;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.People;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries out what the bot wants, in the turn's own transaction. The names and their arguments are
/// those of [Actions].
final class Deeds {
  private static final int CASES_SHOWN = 5;

  private static final int TITLE = 120;

  private final Cases cases;
  private final Intake intake;
  private final Urging urging;
  private final ReturnVisits visits;
  private final Checking checking;
  private final Appealing appealing;
  private final Alarms alarms;
  private final People people;
  private final Territories territories;
  private final Desks desks;
  private final Scenes scenes;
  private final Attachments attachments;
  private final VoiceQueue voices;
  private final Events events;
  private final KnownMatters known;
  private final Merging merging;
  private final Matters matters;
  private final Joinings joinings;
  private final Acting acting;
  private final ZoneId zone;
  private final TurnStore store = new TurnStore();
  private final SubscriptionStore subscriptions = new SubscriptionStore();
  private final TagStore tags = new TagStore();

  Deeds(
      Cases cases,
      Intake intake,
      Urging urging,
      ReturnVisits visits,
      Checking checking,
      Appealing appealing,
      Alarms alarms,
      KnownMatters known,
      Merging merging,
      People people,
      Territories territories,
      Desks desks,
      Scenes scenes,
      Attachments attachments,
      VoiceQueue voices,
      Events events,
      Channels channels,
      Joinings joinings,
      Acting acting,
      String publicUrl,
      ZoneId zone) {
    this.cases = cases;
    this.intake = intake;
    this.urging = urging;
    this.visits = visits;
    this.checking = checking;
    this.appealing = appealing;
    this.alarms = alarms;
    this.known = known;
    this.merging = merging;
    this.people = people;
    this.territories = territories;
    this.desks = desks;
    this.scenes = scenes;
    this.attachments = attachments;
    this.voices = voices;
    this.events = events;
    this.joinings = joinings;
    this.acting = acting;
    matters = new Matters(cases, appealing, channels, known, acting, visits, publicUrl, zone);
    this.zone = zone;
  }

  /// What a message does before anybody understands it.
  void before(Context context) {
    arrive(context);
    belong(context);
  }

  /// What came with it is wanted, and whoever speaks can be reached.
  void arrive(Context context) {
    Conversation with = context.with();
    Inbound inbound = context.inbound();
    if (inbound == null) {
      return;
    }
    switch (inbound.content()) {
      case Content.Image(String mediaId, _) ->
          attachments.want(context.tx(), context.heard(), with.addressId, "image", mediaId);
      case Content.Voice(String mediaId, _, _) ->
          attachments.want(context.tx(), context.heard(), with.addressId, "voice", mediaId);
      case Content.Video(String mediaId) ->
          attachments.want(context.tx(), context.heard(), with.addressId, "video", mediaId);
      case Content.File(String mediaId, _) when !mediaId.isEmpty() ->
          attachments.want(context.tx(), context.heard(), with.addressId, "file", mediaId);
      case Content.Followed _ -> {
        people.follow(context.tx(), with.addressId);
        // Whoever left and came back has none there.
        tags.hasNone(context.tx(), List.of(with.addressId));
      }
      case Content.Text _,
          Content.File _,
          Content.Location _,
          Content.Unfollowed _,
          Content.Scanned _,
          Content.MenuTapped _,
          Content.Other _ -> {}
    }
    if (with.lost && isOfThePerson(inbound.content())) {
      people.reached(context.tx(), with.addressId);
      with.lost = false;
    }
  }

  /// What a resident says while a person has the conversation belongs to what they talk about.
  void belong(Context context) {
    Conversation with = context.with();
    Inbound inbound = context.inbound();
    Long about = with.caseId;
    if (inbound != null
        && with.byPerson
        && about != null
        && speaks(inbound.content())
        && !scenes.isWord(inbound.content())) {
      var _ = supplement(context, about, List.of(context.heard()));
    }
  }

  /// @return the case that it belongs to now
  private Optional<CaseId> supplement(Context context, long about, List<Long> messages) {
    return acting
        .talkedAbout(context.tx(), context.with(), about)
        .flatMap(theirs -> add(context, theirs, messages));
  }

  private Optional<CaseId> add(Context context, Acting.Theirs theirs, List<Long> messages) {
    return intake.supplement(
        context.tx(), theirs.matter().id(), theirs.owner(), messages, theirs.consent());
  }

  /// What a message does after everything else, when nothing refers to the address any more.
  void atLast(Context context) {
    Inbound inbound = context.inbound();
    if (inbound != null && inbound.content() instanceof Content.Unfollowed) {
      people.unfollow(context.tx(), context.with().addressId);
      acting.left(context.tx(), context.with().addressId);
      subscriptions.erase(context.tx(), context.with().addressId);
    }
  }

  /// Whether it waits for nobody, and is refused before it writes if at all, so that others may
  /// share its transaction.
  static boolean mayBeShared(Move move) {
    return switch (move) {
      case Move.Say _, Move.Quiet _, Move.Ask _ -> true;
      // What is told for another holds their consent.
      case Move.Act act ->
          act.name().equals(Actions.OPEN_CASE.name()) && !act.arguments().containsKey("consent");
      case Move.HandOff _ -> false;
    };
  }

  Map<String, Object> act(Context context, Move.Act act) {
    var arguments = new Arguments(act.arguments());
    return switch (act.name()) {
      case "open_case" -> openCase(context, arguments);
      case "join_known" -> joinKnown(context, arguments);
      case "leave_known" -> matters.left(context, leave(context, arguments.number("consent")));
      case "bind_building" -> bind(context, arguments);
      case "ring_alarm" -> ringAlarm(context, arguments);
      case "keep_voice" -> keepVoice(context, arguments);
      case "hand_over" -> handOver(context, arguments.number("desk"), arguments.number("consent"));
      case "set_language" -> setLanguage(context, arguments.text("language"));
      case "hand_back" -> handBack(context);
      case "link_code" ->
          Map.of(
              "code", joinings.code(context.tx(), context.with().addressId),
              "link", matters.addresses(context.with()));
      case "link_claim" -> claim(context, arguments.text("code"));
      case "link_join" -> who(joinings.joinClaimed(context.tx(), context.with()));
      case "unlink" -> Map.of("done", joinings.part(context.tx(), context.with()));
      case "answer_here" -> answerHere(context);
      case "family_code" -> acting.offer(context.tx(), context.with(), arguments.text("kinship"));
      case "family_all" -> acting.showAll(context.tx(), context.with());
      case "family_claim" -> acting.claim(context.tx(), context.with(), arguments.text("code"));
      case "family_take" -> acting.take(context.tx(), context.with(), arguments.text("name"));
      case "family_revoke" ->
          acting.revoke(context.tx(), context.with(), arguments.optional("kinship"));
      case "family_stop" -> acting.stop(context.tx(), context.with(), number(arguments, "consent"));
      case "add_to_case" -> addToCase(context, arguments);
      case "withdraw_case" -> withdraw(context, arguments.text("number"));
      case "urge_case" -> urge(context, arguments.text("number"));
      case "rate_case" -> rate(context, arguments);
      case "reopen_case" -> reopen(context, arguments);
      case "appeal_case" -> appeal(context, arguments.text("number"));
      default -> throw new IllegalArgumentException("no action " + act.name());
    };
  }

  Map<String, Object> ask(Context context, Move.Ask ask) {
    return switch (ask.name()) {
      case "my_cases" -> matters.mine(context, new Arguments(ask.arguments()).optional("number"));
      case "going_on" ->
          matters.goingOn(context, new Arguments(ask.arguments()).optional("number"));
      case "rejected" ->
          matters.rejected(context, new Arguments(ask.arguments()).optional("number"));
      case "linked" -> who(joinings.joinedWith(context.tx(), context.with()));
      case "last_closed" -> matters.lastClosed(context);
      case "to_rate" -> matters.toRate(context);
      case "family_mine" -> acting.mine(context.tx(), context.with());
      case "find_desk" ->
          desks
              .ofScene("dsk:" + new Arguments(ask.arguments()).text("code"))
              .<Map<String, Object>>map(desk -> Map.of("desk", desk.id(), "name", desk.name()))
              .orElse(Map.of());
      case "find_building" -> findBuilding(context, new Arguments(ask.arguments()).text("text"));
      default -> throw new IllegalArgumentException("no question " + ask.name());
    };
  }

  String sentence(Conversation with, Refusal refused) {
    return Words.in(with.language).of(refused);
  }

  /// We could not make sense of a message, by our own fault: it is kept, and a person takes over.
  String keepForPerson(Context context) {
    before(context);
    handOver(context, null, null);
    context.with().handToPerson(context.with().caseId);
    context.with().remember(context.with().state.takenByPerson(), context.now());
    return Words.in(context.with().language).of("resident.kept-for-person");
  }

  private Map<String, Object> openCase(Context context, Arguments arguments) {
    Consent by = by(context, arguments.number("consent"));
    NewCase told = told(context, arguments, arguments.optional("category"), by);
    Opened opened = intake.open(context.tx(), told, saidAt(context, told.messageIds()));
    tellOwner(context, by, opened.id());
    return matters.opened(context, opened);
  }

  /// By which it is told for somebody else; null: it is their own.
  private @Nullable Consent by(Context context, @Nullable Long first) {
    return first == null ? null : acting.hold(context.tx(), context.with(), first);
  }

  private long owner(Context context, @Nullable Long first) {
    Consent by = by(context, first);
    return by == null ? context.with().personId : by.giver();
  }

  private void tellOwner(Context context, @Nullable Consent by, CaseId id) {
    if (by != null) {
      acting.opened(context.tx(), by, cases.named(context.tx(), id).orElseThrow());
    }
  }

  private NewCase told(
      Context context, Arguments arguments, @Nullable String category, @Nullable Consent by) {
    Conversation with = context.with();
    Long building = arguments.number("territory");
    Long home = by == null ? with.homeId : people.byId(context.tx(), by.giver()).homeId();
    Territory around = home == null ? scenes.homeOf(with.address) : territories.byId(home);
    Set<Long> messages = new LinkedHashSet<>(arguments.ids("messages"));
    messages.addAll(arguments.ids("photos"));
    return NewCase.of(
            arguments.text("what"),
            building != null ? building : around.id(),
            with.address.channel())
        .by(by == null ? with.personId : by.giver(), with.addressId)
        .place(arguments.optional("place"))
        .territoryKnown(building != null || home != null)
        .messages(messages)
        .category(category)
        .confirmed(arguments.flag("confirmed"))
        .confidential(arguments.flag("quiet"))
        .desk(arguments.number("desk"))
        .consent(by == null ? null : Long.valueOf(by.first()))
        .ready();
  }

  private Map<String, Object> joinKnown(Context context, Arguments arguments) {
    Long matter = arguments.number("matter");
    if (matter == null) {
      throw new IllegalArgumentException("missing: matter");
    }
    Consent by = by(context, arguments.number("consent"));
    NewCase told = told(context, arguments, known.category(context.tx(), matter), by);
    Long read = arguments.number("version");
    KnownMatters.Joined joined =
        known.join(
            context.tx(),
            told,
            saidAt(context, told.messageIds()),
            matter,
            read == null ? 0 : read.intValue());
    if (!joined.already()) {
      tellOwner(context, by, joined.matter().id());
    }
    return matters.joined(joined, by);
  }

  private Map<String, Object> addToCase(Context context, Arguments arguments) {
    Acting.Theirs theirs = acting.theirs(context.tx(), context.with(), arguments.text("number"));
    Optional<CaseId> to = add(context, theirs, arguments.ids("messages"));
    Case matter = to.flatMap(id -> cases.named(context.tx(), id)).orElse(theirs.matter());
    return Map.of("number", matter.number().toString(), "done", to.isPresent());
  }

  /// What they joined last, or staff had handled with that of others, is another matter.
  private Case leave(Context context, @Nullable Long consent) {
    long owner = owner(context, consent);
    return known.hasJoined(context.tx(), owner, consent)
        ? known.leave(context.tx(), owner, consent)
        : merging.unmerge(context.tx(), owner, consent);
  }

  private Map<String, Object> withdraw(Context context, String number) {
    Acting.Theirs theirs = acting.theirs(context.tx(), context.with(), number);
    Case matter =
        intake.withdraw(context.tx(), theirs.matter().id(), theirs.owner(), theirs.consent());
    return Map.of(
        "number",
        matter.number().toString(),
        "safety",
        matter.letGoAt() != null && cases.isSafety(matter));
  }

  private Map<String, Object> urge(Context context, String number) {
    Acting.Theirs theirs = acting.theirs(context.tx(), context.with(), number);
    return matters.urged(
        context, urging.urge(context.tx(), theirs.matter().id(), theirs.owner(), theirs.consent()));
  }

  /// What they said of it belongs to it.
  private Map<String, Object> reopen(Context context, Arguments arguments) {
    Acting.Theirs theirs = acting.theirs(context.tx(), context.with(), arguments.text("number"));
    CaseId id = theirs.matter().id();
    Case now = checking.again(context.tx(), id, theirs.owner(), theirs.consent());
    var _ =
        intake.supplement(
            context.tx(), id, theirs.owner(), arguments.ids("messages"), theirs.consent());
    return matters.reopened(context, now);
  }

  /// A bare number answers a question only where that has arrived.
  private Map<String, Object> rate(Context context, Arguments arguments) {
    Acting.Theirs theirs = acting.theirs(context.tx(), context.with(), arguments.text("number"));
    CaseId id = theirs.matter().id();
    String what = arguments.text("what");
    String value = arguments.text("value");
    ReturnVisit visit = visits.last(context.tx(), id).orElse(null);
    if (arguments.optional("unasked") == null
        && visit != null
        && !visits.wasAsked(context.tx(), visit)) {
      return matters.asking(context, theirs.matter());
    }
    ReturnVisit.Rating said = ReturnVisit.Rating.of(what, value, arguments.optional("words"));
    ReturnVisits.Rated rated =
        visits.rate(
            context.tx(), id, theirs.owner(), theirs.consent(), said, List.of(context.heard()));
    return matters.rated(context, rated, what);
  }

  private Map<String, Object> appeal(Context context, String number) {
    Acting.Theirs theirs = acting.theirs(context.tx(), context.with(), number);
    return matters.appealed(
        context,
        appealing.appeal(context.tx(), theirs.matter().id(), theirs.owner(), theirs.consent()));
  }

  private static long number(Arguments arguments, String name) {
    Long value = arguments.number(name);
    if (value == null) {
      throw new IllegalArgumentException("missing: " + name);
    }
    return value;
  }

  private Map<String, Object> bind(Context context, Arguments arguments) {
    Long id = arguments.number("territory");
    if (id == null) {
      throw Refusal.notFound();
    }
    Territory home = territories.byId(id);
    people.bind(context.tx(), context.with().personId, home);
    context.with().homeId = home.id();
    return Map.of(
        "name", territories.nameForResident(home),
        "community", territories.communityOf(home).map(Territory::name).orElse(home.name()));
  }

  /// More of a danger that has its alarm goes to the same case; the alarm rings on by itself until
  /// somebody acknowledges it.
  private Map<String, Object> ringAlarm(Context context, Arguments arguments) {
    Conversation with = context.with();
    List<Long> messages = arguments.ids("messages");
    Long first = arguments.number("first");
    if (first != null && !messages.contains(first)) {
      Instant since = Db.await(saidAt(context, List.of(first)));
      Optional<Alarms.Rung> rung =
          alarms.rung(context.tx(), with.addressId, arguments.text("kind"), since);
      if (rung.isPresent()) {
        return ringOn(context, rung.get(), messages);
      }
    }
    return ringNew(context, messages, arguments);
  }

  private Map<String, Object> ringOn(Context context, Alarms.Rung rung, List<Long> messages) {
    long about = rung.caseId().value();
    var _ = supplement(context, about, messages);
    return Map.of("number", rung.number().toString(), "desk", rung.deskName(), "seen", rung.seen());
  }

  private Map<String, Object> ringNew(Context context, List<Long> messages, Arguments arguments) {
    Conversation with = context.with();
    Territory around = scenes.around(with);
    String what = arguments.text("what");
    Opened opened =
        intake.handOff(
            context.tx(),
            NewCase.of(what, around.id(), with.address.channel())
                .by(with.personId, with.addressId)
                .territoryKnown(with.homeId != null)
                .messages(messages)
                .ready(),
            saidAt(context, messages),
            arguments.text("kind"));
    var _ =
        alarms.ring(
            context.tx(),
            opened.id(),
            with.addressId,
            around.id(),
            arguments.text("kind"),
            context.now());
    return Map.of("number", opened.number().toString(), "desk", opened.deskName());
  }

  private Map<String, Object> keepVoice(Context context, Arguments arguments) {
    Conversation with = context.with();
    Long message = arguments.number("message");
    Territory around = scenes.around(with);
    VoiceQueue.Kept kept =
        voices.keep(
            context.tx(),
            with,
            message == null ? context.heard() : message,
            desks.fallbackFor(around),
            context.now());
    return Map.of(
        "by", words(kept.by(), context),
        "phone", territories.phoneOf(around).orElse(""),
        "already", kept.already());
  }

  /// What a person talks about is a case: the last open one, or one that says that a person is
  /// wanted.
  ///
  /// @param stood at which desk; null: at none
  /// @param first by which they have just told something for somebody; null: they have not
  private Map<String, Object> handOver(
      Context context, @Nullable Long stood, @Nullable Long first) {
    Conversation with = context.with();
    Territory around = scenes.around(with);
    Optional<Case> told =
        first == null
            ? Optional.empty()
            : acting.latestOpen(context.tx(), with, first, CASES_SHOWN);
    Optional<Case> open =
        told.or(() ->
            cases.ofPerson(context.tx(), with.personId, CASES_SHOWN).stream()
                .filter(Case::isOpen)
                // What a relative told is answered to the relative: what is said here is not
                // theirs.
                .filter(each -> acting.isAnsweredToOwner(context.tx(), each))
                .findFirst());
    long about;
    String desk;
    if (open.isPresent()) {
      about = open.get().id().value();
      desk = open.get().deskName();
    } else {
      Opened opened =
          intake.open(
              context.tx(),
              NewCase.of(
                      Words.in(with.language).of("resident.wants-person", said(context)),
                      around.id(),
                      with.address.channel())
                  .by(with.personId, with.addressId)
                  .territoryKnown(with.homeId != null)
                  .messages(context.heard() == 0 ? List.of() : List.of(context.heard()))
                  .desk(stood)
                  .ready(),
              Future.succeededFuture(context.now()));
      about = opened.id().value();
      desk = opened.deskName();
    }
    if (context.heard() != 0) {
      // Whoever it complains about is not who talks with them then.
      CaseId to = supplement(context, about, List.of(context.heard())).orElse(CaseId.of(about));
      if (to.value() != about) {
        about = to.value();
        desk = cases.named(context.tx(), to).orElseThrow().deskName();
      }
    }
    with.caseId = about;
    events.write(
        context.tx(),
        ReceptionEvent.VOCABULARY,
        with.addressId,
        new ReceptionEvent.HandedOver(about));

    Desk at = desks.fallbackFor(around);
    boolean isOpen = desks.isOpen(at, context.now());
    var outcome = new HashMap<String, Object>();
    outcome.put("desk", desk);
    outcome.put("open", isOpen);
    outcome.put("phone", territories.dutyPhoneOf(around).orElse(""));
    if (!isOpen) {
      outcome.put(
          "nextOpen",
          new TimeWords(zone, with.language)
              .opens(desks.nextOpen(at, context.now()), context.now()));
    }
    return outcome;
  }

  private Map<String, Object> setLanguage(Context context, String language) {
    people.setLanguage(context.tx(), context.with().personId, language);
    context.with().language = language;
    return Map.of();
  }

  private Map<String, Object> handBack(Context context) {
    context.with().handToBot();
    events.write(
        context.tx(),
        ReceptionEvent.VOCABULARY,
        context.with().addressId,
        new ReceptionEvent.HandedBack(null));
    return Map.of();
  }

  private Map<String, Object> claim(Context context, String code) {
    Joinings.Claimed claimed = joinings.claim(context.tx(), context.with(), code);
    String who = claimed.who();
    return who == null
        ? Map.of("outcome", claimed.outcome())
        : Map.of("outcome", claimed.outcome(), "who", who);
  }

  private static Map<String, Object> who(Optional<String> who) {
    return who.<Map<String, Object>>map(each -> Map.of("who", each)).orElse(Map.of());
  }

  private Map<String, Object> answerHere(Context context) {
    joinings.answerHere(context.tx(), context.with());
    return Map.of();
  }

  private Map<String, Object> findBuilding(Context context, String spoken) {
    Territory within = scenes.around(context.with());
    Territory inside = territories.communityOf(within).orElse(within);
    List<Territory> found =
        spoken.startsWith("code:")
            ? territories.byCode(spoken.substring("code:".length())).stream().toList()
            : territories.findBuildings(spoken, inside);
    return Map.of(
        "found",
        found.stream()
            .limit(CASES_SHOWN)
            .map(each ->
                Map.<String, Object>of(
                    "territory", each.id(), "name", territories.nameForResident(each)))
            .toList());
  }

  /// The resident's clocks run from the first message.
  private Future<Instant> saidAt(Context context, Collection<Long> messages) {
    List<Long> written = context.written(messages);
    return written.isEmpty()
        ? Future.succeededFuture(context.now())
        : store.firstSaid(context.tx(), written).map(first -> first.orElse(context.now()));
  }

  private String words(Instant at, Context context) {
    return new TimeWords(zone, context.with().language).by(at, context.now());
  }

  /// Said or done by the person, not told by the platform.
  private static boolean isOfThePerson(Content content) {
    return speaks(content)
        || content instanceof Content.Scanned
        || content instanceof Content.MenuTapped;
  }

  private static boolean speaks(Content content) {
    return switch (content) {
      case Content.Text _,
          Content.Image _,
          Content.Voice _,
          Content.Video _,
          Content.File _,
          Content.Location _ ->
          true;
      case Content.Followed _,
          Content.Unfollowed _,
          Content.Scanned _,
          Content.MenuTapped _,
          Content.Other _ ->
          false;
    };
  }

  private static String said(Context context) {
    Inbound inbound = context.inbound();
    return inbound != null && inbound.content() instanceof Content.Text(String text, _)
        ? Outbox.cut(text, TITLE)
        : "…";
  }
}
