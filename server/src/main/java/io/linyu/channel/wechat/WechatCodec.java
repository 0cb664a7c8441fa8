package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Inbound;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatRefused.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one account sends, verified and translated, and the reply on its way back. Everything that
/// is not as it should be ends in a [WechatRefused].
final class WechatCodec {
  static final String CHANNEL = "wechat";

  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final int LONGEST_PARAMETER = 256;
  private static final int LONGEST_ADDRESS = 128;
  private static final String SUCCESS = "success";

  private final String key;
  private final WechatAccount.Mode mode;
  private final List<String> tokens;
  private final List<WechatCrypto> keys;

  /// The parameters of the URL.
  record Query(
      @Nullable String signature,
      @Nullable String timestamp,
      @Nullable String nonce,
      @Nullable String encryptType,
      @Nullable String messageSignature) {}

  /// @param ourselves the original id of our account, which signs the reply
  /// @param seal how the reply is sealed, because the message was
  record Opened(Inbound inbound, String ourselves, @Nullable Seal seal) {}

  record Seal(WechatCrypto crypto, String token) {}

  record Answer(String type, String body) {}

  /// @param key the account's name in the settings
  WechatCodec(String key, WechatAccount account) {
    this.key = key;
    this.mode = account.mode();
    this.tokens = some(account.token(), account.previousToken());
    this.keys =
        some(account.aesKey(), account.previousAesKey()).stream()
            .map(aesKey -> new WechatCrypto(aesKey, account.appId()))
            .toList();
  }

  /// Looks at the URL alone.
  void verify(Query query, Instant now) {
    String timestamp = parameter(query.timestamp());
    Instant signedAt = Instant.ofEpochSecond(seconds(timestamp));
    var _ = signer(parameter(query.signature()), timestamp, parameter(query.nonce()));
    if (Duration.between(signedAt, now).abs().compareTo(FRESH) > 0) {
      throw new WechatRefused(403, Reason.STALE);
    }
  }

  /// The same before a message is read, so that who cannot sign is not even listened to.
  void admit(Query query, Instant now) {
    verify(query, now);
    if (isSealed(query)) {
      parameter(query.messageSignature());
      if (keys.isEmpty()) {
        throw new WechatRefused(403, Reason.ENVELOPE);
      }
    } else if (mode != WechatAccount.Mode.PLAIN) {
      throw new WechatRefused(403, Reason.PLAINTEXT);
    }
  }

  Opened open(Query query, byte[] body) {
    WechatFields fields = WechatFields.parse(body);
    return isSealed(query) ? unseal(query, fields.need("Encrypt")) : opened(fields, null);
  }

  Answer answer(Opened opened, Reply reply, Instant now) {
    String text = reply.text() == null ? "" : WechatWire.fit(reply.text());
    if (text.isBlank()) {
      return new Answer("text/plain; charset=utf-8", SUCCESS); // an empty text would show a fault
    }
    String message =
        WechatWire.text(
            opened.inbound().from().externalId(),
            opened.ourselves(),
            reply.at().getEpochSecond(),
            text);
    Seal seal = opened.seal();
    return new Answer(
        "text/xml; charset=utf-8", seal == null ? message : sealed(seal, message, now));
  }

  private static String sealed(Seal seal, String message, Instant now) {
    String cipher = seal.crypto().seal(message.getBytes(UTF_8));
    String timestamp = Long.toString(now.getEpochSecond());
    String nonce = WechatCrypto.nonce();
    return WechatWire.envelope(
        cipher, WechatCrypto.signature(seal.token(), timestamp, nonce, cipher), timestamp, nonce);
  }

  private Opened unseal(Query query, String sealed) {
    String token =
        signer(
            parameter(query.messageSignature()),
            parameter(query.timestamp()),
            parameter(query.nonce()),
            sealed);
    for (WechatCrypto crypto : keys) {
      byte[] message = crypto.open(sealed);
      if (message != null) {
        return opened(WechatFields.parse(message), new Seal(crypto, token));
      }
    }
    throw new WechatRefused(403, Reason.ENVELOPE);
  }

  private Opened opened(WechatFields fields, @Nullable Seal seal) {
    String openId = WechatContents.atMost(LONGEST_ADDRESS, fields.need("FromUserName"));
    String ourselves = WechatContents.atMost(LONGEST_ADDRESS, fields.need("ToUserName"));
    var inbound =
        new Inbound(
            new AddressKey(CHANNEL, key, openId),
            WechatContents.externalId(fields),
            Instant.ofEpochSecond(seconds(fields.need("CreateTime"))),
            WechatContents.read(fields));
    return new Opened(inbound, ourselves, seal);
  }

  /// The token that has signed it: while the platform changes over, both are in use.
  private String signer(String signature, String... parts) {
    String[] all = Arrays.copyOf(parts, parts.length + 1);
    String signer = null;
    for (String token : tokens) {
      all[parts.length] = token;
      if (WechatCrypto.isSignature(signature, all)) {
        signer = token;
      }
    }
    if (signer == null) {
      throw new WechatRefused(403, Reason.SIGNATURE);
    }
    return signer;
  }

  private static boolean isSealed(Query query) {
    return switch (query.encryptType()) {
      case null -> false;
      case "raw" -> false;
      case "aes" -> true;
      default -> throw new WechatRefused(400, Reason.PARAMETER);
    };
  }

  private static String parameter(@Nullable String value) {
    if (value == null || value.isEmpty() || value.length() > LONGEST_PARAMETER) {
      throw new WechatRefused(400, Reason.PARAMETER);
    }
    return value;
  }

  /// Digits alone, and few enough to be a moment.
  private static long seconds(String digits) {
    if (digits.length() > 12 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new WechatRefused(400, Reason.PARAMETER);
    }
    return Long.parseLong(digits);
  }

  private static List<String> some(@Nullable String first, @Nullable String second) {
    var some = new ArrayList<String>();
    if (first != null) {
      some.add(first);
    }
    if (second != null) {
      some.add(second);
    }
    return some;
  }
}
