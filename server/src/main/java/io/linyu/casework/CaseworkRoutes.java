package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Presence;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

/// The pages of this room, wired once.
public final class CaseworkRoutes {
  private CaseworkRoutes() {}

  /// @param channels names of those by which cases may come
  public static List<Routes> all(
      Db db,
      Redis redis,
      Events events,
      Ticker ticker,
      Live live,
      Page page,
      Clock clock,
      ZoneId zone,
      String publicUrl,
      WorkingCalendars calendars,
      Community community,
      List<String> channels,
      Casework casework) {
    Cases cases = casework.cases();
    new CaseSignals(cases, live).listen(events, ticker);
    casework.words().running(events, ticker);
    var leftDesks = new LeftDesks(db, community.desks(), community.territories());
    var views = new CaseViews(casework, community, db, calendars);
    var savedViews = new SavedViewRoutes(casework, community.desks(), page);
    var inbox =
        new InboxRoutes(casework, views, savedViews, community.desks(), ways(channels), page);
    var looks = new OutsideLookRoutes(casework, community, db, page);
    var followed =
        new FollowRoutes(
            cases,
            casework.categories(),
            casework.enclosures(),
            casework.handIns(),
            casework.visits(),
            casework.appealing(),
            casework.splitting(),
            casework.examples(),
            community,
            db,
            redis,
            page,
            clock,
            zone,
            publicUrl.startsWith("https:"));
    var dangers = new PageDangers(db, clock, casework);
    var spoken = new SpokenRoutes(casework, community, db, redis, page, clock, zone, publicUrl);
    return List.of(
        savedViews,
        new SeveralRoutes(casework, page),
        new ExportRoutes(
            new Exports(db, redis, clock, zone, publicUrl, community, casework), page, clock, zone),
        new CannedReplyRoutes(casework, community, db, page),
        new OutdoorRoutes(casework, redis),
        new PrintRoutes(casework, views, db, community, page, publicUrl),
        new DayRoutes(
            new Days(db, clock, zone, casework, community.territories(), leftDesks), page),
        spoken,
        new BoxRoutes(casework, community, spoken, redis, page, clock, publicUrl),
        new RoundRoutes(casework, community, page, clock, zone),
        new FindRoutes(
            casework.spoken(),
            community.territories(),
            redis,
            page,
            clock,
            zone,
            publicUrl.startsWith("https:")),
        inbox, // before the pages of single cases, whose code could be any word
        new CaseRoutes(
            casework,
            views,
            inbox,
            looks,
            new Presence(redis, clock),
            community.territories(),
            page,
            clock),
        looks,
        new SuspicionRoutes(casework),
        new SplitRoutes(casework, community.territories(), page),
        new EnclosureRoutes(cases, casework.enclosures(), redis, page),
        new KnownMatterRoutes(casework, community.territories(), page, clock, zone),
        new RoutingRoutes(casework, community, page),
        new ReplayRoutes(casework, community, page),
        new LimitRoutes(casework, page),
        new LoopRuleRoutes(casework, page),
        new CriticismRoutes(casework, page),
        new AdmissionRoutes(casework, page),
        new ConferenceRoutes(casework, page),
        new ArchiveRoutes(casework, page),
        new CalendarRoutes(calendars, casework.recounts(), page, clock),
        new AlarmRoutes(casework.alarms(), page),
        new ErrandRoutes(casework.errands().telephoneList(), leftDesks, community, page),
        new DeskHoursRoutes(
            db, clock, calendars, casework.errands().telephoneList(), community, page),
        new PartRoutes(casework.parts(), page, clock),
        new ShiftRoutes(casework.shifts(), cases, db, community, live, page),
        followed,
        new HandInRoutes(cases, casework.handIns(), dangers, followed, redis, publicUrl),
        new WishRoutes(db, cases, casework.urging(), casework.intake(), redis, publicUrl),
        new RequestRoutes(
            db,
            casework,
            community,
            redis,
            page,
            clock,
            zone,
            publicUrl.startsWith("https:"),
            publicUrl),
        new ExampleRoutes(cases, casework.examples(), followed, redis, publicUrl),
        new RateRoutes(cases, casework.visits(), dangers, followed, redis, publicUrl),
        new AppealRoutes(cases, casework.appealing(), dangers, followed, redis, publicUrl));
  }

  /// Those by which people write, then those by which they speak, and what nobody has told.
  private static List<String> ways(List<String> channels) {
    return Stream.of(channels.stream(), Way.words().stream(), Stream.of(RootCauses.CHANNEL))
        .flatMap(each -> each)
        .distinct()
        .toList();
  }
}
