package io.linyu.simulator.wechat;

import io.linyu.simulator.wechat.Api.Answer;
import io.linyu.simulator.wechat.Api.Call;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// What a service account sends to many at once. It is counted three ways: calls a day, calls a
/// minute, and how often each follower has been reached this month; of those who have been reached
/// often enough it says nothing but how many they were.
final class MassSendings {
  private static final int A_FOLLOWER_A_MONTH = 4;
  private static final int TO_ALL_A_MONTH = 4;
  private static final int A_DAY = 100;
  private static final int A_MINUTE = 60;
  private static final int FEWEST = 2;
  private static final int MOST = 10_000;
  private static final int LONGEST_KEY = 64;
  private static final int FASTEST = 4;
  private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);
  private static final Map<Integer, Integer> SPEEDS = Map.of(0, 80, 1, 60, 2, 45, 3, 30, 4, 10);

  private final WechatSimulator platform;
  private final Clock clock;
  private final AtomicLong lastId = new AtomicLong(1_000_000_000L);
  private final Map<String, Long> byKey = new HashMap<>();
  private final Map<Long, String> states = new HashMap<>();
  private final Map<String, Integer> reached = new HashMap<>();
  private final Deque<Instant> asked = new ArrayDeque<>();
  private YearMonth month = YearMonth.of(1970, 1);
  private LocalDate day = LocalDate.EPOCH;
  private int today;
  private int toAll;
  private int speed;

  MassSendings(WechatSimulator platform, Clock clock) {
    this.platform = platform;
    this.clock = clock;
  }

  Answer toFollowers(Call call) {
    JsonObject wanted = call.unescapedJson();
    JsonObject filter = wanted.getJsonObject("filter", new JsonObject());
    if (filter.getBoolean("is_to_all", false)) {
      return send(wanted, platform.followers().all(), true);
    }
    Long tag = filter.getLong("tag_id");
    List<Phone> tagged =
        platform.followers().all().stream()
            .filter(each -> platform.tags().idsOf(each.openid()).contains(tag))
            .toList();
    if (tag == null || tagged.isEmpty()) {
      throw new PlatformError(45159, "invalid tag");
    }
    return send(wanted, tagged, false);
  }

  Answer toSome(Call call) {
    JsonObject wanted = call.unescapedJson();
    if (!(wanted.getValue("touser") instanceof JsonArray named) || named.size() < FEWEST) {
      throw new PlatformError(40130, "invalid openid list size, at least two openid");
    }
    if (named.size() > MOST) {
      throw new PlatformError(40032, "invalid openid list size");
    }
    List<Phone> phones =
        named.stream().distinct().map(each -> platform.phoneOf(String.valueOf(each))).toList();
    return send(wanted, phones, false);
  }

  Answer preview(Call call) {
    JsonObject wanted = call.unescapedJson();
    Phone to = platform.phoneOf(wanted.getString("touser"));
    if (!to.follows()) {
      throw new PlatformError(43004, "require subscribe");
    }
    platform.blacklist().check(to);
    to.receiveMass(shown(wanted));
    return new Answer.Json(
        new JsonObject().put("errcode", 0).put("errmsg", "preview success").put("msg_id", next()));
  }

  private synchronized Answer send(JsonObject wanted, List<Phone> to, boolean everybody) {
    String text = shown(wanted);
    String key = wanted.getString("clientmsgid");
    if (key != null && key.length() > LONGEST_KEY) {
      throw new PlatformError(45064, "invalid clientmsgid");
    }
    Long before = key == null ? null : byKey.get(key);
    if (before != null) {
      return new Answer.Json(
          new JsonObject()
              .put("errcode", 45065)
              .put("errmsg", "clientmsgid exist")
              .put("msg_id", before));
    }
    count(everybody);
    long id = next();
    if (key != null) {
      byKey.put(key, id);
    }
    List<Phone> reachable =
        to.stream()
            .filter(Phone::follows)
            .filter(each -> !platform.blacklist().has(each))
            .filter(each -> reached.merge(each.openid(), 1, Integer::sum) <= A_FOLLOWER_A_MONTH)
            .toList();
    states.put(id, "SENDING");
    platform.later(() -> deliver(id, text, to.size(), reachable));
    return new Answer.Json(
        new JsonObject()
            .put("errcode", 0)
            .put("errmsg", "send job submission success")
            .put("msg_id", id)
            .put("msg_data_id", id + 1_000_000_000L));
  }

  private void count(boolean everybody) {
    Instant now = clock.instant();
    LocalDate date = LocalDate.ofInstant(now, CHINA);
    if (!YearMonth.from(date).equals(month)) {
      month = YearMonth.from(date);
      toAll = 0;
      reached.clear();
    }
    if (!date.equals(day)) {
      day = date;
      today = 0;
    }
    asked.removeIf(each -> !each.isAfter(now.minus(Duration.ofMinutes(1))));
    if (asked.size() >= A_MINUTE) {
      throw new PlatformError(45011, "api minute-quota reach limit");
    }
    if (today >= A_DAY || (everybody && toAll >= TO_ALL_A_MONTH)) {
      throw new PlatformError(45028, "has no masssend quota");
    }
    asked.add(now);
    today++;
    toAll += everybody ? 1 : 0;
  }

  private void deliver(long id, String text, int total, List<Phone> to) {
    to.forEach(each -> each.receiveMass(text));
    synchronized (this) {
      states.replace(id, "SENDING", "SEND_SUCCESS");
    }
    var nothing = new LinkedHashMap<String, Object>();
    nothing.put("Count", 0);
    nothing.put("ResultList", "");
    var copyright = new LinkedHashMap<String, Object>(nothing);
    copyright.put("CheckState", 0);
    platform.tell(
        Push.event(
            "MASSSENDJOBFINISH",
            "MsgID",
            id,
            "Status",
            "send success",
            "TotalCount",
            total,
            "FilterCount",
            to.size(),
            "SentCount",
            to.size(),
            "ErrorCount",
            0,
            "CopyrightCheckResult",
            copyright,
            "ArticleUrlResult",
            nothing));
  }

  synchronized Answer state(Call call) {
    long id = id(call);
    String state = states.get(id);
    if (state == null) {
      throw new PlatformError(40059, "invalid msg id");
    }
    return new Answer.Json(new JsonObject().put("msg_id", id).put("msg_status", state));
  }

  /// Who has read it has read it; it is no longer found.
  synchronized Answer delete(Call call) {
    if (states.replace(id(call), "DELETE") == null) {
      throw new PlatformError(40059, "invalid msg id");
    }
    return Api.ok();
  }

  synchronized Answer speed() {
    return new Answer.Json(
        new JsonObject().put("speed", speed).put("realspeed", SPEEDS.get(speed)));
  }

  synchronized Answer setSpeed(Call call) {
    int wanted = call.json().getInteger("speed", -1);
    if (wanted < 0 || wanted > FASTEST) {
      throw new PlatformError(45083, "speed is out of range");
    }
    speed = wanted;
    return Api.ok();
  }

  private static long id(Call call) {
    Object id = call.json().getValue("msg_id");
    try {
      return Long.parseLong(String.valueOf(id));
    } catch (NumberFormatException e) {
      throw new PlatformError(40059, "invalid msg id");
    }
  }

  private long next() {
    return lastId.incrementAndGet();
  }

  private String shown(JsonObject wanted) {
    String type = wanted.getString("msgtype", "");
    JsonObject payload = wanted.getJsonObject(type, new JsonObject());
    return switch (type) {
      case "text" -> Api.text(payload);
      case "mpnews" -> platform.articles().titles(payload.getString("media_id"));
      case "image", "voice", "mpvideo", "video", "wxcard" -> shown(type, payload);
      default -> throw new PlatformError(40008, "invalid message type");
    };
  }

  private static String shown(String type, JsonObject payload) {
    boolean named =
        Stream.of("media_id", "card_id").map(payload::getValue).anyMatch(each -> each != null);
    if (!named && payload.getJsonArray("media_ids") == null) {
      throw new PlatformError(40007, "invalid media_id");
    }
    return "[" + type + "]";
  }
}
