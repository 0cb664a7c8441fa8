package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.Together;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What staff have in front of them: lists of cases, the most urgent first, a page at a time.
public final class Inbox {
  /// Words for these are under `inbox.<word>`.
  public enum View {
    /// What I have taken.
    MINE,
    /// What my desks hold.
    DESK,
    /// What my desks hold and nobody has taken.
    UNCLAIMED,
    /// Due within four working hours, of all that I may see.
    DUE_SOON,
    /// Past its time, of all that I may see.
    OVERDUE,
    ALL_OPEN,
    /// Newest first.
    CLOSED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param placeName of the node it lies in
  /// @param called what staff call the person
  /// @param dueAt of its earliest clock; when closed, the time of closing
  /// @param amberAt from here on that is short
  /// @param waits whether the resident said something that nobody answered
  public record Entry(
      CaseId id,
      CaseNumber number,
      String code,
      String title,
      CaseState state,
      Urgency urgency,
      String channel,
      String placeName,
      @Nullable String called,
      long deskId,
      String deskName,
      @Nullable Long staffId,
      @Nullable String staffName,
      Instant saidAt,
      Instant dueAt,
      @Nullable Instant amberAt,
      boolean waits,
      int version) {}

  /// @param next where the next page begins; null: this was the last
  public record Listing(List<Entry> entries, @Nullable String next) {}

  /// How many there are. Closed ones are not counted.
  public record Counts(
      long mine, long desk, long unclaimed, long dueSoon, long overdue, long allOpen) {
    public long of(View view) {
      return switch (view) {
        case MINE -> mine;
        case DESK -> desk;
        case UNCLAIMED -> unclaimed;
        case DUE_SOON -> dueSoon;
        case OVERDUE -> overdue;
        case ALL_OPEN -> allOpen;
        case CLOSED -> 0;
      };
    }
  }

  /// What two members of staff see alike who see the same.
  private record Seen(Scope scope, Set<Long> desks) {}

  /// @param staff 0: the same for all who see the same
  private record Asked(
      Seen by, long staff, View view, @Nullable String sought, @Nullable String cursor, int size) {}

  private static final int SOON_WORK_HOURS = 4;
  private static final int LONGEST_PAGE = 200;
  private static final Instant EVER = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
  private static final String AMONG_CLOSED = "closed~";

  private final Db db;
  private final Clock clock;
  private final Supplier<WorkingCalendar> calendar;
  private final Territories territories;
  private final InboxStore store = new InboxStore();
  private final Together<Asked, Listing> listings = new Together<>();
  private final Together<Seen, InboxStore.Shared> shared = new Together<>();

  public Inbox(Db db, Clock clock, Supplier<WorkingCalendar> calendar, Territories territories) {
    this.db = db;
    this.clock = clock;
    this.calendar = calendar;
    this.territories = territories;
  }

  /// With a search, all that is open is followed by what is closed.
  ///
  /// @param search a number, its beginning or its last digits, or words of the title
  /// @param cursor from the page before; null: the first
  public Listing page(
      Staff staff, View view, @Nullable String search, @Nullable String cursor, int limit) {
    int size = Math.clamp(limit, 1, LONGEST_PAGE);
    String sought = search == null || search.isBlank() ? null : search.strip();
    long own = view == View.MINE ? staff.id() : 0;
    return listings.ask(
        new Asked(seenBy(staff), own, view, sought, cursor, size),
        () -> read(staff, view, sought, cursor, size));
  }

  private Seen seenBy(Staff staff) {
    return new Seen(Scope.of(staff, territories), staff.desks());
  }

  private Listing read(
      Staff staff, View view, @Nullable String sought, @Nullable String cursor, int size) {
    boolean closedToo = view == View.ALL_OPEN && sought != null;
    if (closedToo && cursor != null && cursor.startsWith(AMONG_CLOSED)) {
      String within = cursor.substring(AMONG_CLOSED.length());
      return listing(list(staff, View.CLOSED, sought, within, size + 1), size, closedToo);
    }
    List<Entry> found = list(staff, view, sought, cursor, size + 1);
    int left = size + 1 - found.size();
    if (closedToo && left > 0) {
      found =
          Stream.concat(found.stream(), list(staff, View.CLOSED, sought, null, left).stream())
              .toList();
    }
    return listing(found, size, closedToo);
  }

  private static Listing listing(List<Entry> found, int size, boolean closedToo) {
    if (found.size() <= size) {
      return new Listing(found, null);
    }
    List<Entry> entries = found.subList(0, size);
    Entry last = entries.getLast();
    String list = closedToo && !last.state().isOpen() ? AMONG_CLOSED : "";
    return new Listing(entries, list + last.dueAt() + "~" + last.id());
  }

  private List<Entry> list(
      Staff staff, View view, @Nullable String sought, @Nullable String cursor, int limit) {
    Instant now = clock.instant();
    InboxStore.Place after = cursor == null ? beginning(view, now) : place(cursor);
    Scope scope = Scope.of(staff, territories);
    if (sought == null) {
      return store.page(db, staff, scope, view, after, end(view, now), limit);
    }
    List<Long> found =
        db.inTransaction(tx ->
            store.search(tx, staff, scope, view, after, end(view, now), Sought.of(sought), limit));
    return found.isEmpty() ? List.of() : store.entries(db, found);
  }

  /// The one line of a case, for live updates; null when it is not theirs to see.
  public @Nullable Entry entry(Staff staff, CaseId id) {
    return store.entry(db, staff, Scope.of(staff, territories), id);
  }

  public Counts counts(Staff staff) {
    InboxStore.Shared counted =
        shared.ask(
            seenBy(staff),
            () -> {
              Instant now = clock.instant();
              return store.counts(db, staff, Scope.of(staff, territories), now, soon(now));
            });
    return counted.with(store.mine(db, staff));
  }

  private InboxStore.Place beginning(View view, Instant now) {
    return switch (view) {
      case DUE_SOON -> new InboxStore.Place(now, 0);
      case CLOSED -> new InboxStore.Place(NEVER, 0);
      case MINE, DESK, UNCLAIMED, OVERDUE, ALL_OPEN -> new InboxStore.Place(EVER, 0);
    };
  }

  private Instant end(View view, Instant now) {
    return switch (view) {
      case DUE_SOON -> soon(now);
      case OVERDUE -> now;
      case CLOSED -> EVER;
      case MINE, DESK, UNCLAIMED, ALL_OPEN -> NEVER;
    };
  }

  private Instant soon(Instant now) {
    return calendar.get().due(now, SOON_WORK_HOURS, WorkingCalendar.Unit.WORK_HOUR);
  }

  private static InboxStore.Place place(String cursor) {
    int between = cursor.indexOf('~');
    try {
      return new InboxStore.Place(
          Instant.parse(cursor.substring(0, Math.max(0, between))),
          Long.parseLong(cursor.substring(between + 1)));
    } catch (DateTimeParseException | NumberFormatException broken) {
      throw new Refusal("page-unknown", 400);
    }
  }
}
