package io.linyu.simulator.wechat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The platform's signatures and its encryption: 16 random bytes, the length, the message, the
/// appid, padded to multiples of 32.
public final class Envelope {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BLOCK = 32;
  private static final int SALT = 16;

  private final byte[] key;
  private final byte[] appId;

  public Envelope(String aesKey, String appId) {
    this.key = Base64.getDecoder().decode(aesKey + "=");
    this.appId = appId.getBytes(StandardCharsets.US_ASCII);
  }

  public static String signature(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    try {
      var sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of()
          .formatHex(sha1.digest(String.join("", sorted).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public String seal(String message) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    int bare = SALT + Integer.BYTES + text.length + appId.length;
    int pad = BLOCK - bare % BLOCK;
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    byte[] padding = new byte[pad];
    Arrays.fill(padding, (byte) pad);
    byte[] whole =
        ByteBuffer.allocate(bare + pad)
            .put(salt)
            .putInt(text.length)
            .put(text)
            .put(appId)
            .put(padding)
            .array();
    return Base64.getEncoder().encodeToString(run(Cipher.ENCRYPT_MODE, whole));
  }

  /// @throws IllegalArgumentException when any part of it is not as it must be
  public String open(String sealed) {
    byte[] whole = run(Cipher.DECRYPT_MODE, Base64.getDecoder().decode(sealed));
    int pad = whole[whole.length - 1];
    if (pad < 1 || pad > BLOCK || pad > whole.length) {
      throw new IllegalArgumentException("padding of " + pad);
    }
    var bare = ByteBuffer.wrap(whole, SALT, whole.length - pad - SALT);
    int length = bare.getInt();
    if (length < 0 || length > bare.remaining()) {
      throw new IllegalArgumentException("a length of " + length);
    }
    byte[] text = new byte[length];
    byte[] sender = new byte[bare.get(text).remaining()];
    bare.get(sender);
    if (!Arrays.equals(sender, appId)) {
      throw new IllegalArgumentException("meant for another appid");
    }
    return new String(text, StandardCharsets.UTF_8);
  }

  private byte[] run(int mode, byte[] bytes) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
      return cipher.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot be decrypted", e);
    }
  }
}
