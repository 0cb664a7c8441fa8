package io.linyu.casework;

import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.BoxOpening.Slip;
import io.linyu.casework.Spoken.Told;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.blobs.Pictures;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import io.linyu.platform.time.Ticker;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opening an opinion box: one keeper counts the slips, and another, signed in as themselves, says
/// that it is so. Then each slip is photographed and becomes a case, or is set aside with a reason.
/// It is sealed again only when nothing of it is left over.
///
/// `begun` → `open` (two keepers) → each slip has its photo and its end → `sealed`. Until it is
/// open it can be called off, and is by itself when the other keeper does not come.
public final class BoxOpenings {
  /// Both stand at the box.
  static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(30);

  static final int MOST_SLIPS = 300;

  /// Of one form.
  static final int PHOTOS_AT_ONCE = 10;

  private static final int LONGEST_COMMENT = 100;
  private static final int KEY_DIGEST = 16;

  /// Who gets a slip wrong finds out within this time.
  private static final Duration PHOTOS_KEPT = Duration.ofDays(183);

  private static final Duration FORGET = Duration.ofHours(1);
  private static final int FORGOTTEN_AT_ONCE = 100;

  private final Db db;
  private final Clock clock;
  private final Events events;
  private final Boxes boxes;
  private final Spoken spoken;
  private final Community community;
  private final Blobs blobs;
  private final BoxStore store = new BoxStore();

  BoxOpenings(Db db, Clock clock, Events events, Boxes boxes, Spoken spoken, Community community) {
    this.db = db;
    this.clock = clock;
    this.events = events;
    this.boxes = boxes;
    this.spoken = spoken;
    this.community = community;
    this.blobs = new Blobs(db);
  }

  /// As a server needs it.
  public void start(Ticker ticker) {
    ticker.every(FORGET, "box-photos-forget", this::forgetDue);
  }

  /// True when there may be more.
  boolean forgetDue() {
    Instant before = clock.instant().minus(PHOTOS_KEPT);
    List<Buffer> gone = db.inTransaction(tx -> store.forget(tx, before, FORGOTTEN_AT_ONCE));
    blobs.letGo(gone);
    return gone.size() == FORGOTTEN_AT_ONCE;
  }

  /// An opening, and the box that it is of.
  record At(Box box, BoxOpening opening) {}

  /// For the keepers of the box.
  At of(Staff staff, String code) {
    BoxOpening opening = store.opening(db, code).orElseThrow(Refusal::notFound);
    Box box = store.byId(db, opening.boxId()).orElseThrow();
    if (!box.isKeptBy(staff.id())) {
      throw Refusal.notFound();
    }
    return new At(box, opening);
  }

  /// Whether the other keeper has not come in time.
  boolean hasLapsed(BoxOpening opening) {
    return opening.openedAt() == null
        && opening.calledOffAt() == null
        && clock.instant().isAfter(opening.begun().at().plus(CONFIRMED_WITHIN));
  }

  // By two.

  /// One keeper has counted, and waits for another. Where somebody has begun before, that is the
  /// one.
  ///
  /// @return its code
  String begin(Staff staff, String boxCode, int slips) {
    Box box = boxes.visibleTo(staff, boxCode, true);
    int sound = slips(slips);
    if (box.isGone()) {
      throw new Refusal("box-gone", 409, box.code());
    }
    return db.inTransaction(tx -> {
      store.lockBox(tx, box.id());
      requireKeeper(tx, box.id(), staff);
      Optional<BoxOpening> going = store.going(tx, box.id());
      if (going.isPresent()) {
        if (!hasLapsed(going.get())) {
          return going.get().code();
        }
        callOff(tx, staff, going.get());
      }
      String code = Codes.random();
      long id = store.begin(tx, box.id(), code, staff.id(), sound, clock.instant());
      tell(tx, id, new BoxEvent.Begun(staff.id(), box.id(), sound));
      return code;
    });
  }

  /// The other keeper says that it was opened before them, and that this is how many there are.
  ///
  /// @param slips as they saw it on the page
  void confirm(Staff staff, String ip, String code, int slips) {
    db.withinTransaction(tx -> {
      BoxOpening opening = locked(tx, staff, code);
      if (opening.calledOffAt() != null || hasLapsed(opening)) {
        throw new Refusal("box-opening-over", 409);
      }
      BoxOpening.Said confirmed = opening.confirmed();
      if (confirmed != null && confirmed.staffId() == staff.id()) {
        return; // pressed twice
      }
      if (opening.counted().staffId() == staff.id()) {
        throw new Refusal("box-other-keeper", 403);
      }
      if (!opening.waits()) {
        throw new Refusal("box-opening-over", 409);
      }
      if (opening.slips() != slips) {
        throw new Refusal("box-count-changed", 409, opening.slips());
      }
      boolean opens = opening.openedAt() == null;
      store.confirm(tx, opening.id(), staff.id(), clock.instant());
      tell(tx, opening.id(), new BoxEvent.Confirmed(staff.id(), slips));
      if (opens) {
        audit(tx, staff, ip, Deed.BOX_OPENED, opening);
      }
    });
  }

  /// There are more, or fewer: another keeper has to say so, too.
  void recount(Staff staff, String code, int slips) {
    int sound = slips(slips);
    db.withinTransaction(tx -> {
      BoxOpening opening = locked(tx, staff, code);
      if (opening.sealedAt() != null || opening.calledOffAt() != null || hasLapsed(opening)) {
        throw new Refusal("box-opening-over", 409);
      }
      if (sound < opening.of().size()) {
        throw new Refusal("box-more-photos", 422, opening.of().size());
      }
      if (sound != opening.slips()) {
        store.recount(tx, opening.id(), staff.id(), sound, clock.instant());
        tell(tx, opening.id(), new BoxEvent.Recounted(staff.id(), sound));
      }
    });
  }

  /// Before it is open.
  void callOff(Staff staff, String code) {
    db.withinTransaction(tx -> {
      BoxOpening opening = locked(tx, staff, code);
      if (opening.openedAt() != null) {
        throw new Refusal("box-open-already", 409);
      }
      if (opening.calledOffAt() == null) {
        callOff(tx, staff, opening);
      }
    });
  }

  private void callOff(Tx tx, Staff staff, BoxOpening opening) {
    store.callOff(tx, opening.id(), clock.instant());
    tell(tx, opening.id(), new BoxEvent.CalledOff(staff.id()));
  }

  private static int slips(int slips) {
    if (slips < 0 || slips > MOST_SLIPS) {
      throw new Refusal("box-count-wrong", 422, MOST_SLIPS);
    }
    return slips;
  }

  // Slips.

  /// A photo is a slip. The same one again is the one that there is, so it may be sent twice.
  ///
  /// @return how many are new
  int photograph(Staff staff, String code, List<Photos.Taken> photos) {
    if (photos.isEmpty()) {
      throw new Refusal("box-no-photo", 422);
    }
    if (photos.size() > PHOTOS_AT_ONCE) {
      throw new Refusal("box-photos-many", 422, PHOTOS_AT_ONCE);
    }
    List<Blob> drawn = photos.stream().map(BoxOpenings::drawn).toList();
    return db.inTransaction(tx -> {
      BoxOpening opening = open(tx, staff, code);
      int nth = opening.of().size();
      int before = nth;
      for (Blob each : drawn) {
        Buffer digest = blobs.put(tx, each);
        if (store.hasPhoto(tx, opening.id(), digest)) {
          continue;
        }
        nth++;
        if (nth > opening.slips()) {
          throw new Refusal("box-photos-over", 409, opening.slips());
        }
        store.addSlip(tx, opening.id(), nth, digest, staff.id(), clock.instant());
      }
      return nth - before;
    });
  }

  /// It cannot be read on the first one.
  void retake(Staff staff, String code, int nth, Photos.Taken photo) {
    Blob drawn = drawn(photo);
    List<Buffer> gone =
        db.inTransaction(tx -> {
          BoxOpening opening = open(tx, staff, code);
          Slip slip = undone(opening, nth);
          Buffer digest = blobs.put(tx, drawn);
          Optional<Buffer> before = store.digest(tx, slip.id());
          if (before.isPresent() && before.get().equals(digest)) {
            return List.of();
          }
          if (store.hasPhoto(tx, opening.id(), digest)) {
            throw new Refusal("box-photo-of-another", 409);
          }
          store.retake(tx, slip.id(), digest, staff.id(), clock.instant());
          return before.map(List::of).orElse(List.of());
        });
    blobs.letGo(gone);
  }

  private static Blob drawn(Photos.Taken photo) {
    return Pictures.redrawn(photo.picture())
        .orElseThrow(() -> new Refusal("photo-unreadable", 422));
  }

  /// For its keepers, as long as it is kept.
  Blob photo(Staff staff, String code, int nth) {
    Slip slip = of(staff, code).opening().nth(nth).orElseThrow(Refusal::notFound);
    return store.digest(db, slip.id()).flatMap(blobs::get).orElseThrow(Refusal::notFound);
  }

  /// Opens a case of what is on it; the same words of one slip open one.
  ///
  /// @param seen how many cases the slip had become when its writer began to write
  /// @param photo whether the photo goes with the case, where everybody who sees it sees it
  /// @param rings it is danger to life
  Case file(Staff staff, String code, int nth, int seen, Told told, boolean photo, boolean rings) {
    At at = of(staff, code);
    Slip slip = at.opening().nth(nth).orElseThrow(Refusal::notFound);
    Told whole =
        new Told(
            told.way(),
            told.what(),
            told.place(),
            told.territory(),
            told.category(),
            told.confidential(),
            told.saidAt(),
            told.by(),
            photo ? taken(slip) : List.of());
    return spoken.file(
        staff,
        sending(staff, code, nth, told.what()),
        whole,
        rings,
        (tx, id, _) -> became(tx, staff, code, nth, seen, id, false));
  }

  /// It is the same as one that there is, and noted there.
  Case addTo(Staff staff, String code, int nth, int seen, String matter, Told told) {
    Slip slip = undoneOrCase(of(staff, code).opening(), nth);
    requireUnchanged(slip, seen, spoken.visible(staff, matter).id());
    Case noted = spoken.addTo(staff, sending(staff, code, nth, told.what()), matter, told);
    db.withinTransaction(tx -> became(tx, staff, code, nth, seen, noted.id(), true));
    return noted;
  }

  private void became(
      Tx tx, Staff staff, String code, int nth, int seen, CaseId id, boolean added) {
    BoxOpening opening = open(tx, staff, code);
    Slip slip = undoneOrCase(opening, nth);
    requireUnchanged(slip, seen, id);
    if (store.became(tx, slip.id(), id, added)) {
      tell(tx, opening.id(), new BoxEvent.Became(staff.id(), nth, id.value(), added));
    }
  }

  /// Two who have the same slip before them do not both open a case of it.
  private static void requireUnchanged(Slip slip, int seen, CaseId id) {
    boolean theirs = slip.became().stream().anyMatch(each -> each.caseId().equals(id));
    if (slip.became().size() > seen && !theirs) {
      throw new Refusal("box-slip-changed", 409, slip.became().getLast().number());
    }
  }

  private static Sending sending(Staff staff, String code, int nth, String what) {
    return new Sending(
        code
            + "-"
            + nth
            + "-"
            + staff.id()
            + "-"
            + Digest.hex(what.strip()).substring(0, KEY_DIGEST));
  }

  private List<Photos.Taken> taken(Slip slip) {
    return store
        .digest(db, slip.id())
        .flatMap(blobs::get)
        .map(each -> List.of(new Photos.Taken(each.bytes(), clock.instant(), null)))
        .orElse(List.of());
  }

  void setAside(Staff staff, String code, int nth, Aside reason, String comment) {
    String why = comment.strip();
    if (why.length() > LONGEST_COMMENT) {
      throw new Refusal("text-too-long", 422, LONGEST_COMMENT);
    }
    if (reason == Aside.OTHER && why.isEmpty()) {
      throw new Refusal("box-aside-why", 422);
    }
    db.withinTransaction(tx -> {
      BoxOpening opening = open(tx, staff, code);
      Slip slip = undone(opening, nth);
      store.setAside(tx, slip.id(), reason.word(), why.isEmpty() ? null : why);
      tell(tx, opening.id(), new BoxEvent.SetAside(staff.id(), nth, reason.word()));
    });
  }

  /// It is looked at again, as long as the box is not sealed.
  void takeBack(Staff staff, String code, int nth) {
    db.withinTransaction(tx -> {
      BoxOpening opening = open(tx, staff, code);
      Slip slip = opening.nth(nth).orElseThrow(Refusal::notFound);
      if (slip.aside() != null) {
        store.setAside(tx, slip.id(), null, null);
        tell(tx, opening.id(), new BoxEvent.SetAside(staff.id(), nth, null));
      }
    });
  }

  private static Slip undone(BoxOpening opening, int nth) {
    Slip slip = undoneOrCase(opening, nth);
    if (!slip.became().isEmpty()) {
      throw new Refusal("box-slip-case", 409, slip.became().getFirst().number());
    }
    return slip;
  }

  private static Slip undoneOrCase(BoxOpening opening, int nth) {
    Slip slip = opening.nth(nth).orElseThrow(Refusal::notFound);
    if (slip.aside() != null) {
      throw new Refusal("box-slip-aside", 409);
    }
    return slip;
  }

  /// Nothing is left over; the numbers are published.
  void seal(Staff staff, String ip, String code) {
    db.withinTransaction(tx -> {
      BoxOpening opening = locked(tx, staff, code);
      if (opening.sealedAt() != null) {
        return; // pressed twice
      }
      if (opening.isOpen() && opening.confirmed() == null) {
        throw new Refusal("box-count-waits", 409);
      }
      if (!opening.isComplete()) {
        throw new Refusal(
            "box-not-complete",
            409,
            opening.missing(),
            opening.of().stream().filter(each -> !each.isDone()).count());
      }
      int aside = (int) opening.of().stream().filter(each -> each.aside() != null).count();
      store.seal(tx, opening.id(), staff.id(), clock.instant());
      tell(tx, opening.id(), new BoxEvent.Sealed(staff.id(), opening.slips(), aside));
      audit(tx, staff, ip, Deed.BOX_SEALED, opening);
    });
  }

  // Behind them.

  private BoxOpening open(Tx tx, Staff staff, String code) {
    BoxOpening opening = locked(tx, staff, code);
    if (!opening.isOpen()) {
      throw new Refusal(opening.openedAt() == null ? "box-not-open" : "box-opening-over", 409);
    }
    return opening;
  }

  private BoxOpening locked(Tx tx, Staff staff, String code) {
    BoxOpening opening = store.lock(tx, code).orElseThrow(Refusal::notFound);
    requireKeeper(tx, opening.boxId(), staff);
    return opening;
  }

  private void requireKeeper(Tx tx, long box, Staff staff) {
    if (!store.keeps(tx, box, staff.id())) {
      throw Refusal.notFound();
    }
  }

  private void tell(Tx tx, long opening, BoxEvent event) {
    events.write(tx, BoxEvent.VOCABULARY, opening, event);
  }

  private void audit(Tx tx, Staff staff, String ip, Deed deed, BoxOpening opening) {
    String box = store.byId(tx, opening.boxId()).map(Box::code).orElse("");
    community
        .audit()
        .write(
            tx,
            Who.staff(staff.id(), ip),
            deed,
            Map.of("box", box, "slips", Integer.toString(opening.slips())));
  }
}
