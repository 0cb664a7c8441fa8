package io.linyu.casework;

import io.linyu.casework.CasePages.Group;
import io.linyu.community.Territory;
import io.linyu.platform.http.Frame;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the page of the list of what communities take on is given.
public final class AdmissionPages {
  private AdmissionPages() {}

  /// @param all whether also what is over is shown
  /// @param next the next page; null: this is the last
  /// @param kept whose list the reader keeps; none: nobody's
  public record ListPage(
      Frame frame,
      boolean all,
      List<Row> rows,
      @Nullable Long next,
      List<Territory> kept,
      List<Group> groups,
      LocalDate today) {
    public @Nullable String more() {
      return next == null ? null : "/console/admissions?before=" + next + (all ? "&all=yes" : "");
    }
  }

  /// @param category null: it is no kind of matter
  /// @param ends whether the reader may end it
  public record Row(Admission entry, @Nullable Category category, boolean ends) {}
}
