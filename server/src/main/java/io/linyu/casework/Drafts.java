package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a member of staff is writing about a case and has not sent: theirs alone, on every device,
/// until it is sent or a month has passed.
public final class Drafts {
  private static final Duration KEPT = Duration.ofDays(30);
  private static final int LONGEST = 2_000;
  private static final int AT_ONCE = 1_000;

  public enum Kind {
    ANSWER,
    NOTE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Empty for a word of another release.
    static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final DraftStore store = new DraftStore();

  Drafts(Db db, Clock clock, Cases cases) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
  }

  /// Nothing but blanks is no draft.
  public void keep(Staff staff, CaseId id, Kind kind, String text) {
    CaseId theirs = cases.visibleTo(staff, id).id();
    if (text.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    if (text.isBlank()) {
      store.forget(db, staff.id(), theirs, kind);
    } else {
      store.keep(db, staff.id(), theirs, kind, text, clock.instant());
    }
  }

  /// It was sent.
  public void sent(Staff staff, CaseId id, Kind kind) {
    store.forget(db, staff.id(), id, kind);
  }

  public Map<Kind, String> of(Staff staff, CaseId id) {
    return store.of(db, staff.id(), id);
  }

  /// For which of these cases there are any.
  public Set<CaseId> among(Staff staff, Collection<CaseId> some) {
    return some.isEmpty() ? Set.of() : store.among(db, staff.id(), some);
  }

  /// Due work: lets go of what nobody has touched for a month.
  boolean forgetDue() {
    return store.forget(db, clock.instant().minus(KEPT), AT_ONCE) == AT_ONCE;
  }
}
