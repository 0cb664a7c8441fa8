package io.linyu.casework;

import io.linyu.platform.db.Db;
import java.util.List;

/// What a deputy of another desk still has when they do not stand in any more goes back to whom
/// they stood in for.
public final class StandIns {
  private static final int AT_ONCE = 50;

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final StandInStore store = new StandInStore();

  StandIns(Db db, CaseFiles files, Cases cases) {
    this.db = db;
    this.files = files;
    this.cases = cases;
  }

  /// Due work. True when there may be more.
  boolean endDue() {
    return db.inTransaction(tx -> {
      List<StandInStore.Kept> kept = store.kept(tx, files.day(files.now()), AT_ONCE);
      files.lock(tx, kept.stream().map(StandInStore.Kept::matter).toList());
      int given = 0;
      for (StandInStore.Kept each : kept) {
        Case matter = cases.named(tx, each.matter()).orElseThrow();
        if (matter.isOpen() && matter.deskId() == each.desk() && matter.isHeldBy(each.deputy())) {
          CaseFile file = files.open(tx, matter);
          file.give(each.to());
          file.tell(
              new CaseEvent.Released(null, file.rule(), each.deputy(), each.desk(), each.to()));
          file.keep(true);
          given++;
        }
      }
      return given == AT_ONCE;
    });
  }
}
