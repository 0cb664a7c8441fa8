package io.linyu.channel.wechat;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.linyu.channel.ChannelError;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The access token of one account, or another of its secrets that ends by itself. However many
/// ask, one of them fetches it: in this process, and through Redis among all nodes.
///
/// Without Redis every node fetches for itself. That costs calls and breaks nothing, since
/// `stable_token` gives all of them the same one.
final class WechatTokens {
  private static final Logger LOG = LoggerFactory.getLogger(WechatTokens.class);

  /// Within this the platform has given one, or it is given up.
  static final Duration LONGEST_FETCH = Duration.ofSeconds(7);

  /// Redis, where a command ends after two seconds, is asked up to four times around a fetch.
  static final Duration LOCKED = LONGEST_FETCH.plusSeconds(9);

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final double DUE = 0.85;

  private static final String UNLOCK =
      "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

  private final String key;
  private final Supplier<Fetched> platform;
  private final Redis redis;
  private final Clock clock;
  private final AtomicReference<@Nullable CompletableFuture<Token>> running =
      new AtomicReference<>();

  private volatile @Nullable Token token;

  record Fetched(String value, Duration lasts) {
    @Override
    public String toString() {
      return "Fetched[" + lasts + "]";
    }
  }

  record Token(String value, Instant dueAt, Instant endsAt) {
    @Override
    public String toString() {
      return "Token[" + endsAt + "]";
    }
  }

  private static final class RedisAway extends Exception {
    private static final long serialVersionUID = 1L;

    RedisAway(Throwable cause) {
      super(cause);
    }
  }

  /// @param kind what it is, such as `token`
  /// @param platform asks for one in normal mode; forcing a new one is never done by itself
  WechatTokens(String kind, String appId, Supplier<Fetched> platform, Redis redis, Clock clock) {
    this.key = redis.prefix() + "wechat:" + kind + ":" + appId;
    this.platform = platform;
    this.redis = redis;
    this.clock = clock;
  }

  String current() {
    Token known = token;
    Instant now = clock.instant();
    if (known == null || !now.isBefore(known.endsAt())) {
      return renewed(null).value();
    }
    if (!now.isBefore(known.dueAt())) {
      renewLater();
    }
    return known.value();
  }

  /// What is known of the one in use, on any node; null: there is none now.
  @Nullable Token known() {
    Token own = token;
    try {
      Token shared = shared();
      return shared == null ? own : shared;
    } catch (RedisAway away) {
      return own;
    }
  }

  /// Another one than the platform has just refused, unless it insists on that one.
  String insteadOf(String refused) {
    Token known = token;
    return known == null || known.value().equals(refused)
        ? renewed(refused).value()
        : known.value();
  }

  private void renewLater() {
    if (running.get() == null) {
      Thread.ofVirtual()
          .name("wechat-token")
          .start(() -> {
            try {
              var _ = renewed(null);
            } catch (ChannelError failed) {
              if (!(failed instanceof ChannelError.RateLimited)) { // which was said once
                LOG.warn("no new token yet: {}", failed.getMessage());
              }
            }
          });
    }
  }

  private Token renewed(@Nullable String refused) {
    var mine = new CompletableFuture<Token>();
    CompletableFuture<Token> other = running.compareAndExchange(null, mine);
    if (other != null) {
      return wait(other);
    }
    // On a thread of its own: whoever asked may have to go before it is there, others may not.
    Thread.ofVirtual().name("wechat-token").start(() -> renew(mine, refused));
    return wait(mine);
  }

  private void renew(CompletableFuture<Token> mine, @Nullable String refused) {
    try {
      Token known = token; // of one who was ready just before us
      Token renewed = known != null && serves(known, refused) ? known : fetch(refused);
      token = renewed;
      running.set(null); // who asks from now on finds the token, or begins anew
      mine.complete(renewed);
    } catch (RuntimeException failed) {
      running.set(null);
      mine.completeExceptionally(failed);
    }
  }

  private static Token wait(CompletableFuture<Token> other) {
    try {
      return other.get(LOCKED.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ChannelError failed
          ? failed
          : new ChannelError.Unreachable("no token", false, e.getCause());
    } catch (TimeoutException | InterruptedException e) {
      throw new ChannelError.Unreachable("no token in time", false, e);
    }
  }

  private boolean serves(Token known, @Nullable String refused) {
    return !known.value().equals(refused) && clock.instant().isBefore(known.dueAt());
  }

  private Token fetch(@Nullable String refused) {
    try {
      return fetchForAll(refused);
    } catch (RedisAway away) {
      LOG.warn("the token is not shared: {}", String.valueOf(away.getCause()));
      return fetchNow();
    }
  }

  private Token fetchForAll(@Nullable String refused) throws RedisAway {
    String owner = Codes.random();
    long patience = System.nanoTime() + LOCKED.toNanos();
    while (true) {
      // Looked at again after the lock is ours: its last owner may have left one.
      boolean locked = lock(owner);
      try {
        Token shared = shared();
        if (shared != null && serves(shared, refused)) {
          return shared;
        }
        if (locked || System.nanoTime() > patience) {
          Token fetched = fetchNow();
          share(fetched);
          return fetched;
        }
      } finally {
        if (locked) {
          unlock(owner);
        }
      }
      pause();
    }
  }

  private Token fetchNow() {
    Fetched fetched = platform.get();
    Instant now = clock.instant();
    var due = Duration.ofMillis((long) (fetched.lasts().toMillis() * DUE));
    return new Token(fetched.value(), now.plus(due), now.plus(fetched.lasts()));
  }

  private boolean lock(String owner) throws RedisAway {
    var once = SetArgs.Builder.nx().px(LOCKED.toMillis());
    return ask(commands -> commands.set(key + ":lock", bytes(owner), once)) != null;
  }

  private void unlock(String owner) {
    String[] keys = {key + ":lock"};
    try {
      var _ =
          ask(commands ->
              commands.<Long>eval(UNLOCK, ScriptOutputType.INTEGER, keys, bytes(owner)));
    } catch (RedisAway away) {
      // Then it ends by itself.
    }
  }

  private @Nullable Token shared() throws RedisAway {
    byte[] json = ask(commands -> commands.get(key));
    return json == null ? null : Json.read(new String(json, StandardCharsets.UTF_8), Token.class);
  }

  private void share(Token fetched) {
    long lasts = Duration.between(clock.instant(), fetched.endsAt()).toMillis();
    var until = SetArgs.Builder.px(Math.max(1, lasts));
    try {
      var _ = ask(commands -> commands.set(key, bytes(Json.write(fetched)), until));
    } catch (RedisAway away) {
      LOG.warn("the token is not shared: {}", String.valueOf(away.getCause()));
    }
  }

  private <T> @Nullable T ask(Function<RedisAsyncCommands<String, byte[]>, RedisFuture<T>> command)
      throws RedisAway {
    try {
      return command.apply(redis.commands()).get(3, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new RedisAway(e);
    } catch (RuntimeException e) { // after the client was closed
      throw new RedisAway(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      throw new ChannelError.Unreachable("no token in time", false, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
