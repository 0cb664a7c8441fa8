package io.linyu.cli.bench;

import io.linyu.platform.text.Json;
import io.linyu.simulator.wechat.Account;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.HdrHistogram.Histogram;

/// The platform's side of a trial of speed, in a process of its own: takes an [Order] on each line
/// of its input, and answers with a line that says how it went. Everybody's conversation goes on
/// from one order to the next.
public final class Load {
  private static final int LOOPS = 1;
  private static final int EXAMPLES = 5;

  /// The platform waits half a second longer, some of which is the way there.
  private static final long LATE = 4_500_000_000L;

  /// What everybody does.
  enum Deed {
    /// Follows the account with the code of their house.
    FOLLOW,
    /// Says the next line of the [Talk].
    TALK,
    /// Says the same to a [BareServer].
    ECHO
  }

  /// @param people named by their number, beginning with `first`
  /// @param lines so many for each person; 0: until the time is over
  /// @param rate messages a second that arrive whatever the server does; 0: as soon as a connection
  ///   is free
  /// @param tls whether with TLS: then every other connection serves one message alone, as some of
  ///   the platform's do
  /// @param expected the answers to each line of the talk, when it is said for the first time and
  ///   later; empty: whatever they are
  record Order(
      String target,
      int port,
      Account account,
      Deed deed,
      int connections,
      int first,
      int people,
      int lines,
      long millis,
      int rate,
      boolean tls,
      List<List<String>> expected) {}

  /// How it went.
  ///
  /// @param byKind how many of each [Talk.Kind]
  /// @param micros at the 50th, 95th, 99th and 99.9th percentile, and the slowest
  /// @param late answered after the platform would have lost its patience
  /// @param wrong answers that were not the expected ones, or not those of before
  /// @param dropped attempts without an answer: the message was delivered again
  /// @param refused attempts that were answered with 503, and delivered again
  /// @param answers of the last person, in order, where no answers were expected
  public record Measured(
      long messages,
      long nanos,
      Map<String, Long> byKind,
      List<Long> micros,
      long overFifty,
      long late,
      long wrong,
      long dropped,
      long refused,
      List<String> examples,
      List<String> answers) {
    public double perSecond() {
      return messages * 1e9 / nanos;
    }
  }

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(LOOPS));
  private final Map<String, Map<Integer, Talker>> talkers = new HashMap<>();

  private Load() {}

  public static void main(String[] arguments) throws IOException {
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var load = new Load();
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      answers.println(Json.write(load.measured(Json.read(line, Order.class))));
    }
    System.exit(0);
  }

  private Measured measured(Order order) {
    Map<Integer, Talker> known = talkers.computeIfAbsent(order.target(), _ -> new HashMap<>());
    var done = new CompletableFuture<Tally>();
    var tally = new Tally();
    long began = System.nanoTime();
    var context = vertx.getOrCreateContext();
    context.runOnContext(_ -> {
      var traffic = new Traffic(vertx, order, tally, () -> done.complete(tally));
      for (int i = 0; i < order.people(); i++) {
        traffic.add(
            known.computeIfAbsent(
                order.first() + i, number -> new Talker(order.account(), order.target(), number)));
      }
      traffic.start();
    });
    done.join();
    return tally.measured(System.nanoTime() - began);
  }

  /// Touched on the event loop only, until everything is over.
  static final class Tally {
    private final Histogram times = new Histogram(60_000_000, 3);
    private final Map<Talk.Kind, Long> kinds = new EnumMap<>(Talk.Kind.class);
    private final List<String> examples = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private long overFifty;
    private long late;
    private long wrong;
    private long dropped;
    private long refused;

    void answered(Talk.Kind kind, long nanos) {
      times.recordValue(Math.min(nanos / 1_000, 59_999_999));
      kinds.merge(kind, 1L, Long::sum);
      if (nanos > 50_000_000) {
        overFifty++;
      }
      if (nanos > LATE) {
        late++;
      }
    }

    void learned(String answer) {
      answers.add(answer);
    }

    void wrong(String what) {
      wrong++;
      if (examples.size() < EXAMPLES) {
        examples.add(what);
      }
    }

    void dropped() {
      dropped++;
    }

    void refused() {
      refused++;
    }

    Measured measured(long nanos) {
      var byKind = new HashMap<String, Long>();
      for (Talk.Kind each : Talk.Kind.values()) {
        byKind.put(each.name().toLowerCase(Locale.ROOT), kinds.getOrDefault(each, 0L));
      }
      return new Measured(
          times.getTotalCount(),
          nanos,
          byKind,
          List.of(
              times.getValueAtPercentile(50),
              times.getValueAtPercentile(95),
              times.getValueAtPercentile(99),
              times.getValueAtPercentile(99.9),
              times.getMaxValue()),
          overFifty,
          late,
          wrong,
          dropped,
          refused,
          List.copyOf(examples),
          List.copyOf(answers));
    }
  }
}
