package io.linyu.casework;

import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.util.List;

/// What the pages of replays are given.
public final class ReplayPages {
  private ReplayPages() {}

  public record ReplayPage(Frame frame, ReplayView view) {}

  /// @param what the change in words
  /// @param desks those that would get more or fewer
  /// @param same how many desks would get as many as before
  /// @param kinds how many would have been late, by category
  /// @param cases whom it concerns, by what would become of them
  /// @param mine whether whoever looks has asked for it, and decides
  public record ReplayView(
      Words words,
      Moments moments,
      String form,
      Replay replay,
      String what,
      List<DeskLine> desks,
      int same,
      List<KindLine> kinds,
      List<CaseLines> cases,
      boolean mine) {
    public String url() {
      return "/console/replays/" + replay.code();
    }

    public boolean isDecidable() {
      return mine && replay.isOver() && replay.decidedAt() == null;
    }

    public boolean isOfLimits() {
      return replay.change() instanceof Replay.LimitSet;
    }
  }

  public record DeskLine(String name, int before, int after) {
    public String difference() {
      int difference = after - before;
      return difference > 0 ? "+" + difference : "−" + -difference;
    }
  }

  public record KindLine(String name, int clocks, int before, int after) {
    public String difference() {
      int difference = after - before;
      return difference == 0 ? "0" : difference > 0 ? "+" + difference : "−" + -difference;
    }
  }

  /// @param many how many there are; 0: as many as are named
  /// @param cases the newest of those that whoever looks may see
  public record CaseLines(String heading, int many, List<Named> cases) {}

  public record Named(String number, String code, String title) {}
}
