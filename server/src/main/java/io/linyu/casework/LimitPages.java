package io.linyu.casework;

import io.linyu.casework.CasePages.Group;
import io.linyu.casework.Replay.LimitSet;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the page of limits is given.
public final class LimitPages {
  private LimitPages() {}

  /// @param version that holds now
  /// @param house the limits that are the same for every kind, or for those without one of their
  ///   own
  /// @param next where the next page of versions begins; null: this is the last
  /// @param rules whether whoever looks may change one
  public record LimitsPage(
      Frame frame,
      int version,
      List<HouseLine> house,
      List<KindGroup> groups,
      List<Group> kinds,
      List<VersionLine> versions,
      @Nullable Integer next,
      boolean rules,
      LocalDate today) {}

  public record HouseLine(Limited what, String limit) {}

  public record KindGroup(String name, List<KindLine> kinds) {}

  /// @param own whether it differs from the catalogue
  /// @param others in words, where they differ from the house
  public record KindLine(
      String name, String contact, String handling, boolean own, List<String> others) {}

  /// @param what in words; empty: it came with the house
  /// @param replay what was looked at before; null: nothing
  /// @param takesBack whether whoever looks may take it back
  public record VersionLine(
      LimitVersion version, String what, @Nullable Replay replay, boolean takesBack) {}

  /// Such as `3 个工作日`.
  static String limit(String written, Words words) {
    int space = written.indexOf(' ');
    return words.of("clock.rule." + written.substring(space + 1), written.substring(0, space));
  }

  static String what(Categories categories, LimitSet change, Words words) {
    String what = words.of("limit." + change.what().word());
    String category = change.category();
    String was = change.was();
    return words.of(
        "limit.change",
        category == null ? what : RoutingPages.category(categories, category, words) + " · " + what,
        was == null ? "" : limit(was, words),
        limit(change.limit(), words),
        RoutingPages.day(words, change.from()));
  }
}
