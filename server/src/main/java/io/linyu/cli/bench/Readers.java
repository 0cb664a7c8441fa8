package io.linyu.cli.bench;

import io.linyu.platform.http.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Browsers of staff and residents that come through the door with TLS, ask for one page after the
/// other, and send a form now and then. Some speak HTTP/2. None asks twice when it is not answered.
final class Readers implements AutoCloseable {
  private static final int EACH = 2;
  private static final long PAUSE = 150;
  private static final int PATIENCE = 10;
  private static final String FORM = "the-same-in-both";
  private static final Pattern FORM_OF_PAGE = Pattern.compile("\"X-Linyu-Form\":\"([^\"]+)\"");

  /// The steps of each round.
  private static final int STEPS = 8;

  /// What residents see is limited by the address they come from, which is the same for all of them
  /// here.
  private static final int RESIDENTS = 6 * STEPS;

  private final int port;
  private final String matter;
  private final Vertx vertx = Vertx.vertx();
  private final List<HttpClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong pages = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger slowest = new AtomicInteger();
  private volatile boolean over;

  /// @param page of the answer; empty unless it is needed
  private record Answer(int status, String page, List<String> cookies) {}

  /// @param port of the door
  /// @param matter the code of a case that residents look at
  Readers(int port, String matter) {
    this.port = port;
    this.matter = matter;
  }

  void start() {
    for (HttpVersion each : List.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2)) {
      HttpClient http =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setSsl(true)
                  .setTrustAll(true)
                  .setVerifyHost(false)
                  .setUseAlpn(true)
                  .setProtocolVersion(each));
      clients.add(http);
      String session = signIn(http);
      Matcher form = FORM_OF_PAGE.matcher(get(http, "/console/cases", session).page());
      if (!form.find()) {
        throw new IllegalStateException("a page without its form's word");
      }
      for (int i = 0; i < EACH; i++) {
        threads.add(Thread.ofVirtual().start(() -> read(http, session, form.group(1))));
      }
    }
  }

  private String signIn(HttpClient http) {
    Answer answer =
        ask(
            http,
            HttpMethod.POST,
            "/console/session",
            "linyu_form=" + FORM,
            "%s=%s&login=%s&password=%s"
                .formatted(Frame.FORM, FORM, Ground.LOGIN, Ground.PASSWORD));
    return answer.cookies().stream()
        .filter(each -> each.startsWith("linyu_session="))
        .map(each -> each.replaceFirst(";.*", ""))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nobody let in: " + answer));
  }

  private void read(HttpClient http, String session, String form) {
    for (int i = 0; !over; i++) {
      switch (i % STEPS) {
        case 0 -> {
          boolean residents = i % RESIDENTS == 0;
          String page = residents ? "/h5/cases/" + matter : "/console/cases/badge";
          expect(200, () -> get(http, page, residents ? null : session));
        }
        case 1, 5 -> {
          sent.incrementAndGet();
          expect(
              303,
              () ->
                  ask(
                      http,
                      HttpMethod.POST,
                      "/console/theme",
                      session,
                      "theme=light&to=/console/cases&" + Frame.FORM + "=" + form));
        }
        case 2, 6 -> expect(200, () -> get(http, "/console/cases?view=all_open", session));
        case 3 -> expect(200, () -> get(http, "/console/cases/" + matter, session));
        default -> expect(200, () -> get(http, "/console/troubles", session));
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void expect(int status, Supplier<Answer> asking) {
    pages.incrementAndGet();
    long began = System.nanoTime();
    try {
      Answer answer = asking.get();
      if (answer.status() != status) {
        failed.add("%d and not %d".formatted(answer.status(), status));
      }
    } catch (RuntimeException e) {
      failed.add(e.toString());
    }
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    slowest.accumulateAndGet(millis, Math::max);
  }

  private Answer get(HttpClient http, String path, @Nullable String session) {
    return ask(http, HttpMethod.GET, path, session == null ? "" : session, null);
  }

  private Answer ask(
      HttpClient http, HttpMethod method, String path, String cookie, @Nullable String form) {
    try {
      return http.request(
              new RequestOptions()
                  .setMethod(method)
                  .setHost("127.0.0.1")
                  .setPort(port)
                  .setURI(path)
                  .putHeader("Cookie", cookie))
          .compose(request ->
              form == null
                  ? request.send()
                  : request
                      .putHeader("Content-Type", "application/x-www-form-urlencoded")
                      .send(Buffer.buffer(form)))
          .compose(answer ->
              answer
                  .body()
                  .map(body -> new Answer(answer.statusCode(), body.toString(), answer.cookies())))
          .await(PATIENCE, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(method + " " + path + ": " + e, e);
    }
  }

  /// Returns when all have their last page.
  void end() throws InterruptedException {
    over = true;
    for (Thread each : threads) {
      each.join();
    }
  }

  /// Asked for in all.
  long pages() {
    return pages.get();
  }

  /// How many of them were forms.
  long sent() {
    return sent.get();
  }

  int slowestMillis() {
    return slowest.get();
  }

  List<String> failed() {
    return List.copyOf(failed);
  }

  @Override
  public void close() {
    over = true;
    vertx.close().await();
  }
}
