package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.Cases;
import io.linyu.casework.Enclosure;
import io.linyu.casework.Enclosures;
import io.linyu.casework.Suspicions;
import io.linyu.channel.Content;
import io.linyu.channel.Ladder;
import io.linyu.community.Address;
import io.linyu.community.Consent;
import io.linyu.community.Consents;
import io.linyu.community.Desks;
import io.linyu.community.People;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.http.Sandboxed;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.linyu.reception.Chats.Worth;
import io.linyu.reception.ConversationPages.Attachment;
import io.linyu.reception.ConversationPages.Bubble;
import io.linyu.reception.ConversationPages.LatestWords;
import io.linyu.reception.ConversationPages.PartsView;
import io.linyu.reception.ConversationPages.Talk;
import io.linyu.reception.ConversationPages.WayView;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was said, as a fragment of the pages that show the matter it is about.
final class ConversationRoutes implements Routes {
  private static final int LINES = 60;
  private static final int LAST_WORDS = 3;
  private static final Duration SAME_OCCASION = Duration.ofMinutes(30);
  private static final int CASES_ASKED = 50;
  private static final int LONGEST_ANSWER = 2_000;

  private final Db db;
  private final Cases cases;
  private final Suspicions suspicions;
  private final Territories territories;
  private final People people;
  private final Consents consents;
  private final Enclosures enclosures;
  private final Desks desks;
  private final Outbox outbox;
  private final Reach reach;
  private final Attachments attachments;
  private final Hearings hearings;
  private final Watchers watchers;
  private final Events events;
  private final Audit audit;
  private final Page page;
  private final Clock clock;
  private final ZoneId zone;
  private final ThreadStore store = new ThreadStore();
  private final TurnStore conversations = new TurnStore();

  ConversationRoutes(
      Db db,
      Cases cases,
      Suspicions suspicions,
      Territories territories,
      People people,
      Consents consents,
      Enclosures enclosures,
      Desks desks,
      Outbox outbox,
      Reach reach,
      Attachments attachments,
      Hearings hearings,
      Watchers watchers,
      Events events,
      Audit audit,
      Page page,
      Clock clock,
      ZoneId zone) {
    this.db = db;
    this.cases = cases;
    this.suspicions = suspicions;
    this.territories = territories;
    this.people = people;
    this.consents = consents;
    this.enclosures = enclosures;
    this.desks = desks;
    this.outbox = outbox;
    this.reach = reach;
    this.attachments = attachments;
    this.hearings = hearings;
    this.watchers = watchers;
    this.events = events;
    this.audit = audit;
    this.page = page;
    this.clock = clock;
    this.zone = zone;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/conversations/:address").handler(sequential(this::thread));
    router.get("/console/conversations/:address/way").handler(sequential(this::way));
    router.get("/console/conversations/:address/words").handler(sequential(this::latest));
    router.post("/console/conversations/:address/parts").handler(sequential(this::parts));
    router.delete("/console/conversations/:address/holder").handler(sequential(this::handBack));
    router.post("/console/conversations/:address/holder").handler(sequential(this::handBack));
    router.get("/console/attachments/:code").handler(sequential(this::attachment));
  }

  private void thread(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Case about = about(rc);
    long address = requireNonNull(about.addressId());
    Words words = Frame.of(rc).words();
    List<Long> shown = shownWith(rc, about, address);
    shown.forEach(watchers::watch);
    long before = number(rc.request().getParam("before"), Long.MAX_VALUE);
    List<Long> spoken = spokenAt(about);
    List<ThreadStore.Line> found =
        store.before(db, shown, spoken, about.id().value(), kept(staff, about), before, LINES);
    List<ThreadStore.Line> lines = readable(staff, about, found);
    Long held = heldByPerson(shown, about);
    String url = "/console/conversations/" + address + "?case=" + about.code();
    String speaker = spoken.isEmpty() ? null : speaker(about, words);
    page.send(
        rc,
        "reception/_conversation",
        new Talk(
            words,
            Frame.of(rc).form(),
            url,
            shown.stream().map(each -> "conversation-" + each).toList(),
            found.size() < LINES ? null : url + "&before=" + found.getFirst().id(),
            lines.stream()
                .map(line ->
                    bubble(
                        line,
                        words,
                        shown.size() > 1,
                        spoken.contains(line.addressId()) ? speaker : null))
                .toList(),
            held != null,
            held == null
                ? null
                : "/console/conversations/" + address + "/holder?case=" + about.code()));
  }

  /// The person's complaints about staff that are kept from whoever reads: not a word of them.
  private List<Long> kept(Staff staff, Case about) {
    Long person = about.personId();
    return person == null
        ? List.of()
        : cases.keptFrom(staff, person).stream().map(CaseId::value).toList();
  }

  /// Without what seems to complain about whoever reads, or their unit, and is no matter yet, since
  /// it is still asked back, or was dropped: what a case came of is kept with that. What the bot
  /// asks back is read as the words it was about.
  private List<ThreadStore.Line> readable(Staff staff, Case about, List<ThreadStore.Line> lines) {
    Territory place = territories.byId(about.territoryId());
    Set<Long> meant =
        lines.stream()
            .filter(line -> line.by().equals("resident") || line.by().equals("bot"))
            .filter(line -> suspicions.meet(staff, requireNonNullElse(words(line), ""), place))
            .map(ThreadStore.Line::id)
            .collect(Collectors.toSet());
    Long person = about.personId();
    Set<Long> read =
        meant.isEmpty() || person == null ? Set.of() : cases.readable(staff, person, meant);
    var readable = new ArrayList<ThreadStore.Line>();
    boolean open = false;
    for (ThreadStore.Line line : lines) {
      boolean means = meant.contains(line.id());
      if (means && line.by().equals("resident")) {
        open = read.contains(line.id());
      }
      if (!means || open) {
        readable.add(line);
      }
    }
    return readable;
  }

  /// The address the case was told at, and the others of the same person; not those at which
  /// something was told in confidence that is not theirs to see.
  private List<Long> shownWith(RoutingContext rc, Case about, long address) {
    Long person = about.personId();
    if (person == null) {
      return List.of(address);
    }
    List<Long> hidden =
        cases.hiddenFrom(Staff.signedIn(rc), person).stream().map(CaseId::value).toList();
    if (about.consentId() != null) {
      return Stream.concat(spokenAt(about).stream(), store.ofPerson(db, person, hidden).stream())
          .distinct()
          .toList();
    }
    return Stream.concat(Stream.of(address), store.beside(db, address, hidden).stream()).toList();
  }

  /// The addresses of whoever told it for somebody else, where only what belongs to it is shown;
  /// none where they told it for themselves.
  private List<Long> spokenAt(Case about) {
    Long first = about.consentId();
    Long told = about.addressId();
    if (first == null || told == null) {
      return List.of();
    }
    Consent by = consents.newest(db, List.of(first)).get(first);
    Long actor = by == null ? null : by.actor();
    return Stream.concat(
            Stream.of(told),
            actor == null || actor.equals(about.personId())
                ? Stream.empty()
                : people.addressesOf(db, actor).stream().map(Address::id))
        .distinct()
        .toList();
  }

  /// What whoever told it for the person is to them.
  private String speaker(Case about, Words words) {
    Consent by =
        consents.newest(db, List.of(requireNonNull(about.consentId()))).values().stream()
            .findFirst()
            .orElse(null);
    return by == null ? words.of("spoken.relative") : Acting.kinship(by, words);
  }

  /// Where a person has the conversation: at the address of the case, or wherever they talk about
  /// it. Null: nowhere.
  private @Nullable Long heldByPerson(List<Long> shown, Case about) {
    long first = shown.getFirst();
    return shown.stream()
        .filter(each ->
            conversations
                .read(db, each)
                .filter(with -> with.byPerson)
                .filter(with ->
                    (each == first && about.consentId() == null)
                        || Long.valueOf(about.id().value()).equals(with.caseId))
                .isPresent())
        .findFirst()
        .orElse(null);
  }

  private void way(RoutingContext rc) {
    Case about = about(rc);
    Words words = Frame.of(rc).words();
    Reach.Spot spot = reach.of(db, about, Worth.NOTICE).orElse(null);
    if (spot == null) {
      page.send(
          rc,
          "reception/_way",
          new WayView(words, "nobody", false, 0, 0, "", null, words.of("way.why.nobody")));
      return;
    }
    Outbox.Way way = outbox.wayTo(spot.addressId(), about.id().value());
    var times = new TimeWords(zone, words.language());
    Ladder.Rung rung = way.rung();
    page.send(
        rc,
        "reception/_way",
        new WayView(
            words,
            rung == null ? "closed" : rung.word(),
            rung != null,
            way.left(),
            way.of(),
            way.left() > 0 ? times.exact(way.until(), clock.instant()) : "",
            spot.why().equals("only") ? null : Ways.label(words, spot.key()),
            words.of("way.why." + spot.why())));
  }

  /// What the resident said last, for whoever must see it at a glance.
  private void latest(RoutingContext rc) {
    Case about = about(rc);
    long address = requireNonNull(about.addressId());
    watchers.watch(address);
    Staff staff = Staff.signedIn(rc);
    List<ThreadStore.Line> found =
        store.before(
            db,
            List.of(address),
            spokenAt(about),
            about.id().value(),
            kept(staff, about),
            Long.MAX_VALUE,
            LINES);
    List<ThreadStore.Line> said =
        readable(staff, about, found).stream()
            .filter(line -> line.by().equals("resident") && words(line) != null)
            .toList();
    List<String> last =
        said.subList(Math.max(0, said.size() - LAST_WORDS), said.size()).stream()
            .filter(line -> line.at().isAfter(said.getLast().at().minus(SAME_OCCASION)))
            .flatMap(line -> Stream.ofNullable(words(line)))
            .toList();
    page.send(rc, "reception/_words", new LatestWords(last));
  }

  private static @Nullable String words(ThreadStore.Line line) {
    String heard = line.transcript();
    return heard != null
        ? heard
        : switch (line.content()) {
          case Content.Text(String text, _) -> text;
          case Content.Voice(_, _, String recognition) -> recognition;
          default -> null;
        };
  }

  /// What is being written, as it would go.
  private void parts(RoutingContext rc) {
    Case about = about(rc);
    Words words = Frame.of(rc).words();
    String typed = rc.request().getFormAttribute("text");
    String text = typed == null ? "" : typed;
    Staff staff = Staff.signedIn(rc);
    String said = Tellings.answer(words, about, staff.name(), text);
    List<Enclosure> along = enclosures.waiting(staff, about.id());
    PartsView view;
    if (along.isEmpty() || reach.of(db, about, Worth.NOTICE).isEmpty()) {
      view = new PartsView(words, outbox.parts(said), LONGEST_ANSWER - text.length(), "", 0);
    } else {
      Reach.Spot spot = reach.of(db, about, Worth.NOTICE).orElseThrow(Refusal::notFound);
      // As long as the link will be.
      String link = "https://" + "x".repeat(60) + about.code();
      Outbox.Split split =
          outbox.split(
              db,
              spot.addressId(),
              about.id().value(),
              Tellings.onPage(words, said, along, link),
              along);
      view =
          new PartsView(
              words,
              split.messages(),
              LONGEST_ANSWER - text.length(),
              split.onPage().isEmpty() ? "" : Tellings.enclosed(words, split.onPage()),
              split.left());
    }
    page.send(rc, "reception/_parts", view);
  }

  /// Gives the conversation back to the bot.
  private void handBack(RoutingContext rc) {
    Case about = about(rc);
    long address = requireNonNull(about.addressId());
    Staff staff = Staff.signedIn(rc);
    Long held = heldByPerson(shownWith(rc, about, address), about);
    if (held != null) {
      handBack(held, staff);
    }
    if (rc.request().getHeader("HX-Request") == null) {
      rc.response()
          .setStatusCode(303)
          .putHeader("Location", "/console/cases/" + about.code())
          .end();
    } else {
      thread(rc);
    }
  }

  private void handBack(long address, Staff staff) {
    db.withinTransaction(tx -> {
      Conversation with = conversations.lock(tx, address).orElseThrow(Refusal::notFound);
      if (with.byPerson) {
        with.handToBot();
        with.remember(with.state.givenBack(), clock.instant());
        conversations.save(tx, with);
        events.write(
            tx, ReceptionEvent.VOCABULARY, address, new ReceptionEvent.HandedBack(staff.id()));
      }
    });
  }

  private void attachment(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    String code = requireNonNull(rc.pathParam("code"));
    Attachments.Origin origin = attachments.originOf(code).orElseThrow(Refusal::notFound);
    if (!hearings.isTheirs(staff, code) && !seesConversation(staff, origin)) {
      throw Refusal.notFound();
    }
    var blob = attachments.byCode(code).orElseThrow(Refusal::notFound);
    if (origin.handedIn() != null) {
      audit.write(
          db,
          Who.staff(staff.id(), Caller.ip(rc)),
          Deed.PAPER_OPENED,
          Map.of("case", origin.handedIn()));
    }
    boolean shown = blob.type().matches("(?:image|audio|video)/.*");
    Sandboxed.send(rc, blob, origin.name(), shown);
  }

  /// Whoever sees one of a person's matters sees what was said where it was told, and at the
  /// person's other addresses as far as [#shownWith] shows them; and so the pictures.
  private boolean seesConversation(Staff staff, Attachments.Origin of) {
    List<Long> kept = cases.keptFrom(staff, of.person()).stream().map(CaseId::value).toList();
    if (store.isOf(db, of.message(), kept)) {
      return false;
    }
    Optional<CaseId> spoken = cases.spokenIn(db, of.address(), of.message());
    if (spoken.isPresent()) {
      var _ = cases.visibleTo(staff, spoken.get()); // or refused
      return true;
    }
    List<Case> seen = cases.ofPersonVisibleTo(staff, of.person(), CASES_ASKED);
    if (seen.stream().anyMatch(each -> Long.valueOf(of.address()).equals(each.addressId()))) {
      return true;
    }
    List<Long> hidden = cases.hiddenFrom(staff, of.person()).stream().map(CaseId::value).toList();
    return !seen.isEmpty() && store.ofPerson(db, of.person(), hidden).contains(of.address());
  }

  /// A conversation is seen by way of a case that one may see.
  private Case about(RoutingContext rc) {
    String code = rc.request().getParam("case");
    Case found = cases.visibleTo(Staff.signedIn(rc), code == null ? "" : code);
    Long address = found.addressId();
    if (address == null || address != number(rc.pathParam("address"), 0)) {
      throw Refusal.notFound();
    }
    return found;
  }

  /// @param speaker who told it for the person, where this was said by them; null: the person
  private Bubble bubble(
      ThreadStore.Line line, Words words, boolean several, @Nullable String speaker) {
    var times = new TimeWords(zone, words.language());
    Instant now = clock.instant();
    String kind = line.attachmentKind();
    return new Bubble(
        line.id(),
        line.by(),
        speaker != null && line.by().equals("resident") ? speaker : name(line, words),
        line.handedIn()
            ? words.of("conversation.handed-in")
            : several ? Ways.label(words, line.key()) : null,
        times.exact(line.at(), now),
        line.at().toString(),
        said(line.content(), words),
        kind == null
            ? null
            : new Attachment(
                kind,
                requireNonNull(line.attachmentState()),
                "/console/attachments/" + line.attachmentCode(),
                line.attachmentReason(),
                line.attachmentName(),
                line.attachmentBytes() == null ? null : Enclosure.size(line.attachmentBytes())),
        line.transcript(),
        "inbox".equals(line.way()) && "delivered".equals(line.sending()) && kind != null
            ? "on-page"
            : line.sending(),
        line.sendingReason(),
        because(line, words));
  }

  private static @Nullable String because(ThreadStore.Line line, Words words) {
    String key = "failed".equals(line.sending()) ? Outbox.because(line.sendingReason()) : null;
    return key == null ? null : words.of(key);
  }

  private static String name(ThreadStore.Line line, Words words) {
    String staff = line.staffName();
    String called = line.called();
    return switch (line.by()) {
      case "staff" -> staff == null ? words.of("said-by.staff") : staff;
      case "resident" -> called == null ? words.of("said-by.resident") : called;
      default -> words.of("said-by." + line.by());
    };
  }

  /// What is read where the content is no text.
  private @Nullable String said(Content content, Words words) {
    return switch (content) {
      case Content.Text(String text, _) -> text;
      case Content.Image _, Content.Video _ -> null;
      case Content.File(_, String name) -> name;
      case Content.Voice(_, _, String recognition) -> recognition;
      case Content.Location(_, _, String label) -> words.of("did.location", label);
      case Content.Followed _ -> words.of("did.followed");
      case Content.Unfollowed _ -> words.of("did.unfollowed");
      case Content.Scanned(String scene) when PassingCodes.isPassing(scene) ->
          words.of("did.scanned-code");
      case Content.Scanned(String scene) -> words.of("did.scanned", desks.nameForScene(scene));
      case Content.MenuTapped(String key) -> words.of("did.menu", key);
      case Content.Other(String name, var fields)
          when name.equals("link") && fields.containsKey("Url") ->
          words.of("did.link", fields.getOrDefault("Title", ""), fields.getOrDefault("Url", ""));
      case Content.Other(String name, _) ->
          words.has("did." + name) ? words.of("did." + name) : words.of("did.other", name);
    };
  }

  private static long number(@Nullable String text, long otherwise) {
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }
}
