package io.linyu.board;

import io.linyu.casework.ExamplePages.Shown;
import io.linyu.community.Territory;
import io.linyu.platform.http.Visit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What everybody may read of what was done: in words of staff, and agreed to.
public final class ExampleBoardPages {
  private ExampleBoardPages() {}

  /// @param of the community; null: all of them
  /// @param communities to choose from
  /// @param next the address of the next page; null: there is none
  public record ExampleBoardPage(
      Visit visit,
      @Nullable Territory of,
      List<Territory> communities,
      List<Shown> examples,
      @Nullable String next,
      @Nullable String phone) {}

  public record ExamplePage(Visit visit, Shown example, @Nullable String phone) {}
}
