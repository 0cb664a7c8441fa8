package io.linyu.insight;

import io.linyu.casework.Cases;
import io.linyu.casework.CatchUps;
import io.linyu.community.Territories;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import java.util.function.Supplier;

/// The doors of this room, wired once.
///
/// @param evaluations how cases went that have ended
public record Insight(Evaluations evaluations) {
  public static Insight open(
      Db db,
      Events events,
      Cases cases,
      CatchUps catchUps,
      Territories territories,
      Supplier<WorkingCalendar> calendar) {
    return new Insight(new Evaluations(db, events, cases, catchUps, territories, calendar));
  }

  /// As a server needs it: hears what happens to cases.
  public Insight running(Ticker ticker) {
    evaluations.listen(ticker);
    return this;
  }
}
