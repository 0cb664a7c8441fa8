package io.linyu.casework;

import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A case's number, for speech: `3-0417`. It opens nothing.
///
/// The last digit checks the others: Damm's table finds every single wrong digit and every swap of
/// two neighbours. Groups of four are counted from the right, so numbers may grow for ever.
///
/// What was closed and is opened again keeps its number, and has its round behind it: `3-0417-2`.
/// That is shown, and never kept or sought: whatever is read out of what somebody typed is the
/// number alone.
public record CaseNumber(String text) {
  private static final String[] DAMM = {
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
  };
  private static final String SPOKEN = "零一二三四五六七八九";
  private static final int SHORTEST = 5;

  private static final Pattern LONE_O = Pattern.compile("(?<![A-Za-z])[oO](?![A-Za-z])");
  private static final Pattern WRITTEN =
      Pattern.compile("(?<!\\d)\\d(?:[\\s.\\-‐‑‒–—―−ー杠]{0,3}\\d){" + (SHORTEST - 1) + ",9}(?!\\d)");

  /// With a round behind it. A group has four digits, so that is none.
  private static final Pattern AGAIN = Pattern.compile("(\\d{1,4}(?:-\\d{4})+)-([2-9]|[1-9]\\d)");

  /// The same as people write it.
  private static final Pattern AGAIN_WRITTEN =
      Pattern.compile(
          "(?<!\\d)(\\d{1,4}(?:[\\s.\\-‐‑‒–—―−ー杠]{1,3}\\d{4}){1,2}|\\d{5,10})[.\\-‐‑‒–—―−ー杠]\\d{1,2}(?!\\d)");

  public CaseNumber {
    String base = base(text);
    if (!isSound(digits(base)) || !base.equals(grouped(digits(base)))) {
      throw new IllegalArgumentException("not a case number: " + text);
    }
  }

  /// As it is kept, without its round.
  public String base() {
    return base(text);
  }

  private static String base(String text) {
    Matcher again = AGAIN.matcher(text);
    return again.matches() ? again.group(1) : text;
  }

  /// For how many-th time it is handled.
  public int round() {
    Matcher again = AGAIN.matcher(text);
    return again.matches() ? Integer.parseInt(again.group(2)) : 1;
  }

  /// The number of the n-th case.
  public static CaseNumber nth(long n) {
    String body = "%04d".formatted(n);
    return new CaseNumber(grouped(body + check(body)));
  }

  /// Reads what a person typed or dictated: with spaces, in full width, without the hyphen, in
  /// Chinese digits, with words such as 单号 before it, and with its round or without. Empty when it
  /// is no number of ours.
  public static Optional<CaseNumber> parse(String typed) {
    String plain = plain(typed);
    // Its round would be taken for digits of it.
    return AGAIN_WRITTEN
        .matcher(plain)
        .results()
        .flatMap(found -> sound(found.group(1)).stream())
        .findFirst()
        .or(() ->
            WRITTEN
                .matcher(plain)
                .results()
                .flatMap(found -> sound(found.group()).stream())
                .findFirst());
  }

  private static Optional<CaseNumber> sound(String found) {
    String digits = digits(found);
    return isSound(digits) ? Optional.of(new CaseNumber(grouped(digits))) : Optional.empty();
  }

  private static String plain(String typed) {
    var plain = new StringBuilder();
    String narrow = Normalizer.normalize(typed, Normalizer.Form.NFKC);
    for (char c : LONE_O.matcher(narrow).replaceAll("0").toCharArray()) {
      int spoken = SPOKEN.indexOf(c);
      plain.append(
          switch (c) {
            case '〇' -> '0';
            case '幺' -> '1';
            case '两' -> '2';
            default -> spoken >= 0 ? (char) ('0' + spoken) : c;
          });
    }
    return plain.toString();
  }

  private static boolean isSound(String digits) {
    return digits.length() >= SHORTEST
        && check(digits) == '0'
        && (digits.length() == SHORTEST || digits.charAt(0) != '0');
  }

  private static char check(String digits) {
    int interim = 0;
    for (int i = 0; i < digits.length(); i++) {
      interim = DAMM[interim].charAt(digits.charAt(i) - '0') - '0';
    }
    return (char) ('0' + interim);
  }

  private static String digits(String text) {
    return text.replaceAll("\\D", "");
  }

  private static String grouped(String digits) {
    var grouped = new StringBuilder(digits);
    for (int i = digits.length() - 4; i > 0; i -= 4) {
      grouped.insert(i, '-');
    }
    return grouped.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
