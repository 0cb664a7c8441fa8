package io.linyu.community;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The territory as it stood at one moment, ended nodes included: old cases still name them.
final class Tree {
  private final Map<Long, Territory> byId = new HashMap<>();
  private final Map<String, List<Territory>> byCode = new HashMap<>();
  private final Map<Long, List<Territory>> byParent = new HashMap<>();
  private final PlaceNames names;

  Tree(List<Territory> nodes) {
    for (Territory node : nodes) {
      byId.put(node.id(), node);
      byCode.computeIfAbsent(node.code(), _ -> new ArrayList<>(1)).add(node);
      Long parent = node.parentId();
      if (parent != null) {
        byParent.computeIfAbsent(parent, _ -> new ArrayList<>()).add(node);
      }
    }
    names = new PlaceNames(nodes, this);
  }

  Optional<Territory> byId(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  Optional<Territory> byCode(String code, LocalDate day) {
    return byCode.getOrDefault(code, List.of()).stream()
        .filter(node -> node.existsOn(day))
        .findFirst();
  }

  Optional<Territory> root(LocalDate day) {
    return byId.values().stream()
        .filter(node -> node.parentId() == null && node.existsOn(day))
        .findFirst();
  }

  List<Territory> children(long id, LocalDate day) {
    return byParent.getOrDefault(id, List.of()).stream()
        .filter(node -> node.existsOn(day))
        .toList();
  }

  /// From the root down to the node itself.
  List<Territory> path(Territory node) {
    var path = new ArrayList<Territory>(5);
    for (Territory at = node;
        at != null;
        at = at.parentId() == null ? null : byId.get(at.parentId())) {
      path.addFirst(at);
    }
    return path;
  }

  Optional<Territory> ancestor(Territory node, Level level) {
    return path(node).stream().filter(each -> each.level() == level).findFirst();
  }

  PlaceNames names() {
    return names;
  }
}
