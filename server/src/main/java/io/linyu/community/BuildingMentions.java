package io.linyu.community;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// The building numbers in what somebody says, as `3` for `3栋`, `三号楼`, `第3幢` or `3#`, `a` for `A座`.
///
/// Not a building: `三楼` (a floor), `两栋` (how many), `那一栋`, `3号` and `3单元`.
final class BuildingMentions {
  private static final String NUMBER = "(?:[0-9]{1,4}|[零〇一二三四五六七八九十百]{1,6}|[a-z][0-9]{0,2})";
  private static final Pattern MENTION =
      Pattern.compile(
          "(?<![0-9a-z零〇一二三四五六七八九十百])(?<![这那哪每整同另](?=一[栋幢座]))((?:"
              + NUMBER
              + "(?:栋|幢|号楼)?[、,，和与及])*"
              + NUMBER
              + ")(?:号楼|号十户片|号片|栋|幢|座|#楼?)");

  /// Building, unit and room, as on a parcel.
  private static final Pattern PARCEL =
      Pattern.compile("(?<![0-9-])([0-9]{1,3})-[0-9]{1,2}-[0-9]{3,4}(?![0-9-])");

  private static final Pattern ENGLISH =
      Pattern.compile("(?:building|bldg\\.?|block)(?:no\\.?|number|#)?([0-9]{1,4}|[a-z](?![a-z]))");
  private static final Pattern NUMBER_ALONE = Pattern.compile("第?(" + NUMBER + ")(?:号|楼)?[。.!！]?");
  private static final Pattern BETWEEN = Pattern.compile("(?:栋|幢|号楼)?[、,，和与及]");

  private BuildingMentions() {}

  /// One spelling for what people type: half-width, lower case, without spaces.
  static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", "");
  }

  /// @param text plain
  static Set<String> in(String text) {
    var found = new LinkedHashSet<String>();
    MENTION
        .matcher(text)
        .results()
        .flatMap(match -> BETWEEN.splitAsStream(match.group(1)))
        .map(BuildingMentions::number)
        .forEach(found::add);
    PARCEL.matcher(text).results().forEach(match -> found.add(number(match.group(1))));
    ENGLISH.matcher(text).results().forEach(match -> found.add(number(match.group(1))));
    return found;
  }

  /// What is left of it without them.
  ///
  /// @param text plain
  static String without(String text) {
    return ENGLISH
        .matcher(PARCEL.matcher(MENTION.matcher(text).replaceAll("")).replaceAll(""))
        .replaceAll("");
  }

  /// When nothing but a number was said, as an answer to the question for the building.
  static Set<String> alone(String text) {
    var match = NUMBER_ALONE.matcher(text);
    return match.matches() ? Set.of(number(match.group(1))) : Set.of();
  }

  private static String number(String written) {
    char first = written.charAt(0);
    if (first >= '0' && first <= '9') {
      return Integer.toString(Integer.parseInt(written));
    }
    if (first >= 'a' && first <= 'z') {
      return written;
    }
    return Integer.toString(
        written.indexOf('十') < 0 && written.indexOf('百') < 0 ? digits(written) : counted(written));
  }

  /// `一零三`, digit by digit.
  private static int digits(String written) {
    int number = 0;
    for (int i = 0; i < written.length(); i++) {
      number = number * 10 + digit(written.charAt(i));
    }
    return number;
  }

  /// `一百零三`, `十二`.
  private static int counted(String written) {
    int number = 0;
    int pending = -1;
    for (int i = 0; i < written.length(); i++) {
      char each = written.charAt(i);
      switch (each) {
        case '百' -> {
          number += (pending < 0 ? 1 : pending) * 100;
          pending = -1;
        }
        case '十' -> {
          number += (pending <= 0 ? 1 : pending) * 10;
          pending = -1;
        }
        default -> pending = digit(each);
      }
    }
    return number + Math.max(pending, 0);
  }

  private static int digit(char written) {
    return written == '〇' ? 0 : "零一二三四五六七八九".indexOf(written);
  }
}
