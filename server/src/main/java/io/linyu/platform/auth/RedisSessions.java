package io.linyu.platform.auth;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.prng.VertxContextPRNG;
import io.vertx.ext.web.Session;
import io.vertx.ext.web.sstore.AbstractSession;
import io.vertx.ext.web.sstore.SessionStore;
import io.vertx.ext.web.sstore.impl.SharedDataSessionImpl;
import org.jspecify.annotations.Nullable;

/// Sessions in Redis, so that any node serves any visitor and a restart signs nobody out.
public final class RedisSessions implements SessionStore {
  private final Vertx vertx;
  private final RedisAsyncCommands<String, byte[]> redis;
  private final String prefix;
  private final VertxContextPRNG random;

  public RedisSessions(Vertx vertx, RedisAsyncCommands<String, byte[]> redis, String prefix) {
    this.vertx = vertx;
    this.redis = redis;
    this.prefix = prefix;
    this.random = VertxContextPRNG.current(vertx);
  }

  @Override
  public SessionStore init(Vertx vertx, JsonObject options) {
    return this;
  }

  @Override
  public long retryTimeout() {
    return 0;
  }

  @Override
  public Session createSession(long timeout) {
    return createSession(timeout, DEFAULT_SESSIONID_LENGTH);
  }

  @Override
  public Session createSession(long timeout, int length) {
    return new SharedDataSessionImpl(random, timeout, length);
  }

  @Override
  public Future<@Nullable Session> get(String id) {
    return answer(redis.get(prefix + id)).map(bytes -> bytes == null ? null : read(bytes));
  }

  @Override
  public Future<Void> delete(String id) {
    return answer(redis.del(prefix + id)).mapEmpty();
  }

  /// Last writer wins: what must not be lost lives in PostgreSQL, not here.
  @Override
  public Future<Void> put(Session session) {
    var written = Buffer.buffer();
    ((SharedDataSessionImpl) session).writeToBuffer(written);
    var kept = SetArgs.Builder.px(session.timeout());
    return answer(redis.set(prefix + session.id(), written.getBytes(), kept)).mapEmpty();
  }

  @Override
  public Future<Void> clear() {
    return Future.failedFuture(new UnsupportedOperationException("sessions end by themselves"));
  }

  @Override
  public Future<Integer> size() {
    return Future.failedFuture(new UnsupportedOperationException("sessions are not counted"));
  }

  @Override
  public void close() {}

  private Session read(byte[] bytes) {
    var session = new SharedDataSessionImpl(random);
    session.readFromBuffer(0, Buffer.buffer(bytes));
    ((AbstractSession) session).setAccessed();
    return session;
  }

  private <T extends @Nullable Object> Future<T> answer(RedisFuture<T> reply) {
    Context context = vertx.getOrCreateContext();
    return Future.fromCompletionStage(reply, context);
  }
}
