package io.linyu.insight;

import io.linyu.casework.Rounds.Outcomes;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/// K20, how many households were visited: of those that there are, where the import says how many;
/// else of those to whose doors somebody went.
///
/// Who did not want to talk is told by itself and never counts as visited, so that nobody is talked
/// into it for a figure; nor is it counted against whoever went there.
///
/// @param visited somebody talked to them
/// @param refused did not want to
/// @param absent nobody was there
/// @param households of the place; null: nobody has said
public record Coverage(long visited, long refused, long absent, @Nullable Long households) {
  static Coverage of(Outcomes outcomes, @Nullable Long households) {
    return new Coverage(outcomes.done(), outcomes.refused(), outcomes.absent(), households);
  }

  /// To whose doors somebody went.
  public long doors() {
    return visited + refused + absent;
  }

  /// Whether the import says how many households there are, and says enough of them.
  public boolean isOfAll() {
    return households != null && households >= doors() && households > 0;
  }

  /// What they are a part of.
  public long whole() {
    return isOfAll() && households != null ? households : doors();
  }

  /// Null where there is nothing that it could be a part of: then nobody knows, and 0 would be a
  /// lie.
  public @Nullable BigDecimal rate() {
    return whole() == 0
        ? null
        : BigDecimal.valueOf(visited).divide(BigDecimal.valueOf(whole()), MathContext.DECIMAL64);
  }
}
