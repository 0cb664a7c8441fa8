package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.Together;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
  /// @param spokenBy what whoever told it for the person is to them, such as `女儿`; empty: it has
  ///   been forgotten; null: the person told it
  /// @param urges how often whoever told it has urged it
  /// @param urged whether it was urged, by whomever, and nobody has answered since
  /// @param supervised whether somebody who leads supervises it
  /// @param appealed whether it was rejected by another desk, and the resident asks for another
  ///   look
  /// @param asks whether time is asked for, and nobody has decided
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
      int version,
      @Nullable String spokenBy,
      int urges,
      boolean urged,
      boolean supervised,
      boolean appealed,
      boolean asks,
      boolean quiet) {
    /// In a list: what is kept quiet is named only to whoever has it in hand.
    public String title(long reader, Words in) {
      return isHiddenFrom(reader) ? in.of("quiet.title") : title;
    }

    boolean isHiddenFrom(long reader) {
      return quiet && (staffId == null || staffId != reader);
    }
  }

  /// @param found where the words stand that were sought, as they are kept for finding, by the id
  ///   of the case; only where the title does not show them
  /// @param next where the next page begins; null: this was the last
  public record Listing(List<Entry> entries, Map<CaseId, String> found, @Nullable String next) {}

  /// What the words that were typed were taken for.
  ///
  /// @param words as they are looked for; of a number none
  /// @param places that they name
  /// @param number whether a number was looked for
  /// @param end of a telephone number, where one was looked for; null: none was
  /// @param elsewhere the number of a case, where they may ask to look at one of another unit; else
  ///   null
  public record Reading(
      List<String> words,
      List<String> places,
      boolean number,
      @Nullable String end,
      @Nullable String elsewhere) {
    public static final Reading NONE = new Reading(List.of(), List.of(), false, null, null);
  }

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
  ///
  /// @param staff from whom something is kept, and who so shares no list; 0: nothing is
  private record Seen(Scope scope, Set<Long> desks, Set<Long> all, long staff) {}

  /// @param staff 0: the same for all who see the same
  private record Asked(
      Seen by,
      long staff,
      View view,
      @Nullable String sought,
      Filters filters,
      @Nullable String cursor,
      int size) {}

  private static final int SOON_WORK_HOURS = 4;
  private static final int LONGEST_PAGE = 200;
  private static final Instant EVER = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
  private static final String AMONG_CLOSED = "closed~";

  /// Characters shown in front of what was found.
  private static final int AROUND = 16;

  private final Db db;
  private final Clock clock;
  private final Supplier<WorkingCalendar> calendar;
  private final Territories territories;
  private final Wants wants;
  private final CaseWords words;
  private final InboxStore store = new InboxStore();
  private final CaseStore cases = new CaseStore();
  private final Together<Asked, Listing> listings = new Together<>();
  private final Together<Seen, InboxStore.Shared> shared = new Together<>();

  Inbox(
      Db db,
      Clock clock,
      Supplier<WorkingCalendar> calendar,
      Community community,
      Categories categories,
      CaseWords words) {
    this.db = db;
    this.clock = clock;
    this.calendar = calendar;
    this.territories = community.territories();
    this.wants = new Wants(community, categories, calendar);
    this.words = words;
  }

  /// Not narrowed.
  public Listing page(
      Staff staff, View view, @Nullable String search, @Nullable String cursor, int limit) {
    return page(staff, view, search, Filters.NONE, cursor, limit);
  }

  /// With a search, all that is open is followed by what is closed.
  ///
  /// @param search a number, its beginning or its last digits; or words that were said, answered or
  ///   noted down, a place, a category, a person; or a telephone number
  /// @param cursor from the page before; null: the first
  public Listing page(
      Staff staff,
      View view,
      @Nullable String search,
      Filters filters,
      @Nullable String cursor,
      int limit) {
    int size = Math.clamp(limit, 1, LONGEST_PAGE);
    String sought = search == null || search.isBlank() ? null : search.strip();
    boolean own = view == View.MINE || filters.isHeldByMe();
    // Where somebody stands decides which place a bare number means.
    boolean places = sought != null || !filters.place().isEmpty();
    return listings.ask(
        new Asked(
            seenBy(staff), own || places ? staff.id() : 0, view, sought, filters, cursor, size),
        () -> read(staff, view, sought, filters, cursor, size));
  }

  /// How many cases a list has, up to so many.
  public int count(Staff staff, Look look, int most) {
    Instant now = clock.instant();
    Scope scope = Scope.of(staff, territories);
    Sought sought = wants.sought(db, staff, look.search());
    int count = 0;
    for (boolean closed : closed(look.view(), sought != null, look.filters().state())) {
      Wanted wanted = wants.wanted(db, staff, look.view(), closed, sought, look.filters(), now);
      int left = most - count;
      if (left > 0) {
        count +=
            db.inTransaction(tx ->
                store
                    .search(
                        tx,
                        staff,
                        scope,
                        wanted,
                        beginning(look.view(), closed, now),
                        end(look.view(), closed, now),
                        left)
                    .size());
      }
    }
    return count;
  }

  /// All of a list in its order, part by part, as far as they may see it.
  ///
  /// @param part the ids of so many; whether to go on
  void walk(Staff staff, Look look, int size, Predicate<List<Long>> part) {
    Instant now = clock.instant();
    Scope scope = Scope.of(staff, territories);
    Sought sought = wants.sought(db, staff, look.search());
    for (boolean closed : closed(look.view(), sought != null, look.filters().state())) {
      Wanted wanted = wants.wanted(db, staff, look.view(), closed, sought, look.filters(), now);
      Instant end = end(look.view(), closed, now);
      InboxStore.Place after = beginning(look.view(), closed, now);
      List<InboxStore.Place> found;
      do {
        InboxStore.Place from = after;
        found = db.inTransaction(tx -> store.places(tx, staff, scope, wanted, from, end, size));
        if (!found.isEmpty()) {
          if (!part.test(found.stream().map(InboxStore.Place::id).toList())) {
            return;
          }
          after = found.getLast();
        }
      } while (found.size() == size);
    }
  }

  /// What the words of a search are taken for.
  public Reading reading(Staff staff, @Nullable String search) {
    Sought sought = wants.sought(db, staff, search);
    return sought == null
        ? Reading.NONE
        : new Reading(
            sought.terms().stream().map(Sought.Term::text).toList(),
            wants.placesMeant(staff, sought),
            sought.digits() != null,
            sought.end(),
            search != null && sought.digits() != null && OutsideLooks.mayAsk(staff)
                ? CaseNumber.parse(search).map(CaseNumber::text).orElse(null)
                : null);
  }

  private Seen seenBy(Staff staff) {
    return new Seen(
        Scope.of(staff, territories),
        staff.desks(),
        staff.allDesks(),
        cases.hasKept(db, staff.id()) ? staff.id() : 0);
  }

  private Listing read(
      Staff staff,
      View view,
      @Nullable String typed,
      Filters filters,
      @Nullable String cursor,
      int size) {
    Sought sought = wants.sought(db, staff, typed);
    List<Boolean> parts = closed(view, sought != null, filters.state());
    boolean both = parts.size() > 1;
    boolean inClosed = both && cursor != null && cursor.startsWith(AMONG_CLOSED);
    var found = new ArrayList<Entry>();
    for (boolean closed : inClosed ? List.of(true) : parts) {
      int left = size + 1 - found.size();
      String within =
          cursor == null || (both && closed && !inClosed)
              ? null
              : inClosed ? cursor.substring(AMONG_CLOSED.length()) : cursor;
      if (left > 0) {
        found.addAll(list(staff, view, closed, sought, filters, within, left));
      }
    }
    return listing(found, sought, size, both);
  }

  /// Which parts a list has, one after the other: of what is open, of what is closed.
  private static List<Boolean> closed(View view, boolean sought, Filters.@Nullable State state) {
    return switch (view) {
      case CLOSED -> List.of(true);
      case UNCLAIMED, DUE_SOON, OVERDUE -> List.of(false);
      case MINE, DESK, ALL_OPEN ->
          switch (state) {
            case null -> sought && view == View.ALL_OPEN ? List.of(false, true) : List.of(false);
            case OPEN -> List.of(false);
            case CLOSED, ARCHIVED -> List.of(true);
            case ANY -> List.of(false, true);
          };
    };
  }

  private Listing listing(List<Entry> found, @Nullable Sought sought, int size, boolean both) {
    List<Entry> entries = found.size() <= size ? found : found.subList(0, size);
    String next = null;
    if (found.size() > size) {
      Entry last = entries.getLast();
      String list = both && !last.state().isOpen() ? AMONG_CLOSED : "";
      next = list + last.dueAt() + "~" + last.id();
    }
    return new Listing(List.copyOf(entries), foundIn(entries, sought), next);
  }

  /// Where the words stand that are sought, see [Listing].
  Map<CaseId, String> foundIn(List<Entry> entries, String search) {
    return foundIn(entries, search.isBlank() ? null : Sought.of(search.strip()));
  }

  private Map<CaseId, String> foundIn(List<Entry> entries, @Nullable Sought sought) {
    if (sought == null || !sought.isWords() || entries.isEmpty()) {
      return Map.of();
    }
    Map<Long, String> kept = words.of(entries.stream().map(entry -> entry.id().value()).toList());
    var found = new HashMap<CaseId, String>();
    for (Entry entry : entries) {
      String title = Sought.plain(entry.title());
      sought.terms().stream()
          .map(Sought.Term::text)
          .filter(term -> !title.contains(term))
          .flatMap(term -> around(kept.getOrDefault(entry.id().value(), ""), term).stream())
          .findFirst()
          .ifPresent(line -> found.put(entry.id(), line));
    }
    return found;
  }

  /// Of the line in which it stands, so much that one sees what is meant.
  private static Optional<String> around(String words, String term) {
    int at = words.indexOf(term);
    if (at < 0) {
      return Optional.empty();
    }
    int begin = words.lastIndexOf('\n', at) + 1;
    int end = words.indexOf('\n', at) < 0 ? words.length() : words.indexOf('\n', at);
    int from = at - AROUND > begin ? words.offsetByCodePoints(at, -AROUND / 2) : begin;
    int to = Math.min(end, at + term.length() + 2 * AROUND);
    return Optional.of(
        (from > begin ? "…" : "") + words.substring(from, to) + (to < end ? "…" : ""));
  }

  private List<Entry> list(
      Staff staff,
      View view,
      boolean closed,
      @Nullable Sought sought,
      Filters filters,
      @Nullable String cursor,
      int limit) {
    Instant now = clock.instant();
    InboxStore.Place after = cursor == null ? beginning(view, closed, now) : place(cursor);
    Instant end = end(view, closed, now);
    Scope scope = Scope.of(staff, territories);
    Wanted wanted = wants.wanted(db, staff, view, closed, sought, filters, now);
    if (wanted.isPlain()) {
      return store.page(db, staff, scope, view, after, end, limit);
    }
    List<Long> found =
        db.inTransaction(tx -> store.search(tx, staff, scope, wanted, after, end, limit));
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

  private static InboxStore.Place beginning(View view, boolean closed, Instant now) {
    return closed
        ? new InboxStore.Place(NEVER, 0)
        : new InboxStore.Place(view == View.DUE_SOON ? now : EVER, 0);
  }

  private Instant end(View view, boolean closed, Instant now) {
    if (closed) {
      return EVER;
    }
    return switch (view) {
      case DUE_SOON -> soon(now);
      case OVERDUE -> now;
      case CLOSED, MINE, DESK, UNCLAIMED, ALL_OPEN -> NEVER;
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
