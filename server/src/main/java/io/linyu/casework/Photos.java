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
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Pictures that staff take where the matter is. They are drawn anew, as those of residents are:
/// without what the camera wrote about place, time and owner.
public final class Photos {
  /// Of one note.
  static final int MOST = 3;

  /// As it comes from a device.
  record Taken(Buffer picture, Instant at, @Nullable Spot spot) {}

  /// @param picture null: it is kept already
  record Drawn(@Nullable Blob picture, Instant at, @Nullable Spot spot) {}

  private final Db db;
  private final Cases cases;
  private final Blobs blobs;
  private final PhotoStore store = new PhotoStore();

  Photos(Db db, Cases cases) {
    this.db = db;
    this.cases = cases;
    this.blobs = new Blobs(db);
  }

  /// Those of a form, with where the form says they were taken.
  static List<Taken> taken(RoutingContext rc, Instant now) {
    var form = rc.request().formAttributes();
    Spot spot = Spot.of(form.get("latitude"), form.get("longitude"), form.get("accuracy"));
    return rc.fileUploads().stream()
        .filter(each -> !each.fileName().isEmpty())
        .map(each -> {
          TakenFile.requireSize(TakenFile.From.STAFF, each.fileName(), each.size());
          return new Taken(EnclosureRoutes.read(each), now, spot);
        })
        .toList();
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
      Blob picture = Objects.requireNonNull(each.picture());
      store.add(tx, id, note, Codes.random(), blobs.put(tx, picture), at, each.spot());
    }
  }

  /// What somebody took of it since then, by where they took it.
  List<Drawn> takenBy(Tx tx, CaseId id, long staff, Instant since) {
    return store.takenBy(tx, id, staff, since);
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
