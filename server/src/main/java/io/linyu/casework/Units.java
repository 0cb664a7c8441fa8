package io.linyu.casework;

import io.linyu.community.Level;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import org.jspecify.annotations.Nullable;

/// The units a territory belongs to today.
record Units(@Nullable Long street, @Nullable Long community, @Nullable Long grid) {
  static Units of(Territory place, Territories territories) {
    return new Units(
        territories.ancestorOf(place, Level.STREET).map(Territory::id).orElse(null),
        territories.communityOf(place).map(Territory::id).orElse(null),
        territories.gridOf(place).map(Territory::id).orElse(null));
  }
}
