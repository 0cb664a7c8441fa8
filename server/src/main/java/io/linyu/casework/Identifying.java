package io.linyu.casework;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import io.linyu.community.Doors;
import io.linyu.platform.text.Mask;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What in a text would lead to somebody, or looks as if: it is not published as long as it is
/// there. Names of others nobody knows; whoever told it reads the text before.
///
/// @param tellers names of those who told it
/// @param staff names of those who work here
/// @param number of the case
record Identifying(Collection<String> tellers, Collection<String> staff, String number) {
  enum What {
    /// Of a telephone, an identity or bank card.
    NUMBER,
    /// Where somebody is written to.
    ACCOUNT,
    DOOR,
    PLATE,
    TELLER,
    STAFF,
    CASE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param words as they stand in the text
  record Found(What what, String words) {}

  private static final int SHORTEST = 2;

  /// Read out in words, as a number is spoken.
  private static final Pattern SPOKEN =
      Pattern.compile("[零〇一二三四五六七八九幺两](?:[ -]?[零〇一二三四五六七八九幺两]){6,}");

  private static final Pattern ACCOUNT =
      Pattern.compile(
          "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+|(?:QQ|微信|薇信|vx|wechat)\\s*(?:号码?|id)?\\s*[:：是]?\\s*[A-Za-z0-9_-]{5,}",
          CASE_INSENSITIVE);

  private static final Pattern PLATE =
      Pattern.compile(
          "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-Z][ ·•.-]?(?=[A-Z0-9]*[0-9])[A-Z0-9]{4,5}[A-Z0-9挂学警港澳领]",
          CASE_INSENSITIVE);

  List<Found> in(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC);
    var found = new ArrayList<Found>();
    add(found, What.CASE, number.isEmpty() ? Stream.of() : said(number, plain));
    Doors.in(plain).forEach(each -> found.add(new Found(What.DOOR, each)));
    // A door as on a parcel may be long, and is one thing.
    String doorless = Doors.masked(plain);
    Mask.numbersIn(doorless).forEach(each -> found.add(new Found(What.NUMBER, each)));
    add(found, What.NUMBER, all(SPOKEN, doorless));
    add(found, What.ACCOUNT, all(ACCOUNT, plain));
    add(found, What.PLATE, all(PLATE, plain));
    add(found, What.TELLER, tellers.stream().flatMap(each -> said(each, plain)));
    add(found, What.STAFF, staff.stream().flatMap(each -> said(each, plain)));
    return found.stream().distinct().toList();
  }

  private static void add(List<Found> found, What what, Stream<String> words) {
    words.forEach(each -> found.add(new Found(what, each)));
  }

  private static Stream<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).map(String::strip);
  }

  /// A name that is written with letters is one only by itself.
  private static Stream<String> said(String name, String text) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKC).strip();
    if (plain.codePointCount(0, plain.length()) < SHORTEST) {
      return Stream.of();
    }
    String sought = Pattern.quote(plain);
    boolean letters = plain.codePoints().noneMatch(Character::isIdeographic);
    Pattern pattern =
        Pattern.compile(
            letters ? "(?<![\\p{L}\\p{N}])" + sought + "(?![\\p{L}\\p{N}])" : sought,
            CASE_INSENSITIVE);
    return all(pattern, text).limit(1);
  }
}
