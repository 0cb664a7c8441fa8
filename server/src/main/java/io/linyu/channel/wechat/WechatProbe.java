package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.linyu.channel.ChannelError;
import io.linyu.channel.Probe;
import io.linyu.channel.Probe.Failure;
import io.linyu.channel.Probe.Half;
import io.linyu.channel.Probe.Why;
import io.linyu.platform.text.Codes;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes to our own public address as the platform would: signed, sealed where the account is, and
/// with its patience. So everything that stands between the platform and the answer is tried with
/// it. Whoever answers must have opened this very message, for its answer goes back to an account
/// that is named in it and nowhere else.
final class WechatProbe {
  private static final Logger LOG = LoggerFactory.getLogger(WechatProbe.class);

  /// The platform's own.
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int LARGEST_ANSWER = 64 * 1024;
  private static final int LONGEST_DETAIL = 200;

  /// What is said does not matter: reception does nothing that the scripts make of it.
  private static final String SAYS = "你好";

  /// The platform's number, before its words.
  private static final Pattern CODE = Pattern.compile("^-?\\d+ .*", Pattern.DOTALL);

  private final String name;
  private final WechatAccount account;
  private final WechatGateway gateway;
  private final String publicUrl;
  private final SSLContext trusted;
  private final Clock clock;
  private final Duration patience;

  /// @param name of the account in the settings
  /// @param publicUrl without a slash at the end
  WechatProbe(
      String name,
      WechatAccount account,
      WechatGateway gateway,
      String publicUrl,
      SSLContext trusted,
      Clock clock,
      Duration patience) {
    this.name = name;
    this.account = account;
    this.gateway = gateway;
    this.publicUrl = publicUrl;
    this.trusted = trusted;
    this.clock = clock;
    this.patience = patience;
  }

  Probe.Tried run() {
    return new Probe.Tried(in(), out());
  }

  /// A message in, and the answer to it.
  Half in() {
    var push = new Push();
    return timed(() -> {
      try {
        return WechatCall.within(patience, true, _ -> deliver(push));
      } catch (ChannelError.Unreachable late) {
        return failure(Why.SLOW);
      }
    });
  }

  /// A question out.
  Half out() {
    return timed(() -> {
      try {
        gateway.greet();
        return null;
      } catch (ChannelError error) {
        return failure(error);
      }
    });
  }

  private static Half timed(Supplier<@Nullable Failure> half) {
    long began = System.nanoTime();
    Failure failure;
    try {
      failure = half.get();
    } catch (RuntimeException bug) {
      LOG.error("a bug in trying one way", bug); // which says nothing of the other
      failure = failure(Why.INTERNAL);
    }
    return new Half(Duration.ofNanos(System.nanoTime() - began), failure);
  }

  private @Nullable Failure deliver(Push push) {
    // A client of its own: the name is looked up and the connection made anew, as the platform may.
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .sslContext(trusted)
            .build();
    try {
      HttpResponse<InputStream> answer = http.send(push.request(), BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        Failure refused = failure(answer.statusCode());
        return refused == null ? push.judge(body.readNBytes(LARGEST_ANSWER + 1)) : refused;
      }
    } catch (IOException e) {
      return failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure(Why.SLOW);
    } finally {
      http.shutdownNow(); // closing would wait for who does not answer
    }
  }

  /// One message, on its way there and back.
  private final class Push {
    private final String us = "gh_" + Codes.random();
    private final boolean sealed = account.mode() != WechatAccount.Mode.PLAIN;

    HttpRequest request() {
      long now = clock.instant().getEpochSecond();
      String message =
          WechatWire.push(
              us,
              Probe.NOBODY,
              now,
              SAYS,
              Long.toString(ThreadLocalRandom.current().nextLong(1L << 62)));
      String timestamp = Long.toString(now);
      String nonce = WechatCrypto.nonce();
      String url =
          publicUrl
              + "/wechat/"
              + name
              + "?signature="
              + WechatCrypto.signature(account.token(), timestamp, nonce)
              + "&timestamp="
              + timestamp
              + "&nonce="
              + nonce
              + "&openid="
              + URLEncoder.encode(Probe.NOBODY, UTF_8);
      String body = message;
      if (sealed) {
        String cipher = crypto().seal(message.getBytes(UTF_8));
        body = WechatWire.sealedPush(us, cipher);
        url +=
            "&encrypt_type=aes&msg_signature="
                + WechatCrypto.signature(account.token(), timestamp, nonce, cipher);
      }
      return HttpRequest.newBuilder(URI.create(url))
          .header("Content-Type", "text/xml")
          .POST(BodyPublishers.ofString(body))
          .build();
    }

    /// Null when it is an answer to this message that the platform would show.
    @Nullable Failure judge(byte[] body) {
      String said = body.length > LARGEST_ANSWER ? "" : new String(body, UTF_8).strip();
      if (body.length <= LARGEST_ANSWER && (said.isEmpty() || said.equals("success"))) {
        return failure(Why.EMPTY);
      }
      try {
        WechatFields fields = WechatFields.parse(body);
        byte[] message = sealed ? unseal(fields) : body;
        if (message == null) {
          return failure(Why.SEALED);
        }
        return judge(sealed ? WechatFields.parse(message) : fields);
      } catch (WechatRefused malformed) {
        return failure(Why.STRANGE);
      }
    }

    private @Nullable Failure judge(WechatFields reply) {
      boolean ours =
          reply.text("FromUserName").equals(us)
              && reply.text("ToUserName").equals(Probe.NOBODY)
              && reply.text("MsgType").equals("text");
      if (!ours) {
        return failure(Why.STRANGE);
      }
      return reply.filled("Content") == null ? failure(Why.EMPTY) : null;
    }

    /// Null when it is not signed with our token, or does not open with our key.
    private byte @Nullable [] unseal(WechatFields envelope) {
      String cipher = envelope.filled("Encrypt");
      if (cipher == null) {
        return null;
      }
      boolean signed =
          WechatCrypto.isSignature(
              envelope.text("MsgSignature"),
              account.token(),
              envelope.text("TimeStamp"),
              envelope.text("Nonce"),
              cipher);
      return signed ? crypto().open(cipher) : null;
    }

    private WechatCrypto crypto() {
      String key = account.aesKey();
      if (key == null) {
        throw new IllegalStateException("sealed without a key"); // WechatAccount takes none such
      }
      return new WechatCrypto(key, account.appId());
    }
  }

  private static @Nullable Failure failure(int status) {
    String number = Integer.toString(status);
    if (status == 200) {
      return null;
    }
    if (status >= 300 && status < 400) {
      return new Failure(Why.REDIRECT, number);
    }
    return new Failure(status == 401 || status == 403 ? Why.DENIED : Why.STATUS, number);
  }

  private static Failure failure(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return failure(Why.RESOLVE);
      }
      if (cause instanceof SSLException) {
        return failure(Why.TLS);
      }
    }
    return switch (e) {
      case HttpTimeoutException _ -> failure(Why.SLOW);
      case ConnectException _, NoRouteToHostException _ -> failure(Why.CONNECT);
      default -> failure(Why.CLOSED);
    };
  }

  /// Of the platform. Without a number, the message is what our client says.
  private static Failure failure(ChannelError error) {
    String said = String.valueOf(error.getMessage());
    if (CODE.matcher(said).matches()) {
      return new Failure(
          Why.PLATFORM, said.length() <= LONGEST_DETAIL ? said : said.substring(0, LONGEST_DETAIL));
    }
    if (said.startsWith("status ")) {
      return new Failure(Why.STATUS, said.substring("status ".length()));
    }
    if (said.equals("the platform is busy")) {
      return new Failure(Why.PLATFORM, "-1 system busy");
    }
    if (said.startsWith(WechatExchange.NONSENSE)) {
      return failure(Why.STRANGE);
    }
    return failure(
        switch (said) {
          case "UnknownHostException" -> Why.RESOLVE;
          case "ConnectException", "HttpHostConnectException", "NoRouteToHostException" ->
              Why.CONNECT;
          case "ConnectTimeoutException",
              "SocketTimeoutException",
              "no answer in time",
              "no token in time",
              "too late" ->
              Why.SLOW;
          default -> said.startsWith("SSL") ? Why.TLS : Why.CLOSED;
        });
  }

  private static Failure failure(Why why) {
    return new Failure(why, "");
  }
}
