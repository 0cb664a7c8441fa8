package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The signatures of the platform, and its sealed envelope: 16 random bytes, the length, the
/// message and the appid, padded to 32 bytes, under AES-256-CBC.
///
/// https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Message_encryption_and_decryption_instructions.html
public final class WechatCrypto {
  private static final int BLOCK = 32;
  private static final int RANDOM_BYTES = 16;
  private static final int HEAD = RANDOM_BYTES + Integer.BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final ThreadLocal<MessageDigest> SHA1 =
      ThreadLocal.withInitial(WechatCrypto::newSha1);
  private static final ThreadLocal<Cipher> AES = ThreadLocal.withInitial(WechatCrypto::newAes);

  private final SecretKeySpec key;
  private final IvParameterSpec iv;
  private final byte[] appId;

  /// @param aesKey 43 characters, base64 without its last `=`
  public WechatCrypto(String aesKey, String appId) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(aesKey + "=");
    } catch (IllegalArgumentException e) {
      bytes = new byte[0];
    }
    if (bytes.length != 32) {
      throw new IllegalArgumentException("an AES key of WeChat is 43 letters and digits");
    }
    this.key = new SecretKeySpec(bytes, "AES");
    this.iv = new IvParameterSpec(bytes, 0, 16);
    this.appId = appId.getBytes(UTF_8);
  }

  /// The SHA-1 of the parts, sorted and joined, in lower-case hex.
  public static String signature(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    MessageDigest sha1 = SHA1.get();
    for (String part : sorted) {
      sha1.update(part.getBytes(UTF_8));
    }
    return HexFormat.of().formatHex(sha1.digest());
  }

  /// Takes the same time wherever the difference lies.
  static boolean isSignature(String claimed, String... parts) {
    return MessageDigest.isEqual(claimed.getBytes(UTF_8), signature(parts).getBytes(ISO_8859_1));
  }

  public String seal(byte[] message) {
    int length = HEAD + message.length + appId.length;
    int padding = BLOCK - length % BLOCK;
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    byte[] plain =
        ByteBuffer.allocate(length + padding)
            .put(random)
            .putInt(message.length)
            .put(message)
            .put(appId)
            .array();
    Arrays.fill(plain, length, plain.length, (byte) padding);
    return Base64.getEncoder().encodeToString(run(Cipher.ENCRYPT_MODE, plain));
  }

  /// Null when it is not an envelope sealed with this key for this appid, down to the last byte of
  /// the padding. The platform's own sample takes wrong padding for none; we do not.
  public byte @Nullable [] open(String sealed) {
    byte[] cipher;
    try {
      cipher = Base64.getDecoder().decode(sealed);
    } catch (IllegalArgumentException e) {
      return null;
    }
    if (cipher.length == 0 || cipher.length % BLOCK != 0) {
      return null;
    }
    byte[] plain = run(Cipher.DECRYPT_MODE, cipher);
    int padding = plain[plain.length - 1];
    if (padding < 1 || padding > BLOCK) {
      return null;
    }
    int end = plain.length - padding;
    for (int i = end; i < plain.length; i++) {
      if (plain[i] != padding) {
        return null;
      }
    }
    if (end < HEAD) {
      return null;
    }
    int length = ByteBuffer.wrap(plain).getInt(RANDOM_BYTES);
    if (length < 0 || length > end - HEAD) {
      return null;
    }
    byte[] theirs = Arrays.copyOfRange(plain, HEAD + length, end);
    return MessageDigest.isEqual(theirs, appId)
        ? Arrays.copyOfRange(plain, HEAD, HEAD + length)
        : null;
  }

  static String nonce() {
    return Long.toUnsignedString(RANDOM.nextLong());
  }

  private byte[] run(int mode, byte[] input) {
    try {
      Cipher aes = AES.get();
      aes.init(mode, key, iv);
      return aes.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // whole blocks and a good key cannot fail
    }
  }

  private static MessageDigest newSha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cipher newAes() {
    try {
      return Cipher.getInstance("AES/CBC/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
