package io.linyu.channel.wechat;

import io.lettuce.core.SetArgs;
import io.linyu.channel.Enclosed;
import io.linyu.platform.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What the platform was given, by its content, for all nodes. In Redis: what is lost there is
/// given once more.
final class WechatUploads {
  /// The platform keeps it three days, counted by its own clock.
  private static final Duration KEPT = Duration.ofHours(70);

  private static final long PATIENCE_MILLIS = 500;

  private final String prefix;
  private final Redis redis;

  WechatUploads(String appId, Redis redis) {
    this.prefix = redis.prefix() + "wechat:media:" + appId + ":";
    this.redis = redis;
  }

  @Nullable String of(Enclosed what) {
    try {
      byte[] id = redis.commands().get(key(what)).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      return id == null ? null : new String(id, StandardCharsets.UTF_8);
    } catch (ExecutionException | TimeoutException | RuntimeException away) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  void keep(Enclosed what, String id) {
    try {
      byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
      var _ = redis.commands().set(key(what), bytes, SetArgs.Builder.px(KEPT.toMillis()));
    } catch (RuntimeException away) {
      // Then it is given again the next time.
    }
  }

  private String key(Enclosed what) {
    return prefix + HexFormat.of().formatHex(what.digest().getBytes());
  }
}
