package io.linyu.casework;

import io.linyu.casework.CasePages.CasePage;
import io.linyu.casework.CasePages.Follower;
import io.linyu.casework.CasePages.Group;
import io.linyu.casework.CasePages.MergingView;
import io.linyu.casework.CasePages.ReasonChoice;
import io.linyu.casework.CasePages.RejectView;
import io.linyu.casework.Cases.Step;
import io.linyu.community.Community;
import io.linyu.community.Consent;
import io.linyu.community.Person;
import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import io.linyu.platform.time.WorkingCalendar;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gathers what the page of one case shows.
final class CaseViews {
  /// What leads back to a list.
  private static final List<String> LIST =
      Stream.concat(Stream.of("view", "q"), Filters.NAMES.stream()).toList();

  private final Cases cases;
  private final Handovers handovers;
  private final Corrections corrections;
  private final Drafts drafts;
  private final Photos photos;
  private final Enclosures enclosures;
  private final Categories categories;
  private final KnownMatters known;
  private final ReturnVisits visits;
  private final Appealing appealing;
  private final Extending extending;
  private final Returning returning;
  private final Admitting admitting;
  private final Ruling ruling;
  private final Conferences conferences;
  private final Levels levels;
  private final Parts parts;
  private final Merging merging;
  private final RootCauses rootCauses;
  private final Splitting splitting;
  private final Examples examples;
  private final Community community;
  private final Db db;
  private final Supplier<WorkingCalendar> calendar;

  CaseViews(Casework casework, Community community, Db db, Supplier<WorkingCalendar> calendar) {
    this.cases = casework.cases();
    this.handovers = casework.handovers();
    this.corrections = casework.corrections();
    this.drafts = casework.drafts();
    this.photos = casework.photos();
    this.enclosures = casework.enclosures();
    this.categories = casework.categories();
    this.known = casework.known();
    this.visits = casework.visits();
    this.appealing = casework.appealing();
    this.extending = casework.extending();
    this.returning = casework.returning();
    this.admitting = casework.admitting();
    this.ruling = casework.ruling();
    this.conferences = casework.conferences();
    this.levels = casework.levels();
    this.parts = casework.parts();
    this.merging = casework.merging();
    this.rootCauses = casework.rootCauses();
    this.splitting = casework.splitting();
    this.examples = casework.examples();
    this.community = community;
    this.db = db;
    this.calendar = calendar;
  }

  CasePage page(RoutingContext rc, Case matter) {
    Staff staff = Staff.signedIn(rc);
    Frame frame = Frame.of(rc);
    var steps = EnumSet.noneOf(Step.class);
    steps.addAll(cases.stepsFor(staff, matter));
    MergingView merging = merging(staff, matter);
    if (merging.heard() == 0) {
      steps.remove(Step.ANSWER);
    }
    Long holder = matter.staffId();
    Long person = matter.personId();
    Person who = person == null ? null : community.people().byId(db, person);
    List<Part> asked = parts.of(staff, matter.id());
    boolean asks = steps.contains(Step.CO_HANDLE);
    return new CasePage(
        frame,
        query(rc),
        matter,
        steps,
        new Bars(calendar.get(), frame.moments()).of(cases.clocks(staff, matter.id())),
        categories.named(matter.categoryCode()).orElse(null),
        steps.contains(Step.SET_CATEGORY)
            ? groups(categories, frame.words().language())
            : List.of(),
        steps.contains(Step.SET_CATEGORY)
                && categories.named(matter.categoryCode()).filter(Category::aboutStaff).isPresent()
            ? corrections.accusable(matter)
            : List.of(),
        steps.contains(Step.SET_CATEGORY)
                && categories
                    .named(matter.categoryCode())
                    .filter(Category::aboutNeighbours)
                    .isPresent()
            ? corrections.neighbours(matter)
            : List.of(),
        who == null ? null : who.called(),
        who == null ? null : who.phoneMasked(),
        who == null ? null : home(who),
        spoken(matter, who, frame.words()),
        cases.holdings(staff, matter.id()),
        cases.history(staff, matter.id()).reversed(),
        cases.notes(staff, matter.id()),
        photos.of(staff, matter.id()),
        steps.contains(Step.HAND_ON)
            ? handovers.targets(staff, matter.id())
            : steps.contains(Step.DECIDE_RETURN) ? returning.targets(matter) : List.of(),
        drafts.of(staff, matter.id()),
        enclosures.waiting(staff, matter.id()),
        known(staff, matter),
        visits.last(db, matter.id()).orElse(null),
        cases.permits(staff, matter).seesRating(),
        steps.contains(Step.REJECT) ? rejecting(staff, matter, who, frame) : null,
        review(matter, frame),
        steps.contains(Step.ASK_EXTENSION) || steps.contains(Step.DECIDE_EXTENSION)
            ? extending.offer(matter.id()).orElse(null)
            : null,
        steps.contains(Step.RETURN) ? returning.offer(matter) : null,
        steps.contains(Step.NOT_LISTED) ? admitting.offer(matter).orElse(null) : null,
        steps.contains(Step.DISPUTE) ? ruling.offer(matter).orElse(null) : null,
        steps.contains(Step.RULE) ? parts.lastDay(matter) : null,
        steps.contains(Step.RAISE) ? levels.above(matter) : null,
        steps.contains(Step.SEND_DOWN) ? levels.below(matter) : null,
        asked,
        asked.stream()
            .filter(each ->
                matter.confidential() ? staff.worksAt(each.deskId()) : staff.actsAt(each.deskId()))
            .map(Part::code)
            .collect(Collectors.toSet()),
        asks ? parts.partners(matter) : List.of(),
        asks ? parts.lastDay(matter) : null,
        merging,
        rootCauses.of(staff, matter),
        holder == null || !matter.isOpen() ? null : community.absences().today(holder).orElse(null),
        staff
            .standsInAt(matter.deskId())
            .flatMap(each -> community.absences().today(each.absent()))
            .orElse(null),
        staff.id(),
        together(staff, matter),
        examples.of(staff, matter),
        conference(staff, matter, steps, asked));
  }

  private ConferencePages.OfCase conference(
      Staff staff, Case matter, Set<Step> steps, List<Part> along) {
    boolean asks = steps.contains(Step.CONVENE) || steps.contains(Step.WRITE_MINUTES);
    Conference waits = matter.conference();
    return new ConferencePages.OfCase(
        asks ? conferences.invitees(matter, cases.holdings(staff, matter.id()), along) : List.of(),
        conferences.guests(matter),
        waits != null && waits.desks().stream().anyMatch(staff::actsAt));
  }

  private SplitPages.Together together(Staff staff, Case matter) {
    Splitting.Family family = splitting.family(db, matter);
    Case from = family.from();
    Long person = matter.personId();
    // That there is a complaint about them is nothing that they learn from this one.
    Set<CaseId> kept =
        family.isEmpty() || person == null ? Set.of() : Set.copyOf(cases.keptFrom(staff, person));
    List<Case> all =
        Stream.concat(Stream.ofNullable(from), family.others().stream())
            .filter(each -> !kept.contains(each.id()))
            .toList();
    Set<CaseId> seen =
        all.isEmpty() ? Set.of() : cases.visibleTo(staff, all.stream().map(Case::id).toList());
    return new SplitPages.Together(
        all.stream()
            .map(each ->
                new SplitPages.One(
                    each,
                    from != null && each.id().equals(from.id()),
                    seen.contains(each.id()),
                    seen.contains(each.id()) || !each.confidential()))
            .toList(),
        Stream.concat(Stream.of(matter), all.stream())
            .map(Case::accused)
            .anyMatch(CaseViews::isMeant),
        !all.isEmpty() && splitting.isJustSplit(staff, matter));
  }

  private static boolean isMeant(Accused whom) {
    return whom.isSuspected() || whom.isNamed();
  }

  private MergingView merging(Staff staff, Case matter) {
    CaseId master = matter.masterId();
    int told = matter.isTold() ? 1 : 0;
    if (master != null) {
      Case with = cases.named(db, master).orElseThrow();
      return new MergingView(List.of(), told, with, cases.isVisibleTo(db, staff, master));
    }
    List<Case> followers = merging.followers(matter);
    if (followers.isEmpty()) {
      return new MergingView(List.of(), told, null, false);
    }
    List<CaseId> ids = followers.stream().map(Case::id).toList();
    Set<CaseId> seen = cases.visibleTo(staff, ids);
    Map<CaseId, ReturnVisit> asked =
        visits.lasts(db, ids).stream().collect(Collectors.toMap(ReturnVisit::caseId, each -> each));
    return new MergingView(
        followers.stream()
            .map(each ->
                new Follower(
                    each,
                    seen.contains(each.id()),
                    each.waitsForAnswer() && each.standingAs(matter).waitsForAnswer(),
                    asked.get(each.id())))
            .toList(),
        merging.heardBy(matter),
        null,
        false);
  }

  /// What the resident would be told, as they would read it, but for what is still to be chosen and
  /// written.
  private RejectView rejecting(Staff staff, Case matter, @Nullable Person who, Frame frame) {
    Words theirs = Words.in(who == null ? null : who.language());
    String ends =
        matter.isUnderReview()
            ? theirs.of("resident.upheld-end")
            : appealing
                .wouldBeOffered(matter)
                .map(offer ->
                    theirs.of(
                        "resident.rejected-appeal",
                        new TimeWords(frame.moments().zone(), theirs.language())
                            .date(offer.until()),
                        offer.desk().name()))
                .orElse(theirs.of("resident.rejected-end"));
    return new RejectView(
        Stream.of(Rejecting.Reason.values())
            .map(each ->
                new ReasonChoice(
                    each.word(),
                    frame.words().of("reject.reason." + each.word()),
                    theirs.of("reject.text." + each.word())))
            .toList(),
        theirs.of(
            matter.isUnderReview() ? "resident.upheld" : "resident.rejected",
            matter.deskName(),
            staff.name(),
            matter.title(),
            matter.number(),
            theirs.of("reject.tells.reason"),
            theirs.of("reject.tells.words")),
        ends,
        matter.isUnderReview());
  }

  private @Nullable String review(Case matter, Frame frame) {
    Long by = matter.rejectedDeskId();
    Instant asked = matter.appealedAt();
    return by == null || asked == null || !matter.isUnderReview()
        ? null
        : frame
            .words()
            .of(
                "case.appealed-why",
                community.desks().byId(by).name(),
                frame.moments().at(asked),
                matter.deskName());
  }

  /// Such as `代赵玉兰说（女儿 林**）`.
  private @Nullable String spoken(Case matter, @Nullable Person who, Words words) {
    Long first = matter.consentId();
    Consent by = first == null ? null : community.consents().newest(db, List.of(first)).get(first);
    if (by == null) {
      return null;
    }
    String named = by.giverName();
    String called = who == null ? null : who.called();
    String kinship = by.kinship().isEmpty() ? words.of("spoken.relative") : by.kinship();
    return words
        .of(
            "spoken.for",
            called != null ? called : named != null ? named : words.of("fact.resident"),
            kinship,
            Mask.name(by.actorName()))
        .replaceFirst(" ([)）])$", "$1"); // whose name is forgotten, or was not told
  }

  private KnownPages.OfCase known(Staff staff, Case matter) {
    var follows = known.followed(staff, matter).orElse(null);
    return new KnownPages.OfCase(
        known.mayJoin(staff, matter) && matter.categoryCode() != null,
        known.fitting(staff, matter).orElse(null),
        follows,
        follows != null
            && !follows.matter().isOver()
            && known.mayPublish(staff, matter.territoryPath()));
  }

  private @Nullable String home(Person who) {
    Long home = who.homeId();
    var territories = community.territories();
    return home == null ? null : territories.nameForResident(territories.byId(home));
  }

  /// The catalogue, as one chooses from it.
  List<Group> groups(String language) {
    return groups(categories, language);
  }

  static List<Group> groups(Categories categories, String language) {
    List<Category> all = categories.all();
    return all.stream()
        .filter(top -> top.parent() == null)
        .map(top ->
            new Group(
                top.name(language),
                all.stream()
                    .filter(each -> top.code().equals(each.parent()) && each.isSpecific())
                    .toList()))
        .filter(group -> !group.categories().isEmpty())
        .toList();
  }

  /// Leads back to the list that the case was opened from.
  static String query(RoutingContext rc) {
    String query = and(rc);
    return query.isEmpty() ? "" : "?" + query.substring(1);
  }

  static String and(RoutingContext rc) {
    var query = new StringBuilder();
    for (String name : LIST) {
      String value = rc.request().getParam(name);
      if (value != null && !value.isEmpty()) {
        query
            .append('&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }
}
