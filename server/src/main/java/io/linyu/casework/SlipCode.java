package io.linyu.casework;

import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/// By which somebody follows their matter without any telephone: ten characters of 50 random bits,
/// and an eleventh that checks them, so that a slip of the finger costs no try. Read aloud and
/// typed in groups, such as `7K2M-9QXD-4TR`.
///
/// The digits are those of Crockford's base 32, without letters that look like digits. The check is
/// a weighted sum in the field of 32 elements: it finds every single wrong character and every swap
/// of two neighbours.
record SlipCode(String text) {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int RANDOM_DIGITS = 10;
  private static final int GROUP = 4;

  /// x⁵ + x² + 1.
  private static final int FIELD = 0b100101;

  private static final SecureRandom RANDOM = new SecureRandom();

  static SlipCode random() {
    var bytes = new byte[RANDOM_DIGITS];
    RANDOM.nextBytes(bytes);
    var code = new StringBuilder(RANDOM_DIGITS + 1);
    for (byte each : bytes) {
      code.append(DIGITS.charAt(each & 31));
    }
    return new SlipCode(code.append(DIGITS.charAt(check(code.toString()))).toString());
  }

  /// Reads what somebody typed: in small letters, in full width, with spaces or without the
  /// hyphens, with the letter O for nought. Empty when it cannot be one of ours.
  static Optional<SlipCode> parse(String typed) {
    String plain =
        Normalizer.normalize(typed, Normalizer.Form.NFKC)
            .toUpperCase(Locale.ROOT)
            .replaceAll("[\\s\\p{Pd}_.·−]", "")
            .replace('O', '0')
            .replace('I', '1')
            .replace('L', '1')
            .replace('U', 'V');
    if (plain.length() != RANDOM_DIGITS + 1
        || plain.chars().anyMatch(each -> DIGITS.indexOf(each) < 0)) {
      return Optional.empty();
    }
    String body = plain.substring(0, RANDOM_DIGITS);
    return DIGITS.charAt(check(body)) == plain.charAt(RANDOM_DIGITS)
        ? Optional.of(new SlipCode(plain))
        : Optional.empty();
  }

  private static int check(String body) {
    int sum = 0;
    int weight = 1;
    for (int i = 0; i < body.length(); i++) {
      weight = product(weight, 2);
      sum ^= product(weight, DIGITS.indexOf(body.charAt(i)));
    }
    return sum;
  }

  private static int product(int one, int other) {
    int product = 0;
    int shifted = one;
    for (int left = other; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        product ^= shifted;
      }
      shifted <<= 1;
      if (shifted > 31) {
        shifted ^= FIELD;
      }
    }
    return product;
  }

  /// What is hashed: with words before it, so that it is the hash of nothing else.
  String hashed() {
    return "slip code " + text;
  }

  String grouped() {
    var grouped = new StringBuilder(text);
    for (int i = GROUP; i < grouped.length(); i += GROUP + 1) {
      grouped.insert(i, '-');
    }
    return grouped.toString();
  }
}
