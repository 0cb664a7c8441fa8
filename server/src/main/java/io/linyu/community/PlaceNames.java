package io.linyu.community;

import java.time.LocalDate;
import java.util.List;

/// What residents call places.
final class PlaceNames {
  PlaceNames(List<Territory> nodes, Tree tree) {}

  List<Territory> buildings(String text, Territory within, LocalDate day) {
    return List.of();
  }

  List<Territory> areas(String text, Territory within, LocalDate day) {
    return List.of();
  }
}
