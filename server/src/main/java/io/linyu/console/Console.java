package io.linyu.console;

import io.linyu.community.Community;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// The console's frame, wired once. Its routes come before those of every room with pages there.
public final class Console {
  private Console() {}

  /// @param publicUrl tells whether cookies may travel in the clear
  /// @param needsSecond whether this role has to have a second factor
  /// @param scannable what a code to be scanned says that binds a chat as a typed one does; empty
  ///   where there is none to be had
  public static List<Routes> routes(
      Community community,
      Live live,
      Page page,
      Redis redis,
      Db db,
      Clock clock,
      ZoneId zone,
      String publicUrl,
      Predicate<String> needsSecond,
      BiFunction<String, Duration, Optional<String>> scannable) {
    var sessions = new Sessions(redis, clock);
    var enrolments = new Enrolments(redis, community.secondFactors());
    var tries = new Tries(redis);
    var signIn =
        new SignIn(
            community,
            sessions,
            Sessions.halfWay(redis, clock),
            enrolments,
            live,
            db,
            tries,
            needsSecond);
    var door =
        new SessionRoutes(
            signIn, community.staff(), sessions, live, page, publicUrl.startsWith("https:"));
    return List.of(
        new Guard(sessions, community, clock, zone, needsSecond),
        door,
        new SecondStepRoutes(signIn, door, page),
        new AccountRoutes(
            community.secondFactors(),
            community.staffAddresses(),
            signIn,
            sessions,
            enrolments,
            tries,
            page,
            needsSecond),
        new WorkChatRoutes(db, community, signIn, tries, page, scannable),
        new AuditRoutes(community.audit(), page, zone));
  }
}
