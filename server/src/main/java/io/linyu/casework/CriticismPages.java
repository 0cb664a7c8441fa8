package io.linyu.casework;

import io.linyu.casework.Criticisms.Entry;
import io.linyu.platform.http.Frame;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the list of desks that were silent is given.
public final class CriticismPages {
  static final String URL = "/console/criticisms";

  private CriticismPages() {}

  /// @param leads whether they see more than their own desks
  /// @param waits whether it is what waits to be decided on, of whatever month
  /// @param later null: the month is this one
  /// @param desk of which alone; null: of all
  /// @param next null: this is the last page
  public record CriticismsPage(
      Frame frame,
      boolean leads,
      boolean waits,
      YearMonth month,
      @Nullable YearMonth later,
      @Nullable Long desk,
      List<DeskLine> desks,
      List<EntryLine> entries,
      int unnamed,
      @Nullable String next) {
    public String url(YearMonth month) {
      return URL + "?month=" + month;
    }

    public String monthName() {
      return frame
          .words()
          .of(
              "criticism.month",
              String.valueOf(month.getYear()),
              String.valueOf(month.getMonthValue()));
    }
  }

  /// @param many of which none was struck off
  public record DeskLine(String name, int many, int struck, String url, boolean chosen) {}

  /// @param matter null: they may not open it
  /// @param category null: nobody has said what it is
  public record EntryLine(
      Entry entry,
      Cases.@Nullable Named matter,
      @Nullable Category category,
      boolean says,
      boolean asks,
      boolean decides) {
    public String url() {
      Criticism what = entry.what();
      return URL
          + "/"
          + what.code()
          + "/"
          + ChronoUnit.MICROS.between(Instant.EPOCH, what.occasion());
    }

    /// As keys under `criticism.step.`, in their order.
    public List<Step> steps() {
      Criticism what = entry.what();
      var steps = new ArrayList<Step>();
      add(steps, "said", what.word());
      add(steps, "asked", what.asked());
      add(steps, what.struck() ? "struck" : "kept", what.decided());
      return steps;
    }

    private static void add(List<Step> steps, String word, Criticism.@Nullable Said said) {
      if (said != null) {
        steps.add(new Step(word, said));
      }
    }
  }

  public record Step(String word, Criticism.Said said) {}
}
