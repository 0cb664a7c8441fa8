package io.linyu.platform.text;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is left of personal data where it is not needed to know whom it is about.
public final class Mask {
  /// Telephone numbers, also with gaps in them, identity cards, bank cards.
  private static final Pattern NUMBER = Pattern.compile("\\d(?:[ -]?\\d){6,}[Xx]?");

  private static final int SHOWN_FIRST = 3;
  private static final int SHOWN_LAST = 4;

  private Mask() {}

  /// Such as `王**`. How long it was is not told either.
  public static String name(@Nullable String name) {
    return name == null || name.isBlank()
        ? ""
        : name.substring(0, name.offsetByCodePoints(0, 1)) + "**";
  }

  /// The same words, with `120****0069` for long numbers. Names that somebody wrote stay.
  public static String numbers(String text) {
    return NUMBER.matcher(text).replaceAll(found -> masked(found.group()));
  }

  /// Those that [#numbers] would mask, as they stand in the text.
  public static List<String> numbersIn(String text) {
    return NUMBER.matcher(text).results().map(MatchResult::group).toList();
  }

  private static String masked(String number) {
    String digits = number.replaceAll("[ -]", "");
    return digits.substring(0, SHOWN_FIRST)
        + "*".repeat(Math.max(1, digits.length() - SHOWN_FIRST - SHOWN_LAST))
        + digits.substring(Math.max(SHOWN_FIRST, digits.length() - SHOWN_LAST));
  }
}
