package io.linyu.bot.match;

/// The spelling in which texts are compared: half width, lower case, one kind of punctuation, no
/// spaces but between two Latin words.
public final class Plain {
  /// Longer texts are matched by their beginning; nobody's emergency starts later than this.
  private static final int ENOUGH = 1_000;

  private Plain() {}

  public static String of(String said) {
    int end = Math.min(said.length(), ENOUGH);
    var plain = new StringBuilder(end);
    boolean gap = false;
    for (int i = 0; i < end; i++) {
      char c = one(said.charAt(i));
      if (c == ' ') {
        gap = true;
        continue;
      }
      if (gap && isLatin(c) && !plain.isEmpty() && isLatin(plain.charAt(plain.length() - 1))) {
        plain.append(' ');
      }
      gap = false;
      plain.append(c);
    }
    return plain.toString();
  }

  /// Half width and lower case only, so that every position is that of the original.
  public static String aligned(String said) {
    var aligned = new StringBuilder(said.length());
    said.chars().forEach(c -> aligned.append(one((char) c)));
    return aligned.toString();
  }

  /// The same without any punctuation at its ends: `对。` is `对`.
  public static String bare(String plain) {
    int from = 0;
    int to = plain.length();
    while (from < to && isMark(plain.charAt(from))) {
      from++;
    }
    while (to > from && isMark(plain.charAt(to - 1))) {
      to--;
    }
    return plain.substring(from, to);
  }

  /// How many letters, digits and characters there are.
  public static int weight(String plain) {
    return (int) plain.chars().filter(c -> !isMark((char) c)).count();
  }

  /// These alone, without marks and spaces; a sign that is neither letter nor digit is none.
  public static String letters(String plain) {
    return plain
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  static boolean isLatin(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '\'';
  }

  static boolean isMark(char c) {
    return c != '\'' && !Character.isLetterOrDigit(c) && !Character.isSurrogate(c);
  }

  private static char one(char c) {
    if (Character.isWhitespace(c) || c == '\u3000' || c == '\u00a0') {
      return c == '\n' ? '.' : ' ';
    }
    if (c >= '\uff01' && c <= '\uff5e') {
      c = (char) (c - 0xfee0);
    }
    return switch (c) {
      case '。' -> '.';
      case '、', ';' -> ',';
      case '’', '‘' -> '\'';
      default -> Character.toLowerCase(c);
    };
  }
}
