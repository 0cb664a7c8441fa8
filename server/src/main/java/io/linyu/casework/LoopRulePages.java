package io.linyu.casework;

import io.linyu.casework.LoopRule.Mode;
import io.linyu.platform.http.Frame;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages of what is done by itself are given.
public final class LoopRulePages {
  private LoopRulePages() {}

  /// @param days over which it is counted
  public record RulesPage(
      Frame frame, List<RuleLine> rules, List<CatchUpLine> catchUps, long days) {}

  /// @param desks that were told of it in one message
  /// @param cases of how many
  public record CatchUpLine(CatchUp what, int desks, int cases) {}

  /// @param done how often it was applied lately
  /// @param dry how often it would have been
  public record RuleLine(SwitchLine set, int done, int dry) {}

  /// @param reason null: it came so with the house, and so are `setBy` and `setAt`
  public record SwitchLine(
      LoopRule rule,
      int version,
      Mode mode,
      @Nullable String reason,
      @Nullable String setBy,
      @Nullable Instant setAt) {
    static SwitchLine of(RuleSwitch set) {
      return new SwitchLine(
          set.rule(), set.version(), set.mode(), set.reason(), set.setBy(), set.setAt());
    }
  }

  /// @param others what it can be set to; empty: whoever looks may not
  /// @param versions all there were, newest first
  /// @param cases behind the counts, those that whoever looks may see
  /// @param found what comes back, where this is the rule that looks for it
  public record RulePage(
      Frame frame,
      RuleLine line,
      List<Mode> others,
      List<SwitchLine> versions,
      List<CaseLine> cases,
      List<RootCauses.Found> found,
      long days) {
    public boolean finds() {
      return line.set().rule() == LoopRule.E4;
    }

    public String url() {
      return "/console/rules/" + line.set().rule().name();
    }
  }

  public record CaseLine(
      String code, String number, String title, LoopRule.Effect effect, boolean dry, Instant at) {}
}
