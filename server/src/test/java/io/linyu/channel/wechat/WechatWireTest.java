package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WechatWireTest {
  @Test
  void nothingBreaksOutOfItsSection() {
    String evil = "]]></Content><MsgType>news</MsgType><Content><![CDATA[";
    String xml = WechatWire.text("o]]>1", "gh]]><a/>", 1, evil);

    WechatFields fields = WechatFields.parse(xml.getBytes(UTF_8));
    assertThat(fields.need("ToUserName")).isEqualTo("o]]>1");
    assertThat(fields.need("FromUserName")).isEqualTo("gh]]><a/>");
    assertThat(fields.need("MsgType")).isEqualTo("text");
    assertThat(fields.text("Content")).isEqualTo(evil);
  }

  @Test
  void aTextThatJustFitsStaysWhole() {
    String fits = "灯".repeat(682) + "ab";
    assertThat(fits.getBytes(UTF_8)).hasSize(2048);
    assertThat(WechatWire.fit(fits)).isEqualTo(fits);
  }

  @Test
  void aLongTextIsCutBetweenCharacters() {
    var random = new Random(1);
    String[] pieces = {"a", "é", "灯", "😢"};
    for (int round = 0; round < 200; round++) {
      var text = new StringBuilder();
      while (text.toString().getBytes(UTF_8).length <= 2048) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      String cut = WechatWire.fit(text.toString());

      assertThat(cut.getBytes(UTF_8).length).isBetween(2042, 2048);
      assertThat(cut).endsWith("…");
      String kept = cut.substring(0, cut.length() - 1);
      assertThat(text.toString()).startsWith(kept);
      assertThat(Character.isHighSurrogate(kept.charAt(kept.length() - 1))).isFalse();
    }
  }

  @Test
  void whatXmlCannotHoldIsLeftOut() {
    assertThat(WechatWire.fit("a\u0000\u0008b\uFFFF\uD83Dc\uDE22d\ne\tf😢"))
        .isEqualTo("abcd\ne\tf😢");
  }
}
