package io.linyu.casework;

import io.linyu.community.Level;
import io.linyu.community.Territory;
import org.jspecify.annotations.Nullable;

/// What a check rests on: a picture taken where the matter is. What lacks is to be explained.
///
/// @param photos how many pictures were taken
/// @param metres how far from the matter the nearest of them was taken; null: not known where, or
///   where the matter is
/// @param placed whether of any of them is known where it was taken
record Evidence(int photos, boolean placed, @Nullable Integer metres) {
  /// Further away is not at the matter.
  private static final int NEAR = 100;

  private static final double EARTH = 6_371_000;

  static Evidence of(Iterable<Photos.Drawn> photos, Territory place) {
    int count = 0;
    boolean placed = false;
    Integer nearest = null;
    for (Photos.Drawn each : photos) {
      count++;
      Photo.Spot spot = each.spot();
      Double latitude = place.latitude();
      Double longitude = place.longitude();
      if (spot == null) {
        continue;
      }
      placed = true;
      // What is larger than a building is nowhere in particular.
      if (latitude != null && longitude != null && place.level() == Level.BUILDING) {
        double off =
            Math.max(
                0,
                metres(latitude, longitude, spot.latitude(), spot.longitude()) - spot.accuracy());
        int metres = (int) Math.round(off);
        nearest = nearest == null ? metres : Math.min(nearest, metres);
      }
    }
    return new Evidence(count, placed, nearest);
  }

  /// Whether it speaks for itself: there is a picture, it is known where it was taken, and that is
  /// not away from the matter.
  boolean isWhole() {
    return photos > 0 && placed && (metres == null || metres <= NEAR);
  }

  /// Over the surface of the earth.
  static double metres(
      double latitude, double longitude, double otherLatitude, double otherLongitude) {
    double north = Math.toRadians(otherLatitude - latitude);
    double east = Math.toRadians(otherLongitude - longitude);
    double half =
        Math.pow(Math.sin(north / 2), 2)
            + Math.cos(Math.toRadians(latitude))
                * Math.cos(Math.toRadians(otherLatitude))
                * Math.pow(Math.sin(east / 2), 2);
    return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(half)));
  }
}
