package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Lists that staff have given a name: their own, and those of the desks they work at, which all
/// who work there may rename and remove.
public final class SavedViews {
  private static final int LONGEST_NAME = 30;

  /// Of a person, and of a desk.
  private static final int MOST = 20;

  private static final int SHOWN = 60;

  private final Db db;
  private final Clock clock;
  private final SavedViewStore store = new SavedViewStore();

  SavedViews(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// The oldest first, private ones before shared ones.
  public List<SavedView> of(Staff staff) {
    return store.of(db, staff, SHOWN);
  }

  /// Refused as not found where it is not theirs.
  public SavedView visibleTo(Staff staff, String code) {
    return store.named(db, staff, code).orElseThrow(Refusal::notFound);
  }

  /// @param desk to share it with, one they work at; null: none
  public void keep(Staff staff, String name, Look look, @Nullable Long desk) {
    String sound = sound(name);
    if (desk != null && !staff.worksAt(desk)) {
      throw Refusal.notFound();
    }
    db.withinTransaction(tx -> {
      if (store.count(tx, staff.id(), desk) >= MOST) {
        throw new Refusal("view-too-many", 409, MOST);
      }
      store.add(tx, Codes.random(), staff.id(), desk, sound, look.query(), clock.instant());
    });
  }

  public SavedView rename(Staff staff, String code, String name) {
    String sound = sound(name);
    return change(staff, code, (tx, view) -> store.rename(tx, view.code(), sound));
  }

  /// As it was.
  public SavedView remove(Staff staff, String code) {
    return change(staff, code, (tx, view) -> store.remove(tx, view.code()));
  }

  private SavedView change(Staff staff, String code, BiConsumer<Tx, SavedView> change) {
    return db.inTransaction(tx -> {
      SavedView view = store.named(tx, staff, code).orElseThrow(Refusal::notFound);
      change.accept(tx, view);
      return view;
    });
  }

  private static String sound(String name) {
    String sound = name.strip();
    if (sound.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    if (sound.length() > LONGEST_NAME) {
      throw new Refusal("text-too-long", 422, LONGEST_NAME);
    }
    return sound;
  }
}
