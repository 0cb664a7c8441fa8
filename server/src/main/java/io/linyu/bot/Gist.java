package io.linyu.bot;

import io.linyu.bot.match.Places;
import io.linyu.bot.match.Plain;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What was told, in the resident's own words, without greeting and sighing and without the place
/// that it begins with.
final class Gist {
  private static final Pattern INSTEAD =
      Pattern.compile(
          "^(?:不对|错了|不是的?|搞错了|说错了|no)?[,. ]*(?:不是|不在|not )(.{1,20}?)[,. ]*(?:而是|应该是|是在|是|it's |but )(.{1,80})$");
  private static final Pattern NOT_THAT =
      Pattern.compile("^(?:应该|其实)?是(.{1,40}?)[,. ]*不是(.{1,20})$");
  private static final Pattern WRONG =
      Pattern.compile(
          "^(?:不对|错了|不是|搞错了|说错了|写错了|记错了|更正|改一下|wrong|no)[,. :]+(?:应该是|应当是|是|改成|改为|it's )?(.{1,80})$");
  private static final Pattern CHANGE =
      Pattern.compile("^(?:地点|地址|位置|楼栋|事情|内容)?(?:改成|改为|应该是|换成|change (?:it )?to )(.{1,80})$");

  private static final Pattern CHANGED =
      Pattern.compile(
          "^(?:我?要|我?想|帮我|给我)?(?:改|换|更改|修改|重说)(?:一下|一改|下|个)?(.{1,4}?)(?:吧|嘛|哈)?$"
              + "|^(.{1,4}?)(?:要|想|得)?(?:改一下|改一改|改下|换一下|错了|不对|不对头|写错了|记错了|搞错了)$"
              + "|^(?:change|correct) (?:the )?([a-z]{4,8})$");

  private Gist() {}

  /// What 改一下楼栋 or 楼栋不对 wants to be asked again, or null.
  static @Nullable String changed(String bare) {
    Matcher matcher = CHANGED.matcher(bare);
    if (!matcher.matches()) {
      return null;
    }
    for (int group = 1; group <= matcher.groupCount(); group++) {
      if (matcher.group(group) != null) {
        return matcher.group(group);
      }
    }
    return null;
  }

  /// @param wrong what it is not, when that was said
  /// @param right what it is instead
  record Correction(@Nullable String wrong, String right) {}

  static String of(String said, List<String> openings) {
    String aligned = Plain.aligned(said);
    Places.Mention mention = Places.in(aligned);
    int from = 0;
    int to = said.length();
    for (boolean on = true; on; ) {
      on = false;
      while (from < to && isMark(aligned.charAt(from))) {
        from++;
      }
      for (String opening : openings) {
        int length = opens(aligned, from, to, opening);
        if (length > 0) {
          from += length;
          on = true;
          break;
        }
      }
      if (mention != null && mention.start() == from && mention.end() > from) {
        from = mention.end();
        while (from < to && "的,这那边里 ".indexOf(aligned.charAt(from)) >= 0) {
          from++;
        }
        on = true;
      }
    }
    return said.substring(from, end(aligned, from, openings));
  }

  static @Nullable Correction correction(String said) {
    String aligned = Plain.aligned(said.strip());
    Matcher instead = INSTEAD.matcher(aligned);
    if (instead.matches()) {
      return new Correction(instead.group(1).strip(), tail(instead.group(2)));
    }
    Matcher notThat = NOT_THAT.matcher(aligned);
    if (notThat.matches()) {
      return new Correction(tail(notThat.group(2)), notThat.group(1).strip());
    }
    for (Pattern pattern : List.of(WRONG, CHANGE)) {
      Matcher matcher = pattern.matcher(aligned);
      if (matcher.matches()) {
        return new Correction(null, tail(matcher.group(1)));
      }
    }
    return null;
  }

  private static int end(String aligned, int from, List<String> openings) {
    int to = aligned.length();
    for (boolean on = true; on; ) {
      on = false;
      while (to > from && isMark(aligned.charAt(to - 1))) {
        to--;
      }
      for (String each : openings) {
        String opening = each.endsWith(",") ? each.substring(0, each.length() - 1) : each;
        int start = to - opening.length();
        if (start > from
            && isMark(aligned.charAt(start - 1))
            && aligned.startsWith(opening, start)) {
          to = start;
          on = true;
          break;
        }
      }
    }
    return to;
  }

  /// An opening that is written with a comma opens only what stands behind a mark: 投诉,楼道灯不亮; in
  /// 投诉主任 it belongs to the matter.
  private static int opens(String aligned, int from, int to, String opening) {
    boolean marked = opening.endsWith(",");
    String word = marked ? opening.substring(0, opening.length() - 1) : opening;
    int end = from + word.length();
    boolean opens =
        aligned.startsWith(word, from)
            && (marked ? end >= to || isMark(aligned.charAt(end)) : endsWord(aligned, end));
    return opens ? word.length() : 0;
  }

  private static boolean endsWord(String aligned, int at) {
    return at >= aligned.length()
        || !isLetter(aligned.charAt(at))
        || !isLetter(aligned.charAt(at - 1));
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean isMark(char c) {
    return c == ' ' || ",.!?~:-…".indexOf(c) >= 0;
  }

  private static String tail(String text) {
    return text.replaceFirst("[,.!? 哈哦啊嘛呢]+$", "").strip();
  }
}
