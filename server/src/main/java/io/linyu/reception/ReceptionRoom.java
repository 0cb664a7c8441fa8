package io.linyu.reception;

import io.linyu.bot.Bot;
import io.linyu.casework.Alarms;
import io.linyu.casework.Appealing;
import io.linyu.casework.Boxes;
import io.linyu.casework.CaseWords;
import io.linyu.casework.Cases;
import io.linyu.casework.CatchUps;
import io.linyu.casework.Checking;
import io.linyu.casework.Enclosures;
import io.linyu.casework.Errands;
import io.linyu.casework.HandIns;
import io.linyu.casework.Intake;
import io.linyu.casework.KnownMatters;
import io.linyu.casework.Merging;
import io.linyu.casework.Requests;
import io.linyu.casework.ReturnVisits;
import io.linyu.casework.Shifts;
import io.linyu.casework.Suspicions;
import io.linyu.casework.Urging;
import io.linyu.channel.AccountKey;
import io.linyu.channel.Channels;
import io.linyu.community.Community;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.health.Health;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The doors of this room, wired once.
public record ReceptionRoom(
    Reception reception,
    Outbox outbox,
    Hearings hearings,
    Joinings joinings,
    Acting acting,
    Errands.Mouth staff,
    Shifts.Mouth lead,
    Boxes.Mouth boxes,
    CatchUps.Mouth digests,
    Requests.Mouth heads,
    ReturnVisits.Carrier carrier,
    CaseWords.Said said,
    HandIns.Keeper papers,
    Probes probes,
    List<Routes> routes) {

  /// @param turning connections for turns alone
  /// @param homeOfAccount code of the home territory by account
  /// @param probeEvery how often it is tried of each account whether residents get through
  public static ReceptionRoom open(
      Vertx vertx,
      Db db,
      Db turning,
      Redis redis,
      Events events,
      Ticker ticker,
      Live live,
      Page page,
      MeterRegistry metrics,
      Health health,
      Clock clock,
      ZoneId zone,
      String publicUrl,
      Map<AccountKey, String> homeOfAccount,
      Map<AccountKey, Duration> probeEvery,
      Channels channels,
      Community community,
      Supplier<WorkingCalendar> calendar,
      Cases cases,
      Enclosures enclosures,
      Intake intake,
      Urging urging,
      ReturnVisits visits,
      Checking checking,
      Appealing appealing,
      Alarms alarms,
      KnownMatters known,
      Suspicions suspicions,
      Merging merging,
      Errands errands,
      Requests requests,
      Supplier<Bot> bot,
      Vault vault) {
    var watchers = new Watchers(live, redis, clock);
    var sends = new Sends(redis, clock, zone);
    var outbox = new Outbox(db, channels, watchers, events, metrics, clock).counting(sends);
    var figures = new Figures(db, channels, clock, zone);
    var replies = new Replies(turning, watchers, publicUrl, clock);
    var attachments = new Attachments(db, new Blobs(db), channels, outbox, events, watchers, clock);
    var scenes =
        new Scenes(community.territories(), community.desks(), bot, homeOfAccount, zone, known);
    var voices = new VoiceQueue(events, calendar, live);
    var reach = new Reach(community.consents(), channels, clock);
    var joinings = new Joinings(community, cases, events, outbox, watchers);
    var acting =
        new Acting(db, community, cases, events, outbox, reach, watchers, clock, zone, publicUrl);
    var deeds =
        new Deeds(
            cases,
            intake,
            urging,
            visits,
            checking,
            appealing,
            alarms,
            known,
            merging,
            community.people(),
            community.territories(),
            community.desks(),
            scenes,
            attachments,
            voices,
            events,
            channels,
            joinings,
            acting,
            publicUrl,
            zone);
    var addresses = new Addresses(turning.within(Turns.TALKING), community.people());
    var calls = new StaffCalls(outbox, publicUrl, zone, clock);
    var duties = new Duties(db, errands, community.staffAddresses(), scenes, calls);
    duties.start(ticker);
    var asked =
        new RequestTalk(
            db,
            requests,
            cases,
            errands,
            community.staffAddresses(),
            scenes,
            calls,
            voices,
            community.desks());
    asked.start(ticker);
    var turns =
        new Turns(
            turning,
            bot,
            addresses,
            scenes,
            deeds,
            replies,
            channels,
            new Reports(channels, events),
            watchers,
            duties,
            asked,
            clock);
    var hearings =
        new Hearings(
            db, turns, outbox, events, community.desks(), voices, requests, asked, calls, clock);
    var reception = new Reception(vertx, turns, scenes, replies, metrics, clock);
    var probes = new Probes(db, channels, probeEvery, publicUrl, metrics, clock);

    var visitors =
        new Visitors(db, community.people(), redis, clock, publicUrl.startsWith("https:"));
    var signIn =
        new SignInRoutes(
            db,
            community,
            channels,
            visitors,
            new Passes(vault, redis, clock),
            redis,
            page,
            clock,
            zone,
            publicUrl);

    reception.start(ticker);
    outbox.start(ticker);
    figures.start(ticker);
    new Tags(db, channels, community.territories(), homeOfAccount, clock, zone).start(ticker);
    attachments.start(ticker);
    acting.start(ticker);
    new Departures(db, community.people(), acting, clock).start(ticker);
    var silences = new Silences(db, turns, outbox, clock);
    silences.start(ticker);
    new Tellings(
            cases,
            appealing,
            visits,
            community.people(),
            community.staff(),
            enclosures,
            outbox,
            reach,
            acting,
            publicUrl,
            zone,
            clock)
        .start(events, ticker);
    new KnownTellings(known, outbox, reach, metrics, publicUrl, zone, clock).start(ticker);
    probes.start(ticker);
    health.queues(() ->
        List.of(outbox.backlog(), attachments.backlog(), silences.backlog(), probes.backlog()));
    health.unanswered(reception::unanswered);
    health.holdingUp(reception::isHeldUp);
    return new ReceptionRoom(
        reception,
        outbox,
        hearings,
        joinings,
        acting,
        duties,
        duties,
        duties,
        duties::digest,
        asked,
        outbox::carried,
        new ThreadStore()::words,
        new KeptPapers(community.people(), community.consents(), scenes, watchers),
        probes,
        List.of(
            new NotePictureRoutes(db, cases, attachments, page),
            new ConversationRoutes(
                db,
                cases,
                suspicions,
                community.territories(),
                community.people(),
                community.consents(),
                enclosures,
                community.desks(),
                outbox,
                reach,
                attachments,
                hearings,
                watchers,
                events,
                community.audit(),
                page,
                clock,
                zone),
            new InboxRoutes(
                db,
                community,
                cases,
                replies,
                redis,
                page,
                clock,
                zone,
                publicUrl.startsWith("https:")),
            signIn,
            new MineRoutes(
                db,
                community,
                cases,
                known,
                channels,
                replies,
                acting,
                visitors,
                signIn,
                redis,
                page,
                clock,
                zone,
                publicUrl.startsWith("https:")),
            new NoticeRoutes(db, cases, community.people(), channels, redis, page, publicUrl),
            new DoorRoutes(
                db,
                channels,
                community.territories(),
                community.desks(),
                homeOfAccount,
                page,
                clock),
            new AddressRoutes(
                db,
                community,
                joinings,
                new PassingCodes(channels),
                redis,
                page,
                clock,
                zone,
                publicUrl.startsWith("https:")),
            new PersonRoutes(db, cases, community, joinings, events, page),
            new ConsentRoutes(
                db, cases, community, acting, new PassingCodes(channels), page, clock),
            new VoiceRoutes(hearings, cases, requests, attachments, community.territories(), page),
            new PublicAccountRoutes(
                db,
                channels,
                community,
                homeOfAccount,
                figures,
                sends,
                probes,
                new Resumptions(db, clock),
                page),
            new ProbeRoutes(db, community, probes, page),
            new TroubleRoutes(channels, health, probes, page)));
  }
}
