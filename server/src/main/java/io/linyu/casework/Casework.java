package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.community.Desks;
import io.linyu.community.Territories;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The doors of this room, wired once. An empty installation gets the shipped catalogue.
///
/// @param cases what is known of them
/// @param intake what a resident's turn does
/// @param handling what staff do with what is theirs
/// @param checking of what is said to be done
/// @param visits by which residents are asked after it
/// @param handovers from desk to desk
/// @param returning of what is not for the desk that it was sent to
/// @param admissions what communities take on
/// @param admitting of what is not among that
/// @param ruling who leads, where two desks do not agree
/// @param conferences of desks about one case
/// @param levels by hand to the next, or the one below
/// @param corrections of what it is and where
/// @param parts what other desks do for one
/// @param photos that staff took
/// @param handIns what residents hand in on the page of their matter
/// @param known what was said once for many
/// @param publishing what staff do with it
/// @param errands who is called to what
/// @param delays of what was promised to residents
/// @param urging of what is waited for
/// @param supervising by those who lead
/// @param rejecting what is not accepted
/// @param merging of what several tell who have the same
/// @param appealing for another look at that
/// @param splitting of what tells of several matters
/// @param suspicions that something complains about staff
/// @param extending of limits
/// @param suspending of what has to wait
/// @param timeRequests for either
/// @param requests what is asked of heads of buildings and groups
/// @param recounts of clocks, by another calendar
/// @param routingRules who gets what
/// @param limits how long things may take
/// @param loopRules what is done by itself
/// @param criticisms of desks that were silent
/// @param rootCauses of what comes back
/// @param catchUps with what a down-time left
/// @param spoken what people say elsewhere than in a chat
/// @param replays what a change would have done
/// @param shifts from person to person at one desk
/// @param archiving of what has been closed for a week
/// @param outsideLooks at cases of other units
/// @param boxes into which people put slips
/// @param boxOpenings by two who keep one
/// @param rounds from door to door
/// @param standIns what deputies of other desks leave behind
/// @param examples that are published of cases
public record Casework(
    Categories categories,
    Cases cases,
    Intake intake,
    Handling handling,
    Checking checking,
    ReturnVisits visits,
    Handovers handovers,
    Returning returning,
    Admissions admissions,
    Admitting admitting,
    Ruling ruling,
    Conferences conferences,
    Levels levels,
    Corrections corrections,
    Inbox inbox,
    SavedViews savedViews,
    CannedReplies cannedReplies,
    Drafts drafts,
    Parts parts,
    Photos photos,
    Enclosures enclosures,
    HandIns handIns,
    CaseWords words,
    Alarms alarms,
    KnownMatters known,
    Publishing publishing,
    Errands errands,
    Delays delays,
    Urging urging,
    Supervising supervising,
    Rejecting rejecting,
    Merging merging,
    Splitting splitting,
    Suspicions suspicions,
    Appealing appealing,
    Extending extending,
    Suspending suspending,
    TimeRequests timeRequests,
    Requests requests,
    Recounts recounts,
    Shifts shifts,
    RoutingRules routingRules,
    Limits limits,
    LoopRules loopRules,
    Criticisms criticisms,
    RootCauses rootCauses,
    CatchUps catchUps,
    Spoken spoken,
    Replays replays,
    Archiving archiving,
    OutsideLooks outsideLooks,
    Boxes boxes,
    BoxOpenings boxOpenings,
    Rounds rounds,
    StandIns standIns,
    Examples examples) {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final Duration FORGET_DRAFTS = Duration.ofHours(1);
  private static final Duration FORGET_ENCLOSURES = Duration.ofMinutes(10);
  private static final Duration RELEASE = Duration.ofMinutes(1);
  private static final Duration TELL_LATE = Duration.ofSeconds(2);
  private static final Duration CLIMB = Duration.ofSeconds(1);
  private static final String KNOWN = "known";
  private static final Duration CALL = Duration.ofSeconds(1);

  /// @param webhook an address that gets a POST each time an alarm rings; null: none
  /// @param climbEvery how long each step of the chain has to acknowledge
  public static Casework open(
      Db db,
      Events events,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      Community community,
      @Nullable String webhook,
      String publicUrl,
      Duration climbEvery) {
    var categories = new Categories(db);
    new CategoryImport(db, categories, community.desks(), community.audit()).prepare();
    Territories territories = community.territories();
    Desks desks = community.desks();
    var routing = new Routing(territories, desks, categories);
    var checkers = new Checkers(territories, desks, routing);
    var cases =
        new Cases(
            db,
            events,
            clock,
            categories,
            territories,
            desks,
            routing,
            checkers,
            community.consents(),
            calendar.get().zone());
    var files = new CaseFiles(db, events, clock, calendar, cases);
    var acceptance = new Acceptance(territories, routing);
    var words = new CaseWords(db, clock);
    var photos = new Photos(db, cases);
    var joining = new Joining(categories, territories, routing);
    var visits = new ReturnVisits(db, files, cases);
    var merging = new Merging(db, files, cases, categories, territories, joining, visits);
    var suspicions =
        new Suspicions(
            db, files, acceptance, categories, territories, routing, desks, community.staff());
    var intake =
        new Intake(events, files, categories, territories, routing, merging, suspicions, words);
    visits.setsApart(intake::isSetApart);
    var known = new KnownMatters(db, files, intake, joining, territories);
    var enclosures = new Enclosures(db, clock, cases);
    var handling =
        new Handling(
            files,
            acceptance,
            categories,
            photos,
            enclosures,
            desks,
            checkers,
            community.absences());
    var parts =
        new Parts(
            db, files, cases, categories, territories, desks, routing, community.people(), photos);
    var checking =
        new Checking(
            files,
            cases,
            categories,
            territories,
            routing,
            checkers,
            enclosures,
            photos,
            visits,
            parts);
    var handIns = new HandIns(db, clock, cases, files, intake);
    var alarms =
        new Alarms(db, events, clock, calendar, territories, webhook, publicUrl, climbEvery);
    var rules =
        new RoutingRules(db, clock, calendar.get().zone(), routing.usual(), categories, community);
    var limits =
        new Limits(
            db, clock, calendar.get().zone(), rules, categories, territories, community.audit());
    var suspending = new Suspending(files);
    var raising = new Raising(territories, desks, routing, categories);
    var handovers =
        new Handovers(cases, files, acceptance, categories, territories, desks, routing);
    var returning = new Returning(db, files, handovers, territories, desks, routing);
    var conferences = new Conferences(db, files, cases, parts, territories, desks, handovers);
    var admissions = new Admissions(db, clock, calendar.get().zone(), categories, community);
    var catchUps = new CatchUps(db, events, files, cases, categories, community);
    var rootCauses =
        new RootCauses(db, files, cases, intake, categories, territories, routing, catchUps);
    var spoken = new Spoken(db, files, cases, intake, handling, alarms, photos, community);
    var boxes = new Boxes(db, clock, community);
    return new Casework(
        categories,
        cases,
        intake,
        handling,
        checking,
        visits,
        handovers,
        returning,
        admissions,
        new Admitting(db, files, returning, admissions, desks, routing),
        new Ruling(db, events, files, handovers, parts, returning, territories, desks, routing),
        conferences,
        new Levels(files, categories, territories, desks, routing, raising, db, admissions),
        new Corrections(
            files, acceptance, categories, territories, routing, desks, community.staff()),
        new Inbox(db, clock, calendar, community, categories, words),
        new SavedViews(db, clock),
        new CannedReplies(db, clock),
        new Drafts(db, clock, cases),
        parts,
        photos,
        enclosures,
        handIns,
        words,
        alarms,
        known,
        new Publishing(
            db, events, files, joining, known, categories, territories, community.audit()),
        new Errands(
            db,
            events,
            clock,
            files,
            cases,
            handling,
            checking,
            parts,
            checkers,
            alarms,
            categories,
            community,
            catchUps),
        new Delays(db, files, cases),
        new Urging(db, files, cases),
        new Supervising(files),
        new Rejecting(files),
        merging,
        new Splitting(db, files, intake, categories, territories),
        suspicions,
        new Appealing(db, files, cases, intake, handIns, desks, routing),
        new Extending(db, events, files),
        suspending,
        new TimeRequests(files),
        new Requests(db, clock, files, cases, photos, categories, community),
        new Recounts(db, events, files),
        new Shifts(db, clock, files, cases, alarms, checkers, community),
        rules,
        limits,
        new LoopRules(
            db,
            events,
            files,
            cases,
            suspending,
            raising,
            conferences,
            alarms,
            rules,
            territories,
            community.audit(),
            catchUps,
            rootCauses),
        new Criticisms(db, events, files, cases, territories, desks, routing, community.audit()),
        rootCauses,
        catchUps,
        spoken,
        new Replays(db, clock, routing.usual(), rules, limits, calendar, categories, territories),
        new Archiving(db, events, files, cases, territories),
        new OutsideLooks(db, clock, calendar.get().zone(), cases, territories, community.audit()),
        boxes,
        new BoxOpenings(db, clock, events, boxes, spoken, community),
        new Rounds(db, clock, calendar.get().zone(), events, community),
        new StandIns(db, files, cases),
        new Examples(db, files, cases, categories, merging, community));
  }

  /// As a server needs it: keeps what is held in memory fresh and does the due work.
  public Casework running(Redis redis, Ticker ticker) {
    known.tellBy(() -> redis.publish(KNOWN, ""));
    redis.subscribe(KNOWN, _ -> Thread.ofVirtual().start(known::refresh));
    ticker.every(
        LOOK_AGAIN,
        "known",
        () -> {
          known.refresh();
          return false;
        });
    ticker.every(
        LOOK_AGAIN,
        "categories",
        () -> {
          categories.refresh();
          return false;
        });
    ticker.every(FORGET_DRAFTS, "drafts-forget", drafts::forgetDue);
    ticker.every(FORGET_DRAFTS, "sendings-forget", handling::forgetSendings);
    ticker.every(FORGET_DRAFTS, "replays-forget", replays::forgetDue);
    ticker.every(FORGET_DRAFTS, "looks-forget", outsideLooks::forgetDue);
    ticker.every(FORGET_ENCLOSURES, "enclosures-forget", enclosures::forgetDue);
    ticker.every(RELEASE, "stand-ins-end", standIns::endDue);
    ticker.every(RELEASE, "known-release", publishing::releaseDue);
    ticker.every(TELL_LATE, "known-late", known::tellLate);
    ticker.every(CLIMB, "alarms-climb", alarms::climbDue);
    ticker.every(CALL, "alarms-call", alarms::callDue);
    return this;
  }
}
