package io.linyu.community;

import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;

/// The doors of this room, wired once.
public record Community(Territories territories, People people, StaffMembers staff, Desks desks) {
  private static final String TOPIC = "territory";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final Duration FORGET = Duration.ofMinutes(1);

  /// The doors alone, as a command needs them.
  public static Community open(Db db, Vault vault, OpeningHours hours, Clock clock, ZoneId zone) {
    var directory = new Directory(db);
    var staff = new StaffStore(vault);
    var territories = new Territories(directory, clock, zone);
    return new Community(
        territories,
        new People(db, vault, clock),
        new StaffMembers(db, directory, staff),
        new Desks(db, directory, territories, staff, hours));
  }

  /// As a server needs it: hears of changes made elsewhere, and does its due work.
  public Community running(Redis redis, Ticker ticker) {
    redis.subscribe(TOPIC, _ -> Thread.ofVirtual().start(territories::reload));
    ticker.every(LOOK_AGAIN, "territory", territories::reloadIfChanged);
    ticker.every(FORGET, "forget", people::forgetDue);
    return this;
  }

  /// Tells all nodes that territory, desks or members have changed.
  public static void changed(Redis redis) {
    redis.publish(TOPIC, "");
  }
}
