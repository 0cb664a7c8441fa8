package io.linyu.bot;

import static io.linyu.bot.Item.number;
import static io.linyu.bot.Item.phrase;
import static io.linyu.bot.Item.plain;
import static io.linyu.bot.Item.texts;

import io.linyu.bot.Script.Dialog;
import io.linyu.bot.Script.Entity;
import io.linyu.bot.Script.Kind;
import io.linyu.bot.Script.Slot;
import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.match.Lexicon;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads dialogs and the types of their slots; what they do is checked against [Actions].
final class DialogReader {
  private final Intents intents;
  private final ScriptChecks checks;
  private final Map<String, Entity> entities = new HashMap<>();
  private final Map<String, Dialog> dialogs = new LinkedHashMap<>();

  DialogReader(Intents intents, ScriptChecks checks) {
    this.intents = intents;
    this.checks = checks;
  }

  Map<String, Dialog> all() {
    return dialogs;
  }

  void entity(String called, Item item) {
    Map<String, Item> of = item.map(Set.of("type", "from", "values", "min", "max"));
    Item type = of.get("type");
    Kind kind = type == null ? null : kind(type.text());
    if (kind == null) {
      (type == null ? item : type)
          .problem(
              "“" + called + "”的 type 应当是 text、image、number、choice 或 lookup",
              "the type of `" + called + "` must be text, image, number, choice or lookup");
      return;
    }
    Item from = of.get("from");
    if (kind == Kind.LOOKUP && (from == null || !from.text().equals("buildings"))) {
      item.problem("lookup 现在只能查 buildings（from: buildings）", "a lookup is `from: buildings`");
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    Item listed = of.get("values");
    if (listed != null) {
      listed.map().forEach((value, means) -> values.put(value, plain(means.asTexts())));
    } else if (kind == Kind.CHOICE) {
      item.problem("choice 要写出 values", "a choice needs its values");
    }
    entities.put(
        called,
        new Entity(
            called,
            kind,
            values,
            number(of.get("min"), Double.NEGATIVE_INFINITY),
            number(of.get("max"), Double.POSITIVE_INFINITY)));
  }

  private static @Nullable Kind kind(String name) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElse(null);
  }

  void dialog(String called, Item item) {
    Map<String, Item> of =
        item.map(Set.of("label", "when", "ask", "confirm", "do", "save_as", "say", "silence"));
    Item when = of.get("when");
    List<Intents.Intent> starting =
        when == null ? List.of() : intents.starting(new Target(Way.DIALOG, called), when);
    if (!starting.isEmpty()) {
      checks.reached(called);
    }
    Set<String> known = new TreeSet<>(Sentence.ALWAYS);
    known.add("我记的是");
    List<Slot> slots = new ArrayList<>();
    Item ask = of.get("ask");
    if (ask != null) {
      for (Item slot : ask.list()) {
        Slot read = slot(slot, known);
        if (read != null) {
          if (!known.add(read.name())) {
            slot.problem("“" + read.name() + "”写了两次", "`" + read.name() + "` stands here twice");
          }
          slots.add(read);
        }
      }
    }
    Phrase confirm = of.containsKey("confirm") ? phrase(of.get("confirm"), known) : null;
    Script.Do does = does(of, slots, confirm != null);
    Script.Silence silence =
        of.containsKey("silence") ? silence(of.get("silence"), known, does) : null;
    Set<String> knownAfter = new TreeSet<>(known);
    if (does != null) {
      does.action().gives().forEach(gives -> knownAfter.add(does.saveAs() + "." + gives.name()));
    }
    Item say = of.get("say");
    if (say == null) {
      item.problem("“" + called + "”最后没有 say", "`" + called + "` ends without say");
    }
    Item label = of.get("label");
    Dialog dialog =
        new Dialog(
            called,
            label == null
                ? new Phrase(Map.of("zh", List.of(Phrase.Variant.of(called))))
                : label.phrase(),
            starting.stream().anyMatch(Intents.Intent::problems),
            slots,
            confirm,
            does,
            say == null ? Phrase.NOTHING : phrase(say, knownAfter),
            silence);
    if (dialogs.put(called, dialog) != null) {
      item.problem("对话“" + called + "”有两个", "there are two dialogs `" + called + "`");
    }
    checks.dialog(called, item);
  }

  private @Nullable Slot slot(Item item, Set<String> known) {
    Map<String, Item> of =
        item.map(
            Set.of(
                "slot",
                "type",
                "say",
                "otherwise",
                "check",
                "optional",
                "silent",
                "from",
                "default"));
    Item slot = of.get("slot");
    Item type = of.get("type");
    if (slot == null || type == null) {
      item.problem("每一问要有 slot 和 type", "every question needs slot and type");
      return null;
    }
    Kind kind = kind(type.text());
    Entity entity =
        kind == null || kind == Kind.CHOICE || kind == Kind.LOOKUP
            ? entities.get(type.text())
            : new Entity(
                type.text(), kind, Map.of(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    if (entity == null) {
      type.problem("没有叫“" + type.text() + "”的类型", "there is no type `" + type.text() + "`");
      return null;
    }
    Item check = of.get("check");
    int min = check == null ? 1 : (int) number(check.map(Set.of("min")).get("min"), 1);
    boolean fromFirst = is(of.get("from"), "first_message");
    boolean home = is(of.get("default"), "home");
    boolean silent = of.containsKey("silent") && of.get("silent").flag();
    if (!silent && !of.containsKey("say")) {
      item.problem("要问就要有 say，不问就写 silent: true", "needs say, or silent: true when never asked");
    }
    return new Slot(
        slot.text(),
        entity,
        of.containsKey("say") ? phrase(of.get("say"), known) : null,
        of.containsKey("otherwise") ? phrase(of.get("otherwise"), known) : null,
        min,
        of.containsKey("optional") && of.get("optional").flag(),
        silent,
        fromFirst,
        home);
  }

  private static boolean is(@Nullable Item item, String only) {
    if (item == null) {
      return false;
    }
    if (!item.text().equals(only)) {
      item.problem("这里只能写 " + only, "only `" + only + "` is possible here");
    }
    return true;
  }

  /// `open_case(事情, 地点, 照片)`: by the order of the parameters, or by name, `place: 地点`.
  private Script.@Nullable Do does(Map<String, Item> of, List<Slot> slots, boolean confirms) {
    Item item = of.get("do");
    if (item == null) {
      return null;
    }
    String call = item.text();
    int open = call.indexOf('(');
    Actions.Action action = Actions.named(open < 0 ? call : call.substring(0, open).strip());
    if (action == null || (open > 0 && !call.endsWith(")"))) {
      item.problem("没有这个动作：" + call, "there is no such action: " + call);
      return null;
    }
    if (action.changes() && !confirms) {
      item.problem(
          "“" + action.name() + "”会改变东西，前面要有 confirm",
          "`" + action.name() + "` changes something and needs a confirm before it");
    }
    List<Actions.Parameter> possible =
        action.takes().stream().filter(takes -> !takes.byBot()).toList();
    Map<String, String> arguments = new LinkedHashMap<>();
    String inside = open < 0 ? "" : call.substring(open + 1, call.length() - 1).strip();
    int position = 0;
    for (String written : inside.isEmpty() ? new String[0] : inside.split("[,，]", -1)) {
      int colon = written.indexOf(':');
      String slotName = written.substring(colon + 1).strip();
      Actions.Parameter parameter =
          colon >= 0
              ? action.takes(written.substring(0, colon).strip())
              : position < possible.size() ? possible.get(position) : null;
      position++;
      Slot slot = slots.stream().filter(s -> s.name().equals(slotName)).findFirst().orElse(null);
      if (parameter == null || parameter.byBot()) {
        item.problem(
            "“" + action.name() + "”没有参数给“" + written.strip() + "”",
            "`" + action.name() + "` has no parameter for `" + written.strip() + "`");
      } else if (slot == null) {
        item.problem("没有问过“" + slotName + "”", "`" + slotName + "` is no slot of this dialog");
      } else if (!fits(parameter.type(), slot.entity().kind())) {
        item.problem(
            "“" + slotName + "”的类型不适合参数 " + parameter.name(),
            "the type of `" + slotName + "` does not fit the parameter " + parameter.name());
      } else {
        arguments.put(parameter.name(), slotName);
      }
    }
    for (Actions.Parameter parameter : possible) {
      if (parameter.required() && !arguments.containsKey(parameter.name())) {
        item.problem(
            "“" + action.name() + "”缺少参数 " + parameter.name(),
            "`" + action.name() + "` lacks the parameter " + parameter.name());
      }
    }
    Item saveAs = of.get("save_as");
    return new Script.Do(action, arguments, saveAs == null ? action.name() : saveAs.text());
  }

  private static boolean fits(Actions.Type type, Kind kind) {
    return switch (type) {
      case TEXT -> kind != Kind.IMAGE;
      case NUMBER -> kind == Kind.NUMBER;
      case MESSAGES -> kind == Kind.IMAGE;
      case BOOL, LIST -> false;
    };
  }

  private Script.Silence silence(Item item, Set<String> known, Script.@Nullable Do does) {
    Map<String, Item> of = item.map(Set.of("say", "private"));
    Set<String> after = new TreeSet<>(known);
    if (does != null) {
      does.action().gives().forEach(gives -> after.add(does.saveAs() + "." + gives.name()));
    } else {
      item.problem("没有 do，silence 没有意义", "silence means nothing without do");
    }
    Map<String, Item> privately =
        of.containsKey("private")
            ? of.get("private").map(Set.of("categories", "words", "confirm", "say"))
            : Map.of();
    var privateWords = new Lexicon<Boolean>();
    texts(privately.get("words")).forEach(word -> privateWords.add(word, true));
    if (!of.containsKey("say")) {
      item.problem("silence 要有 say", "silence needs say");
    }
    return new Script.Silence(
        of.containsKey("say") ? phrase(of.get("say"), after) : Phrase.NOTHING,
        Set.copyOf(texts(privately.get("categories"))),
        privateWords,
        privately.containsKey("confirm") ? phrase(privately.get("confirm"), known) : Phrase.NOTHING,
        privately.containsKey("say") ? phrase(privately.get("say"), known) : Phrase.NOTHING);
  }
}
