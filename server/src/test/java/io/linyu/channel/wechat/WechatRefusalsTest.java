package io.linyu.channel.wechat;

import static io.linyu.channel.wechat.Tencent.AES_KEY;
import static io.linyu.channel.wechat.Tencent.APP_ID;
import static io.linyu.channel.wechat.Tencent.NOW;
import static io.linyu.channel.wechat.Tencent.TOKEN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.wechat.WechatAccount.Mode;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is turned away, with which status, and that nobody hears of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WechatRefusalsTest {
  private static final WechatCrypto CRYPTO = new WechatCrypto(AES_KEY, APP_ID);

  @SuppressWarnings("NullAway.Init")
  private CallbackServer server;

  record Bad(String name, int status, String account, Map<String, String> query, Buffer body) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  void open() {
    server =
        new CallbackServer(
            Map.of(
                "main", Tencent.account(Mode.SAFE),
                "plain", Tencent.account(Mode.PLAIN),
                "both", Tencent.account(Mode.COMPATIBLE)));
    // The first request pays for loading classes, which is not what is timed below.
    var _ = server.post("main", Map.of(), new byte[0]);
  }

  @AfterEach
  void nobodyHearsOfIt() {
    assertThat(server.received).isEmpty();
  }

  @AfterAll
  void close() {
    server.close();
  }

  static List<Bad> badOnes() {
    byte[] good = Tencent.text("灯坏了");
    var all = new ArrayList<Bad>();

    all.add(bad("unknown account", 404, "other", Tencent.plain(TOKEN, NOW), good));
    for (String missing : new String[] {"signature", "timestamp", "nonce", "msg_signature"}) {
      all.add(sealed(400, "no " + missing, CRYPTO.seal(good), query -> query.remove(missing)));
      all.add(sealed(400, "empty " + missing, CRYPTO.seal(good), query -> query.put(missing, "")));
    }
    all.add(sealed(400, "no number", CRYPTO.seal(good), query -> query.put("timestamp", "now")));
    all.add(
        sealed(
            400,
            "unknown encryption",
            CRYPTO.seal(good),
            query -> query.put("encrypt_type", "rot13")));

    all.add(plain("wrong signature", 403, query -> query.put("signature", "0".repeat(40)), good));
    all.add(plain("other nonce", 403, query -> query.put("nonce", "nonce-2"), good));
    all.add(
        sealed(
            403,
            "wrong message signature",
            CRYPTO.seal(good),
            query -> query.put("msg_signature", "0".repeat(40))));
    all.add(bad("wrong token", 403, "plain", Tencent.plain("guess", NOW), good));
    for (long age : new long[] {601, -601, 86_400 * 365}) {
      all.add(
          bad("replayed " + age, 403, "plain", Tencent.plain(TOKEN, NOW.minusSeconds(age)), good));
    }

    String other = CRYPTO.seal(Tencent.text("something else"));
    all.add(
        bad(
            "exchanged message",
            403,
            "main",
            Tencent.sealed(TOKEN, NOW, CRYPTO.seal(good)),
            Tencent.envelope(other)));
    all.add(sealed("foreign appid", new WechatCrypto(AES_KEY, "wxffffffffffffffff").seal(good)));
    all.add(sealed("no appid", new WechatCrypto(AES_KEY, "").seal(good)));
    all.add(sealed("appid and more", new WechatCrypto(AES_KEY, APP_ID + "0").seal(good)));
    all.add(sealed("wrong key", new WechatCrypto("x".repeat(43), APP_ID).seal(good)));
    for (int padding : new int[] {0, 33, 255}) {
      all.add(sealed("padding " + padding, Tencent.badEnvelope(good, APP_ID, null, padding)));
    }
    all.add(sealed("uneven padding", unevenPadding(good)));
    for (int length : new int[] {good.length + 1, good.length - 1, -1, Integer.MAX_VALUE}) {
      all.add(sealed("length " + length, Tencent.badEnvelope(good, APP_ID, length, null)));
    }
    all.add(sealed("only padding", Tencent.encrypt(filled(32, 32))));
    all.add(sealed("half a block", Tencent.encrypt(filled(48, 16))));
    all.add(sealed("not base64", "*".repeat(64)));
    all.add(sealed("cut base64", CRYPTO.seal(good).substring(4)));

    all.add(bad("plain in safe mode", 403, "main", Tencent.plain(TOKEN, NOW), good));
    all.add(
        sealed(
            403, "raw in safe mode", CRYPTO.seal(good), query -> query.put("encrypt_type", "raw")));
    all.add(bad("plain in compatible mode", 403, "both", Tencent.plain(TOKEN, NOW), good));
    all.add(
        bad(
            "sealed without a key",
            403,
            "plain",
            Tencent.sealed(TOKEN, NOW, CRYPTO.seal(good)),
            Tencent.envelope(CRYPTO.seal(good))));
    all.add(bad("no envelope", 400, "main", Tencent.sealed(TOKEN, NOW, CRYPTO.seal(good)), good));

    malformed()
        .forEach((name, xml) -> {
          all.add(plain(name, 400, _ -> {}, xml));
          all.add(sealed(400, name + ", sealed", CRYPTO.seal(xml), _ -> {}));
          if (name.startsWith("document type")) {
            all.add(
                bad(
                    name + ", around",
                    400,
                    "main",
                    Tencent.sealed(TOKEN, NOW, CRYPTO.seal(good)),
                    xml));
          }
        });

    all.add(plain("too large", 413, _ -> {}, Tencent.text("x".repeat(64 * 1024))));
    all.add(plain("10 MB", 413, _ -> {}, Tencent.text("x".repeat(10_000_000))));
    return all;
  }

  private static Map<String, byte[]> malformed() {
    String good = new String(Tencent.text("灯坏了"), UTF_8);
    var all = new LinkedHashMap<String, byte[]>();
    all.put("nothing", new byte[0]);
    all.put("no xml", "{\"MsgType\":\"text\"}".getBytes(UTF_8));
    all.put("cut", good.substring(0, good.length() - 20).getBytes(UTF_8));
    all.put("two roots", (good + good).getBytes(UTF_8));
    all.put("another root", good.replace("xml>", "sml>").getBytes(UTF_8));
    all.put("document type", ("<!DOCTYPE xml [<!ENTITY a \"灯\">]>" + good).getBytes(UTF_8));
    all.put("document type, empty", ("<!DOCTYPE xml>" + good).getBytes(UTF_8));
    all.put(
        "document type, outside",
        ("<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>"
                + good.replace("<![CDATA[灯坏了]]>", "&a;"))
            .getBytes(UTF_8));
    all.put("unknown entity", good.replace("<![CDATA[灯坏了]]>", "&nbsp;").getBytes(UTF_8));
    all.put("half a surrogate", good.replace("<![CDATA[灯坏了]]>", "&#xD83D;").getBytes(UTF_8));
    all.put("a character that is none", good.replace("<![CDATA[灯坏了]]>", "&#0;").getBytes(UTF_8));
    all.put(
        "processing instruction", good.replace("<Content>", "<?a b?><Content>").getBytes(UTF_8));
    all.put("style sheet", ("<?xml-stylesheet href=\"a\"?>" + good).getBytes(UTF_8));
    all.put("element in the text", good.replace("<![CDATA[灯坏了]]>", "灯<b>坏</b>了").getBytes(UTF_8));
    all.put("element for the text", good.replace("<![CDATA[灯坏了]]>", "<b>坏</b>").getBytes(UTF_8));
    all.put("no text", good.replaceAll("<Content>.*</Content>", "").getBytes(UTF_8));
    all.put(
        "two senders",
        good.replace("<CreateTime>", "<FromUserName>o2</FromUserName><CreateTime>")
            .getBytes(UTF_8));
    all.put("no sender", good.replace(Captured.OPEN_ID, " ").getBytes(UTF_8));
    all.put("endless sender", good.replace(Captured.OPEN_ID, "o".repeat(5_000)).getBytes(UTF_8));
    all.put("no id", good.replaceAll("<MsgId>.*</MsgId>", "").getBytes(UTF_8));
    all.put("endless id", good.replace("24000000000000001", "1".repeat(5_000)).getBytes(UTF_8));
    all.put("no time", good.replace("1795400000", "soon").getBytes(UTF_8));
    all.put("endless time", good.replace("1795400000", "9".repeat(30)).getBytes(UTF_8));
    all.put(
        "deep",
        good.replace("<MsgId>", "<a>".repeat(200) + "</a>".repeat(200) + "<MsgId>")
            .getBytes(UTF_8));
    all.put("not UTF-8", good.getBytes(Charset.forName("GBK")));
    all.put("cut UTF-8", cutCharacter(good));
    all.put("UTF-16", good.getBytes(UTF_16));
    all.put(
        "another encoding",
        ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + good).getBytes(ISO_8859_1));
    return all;
  }

  @ParameterizedTest
  @MethodSource("badOnes")
  void eachIsTurnedAway(Bad bad) {
    long began = System.nanoTime();
    HttpResponse<String> answer = server.post(bad.account(), bad.query(), bad.body().getBytes());
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);

    assertThat(answer.statusCode()).isEqualTo(bad.status());
    assertThat(answer.body()).isEmpty();
    assertThat(millis).isLessThan(1_000); // milliseconds, on a machine that does nothing else
  }

  @Test
  void aWrongVerificationGetsNoEcho() {
    for (String missing : new String[] {"signature", "timestamp", "nonce", "echostr"}) {
      Map<String, String> query = Tencent.plain(TOKEN, NOW);
      query.put("echostr", "123");
      query.remove(missing);
      assertThat(server.get("main", query).statusCode()).as(missing).isEqualTo(400);
    }
    Map<String, String> query = Tencent.plain("guess", NOW);
    query.put("echostr", "123");
    assertThat(server.get("main", query).statusCode()).isEqualTo(403);
    query = Tencent.plain(TOKEN, NOW.minusSeconds(700));
    query.put("echostr", "123");
    assertThat(server.get("main", query).statusCode()).isEqualTo(403);
    assertThat(server.get("nobody", query).statusCode()).isEqualTo(404);
  }

  @Test
  void aBrokenUrlIsNoServerError() throws IOException {
    for (String path :
        new String[] {"/wechat/main?signature=%zz", "/wechat/%zz?a=b", "/wechat/main?nonce=%"}) {
      try (Socket socket = server.socket()) {
        socket
            .getOutputStream()
            .write(
                ("POST "
                        + path
                        + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                        + "Connection: close\r\n\r\n")
                    .getBytes(UTF_8));
        String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
        assertThat(answer).as(path).startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @Test
  void onlyXmlIsTaken() {
    HttpRequest.Builder json =
        server
            .request("plain", Tencent.url(Tencent.plain(TOKEN, NOW)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Tencent.text("a")));

    assertThat(server.send(json).statusCode()).isEqualTo(415);
  }

  @Test
  void aBodyWithoutAnAnnouncedLengthIsNotReadToItsEnd() {
    HttpRequest.Builder chunked =
        server
            .request("plain", Tencent.url(Tencent.plain(TOKEN, NOW)))
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(Tencent.text("x".repeat(1_000_000)))));

    assertThat(server.send(chunked).statusCode()).isEqualTo(413);
  }

  @Test
  void whoDoesNotSignIsNotListenedTo() throws IOException {
    try (Socket socket = server.socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "POST /wechat/main?signature=a&timestamp=1&nonce=b HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
              .getBytes(UTF_8));
      byte[] head = socket.getInputStream().readNBytes(12);
      assertThat(new String(head, UTF_8)).isEqualTo("HTTP/1.1 403");
    }
  }

  @Test
  void whoSendsTooSlowlyIsNotWaitedFor() throws IOException {
    try (var impatient =
            new CallbackServer(
                Map.of("main", Tencent.account(Mode.SAFE)),
                Clock.fixed(NOW, ZoneOffset.UTC),
                Duration.ofMillis(50));
        Socket socket = impatient.socket()) {
      String query = Tencent.url(Tencent.sealed(TOKEN, NOW, "cipher"));
      socket
          .getOutputStream()
          .write(
              ("POST /wechat/main?"
                      + query
                      + " HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n<xml>")
                  .getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void refusalsAreCountedByReason() {
    double before = server.count("linyu.wechat.refused", "reason", "signature");

    var _ = server.post("plain", Tencent.plain("guess", NOW), Tencent.text("a"));

    assertThat(server.count("linyu.wechat.refused", "reason", "signature")).isEqualTo(before + 1);
  }

  private static Bad bad(
      String name, int status, String account, Map<String, String> query, byte[] body) {
    return new Bad(name, status, account, query, Buffer.buffer(body));
  }

  private static Bad plain(
      String name, int status, Consumer<Map<String, String>> change, byte[] body) {
    Map<String, String> query = Tencent.plain(TOKEN, NOW);
    change.accept(query);
    return bad(name, status, "plain", query, body);
  }

  private static Bad sealed(String name, String cipher) {
    return sealed(403, name, cipher, _ -> {});
  }

  private static Bad sealed(
      int status, String name, String cipher, Consumer<Map<String, String>> change) {
    Map<String, String> query = Tencent.sealed(TOKEN, NOW, cipher);
    change.accept(query);
    return bad(name, status, "main", query, Tencent.envelope(cipher));
  }

  /// Three bytes of padding that says three, but the first of them does not.
  private static String unevenPadding(byte[] message) {
    int size = 20 + APP_ID.length();
    byte[] fitting =
        Arrays.copyOf(message, message.length + (61 - (size + message.length) % 32) % 32);
    Arrays.fill(fitting, message.length, fitting.length, (byte) ' ');
    byte[] plain = new byte[size + fitting.length + 3];
    plain[18] = (byte) (fitting.length >> 8);
    plain[19] = (byte) fitting.length;
    System.arraycopy(fitting, 0, plain, 20, fitting.length);
    System.arraycopy(APP_ID.getBytes(UTF_8), 0, plain, 20 + fitting.length, APP_ID.length());
    Arrays.fill(plain, plain.length - 3, plain.length, (byte) 3);
    String right = Tencent.encrypt(plain);
    assertThat(CRYPTO.open(right)).isEqualTo(fitting);
    plain[plain.length - 3] = 2;
    return Tencent.encrypt(plain);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] cutCharacter(String good) {
    byte[] bytes = good.getBytes(UTF_8);
    int at = good.substring(0, good.indexOf("灯坏了")).getBytes(UTF_8).length;
    bytes[at + 1] = 'a';
    return bytes;
  }
}
