package io.linyu.board;

import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.Boxes.Hanging;
import io.linyu.casework.Boxes.Published;
import io.linyu.platform.http.Visit;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What everybody may read of opinion boxes: numbers alone.
public final class BoxBoardPages {
  private BoxBoardPages() {}

  /// @param box null: all of them
  /// @param next the address of the next page; null: there is none
  public record BoxBoardPage(
      Visit visit,
      @Nullable Hanging box,
      List<BoxBoardLine> lines,
      @Nullable String next,
      @Nullable String phone) {}

  /// @param place with its community
  /// @param day on which it was opened
  public record BoxBoardLine(Published of, String place, LocalDate day) {
    static BoxBoardLine of(Published each, String community, ZoneId zone) {
      return new BoxBoardLine(
          each, community + " " + each.place(), LocalDate.ofInstant(each.openedAt(), zone));
    }

    public List<Map.Entry<Aside, Integer>> aside() {
      return of.aside().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }
  }
}
