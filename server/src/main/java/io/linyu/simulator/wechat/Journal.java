package io.linyu.simulator.wechat;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The last calls in both directions, and what came of them. Secrets are not in it.
public final class Journal {
  private static final int KEPT = 100;
  private static final int LONGEST = 200;

  /// Whoever has one of these can do something with it.
  private static final Pattern SECRET =
      Pattern.compile("access_token|secret|appsecret|code|refresh_token|ticket|media_id|state");

  private static final Pattern IN_JSON =
      Pattern.compile("\"(" + SECRET.pattern() + ")\"\\s*:\\s*\"[^\"]*\"");

  private final Clock clock;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private long last;

  /// One call.
  ///
  /// @param push by the platform to the account's server, rather than the other way
  /// @param what the path, or the kind of the push
  /// @param asked what went with it, shortened, without secrets
  /// @param fault that was switched on for it; null: none
  /// @param outcome the platform's code, the server's answer, or why there was none; empty: it is
  ///   still under way, or nobody waited for it
  public record Entry(
      long id,
      Instant at,
      boolean push,
      String what,
      String asked,
      @Nullable String fault,
      String outcome,
      Duration took) {}

  Journal(Clock clock) {
    this.clock = clock;
  }

  /// The newest first.
  public synchronized List<Entry> entries() {
    return List.copyOf(entries);
  }

  long asked(Api.Call call, @Nullable Fault fault) {
    String body = call.body().toString(StandardCharsets.UTF_8);
    String asked = body.isEmpty() ? query(call.query()) : masked(body);
    return add(false, call.path(), asked, fault == null ? null : fault.name());
  }

  long pushed(String xml, Faults.@Nullable PushFault fault) {
    Map<String, String> fields = Reply.fields(xml);
    String type = fields.getOrDefault("MsgType", "");
    String what = type.equals("event") ? fields.getOrDefault("Event", type) : type;
    return add(
        true,
        what,
        fields.getOrDefault("Content", fields.getOrDefault("EventKey", "")),
        fault == null ? null : fault.name());
  }

  private synchronized long add(boolean push, String what, String asked, @Nullable String fault) {
    entries.addFirst(
        new Entry(++last, clock.instant(), push, what, shortened(asked), fault, "", Duration.ZERO));
    if (entries.size() > KEPT) {
      entries.removeLast();
    }
    return last;
  }

  synchronized void came(long id, String outcome, Duration took) {
    List<Entry> all = List.copyOf(entries);
    entries.clear();
    all.forEach(each ->
        entries.addLast(
            each.id() == id
                ? new Entry(
                    id,
                    each.at(),
                    each.push(),
                    each.what(),
                    each.asked(),
                    each.fault(),
                    outcome,
                    took)
                : each));
  }

  /// As the one who asked reads it.
  static String said(Api.Answer answer) {
    return switch (answer) {
      case Api.Answer.Json(var json) ->
          json.getInteger("errcode", 0) == 0
              ? "0 ok"
              : json.getInteger("errcode") + " " + json.getString("errmsg", "");
      case Api.Answer.File(var type, _, var bytes) -> type + ", " + bytes.length();
    };
  }

  private static String query(MultiMap query) {
    return query.entries().stream()
        .map(each ->
            each.getKey()
                + "="
                + (SECRET.matcher(each.getKey()).matches() ? "***" : each.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String masked(String json) {
    return IN_JSON.matcher(json).replaceAll(found -> "\"" + found.group(1) + "\":\"***\"");
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
  }
}
