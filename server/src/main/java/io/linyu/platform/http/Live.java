package io.linyu.platform.http;

import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Open pages that want to hear that something has changed, as server-sent events, on all nodes.
///
/// A signal carries a name and nothing else: who hears it asks for the changed fragment again, with
/// their own permission. Signals may be lost, so a page asks again also when it has been away. Who
/// begins to listen hears what was signalled while their page was on its way.
public final class Live implements AutoCloseable {
  /// Something has changed.
  ///
  /// @param name such as `case-x3k…`, `inbox`, `alarm`
  /// @param territory path of where it is: for those whose scope it is in
  /// @param desks that have or had it, wherever it is: for those who work there
  public record Signal(String name, @Nullable String territory, Set<Long> desks) {
    public Signal {
      desks = Set.copyOf(desks);
    }

    /// It says nothing about anybody.
    public static Signal toAll(String name) {
      return new Signal(name, null, Set.of());
    }

    /// @param scope path of what the listener may see
    /// @param at the desks the listener works at
    public boolean concerns(String scope, Set<Long> at) {
      boolean everybody = territory == null && desks.isEmpty();
      return everybody
          || (territory != null && territory.startsWith(scope))
          || desks.stream().anyMatch(at::contains);
    }
  }

  private static final String TOPIC = "live";
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /// A page that took longer to open its stream asks again by itself (`live.js`).
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);

  private static final Buffer BEAT = Buffer.buffer(": here\n\n");

  /// What one node tells the others: a signal, or the end of a session.
  private record Note(String node, @Nullable Signal signal, @Nullable String ended) {}

  /// More names than this are not told one by one.
  private static final int NAMES_AT_MOST = 200;

  /// On which a page asks for everything it shows.
  private static final String AGAIN = "again";

  /// Who takes no word for so long is gone.
  private static final Duration STUCK = Duration.ofSeconds(45);

  /// One open page. What comes while it is being told something is told in one go afterwards, each
  /// name once, so that neither a storm of signals nor a slow line makes the server hold much.
  private static final class Listener {
    private final Context loop;
    private final HttpServerResponse response;
    private final String session;
    private final Predicate<Signal> mayHear;
    private final Supplier<CompletionStage<Boolean>> goesOn;
    private final Set<String> unsaid = new LinkedHashSet<>();
    private @Nullable Long since;

    Listener(
        Context loop,
        HttpServerResponse response,
        String session,
        Predicate<Signal> mayHear,
        Supplier<CompletionStage<Boolean>> goesOn) {
      this.loop = loop;
      this.response = response;
      this.session = session;
      this.mayHear = mayHear;
      this.goesOn = goesOn;
    }

    void hear(Signal signal) {
      if (!mayHear.test(signal)) {
        return;
      }
      synchronized (unsaid) {
        if (unsaid.size() >= NAMES_AT_MOST) {
          unsaid.clear();
          unsaid.add(AGAIN);
        } else if (!unsaid.contains(AGAIN)) {
          unsaid.add(signal.name());
        }
        if (since != null) {
          return;
        }
        since = System.nanoTime();
      }
      loop.runOnContext(_ -> speak());
    }

    private void speak() {
      var message = Buffer.buffer();
      synchronized (unsaid) {
        if (unsaid.isEmpty() || response.closed() || response.ended()) {
          since = null;
          return;
        }
        unsaid.forEach(name -> message.appendString("event: signal\ndata: " + name + "\n\n"));
        unsaid.clear();
        since = System.nanoTime();
      }
      response.write(message).onComplete(_ -> speak());
    }

    /// Whether the last words have been on their way for too long.
    boolean isStuck() {
      synchronized (unsaid) {
        return since != null && System.nanoTime() - since > STUCK.toNanos();
      }
    }

    void say(Buffer message) {
      loop.runOnContext(_ -> {
        if (!response.ended() && !response.closed()) {
          var _ = response.write(message);
        }
      });
    }

    /// 204 is how an event source is told not to come back; one that is already open gets a name.
    void end() {
      loop.runOnContext(_ -> {
        if (!response.ended()) {
          var _ = response.end(Buffer.buffer("event: over\ndata: over\n\n"));
        }
      });
    }

    void leave() {
      loop.runOnContext(_ -> {
        if (!response.ended()) {
          var _ = response.end();
        }
      });
    }

    void drop() {
      loop.runOnContext(_ -> {
        var _ = response.reset();
      });
    }
  }

  private final Vertx vertx;
  private final Redis redis;
  private final String node = Codes.random();
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

  /// When each was last heard, as [System#nanoTime] has it, the latest last.
  private final LinkedHashMap<Signal, Long> recent = new LinkedHashMap<>();

  private final long heartbeat;

  public Live(Vertx vertx, Redis redis) {
    this.vertx = vertx;
    this.redis = redis;
    this.heartbeat = vertx.setPeriodic(HEARTBEAT.toMillis(), _ -> beat());
    redis.subscribe(TOPIC, this::hear);
  }

  /// Keeps this request open. To be called on its event loop.
  ///
  /// @param session whose end closes it
  /// @param mayHear asked for each signal
  /// @param goesOn asked with each heartbeat, for a session that ends by itself
  public void open(
      RoutingContext rc,
      String session,
      Predicate<Signal> mayHear,
      Supplier<CompletionStage<Boolean>> goesOn) {
    HttpServerResponse response = rc.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    var listener = new Listener(vertx.getOrCreateContext(), response, session, mayHear, goesOn);
    response.closeHandler(_ -> listeners.remove(listener));
    response.exceptionHandler(_ -> listeners.remove(listener));
    listeners.add(listener);
    var _ = response.write(Buffer.buffer("retry: 2000\n: open\n\n"));
    recently().forEach(listener::hear);
    if (response.closed()) {
      listeners.remove(listener);
    }
  }

  /// Tells the open pages of this node at once and those of the others through Redis. For
  /// [io.linyu.platform.db.Tx#afterCommit] and listeners: before the commit nobody could see what
  /// has changed.
  public void tell(Signal signal) {
    deliver(signal);
    redis.publish(TOPIC, Json.write(new Note(node, signal, null)));
  }

  /// Closes what a session has open, on all nodes.
  public void end(String session) {
    close(session);
    redis.publish(TOPIC, Json.write(new Note(node, null, session)));
  }

  public int listeners() {
    return listeners.size();
  }

  private void hear(String message) {
    Note note = Json.read(message, Note.class);
    if (note.node().equals(node)) {
      return;
    }
    if (note.signal() != null) {
      deliver(note.signal());
    }
    if (note.ended() != null) {
      close(note.ended());
    }
  }

  private void deliver(Signal signal) {
    remember(signal);
    listeners.forEach(listener -> listener.hear(signal));
  }

  private void remember(Signal signal) {
    synchronized (recent) {
      long now = System.nanoTime();
      while (!recent.isEmpty() && now - recent.firstEntry().getValue() > ON_ITS_WAY.toNanos()) {
        recent.pollFirstEntry();
      }
      recent.putLast(signal, now);
    }
  }

  private List<Signal> recently() {
    synchronized (recent) {
      long now = System.nanoTime();
      return recent.entrySet().stream()
          .filter(each -> now - each.getValue() <= ON_ITS_WAY.toNanos())
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  private void close(String session) {
    listeners.stream().filter(each -> each.session.equals(session)).forEach(this::close);
  }

  private void beat() {
    for (Listener listener : listeners) {
      if (listener.isStuck()) {
        listener.drop(); // which closes it
        continue;
      }
      listener.say(BEAT);
      var _ =
          listener
              .goesOn
              .get()
              .thenAccept(goesOn -> {
                if (!goesOn) {
                  close(listener);
                }
              });
    }
  }

  private void close(Listener listener) {
    listeners.remove(listener);
    listener.end();
  }

  @Override
  public void close() {
    vertx.cancelTimer(heartbeat);
    listeners.forEach(Listener::leave);
    listeners.clear();
  }
}
