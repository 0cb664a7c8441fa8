package io.linyu.community;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Which door in a building somebody speaks of: `2单元501`, `501室`, `3-2-501`, `room 501`. A building
/// is no door, nor is a floor by itself.
public final class Doors {
  private static final String SHOWN = "***";

  private static final String DIGIT = "[0-9０-９]";
  private static final String HAN = "[零〇一二三四五六七八九]";
  private static final String NUMBER =
      "(?:" + DIGIT + "{1,4}|[零〇一二三四五六七八九十百]{1,6}|[A-Za-z甲乙丙丁][0-9]{0,2})";
  private static final String BETWEEN = "[\\s,，、的]*";
  private static final String UNIT = NUMBER + "\\s*单元";
  private static final String ROOM =
      "(?<!DIGIT|HAN)(?:DIGIT{3,4}|HAN{3,4})(?:\\s*(?:室|号房?|房|户))?(?!DIGIT|HAN|[层楼栋幢座年月天日元块个米])"
          .replace("DIGIT", DIGIT)
          .replace("HAN", HAN);
  private static final String FLOOR = NUMBER + "[楼层](?:[左右东西南北中](?:手|边|户|门))?";

  /// What follows a building, as people say it in one breath.
  private static final Pattern IN_BUILDING =
      Pattern.compile(
          "(%1$s\\s*(?:号楼|号十户片|号片|栋|幢|座|棟|[#＃]楼?))%2$s(?:%3$s(?:%2$s%5$s|%2$s%4$s)?|%6$s{1,2}\\s*[-－—]\\s*%4$s|%4$s)"
              .formatted(NUMBER, BETWEEN, UNIT, ROOM, FLOOR, DIGIT));

  private static final Pattern UNIT_ALONE =
      Pattern.compile("%1$s(?:%2$s%4$s|%2$s%3$s)?".formatted(UNIT, BETWEEN, ROOM, FLOOR));

  /// A number alone is a door only where it says so.
  private static final Pattern ROOM_ALONE =
      Pattern.compile(
          "(?<!DIGIT|HAN)(?:DIGIT{3,4}|HAN{3,4})\\s*(?:室|号房|房)"
              .replace("DIGIT", DIGIT)
              .replace("HAN", HAN));

  /// Building, unit and room, as on a parcel.
  private static final Pattern PARCEL =
      Pattern.compile(
          "(?<![0-9０-９-])(DIGIT{1,3})\\s*[-－—]\\s*DIGIT{1,2}\\s*[-－—]\\s*DIGIT{3,4}(?![0-9０-９-])"
              .replace("DIGIT", DIGIT));

  private static final Pattern ENGLISH =
      Pattern.compile(
          "\\b(?:unit|room|flat|apartment|apt\\.?)\\s*(?:no\\.?|number|#)?\\s*[0-9]{1,4}[a-z]?\\b",
          Pattern.CASE_INSENSITIVE);

  /// Whose it is, where it is said right behind the door: `501王秀兰家`.
  private static final Pattern HOUSEHOLD =
      Pattern.compile("\\*{3}\\s*的?\\p{IsHan}{2,4}?(?=家|屋头|屋里)");

  private Doors() {}

  /// Where doors are spoken of, as they stand in the text.
  public static List<String> in(String text) {
    var found = new ArrayList<String>();
    String left = text;
    for (Pattern each : List.of(PARCEL, IN_BUILDING, UNIT_ALONE, ROOM_ALONE, ENGLISH)) {
      each.matcher(left).results().map(MatchResult::group).forEach(found::add);
      left = each.matcher(left).replaceAll(SHOWN); // no part of it is another door
    }
    return found;
  }

  /// The same words, with `3栋***` for `3栋2单元501` and for `3栋2单元501王秀兰家`. What nobody could read as
  /// a door stays.
  public static String masked(String text) {
    String masked = PARCEL.matcher(text).replaceAll("$1-" + SHOWN);
    masked = IN_BUILDING.matcher(masked).replaceAll("$1" + SHOWN);
    masked = UNIT_ALONE.matcher(masked).replaceAll(SHOWN);
    masked = ROOM_ALONE.matcher(masked).replaceAll(SHOWN);
    masked = ENGLISH.matcher(masked).replaceAll(SHOWN);
    return HOUSEHOLD.matcher(masked).replaceAll(SHOWN);
  }
}
