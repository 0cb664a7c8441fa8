package io.linyu.casework;

import java.util.regex.Pattern;

/// A matter in short, for lists: its first clause, cut where it gets long.
final class Titles {
  private static final int LONGEST = 24;
  private static final int SHORTEST = 4;
  private static final Pattern ENDS = Pattern.compile("[。！？!?；;\\n\\r]");

  private Titles() {}

  static String of(String what) {
    String plain = what.strip();
    for (String sentence : ENDS.split(plain, -1)) {
      String clause = sentence.strip();
      if (clause.codePointCount(0, clause.length()) >= SHORTEST) {
        return shortened(clause);
      }
    }
    return shortened(plain.replaceAll("\\s+", " "));
  }

  private static String shortened(String text) {
    if (text.codePointCount(0, text.length()) <= LONGEST) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
