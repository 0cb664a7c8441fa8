package io.linyu.simulator.wechat;

import io.linyu.platform.text.Codes;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Temporary media. They live three days.
final class Shelf {
  private static final Duration LIFE = Duration.ofDays(3);

  private final Clock clock;
  private final Map<String, Item> items = new ConcurrentHashMap<>();

  record Item(String type, Buffer bytes, Instant since) {
    String extension() {
      return switch (type) {
        case "image/png" -> "png";
        case "audio/amr" -> "amr";
        case "audio/mpeg" -> "mp3";
        case "video/mp4" -> "mp4";
        default -> "jpg";
      };
    }
  }

  Shelf(Clock clock) {
    this.clock = clock;
  }

  String put(String type, Buffer bytes) {
    String mediaId = "sim_media_" + Codes.random() + Codes.random();
    items.put(mediaId, new Item(type, bytes, clock.instant()));
    return mediaId;
  }

  /// Also after the platform has forgotten it: the phone that sent it still has it.
  @Nullable Item onThePhone(String mediaId) {
    return items.get(mediaId);
  }

  /// The platform loses them before their time; the phones still have them.
  void forget() {
    items.replaceAll((_, item) -> new Item(item.type(), item.bytes(), Instant.EPOCH));
  }

  Item fetch(@Nullable String mediaId) {
    Item item = mediaId == null ? null : items.get(mediaId);
    if (item == null || !clock.instant().isBefore(item.since().plus(LIFE))) {
      throw new PlatformError(40007, "invalid media_id");
    }
    return item;
  }
}
