package io.linyu.platform.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Argon2id in the usual text form, with the parameters OWASP names for 19 MiB.
public final class Passwords {
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int HASH_BYTES = 32;
  private static final int STRETCHES = 20_000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Passwords() {}

  public static String hash(String password) {
    byte[] salt = new byte[16];
    RANDOM.nextBytes(salt);
    var text = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB,
            PASSES,
            LANES,
            text.encodeToString(salt),
            text.encodeToString(argon2id(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES)));
  }

  public static boolean matches(String password, String stored) {
    String[] part = stored.split("[$=,]", -1);
    if (part.length != 12 || !part[1].equals("argon2id")) {
      throw new IllegalArgumentException("not an argon2id hash");
    }
    byte[] salt = Base64.getDecoder().decode(part[10]);
    byte[] expected = Base64.getDecoder().decode(part[11]);
    byte[] actual =
        argon2id(
            password,
            salt,
            Integer.parseInt(part[5]),
            Integer.parseInt(part[7]),
            Integer.parseInt(part[9]),
            expected.length);
    return MessageDigest.isEqual(expected, actual);
  }

  /// For random codes of 60 bits, which need less: PBKDF2, so slow that nobody tries all, and the
  /// same for the same code and salt, so that it is found by it.
  public static byte[] stretched(String code, String salt) {
    var key =
        new PBEKeySpec(
            code.toCharArray(),
            salt.getBytes(StandardCharsets.UTF_8),
            STRETCHES,
            HASH_BYTES * Byte.SIZE);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(key).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static byte[] argon2id(
      String password, byte[] salt, int memory, int passes, int lanes, int length) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withSalt(salt)
            .withMemoryAsKB(memory)
            .withIterations(passes)
            .withParallelism(lanes)
            .build());
    byte[] hash = new byte[length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }
}
