package io.linyu.community;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The tree of territory, from memory: asking costs nothing and never waits.
///
/// Ids resolve for ever; codes, children and names resolve as of today, unless a day is given.
public final class Territories {
  /// How the codes on doors begin.
  private static final String DOOR = "bld:";

  private final Directory directory;
  private final Clock clock;
  private final ZoneId zone;

  Territories(Directory directory, Clock clock, ZoneId zone) {
    this.directory = directory;
    this.clock = clock;
    this.zone = zone;
  }

  /// The district: there is always one.
  public Territory root() {
    return directory
        .tree()
        .root(today())
        .orElseThrow(() -> new IllegalStateException("no territory: nothing has been set up yet"));
  }

  public Territory byId(long id) {
    return directory
        .tree()
        .byId(id)
        .orElseThrow(() -> new IllegalArgumentException("no territory " + id));
  }

  public Optional<Territory> byCode(String code) {
    return byCode(code, today());
  }

  public Optional<Territory> byCode(String code, LocalDate day) {
    return directory.tree().byCode(code, day);
  }

  /// From the root down to the node itself.
  public List<Territory> pathOf(Territory territory) {
    return directory.tree().path(territory);
  }

  /// The node itself, when it is of this level.
  public Optional<Territory> ancestorOf(Territory territory, Level level) {
    return directory.tree().ancestor(territory, level);
  }

  public Optional<Territory> communityOf(Territory territory) {
    return ancestorOf(territory, Level.COMMUNITY);
  }

  public Optional<Territory> gridOf(Territory territory) {
    Long grid = territory.gridId();
    return grid == null ? ancestorOf(territory, Level.GRID) : directory.tree().byId(grid);
  }

  /// In the order of their codes.
  public List<Territory> children(Territory territory) {
    return directory.tree().children(territory.id(), today());
  }

  /// Which buildings a resident means, such as `和光小区3栋`, `三号楼二单元` or `清月园3栋`; the likeliest first.
  /// A number without a name is looked for in `within` alone, a named estate or community
  /// everywhere, `within` first.
  ///
  /// @param within the resident's community, or the account's home territory; null: the district
  public List<Territory> findBuildings(String text, @Nullable Territory within) {
    return directory.tree().names().buildings(text, within == null ? root() : within, today());
  }

  /// The buildings a resident means, or else the estates, communities and streets that are named.
  public List<Territory> findPlaces(String text, @Nullable Territory within) {
    List<Territory> buildings = findBuildings(text, within);
    return buildings.isEmpty()
        ? directory.tree().names().areas(text, within == null ? root() : within, today())
        : buildings;
  }

  /// The nodes that are meant when somebody types the name of a place and nothing else; empty when
  /// there is more in the words, or no such place. Of an estate, every node that bears its name.
  ///
  /// @param within where a building's number without a name is looked for
  public List<Territory> placesNamed(String text, Territory within) {
    return directory.tree().names().meant(text, within, today());
  }

  /// What the code that was scanned stands for; the code itself where it is none of ours.
  public String nameForScene(String scene) {
    return Optional.of(scene)
        .filter(each -> each.startsWith(DOOR))
        .flatMap(each -> byCode(each.substring(DOOR.length())))
        .map(this::nameForResident)
        .orElse(scene);
  }

  /// What the code on a building's door says.
  public static String scene(Territory building) {
    return DOOR + building.code();
  }

  /// As the resident would say it, such as `和光小区3栋` or `清月园社区3栋`.
  public String nameForResident(Territory territory) {
    return switch (territory.level()) {
      case DISTRICT, STREET, COMMUNITY, GRID -> territory.name();
      case GROUP, BUILDING -> {
        String estate = territory.estate();
        String around =
            estate != null && territory.level() == Level.BUILDING
                ? estate
                : communityOf(territory).map(Territory::name).orElse("");
        yield around + territory.name();
      }
    };
  }

  /// Of the whole district; empty as well before anything was set up.
  public Optional<String> phone() {
    return directory.tree().root(today()).flatMap(this::phoneOf);
  }

  /// By day: the nearest node upwards that has one.
  public Optional<String> phoneOf(Territory territory) {
    return nearest(territory, Territory::phone);
  }

  /// Around the clock: the nearest node upwards that has one.
  public Optional<String> dutyPhoneOf(Territory territory) {
    return nearest(territory, Territory::dutyPhone);
  }

  private Optional<String> nearest(
      Territory territory, Function<Territory, @Nullable String> number) {
    return pathOf(territory).reversed().stream()
        .flatMap(node -> Optional.ofNullable(number.apply(node)).stream())
        .findFirst();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }
}
