package io.linyu.platform.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// Seals what must not be readable in the database, and finds it again by keyed hash.
///
/// Sealed bytes: one byte of key version, 12 of nonce, then AES-256-GCM's ciphertext and tag.
public final class Vault {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<Key> keys;

  private record Key(byte version, SecretKey seals, SecretKey hashes) {}

  /// @param secretsKey 32 bytes in base64. While keys change over: several, newest first, each with
  ///   its version, as in `2:new,1:old`; a key without a version is the first
  public Vault(String secretsKey) {
    var read = new ArrayList<Key>();
    for (String each : secretsKey.split(",", -1)) {
      Key key = key(each.strip());
      if (read.stream().anyMatch(other -> other.version == key.version)) {
        throw new IllegalArgumentException("two secret keys of version " + key.version);
      }
      read.add(key);
    }
    keys = List.copyOf(read);
  }

  public byte[] seal(String text) {
    Key key = keys.getFirst();
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(1 + NONCE + sealed.length)
          .put(key.version)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @throws IllegalArgumentException when it was sealed by a key that is not here, or altered
  public String open(byte[] sealed) {
    if (sealed.length < 1 + NONCE + TAG_BITS / 8) {
      throw new IllegalArgumentException("too short to be sealed");
    }
    var bytes = ByteBuffer.wrap(sealed);
    byte version = bytes.get();
    byte[] nonce = new byte[NONCE];
    bytes.get(nonce);
    Key key =
        keys.stream()
            .filter(each -> each.version == version)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no secret key of version " + version));
    try {
      byte[] text =
          cipher(Cipher.DECRYPT_MODE, key, nonce)
              .doFinal(sealed, 1 + NONCE, sealed.length - 1 - NONCE);
      return new String(text, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("sealed by another key, or altered", e);
    }
  }

  /// The same for the same text, and of no use without the key.
  public byte[] hash(String text) {
    return hash(keys.getFirst(), text);
  }

  /// By all keys, the newest first: to find what was written before the key changed.
  public List<byte[]> hashes(String text) {
    return keys.stream().map(key -> hash(key, text)).toList();
  }

  private static byte[] hash(Key key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key.hashes);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cipher cipher(int mode, Key key, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.seals, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(new byte[] {key.version});
    return cipher;
  }

  private static Key key(String text) {
    String[] part = text.split(":", 2);
    byte version = part.length == 2 ? Byte.parseByte(part[0]) : 1;
    byte[] secret = Base64.getDecoder().decode(part[part.length - 1]);
    if (secret.length != 32) {
      throw new IllegalArgumentException("a secret key has 32 bytes, not " + secret.length);
    }
    return new Key(
        version,
        derived(secret, "linyu seals", "AES"),
        derived(secret, "linyu hashes", "HmacSHA256"));
  }

  private static SecretKey derived(byte[] secret, String purpose, String algorithm) {
    try {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(secret)
              .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), 32);
      return KDF.getInstance("HKDF-SHA256").deriveKey(algorithm, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
