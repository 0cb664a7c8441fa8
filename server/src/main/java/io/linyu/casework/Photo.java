package io.linyu.casework;

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
    public String text() {
      return String.format(Locale.ROOT, "%.5f, %.5f", latitude, longitude);
    }
  }
}
