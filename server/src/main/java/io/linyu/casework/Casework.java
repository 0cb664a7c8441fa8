package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The doors of this room, wired once. An empty installation gets the shipped catalogue.
public record Casework(Categories categories, Cases cases, Inbox inbox, Alarms alarms) {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final Duration CLIMB = Duration.ofSeconds(1);
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
    new CategoryImport(db, categories, community.desks()).prepare();
    return new Casework(
        categories,
        new Cases(
            db, events, clock, calendar, categories, community.territories(), community.desks()),
        new Inbox(db, clock, calendar, community.territories()),
        new Alarms(
            db, events, clock, calendar, community.territories(), webhook, publicUrl, climbEvery));
  }

  /// As a server needs it: keeps the catalogue fresh and does the due work.
  public Casework running(Ticker ticker) {
    ticker.every(
        LOOK_AGAIN,
        "categories",
        () -> {
          categories.refresh();
          return false;
        });
    ticker.every(CLIMB, "alarms-climb", alarms::climbDue);
    ticker.every(CALL, "alarms-call", alarms::callDue);
    return this;
  }
}
