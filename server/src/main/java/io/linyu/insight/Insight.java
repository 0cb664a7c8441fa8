package io.linyu.insight;

import io.linyu.casework.Cases;
import io.linyu.casework.CatchUps;
import io.linyu.casework.Rounds;
import io.linyu.community.Territories;
import io.linyu.community.audit.Audit;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/// The doors of this room, wired once.
///
/// @param evaluations how cases went that have ended
/// @param figures counted from these
/// @param exclusions what is left out of them
public record Insight(Evaluations evaluations, Figures figures, Exclusions exclusions) {
  public static Insight open(
      Db db,
      Events events,
      Clock clock,
      Cases cases,
      CatchUps catchUps,
      Rounds rounds,
      Territories territories,
      Audit audit,
      Supplier<WorkingCalendar> calendar) {
    var evaluations = new Evaluations(db, events, cases, catchUps, territories, calendar);
    return new Insight(
        evaluations,
        new Figures(db, clock, cases, rounds, territories, calendar, evaluations),
        new Exclusions(db, clock, cases, audit));
  }

  /// As a server needs it: hears what happens to cases.
  public Insight running(Ticker ticker) {
    evaluations.listen(ticker);
    return this;
  }

  /// The pages of this room.
  ///
  /// @param publicUrl by which links in a table lead here
  public List<Routes> routes(Db db, Audit audit, String publicUrl, Page page) {
    return List.of(
        new FigureRoutes(figures, db, audit, publicUrl, page),
        new ExclusionRoutes(figures, exclusions, page));
  }
}
