package io.linyu.channel.wechat;

import static io.linyu.channel.wechat.Tencent.AES_KEY;
import static io.linyu.channel.wechat.Tencent.APP_ID;
import static io.linyu.channel.wechat.Tencent.TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.Content;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatAccount.Mode;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import me.chanjar.weixin.common.util.crypto.SHA1;
import me.chanjar.weixin.common.util.crypto.WxCryptUtil;
import me.chanjar.weixin.common.util.xml.XStreamInitializer;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import me.chanjar.weixin.mp.bean.message.WxMpXmlOutMessage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What we read and write is what WxJava reads and writes, for whatever people may say.
class WechatOracleTest {
  private static final int ROUNDS = 300;

  private static final long SEED = System.nanoTime();

  private final Random random = new Random(SEED);

  @BeforeAll
  static void classes() {
    System.err.println("WechatOracleTest seed " + SEED);
    XStreamInitializer.setClassLoader(WechatOracleTest.class.getClassLoader());
  }

  @Test
  void signaturesAreTheSame() {
    for (int i = 0; i < ROUNDS; i++) {
      String[] parts = {ascii(), ascii(), ascii(), ascii()};
      assertThat(WechatCrypto.signature(parts)).as("seed %d", SEED).isEqualTo(SHA1.gen(parts));
    }
  }

  @Test
  void whatOneSealsTheOtherOpens() {
    for (int i = 0; i < ROUNDS; i++) {
      String key = aesKey();
      var ours = new WechatCrypto(key, APP_ID);
      var theirs = new WxCryptUtil(TOKEN, key, APP_ID);
      String message = text(random.nextInt(200));

      assertThat(theirs.decrypt(ours.seal(message.getBytes(UTF_8))))
          .as("seed %d", SEED)
          .isEqualTo(message);
      byte[] opened = ours.open(theirs.encrypt("0123456789abcdef", message));
      assertThat(opened).as("seed %d", SEED).isEqualTo(message.getBytes(UTF_8));
    }
  }

  @Test
  void anyChangedBitIsNoticedOrChangesTheMessage() {
    var crypto = new WechatCrypto(AES_KEY, APP_ID);
    byte[] message = text(100).getBytes(UTF_8);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] cipher = Base64.getDecoder().decode(crypto.seal(message));
      cipher[random.nextInt(cipher.length)] ^= (byte) (1 << random.nextInt(8));
      byte[] opened = crypto.open(Base64.getEncoder().encodeToString(cipher));
      // Only the first 16 bytes, which are random anyway, can be changed unseen: the signature
      // covers them.
      assertThat(opened == null || opened.length == message.length).as("seed %d", SEED).isTrue();
    }
  }

  @Test
  void textIsReadTheSame() {
    var codec = new WechatCodec("main", Tencent.account(Mode.PLAIN));
    for (int i = 0; i < ROUNDS; i++) {
      String said = text(1 + random.nextInt(300));
      String xml = message(said);
      Content ours = read(codec, xml).inbound().content();

      assertThat(ours).as("seed %d", SEED).isEqualTo(new Content.Text(unified(said), null));
      assertThat(WxMpXmlMessage.fromXml(xml).getContent())
          .as("seed %d", SEED)
          .isEqualTo(unified(said));
    }
  }

  @Test
  void capturedFieldsAreReadTheSame() {
    for (Captured one : Captured.all()) {
      String xml = new String(one.payload(), UTF_8);
      Map<String, Object> theirs = WxMpXmlMessage.fromXml(xml).getAllFieldsMap();
      var flat = new HashMap<String, String>();
      flatten("", theirs, flat);
      WechatFields ours = WechatFields.parse(one.payload());
      // Theirs folds what repeats into one, so what repeats is compared in WechatDecodingTest.
      for (Map.Entry<String, String> field : flat.entrySet()) {
        assertThat(ours.leaf(field.getKey()))
            .as(one.name() + " " + field.getKey())
            .isEqualTo(field.getValue());
      }
    }
  }

  @Test
  void repliesAreReadByWxJava() {
    var codec = new WechatCodec("main", Tencent.account(Mode.SAFE));
    var theirs = new WxCryptUtil(TOKEN, AES_KEY, APP_ID);
    for (int i = 0; i < ROUNDS; i++) {
      String text = "答" + text(random.nextInt(300));
      String cipher = theirs.encrypt("0123456789abcdef", message("灯坏了"));
      var query = Tencent.query(Tencent.sealed(TOKEN, Tencent.NOW, cipher));
      codec.admit(query, Tencent.NOW);
      WechatCodec.Opened opened = codec.open(query, Tencent.envelope(cipher));

      WechatFields envelope =
          WechatFields.parse(
              codec
                  .answer(opened, new Reply(text, Tencent.NOW), Tencent.NOW)
                  .body()
                  .getBytes(UTF_8));
      String reply =
          theirs.decryptContent(
              envelope.need("MsgSignature"),
              envelope.need("TimeStamp"),
              envelope.need("Nonce"),
              envelope.need("Encrypt"));
      assertThat(WxMpXmlMessage.fromXml(reply).getContent())
          .as("seed %d", SEED)
          .isEqualTo(unified(WechatWire.fit(text)));
    }
  }

  @Test
  void aReplySaysWhatOneOfWxJavaSays() {
    String ours = WechatWire.text("o1", "gh", 1_795_400_000L, "您好 & <a href=\"x\">看</a>");
    String theirs =
        WxMpXmlOutMessage.TEXT()
            .toUser("o1")
            .fromUser("gh")
            .content("您好 & <a href=\"x\">看</a>")
            .build()
            .toXml();

    WechatFields we = WechatFields.parse(ours.getBytes(UTF_8));
    WechatFields they = WechatFields.parse(theirs.getBytes(UTF_8));
    for (String field : new String[] {"ToUserName", "FromUserName", "MsgType", "Content"}) {
      assertThat(we.need(field)).isEqualTo(they.need(field));
    }
  }

  private WechatCodec.Opened read(WechatCodec codec, String xml) {
    return codec.open(Tencent.query(Tencent.plain(TOKEN, Tencent.NOW)), xml.getBytes(UTF_8));
  }

  /// Text sometimes in sections, sometimes escaped, as the platform may.
  private String message(String said) {
    String content =
        random.nextBoolean()
            ? "<![CDATA[" + said.replace("]]>", "]]]]><![CDATA[>") + "]]>"
            : said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    return "<xml><ToUserName><![CDATA[gh]]></ToUserName>\n"
        + "<FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1795400000</CreateTime>\n"
        + ("<MsgType><![CDATA[text]]></MsgType><Content>" + content + "</Content>")
        + "<MsgId>123</MsgId></xml>";
  }

  /// XML makes one line feed of every other end of a line.
  private static String unified(String text) {
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static void flatten(String path, Object value, Map<String, String> flat) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, each) ->
          flatten(
              path.isEmpty() ? name.toString() : path + "." + name,
              Objects.requireNonNull(each),
              flat));
    } else if (value instanceof String text) {
      flat.put(path, text);
    }
  }

  private String text(int length) {
    String[] pieces = {
      "灯",
      "a",
      " ",
      "😢",
      "𠮷",
      "<",
      ">",
      "&",
      "]]>",
      "]",
      "\"",
      "'",
      "\n",
      "\t",
      "é",
      "{",
      "/:rose",
      "&amp;",
      "</xml>",
      "\u2028",
      "\uFFFD",
      "👨‍👩‍👧"
    };
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  private String ascii() {
    return random
        .ints(1 + random.nextInt(40), '!', '~')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private String aesKey() {
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    return random
        .ints(43, 0, letters.length())
        .mapToObj(at -> letters.substring(at, at + 1))
        .reduce("", String::concat);
  }
}
