package io.linyu.community;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A node with everything an import may change.
record TerritoryRow(
    long id,
    String code,
    Level level,
    @Nullable String kind,
    String name,
    @Nullable String estate,
    @Nullable Long parentId,
    @Nullable Long gridId,
    String path,
    @Nullable Integer households,
    @Nullable Integer population,
    @Nullable Double latitude,
    @Nullable Double longitude,
    @Nullable String phone,
    @Nullable String dutyPhone,
    LocalDate from,
    @Nullable LocalDate until) {

  TerritoryRow withPath(String newPath) {
    return new TerritoryRow(
        id,
        code,
        level,
        kind,
        name,
        estate,
        parentId,
        gridId,
        newPath,
        households,
        population,
        latitude,
        longitude,
        phone,
        dutyPhone,
        from,
        until);
  }

  boolean existsOn(LocalDate day) {
    return !day.isBefore(from) && (until == null || day.isBefore(until));
  }
}
