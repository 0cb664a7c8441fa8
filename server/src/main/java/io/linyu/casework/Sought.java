package io.linyu.casework;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What somebody types to find a case: a number, its beginning or its end; the end of a telephone
/// number; or words, each of which must be in it, or name its place or its person.
///
/// @param text what was typed
/// @param digits of the number; null: it is none
/// @param end the last four digits of a telephone number that may be meant, too, or alone; null: no
/// @param beginnings how numbers may begin, for each length that they can have
/// @param terms the words; of a number none
/// @param persons the ids of those whose number it is, where it is one of a telephone
record Sought(
    String text,
    @Nullable String digits,
    @Nullable String end,
    List<String> beginnings,
    List<Term> terms,
    List<Long> persons) {
  private static final Pattern DIGITS = Pattern.compile("[\\d-]+");
  private static final Pattern GAP = Pattern.compile("\\s+");
  private static final Pattern FOUR = Pattern.compile("\\d{4}");

  /// Such as `尾号1234`, `电话后四位是 1234`, `ends in 1234`.
  private static final Pattern END =
      Pattern.compile(
          "(?:(?:电话|手机)?(?:号码?)?的?(?:尾号|尾数|末四位|后四位)[是为]?|\\b(?:number )?ends?(?: in| with)?)"
              + "\\s*[:：]?\\s*(\\d{4})(?!\\d)");

  private static final String ENDS = "尾号";

  /// The first digits of a longer number; the shorter ones have five.
  private static final int SHORTEST = 5;

  private static final int LONGEST = 9;
  private static final int GROUP = 4;

  /// More make nothing clearer.
  private static final int PIECES = 12;

  private static final int TERMS = 6;

  /// With so many digits, only few have them.
  private static final int FEW = 3;

  /// @param text as it stands in the words of a case
  /// @param pieces of which it consists, as `title_pieces` makes them
  /// @param marks of the places and persons that it names; a case that has one of them is meant,
  ///   too
  record Term(String text, List<String> pieces, List<String> marks) {
    Term with(List<String> found) {
      return new Term(text, pieces, found);
    }

    /// The end of a telephone number, if it may be one.
    @Nullable String end() {
      String digits = text.startsWith(ENDS) ? text.substring(ENDS.length()) : text;
      return FOUR.matcher(digits).matches() ? digits : null;
    }
  }

  /// Whether it is certain that only few are meant.
  boolean isFew() {
    return digits == null ? end != null : digits.length() >= FEW;
  }

  boolean isWords() {
    return digits == null && end == null;
  }

  /// The end of the telephone number by whose person a case of this number was found; empty: it was
  /// found otherwise.
  Optional<String> byPhone(CaseNumber number) {
    return Optional.ofNullable(end)
        .filter(_ -> digits == null || !number.base().replace("-", "").contains(digits));
  }

  Sought withPersons(List<Long> found) {
    return new Sought(text, digits, end, beginnings, terms, found);
  }

  /// All of it as one word, which names this.
  Sought asOne(List<String> marks) {
    return withTerms(List.of(term(plain(text)).with(marks)));
  }

  Sought withTerms(List<Term> found) {
    return new Sought(text, digits, end, beginnings, found, persons);
  }

  static Sought of(String typed) {
    Matcher end = END.matcher(plain(typed));
    if (end.matches()) {
      return new Sought(typed, null, end.group(1), List.of(), List.of(), List.of());
    }
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
    String end = FOUR.matcher(typed).matches() ? typed : null;
    return new Sought(typed, digits, end, beginnings, List.of(), List.of());
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
    List<Term> terms =
        Arrays.stream(GAP.split(END.matcher(plain(typed)).replaceAll(" " + ENDS + "$1 ")))
            .filter(each -> !each.isEmpty())
            .distinct()
            .limit(TERMS)
            .map(Sought::term)
            .toList();
    return new Sought(typed, null, null, List.of(), terms, List.of());
  }

  /// As the words of cases are kept: half-width, in small letters.
  static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip();
  }

  private static Term term(String text) {
    int[] characters = text.codePoints().toArray();
    int length = Math.min(2, characters.length);
    List<String> pieces =
        IntStream.rangeClosed(0, characters.length - length)
            .mapToObj(i -> new String(characters, i, length))
            .distinct()
            .limit(PIECES)
            .toList();
    return new Term(text, pieces, List.of());
  }
}
