package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.channel.Channel;
import io.linyu.channel.Content;
import io.linyu.platform.text.Json;
import io.linyu.simulator.wechat.Account;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each kind of push does to a running server: what is kept of it, what it answers, which
/// window it opens, and what else comes of it.
class WechatEffectsTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  @AutoClose private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Account ACCOUNT = Account.invented(Account.Mode.SAFE);
  private static final WechatCrypto CRYPTO =
      new WechatCrypto(requireNonNull(ACCOUNT.aesKey()), ACCOUNT.appId());
  private static final String HOME = COUNTER.place("88001001B3").name();
  private static final String PICTURE =
      TOWN.wechat.stranger("shelf").keep("image/jpeg", resource("/demo/photos/puddle.jpg"));
  private static final String SOUND =
      TOWN.wechat.stranger("shelf").keep("audio/amr", resource("/demo/sounds/lift.amr"));

  private static final String FILM =
      TOWN.wechat
          .stranger("shelf")
          .keep("video/mp4", Buffer.buffer(new byte[4]).appendString("ftypmp42 and so on"));

  private static final String QUOTA =
      """
      SELECT quota_left FROM conversation c JOIN address a ON a.id = c.address_id
       WHERE a.external_id = '%s'
      """;
  private static final String UNTIL =
      """
      SELECT to_char(quota_until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        FROM conversation c JOIN address a ON a.id = c.address_id
       WHERE a.external_id = '%s'
      """;
  private static final String SAID =
      """
      SELECT content::text FROM message m JOIN address a ON a.id = m.address_id
       WHERE a.external_id = '%s' AND m.said_by = 'resident'
      """;

  /// Everything that a push may leave behind it besides its receipt and its message, in words.
  private static final String TRACES =
      """
      SELECT concat_ws(', ',
        CASE WHEN NOT a.follows THEN 'left' END,
        'lives in ' || (SELECT name FROM territory WHERE id = p.home_id),
        CASE WHEN c.state ? 'form' THEN 'draft' END,
        CASE WHEN c.held_by <> 'bot' OR c.waiting THEN 'a person' END,
        (SELECT string_agg(kind || ' ' || state, ', ') FROM attachment WHERE address_id = a.id),
        (SELECT string_agg('to be heard', ', ') FROM hearing WHERE address_id = a.id),
        (SELECT string_agg('case ' || state, ', ') FROM "case" WHERE person_id = p.id),
        (SELECT string_agg('alarm ' || kind, ', ') FROM alarm WHERE address_id = a.id),
        (SELECT string_agg(concat_ws(' ', 'sent', way, state, message_key), ', ') FROM outbound
          WHERE address_id = a.id AND way IS DISTINCT FROM 'passive'))
        FROM address a
        JOIN person p ON p.id = a.person_id
        JOIN conversation c ON c.address_id = a.id
       WHERE a.external_id = '%s'
      """;

  /// What comes of the kinds that more comes of than a receipt.
  ///
  /// @param reply words of the answer; null where it is `success`
  /// @param leaves see [#TRACES]
  record Effect(@Nullable String reply, String leaves) {}

  private static final Effect NOTHING = new Effect(null, "");
  private static final Map<String, Effect> EFFECTS =
      Map.ofEntries(
          Map.entry("text", new Effect("楼道灯坏了", "draft")),
          Map.entry("text-from-an-article", new Effect("人工", "")),
          Map.entry("text-chosen-from-a-menu", new Effect("人工", "")),
          Map.entry("text-for-a-sticker", new Effect("有什么事，直接跟我说", "")),
          Map.entry("image", new Effect("收到了", "draft, image fetched")),
          Map.entry("video", new Effect("收到了", "draft, video fetched")),
          Map.entry("shortvideo", new Effect("收到了", "draft, video fetched")),
          Map.entry("link", new Effect("我打不开", "")),
          Map.entry("voice-recognised", new Effect("在哪里", "draft, voice fetched")),
          Map.entry("voice-not-recognised", new Effect("语音收到了", "voice fetched, to be heard")),
          Map.entry("location", new Effect("梧桐里3栋", "draft")),
          Map.entry("subscribe", new Effect("自动回复", "")),
          Map.entry("subscribe-by-code", new Effect(HOME, "lives in " + HOME)),
          Map.entry("subscribe-after-payment", new Effect("自动回复", "")),
          Map.entry("scan", new Effect(HOME, "lives in " + HOME)),
          Map.entry("unsubscribe", new Effect(null, "left")),
          Map.entry("click", new Effect("直接", "draft")));

  static Stream<Captured> captured() {
    return Captured.all().stream();
  }

  @ParameterizedTest
  @MethodSource("captured")
  void eachKindHasItsEffectOnceHoweverOftenItIsDelivered(Captured one) {
    String openId = TOWN.wechat.stranger("effect-" + one.name()).openid();
    byte[] payload = from(openId, one);
    Effect effect = EFFECTS.getOrDefault(one.name(), NOTHING);
    Instant before = TOWN.clock.instant();

    String reply = deliver(payload);
    String again = deliver(payload);

    if (effect.reply() == null) {
      assertThat(reply).isEqualTo("success");
    } else {
      assertThat(words(reply)).contains(effect.reply());
    }
    assertThat(words(again)).isEqualTo(words(reply));
    assertThat(of("SELECT external_id FROM inbound_receipt WHERE address = '%s'", openId))
        .containsExactly(one.externalId());
    assertThat(of(SAID, openId))
        .singleElement()
        .satisfies(kept -> assertThat(Json.read(kept, Content.class)).isEqualTo(kept(one)));
    assertWindow(one, openId, before);
    TOWN.until(
        "%s leaves: %s (expected: %s)".formatted(one.name(), of(TRACES, openId), effect.leaves()),
        () -> of(TRACES, openId).equals(List.of(effect.leaves())));
  }

  @Test
  void eachKindIsCountedAndWhatIsNotKnownTogether() {
    double links = counted("link");
    double unknown = counted("unknown");

    for (Captured one : Captured.all()) {
      if (List.of("link", "a-kind-of-tomorrow", "an-event-of-tomorrow").contains(one.name())) {
        var _ = deliver(from(TOWN.wechat.stranger("counted-" + one.name()).openid(), one));
      }
    }

    assertThat(counted("link")).isEqualTo(links + 1);
    assertThat(counted("unknown")).isEqualTo(unknown + 2);
  }

  private static void assertWindow(Captured one, String openId, Instant before) {
    Channel.Window window = one.opens();
    String left = of(QUOTA, openId).getFirst();
    if (window == null) {
      assertThat(left).isEqualTo("0");
      return;
    }
    assertThat(left).isEqualTo(Integer.toString(window.messages()));
    Instant until = Instant.parse(of(UNTIL, openId).getFirst());
    assertThat(until)
        .isBetween(before.plus(window.lasts()), TOWN.clock.instant().plus(window.lasts()));
  }

  /// The captured payload from this sender, with media that the platform has.
  private static byte[] from(String openId, Captured one) {
    return new String(one.payload(), UTF_8)
        .replace("<FromUserName><![CDATA[" + Captured.OPEN_ID, "<FromUserName><![CDATA[" + openId)
        .replace("<![CDATA[media-image-1]]>", "<![CDATA[" + PICTURE + "]]>")
        .replaceAll("<MediaId><!\\[CDATA\\[media-video-\\d]]>", "<MediaId><![CDATA[" + FILM + "]]>")
        .replaceAll(
            "<MediaId><!\\[CDATA\\[media-voice-\\d]]>", "<MediaId><![CDATA[" + SOUND + "]]>")
        .getBytes(UTF_8);
  }

  private static Content kept(Captured one) {
    return switch (one.content()) {
      case Content.Image(_, String url) -> new Content.Image(PICTURE, url);
      case Content.Voice(_, String format, String recognised) ->
          new Content.Voice(SOUND, format, recognised);
      case Content.Video _ -> new Content.Video(FILM);
      default -> one.content();
    };
  }

  private static double counted(String kind) {
    return TOWN.metric("linyu_wechat_messages_total{kind=\"" + kind + "\"}");
  }

  private static List<String> of(String query, String openId) {
    return TOWN.sql(query.formatted(openId));
  }

  /// The answer, opened. `success` is not sealed.
  private static String deliver(byte[] payload) {
    String cipher = CRYPTO.seal(payload);
    String query = Tencent.url(Tencent.sealed(ACCOUNT.token(), TOWN.clock.instant(), cipher));
    var request =
        HttpRequest.newBuilder(URI.create(TOWN.url("/wechat/main?" + query)))
            .header("Content-Type", "text/xml")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Tencent.envelope(cipher)))
            .build();
    try {
      String answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return answer.contains("<Encrypt>")
          ? new String(CRYPTO.open(between(answer, "<Encrypt><![CDATA[", "]]>")), UTF_8)
          : answer;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String words(String reply) {
    return reply.contains("<Content>")
        ? between(reply, "<Content><![CDATA[", "]]></Content>")
        : reply;
  }

  private static String between(String text, String before, String after) {
    int start = text.indexOf(before) + before.length();
    return text.substring(start, text.indexOf(after, start));
  }

  private static Buffer resource(String name) {
    try (var file = WechatEffectsTest.class.getResourceAsStream(name)) {
      return Buffer.buffer(requireNonNull(file, name).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
