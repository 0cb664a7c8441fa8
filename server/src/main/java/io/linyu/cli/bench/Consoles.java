package io.linyu.cli.bench;

import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Browsers that have the inbox open, in a process of its own: each holds its stream, and does what
/// `live.js` and the templates do when something is signalled. Takes an [Order] on each line of its
/// input, and answers with a line.
public final class Consoles {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// How long `inbox.jte` waits for more.
  private static final long CONSOLE_WAITS = 200;

  private static final Pattern SEEN = Pattern.compile("name=\"seen\" value=\"([^\"]+)\"");

  /// A member of staff who is signed in.
  record Visitor(String session, String form, String view) {}

  /// What is to be done: to open these, to wait for the next signal, or to say what came of it.
  ///
  /// @param visitors to open; empty: those that are open go on
  /// @param began when what is signalled began; null: wait for it from now on
  record Order(int port, List<Visitor> visitors, @Nullable Instant began) {}

  /// In microseconds from the beginning, at the 50th and 95th percentile and the slowest.
  ///
  /// @param heard how many have heard of it and show it
  record Seen(int heard, int missing, List<Long> heardIn, List<Long> freshIn, long requests) {}

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
  private final HttpClient streams;
  private final HttpClient pages;
  private final List<Console> all = new ArrayList<>();
  private int port;

  private Consoles() {
    streams = client(4_000);
    pages = client(1_000);
  }

  private HttpClient client(int connections) {
    return vertx.createHttpClient(
        new HttpClientOptions().setDecompressionSupported(false).setKeepAliveTimeout(120),
        new PoolOptions().setHttp1MaxSize(connections));
  }

  public static void main(String[] arguments) throws IOException {
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var consoles = new Consoles();
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      answers.println(Json.write(consoles.carryOut(Json.read(line, Order.class))));
    }
    System.exit(0);
  }

  private Seen carryOut(Order order) {
    if (!order.visitors().isEmpty()) {
      port = order.port();
      order.visitors().forEach(each -> all.add(new Console(each)));
      all.forEach(each -> join(each.open()));
      return new Seen(all.size(), 0, List.of(), List.of(), 0);
    }
    Instant began = order.began();
    if (began == null) {
      all.forEach(Console::arm);
      return new Seen(0, 0, List.of(), List.of(), 0);
    }
    return seen(began);
  }

  private Seen seen(Instant began) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    var heard = new Histogram(60_000_000, 3);
    var fresh = new Histogram(60_000_000, 3);
    long requests = 0;
    int missing = 0;
    for (Console each : all) {
      try {
        each.done.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        heard.recordValue(micros(began, each.heardAt));
        fresh.recordValue(micros(began, each.freshAt));
      } catch (TimeoutException never) {
        missing++;
      } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
        throw new IllegalStateException(e);
      }
      requests += each.requests;
    }
    return new Seen(
        all.size() - missing, missing, percentiles(heard), percentiles(fresh), requests);
  }

  private static List<Long> percentiles(Histogram times) {
    return List.of(
        times.getValueAtPercentile(50), times.getValueAtPercentile(95), times.getMaxValue());
  }

  private static long micros(Instant began, @Nullable Instant at) {
    return Math.clamp(
        ChronoUnit.MICROS.between(began, at == null ? began.plusSeconds(59) : at), 0, 59_999_999);
  }

  private static void join(CompletableFuture<?> one) {
    try {
      var _ = one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("a console did not open", e);
    }
  }

  /// One browser.
  private final class Console {
    private final Visitor visitor;
    private final Set<String> shown = new LinkedHashSet<>();
    private volatile CompletableFuture<Boolean> done = new CompletableFuture<>();
    private volatile @Nullable Instant heardAt;
    private volatile @Nullable Instant freshAt;
    private long requests; // read when done
    private boolean armed;
    private int underWay;
    private boolean refreshed;
    private long timer = -1;
    private String rest = "";

    Console(Visitor visitor) {
      this.visitor = visitor;
    }

    CompletableFuture<?> open() {
      var opened = new CompletableFuture<Boolean>();
      String inbox = "/console/cases?view=" + visitor.view();
      ask(HttpMethod.GET, inbox, null)
          .onFailure(opened::completeExceptionally)
          .onSuccess(page -> {
            SEEN.matcher(page.toString()).results().forEach(each -> shown.add(each.group(1)));
            listen(opened);
          });
      return opened;
    }

    private void listen(CompletableFuture<Boolean> opened) {
      streams
          .request(HttpMethod.GET, port, "127.0.0.1", "/console/live")
          .compose(request -> with(request).send())
          .onFailure(opened::completeExceptionally)
          .onSuccess(stream -> {
            stream.handler(this::hear);
            opened.complete(stream.statusCode() == 200);
          });
    }

    void arm() {
      var armedNow = new CompletableFuture<Boolean>();
      vertx.getOrCreateContext();
      vertx.runOnContext(_ -> {
        armed = true;
        refreshed = false;
        heardAt = null;
        freshAt = null;
        requests = 0;
        done = new CompletableFuture<>();
        armedNow.complete(true);
      });
      join(armedNow);
    }

    private void hear(Buffer part) {
      rest += part.toString();
      int end = rest.indexOf("\n\n");
      while (end >= 0) {
        String message = rest.substring(0, end);
        rest = rest.substring(end + 2);
        int data = message.indexOf("data: ");
        if (message.startsWith("event: signal") && data >= 0) {
          signalled(message.substring(data + 6));
        }
        end = rest.indexOf("\n\n");
      }
    }

    private void signalled(String name) {
      if (!armed) {
        return;
      }
      if (heardAt == null) {
        heardAt = Instant.now();
      }
      if (name.startsWith("case-") && shown.contains(name.substring(5))) {
        fetch(
            HttpMethod.GET,
            "/console/cases/" + name.substring(5) + "/row?view=" + visitor.view(),
            null);
      } else if (name.equals("inbox")) {
        // As htmx does: whoever is told again while waiting begins to wait again.
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(CONSOLE_WAITS, _ -> refresh());
      }
    }

    private void refresh() {
      var form = new StringBuilder("view=" + visitor.view());
      shown.forEach(each -> form.append("&seen=").append(each));
      fetch(HttpMethod.POST, "/console/cases/news?view=" + visitor.view(), form.toString());
      refreshed = true;
    }

    private void fetch(HttpMethod method, String path, @Nullable String form) {
      underWay++;
      requests++;
      var _ =
          ask(method, path, form)
              .onComplete(_ -> {
                underWay--;
                if (underWay == 0 && refreshed && armed) {
                  armed = false;
                  freshAt = Instant.now();
                  done.complete(true);
                }
              });
    }

    private io.vertx.core.Future<Buffer> ask(
        HttpMethod method, String path, @Nullable String form) {
      return pages
          .request(method, port, "127.0.0.1", path)
          .compose(request -> {
            with(request)
                .putHeader("X-Linyu-Live", "1")
                .putHeader(Frame.FORM, visitor.form())
                .putHeader("HX-Request", path.startsWith("/console/cases?") ? "false" : "true");
            return form == null
                ? request.send()
                : request
                    .putHeader("Content-Type", "application/x-www-form-urlencoded")
                    .send(Buffer.buffer(form));
          })
          .compose(answer -> {
            if (answer.statusCode() != 200) {
              throw new IllegalStateException(path + " answers with " + answer.statusCode());
            }
            return answer.body();
          });
    }

    private HttpClientRequest with(HttpClientRequest request) {
      return request.putHeader(
          "Cookie",
          "linyu_session=" + URLEncoder.encode(visitor.session(), StandardCharsets.UTF_8));
    }
  }
}
