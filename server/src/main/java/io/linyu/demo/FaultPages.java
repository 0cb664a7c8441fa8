package io.linyu.demo;

import io.linyu.platform.text.Words;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the page of faults shows.
public final class FaultPages {
  private FaultPages() {}

  /// @param calls each kind of call and what goes wrong with it
  /// @param pushes the same for what the platform tells us
  /// @param plugged whether the platform is reached at all
  /// @param seed what chance began with
  public record Board(
      Words words, List<Row> calls, Row pushes, boolean plugged, long seed, List<Line> lines) {
    public boolean isQuiet() {
      return plugged
          && pushes.chosen() == null
          && calls.stream().allMatch(each -> each.chosen() == null);
    }
  }

  /// @param path as the platform calls it
  /// @param chosen the fault; null: none
  /// @param often what may be chosen, and what is
  public record Row(
      String path,
      String name,
      List<Choice> faults,
      @Nullable String chosen,
      List<Chosen> often,
      String bears) {
    /// Empty: it is no path of the platform's.
    public String shownPath() {
      return path.startsWith("/") ? path : "";
    }
  }

  public record Choice(String key, String label) {}

  public record Chosen(String key, String label, boolean now) {}

  /// One call that was made.
  ///
  /// @param fault in words; empty: none
  /// @param tone `good`, `bad`, or `quiet` while nothing is known
  public record Line(
      String at,
      boolean push,
      String what,
      String asked,
      String fault,
      String outcome,
      String took,
      String tone) {}
}
