package io.linyu.reception;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.linyu.casework.Appealing;
import io.linyu.casework.Case;
import io.linyu.casework.CaseClock;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases;
import io.linyu.casework.KnownMatter;
import io.linyu.casework.KnownMatter.Followed;
import io.linyu.casework.KnownMatters;
import io.linyu.casework.Opened;
import io.linyu.casework.ReturnVisit;
import io.linyu.casework.ReturnVisits;
import io.linyu.casework.Urging;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channels;
import io.linyu.community.Consent;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a resident is told of their own matters: how each is called, how it stands, and what
/// happens by when.
final class Matters {
  private static final int SHOWN = 5;
  private static final int CLOSED_LOOKED_AT = 50;
  private static final int COUNTED = 100;

  /// For so long, 没好 is about what was closed last.
  private static final Duration TOLD_AGAIN_WITHIN = Duration.ofDays(15);

  private final Cases cases;
  private final Appealing appealing;
  private final Channels channels;
  private final KnownMatters known;
  private final Acting acting;
  private final ReturnVisits visits;
  private final String publicUrl;
  private final ZoneId zone;

  Matters(
      Cases cases,
      Appealing appealing,
      Channels channels,
      KnownMatters known,
      Acting acting,
      ReturnVisits visits,
      String publicUrl,
      ZoneId zone) {
    this.cases = cases;
    this.appealing = appealing;
    this.acting = acting;
    this.visits = visits;
    this.channels = channels;
    this.known = known;
    this.publicUrl = publicUrl;
    this.zone = zone;
  }

  Map<String, Object> opened(Context context, Opened opened) {
    String code = opened.speakerCode() == null ? opened.code() : opened.speakerCode();
    String link = publicUrl + "/h5/cases/" + code;
    var told = new HashMap<String, Object>();
    told.put("number", opened.number().toString());
    told.put("desk", opened.deskName());
    told.put("promise", promise(opened, context));
    told.put("link", link);
    AddressKey address = context.with().address;
    if (channels.of(address).ladder(address.account()).subscription() != null) {
      told.put("notify", link);
    }
    return told;
  }

  /// The resident's page on which they join their addresses.
  String addresses(Conversation with) {
    return publicUrl + "/h5/inbox/" + with.code + "/addresses";
  }

  /// @param by by which it was told for somebody; what they had told before has no link for the
  ///   teller
  Map<String, Object> joined(KnownMatters.Joined joined, @Nullable Consent by) {
    Case matter = joined.matter();
    boolean theirs = by == null || Long.valueOf(by.first()).equals(matter.consentId());
    String code = by == null ? matter.code() : theirs ? matter.speakerCode() : null;
    return Map.of(
        "number", matter.number().toString(),
        "link", code == null ? "" : publicUrl + "/h5/cases/" + code,
        "already", joined.already());
  }

  Map<String, Object> left(Context context, Case matter) {
    return Map.of(
        "number", matter.number().toString(),
        "desk", matter.deskName(),
        "promise", next(matter, context));
  }

  /// @param spoken the number asked for; null: the latest
  Map<String, Object> mine(Context context, @Nullable String spoken) {
    long person = context.with().personId;
    if (spoken != null) {
      List<Case> found =
          CaseNumber.parse(spoken)
              .flatMap(number ->
                  cases
                      .byNumber(context.tx(), person, number)
                      .or(() -> acting.matter(context.tx(), person, number)))
              .stream()
              .toList();
      return Map.of("cases", shown(found, context));
    }
    List<Case> forOthers = acting.matters(context.tx(), person, COUNTED);
    List<Case> found =
        Stream.concat(cases.ofPerson(context.tx(), person, SHOWN).stream(), forOthers.stream())
            .sorted(Comparator.comparingLong((Case each) -> each.id().value()).reversed())
            .limit(SHOWN)
            .toList();
    var told = new HashMap<String, Object>();
    told.put("cases", shown(found, context));
    told.put("total", cases.countOfPerson(context.tx(), person) + forOthers.size());
    papers(found, context).ifPresent(page -> told.put("papers", page));
    AddressKey address = context.with().address;
    if (channels.of(address).accountsWithSignIn().contains(address.account())) {
      told.put("all", publicUrl + SignInRoutes.PATH + address.account());
    }
    return told;
  }

  /// What of theirs, or of what they told for somebody, goes on; of a number only that one.
  Map<String, Object> goingOn(Context context, @Nullable String spoken) {
    long person = context.with().personId;
    return named(
        context,
        spoken == null
            ? Stream.concat(
                cases.ofPerson(context.tx(), person, null, SHOWN).goingOn().stream(),
                acting.matters(context.tx(), person, COUNTED).stream().filter(Case::isOpen))
            : spoken(context, spoken));
  }

  /// What of theirs, or of what they told for somebody, was rejected and may be looked at again; of
  /// a number only that one, rejected or not.
  Map<String, Object> rejected(Context context, @Nullable String spoken) {
    long person = context.with().personId;
    return named(
        context,
        spoken == null
            ? Stream.concat(
                    cases.ofPerson(context.tx(), person, COUNTED).stream(),
                    acting.matters(context.tx(), person, COUNTED).stream())
                .filter(each -> appealing.offered(each).isPresent())
            : spoken(context, spoken));
  }

  private Stream<Case> spoken(Context context, String spoken) {
    long person = context.with().personId;
    return CaseNumber.parse(spoken)
        .flatMap(number ->
            cases
                .byNumber(context.tx(), person, number)
                .or(() -> acting.matter(context.tx(), person, number)))
        .stream();
  }

  /// The newest of these that they may do something about, by number and title.
  private Map<String, Object> named(Context context, Stream<Case> some) {
    long person = context.with().personId;
    List<Case> found =
        some.distinct()
            .sorted(Comparator.comparingLong((Case each) -> each.id().value()).reversed())
            .toList();
    // Of what others told they may hear, and no more.
    Map<CaseId, String> codes = acting.codes(context.tx(), person, found);
    Map<CaseId, String> titles =
        acting.titles(context.tx(), person, found, Words.in(context.with().language));
    return Map.of(
        "cases",
        found.stream()
            .filter(each -> codes.containsKey(each.id()))
            .limit(SHOWN)
            .map(each ->
                Map.<String, Object>of(
                    "number",
                    each.number().toString(),
                    "title",
                    titles.getOrDefault(each.id(), each.title())))
            .toList());
  }

  /// @param matter as it waits for another look
  Map<String, Object> appealed(Context context, Case matter) {
    var time = new TimeWords(zone, context.with().language);
    Instant due = matter.nextDueAt();
    return Map.of(
        "number",
        matter.number().toString(),
        "desk",
        matter.deskName(),
        "by",
        due == null ? "" : time.before(due, context.now()));
  }

  Map<String, Object> urged(Context context, Urging.Urged urged) {
    Case matter = urged.matter();
    Words words = Words.in(context.with().language);
    var time = new TimeWords(zone, context.with().language);
    String holder = matter.staffName();
    return Map.of(
        "number",
        matter.number().toString(),
        "done",
        !urged.before(),
        "who",
        holder == null
            ? words.of("urge.unheld", matter.deskName())
            : words.of("urge.held", matter.deskName(), holder),
        "next",
        next(matter, context),
        "last",
        time.at(urged.at(), context.now()),
        "again",
        time.at(urged.again(), context.now()));
  }

  /// The newest of theirs, or of what they told for somebody, of which they can say now whether it
  /// is solved; one that is asked after comes first.
  Map<String, Object> toRate(Context context) {
    return asked(context).map(matter -> asking(context, matter)).orElse(Map.of());
  }

  private Optional<Case> asked(Context context) {
    long person = context.with().personId;
    List<CaseId> theirs =
        Stream.concat(
                cases.ofPerson(context.tx(), person, CLOSED_LOOKED_AT).stream(),
                acting.matters(context.tx(), person, COUNTED).stream())
            .map(Case::id)
            .distinct()
            .toList();
    List<CaseId> open = visits.open(context.tx(), theirs);
    Map<CaseId, Case> known =
        cases.asTold(context.tx(), cases.named(context.tx(), open)).stream()
            .filter(each -> !each.isWorkedOn())
            .collect(toMap(Case::id, each -> each));
    return open.stream().filter(known::containsKey).findFirst().map(known::get);
  }

  Map<String, Object> reopened(Context context, Case matter) {
    Words words = Words.in(context.with().language);
    String holder = matter.staffName();
    return Map.of(
        "number",
        matter.number().toString(),
        "who",
        holder == null
            ? words.of("urge.unheld", matter.deskName())
            : words.of("urge.held", matter.deskName(), holder),
        "next",
        next(matter, context));
  }

  Map<String, Object> asking(Context context, Case matter) {
    return Map.of(
        "number", matter.number().text(), "title", titled(context, matter), "next", "solved");
  }

  /// @param what of it was said now
  Map<String, Object> rated(Context context, ReturnVisits.Rated rated, String what) {
    ReturnVisit visit = rated.visit();
    Words words = Words.in(context.with().language);
    String next =
        !visit.isOpen() && rated.before()
            ? ""
            : visit.satisfied() == null
                ? "satisfied"
                : visit.contacted() == null ? "contacted" : "";
    ReturnVisit.Solved solved = visit.solved();
    return Map.of(
        "number",
        rated.matter().number().text(),
        "title",
        titled(context, rated.matter()),
        "next",
        next,
        "said",
        solved == null ? "" : words.of("visit.solved." + solved.word()),
        "against",
        visit.isAgainst(),
        "open",
        visit.isOpen());
  }

  private String titled(Context context, Case matter) {
    return acting
        .titles(
            context.tx(),
            context.with().personId,
            List.of(matter),
            Words.in(context.with().language))
        .getOrDefault(matter.id(), matter.title());
  }

  /// The page of the newest on which something may still be handed in; not of a danger, which took
  /// its own way.
  private Optional<String> papers(List<Case> found, Context context) {
    List<Case> open =
        found.stream()
            .filter(Case::takesMore)
            .filter(each -> each.state() != CaseState.HANDED_OFF)
            .toList();
    Map<CaseId, String> codes = acting.codes(context.tx(), context.with().personId, open);
    return open.stream()
        .flatMap(each -> Stream.ofNullable(codes.get(each.id())))
        .findFirst()
        .map(code -> publicUrl + "/h5/cases/" + code);
  }

  /// Danger is over when it is over; what is told again was handled by somebody.
  Map<String, Object> lastClosed(Context context) {
    Instant since = context.now().minus(TOLD_AGAIN_WITHIN);
    Optional<Case> last =
        Stream.concat(
                cases.ofPerson(context.tx(), context.with().personId, CLOSED_LOOKED_AT).stream(),
                acting
                    .answeredFor(context.tx(), context.with().personId, CLOSED_LOOKED_AT)
                    .stream())
            .filter(each -> each.state() != CaseState.HANDED_OFF)
            .filter(each -> each.state() != CaseState.WITHDRAWN)
            .filter(each -> each.closedAt() != null && each.closedAt().isAfter(since))
            .filter(each -> each.state() != CaseState.MERGED || hasEnded(each, context))
            .max(Comparator.comparing(each -> requireNonNull(each.closedAt())));
    var found = new HashMap<String, Object>();
    // What is just being asked after is meant before what was closed long ago.
    asked(context)
        .filter(Case::isOpen)
        .ifPresent(matter -> found.put("asked", matter.number().text()));
    // What was never begun is not told again as if it had been done badly.
    last.filter(each -> each.state() == CaseState.REJECTED)
        .ifPresent(matter -> found.put("rejected", matter.number().toString()));
    last.filter(each -> each.state() != CaseState.REJECTED)
        .ifPresent(matter -> {
          found.put("number", matter.number().toString());
          found.put("title", matter.title());
          found.put("reopens", visits.reopens(context.tx(), matter, context.now()));
          if (!isOwn(matter, context)) {
            found.putAll(acting.forWhom(context.tx(), matter, Words.in(context.with().language)));
          }
          if (matter.place() != null) {
            found.put("place", matter.place());
          }
          if (matter.territoryKnown()) {
            found.put("territory", matter.territoryId());
          }
        });
    return found;
  }

  /// What joined a known matter is over when that is.
  private boolean hasEnded(Case matter, Context context) {
    Followed follows = known.followed(context.tx(), List.of(matter.id())).get(matter.id());
    return follows != null && follows.end() != null;
  }

  private List<Map<String, Object>> shown(List<Case> found, Context context) {
    List<CaseId> joined =
        found.stream().filter(each -> each.state() == CaseState.MERGED).map(Case::id).toList();
    Map<CaseId, Followed> follow =
        joined.isEmpty() ? Map.of() : known.followed(context.tx(), joined);
    Map<CaseId, String> titles =
        acting.titles(
            context.tx(), context.with().personId, found, Words.in(context.with().language));
    Map<CaseId, String> codes = acting.codes(context.tx(), context.with().personId, found);
    Set<CaseId> unsolved = cases.unsolved(context.tx(), found);
    return found.stream()
        .map(each -> {
          Followed followed = follow.get(each.id());
          String title = titles.getOrDefault(each.id(), each.title());
          String code = codes.get(each.id());
          // Whoever acts may hear of it, and has a page of it only where they told it.
          String link = code == null ? "" : publicUrl + "/h5/cases/" + code;
          return followed == null
              ? shown(each, title, link, unsolved.contains(each.id()), context)
              : following(each, title, link, followed, context);
        })
        .toList();
  }

  private Map<String, Object> following(
      Case each, String title, String link, Followed follows, Context context) {
    String language = context.with().language;
    Words words = Words.in(language);
    KnownMatter matter = follows.matter();
    KnownMatter.Word end = follows.end();
    return Map.of(
        "number",
        each.number().toString(),
        "title",
        title,
        "state",
        end == null ? each.state().plainly(language) : words.of("known.over"),
        "desk",
        follows.byName() + words.of("colon"),
        "next",
        end == null
            ? words.of(
                "known.told-until",
                matter.told(language),
                Scenes.nextNews(matter, words, zone, context.now()))
            : end.told(language),
        "link",
        link);
  }

  private static boolean isOwn(Case each, Context context) {
    return Long.valueOf(context.with().personId).equals(each.personId());
  }

  private Map<String, Object> shown(
      Case each, String title, String link, boolean unsolved, Context context) {
    return Map.of(
        "number", each.number().toString(),
        "title", title,
        "state", each.state().plainly(Words.in(context.with().language), unsolved),
        "desk", each.deskName(),
        "next", next(each, context),
        "link", link);
  }

  /// What is promised at once: contact, or first that somebody looks whose it is.
  private String promise(Opened opened, Context context) {
    return promise(
        opened.state() == CaseState.REPORTED
            ? CaseClock.Kind.ACCEPTANCE
            : CaseClock.Kind.FIRST_CONTACT,
        opened.contactBy(),
        context);
  }

  private String next(Case matter, Context context) {
    return cases
        .promised(context.tx(), matter.id())
        .map(clock -> promise(clock.kind(), clock.dueAt(), context))
        .orElse("");
  }

  private String promise(CaseClock.Kind kind, Instant due, Context context) {
    Words words = Words.in(context.with().language);
    var time = new TimeWords(zone, context.with().language);
    return due.isAfter(context.now())
        ? words.of("resident.promise." + kind.word(), time.before(due, context.now()))
        : words.of("resident.promise.late", time.at(due, context.now()));
  }
}
