package io.linyu.bot;

import io.linyu.bot.Scripts.Problem;
import io.linyu.bot.Scripts.Source;
import io.linyu.channel.Content;
import io.linyu.platform.text.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plays written conversations against a bot. After every step the state goes through JSON and
/// back, as it does in a running server.
///
/// A conversation is a list under `talk`: `他说` or `他发` is what the resident does; everything up to
/// the next one is expected of the bot, in any order of keys but in the order of its moves.
public final class Transcripts {
  private static final Set<String> WORDS =
      Set.of(
          "他说", "他发", "识别", "机器人说", "机器人说含", "机器人不说", "机器人问", "已填", "调用", "参数", "返回", "拒绝", "状态",
          "等待", "员工");
  private static final Set<String> STATES = Set.of("idle", "form", "person", "quiet");
  private static final Instant NOON = Instant.parse("2026-11-23T04:00:00Z");

  private Transcripts() {}

  /// @param passed how many conversations went as written
  /// @param failures what went otherwise, and where
  public record Report(int passed, List<Problem> failures) {}

  public static Report run(Bot bot, List<Source> sources) {
    List<Problem> failures = new ArrayList<>();
    int passed = 0;
    for (Source source : sources) {
      Item root = Item.root(source, failures);
      Item tests = root == null ? null : root.map().get("tests");
      if (tests == null) {
        continue;
      }
      for (Item test : tests.list()) {
        int before = failures.size();
        Map<String, Item> of = test.map(Set.of("name", "now", "as", "given", "talk"));
        Item talk = of.get("talk");
        if (talk == null) {
          test.problem("没有 talk", "there is no talk");
        } else {
          new Talk(bot, of).play(talk.list());
        }
        passed += failures.size() == before ? 1 : 0;
      }
    }
    return new Report(passed, List.copyOf(failures));
  }

  /// One conversation.
  private static final class Talk {
    private final Bot bot;
    private final Map<String, String> as = new HashMap<>();
    private Instant now;
    private BotState state = BotState.fresh();
    private long message = 100;
    private Move move = new Move.Quiet();
    private final Deque<Map<String, Item>> expected = new ArrayDeque<>();

    Talk(Bot bot, Map<String, Item> of) {
      this.bot = bot;
      this.now = of.containsKey("now") ? instant(of.get("now")) : NOON;
      for (String part : List.of("as", "given")) {
        if (of.containsKey(part)) {
          of.get(part).map().forEach((key, value) -> as.put(key, value.text()));
        }
      }
    }

    void play(List<Item> lines) {
      for (int i = 0; i < lines.size(); i++) {
        Map<String, Item> line = lines.get(i).map(WORDS);
        Input input = input(line);
        if (input == null && !line.containsKey("员工")) {
          lines.get(i).problem("这一行之前没有人说话", "nobody said anything before this");
          return;
        }
        expected.clear();
        expected.add(line);
        while (i + 1 < lines.size() && isExpectation(lines.get(i + 1))) {
          expected.add(lines.get(++i).map(WORDS));
        }
        if (input != null && !turn(lines.get(i), input)) {
          return;
        }
        expected.forEach(this::compare);
      }
    }

    private static boolean isExpectation(Item line) {
      Map<String, Item> of = line.map();
      return !of.containsKey("他说")
          && !of.containsKey("他发")
          && !of.containsKey("等待")
          && !of.containsKey("员工");
    }

    private @Nullable Input input(Map<String, Item> line) {
      message++;
      if (line.containsKey("他说")) {
        return new Input.Heard(new Content.Text(line.get("他说").text(), null), message);
      }
      Item sent = line.get("他发");
      if (sent != null) {
        return new Input.Heard(sent(sent, line.get("识别")), message);
      }
      if (line.containsKey("等待")) {
        return waits(line.get("等待"));
      }
      if (line.containsKey("员工")) {
        state = line.get("员工").text().equals("接手") ? state.takenByPerson() : state.givenBack();
      }
      return null;
    }

    private Content sent(Item sent, @Nullable Item heard) {
      String what = sent.text();
      int colon = what.indexOf(':');
      String detail = colon < 0 ? "" : what.substring(colon + 1).strip();
      return switch (colon < 0 ? what : what.substring(0, colon)) {
        case "image" -> new Content.Image("media" + message, null);
        case "voice" ->
            new Content.Voice("media" + message, "amr", heard == null ? null : heard.text());
        case "video" -> new Content.Video("media" + message);
        case "file" -> new Content.File("", detail);
        case "location" -> new Content.Location(25.0, 102.7, detail);
        case "menu" -> new Content.MenuTapped(detail);
        case "scan" -> new Content.Scanned(detail);
        case "follow" -> new Content.Followed(detail.isEmpty() ? null : detail);
        case "unfollow" -> new Content.Unfollowed();
        case "other" -> new Content.Other(detail, Map.of());
        default -> {
          sent.problem("不认识“" + what + "”", "unknown: " + what);
          yield new Content.Other(what, Map.of());
        }
      };
    }

    private @Nullable Input waits(Item item) {
      try {
        now = now.plus(Duration.parse("PT" + item.text().toUpperCase(java.util.Locale.ROOT)));
      } catch (DateTimeParseException e) {
        item.problem("时长要写成 31m 或 2h", "a duration is written like 31m or 2h");
      }
      Duration wake = state.wakeAfter();
      return wake != null
          ? new Input.Silence()
          : new Input.Heard(new Content.Unfollowed(), message);
    }

    /// Steps until the turn ends; acts and questions are answered as the transcript says.
    private boolean turn(Item at, Input first) {
      Input input = first;
      for (int steps = 0; steps < 8; steps++) {
        Step step = bot.step(state, input, scene());
        state = Json.read(Json.write(step.state()), BotState.class);
        move = step.move();
        String name;
        Map<String, Object> arguments;
        switch (move) {
          case Move.Act act -> {
            name = act.name();
            arguments = act.arguments();
          }
          case Move.Ask ask -> {
            name = ask.name();
            arguments = ask.arguments();
          }
          case Move.Say _, Move.HandOff _, Move.Quiet _ -> {
            return true;
          }
        }
        Map<String, Item> call = expectedCall(name);
        Actions.Action action = Actions.named(name);
        String fault = action == null ? name : Actions.fault(action.takes(), arguments);
        if (call == null && name.equals("set_language")) {
          // Written only where it matters.
          as.put("language", String.valueOf(arguments.get("language")));
          input = new Input.Outcome(Map.of());
          continue;
        }
        if (call == null) {
          at.problem(
              "没有料到调用 " + name + " " + arguments, "unexpected call of " + name + " " + arguments);
          return false;
        }
        if (fault != null) {
          at.problem("参数不合：" + fault, "an argument does not fit: " + fault);
          return false;
        }
        compareArguments(call, arguments);
        input = answered(call);
        if (name.equals("set_language")) {
          as.put("language", String.valueOf(arguments.get("language")));
        }
      }
      at.problem("八步还没有说完", "the turn does not end within eight steps");
      return false;
    }

    private @Nullable Map<String, Item> expectedCall(String name) {
      for (Map<String, Item> line : expected) {
        if (line.containsKey("调用") && line.get("调用").text().equals(name)) {
          expected.remove(line);
          var rest = new LinkedHashMap<>(line);
          rest.keySet().removeAll(Set.of("调用", "参数", "返回", "拒绝"));
          expected.addFirst(rest);
          return line;
        }
      }
      return null;
    }

    private static void compareArguments(Map<String, Item> call, Map<String, Object> arguments) {
      Item wanted = call.get("参数");
      if (wanted == null) {
        return;
      }
      wanted
          .map()
          .forEach((name, value) -> {
            Object given = arguments.get(name);
            String written = value.isList() ? value.asTexts().toString() : value.text();
            if (!written.equals(given == null ? "无" : given.toString())) {
              value.problem(name + " 是“" + given + "”", name + " is `" + given + "`");
            }
          });
    }

    private static Input answered(Map<String, Item> call) {
      if (call.containsKey("拒绝")) {
        return new Input.Refused("refused", call.get("拒绝").text());
      }
      Map<String, Object> values = new HashMap<>();
      Item given = call.get("返回");
      if (given != null) {
        given.map().forEach((name, value) -> values.put(name, value(value)));
      }
      return new Input.Outcome(values);
    }

    private static Object value(Item item) {
      if (item.isList()) {
        return item.list().stream().map(Talk::value).toList();
      }
      if (item.isMap()) {
        Map<String, Object> map = new LinkedHashMap<>();
        item.map().forEach((name, value) -> map.put(name, value(value)));
        return map;
      }
      String text = item.text();
      if (text.equals("true") || text.equals("false")) {
        return text.equals("true");
      }
      return text.matches("\\d{1,9}") ? (Object) Long.valueOf(text) : text;
    }

    private void compare(Map<String, Item> line) {
      String said =
          switch (move) {
            case Move.Say say -> say.text();
            case Move.HandOff handOff -> handOff.text();
            case Move.Act _, Move.Ask _, Move.Quiet _ -> "";
          };
      line.forEach((word, item) -> {
        switch (word) {
          case "机器人说" -> check(item, said.equals(item.text()), said);
          case "机器人说含" -> item.asTexts().forEach(text -> check(item, said.contains(text), said));
          case "机器人不说" -> item.asTexts().forEach(text -> check(item, !said.contains(text), said));
          case "机器人问" -> check(item, item.text().equals(asking()), asking());
          case "已填" -> item.map().forEach((slot, value) -> filled(value, slot));
          case "调用" -> item.problem("没有调用", "was not called; said: " + said);
          case "状态" -> state(item);
          default -> {}
        }
      });
    }

    private static void check(Item item, boolean holds, String instead) {
      if (!holds) {
        item.problem("实际是：" + instead, "but was: " + instead);
      }
    }

    private String asking() {
      BotState.Form form = state.form();
      String asking = form == null ? "" : form.asking();
      return asking == null ? "" : asking.equals(BotState.Form.CONFIRM) ? "确认" : asking;
    }

    private void filled(Item value, String slot) {
      BotState.Form form = state.form();
      BotState.Slot filled = form == null ? null : form.slots().get(slot);
      check(
          value,
          filled != null && filled.text().equals(value.text()),
          filled == null ? "" : filled.text());
    }

    private void state(Item item) {
      String is =
          move instanceof Move.Quiet && item.text().equals("quiet")
              ? "quiet"
              : state.person() != null ? "person" : state.form() != null ? "form" : "idle";
      if (!STATES.contains(item.text())) {
        item.problem("状态只有 idle、form、person、quiet", "a state is idle, form, person or quiet");
      }
      check(item, is.equals(item.text()), is);
    }

    private Scene scene() {
      String place = as.get("place");
      boolean open = !as.getOrDefault("open", "true").equals("false");
      return new Scene(
          as.getOrDefault("channel", "wechat"),
          now,
          ZoneId.of("Asia/Shanghai"),
          as.getOrDefault("language", "zh"),
          place == null ? null : new Scene.Place(7, place, "清月园社区"),
          new Scene.Desk(
              as.getOrDefault("desk", "清月园社区"),
              as.getOrDefault("phone", "1234-5678"),
              as.getOrDefault("duty", "1234-9999"),
              open,
              open ? null : "明早9点"),
          !as.getOrDefault("recorded", "true").equals("false"),
          this::known);
    }

    /// `known: 0301 东门水管爆了`, with `known_at: 31` in that territory only.
    private Scene.@Nullable Known known(String category, @Nullable Long territory) {
      String known = as.get("known");
      String at = as.get("known_at");
      boolean covers = at == null || (territory == null ? "7" : territory.toString()).equals(at);
      return known == null || !covers || !known.startsWith(category + " ")
          ? null
          : new Scene.Known(9, 1, known.substring(category.length() + 1), "清月园社区", "今天15:00前");
    }

    private static Instant instant(Item item) {
      try {
        return OffsetDateTime.parse(item.text()).toInstant();
      } catch (DateTimeParseException e) {
        item.problem(
            "时间要写成 2026-11-22T10:00:00+08:00", "a time is written like 2026-11-22T10:00:00+08:00");
        return NOON;
      }
    }
  }
}
