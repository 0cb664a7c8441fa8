package io.linyu.casework;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a member of staff sends along with an answer: a picture, a voice, a document.
///
/// @param code for the outside, in URLs
/// @param answer with which it was sent; null: it waits beside the draft
/// @param name of the file, as its writer called it, with the ending of what it is
/// @param type the media type
/// @param seconds a voice lasts; 0: it is none
public record Enclosure(
    long id,
    String code,
    CaseId caseId,
    @Nullable Long answer,
    Kind kind,
    String name,
    String type,
    long bytes,
    int seconds,
    Buffer digest) {
  public enum Kind {
    IMAGE,
    VOICE,
    FILE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  public boolean isImage() {
    return kind == Kind.IMAGE;
  }

  /// As people say it: `640 KB`, `2.4 MB`.
  public String size() {
    return size(bytes);
  }

  /// The same of so many bytes.
  public static String size(long bytes) {
    return bytes < 1 << 20
        ? Math.max(1, bytes >> 10) + " KB"
        : String.format(Locale.ROOT, "%.1f MB", bytes / (double) (1 << 20));
  }
}
