package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.linyu.channel.wechat.WechatAccount.Mode;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The platform's side of the callback, well-behaved or not.
final class Tencent {
  static final String APP_ID = "wx0123456789abcdef";
  static final String TOKEN = "a-token-for-tests";
  static final String OLD_TOKEN = "the-token-before";
  static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  static final String OLD_AES_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba";
  static final String SECRET = "5ecre7-5ecre7-5ecre7";
  static final Instant NOW = Instant.ofEpochSecond(1_795_400_005L);

  private Tencent() {}

  static WechatAccount account(Mode mode) {
    return account(mode, "https://api.weixin.qq.com");
  }

  static WechatAccount account(Mode mode, String apiBase) {
    boolean sealed = mode != Mode.PLAIN;
    return new WechatAccount(
        APP_ID,
        SECRET,
        TOKEN,
        OLD_TOKEN,
        sealed ? AES_KEY : null,
        sealed ? OLD_AES_KEY : null,
        mode,
        apiBase,
        apiBase.replace("//api.", "//open."),
        WechatAccount.Rights.VERIFIED,
        null);
  }

  /// The parameters of a plain push.
  static Map<String, String> plain(String token, Instant at) {
    var query = new LinkedHashMap<String, String>();
    String timestamp = Long.toString(at.getEpochSecond());
    query.put("signature", WechatCrypto.signature(token, timestamp, "nonce-1"));
    query.put("timestamp", timestamp);
    query.put("nonce", "nonce-1");
    query.put("openid", Captured.OPEN_ID);
    return query;
  }

  /// The parameters of a sealed push.
  static Map<String, String> sealed(String token, Instant at, String cipher) {
    Map<String, String> query = plain(token, at);
    query.put("encrypt_type", "aes");
    query.put(
        "msg_signature",
        WechatCrypto.signature(token, Long.toString(at.getEpochSecond()), "nonce-1", cipher));
    return query;
  }

  static String url(Map<String, String> query) {
    return query.entrySet().stream()
        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  static byte[] envelope(String cipher) {
    return ("<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName>"
            + ("<Encrypt><![CDATA[" + cipher + "]]></Encrypt></xml>"))
        .getBytes(UTF_8);
  }

  static WechatCodec.Query query(Map<String, String> query) {
    return new WechatCodec.Query(
        query.get("signature"),
        query.get("timestamp"),
        query.get("nonce"),
        query.get("encrypt_type"),
        query.get("msg_signature"));
  }

  /// An envelope that is wrong where we want it.
  ///
  /// @param length what the length field says; null for the truth
  /// @param padding the value of the padding bytes; null for the right one
  static String badEnvelope(
      byte[] message, String appId, @Nullable Integer length, @Nullable Integer padding) {
    byte[] id = appId.getBytes(UTF_8);
    int size = 20 + message.length + id.length;
    int pad = 32 - size % 32;
    byte[] plain =
        ByteBuffer.allocate(size + pad)
            .put(new byte[16])
            .putInt(length == null ? message.length : length)
            .put(message)
            .put(id)
            .array();
    Arrays.fill(plain, size, plain.length, (byte) (padding == null ? pad : padding));
    return encrypt(plain);
  }

  static String encrypt(byte[] blocks) {
    try {
      byte[] key = Base64.getDecoder().decode(AES_KEY + "=");
      Cipher aes = Cipher.getInstance("AES/CBC/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
      return Base64.getEncoder().encodeToString(aes.doFinal(blocks));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] text(String content) {
    return text(content, "24000000000000001");
  }

  static byte[] text(String content, String id) {
    return """
    <xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName>\
    <FromUserName><![CDATA[oAuntieLi-0000000000000001]]></FromUserName>\
    <CreateTime>1795400000</CreateTime><MsgType><![CDATA[text]]></MsgType>\
    <Content><![CDATA[%s]]></Content><MsgId>%s</MsgId></xml>\
    """
        .formatted(content, id)
        .getBytes(UTF_8);
  }
}
