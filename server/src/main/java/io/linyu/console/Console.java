package io.linyu.console;

import io.linyu.community.Community;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.Redis;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;

/// The console's frame, wired once. Its routes come before those of every room with pages there.
public final class Console {
  private Console() {}

  /// @param publicUrl tells whether cookies may travel in the clear
  public static List<Routes> routes(
      Community community,
      Live live,
      Page page,
      Redis redis,
      Db db,
      Events events,
      Clock clock,
      ZoneId zone,
      String publicUrl) {
    var sessions = new Sessions(redis, clock);
    var signIn = new SignIn(community.staff(), sessions, live, redis, db, events);
    return List.of(
        new Guard(sessions, community, clock, zone),
        new SessionRoutes(
            signIn, community.staff(), sessions, live, page, publicUrl.startsWith("https:")));
  }
}
