package io.linyu.cli.bench;

import java.util.List;
import java.util.regex.Pattern;

/// What each of the residents says, over and over: twenty messages in the proportions that the
/// design is measured by, following the shipped scripts.
final class Talk {
  enum Kind {
    /// A question that the scripts know.
    FAQ,
    /// One step of a dialog.
    STEP,
    NOT_UNDERSTOOD,
    /// A report is confirmed: a case is opened.
    OPENING,
    /// The platform delivers the message before it once more.
    DUPLICATE
  }

  /// @param hears what must be in the answer, whatever else it says
  record Line(Kind kind, String says, String hears) {}

  static final List<Line> LINES =
      List.of(
          new Line(Kind.FAQ, "可以匿名吗", "看过有记录"),
          new Line(Kind.FAQ, "怎么查我的诉求办到哪一步了", "查询"),
          new Line(Kind.STEP, "我要反映问题", "什么事"),
          new Line(Kind.STEP, "楼道灯坏了好几天", "楼道灯坏了好几天"),
          new Line(Kind.FAQ, "会公开吗", "看得到"),
          new Line(Kind.FAQ, "没解决怎么办", "没好"),
          new Line(Kind.STEP, "是2单元的", "2单元"),
          new Line(Kind.OPENING, "对", "编号"),
          new Line(Kind.DUPLICATE, "对", "编号"),
          new Line(Kind.FAQ, "你们保存了我哪些信息", "清单"),
          new Line(Kind.NOT_UNDERSTOOD, "绿豆糕芝麻饼", "人工"),
          new Line(Kind.FAQ, "可以转人工吗", "人工"),
          new Line(Kind.FAQ, "可以催办吗", "催"),
          new Line(Kind.STEP, "我要反映问题", "什么事"),
          new Line(Kind.STEP, "小区门口垃圾桶满了没人清运", "垃圾桶满了"),
          new Line(Kind.FAQ, "怎么反映问题", "直接"),
          new Line(Kind.STEP, "取消", ""),
          new Line(Kind.FAQ, "怎么删除我的信息", "取消关注"),
          new Line(Kind.NOT_UNDERSTOOD, "春江潮水连海平", "人工"),
          new Line(Kind.FAQ, "一定要留电话吗", "电话"));

  /// Numbers of cases, links, and what depends on the moment.
  private static final Pattern OWN =
      Pattern.compile("\\d{1,3}-\\d{4,}|https?://\\S+|\\d{1,2}[:：]\\d{2}");

  private Talk() {}

  /// An answer without what is somebody's own: the same for everybody who has said the same.
  static String common(String answer) {
    return OWN.matcher(answer).replaceAll("#");
  }
}
