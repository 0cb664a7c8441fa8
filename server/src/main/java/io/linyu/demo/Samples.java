package io.linyu.demo;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// What a demo phone can send without a microphone or a camera.
public final class Samples {
  public static final List<String> VOICES = List.of("stairwell-lamp", "lift", "kitchen-leak");
  public static final List<String> PHOTOS = List.of("stairwell-lamp", "rubbish", "puddle");

  private static final int FRAMES_A_SECOND = 50;

  /// Bytes of a frame after its head, by the mode that the head names.
  private static final int[] FRAME = {12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0};

  private Samples() {}

  public static Buffer voice(String name) {
    return file(VOICES, "sounds/", name, ".amr");
  }

  public static Buffer photo(String name) {
    return file(PHOTOS, "photos/", name, ".jpg");
  }

  /// How long an AMR sound lasts.
  static int seconds(Buffer amr) {
    int frames = 0;
    for (int at = "#!AMR\n".length(); at < amr.length(); frames++) {
      at += 1 + FRAME[(amr.getByte(at) >> 3) & 15];
    }
    return Math.max(1, Math.round((float) frames / FRAMES_A_SECOND));
  }

  private static Buffer file(List<String> known, String folder, String name, String ending) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("no sample " + name);
    }
    try (var in = Samples.class.getResourceAsStream("/demo/" + folder + name + ending)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
