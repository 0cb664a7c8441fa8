package io.linyu.simulator.wechat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries pushes to the account's server: signed, encrypted, and again when nobody answers.
final class Courier {
  private static final Duration LATE = Duration.ofSeconds(3);

  /// Of attempts that do not wait for the one before.
  private static final Duration OVERLAP = Duration.ofMillis(200);

  private final Account account;
  private final @Nullable Envelope envelope;
  private final Clock clock;
  private final HttpClient http;
  private final Faults faults;
  private final Journal journal;

  Courier(Account account, Clock clock, HttpClient http, Faults faults, Journal journal) {
    this.account = account;
    this.envelope =
        account.aesKey() == null ? null : new Envelope(account.aesKey(), account.appId());
    this.clock = clock;
    this.http = http;
    this.faults = faults;
    this.journal = journal;
  }

  /// Returns when the platform knows how it went.
  ///
  /// @param doors one of them is met by each attempt, by turns; by which to begin is chance
  /// @param each is told of every attempt as it ends
  /// @return the attempt that counts: the first that was answered, or the last
  Attempt deliver(
      List<URI> doors, String openid, String xml, Patience patience, Consumer<Attempt> each) {
    Faults.PushFault fault = faults.takePush();
    long began = System.nanoTime();
    long noted = journal.pushed(xml, fault);
    if (fault == Faults.PushFault.LATE) {
      sleep(LATE);
    }
    Duration overlap = fault == Faults.PushFault.OVERLAPPING ? OVERLAP : patience.overlap();
    Attempt counts =
        overlap == null
            ? oneAfterTheOther(doors, openid, xml, patience, each)
            : overlapping(doors, openid, xml, patience, overlap, each);
    journal.came(noted, told(counts), since(began));
    if (fault == Faults.PushFault.TWICE) {
      long again = journal.pushed(xml, fault);
      Attempt second = oneAfterTheOther(doors, openid, xml, patience, _ -> {});
      journal.came(again, told(second), second.took());
    }
    return counts;
  }

  private static String told(Attempt counts) {
    String how = counts.number() + "× " + counts.result();
    return counts.reply() != null
        ? how + ": " + counts.reply().text()
        : counts.detail().isEmpty() ? how : how + " (" + counts.detail() + ")";
  }

  private Attempt oneAfterTheOther(
      List<URI> doors, String openid, String xml, Patience patience, Consumer<Attempt> each) {
    int first = first(doors);
    for (int number = 1; ; number++) {
      URI door = doors.get((first + number) % doors.size());
      Attempt attempt = attempt(number, door, openid, xml, patience.cutOff());
      each.accept(attempt);
      if (attempt.result().isAnAnswer() || number == patience.attempts()) {
        return attempt;
      }
      if (attempt.result() == Attempt.Result.UNREACHABLE) {
        sleep(patience.pause());
      }
    }
  }

  private Attempt overlapping(
      List<URI> doors,
      String openid,
      String xml,
      Patience patience,
      Duration apart,
      Consumer<Attempt> each) {
    BlockingQueue<Attempt> ended = new ArrayBlockingQueue<>(patience.attempts());
    List<Attempt> all = new ArrayList<>();
    int first = first(doors);
    for (int started = 1; started <= patience.attempts(); started++) {
      int number = started;
      URI door = doors.get((first + number) % doors.size());
      Thread.ofVirtual()
          .start(() -> ended.add(attempt(number, door, openid, xml, patience.cutOff())));
      if (number < patience.attempts()) {
        sleep(apart);
      }
    }
    while (all.size() < patience.attempts()) {
      all.add(take(ended));
      each.accept(all.getLast());
    }
    return all.stream()
        .filter(attempt -> attempt.result().isAnAnswer())
        .findFirst()
        .orElse(all.getLast());
  }

  private static int first(List<URI> doors) {
    return ThreadLocalRandom.current().nextInt(doors.size());
  }

  private Attempt attempt(int number, URI callback, String openid, String xml, Duration cutOff) {
    Instant at = clock.instant();
    long began = System.nanoTime();
    try {
      HttpResponse<String> answer =
          http.send(request(callback, openid, xml, cutOff), BodyHandlers.ofString());
      return judged(number, at, since(began), openid, answer);
    } catch (HttpTimeoutException late) {
      return failed(number, at, since(began), Attempt.Result.TIMED_OUT, "no answer in time");
    } catch (IOException broken) {
      return failed(number, at, since(began), Attempt.Result.UNREACHABLE, broken.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed(number, at, since(began), Attempt.Result.UNREACHABLE, "interrupted");
    }
  }

  private HttpRequest request(URI callback, String openid, String xml, Duration cutOff) {
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    String nonce = Long.toString(ThreadLocalRandom.current().nextLong(1_000_000_000));
    var query = new StringBuilder("signature=");
    query.append(Envelope.signature(account.token(), timestamp, nonce));
    query.append("&timestamp=").append(timestamp).append("&nonce=").append(nonce);
    query.append("&openid=").append(openid);
    String body = xml;
    if (envelope != null && account.mode() != Account.Mode.PLAIN) {
      String sealed = envelope.seal(xml);
      query.append("&encrypt_type=aes&msg_signature=");
      query.append(Envelope.signature(account.token(), timestamp, nonce, sealed));
      body = enveloped(xml, sealed);
    }
    return HttpRequest.newBuilder(URI.create(callback + "?" + query))
        .timeout(cutOff)
        .header("Content-Type", "text/xml")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  /// In compatible mode the plain fields stand beside the sealed ones.
  private String enveloped(String xml, String sealed) {
    var addressed = new LinkedHashMap<String, Object>();
    if (account.mode() == Account.Mode.SAFE) {
      addressed.put("ToUserName", account.originalId());
    }
    addressed.put("Encrypt", sealed);
    String plain = account.mode() == Account.Mode.SAFE ? "" : inside(xml);
    return "<xml>" + plain + Push.elements(addressed) + "</xml>";
  }

  private static String inside(String xml) {
    return xml.substring("<xml>".length(), xml.length() - "</xml>".length());
  }

  private Attempt judged(
      int number, Instant at, Duration took, String openid, HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      String status = "status " + answer.statusCode();
      return failed(number, at, took, Attempt.Result.REFUSED, status);
    }
    if (answer.body().isEmpty() || answer.body().equals("success")) {
      return new Attempt(number, at, took, Attempt.Result.SUCCESS, null, "");
    }
    try {
      Reply reply = Reply.read(opened(answer.body()), openid, account.originalId());
      return new Attempt(number, at, took, Attempt.Result.REPLIED, reply, "");
    } catch (IllegalArgumentException wrong) {
      return failed(number, at, took, Attempt.Result.INVALID, String.valueOf(wrong.getMessage()));
    }
  }

  private String opened(String body) {
    Map<String, String> fields = Reply.fields(body);
    String sealed = fields.get("Encrypt");
    if (sealed == null || envelope == null) {
      if (account.mode() == Account.Mode.SAFE) {
        throw new IllegalArgumentException("a plain reply in safe mode");
      }
      return body;
    }
    String expected =
        Envelope.signature(
            account.token(),
            fields.getOrDefault("TimeStamp", ""),
            fields.getOrDefault("Nonce", ""),
            sealed);
    if (!expected.equals(fields.get("MsgSignature"))) {
      throw new IllegalArgumentException("a wrong MsgSignature");
    }
    return envelope.open(sealed);
  }

  private static Attempt failed(
      int number, Instant at, Duration took, Attempt.Result result, String why) {
    return new Attempt(number, at, took, result, null, why);
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static Attempt take(BlockingQueue<Attempt> ended) {
    try {
      return java.util.Objects.requireNonNull(ended.poll(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
