package io.linyu.platform.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.linyu.platform.CannotStart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/// The connection to Redis. Everything in it may be lost; commands fail fast while it is away.
public final class Redis implements AutoCloseable {
  /// Redis did not answer. What depends on it is refused until it is back; nothing else stops.
  public static final class Away extends RuntimeException {
    public Away(Throwable cause) {
      super("Redis is away: " + cause.getMessage(), cause);
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final RedisClient client;
  private final String prefix;
  private final StatefulRedisConnection<String, byte[]> connection;

  private Redis(
      RedisClient client, String prefix, StatefulRedisConnection<String, byte[]> connection) {
    this.client = client;
    this.prefix = prefix;
    this.connection = connection;
  }

  /// @param url `redis://…`; with `?timeout=5s` a command may take that long, else two seconds
  /// @throws CannotStart when it does not answer now; later losses are only passing
  public static Redis connect(String url, String prefix) {
    RedisURI where = RedisURI.create(url);
    RedisClient client = RedisClient.create(where);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .timeoutOptions(TimeoutOptions.enabled(patience(where)))
            .build());
    try {
      return new Redis(
          client, prefix, client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE)));
    } catch (RedisConnectionException failed) {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
      throw new CannotStart(failed, "redis-away", why(failed));
    }
  }

  private static Duration patience(RedisURI where) {
    boolean said = !where.getTimeout().equals(RedisURI.DEFAULT_TIMEOUT_DURATION);
    return said ? where.getTimeout() : PATIENCE;
  }

  /// Also what lies behind it: that a password is wrong, Lettuce says in the cause alone.
  private static String why(RedisConnectionException failed) {
    String why = String.valueOf(failed.getMessage());
    Throwable cause = failed.getCause();
    if (cause == null) {
      return why;
    }
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return why + " (" + cause.getMessage() + ")";
  }

  /// Every key starts with it, so that several installations can share one Redis.
  public String prefix() {
    return prefix;
  }

  public RedisAsyncCommands<String, byte[]> commands() {
    return connection.async();
  }

  /// Tells all nodes, this one too. May be lost.
  public void publish(String topic, String message) {
    var _ = commands().publish(prefix + topic, message.getBytes(StandardCharsets.UTF_8));
  }

  public void subscribe(String topic, Consumer<String> listener) {
    StatefulRedisPubSubConnection<String, byte[]> ears =
        client.connectPubSub(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    ears.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, byte[] message) {
            listener.accept(new String(message, StandardCharsets.UTF_8));
          }
        });
    var _ = ears.async().subscribe(prefix + topic);
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
  }
}
