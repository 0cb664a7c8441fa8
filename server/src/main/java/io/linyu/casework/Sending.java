package io.linyu.casework;

import io.linyu.platform.Refusal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The key under which a device sends something, as often as it takes until it hears an answer.
/// Under one key nothing is done twice.
public record Sending(String key) {
  private static final Pattern SOUND = Pattern.compile("[A-Za-z0-9-]{16,64}");

  public Sending {
    if (!SOUND.matcher(key).matches()) {
      throw new Refusal("form-outdated", 422);
    }
  }

  /// Null: it comes without one, from a page without a script.
  static @Nullable Sending of(@Nullable String key) {
    return key == null || key.isEmpty() ? null : new Sending(key);
  }
}
