package io.linyu.bot.match;

import java.util.List;
import java.util.regex.Pattern;

/// What certainly says nothing: signs, a sigh, a hand on the keyboard. Whatever may be a word, a
/// room, a telephone or another number of somebody's is left alone.
public final class Nonsense {
  private static final Pattern EMOJI =
      Pattern.compile("/:[a-z@&#*!;:~^'\"<>(){}|0-9_+-]+|\\[[^\\[\\]]{1,8}]|【收到不支持的消息类型.*】");
  private static final Pattern SIGHS = Pattern.compile("[啊哦噢喔嗯呃额唉哎欸嗨哈呵嘿嘻呀哇咦哼]+");
  private static final Pattern TOKEN = Pattern.compile("[a-z]+|\\d+");

  /// Up to five digits may be a room or a hotline; then telephones, and the number of an identity
  /// card.
  private static final List<Integer> LENGTHS_THAT_MEAN =
      List.of(1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 18);

  private static final String ROWS =
      " 1234567890 0987654321 qwertyuiop poiuytrewq asdfghjkl lkjhgfdsa zxcvbnm mnbvcxz ";
  private static final int RUN = 3;
  private static final int RUN_OF_DIGITS = 6;

  private Nonsense() {}

  public static boolean is(String plain) {
    String said = EMOJI.matcher(plain).replaceAll(" ");
    String letters = Plain.letters(said);
    return letters.isEmpty() || SIGHS.matcher(letters).matches() || isTyped(said, letters);
  }

  /// Signs and emoji, and not one letter, digit or character.
  public static boolean isWordless(String plain) {
    return Plain.letters(EMOJI.matcher(plain).replaceAll(" ")).isEmpty();
  }

  private static boolean isTyped(String said, String letters) {
    List<String> tokens = TOKEN.matcher(said).results().map(token -> token.group()).toList();
    if (!String.join("", tokens).equals(letters)) {
      return false;
    }
    boolean number = tokens.size() == 1 && Character.isDigit(letters.charAt(0));
    return number ? isNoNumber(letters) : tokens.stream().allMatch(Nonsense::isRuns);
  }

  private static boolean isNoNumber(String digits) {
    int length = digits.length();
    boolean run = length >= RUN_OF_DIGITS && run(digits, 0) == length;
    return run || !LENGTHS_THAT_MEAN.contains(length);
  }

  /// `asdfgh`, `qweasd`, `hhhh`: keys side by side, or one key.
  private static boolean isRuns(String token) {
    if (Character.isDigit(token.charAt(0))) {
      return false;
    }
    int at = 0;
    while (at < token.length()) {
      int run = run(token, at);
      if (run < RUN) {
        return false;
      }
      at += run;
    }
    return true;
  }

  private static int run(String token, int from) {
    int same = from + 1;
    while (same < token.length() && token.charAt(same) == token.charAt(from)) {
      same++;
    }
    int row = from + 1;
    while (row < token.length() && ROWS.contains(token.substring(from, row + 1))) {
      row++;
    }
    return Math.max(same, row) - from;
  }
}
