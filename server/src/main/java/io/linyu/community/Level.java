package io.linyu.community;

import java.util.Locale;

/// The five levels of territory, and the grid cell beside them.
public enum Level {
  DISTRICT,
  STREET,
  COMMUNITY,
  GROUP,
  BUILDING,
  GRID;

  public static Level of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
