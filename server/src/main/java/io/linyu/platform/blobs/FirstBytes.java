package io.linyu.platform.blobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Optional;

/// What a file is by its first bytes, whatever it is called and whoever says what it is. Whether
/// the rest of it is in order, they do not tell.
public final class FirstBytes {
  /// From so many it can be told.
  public static final int ENOUGH = 512;

  /// At the very beginning: JPEG, PNG, GIF, TIFF, Matroska, FLV, PDF, archives and Office.
  private static final List<String> BEGINNINGS =
      List.of(
          "\u00ff\u00d8\u00ff",
          "\u0089PNG\r\n",
          "GIF8",
          "II*\0",
          "MM\0*",
          "\u001aE\u00df\u00a3",
          "FLV\u0001",
          "%PDF-",
          "PK\u0003\u0004",
          "\u00d0\u00cf\u0011\u00e0");

  /// After the length of the first part: MP4, MOV and what else is built so, HEIC among it.
  private static final List<String> PARTS = List.of("ftyp", "moov", "mdat", "wide", "free", "skip");

  private FirstBytes() {}

  /// Whether this is a picture, a film, a sound or a document.
  public static boolean areMedia(byte[] bytes) {
    String head = head(bytes);
    return BEGINNINGS.stream().anyMatch(head::startsWith)
        || PARTS.stream().anyMatch(each -> head.startsWith(each, 4))
        || (head.startsWith("BM") && head.startsWith("\0\0\0\0", 6))
        || (head.startsWith("RIFF") && (head.startsWith("WEBP", 8) || head.startsWith("AVI ", 8)))
        || sound(bytes).isPresent();
  }

  /// The media type of a sound; empty when it is none.
  public static Optional<String> sound(byte[] bytes) {
    String head = head(bytes);
    if (head.startsWith("#!AMR\n")) {
      return Optional.of("audio/amr");
    } else if (head.startsWith("#!AMR-WB\n")) {
      return Optional.of("audio/amr-wb");
    } else if (head.startsWith("#!SILK") || head.startsWith("#!SILK", 1)) {
      return Optional.of("audio/silk");
    } else if (head.startsWith("OggS")) {
      return Optional.of("audio/ogg");
    } else if (head.startsWith("RIFF") && head.startsWith("WAVE", 8)) {
      return Optional.of("audio/wav");
    } else if (head.startsWith("ftypM4A", 4)) {
      return Optional.of("audio/mp4");
    }
    return head.startsWith("ID3") || isMp3(head) ? Optional.of("audio/mpeg") : Optional.empty();
  }

  /// Whether all of it is letters, in UTF-8 or another alphabet that keeps ASCII; nothing at all is
  /// text, too.
  public static boolean areText(byte[] bytes) {
    return head(bytes).chars().allMatch(each -> each >= ' ' || "\t\n\f\r".indexOf(each) >= 0);
  }

  /// Layer III, with a rate that there is. What begins with a mark of UTF-16 is not that.
  private static boolean isMp3(String head) {
    return head.length() > 3
        && head.charAt(0) == 0xff
        && (head.charAt(1) & 0xe6) == 0xe2
        && (head.charAt(1) & 0x18) != 0x08
        && head.charAt(2) >> 4 != 0
        && head.charAt(2) >> 4 != 0xf
        && (head.charAt(2) & 0x0c) != 0x0c;
  }

  private static String head(byte[] bytes) {
    return new String(bytes, 0, Math.min(ENOUGH, bytes.length), ISO_8859_1);
  }
}
