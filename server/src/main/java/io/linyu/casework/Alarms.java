package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Danger to life. An alarm rings on consoles and at the webhook, climbs from community to street
/// to district and rings on there, and ends only when a named person acknowledges it.
public final class Alarms {
  /// @param step how far up it rings: 0 community, 1 street, 2 district
  /// @param rings whether it rings for the person who asked; false: they see it, and others are
  ///   nearer
  public record Alarm(
      long id,
      CaseId caseId,
      CaseNumber number,
      String code,
      String kind,
      String territoryName,
      @Nullable String dutyPhone,
      @Nullable Long addressId,
      Instant rungAt,
      int step,
      boolean rings,
      @Nullable String acknowledgedBy,
      @Nullable Instant acknowledgedAt) {}

  /// An hour of the week in which an alarm would reach nobody.
  public record Silent(DayOfWeek day, int hour) {}

  /// @param webhook an address that gets a POST with each ring; null: none
  /// @param climbEvery how long each step has to acknowledge
  public Alarms(
      Db db,
      Events events,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      @Nullable String webhook,
      String publicUrl,
      Duration climbEvery) {}

  /// Rings.
  ///
  /// @param kind what the danger is, such as `fire`
  public long ring(
      Tx tx, CaseId caseId, @Nullable Long addressId, long territoryId, String kind, Instant at) {
    return pending();
  }

  /// Those that nobody has acknowledged, of all that this person may see, oldest first.
  public List<Alarm> openFor(Staff staff) {
    return pending();
  }

  /// The alarms of a case, newest first.
  public List<Alarm> of(Staff staff, CaseId caseId) {
    return pending();
  }

  /// The first one wins; whoever comes second is refused and hears who has it.
  public Alarm acknowledge(Staff staff, long id) {
    return pending();
  }

  /// Carries up what nobody acknowledged in time; true when there may be more.
  public boolean climbDue() {
    return pending();
  }

  /// Calls the webhook; true when there may be more.
  public boolean callDue() {
    return pending();
  }

  /// The hours of the week in which nobody would be reached; empty when all is well.
  public List<Silent> silentHours() {
    return pending();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T pending() {
    throw new IllegalStateException("not yet here");
  }
}
