package io.linyu.simulator.wechat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the platform counts of the account by itself, and what it allows it in a day.
final class Insight {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final long DAILY = 500_000;

  private static final int CLEARED_A_MONTH = 10;

  private final WechatSimulator platform;
  private final Map<YearMonth, Integer> cleared = new HashMap<>();

  Insight(WechatSimulator platform) {
    this.platform = platform;
  }

  /// Only of days that are over.
  Api.Answer rows(Api.Call call) {
    JsonObject asked = call.json();
    LocalDate day = LocalDate.parse(asked.getString("begin_date", ""));
    if (!asked.getString("end_date", "").equals(day.toString())
        || !day.isBefore(LocalDate.ofInstant(platform.clock().instant(), CHINA))) {
      throw new PlatformError(61501, "date range error");
    }
    JsonObject row = new JsonObject().put("ref_date", day.toString());
    List<Line.Said> said =
        platform.phones().stream()
            .flatMap(phone -> phone.said().stream())
            .filter(line -> LocalDate.ofInstant(line.at(), CHINA).equals(day))
            .toList();
    switch (call.path().substring(call.path().lastIndexOf('/') + 1)) {
      case "getusersummary" ->
          row.put("user_source", 0)
              .put("new_user", count(said, "subscribe"))
              .put("cancel_user", count(said, "unsubscribe"));
      case "getusercumulate" ->
          row.put("cumulate_user", platform.phones().stream().filter(Phone::follows).count());
      case "getupstreammsg" -> {
        long people =
            platform.phones().stream()
                .filter(phone ->
                    phone.said().stream()
                        .anyMatch(line ->
                            line.type().equals("text")
                                && LocalDate.ofInstant(line.at(), CHINA).equals(day)))
                .count();
        row.put("msg_type", 1).put("msg_user", people).put("msg_count", count(said, "text"));
      }
      default ->
          row.put("callback_count", said.size())
              .put("fail_count", 0)
              .put("total_time_cost", said.size() * 30L)
              .put("max_time_cost", 120);
    }
    return new Api.Answer.Json(new JsonObject().put("list", new JsonArray().add(row)));
  }

  private static long count(List<Line.Said> said, String type) {
    return said.stream().filter(line -> line.type().equals(type)).count();
  }

  /// Ten times a month.
  synchronized Api.Answer clearQuota(Api.Call call) {
    if (!platform.account().appId().equals(call.json().getString("appid"))) {
      throw new PlatformError(40013, "invalid appid");
    }
    var month = YearMonth.from(platform.clock().instant().atZone(CHINA));
    if (cleared.merge(month, 1, Integer::sum) > CLEARED_A_MONTH) {
      throw new PlatformError(48006, "forbid to clear quota because of reaching the limit");
    }
    platform.clearQuota();
    return Api.ok();
  }

  Api.Answer quota(Api.Call call) {
    String path = call.json().getString("cgi_path", "");
    if (!path.startsWith("/")) {
      throw new PlatformError(76021, "cgi_path not found, please check");
    }
    long used = platform.callsOfTheDay(path);
    return new Api.Answer.Json(
        new JsonObject()
            .put("errcode", 0)
            .put("errmsg", "ok")
            .put(
                "quota",
                new JsonObject()
                    .put("daily_limit", DAILY)
                    .put("used", used)
                    .put("remain", DAILY - used)));
  }
}
