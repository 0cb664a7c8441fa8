package io.linyu.casework;

import java.util.Arrays;

/// Where a case is in the six-step loop.
public enum CaseState {
  DRAFT("S00"),
  REPORTED("S01"),
  VERIFYING("S02"),
  FILED("S03"),
  DISPATCHED("S04"),
  HANDLING("S05"),
  SUSPENDED("S06"),
  FEEDBACK("S07"),
  INSPECTING("S08"),
  RETURN_VISIT("S09"),
  CLOSED("S10"),
  ARCHIVED("S11"),
  REJECTED("S12"),
  MERGED("S13"),
  WITHDRAWN("S14"),
  HANDED_OFF("S15");

  private final String code;

  CaseState(String code) {
    this.code = code;
  }

  /// As the tables of the loop have it, `S05`.
  public String code() {
    return code;
  }

  static CaseState ofCode(String code) {
    return Arrays.stream(values()).filter(s -> s.code.equals(code)).findFirst().orElseThrow();
  }

  /// Whether somebody still has to do something.
  public boolean isOpen() {
    return compareTo(CLOSED) < 0;
  }

  /// Whether it was brought to its end, and may be opened again.
  public boolean isClosed() {
    return this == CLOSED || this == ARCHIVED;
  }

  public String plainly(String language) {
    boolean english = language.equals("en");
    return switch (this) {
      case DRAFT -> english ? "being written down" : "正在记录";
      case REPORTED -> english ? "received, being looked at" : "已收到，正在看";
      case VERIFYING -> english ? "somebody is having a look on site" : "有人去现场看";
      case FILED -> english ? "accepted, being assigned" : "已受理，正在安排";
      case DISPATCHED -> english ? "assigned, about to be taken on" : "已安排，等接手";
      case HANDLING -> english ? "being worked on" : "正在处理";
      case SUSPENDED -> english ? "paused, will be looked at again" : "暂时办不了，到期再看";
      case FEEDBACK -> english ? "done, to be checked" : "已处理，等核查";
      case INSPECTING -> english ? "being checked by somebody else" : "有人在核查";
      case RETURN_VISIT -> english ? "we ask whether it is solved" : "请您说说办好没有";
      case CLOSED -> english ? "finished" : "已办结";
      case ARCHIVED -> english ? "finished and filed away" : "已办结归档";
      case REJECTED -> english ? "not accepted" : "不予受理";
      case MERGED -> english ? "handled together with a matter like it" : "与相同的事一起办";
      case WITHDRAWN -> english ? "withdrawn" : "已撤回";
      case HANDED_OFF -> english ? "emergency: call the number given" : "紧急情况，已转急救渠道";
    };
  }
}
