package io.linyu.channel.wechat;

import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Probe;
import io.linyu.channel.Receiver;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatCodec.Opened;
import io.linyu.channel.wechat.WechatRefused.Reason;
import io.linyu.platform.http.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the platform calls: `GET` and `POST /wechat/{account}`. Runs on the event loop and never
/// blocks it.
public final class WechatCallback implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(WechatCallback.class);

  private static final int LARGEST_BODY = 64 * 1024;

  /// So much more is read and thrown away, so that who sends too much hears why.
  private static final long LARGEST_WASTE = 16 * 1024 * 1024;

  /// The platform's own patience.
  private static final Duration SLOWEST_BODY = Duration.ofSeconds(5);

  private static final int LONGEST_ECHO = 256;

  /// XML, or what those call it who do not say: the signature decides, not the label.
  private static final Set<String> TYPES =
      Set.of(
          "text/xml",
          "application/xml",
          "text/plain",
          "application/octet-stream",
          "application/x-www-form-urlencoded");

  private final Vertx vertx;
  private final Map<String, WechatCodec> accounts;
  private final List<String> verifications;
  private final Clock clock;
  private final Receiver receiver;
  private final MeterRegistry metrics;
  private final long slowestBody;

  /// @param accounts by their names in the settings, which are the last part of the path
  public WechatCallback(
      Vertx vertx,
      Map<String, WechatAccount> accounts,
      Clock clock,
      Receiver receiver,
      MeterRegistry metrics) {
    this(vertx, accounts, clock, receiver, metrics, SLOWEST_BODY);
  }

  WechatCallback(
      Vertx vertx,
      Map<String, WechatAccount> accounts,
      Clock clock,
      Receiver receiver,
      MeterRegistry metrics,
      Duration slowestBody) {
    this.vertx = vertx;
    this.accounts =
        accounts.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, each -> new WechatCodec(each.getKey(), each.getValue())));
    this.verifications =
        accounts.values().stream()
            .flatMap(each -> Stream.ofNullable(each.verification()))
            .distinct()
            .toList();
    this.clock = clock;
    this.receiver = receiver;
    this.metrics = metrics;
    this.slowestBody = slowestBody.toMillis();
  }

  @Override
  public void mount(Router router) {
    router.get("/wechat/:account").handler(rc -> guarded(rc, () -> verify(rc)));
    router.post("/wechat/:account").handler(rc -> guarded(rc, () -> take(rc)));
    // Before it takes our domain for pages the platform looks whether it is ours.
    verifications.forEach(code ->
        router
            .get("/MP_verify_" + code + ".txt")
            .handler(rc -> rc.response().putHeader("Content-Type", "text/plain").end(code)));
  }

  /// The platform asks whether the address is ours.
  private void verify(RoutingContext rc) {
    HttpServerRequest request = rc.request();
    WechatCodec codec = codec(rc);
    codec.verify(query(request), clock.instant());
    String echo = request.getParam("echostr");
    if (echo == null || echo.isEmpty() || echo.length() > LONGEST_ECHO) {
      throw new WechatRefused(400, Reason.PARAMETER);
    }
    var _ = request.response().putHeader("Content-Type", "text/plain; charset=utf-8").end(echo);
  }

  private void take(RoutingContext rc) {
    HttpServerRequest request = rc.request();
    Instant arrivedAt = clock.instant();
    WechatCodec codec = codec(rc);
    WechatCodec.Query query = query(request);
    codec.admit(query, arrivedAt);
    type(request.getHeader("Content-Type"));
    if (announced(request) > LARGEST_BODY) {
      throw new WechatRefused(413, Reason.TOO_LARGE);
    }
    if (request.isEnded()) { // somebody has read it before us
      Buffer body = rc.body().buffer();
      taken(request, codec, query, body == null ? Buffer.buffer() : body, arrivedAt);
    } else {
      read(request, body -> taken(request, codec, query, body, arrivedAt));
    }
  }

  private void read(HttpServerRequest request, Consumer<Buffer> then) {
    Buffer body = Buffer.buffer();
    long timer =
        vertx.setTimer(slowestBody, _ -> refuse(request, new WechatRefused(408, Reason.TOO_SLOW)));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.handler(part -> {
      if (body.length() + part.length() > LARGEST_BODY) {
        vertx.cancelTimer(timer);
        refuse(request, new WechatRefused(413, Reason.TOO_LARGE));
      } else {
        body.appendBuffer(part);
      }
    });
    request.endHandler(_ -> {
      vertx.cancelTimer(timer);
      guarded(request, () -> then.accept(body));
    });
  }

  private void taken(
      HttpServerRequest request,
      WechatCodec codec,
      WechatCodec.Query query,
      Buffer body,
      Instant arrivedAt) {
    if (body.length() > LARGEST_BODY) {
      throw new WechatRefused(413, Reason.TOO_LARGE);
    }
    Opened opened = codec.open(query, body.getBytes());
    count(opened.inbound());
    var delivery = new Attempt(request.response(), arrivedAt);
    Context loop = vertx.getOrCreateContext();
    receiver
        .receive(opened.inbound(), delivery)
        .onComplete((reply, failure) -> {
          if (loop.equals(Vertx.currentContext())) {
            answer(delivery, codec, opened, reply, failure);
          } else {
            loop.runOnContext(_ -> answer(delivery, codec, opened, reply, failure));
          }
        });
  }

  private void answer(
      Attempt attempt,
      WechatCodec codec,
      Opened opened,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    if (!attempt.isOpen()) {
      attempt.missed();
    } else if (reply != null) {
      WechatCodec.Answer answer = codec.answer(opened, reply, clock.instant());
      attempt.write(answer.type(), answer.body());
    } else if (failure instanceof Receiver.Overloaded) {
      attempt.overloaded();
    } else {
      if (!(failure instanceof Receiver.Dropped)) {
        LOG.error("message {} was not taken", opened.inbound().externalId(), failure);
      }
      attempt.drop();
    }
  }

  private WechatCodec codec(RoutingContext rc) {
    WechatCodec codec = accounts.get(rc.pathParam("account"));
    if (codec == null) {
      throw new WechatRefused(404, Reason.UNKNOWN_ACCOUNT);
    }
    return codec;
  }

  private static WechatCodec.Query query(HttpServerRequest request) {
    try {
      return new WechatCodec.Query(
          request.getParam("signature"),
          request.getParam("timestamp"),
          request.getParam("nonce"),
          request.getParam("encrypt_type"),
          request.getParam("msg_signature"));
    } catch (IllegalArgumentException e) { // a broken percent escape
      throw new WechatRefused(400, Reason.PARAMETER);
    }
  }

  private static void type(@Nullable String header) {
    if (header == null) {
      return;
    }
    int end = header.indexOf(';');
    String type = (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (!TYPES.contains(type)) {
      throw new WechatRefused(415, Reason.TYPE);
    }
  }

  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new WechatRefused(400, Reason.PARAMETER);
    }
  }

  private void guarded(RoutingContext rc, Runnable work) {
    guarded(rc.request(), work);
  }

  /// Nothing that goes wrong in here shows the caller more than a status.
  private void guarded(HttpServerRequest request, Runnable work) {
    try {
      work.run();
    } catch (WechatRefused refused) {
      refuse(request, refused);
    } catch (RuntimeException bug) {
      LOG.error("callback failed", bug);
      var _ = request.response().reset(); // the platform will try again
    }
  }

  private void refuse(HttpServerRequest request, WechatRefused refused) {
    HttpServerResponse response = request.response();
    if (response.ended()) {
      return;
    }
    metrics.counter("linyu.wechat.refused", "reason", word(refused.reason())).increment();
    Future<Void> said = response.setStatusCode(refused.status()).end();
    if (!request.isEnded()) {
      drain(request, said);
    }
  }

  /// Closing while somebody still sends would throw our answer away with what is unread.
  private void drain(HttpServerRequest request, Future<Void> said) {
    var left = new long[] {LARGEST_WASTE};
    long timer = vertx.setTimer(slowestBody, _ -> request.connection().close());
    said.onFailure(_ -> vertx.cancelTimer(timer));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.endHandler(_ -> vertx.cancelTimer(timer));
    request.handler(part -> {
      left[0] -= part.length();
      if (left[0] < 0) {
        vertx.cancelTimer(timer);
        request.connection().close();
      }
    });
  }

  private void count(Inbound inbound) {
    String kind = Probe.isFrom(inbound.from()) ? "probe" : kind(inbound.content());
    metrics.counter("linyu.wechat.messages", "kind", kind).increment();
  }

  private static String kind(Content content) {
    return switch (content) {
      case Content.Text _ -> "text";
      case Content.Image _ -> "image";
      case Content.Voice _ -> "voice";
      case Content.Video _ -> "video";
      case Content.File _ -> "file";
      case Content.Location _ -> "location";
      case Content.Followed _ -> "followed";
      case Content.Unfollowed _ -> "unfollowed";
      case Content.Scanned _ -> "scanned";
      case Content.MenuTapped _ -> "menu_tapped";
      case Content.Other other -> WechatContents.known(other.name());
    };
  }

  private static String word(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  /// One request, from its arrival to the last byte of its answer.
  private static final class Attempt implements Delivery {
    private final HttpServerResponse response;
    private final Instant arrivedAt;
    private final Promise<Boolean> answered = Promise.promise();

    Attempt(HttpServerResponse response, Instant arrivedAt) {
      this.response = response;
      this.arrivedAt = arrivedAt;
      response.closeHandler(_ -> missedUnlessEnded());
      response.exceptionHandler(_ -> missedUnlessEnded());
    }

    @Override
    public Instant arrivedAt() {
      return arrivedAt;
    }

    @Override
    public boolean isOpen() {
      return !response.closed() && !response.ended();
    }

    @Override
    public Future<Boolean> answered() {
      return answered.future();
    }

    void write(String type, String body) {
      response
          .putHeader("Content-Type", type)
          .end(body)
          .onComplete((_, failure) -> answered.tryComplete(failure == null));
    }

    void overloaded() {
      var _ = response.setStatusCode(503).end();
      missed();
    }

    void drop() {
      var _ = response.reset();
      missed();
    }

    /// A stream of HTTP/2 closes as soon as its answer has ended: then the writing knows whether it
    /// arrived.
    private void missedUnlessEnded() {
      if (!response.ended()) {
        missed();
      }
    }

    void missed() {
      answered.tryComplete(false);
    }
  }
}
