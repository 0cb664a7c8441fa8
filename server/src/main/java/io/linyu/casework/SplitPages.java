package io.linyu.casework;

import io.linyu.casework.CasePages.Group;
import io.linyu.platform.http.Frame;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is shown of what was told in one message.
public final class SplitPages {
  private SplitPages() {}

  /// One of the matters, as it was written in the form.
  ///
  /// @param chosen which clauses
  /// @param quote what was copied out besides
  public record Written(Set<Integer> chosen, String quote, String category, String place) {
    static final Written NOTHING = new Written(Set.of(), "", "", "");

    public Written {
      chosen = Set.copyOf(chosen);
    }

    boolean isEmpty() {
      return chosen.isEmpty() && quote.isBlank();
    }
  }

  /// @param clauses what was said, in pieces
  /// @param matters as many as there may be; the first is what the case goes on with
  /// @param no why it was not split; null: it was not tried yet
  public record FormPage(
      Frame frame,
      Case matter,
      List<String> clauses,
      List<Written> matters,
      List<Group> categories,
      @Nullable String no) {
    /// Two are always there; the others are folded away while nothing is in them.
    public boolean isFolded(int nth) {
      return nth > 1 && matters.get(nth).isEmpty();
    }

    public String url() {
      return "/console/cases/" + matter.code();
    }
  }

  /// What was told together with a case.
  ///
  /// @param later whether it was told apart, since some of it complains about staff, or seems to
  /// @param undoable whether the reader has just split it, and may take that back
  public record Together(List<One> all, boolean later, boolean undoable) {
    /// The one that all were told as.
    public @Nullable One whole() {
      return all.stream().filter(One::whole).findFirst().orElse(null);
    }
  }

  /// @param whole whether all were told as this
  /// @param seen whether the reader may see it
  /// @param readable whether they may read what was said in it, as they read their own
  public record One(Case matter, boolean whole, boolean seen, boolean readable) {}

  /// The same for whoever told them.
  public record Own(String title, String number, String url, String state) {}
}
