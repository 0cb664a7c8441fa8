package io.linyu.community;

import static java.util.stream.Collectors.groupingBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All bodies and desks as they stood at one moment.
final class DeskTable {
  private final Map<String, Body> bodies = new HashMap<>();
  private final Map<Long, Entry> byId = new HashMap<>();
  private final Map<Place, Desk> byPlace = new HashMap<>();
  private final Map<Long, List<Desk>> byTerritory;

  /// The desk that takes everything, where a node has one.
  private final Map<Long, Desk> fallbacks = new HashMap<>();

  record Entry(Desk desk, boolean staffed) {}

  private record Place(String body, long territory) {}

  DeskTable(List<Body> bodies, List<Entry> desks) {
    for (Body body : bodies) {
      body.alsoCalled().forEach(name -> this.bodies.putIfAbsent(name, body));
    }
    for (Body body : bodies) {
      this.bodies.put(body.name(), body);
      this.bodies.put(body.code(), body);
    }
    for (Entry each : desks) {
      byId.put(each.desk.id(), each);
      byPlace.put(new Place(each.desk.body(), each.desk.territoryId()), each.desk);
      if (each.desk.fallback()) {
        fallbacks.putIfAbsent(each.desk.territoryId(), each.desk);
      }
    }
    byTerritory = desks.stream().map(Entry::desk).collect(groupingBy(Desk::territoryId));
  }

  /// By code, name or another name in use.
  Optional<Body> body(String called) {
    return Optional.ofNullable(bodies.get(called));
  }

  Optional<Entry> byId(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  List<Desk> unstaffed() {
    return byId.values().stream().filter(each -> !each.staffed).map(Entry::desk).toList();
  }

  Optional<Desk> at(String body, long territory) {
    return Optional.ofNullable(byPlace.get(new Place(body, territory)));
  }

  List<Desk> at(long territory) {
    return byTerritory.getOrDefault(territory, List.of());
  }

  Optional<Desk> fallbackAt(long territory) {
    return Optional.ofNullable(fallbacks.get(territory));
  }
}
