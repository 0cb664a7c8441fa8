package io.linyu.bot;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What the engine says by itself, whatever the dialogs are. Every script set has a phrase for
/// each.
enum Sentence {
  GREETING,
  GREETING_ASK_HOME,
  GREETING_AT_HOME("地点"),
  GREETING_AT_DESK("台"),
  HOME_KEPT("地点"),
  HOME_UNKNOWN,
  CODE_UNKNOWN,
  LANGUAGE_SET,
  CANCELLED,
  NOTHING_TO_CANCEL,
  FINE,
  NOTED,
  HEARD,
  WHAT_IS_WRONG,
  NOT_ADDED,
  SUGGEST("想法"),
  QUESTION("问题"),
  WHICH_PLACE("列表"),
  WHICH_ESTATE("地点"),
  PLACE_UNKNOWN,
  NO_CASES,
  CASES("件数", "列表"),
  CASES_LATEST("件数", "显示", "列表", "全部"),
  CASE("编号", "事情", "状态", "办理", "下一步", "链接"),
  NO_SUCH_CASE("编号"),
  UNSOLVED("编号", "事情"),
  UNSOLVED_WHICH,
  REOPEN_ASK("编号", "事情"),
  REOPENED("编号", "谁", "下一步"),
  UNSOLVED_IDEA,
  VOICE("时间"),
  HEARD_NOT_UNDERSTOOD("话"),
  PERSON_HAS_IT,
  BACK,
  NOT_READABLE(PaperPage.PAGE),
  PHOTO_ALONE,
  PHOTO_ADDED("张数"),
  PHOTO_ONLY("张数"),
  PLACE_ALONE("地点"),
  RUNG,
  UNRECORDED,
  ALARM_SEEN,
  ALARM_CALLS,
  AFTER_ALARM,
  AFTER_FILED("编号"),
  LINK_CODE("码", "链接"),
  LINK_WRONG,
  LINK_LATER,
  LINK_SAME,
  LINK_FOUND("对方"),
  LINK_DONE("对方"),
  LINK_GONE,
  UNLINK_ASK("对方"),
  UNLINK_NONE,
  UNLINKED,
  ANSWERS_HERE,
  FAMILY_CODE("码", "亲"),
  FAMILY_ALL,
  FAMILY_ALL_NONE,
  FAMILY_WRONG,
  FAMILY_LATER,
  FAMILY_OWN,
  FAMILY_FOUND("谁", "看"),
  FAMILY_SEES_SOME,
  FAMILY_SEES_ALL,
  FAMILY_NAME,
  FAMILY_TAKEN("谁", "期限"),
  FAMILY_GONE,
  FAMILY_NONE,
  FAMILY_WHICH("列表"),
  FAMILY_SPEAK("谁"),
  FAMILY_NOTED("谁"),
  FAMILY_FILED("谁"),
  FAMILY_REVOKED("谁"),
  FAMILY_REVOKED_SOME("谁", "还"),
  FAMILY_REVOKED_NONE,
  FAMILY_STOP_WHICH("列表"),
  FAMILY_STOPPED("谁"),
  ADDED("编号"),
  NOT_ADDED_OVER("编号"),
  WITHDRAW_ASK("编号", "事情"),
  WITHDRAWN("编号"),
  WITHDRAWN_SAFETY("编号"),
  URGED("编号", "谁", "下一步"),
  URGED_BEFORE("编号", "上次", "谁", "再来"),
  URGE_WHICH("列表"),
  URGE_NONE,
  RATE_SOLVED("编号", "事情"),
  RATE_SATISFIED("编号", "好没好"),
  RATE_CONTACTED("编号"),
  RATED("编号", "好没好"),
  RATED_AGAINST("编号"),
  RATED_AGAINST_LATE("编号"),
  RATE_NONE,
  APPEALED("编号", "谁", "时间"),
  APPEAL_WHICH("列表"),
  APPEAL_NONE,
  UNSOLVED_REJECTED("编号"),
  KNOWN("我记的是", "事情", "谁", "说明", "下次有消息"),
  KNOWN_JOINED("编号", "链接"),
  KNOWN_SILENT("编号", "链接"),
  KNOWN_AGAIN("编号", "谁", "说明", "下次有消息"),
  KNOWN_LEFT("编号", "台", "时间");

  /// Known whenever the bot speaks: from the desk and the binding.
  static final Set<String> ALWAYS = Set.of("社区", "电话", "值班电话", "下次", "住处");

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
  final List<String> placeholders;

  Sentence(String... placeholders) {
    this.placeholders = List.of(placeholders);
  }

  /// As it is written in a script.
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Set<String> keys() {
    return new TreeSet<>(Arrays.stream(values()).map(Sentence::key).toList());
  }
}
