package io.linyu.casework;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What somebody types to find a case: a number, its beginning or its end, or words of the title.
///
/// @param text the whole number, or the words
/// @param digits of the number; null: they are words
/// @param pieces how numbers may begin, for each length that they can have; or the pieces of which
///   the words consist, as `title_pieces` makes them
record Sought(String text, @Nullable String digits, List<String> pieces) {
  private static final Pattern DIGITS = Pattern.compile("[\\d-]+");

  /// The first digits of a longer number; the shorter ones have five.
  private static final int SHORTEST = 5;

  private static final int LONGEST = 9;
  private static final int GROUP = 4;

  /// More make nothing clearer.
  private static final int PIECES = 12;

  /// With so many digits, only few have them.
  private static final int FEW = 3;

  /// Whether it is certain that only few are meant.
  boolean isFew() {
    return digits != null && digits.length() >= FEW;
  }

  static Sought of(String typed) {
    Optional<String> number =
        CaseNumber.parse(typed)
            .map(CaseNumber::text)
            .or(() -> Optional.of(typed).filter(DIGITS.asMatchPredicate()));
    return number.map(Sought::number).orElseGet(() -> words(typed));
  }

  private static Sought number(String typed) {
    String digits = typed.replace("-", "");
    List<String> beginnings =
        IntStream.rangeClosed(SHORTEST, LONGEST)
            .mapToObj(length -> length < digits.length() ? typed : beginning(digits, length))
            .toList();
    return new Sought(typed, digits, beginnings);
  }

  /// As the beginning of a number of this length is written: groups of four from the right.
  private static String beginning(String digits, int length) {
    var written = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      written.append(digits.charAt(i));
      int left = length - 1 - i;
      if (left > 0 && left % GROUP == 0) {
        written.append('-');
      }
    }
    return written.toString();
  }

  private static Sought words(String typed) {
    int[] characters = typed.codePoints().toArray();
    int length = Math.min(2, characters.length);
    List<String> pieces =
        IntStream.rangeClosed(0, characters.length - length)
            .mapToObj(i -> new String(characters, i, length))
            .distinct()
            .limit(PIECES)
            .toList();
    return new Sought(typed, null, pieces);
  }
}
