package io.linyu.reception;

import io.linyu.platform.http.Live;
import io.linyu.platform.redis.Redis;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which conversations somebody has open on a page, on any node: only of these is told that
/// something was said. Most residents talk with the bot and nobody looks.
final class Watchers {
  private static final String TOPIC = "watched";

  /// A page asks again at least this often, as long as it is open.
  private static final Duration REMEMBERED = Duration.ofMinutes(20);

  private final Live live;
  private final Redis redis;
  private final Clock clock;
  private final Map<Long, Instant> watched = new ConcurrentHashMap<>();

  Watchers(Live live, Redis redis, Clock clock) {
    this.live = live;
    this.redis = redis;
    this.clock = clock;
    redis.subscribe(TOPIC, id -> remember(Long.parseLong(id)));
  }

  /// Somebody has opened this conversation.
  void watch(long addressId) {
    remember(addressId);
    redis.publish(TOPIC, Long.toString(addressId));
  }

  void said(Set<Long> addresses) {
    for (long each : addresses) {
      if (watched.containsKey(each)) {
        live.tell(Live.Signal.toAll("conversation-" + each));
      }
    }
  }

  private void remember(long addressId) {
    Instant now = clock.instant();
    watched.put(addressId, now);
    watched.values().removeIf(since -> since.plus(REMEMBERED).isBefore(now));
  }
}
