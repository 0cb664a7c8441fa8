package io.linyu.platform.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// Seals what must not be readable in the database, and finds it again by keyed hash; signs what
/// goes out and comes back.
///
/// Sealed bytes: one byte of key version, 12 of nonce, then AES-256-GCM's ciphertext and tag.
public final class Vault {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final int LAST_VERSION = 255;
  private static final int SHORTEST_SIGNATURE = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final List<Key> keys;

  /// @param version 0 as long as nobody has given it one: it opens, and seals nothing
  record Key(int version, SecretKey seals, SecretKey hashes, SecretKey signs, String fingerprint) {
    Key withVersion(int given) {
      return new Key(given, seals, hashes, signs, fingerprint);
    }

    boolean is(Key other) {
      return fingerprint.equals(other.fingerprint);
    }
  }

  /// @param secretsKey 32 bytes in base64. While keys change over: several, newest first, as in
  ///   `new,old`; each may have its version before it, as in `2:new,1:old`
  public Vault(String secretsKey) {
    this(numbered(read(secretsKey)));
  }

  /// @param keys the first seals, all open
  Vault(List<Key> keys) {
    this.keys = List.copyOf(keys);
  }

  /// The same key twice counts once.
  static List<Key> read(String secretsKey) {
    var read = new ArrayList<Key>();
    for (String each : secretsKey.split(",", -1)) {
      Key key = key(each.strip());
      if (read.stream().anyMatch(other -> other.version == key.version && key.version > 0)) {
        throw new IllegalArgumentException("two secret keys of version " + key.version);
      }
      if (read.stream().noneMatch(key::is)) {
        read.add(key);
      }
    }
    return read;
  }

  /// Those without a version get the lowest that are free, the oldest first.
  static List<Key> numbered(List<Key> keys) {
    var taken = keys.stream().map(Key::version).collect(Collectors.toCollection(TreeSet::new));
    var numbered = new ArrayList<Key>();
    for (Key each : keys.reversed()) {
      int version = each.version;
      for (int free = 1; version == 0; free++) {
        version = taken.add(free) ? free : 0;
      }
      numbered.addFirst(each.withVersion(version));
    }
    return numbered;
  }

  /// The version of what is sealed now.
  public int version() {
    return keys.getFirst().version;
  }

  boolean knows(int version) {
    return keys.stream().anyMatch(key -> key.version == version);
  }

  public byte[] seal(String text) {
    Key key = keys.getFirst();
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key, (byte) key.version, nonce)
              .doFinal(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(1 + NONCE + sealed.length)
          .put((byte) key.version)
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
    int version = Byte.toUnsignedInt(sealed[0]);
    // Another server may seal with a key already that has no version here yet: so all are tried.
    List<Key> likely =
        keys.stream().sorted(Comparator.comparing(key -> key.version != version)).toList();
    GeneralSecurityException why = null;
    for (Key key : likely) {
      try {
        byte[] text =
            cipher(Cipher.DECRYPT_MODE, key, sealed[0], Arrays.copyOfRange(sealed, 1, 1 + NONCE))
                .doFinal(sealed, 1 + NONCE, sealed.length - 1 - NONCE);
        return new String(text, StandardCharsets.UTF_8);
      } catch (GeneralSecurityException e) {
        why = e;
      }
    }
    throw new IllegalArgumentException(
        "sealed by another key (version " + version + "), or altered", why);
  }

  boolean opens(byte[] sealed) {
    try {
      var _ = open(sealed);
      return true;
    } catch (IllegalArgumentException cannot) {
      return false;
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

  /// Shows later that this text came from here, whoever carried it meanwhile.
  ///
  /// @param purpose what is signed for one is good for no other
  public byte[] sign(String purpose, String text) {
    return signature(keys.getFirst(), purpose, text);
  }

  /// Whether it was signed here, by the present key or one before it.
  ///
  /// @param signature the beginning of what [#sign] gave is enough, as long as 16 bytes are left
  public boolean hasSigned(String purpose, String text, byte[] signature) {
    return signature.length >= SHORTEST_SIGNATURE
        && keys.stream()
            .anyMatch(key ->
                MessageDigest.isEqual(
                    Arrays.copyOf(signature(key, purpose, text), signature.length), signature));
  }

  private static byte[] signature(Key key, String purpose, String text) {
    return authenticated(key.signs, purpose + '\n' + text);
  }

  private static byte[] hash(Key key, String text) {
    return authenticated(key.hashes, text);
  }

  private static byte[] authenticated(SecretKey key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cipher cipher(int mode, Key key, byte version, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.seals, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(new byte[] {version});
    return cipher;
  }

  private static Key key(String text) {
    String[] part = text.split(":", 2);
    int version = part.length == 2 ? Integer.parseInt(part[0]) : 0;
    if (part.length == 2 && (version < 1 || version > LAST_VERSION)) {
      throw new IllegalArgumentException("versions of secret keys are 1 to " + LAST_VERSION);
    }
    byte[] secret = Base64.getDecoder().decode(part[part.length - 1]);
    if (secret.length != 32) {
      throw new IllegalArgumentException("a secret key has 32 bytes, not " + secret.length);
    }
    return new Key(
        version,
        derived(secret, "linyu seals", "AES"),
        derived(secret, "linyu hashes", "HmacSHA256"),
        derived(secret, "linyu signs", "HmacSHA256"),
        HexFormat.of().formatHex(derived(secret, "linyu is known by", "HmacSHA256").getEncoded()));
  }

  private static SecretKey derived(byte[] secret, String purpose, String algorithm) {
    try {
      var parameters =
          HKDFParameterSpec.ofExtract()
              .addIKM(secret)
              .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), 32);
      // Named: a search would load every provider on the class path, and one of them is large.
      return KDF.getInstance("HKDF-SHA256", "SunJCE").deriveKey(algorithm, parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
