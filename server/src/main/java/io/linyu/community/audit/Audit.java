package io.linyu.community.audit;

import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The audit: who came in, and who changed what. An entry is written in the transaction of the fact
/// it tells of, and nobody can change it afterwards: the table itself refuses.
///
/// Secrets, passwords, codes and what was typed as an unknown name never come here.
public final class Audit {
  private static final int SHORTEST_REASON = 4;
  private static final int LONGEST_REASON = 200;

  private static final int AT_ONCE = 1_000;
  private static final int FORGOTTEN_AT_ONCE = 5_000;

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Territories territories;
  private final Who self;
  private final AuditStore store = new AuditStore();

  /// What of it somebody reads.
  public enum Reading {
    /// Those of the whole district who look after what others do: everything.
    ALL(Level.DISTRICT, Set.of("district_inspector", "district_dispatcher")),
    /// Who leads a street: what was looked at by its staff, and of its matters; and their own.
    STREET(Level.STREET, Set.of("street_supervisor")),
    /// Who leads a community: the same.
    COMMUNITY(Level.COMMUNITY, Set.of("community_secretary")),
    /// What they did themselves.
    OWN(null, Set.of());

    private final @Nullable Level level;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable
    private final Set<String> roles;

    Reading(@Nullable Level level, Set<String> roles) {
      this.level = level;
      this.roles = roles;
    }

    @Nullable Level level() {
      return level;
    }

    Set<String> roles() {
      return roles;
    }
  }

  /// What is looked for.
  ///
  /// @param about the number of a case; empty: any
  /// @param who code of a member of staff who did it or whom it concerns; empty: anybody
  /// @param from the first day
  /// @param to the last day
  public record Filter(
      Who.@Nullable Kind by,
      String who,
      @Nullable Deed what,
      @Nullable LocalDate from,
      @Nullable LocalDate to,
      String about) {
    public static final Filter NONE = new Filter(null, "", null, null, null);

    public Filter(
        Who.@Nullable Kind by,
        String who,
        @Nullable Deed what,
        @Nullable LocalDate from,
        @Nullable LocalDate to) {
      this(by, who, what, from, to, "");
    }

    public boolean isNone() {
      return equals(NONE);
    }
  }

  /// @param next where the next page begins; null: there is none
  public record Page(List<AuditEntry> entries, AuditEntry.@Nullable Place next) {}

  /// @param self who acts here unless somebody else is named: the server, or the command line
  public Audit(Db db, Clock clock, ZoneId zone, Territories territories, Who self) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.territories = territories;
    this.self = self;
  }

  public void write(Sql sql, Who who, Deed what, Map<String, ?> details) {
    store.write(sql, clock.instant(), who, what, null, null, details);
  }

  /// Of what concerns a member of staff; null: nobody who is known.
  public void writeAbout(
      Sql sql, Who who, Deed what, @Nullable Long staff, Map<String, ?> details) {
    boolean isWho = staff != null && staff.equals(who.staff());
    store.write(sql, clock.instant(), who, what, isWho ? null : staff, null, details);
  }

  /// Of what this process does by itself, or the command that runs in it.
  public void writeOwn(Sql sql, Deed what, @Nullable String subject, Map<String, ?> details) {
    store.write(sql, clock.instant(), self, what, null, subject, details);
  }

  /// Of a command on the database as a whole, which opens no doors.
  public static void writeAlone(
      Sql sql, Instant at, Who who, Deed what, @Nullable String subject, Map<String, ?> details) {
    new AuditStore().write(sql, at, who, what, null, subject, details);
  }

  public void writeOwnAbout(Sql sql, Deed what, long staff, Map<String, ?> details) {
    writeAbout(sql, self, what, staff, details);
  }

  /// One entry for each of many, such as those a file has brought.
  ///
  /// @param details by the code of the member of staff
  public void writeOwnAboutEach(Sql sql, Deed what, Map<String, Map<String, ?>> details) {
    if (!details.isEmpty()) {
      store.writeEach(sql, clock.instant(), self, what, details);
    }
  }

  /// What of it is theirs to read.
  public Reading readingOf(Staff staff) {
    Level level = territories.byId(staff.territoryId()).level();
    return Arrays.stream(Reading.values())
        .filter(each -> each.level() == level && each.roles().contains(staff.role()))
        .findFirst()
        .orElse(Reading.OWN);
  }

  /// Newest first.
  ///
  /// @param before where the page before ended; null: the first page
  public Page page(Staff reader, Filter filter, AuditEntry.@Nullable Place before, int limit) {
    List<AuditEntry> found = read(reader, filter, before, limit + 1);
    boolean more = found.size() > limit;
    List<AuditEntry> shown = more ? found.subList(0, limit) : found;
    return new Page(shown, more ? shown.getLast().place() : null);
  }

  /// All of it that they read, newest first, part by part. That it was taken is itself an entry,
  /// and why.
  ///
  /// @throws Refusal when they do not say why
  public void export(
      Staff reader, String address, Filter filter, String reason, Consumer<List<AuditEntry>> part) {
    String why = reason.strip();
    if (why.length() < SHORTEST_REASON) {
      throw new Refusal("reason-missing", 422);
    }
    if (why.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    Map<String, String> described = described(filter);
    described.put("reason", why);
    db.withinTransaction(
        tx -> write(tx, Who.staff(reader.id(), address), Deed.AUDIT_EXPORTED, described));
    AuditEntry.Place before = null;
    List<AuditEntry> found;
    do {
      found = read(reader, filter, before, AT_ONCE);
      part.accept(found);
      before = found.isEmpty() ? before : found.getLast().place();
    } while (found.size() == AT_ONCE);
  }

  /// For the command line: oldest first.
  public void since(Instant since, Consumer<AuditEntry> each) {
    var place = new AuditEntry.Place(since, 0);
    List<AuditEntry> found;
    do {
      found = store.after(db, place, AT_ONCE);
      found.forEach(each);
      place = found.isEmpty() ? place : found.getLast().place();
    } while (found.size() == AT_ONCE);
  }

  /// Lets go of what is older than it has to be kept, and says so.
  ///
  /// @return whether there may be more
  public boolean forgetDue(Period kept) {
    Instant before = clock.instant().atZone(zone).minus(kept).toInstant();
    int forgotten = db.inTransaction(tx -> forget(tx, before));
    return forgotten == FORGOTTEN_AT_ONCE;
  }

  private int forget(Tx tx, Instant before) {
    int forgotten = store.forget(tx, before, FORGOTTEN_AT_ONCE);
    if (forgotten > 0) {
      writeOwn(
          tx,
          Deed.AUDIT_FORGOTTEN,
          null,
          Map.of("count", forgotten, "before", LocalDate.ofInstant(before, zone).toString()));
    }
    return forgotten;
  }

  private List<AuditEntry> read(
      Staff reader, Filter filter, AuditEntry.@Nullable Place before, int limit) {
    LocalDate from = filter.from();
    LocalDate to = filter.to();
    return store.before(
        db,
        reader.id(),
        readingOf(reader),
        filter,
        from == null ? Instant.EPOCH : from.atStartOfDay(zone).toInstant(),
        to == null ? AuditStore.NEVER : to.plusDays(1).atStartOfDay(zone).toInstant(),
        before,
        limit);
  }

  private static Map<String, String> described(Filter filter) {
    var described = new LinkedHashMap<String, String>();
    if (filter.by() != null) {
      described.put("by", filter.by().word());
    }
    if (!filter.who().isEmpty()) {
      described.put("who", filter.who());
    }
    if (filter.what() != null) {
      described.put("what", filter.what().word());
    }
    if (filter.from() != null) {
      described.put("from", filter.from().toString());
    }
    if (filter.to() != null) {
      described.put("to", filter.to().toString());
    }
    if (!filter.about().isEmpty()) {
      described.put("about", filter.about());
    }
    return described;
  }
}
