package io.linyu.community;

import static java.util.stream.Collectors.toMap;

import io.linyu.platform.db.Db;
import io.linyu.platform.time.OwnHours;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who works where. Desks and bodies are answered from memory, members from the database.
public final class Desks {
  private static final String AT_DESK = "dsk:";

  private final Db db;
  private final Directory directory;
  private final Territories territories;
  private final OpeningHours hours;
  private final StaffStore staff;
  private final Clock clock;
  private final ZoneId zone;

  Desks(
      Db db,
      Directory directory,
      Territories territories,
      StaffStore staff,
      OpeningHours hours,
      Clock clock,
      ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
    this.db = db;
    this.directory = directory;
    this.territories = territories;
    this.staff = staff;
    this.hours = hours;
  }

  public Desk byId(long id) {
    return directory
        .desks()
        .byId(id)
        .orElseThrow(() -> new IllegalArgumentException("no desk " + id))
        .desk();
  }

  /// Empty where there is none, or none any more.
  public Optional<Desk> find(long id) {
    return directory.desks().byId(id).map(DeskTable.Entry::desk);
  }

  /// What the code at a desk says.
  public String scene(Desk desk) {
    return AT_DESK + desk.body() + "@" + territories.byId(desk.territoryId()).code();
  }

  /// At which desk that code stands. Empty for any other, and where the desk is gone.
  public Optional<Desk> ofScene(String scene) {
    int at = scene.indexOf('@');
    return scene.startsWith(AT_DESK) && at > 0
        ? territories
            .byCode(scene.substring(at + 1))
            .flatMap(node ->
                at(node).stream()
                    .filter(each -> each.body().equals(scene.substring(AT_DESK.length(), at)))
                    .findFirst())
        : Optional.empty();
  }

  /// What a code that was scanned stands for, at a door or at a desk; the code itself where it is
  /// none of ours.
  public String nameForScene(String scene) {
    return ofScene(scene).map(Desk::name).orElseGet(() -> territories.nameForScene(scene));
  }

  /// By code, name or another name in use.
  public Optional<Body> body(String called) {
    return directory.desks().body(called);
  }

  /// The desk of a body that is responsible for a place: a community body's in the place's
  /// community, a street body's in its street, a district body's in the district. Empty when the
  /// body is unknown, outside the house, or of a lower level than the place.
  public Optional<Desk> ofBodyNear(String called, Territory place) {
    DeskTable desks = directory.desks();
    return desks
        .body(called)
        .flatMap(body ->
            territories.pathOf(place).reversed().stream()
                .flatMap(node -> desks.at(body.code(), node.id()).stream())
                .findFirst());
  }

  /// Who takes what no rule names: the place's community, else its street, else the district.
  public Desk fallbackFor(Territory place) {
    DeskTable desks = directory.desks();
    return territories.pathOf(place).reversed().stream()
        .flatMap(node -> desks.fallbackAt(node.id()).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no fallback desk: nothing is set up yet"));
  }

  /// The next one up, for what is carried up the chain; empty at the district's.
  public Optional<Desk> fallbackAbove(Desk desk) {
    Long above = territories.byId(desk.territoryId()).parentId();
    return above == null ? Optional.empty() : Optional.of(fallbackFor(territories.byId(above)));
  }

  /// Whether anybody works there who could see what lies on it. Many partners have nobody.
  public boolean isStaffed(Desk desk) {
    return directory.desks().byId(desk.id()).map(DeskTable.Entry::staffed).orElse(false);
  }

  /// Whether somebody is there today, of its own people or standing in for them; while it is
  /// closed, on the day on which it opens next.
  public boolean isThere(Desk desk) {
    LocalDate day = nextDay(desk);
    return isStaffed(desk)
        && (directory.presence().hasOwn(desk.id(), day)
            || directory.presence().hasDeputy(desk.id(), day));
  }

  /// Whether that member of staff acts today at this desk, since somebody of it is away.
  public boolean isDeputyAt(long staff, long desk) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
    return directory.presence().isDeputy(staff, desk, today);
  }

  /// Those of whose own people nobody is there, by [#isThere].
  public List<Desk> left() {
    Presence presence = directory.presence();
    return presence.desks().stream()
        .flatMap(each -> find(each).stream())
        .filter(each -> isStaffed(each) && !presence.hasOwn(each.id(), nextDay(each)))
        .sorted(Comparator.comparingLong(Desk::id))
        .toList();
  }

  private LocalDate nextDay(Desk desk) {
    return LocalDate.ofInstant(nextOpen(desk, clock.instant()), zone);
  }

  /// Who looks after a desk of which nobody is there: the one that takes everything at its place,
  /// else the nearest above; of these the first at which somebody is. Empty where there is none but
  /// itself.
  public Optional<Desk> watching(Desk desk) {
    return Stream.iterate(
            Optional.of(fallbackFor(territories.byId(desk.territoryId()))),
            Optional::isPresent,
            each -> each.flatMap(this::fallbackAbove))
        .map(Optional::orElseThrow)
        .filter(each -> each.id() != desk.id() && isThere(each))
        .findFirst();
  }

  /// The desks proper at which nobody works, so that what comes to them waits for the desk above.
  public List<Desk> unstaffed() {
    return directory.desks().unstaffed().stream()
        .filter(desk -> desk.kind().equals("desk"))
        .sorted(Comparator.comparingLong(Desk::id))
        .toList();
  }

  /// The desks at one node, in the order of the catalogue.
  public List<Desk> at(Territory territory) {
    return directory.desks().at(territory.id()).stream()
        .sorted(Comparator.comparing(Desk::body))
        .toList();
  }

  /// The desks a member of staff works at.
  public List<Desk> of(Staff member) {
    return member.desks().stream().sorted().map(this::byId).toList();
  }

  /// Those, and the ones at which they stand in today.
  public List<Desk> allOf(Staff member) {
    return member.allDesks().stream().sorted().map(this::byId).toList();
  }

  /// Everybody who works there and can be rung, in the order of their codes.
  public List<StaffMember> membersOf(Desk desk) {
    return staff.membersOf(db, desk.id());
  }

  /// Who works there, and as what.
  ///
  /// @return by the desk, the role by the member of staff
  public Map<Desk, Map<Long, String>> rolesAt(Collection<Desk> desks) {
    Map<Long, Map<Long, String>> found = staff.rolesAt(db, desks.stream().map(Desk::id).toList());
    return desks.stream()
        .collect(toMap(each -> each, each -> found.getOrDefault(each.id(), Map.of())));
  }

  public boolean isOpen(Desk desk, Instant at) {
    return hours.isOpen(desk.id(), at);
  }

  /// When somebody is there, from `at` on.
  public Instant nextOpen(Desk desk, Instant at) {
    return hours.nextOpen(desk.id(), at);
  }

  /// Where it has hours of its own today: these, and when it opens again. Empty: it works when the
  /// house does.
  public Optional<Working> working(Desk desk) {
    Instant now = clock.instant();
    return hours
        .own(desk.id(), LocalDate.ofInstant(now, zone))
        .map(own -> new Working(own, isOpen(desk, now) ? null : nextOpen(desk, now)));
  }

  /// Whether it has hours of its own and works at that moment, whatever the house does.
  public boolean isOnDuty(long desk, Instant at) {
    return hours.own(desk, LocalDate.ofInstant(at, zone)).isPresent() && hours.isOpen(desk, at);
  }

  /// The hours of a desk.
  ///
  /// @param opens null: it is open
  public record Working(OwnHours hours, @Nullable Instant opens) {}
}
