package io.linyu.casework;

import io.linyu.casework.Photo.Spot;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.blobs.Pictures;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pictures that staff take where the matter is. They are drawn anew, as those of residents are:
/// without what the camera wrote about place, time and owner.
public final class Photos {
  /// Of one note.
  static final int MOST = 3;

  /// As it comes from a device.
  record Taken(Buffer picture, Instant at, @Nullable Spot spot) {}

  record Drawn(Blob picture, Instant at, @Nullable Spot spot) {}

  private final Db db;
  private final Cases cases;
  private final Blobs blobs;
  private final PhotoStore store = new PhotoStore();

  Photos(Db db, Cases cases) {
    this.db = db;
    this.cases = cases;
    this.blobs = new Blobs(db);
  }

  /// To be done before a transaction: it takes a moment.
  static List<Drawn> drawn(List<Taken> photos) {
    if (photos.size() > MOST) {
      throw new Refusal("photos-too-many", 422, MOST);
    }
    return photos.stream()
        .map(each ->
            new Drawn(
                Pictures.redrawn(each.picture())
                    .orElseThrow(() -> new Refusal("photo-unreadable", 422)),
                each.at(),
                each.spot()))
        .toList();
  }

  void keep(Tx tx, CaseId id, long note, Instant now, List<Drawn> photos) {
    for (Drawn each : photos) {
      // A device whose clock is ahead has not taken it tomorrow.
      Instant at = each.at().isAfter(now) ? now : each.at();
      store.add(tx, id, note, Codes.random(), blobs.put(tx, each.picture()), at, each.spot());
    }
  }

  /// In the order in which they were taken down.
  public List<Photo> of(Staff staff, CaseId id) {
    return store.of(db, cases.visibleTo(staff, id).id());
  }

  /// Refused as not found where the case may not be seen.
  Blob picture(Staff staff, String caseCode, String code) {
    return store
        .digest(db, cases.visibleTo(staff, caseCode).id(), code)
        .flatMap(blobs::get)
        .orElseThrow(Refusal::notFound);
  }
}
