package io.linyu.insight;

import io.linyu.casework.CaseId;
import io.linyu.insight.Metric.Count;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One metric, counted over some cases.
///
/// @param part what was asked for
/// @param whole what that is a part of
/// @param cases that add to the part, in the order they were given in
public record Figure(Metric metric, BigDecimal part, long whole, List<CaseId> cases) {
  public Figure {
    cases = List.copyOf(cases);
  }

  /// Null where there is nothing that it could be a part of: then nobody knows, and 0 would be a
  /// lie.
  public @Nullable BigDecimal rate() {
    return whole == 0 ? null : part.divide(BigDecimal.valueOf(whole), MathContext.DECIMAL64);
  }

  /// @param evaluations one of each case
  public static Figure of(Metric metric, Collection<Evaluation> evaluations, Weights weights) {
    BigDecimal part = BigDecimal.ZERO;
    long whole = 0;
    var cases = new ArrayList<CaseId>();
    for (Evaluation each : evaluations) {
      Count count = metric.of(each, weights);
      part = part.add(count.part());
      whole += count.whole();
      if (count.part().signum() > 0) {
        cases.add(each.caseId());
      }
    }
    return new Figure(metric, part, whole, cases);
  }

  /// Of every metric.
  public static Map<Metric, Figure> all(Collection<Evaluation> evaluations, Weights weights) {
    var figures = new EnumMap<Metric, Figure>(Metric.class);
    for (Metric each : Metric.values()) {
      figures.put(each, of(each, evaluations, weights));
    }
    return figures;
  }

  /// Of both.
  ///
  /// @param other of cases that are not among these
  public Figure plus(Figure other) {
    if (other.metric != metric) {
      throw new IllegalArgumentException(metric + " and " + other.metric);
    }
    return new Figure(
        metric,
        part.add(other.part),
        whole + other.whole,
        Stream.concat(cases.stream(), other.cases.stream()).toList());
  }
}
