package io.linyu.community;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.comparingLong;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What residents call places: buildings by number, estates, communities and streets by name.
final class PlaceNames {
  private static final int AT_MOST = 20;

  /// Estates have some dozens of buildings.
  private static final int MEANT_AT_MOST = 500;

  /// What may stand behind a name, and between two.
  private static final Pattern LEVEL_WORDS = Pattern.compile("社区|小区|街道|的|[,，、/]");

  /// A name of two characters may be part of any word; it counts when this follows.
  private static final Pattern AFTER_SHORT_NAME =
      Pattern.compile("^(?:$|[0-9零〇一二三四五六七八九十百第]|社区|小区|村|街道|的|这|那|里|[,，。.!！?？、;；])");

  private final Tree tree;
  private final Map<String, List<Territory>> buildingsByNumber = new HashMap<>();
  private final Map<String, List<Territory>> buildingsByName = new HashMap<>();
  private final Map<String, List<Territory>> areas = new HashMap<>();

  PlaceNames(List<Territory> nodes, Tree tree) {
    this.tree = tree;
    for (Territory node : nodes) {
      switch (node.level()) {
        case BUILDING -> {
          Set<String> numbers = BuildingMentions.in(BuildingMentions.plain(node.name()));
          numbers.forEach(number -> add(buildingsByNumber, number, node));
          if (numbers.isEmpty()) {
            add(buildingsByName, BuildingMentions.plain(node.name()), node);
          }
        }
        case COMMUNITY -> addArea(node, "社区");
        case STREET -> addArea(node, "街道");
        case GROUP, GRID, DISTRICT -> {}
      }
      String estate = node.estate();
      if (estate != null) {
        add(areas, BuildingMentions.plain(estate), node);
      }
    }
  }

  List<Territory> buildings(String said, Territory within, LocalDate day) {
    String text = BuildingMentions.plain(said);
    List<Territory> named = named(text, day).stream().flatMap(List::stream).toList();
    var candidates = new LinkedHashSet<Territory>();
    numbers(text, within).stream()
        .flatMap(number -> buildingsByNumber.getOrDefault(number, List.of()).stream())
        .forEach(candidates::add);
    buildingsByName.entrySet().stream()
        .filter(each -> isSaid(each.getKey(), text))
        .forEach(each -> candidates.addAll(each.getValue()));
    Stream<Territory> meant = candidates.stream().filter(each -> each.existsOn(day));
    return named.isEmpty()
        ? ranked(meant.filter(within::contains), within)
        : ranked(meant.filter(each -> isIn(each, named)), within);
  }

  /// The smallest node around each name that is said.
  List<Territory> areas(String said, Territory within, LocalDate day) {
    return ranked(
        named(BuildingMentions.plain(said), day).stream()
            .flatMap(nodes -> nodes.stream().reduce(this::around).stream()),
        within);
  }

  /// The nodes that are named, when nothing but a place is said: of an estate all that bear its
  /// name, and not what lies around them.
  List<Territory> meant(String said, Territory within, LocalDate day) {
    String text = BuildingMentions.plain(said);
    List<String> names = names(text);
    String rest = names.stream().reduce(text, (left, name) -> left.replace(name, ""));
    boolean numbered = !BuildingMentions.in(rest).isEmpty();
    boolean byName = buildingsByName.containsKey(rest);
    rest = byName ? "" : LEVEL_WORDS.matcher(BuildingMentions.without(rest)).replaceAll("");
    if (!rest.isEmpty() || (names.isEmpty() && !numbered && !byName)) {
      return List.of();
    }
    List<Territory> meant =
        numbered || byName
            ? buildings(said, within, day)
            : named(text, day).stream().flatMap(List::stream).toList();
    return meant.size() > MEANT_AT_MOST ? meant.subList(0, MEANT_AT_MOST) : meant;
  }

  /// A bare number is a building only where numbers are unique enough.
  private static Set<String> numbers(String text, Territory within) {
    Set<String> numbers = BuildingMentions.in(text);
    boolean isSmall = within.level() != Level.DISTRICT && within.level() != Level.STREET;
    return numbers.isEmpty() && isSmall ? BuildingMentions.alone(text) : numbers;
  }

  /// The nodes of each name that is said. A name inside another one's nodes narrows it, as in
  /// `清月园社区和光小区`; otherwise both are meant.
  private Collection<List<Territory>> named(String text, LocalDate day) {
    var named = new ArrayList<List<Territory>>();
    names(text).stream()
        .map(name -> areas.getOrDefault(name, List.of()))
        .map(nodes -> nodes.stream().filter(each -> each.existsOn(day)).toList())
        .filter(nodes -> !nodes.isEmpty())
        .sorted(comparing(nodes -> nodes.getFirst().level()))
        .forEach(nodes -> {
          List<Territory> inside =
              nodes.stream()
                  .filter(each -> named.stream().anyMatch(wider -> isIn(each, wider)))
                  .toList();
          named.removeIf(wider -> inside.stream().anyMatch(each -> isIn(each, wider)));
          named.add(inside.isEmpty() ? nodes : inside);
        });
    return named;
  }

  /// The names in a text; of two that overlap, the longer one.
  private List<String> names(String text) {
    List<String> said = areas.keySet().stream().filter(name -> isSaid(name, text)).toList();
    return said.stream()
        .filter(
            name -> said.stream().noneMatch(other -> !other.equals(name) && other.contains(name)))
        .sorted(comparingInt(text::indexOf))
        .toList();
  }

  private static boolean isSaid(String name, String text) {
    for (int at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      if (name.length() > 2
          || AFTER_SHORT_NAME.matcher(text.substring(at + name.length())).find()) {
        return true;
      }
    }
    return false;
  }

  /// An estate is those of its nodes that bear its name, a community all below it.
  private static boolean isIn(Territory building, Collection<Territory> named) {
    return named.stream().anyMatch(each -> each.contains(building));
  }

  private List<Territory> ranked(Stream<Territory> found, Territory within) {
    List<Long> home = tree.path(within).stream().map(Territory::id).toList();
    var ranked = new ArrayList<>(found.toList());
    // The longer the way they share with where the resident is, the likelier.
    ranked.sort(
        comparingLong((Territory each) ->
                -tree.path(each).stream().filter(node -> home.contains(node.id())).count())
            .thenComparing(Territory::code));
    return ranked.size() > AT_MOST ? ranked.subList(0, AT_MOST) : ranked;
  }

  private Territory around(Territory one, Territory other) {
    List<Territory> path = tree.path(one);
    return path.reversed().stream()
        .filter(node -> node.contains(other))
        .findFirst()
        .orElse(path.getFirst());
  }

  /// Under its full name, and without the word for its level, for that is left out in speech.
  private void addArea(Territory node, String levelWord) {
    String name = BuildingMentions.plain(node.name());
    add(areas, name, node);
    String part =
        name.endsWith(levelWord) ? name.substring(0, name.length() - levelWord.length()) : name;
    if (part.length() >= 2) {
      add(areas, part, node);
    }
  }

  private static void add(Map<String, List<Territory>> names, String name, Territory node) {
    List<Territory> nodes = names.computeIfAbsent(name, _ -> new ArrayList<>(1));
    if (nodes.isEmpty() || !nodes.getLast().equals(node)) {
      nodes.add(node);
    }
  }
}
