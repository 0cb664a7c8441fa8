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
    var code = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      code.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return code.toString();
  }
}
