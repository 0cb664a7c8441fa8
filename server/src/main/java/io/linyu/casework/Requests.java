package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Errands.Pace;
import io.linyu.casework.Request.Outcome;
import io.linyu.casework.RequestStore.Found;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Head;
import io.linyu.community.Staff;
import io.linyu.community.StaffAddresses.Bound;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.QuietHours;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is asked of the heads of buildings and groups, and of grid workers: to look at something
/// where they live, in a friendly way. The desk that asks has the case before and after; whoever is
/// asked holds nothing, has no clock, may say no without a reason, and is in no figure and no
/// ranking. Where there is no answer the desk hears so, and never whoever leads the head.
///
/// Nothing is asked of what is told in confidence, and nobody is told who the resident is.
public final class Requests {
  /// By when the desk would like to know.
  public enum Within {
    SOON(Duration.ofHours(2)),
    DAY(Duration.ofDays(1)),
    DAYS(Duration.ofDays(3));

    private final Duration time;

    Within(Duration time) {
      this.time = time;
    }

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Within> of(@Nullable String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// @param text in words that tell nothing of whoever reported it
  /// @param photo whether a picture is asked for
  public record Question(String text, boolean photo, Within within) {}

  /// Somebody who can be asked.
  ///
  /// @param near whether they look after the very place
  /// @param chat whether they are reached in a chat; else somebody hands them the address
  public record Candidate(
      long staffId, String name, String role, String place, boolean near, boolean chat) {}

  /// @param addressId where they are reached
  public record Telling(Staff to, long addressId, Request request) {}

  /// Says it, in the transaction that notes that it was said.
  public interface Mouth {
    /// Before the case is locked, as a turn does it.
    ///
    /// @param until until when words that are said there may be the answer
    void hold(Tx tx, long address, Instant until);

    void ask(Tx tx, Telling telling);

    /// That nobody needs to know any more.
    void over(Tx tx, Telling telling);

    /// By when somebody listens to what they have said there; empty: they have said nothing, or it
    /// was heard.
    Optional<Instant> heardBy(Tx tx, long request);
  }

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int AT_ONCE = 20;

  /// Whether whoever had no chat has one by now.
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(2);

  private static final int SHOWN = 30;
  private static final int OPEN_AT_ONCE = 9;

  /// So long after it was told words in the chat may be the answer, or until the time that was
  /// said.
  private static final Duration HEARD = Duration.ofDays(1);

  /// What was said longer ago is looked for no more.
  private static final Duration LOOKED_BACK = Duration.ofDays(4);

  private static final int LONGEST = 500;

  /// About what a message takes, and a note.
  private static final int LONGEST_IN_CHAT = 1_900;

  private static final Set<Actor> HEAD = EnumSet.of(Actor.GRID);
  private static final Pattern TELEPHONE =
      Pattern.compile(
          "(?<!\\d)(?:1\\d{2}[ -]?\\d{4}[ -]?\\d{4}|(?:0\\d{2,3}[ -]?)?\\d{7,8})(?!\\d)");

  private final Db db;
  private final Clock clock;
  private final CaseFiles files;
  private final Cases cases;
  private final Photos photos;
  private final Categories categories;
  private final Community community;
  private final Territories territories;
  private final RequestStore store = new RequestStore();
  private QuietHours quiet = QuietHours.NONE;
  private ZoneId zone = ZoneId.of("UTC");

  Requests(
      Db db,
      Clock clock,
      CaseFiles files,
      Cases cases,
      Photos photos,
      Categories categories,
      Community community) {
    this.db = db;
    this.clock = clock;
    this.files = files;
    this.cases = cases;
    this.photos = photos;
    this.categories = categories;
    this.community = community;
    this.territories = community.territories();
  }

  /// As a server needs it.
  public void start(Ticker ticker, Pace pace, Mouth mouth) {
    quiet = pace.quiet();
    zone = pace.zone();
    ticker.every(PAUSE, "requests", () -> goOnDue(mouth));
  }

  public Backlog backlog() {
    return store.backlog(db, clock.instant());
  }

  // Whom to ask.

  /// Whoever looks after the place: of its building, else of its group, else the grid worker. Then
  /// the others of the community, who can be chosen, too.
  public List<Candidate> candidates(Staff staff, Case matter) {
    Territory place = territories.byId(matter.territoryId());
    Territory community = territories.communityOf(place).orElse(place);
    List<Long> path = territories.pathOf(place).stream().map(Territory::id).toList();
    Long grid = territories.gridOf(place).map(Territory::id).orElse(null);
    return this.community.staff().headsWithin(community).stream()
        .filter(each -> each.staffId() != staff.id() && !matter.accused().is(each.staffId()))
        .sorted(
            Comparator.comparingInt((Head each) -> distance(each, path, grid))
                .thenComparing(Head::code))
        .map(each ->
            new Candidate(
                each.staffId(),
                each.name(),
                each.role(),
                territories.nameForResident(territories.byId(each.territoryId())),
                distance(each, path, grid) < FAR,
                each.addressId() != null))
        .toList();
  }

  private static final int FAR = 3;

  private static int distance(Head head, List<Long> path, @Nullable Long grid) {
    boolean theirs =
        path.contains(head.territoryId()) || (grid != null && grid == head.territoryId());
    if (!theirs) {
      return FAR;
    }
    return switch (head.role()) {
      case "building_head" -> 0;
      case "group_head" -> 1;
      default -> 2;
    };
  }

  // Asking.

  /// Of a case that goes on as before.
  public Case ask(Staff staff, CaseId id, long head, Question question) {
    String text = sound(question);
    requireCandidate(staff, id, head);
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.ASK_HEAD);
          Instant until = quiet.next(file.at(), zone).plus(question.within().time);
          ask(permits, file, head, text, question.photo(), null, until);
        });
  }

  /// Whether it can be looked at before it is accepted: there is something to be seen.
  boolean isToBeSeen(Case matter) {
    return categories
        .named(matter.categoryCode())
        .filter(each -> each.isSpecific() && each.onSite())
        .isPresent();
  }

  /// Of one that waits to be accepted, which waits for this within two working hours. Its desk has
  /// it as before, and the clock of acceptance runs on.
  public Case look(Staff staff, CaseId id, int version, long head, Question question) {
    String text = sound(question);
    requireCandidate(staff, id, head);
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.LOOK);
          if (!isToBeSeen(permits.matter())) {
            throw new Refusal("look-nothing-to-see", 409);
          }
          Transition step = file.go(Transition.T04, permits.actors());
          ask(permits, file, head, text, question.photo(), step, file.startLook());
        });
  }

  private void ask(
      Permits permits,
      CaseFile file,
      long head,
      String text,
      boolean photo,
      @Nullable Transition step,
      Instant until) {
    Case matter = permits.matter();
    Staff staff = permits.staff();
    requireUnnamed(file.tx(), matter, text);
    Tx tx = file.tx();
    store.ofCase(tx, matter.id(), SHOWN).stream()
        .map(Found::request)
        .filter(each -> each.headId() == head && each.isOpen() && file.at().isBefore(each.until()))
        .findFirst()
        .ifPresent(each -> {
          throw new Refusal("request-asked-already", 409, each.headName());
        });
    long note = file.note(staff.id(), text, List.of());
    Instant next = quiet.next(file.at(), zone);
    long request =
        store.add(
            tx,
            matter.id(),
            Codes.random(),
            staff.id(),
            head,
            step != null,
            photo,
            note,
            file.at(),
            until,
            next.isBefore(until) ? next : until);
    file.tell(
        new CaseEvent.HeadAsked(
            step, file.rule(), staff.id(), head, request, note, file.digest(text)));
  }

  /// Before the transaction: it asks for a connection of its own.
  private void requireCandidate(Staff staff, CaseId id, long head) {
    if (candidates(staff, cases.visibleTo(staff, id)).stream()
        .noneMatch(each -> each.staffId() == head)) {
      throw new Refusal("request-no-head", 422);
    }
  }

  private static String sound(Question question) {
    String text = CaseFiles.sound(question.text(), "request-missing");
    if (text.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    return text;
  }

  /// What leads to whoever told it is not for the neighbours.
  private void requireUnnamed(Sql sql, Case matter, String text) {
    Long person = matter.personId();
    String called = person == null ? null : community.people().byId(sql, person).called();
    boolean named = called != null && called.length() > 1 && text.contains(called);
    if (named || TELEPHONE.matcher(text).find()) {
      throw new Refusal("request-names-resident", 422);
    }
  }

  /// It need not be looked at any more. What waited for it to be accepted waits for a person.
  ///
  /// @param request of this case
  public Case release(Staff staff, CaseId id, int version, long request) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          if (!permits.isHandler() && !permits.directs()) {
            throw new Refusal("case-not-your-desk", 403, permits.matter().deskName());
          }
          Request asked =
              store
                  .locked(file.tx(), request)
                  .map(Found::request)
                  .filter(each -> each.caseId().equals(id))
                  .orElseThrow(Refusal::notFound);
          if (asked.answeredAt() != null || asked.endedAt() != null) {
            throw new Refusal("request-over", 409);
          }
          Transition step =
              waitsFor(asked, file) ? notSeen(file, EnumSet.of(Actor.COMMUNITY)) : null;
          store.end(file.tx(), request, file.at());
          if (asked.toldAt() != null) {
            store.next(file.tx(), request, quiet.next(file.at(), zone));
          }
          file.tell(new CaseEvent.HeadReleased(step, file.rule(), staff.id(), request));
        });
  }

  private static boolean waitsFor(Request asked, CaseFile file) {
    return asked.look() && file.state() == CaseState.VERIFYING;
  }

  private static Transition notSeen(CaseFile file, Set<Actor> by) {
    file.stop(CaseClock.Kind.LOOK);
    return file.go(Transition.T05b, by);
  }

  /// A code for the chat of a head who has none, for somebody who stands beside them: eight digits,
  /// good for ten minutes. What they were asked is told there soon after.
  String bindCode(Staff staff, Who by, CaseId id, long head) {
    Case matter = cases.visibleTo(staff, id);
    cases.permits(staff, matter).require(Step.ASK_HEAD);
    if (candidates(staff, matter).stream().noneMatch(each -> each.staffId() == head)) {
      throw Refusal.notFound();
    }
    Staff who = community.staff().byId(head).orElseThrow(Refusal::notFound);
    return community.staffAddresses().drawFor(by, who, matter.number().base());
  }

  // Answering.

  /// What is asked of whoever has this page; empty: there is no such page, or what was asked is
  /// erased.
  Optional<Request> byCode(String code) {
    return store.byCode(db, code).map(this::whole).filter(each -> !each.question().isEmpty());
  }

  /// On the page, for the first time or in other words.
  Request answer(String code, Outcome outcome, String text, List<Photos.Taken> taken) {
    Request asked = byCode(code).orElseThrow(Refusal::notFound);
    String said = text.strip();
    if (said.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    if (outcome == Outcome.TOLD && said.isEmpty() && taken.isEmpty()) {
      throw new Refusal("request-empty", 422);
    }
    List<Photos.Drawn> drawn = Photos.drawn(taken);
    return db.inTransaction(
        tx -> answer(tx, asked.id(), outcome, said, false, List.of(), List.of(), drawn));
  }

  /// In a chat, by whoever was asked.
  ///
  /// @param said in words; empty: the number or the picture says it
  /// @param pictures the messages they came in
  public Request answer(Tx tx, Request asked, Outcome outcome, String said, List<Long> pictures) {
    return answer(tx, asked, outcome, said, pictures, List.of());
  }

  /// The same, by voice.
  ///
  /// @param sounds the messages in which they spoke; none: they typed
  public Request answer(
      Tx tx, Request asked, Outcome outcome, String said, List<Long> pictures, List<Long> sounds) {
    boolean wordsOnly = outcome == Outcome.TOLD && pictures.isEmpty();
    String text = said.length() > LONGEST_IN_CHAT ? said.substring(0, LONGEST_IN_CHAT) : said;
    return answer(tx, asked.id(), outcome, text, wordsOnly, pictures, sounds, List.of());
  }

  private Request answer(
      Tx tx,
      long request,
      Outcome outcome,
      String said,
      boolean wordsOnly,
      List<Long> pictures,
      List<Long> sounds,
      List<Photos.Drawn> drawn) {
    CaseId id = byId(tx, request).caseId();
    files.lock(tx, id);
    Request asked = store.locked(tx, request).map(this::whole).orElseThrow(Refusal::notFound);
    CaseFile file = files.open(tx, cases.named(tx, id).orElseThrow(Refusal::notFound));
    if (!asked.isOpenTo(file.at())) {
      throw new Refusal("request-over", 409);
    }
    boolean again = asked.answeredAt() != null;
    Transition step = null;
    if (!again && waitsFor(asked, file)) {
      if (outcome == Outcome.CANNOT) {
        step = notSeen(file, HEAD);
      } else {
        file.stop(CaseClock.Kind.LOOK);
        step = file.go(Transition.T05, HEAD);
      }
    }
    int many = pictures.size() + drawn.size();
    String text = written(asked, outcome, said, many);
    long note =
        sounds.isEmpty()
            ? file.note(asked.headId(), text, pictures)
            : file.spokenNote(
                asked.headId(), text, Stream.concat(sounds.stream(), pictures.stream()).toList());
    photos.keep(tx, id, note, file.at(), drawn);
    store.answer(tx, request, outcome, note, wordsOnly, file.at());
    file.tell(
        new CaseEvent.HeadAnswered(
            step,
            file.rule(),
            asked.headId(),
            request,
            outcome,
            note,
            many,
            again,
            file.digest(text)));
    file.keep(step != null);
    return byId(tx, request);
  }

  /// As colleagues read it.
  private static String written(Request asked, Outcome outcome, String said, int pictures) {
    Words words = Words.in(Words.DEFAULT_LANGUAGE);
    if (outcome == Outcome.TOLD) {
      return said.isEmpty() ? words.of("request.picture-note", pictures) : said;
    }
    String result = words.of(asked.key(outcome));
    return said.isEmpty() ? result : words.of("request.with-words", result, said);
  }

  /// Words that were taken for an answer and were none: nothing of them is kept. What had waited
  /// for it waits for a person.
  public void mistaken(Tx tx, Request meant) {
    files.lock(tx, meant.caseId());
    Request asked = store.locked(tx, meant.id()).map(Found::request).orElseThrow(Refusal::notFound);
    Long note = asked.answerId();
    if (!asked.wordsOnly() || note == null) {
      throw new Refusal("request-over", 409);
    }
    CaseFile file = files.open(tx, cases.named(tx, asked.caseId()).orElseThrow());
    file.unsayNote(note);
    boolean late = !file.at().isBefore(asked.until());
    store.unanswer(tx, asked.id(), late ? null : asked.until());
    if (asked.look()) {
      store.end(tx, asked.id(), file.at());
    }
    file.tell(new CaseEvent.HeadMistaken(null, file.rule(), asked.headId(), asked.id(), note));
    file.keep(false);
  }

  /// What somebody was told of in the chat and has not answered, as long as words that are said
  /// there may be the answer; the newest first.
  public List<Request> heard(Tx tx, Staff head) {
    Instant now = clock.instant();
    return told(tx, head)
        .filter(Request::isOpen)
        .filter(each -> now.isBefore(heardUntil(each)))
        .limit(OPEN_AT_ONCE)
        .toList();
  }

  /// One that they were told of in the chat and may answer, for the first time or in other words.
  public Optional<Request> openTo(Tx tx, Staff head, long request) {
    Instant now = clock.instant();
    return told(tx, head).filter(each -> each.id() == request && each.isOpenTo(now)).findFirst();
  }

  /// The same, whoever has listened to what they said.
  public Optional<Request> openTo(Tx tx, long request) {
    Instant now = clock.instant();
    return store.byId(tx, request).map(this::whole).filter(each -> each.isOpenTo(now));
  }

  /// The last that they have answered since then; empty: none that may still be another answer.
  public Optional<Request> lastAnswered(Tx tx, Staff head, Instant since) {
    Instant now = clock.instant();
    return told(tx, head)
        .filter(each -> each.isOpenTo(now) || each.look())
        .filter(each -> each.answeredAt() != null && !each.answeredAt().isBefore(since))
        .max(Comparator.comparing(each -> requireNonNull(each.answeredAt())));
  }

  private Stream<Request> told(Tx tx, Staff head) {
    Instant since = clock.instant().minus(LOOKED_BACK);
    return store.told(tx, head.id(), since, SHOWN).stream().map(this::whole);
  }

  private static Instant heardUntil(Request asked) {
    Instant told = asked.toldAt();
    Instant day = (told == null ? asked.askedAt() : told).plus(HEARD);
    return day.isBefore(asked.until()) ? asked.until() : day;
  }

  /// Whether what they say in their chat is the answer to this.
  boolean isHeard(Request asked) {
    return asked.isOpen()
        && asked.toldAt() != null
        && clock.instant().isBefore(heardUntil(asked))
        && community.staffAddresses().of(db, asked.headId()).filter(Bound::follows).isPresent();
  }

  /// Of these those whose answers this member of staff may listen to and write down: their desk has
  /// the case, and they see it.
  public Map<Long, Request> toHear(Staff staff, Collection<Long> requests) {
    List<Long> desks = community.desks().of(staff).stream().map(Desk::id).toList();
    if (requests.isEmpty() || desks.isEmpty()) {
      return Map.of();
    }
    List<Request> theirs =
        store.at(db, List.copyOf(requests), desks).stream()
            .map(this::whole)
            .filter(Request::live)
            .toList();
    Set<CaseId> seen = cases.visibleTo(staff, theirs.stream().map(Request::caseId).toList());
    return theirs.stream()
        .filter(each -> seen.contains(each.caseId()))
        .collect(Collectors.toMap(Request::id, each -> each));
  }

  /// All that were asked about a case, the newest first.
  public List<Request> of(Staff staff, CaseId id) {
    return store.ofCase(db, cases.visibleTo(staff, id).id(), SHOWN).stream()
        .map(this::whole)
        .toList();
  }

  private Request byId(Sql sql, long id) {
    return store.byId(sql, id).map(this::whole).orElseThrow(Refusal::notFound);
  }

  private Request whole(Found found) {
    return found.request().at(territories.nameForResident(territories.byId(found.territory())));
  }

  // What goes on by itself.

  /// Tells who is asked, and the desk that there was no answer. True when there may be more.
  ///
  /// Conversations are locked before cases, and these before requests, as a turn does it.
  boolean goOnDue(Mouth mouth) {
    List<Long> due = store.due(db, clock.instant(), AT_ONCE);
    due.forEach(id -> db.withinTransaction(tx -> goOn(tx, id, mouth)));
    return due.size() == AT_ONCE;
  }

  private void goOn(Tx tx, long id, Mouth mouth) {
    Instant now = clock.instant();
    Request asked = byId(tx, id);
    Instant undisturbed = quiet.next(now, zone);
    if (asked.endedAt() != null) {
      tellOver(tx, asked, mouth);
    } else if (asked.answeredAt() != null) {
      store.next(tx, id, null);
    } else if (isOver(tx, asked)) {
      if (asked.toldAt() != null && undisturbed.isAfter(now)) {
        store.next(tx, id, undisturbed);
      } else {
        tellOver(tx, asked, mouth);
        store.end(tx, id, now);
      }
    } else if (!now.isBefore(asked.until())) {
      // What they have said and nobody has listened to yet is no silence.
      Instant heard = mouth.heardBy(tx, id).filter(now::isBefore).orElse(null);
      if (heard == null) {
        giveUp(tx, asked);
      } else {
        store.next(tx, id, heard);
      }
    } else if (undisturbed.isAfter(now)) {
      store.next(tx, id, undisturbed.isBefore(asked.until()) ? undisturbed : asked.until());
    } else {
      tell(tx, asked, mouth, now);
    }
  }

  private void tell(Tx tx, Request asked, Mouth mouth, Instant now) {
    Optional<Telling> telling = telling(tx, asked);
    if (!asked.live() || telling.isEmpty()) {
      // Somebody hands them the address, or they bind a chat.
      Instant again = now.plus(LOOK_AGAIN);
      store.next(tx, asked.id(), again.isBefore(asked.until()) ? again : asked.until());
      return;
    }
    mouth.hold(tx, telling.get().addressId(), heardUntil(asked));
    if (store.told(tx, asked.id(), now)) {
      mouth.ask(tx, telling.get());
    }
  }

  private boolean isOver(Tx tx, Request asked) {
    return !asked.live() && !cases.named(tx, asked.caseId()).orElseThrow().isOpen();
  }

  private void tellOver(Tx tx, Request asked, Mouth mouth) {
    telling(tx, asked).filter(_ -> asked.toldAt() != null).ifPresent(each -> mouth.over(tx, each));
    store.next(tx, asked.id(), null);
  }

  private Optional<Telling> telling(Tx tx, Request asked) {
    return community
        .staff()
        .byId(asked.headId())
        .flatMap(head ->
            community
                .staffAddresses()
                .of(tx, head.id())
                .filter(each -> each.follows())
                .map(each -> new Telling(head, each.addressId(), asked)));
  }

  private void giveUp(Tx tx, Request asked) {
    CaseId id = asked.caseId();
    files.lock(tx, id);
    Request now = store.locked(tx, asked.id()).map(Found::request).orElseThrow();
    Case matter = cases.named(tx, id).orElseThrow();
    store.next(tx, now.id(), null);
    if (now.answeredAt() != null || now.endedAt() != null || !matter.isOpen()) {
      return;
    }
    CaseFile file = files.open(tx, matter);
    Transition step = null;
    if (waitsFor(now, file)) {
      step = notSeen(file, EnumSet.of(Actor.SYSTEM));
      store.end(tx, now.id(), file.at());
    }
    file.tell(new CaseEvent.HeadSilent(step, file.rule(), now.id()));
    file.keep(step != null);
  }
}
