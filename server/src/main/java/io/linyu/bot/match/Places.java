package io.linyu.bot.match;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds where a text speaks of: `三栋`, `3号楼2单元`, `和光小区3栋`. A bare `三楼` is a floor, not a building.
public final class Places {
  private static final String NUMBER = "(?:\\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-z甲乙丙丁])";
  private static final Pattern BUILDING =
      Pattern.compile("(?<![这那哪每整同另](?=一))(" + NUMBER + ")(?:号楼|栋|幢|座|棟|#楼|#)(?![机谈位椅便桥山塔])");

  /// Building, unit and room as on a parcel: `3-2-501`.
  private static final Pattern PARCEL =
      Pattern.compile("(?<![\\d-])(\\d{1,3})-(\\d{1,2})-(\\d{3,4})(?![\\d-])");

  private static final Pattern BUILDING_EN =
      Pattern.compile("(?:building|block) ?(\\d{1,3}|[a-z])\\b");
  private static final Pattern UNIT =
      Pattern.compile("\\G,?的?(?:(" + NUMBER + ")单元)?,?(?:(\\d{3,4})(?:室|号房?|房)?(?![\\d层栋]))?");
  private static final Pattern UNIT_ALONE =
      Pattern.compile("(" + NUMBER + ")单元(?:,?(\\d{3,4})(?:室|号房?|房)?)?");
  private static final Pattern ESTATE =
      Pattern.compile("[\\u4e00-\\u9fff]{1,6}(?:小区|花园|家园|新村|公寓|社区|苑|院|城|府|庭|里)$");
  private static final Pattern ESTATE_ALONE =
      Pattern.compile("[\\u4e00-\\u9fff]{2,6}?(?:小区|花园|家园|新村|公寓)");

  /// What may stand between the start of a sentence and the name of an estate.
  private static final Pattern LEAD =
      Pattern.compile(
          "^.*(?:我们?(?:家|屋头)?(?:是|住在?|在)?|住在?|家在|就是|是在?|就在|在|到|那个|这个|看下|看看|你们|反映一?下?|您好|你好)(?=.)");

  private static final List<String> DIGITS =
      List.of("零", "一", "二", "三", "四", "五", "六", "七", "八", "九");

  private Places() {}

  /// @param lookup the building, with its estate when that was recognised
  /// @param context the same with the words before it: the register of buildings knows more names
  /// @param shown with unit and room, as it is read back
  /// @param building whether a building is named, or only an estate
  public record Mention(
      String lookup, String context, String shown, int start, int end, boolean building) {
    public int length() {
      return end - start;
    }
  }

  public static @Nullable Mention in(String plain) {
    Matcher building = BUILDING.matcher(plain);
    if (hasAny(plain, "栋幢座棟楼#") && building.find()) {
      return around(plain, building);
    }
    Matcher english = BUILDING_EN.matcher(plain);
    if (hasAny(plain, "b") && english.find()) {
      String name = english.group(1) + "栋";
      String context = plain.substring(Math.max(0, english.start() - 20), english.end());
      return new Mention(name, context, name, english.start(), english.end(), true);
    }
    Matcher parcel = PARCEL.matcher(plain);
    if (hasAny(plain, "-") && parcel.find()) {
      String name = parcel.group(1) + "栋";
      String shown = name + parcel.group(2) + "单元" + parcel.group(3);
      return new Mention(
          name, before(plain, parcel.start()) + name, shown, parcel.start(), parcel.end(), true);
    }
    Matcher alone = ESTATE_ALONE.matcher(plain);
    if (hasAny(plain, "区园村寓") && alone.find()) {
      int start = withoutLead(plain, alone.start(), alone.end());
      String estate = plain.substring(start, alone.end());
      if (estate.length() >= 3) {
        return new Mention(estate, estate, estate, start, alone.end(), false);
      }
    }
    return null;
  }

  /// Looking for a letter first is much cheaper than a pattern, and most texts have none.
  private static boolean hasAny(String plain, String letters) {
    for (int i = 0; i < letters.length(); i++) {
      if (plain.indexOf(letters.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// `2单元501` when the text names nothing more than that.
  public static @Nullable String unit(String plain) {
    Matcher unit = UNIT_ALONE.matcher(plain);
    return unit.find() && Plain.weight(plain) - (unit.end() - unit.start()) <= 3
        ? unit(unit.group(1), unit.group(2))
        : null;
  }

  private static Mention around(String plain, Matcher building) {
    int start = building.start();
    String before = before(plain, start);
    String joined = before.endsWith("的") ? before.substring(0, before.length() - 1) : before;
    Matcher named = ESTATE.matcher(joined);
    String estate = "";
    if (named.find()) {
      int offset = start - before.length();
      int from = withoutLead(plain, offset + named.start(), offset + named.end());
      estate = plain.substring(from, offset + named.end());
      start = from;
    }
    String number = digits(building.group(1)) + "栋";
    String lookup = estate + number;
    Matcher unit = UNIT.matcher(plain);
    int end = building.end();
    String shown = lookup;
    if (unit.find(end) && (unit.group(1) != null || unit.group(2) != null)) {
      shown += unit(unit.group(1), unit.group(2));
      end = unit.end();
    }
    return new Mention(lookup, before + number, shown, start, end, true);
  }

  private static String before(String plain, int at) {
    return plain.substring(Math.max(0, at - 12), at);
  }

  private static int withoutLead(String plain, int start, int end) {
    Matcher lead = LEAD.matcher(plain.substring(start, end));
    return lead.find() ? start + lead.end() : start;
  }

  private static String unit(@Nullable String unit, @Nullable String room) {
    return (unit == null ? "" : digits(unit) + "单元") + (room == null ? "" : room);
  }

  /// `十二` is 12, `二十` is 20; letters stay.
  static String digits(String number) {
    if (!isHan(number)) {
      return number.toUpperCase(Locale.ROOT);
    }
    int value = 0;
    int digit = 0;
    for (int i = 0; i < number.length(); i++) {
      String c = number.substring(i, i + 1);
      if (c.equals("十")) {
        value += Math.max(1, digit) * 10;
        digit = 0;
      } else if (c.equals("百")) {
        value += Math.max(1, digit) * 100;
        digit = 0;
      } else {
        digit = DIGITS.indexOf(c);
      }
    }
    return Integer.toString(value + digit);
  }

  private static boolean isHan(String number) {
    return number.codePoints().allMatch(c -> "一二三四五六七八九十百".indexOf(c) >= 0);
  }
}
