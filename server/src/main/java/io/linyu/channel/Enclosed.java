package io.linyu.channel;

import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;

/// What is sent besides words.
///
/// @param name with the ending of what it is, such as `1.jpg`
/// @param type the media type
/// @param digest of its content: what has the same is the same
/// @param content read only where the platform does not have it yet
public record Enclosed(
    Kind kind, String name, String type, Buffer digest, Supplier<Buffer> content) {
  public enum Kind {
    /// A JPEG of at most some two megabytes.
    IMAGE,
    /// AMR or MP3 of at most two megabytes and a minute.
    VOICE,
    /// A document.
    FILE
  }
}
