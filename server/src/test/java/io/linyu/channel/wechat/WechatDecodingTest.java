package io.linyu.channel.wechat;

import static io.linyu.channel.wechat.Tencent.NOW;
import static io.linyu.channel.wechat.Tencent.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Inbound;
import io.linyu.channel.wechat.WechatAccount.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WechatDecodingTest {
  static List<Captured> captured() {
    return Captured.all();
  }

  @ParameterizedTest
  @MethodSource("captured")
  void eachKindSaysTheSamePlainAndSealed(Captured one) {
    byte[] payload = one.payload();
    String cipher = new WechatCrypto(Tencent.AES_KEY, Tencent.APP_ID).seal(payload);

    assertSays(one, Mode.PLAIN, Tencent.plain(TOKEN, NOW), payload);
    assertSays(one, Mode.SAFE, Tencent.sealed(TOKEN, NOW, cipher), Tencent.envelope(cipher));
    byte[] both = lying(payload, cipher);
    assertSays(one, Mode.COMPATIBLE, Tencent.sealed(TOKEN, NOW, cipher), both);
  }

  @Test
  void noFileIsForgotten() throws IOException {
    try (var files = Files.list(Path.of("src/test/resources/wechat"))) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".xml", "")))
          .containsExactlyInAnyOrderElementsOf(
              Captured.all().stream().map(Captured::name).toList());
    }
  }

  @Test
  void eachKindOpensItsWindow() {
    for (Captured one : Captured.all()) {
      assertThat(WechatChannel.window(one.content())).as(one.name()).isEqualTo(one.opens());
    }
  }

  private static void assertSays(
      Captured one, Mode mode, Map<String, String> parameters, byte[] body) {
    var codec = new WechatCodec("main", Tencent.account(mode));
    var query = Tencent.query(parameters);
    codec.admit(query, NOW);
    WechatCodec.Opened opened = codec.open(query, body);

    Inbound inbound = opened.inbound();
    assertThat(inbound.content()).isEqualTo(one.content());
    assertThat(inbound.externalId()).isEqualTo(one.externalId());
    assertThat(inbound.from()).isEqualTo(new AddressKey("wechat", "main", Captured.OPEN_ID));
    assertThat(inbound.sentAt())
        .isBetween(Instant.ofEpochSecond(1_795_400_000L), NOW.plusSeconds(60));
    assertThat(opened.ourselves()).isEqualTo(Captured.OURSELVES);
    assertThat(opened.seal() != null).isEqualTo(mode != Mode.PLAIN);
  }

  /// In compatible mode the plain copy is not signed, so here it says something else.
  private static byte[] lying(byte[] payload, String cipher) {
    return new String(payload, StandardCharsets.UTF_8)
        .replace(Captured.OPEN_ID, "oSomebodyElse")
        .replace("</xml>", "<Encrypt><![CDATA[" + cipher + "]]></Encrypt></xml>")
        .getBytes(StandardCharsets.UTF_8);
  }
}
