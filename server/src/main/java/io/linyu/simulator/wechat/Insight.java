package io.linyu.simulator.wechat;

import static java.util.Map.entry;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the platform counts of the account by itself, and what it allows it in a day.
final class Insight {
  static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");

  /// Of what stands not below.
  private static final int DAILY = 500_000;

  /// Of a new account that is verified.
  private static final Map<String, Integer> LIMITS =
      Map.ofEntries(
          entry("/cgi-bin/menu/create", 1_000),
          entry("/cgi-bin/menu/get", 10_000),
          entry("/cgi-bin/menu/delete", 1_000),
          entry("/cgi-bin/menu/addconditional", 2_000),
          entry("/cgi-bin/menu/delconditional", 2_000),
          entry("/cgi-bin/menu/trymatch", 20_000),
          entry("/cgi-bin/tags/create", 1_000),
          entry("/cgi-bin/tags/get", 1_000),
          entry("/cgi-bin/tags/update", 1_000),
          entry("/cgi-bin/tags/members/batchtagging", 100_000),
          entry("/cgi-bin/tags/members/batchuntagging", 100_000),
          entry("/cgi-bin/media/upload", 100_000),
          entry("/cgi-bin/media/get", 200_000),
          entry("/cgi-bin/message/template/send", 100_000),
          entry("/cgi-bin/qrcode/create", 100_000),
          entry("/cgi-bin/user/get", 500),
          entry("/cgi-bin/user/info", 5_000_000),
          entry("/cgi-bin/draft/add", 1_000),
          entry("/cgi-bin/draft/delete", 1_000),
          entry("/cgi-bin/draft/update", 1_000),
          entry("/cgi-bin/draft/batchget", 1_000),
          entry("/cgi-bin/draft/get", 500),
          entry("/cgi-bin/freepublish/submit", 100),
          entry("/cgi-bin/freepublish/get", 100),
          entry("/cgi-bin/freepublish/delete", 10));

  private static final int CLEARED_A_MONTH = 10;

  private final WechatSimulator platform;
  private final Map<YearMonth, Integer> cleared = new HashMap<>();
  private final Map<String, Integer> others = new ConcurrentHashMap<>();

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

  void limit(String path, int calls) {
    others.put(path, calls);
  }

  /// How many calls a day there may be. Signing people in on pages has no limit.
  int daily(String path) {
    return path.startsWith("/sns/")
        ? Integer.MAX_VALUE
        : others.getOrDefault(path, LIMITS.getOrDefault(path, DAILY));
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
                    .put("daily_limit", daily(path))
                    .put("used", used)
                    .put("remain", Math.max(0, daily(path) - used))));
  }
}
