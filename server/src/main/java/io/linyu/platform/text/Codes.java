package io.linyu.platform.text;

import java.security.SecureRandom;

/// Random codes for what the outside may know: 80 bits, lower-case letters and digits without those
/// that look alike.
public final class Codes {
  private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz023456789";
  private static final int LENGTH = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Codes() {}

  public static String random() {
    var bytes = new byte[LENGTH];
    RANDOM.nextBytes(bytes); // at once: each call may wait for another thread's
    var code = new StringBuilder(LENGTH);
    for (byte each : bytes) {
      code.append(LETTERS.charAt(each & (LETTERS.length() - 1))); // 32 of them: five of eight bits
    }
    return code.toString();
  }
}
