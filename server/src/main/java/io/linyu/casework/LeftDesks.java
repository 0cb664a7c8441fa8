package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.db.Db;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Desks of which nobody is there, and what waits at them: for whoever acts at the one above.
public final class LeftDesks {
  private static final int MOST = 50;

  /// @param waiting how many open cases lie there, of those that the reader may see
  /// @param stoodIn whether somebody of another desk is there, who sees all but what is told in
  ///   confidence; then only that is counted
  public record Left(Desk desk, long waiting, boolean stoodIn) {}

  private final Db db;
  private final Desks desks;
  private final Territories territories;
  private final LeftDeskStore store = new LeftDeskStore();

  LeftDesks(Db db, Desks desks, Territories territories) {
    this.db = db;
    this.desks = desks;
    this.territories = territories;
  }

  /// Those that are looked after at desks of theirs.
  List<Left> under(Staff staff) {
    return under(staff, staff.allDesks());
  }

  /// @param above the desks that look after them
  List<Left> under(Staff staff, Set<Long> above) {
    List<Desk> left =
        above.isEmpty()
            ? List.of()
            : desks.left().stream()
                .filter(
                    each -> desks.watching(each).filter(by -> above.contains(by.id())).isPresent())
                .limit(MOST)
                .toList();
    if (left.isEmpty()) {
      return List.of();
    }
    Map<Long, LeftDeskStore.Count> counts =
        store.waiting(
            db,
            staff,
            Scope.of(staff, territories),
            left.stream().map(Desk::id).toArray(Long[]::new));
    return left.stream()
        .map(each -> {
          var count = counts.getOrDefault(each.id(), LeftDeskStore.Count.NONE);
          boolean stoodIn = desks.isThere(each);
          return new Left(each, stoodIn ? count.confidential() : count.all(), stoodIn);
        })
        .filter(each -> !each.stoodIn() || each.waiting() > 0)
        .toList();
  }
}
