package io.linyu.channel.wechat;

import static java.util.Objects.requireNonNullElse;

import io.linyu.channel.Content;
import io.linyu.channel.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the platform tells of notices: who gave leave for them, who took it back, how they ended.
///
/// The elements of its lists repeat without one around them: `List`, `List[2]` …
final class WechatReports {
  private static final String ACCEPTED = "accept";
  private static final String SUCCESS = "success";
  private static final String DONE = "0";

  private WechatReports() {}

  static List<Report> read(Content content) {
    if (!(content instanceof Content.Other(String name, Map<String, String> fields))) {
      return List.of();
    }
    return switch (name) {
      case "subscribe_msg_popup_event" ->
          each(fields, "SubscribeMsgPopupEvent", WechatReports::leave);
      case "subscribe_msg_change_event" ->
          each(fields, "SubscribeMsgChangeEvent", WechatReports::leave);
      case "subscribe_msg_sent_event" -> each(fields, "SubscribeMsgSentEvent", WechatReports::sent);
      case "TEMPLATESENDJOBFINISH" -> {
        String id = fields.get("MsgID");
        String status = requireNonNullElse(fields.get("Status"), "");
        yield id == null
            ? List.of()
            : List.of(new Report.Ended(id, status.equals(SUCCESS), status));
      }
      default -> List.of();
    };
  }

  private static List<Report> each(
      Map<String, String> fields, String event, Function<Item, @Nullable Report> read) {
    var reports = new ArrayList<Report>();
    for (int i = 1; ; i++) {
      String prefix = event + (i == 1 ? ".List." : ".List[" + i + "].");
      if (fields.keySet().stream().noneMatch(path -> path.startsWith(prefix))) {
        return reports;
      }
      Report report = read.apply(new Item(fields, prefix));
      if (report != null) {
        reports.add(report);
      }
    }
  }

  private record Item(Map<String, String> fields, String prefix) {
    @Nullable String get(String name) {
      return fields.get(prefix + name);
    }
  }

  private static @Nullable Report leave(Item item) {
    String template = item.get("TemplateId");
    return template == null
        ? null
        : new Report.Leave(template, ACCEPTED.equals(item.get("SubscribeStatusString")));
  }

  private static @Nullable Report sent(Item item) {
    String id = item.get("MsgID");
    String code = item.get("ErrorCode");
    return id == null
        ? null
        : new Report.Ended(
            id,
            code == null || code.equals(DONE),
            code + " " + requireNonNullElse(item.get("ErrorStatus"), ""));
  }
}
