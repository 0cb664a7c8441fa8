package io.linyu.casework;

import io.linyu.platform.Refusal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A picture that staff took, as it belongs to a note. The resident never sees it.
///
/// @param code for its address
/// @param takenAt by the clock of the device
/// @param spot null: whoever took it did not say where
public record Photo(long noteId, String code, Instant takenAt, @Nullable Spot spot) {
  /// @param latitude degrees, WGS 84
  /// @param longitude likewise
  /// @param accuracy metres
  public record Spot(double latitude, double longitude, int accuracy) {
    /// As a form tells it; null: it does not.
    static @Nullable Spot of(
        @Nullable String latitude, @Nullable String longitude, @Nullable String accuracy) {
      if (latitude == null || latitude.isEmpty() || longitude == null || longitude.isEmpty()) {
        return null;
      }
      try {
        double metres = accuracy == null || accuracy.isEmpty() ? 0 : Double.parseDouble(accuracy);
        var spot =
            new Spot(
                Double.parseDouble(latitude),
                Double.parseDouble(longitude),
                (int) Math.min(1_000_000, Math.ceil(metres)));
        if (spot.isSound()) {
          return spot;
        }
      } catch (NumberFormatException nonsense) {
        // said below
      }
      throw new Refusal("form-outdated", 422);
    }

    boolean isSound() {
      return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && accuracy >= 0;
    }

    public String text() {
      return String.format(Locale.ROOT, "%.5f, %.5f", latitude, longitude);
    }
  }
}
