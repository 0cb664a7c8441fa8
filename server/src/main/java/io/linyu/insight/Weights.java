package io.linyu.insight;

import java.math.BigDecimal;

/// How much half a success counts. Each between 0 and 1.
///
/// @param partly of what is solved in part
/// @param basically of who is basically satisfied
/// @param fair of who finds it fair
public record Weights(BigDecimal partly, BigDecimal basically, BigDecimal fair) {
  public static final Weights USUAL =
      new Weights(new BigDecimal("0.5"), new BigDecimal("0.8"), new BigDecimal("0.6"));

  public Weights {
    require(partly);
    require(basically);
    require(fair);
  }

  private static void require(BigDecimal weight) {
    if (weight.signum() < 0 || weight.compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException("a weight is between 0 and 1: " + weight);
    }
  }
}
