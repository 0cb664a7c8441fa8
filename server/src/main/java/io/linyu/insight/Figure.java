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
/// @param cases that add to the part, in the order they were given in; none where the database has
///   counted them
public record Figure(Metric metric, BigDecimal part, long whole, List<CaseId> cases) {
  /// Of a normal distribution, within which 95 of 100 lie.
  private static final double DEVIATIONS = 1.959963984540054;

  public Figure {
    cases = List.copyOf(cases);
  }

  /// Null where there is nothing that it could be a part of: then nobody knows, and 0 would be a
  /// lie.
  public @Nullable BigDecimal rate() {
    return whole == 0 ? null : part.divide(BigDecimal.valueOf(whole), MathContext.DECIMAL64);
  }

  /// Between which the rate lies, both included.
  public record Interval(double low, double high) {
    /// Whether this one is surely above the other: only then one place may be said to be better.
    public boolean isAbove(Interval other) {
      return low > other.high;
    }

    /// Whether the two are surely different.
    public boolean isApart(Interval other) {
      return isAbove(other) || other.isAbove(this);
    }
  }

  /// In which the true rate lies in 95 of 100 cases, by Wilson: wide where there are few cases, so
  /// that one of them does not put a place at the end of a list. Null where there is no rate, or
  /// where it is no share.
  public @Nullable Interval interval() {
    if (whole == 0 || !metric.isShare()) {
      return null;
    }
    double share = part.doubleValue() / whole;
    double square = DEVIATIONS * DEVIATIONS / whole;
    double middle = (share + square / 2) / (1 + square);
    double half =
        DEVIATIONS
            * Math.sqrt((share * (1 - share) / whole) + (square / (4 * whole)))
            / (1 + square);
    return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
  }

  static Figure nothing(Metric metric) {
    return new Figure(metric, BigDecimal.ZERO, 0, List.of());
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

  /// Without these.
  ///
  /// @param left of cases that are all among these
  Figure minus(Figure left) {
    if (left.metric != metric) {
      throw new IllegalArgumentException(metric + " and " + left.metric);
    }
    return new Figure(metric, part.subtract(left.part), whole - left.whole, List.of());
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
