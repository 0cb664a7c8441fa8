package io.linyu.community;

import io.linyu.platform.auth.Vault;
import io.vertx.core.buffer.Buffer;

/// Telephone numbers: one spelling, and what of them may be shown.
final class Phones {
  private static final int SHOWN_FIRST = 3;
  private static final int SHOWN_LAST = 4;

  private Phones() {}

  /// Digits alone, without the country's code, so that the same number is found however it was
  /// typed.
  static String plain(String typed) {
    String digits = typed.replaceAll("[^0-9]", "");
    if (typed.strip().startsWith("+86")) {
      return digits.substring(2);
    }
    return digits.startsWith("0086") ? digits.substring(4) : digits;
  }

  static boolean isOne(String typed) {
    return typed.matches("[0-9 ()+-]+") && plain(typed).matches("[0-9]{5,15}");
  }

  /// Such as `120****0069`.
  static String masked(String phone) {
    int hidden = phone.length() - SHOWN_FIRST - SHOWN_LAST;
    return hidden <= 0
        ? "*".repeat(phone.length())
        : phone.substring(0, SHOWN_FIRST)
            + "*".repeat(hidden)
            + phone.substring(phone.length() - SHOWN_LAST);
  }

  /// What is hashed of the last four digits: with a word before them, so that it is the hash of
  /// nothing else.
  static String end(String phone) {
    return "phone ends " + phone.substring(Math.max(0, phone.length() - SHOWN_LAST));
  }

  static Buffer[] hashes(Vault vault, String phone) {
    return vault.hashes(phone).stream().map(Buffer::buffer).toArray(Buffer[]::new);
  }
}
