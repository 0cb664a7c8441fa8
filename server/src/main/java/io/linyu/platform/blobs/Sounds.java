package io.linyu.platform.blobs;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How long a sound lasts, read off its frames: AMR and MP3, of which platforms make voices. What a
/// file says of itself in its head is not believed.
public final class Sounds {
  /// @param type `audio/amr`, `audio/mpeg`
  public record Sound(String type, Duration lasts) {}

  private static final byte[] AMR = "#!AMR\n".getBytes(StandardCharsets.US_ASCII);
  private static final int AMR_FRAME_MILLIS = 20;

  /// Bytes of a frame by its mode, with its head; 0: there is no such mode.
  private static final int[] AMR_FRAMES = {13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1};

  private static final int[][] KILOBITS = {
    // MPEG 1, layer III
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},
    // MPEG 2 and 2.5, layer III
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}
  };

  private static final int[] HERTZ = {44_100, 48_000, 32_000, 0};

  /// Fewer may be chance.
  private static final int FEWEST_FRAMES = 3;

  private static final int ID3_HEAD = 10;
  private static final int ID3_TAIL = 128;

  private Sounds() {}

  /// Empty when it is neither, or breaks off in the middle.
  public static Optional<Sound> read(Buffer sound) {
    byte[] bytes = sound.getBytes();
    return startsWith(bytes, AMR) ? amr(bytes) : mp3(bytes);
  }

  private static Optional<Sound> amr(byte[] bytes) {
    int at = AMR.length;
    long frames = 0;
    while (at < bytes.length) {
      int size = AMR_FRAMES[(bytes[at] >> 3) & 0x0f];
      if (size == 0 || at + size > bytes.length) {
        return Optional.empty();
      }
      at += size;
      frames++;
    }
    return frames == 0
        ? Optional.empty()
        : Optional.of(new Sound("audio/amr", Duration.ofMillis(frames * AMR_FRAME_MILLIS)));
  }

  private static Optional<Sound> mp3(byte[] bytes) {
    int end = bytes.length;
    if (end >= ID3_TAIL && tag(bytes, end - ID3_TAIL, "TAG")) {
      end -= ID3_TAIL;
    }
    int at = afterTags(bytes);
    long frames = 0;
    double seconds = 0;
    while (at + 4 <= end) {
      Frame frame = frame(bytes, at);
      if (frame == null || at + frame.bytes() > end) {
        break;
      }
      seconds += frame.seconds();
      frames++;
      at += frame.bytes();
    }
    // The last frame may be cut short, and some programs fill up; a second file behind it is no
    // sound.
    boolean whole = end - at < 2_048;
    return frames < FEWEST_FRAMES || !whole
        ? Optional.empty()
        : Optional.of(new Sound("audio/mpeg", Duration.ofMillis(Math.round(seconds * 1_000))));
  }

  private record Frame(int bytes, double seconds) {}

  private static @Nullable Frame frame(byte[] bytes, int at) {
    int second = bytes[at + 1] & 0xff;
    int third = bytes[at + 2] & 0xff;
    boolean sync = (bytes[at] & 0xff) == 0xff && (second & 0xe0) == 0xe0;
    int version = (second >> 3) & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    boolean layer3 = ((second >> 1) & 3) == 1;
    if (!sync || !layer3 || version == 1) {
      return null;
    }
    boolean first = version == 3;
    int kilobits = KILOBITS[first ? 0 : 1][third >> 4];
    int hertz = HERTZ[(third >> 2) & 3] >> (first ? 0 : version == 2 ? 1 : 2);
    if (kilobits == 0 || hertz == 0) {
      return null;
    }
    int samples = first ? 1_152 : 576;
    int size = samples / 8 * kilobits * 1_000 / hertz + ((third >> 1) & 1);
    return new Frame(size, (double) samples / hertz);
  }

  private static int afterTags(byte[] bytes) {
    int at = 0;
    while (at + ID3_HEAD <= bytes.length && tag(bytes, at, "ID3")) {
      int size = 0;
      for (int i = 6; i < ID3_HEAD; i++) {
        size = (size << 7) | (bytes[at + i] & 0x7f);
      }
      at += ID3_HEAD + size;
    }
    return at;
  }

  private static boolean tag(byte[] bytes, int at, String tag) {
    return new String(bytes, at, tag.length(), StandardCharsets.ISO_8859_1).equals(tag);
  }

  private static boolean startsWith(byte[] bytes, byte[] head) {
    return bytes.length > head.length
        && java.util.Arrays.equals(bytes, 0, head.length, head, 0, head.length);
  }
}
