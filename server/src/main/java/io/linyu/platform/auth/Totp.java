package io.linyu.platform.auth;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.util.encoders.Base32;

/// The changing codes of an authenticator (RFC 6238), with the parameters that every such
/// application takes: SHA-1, six digits, thirty seconds. Clocks may differ by one step.
///
/// A secret is 160 bits, as text in base 32. Whoever accepts a code keeps its step, and accepts
/// only later ones.
public final class Totp {
  private static final int SECRET_BYTES = 20;
  private static final int SECONDS = 30;
  private static final int TOLERANCE = 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Totp() {}

  public static String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return Base32.toBase32String(secret);
  }

  /// The steps whose code this is, the earliest first: none when it is wrong. All of them are
  /// compared, however early one fits.
  ///
  /// @param typed may have spaces, and digits of another script
  public static List<Long> steps(String secret, String typed, Instant now) {
    byte[] key = Base32.decode(secret);
    byte[] given = plain(typed).getBytes(StandardCharsets.UTF_8);
    long step = step(now);
    return LongStream.rangeClosed(step - TOLERANCE, step + TOLERANCE)
        .filter(
            each -> MessageDigest.isEqual(code(key, each).getBytes(StandardCharsets.UTF_8), given))
        .boxed()
        .toList();
  }

  /// What the authenticator shows at this moment.
  public static String code(String secret, Instant at) {
    return code(Base32.decode(secret), step(at));
  }

  /// What the picture says to the authenticator.
  public static String uri(String issuer, String account, String secret) {
    return "otpauth://totp/%s:%s?secret=%s&issuer=%s"
        .formatted(encoded(issuer), encoded(account), secret, encoded(issuer));
  }

  /// As typed on any keyboard: without spaces and hyphens, full-width digits as plain ones.
  public static String plain(String typed) {
    return Normalizer.normalize(typed, Normalizer.Form.NFKC).replaceAll("[\\s\\p{Pd}]+", "");
  }

  private static long step(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), SECONDS);
  }

  /// RFC 4226, section 5.3: the last four bits say which four bytes are taken.
  private static String code(byte[] key, long step) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      int offset = hash[hash.length - 1] & 0xf;
      int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & 0x7fffffff;
      return "%06d".formatted(number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
