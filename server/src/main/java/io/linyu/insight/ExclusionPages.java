package io.linyu.insight;

import io.linyu.casework.Cases;
import io.linyu.insight.Exclusion.Ground;
import io.linyu.platform.http.Frame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the page of what is left out is given.
public final class ExclusionPages {
  private ExclusionPages() {}

  /// @param proposes whether whoever looks may have a say
  /// @param next before which the next page begins; null: there is none
  public record ExclusionsPage(
      Frame frame,
      boolean proposes,
      List<Ground> grounds,
      List<ExclusionLine> lines,
      @Nullable Long next) {}

  /// @param matter null: they may not look at it
  public record ExclusionLine(
      Exclusion exclusion, Cases.@Nullable Named matter, boolean decides, boolean takesBack) {
    public String url() {
      return "/console/exclusions/" + exclusion.id();
    }

    /// As a key under `exclusion.state.`.
    public String state() {
      Exclusion.Outcome outcome = exclusion.outcome();
      return outcome == null
          ? "waits"
          : exclusion.takenBack() == null ? outcome.word() : Exclusion.Outcome.TAKEN_BACK.word();
    }

    /// What was said of it, in its order.
    public List<Step> steps() {
      var steps = new ArrayList<Step>();
      steps.add(new Step("proposed", exclusion.proposal()));
      if (exclusion.decision() != null && exclusion.outcome() != null) {
        steps.add(new Step(exclusion.outcome().word(), exclusion.decision()));
      }
      if (exclusion.takenBack() != null) {
        steps.add(new Step(Exclusion.Outcome.TAKEN_BACK.word(), exclusion.takenBack()));
      }
      return steps;
    }
  }

  /// @param word under `exclusion.step.`
  public record Step(String word, Exclusion.Said said) {}
}
