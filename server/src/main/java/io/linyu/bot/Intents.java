package io.linyu.bot;

import static io.linyu.bot.Item.texts;

import io.linyu.bot.Script.Target;
import io.linyu.bot.Script.Target.Way;
import io.linyu.bot.match.Likeness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What residents may want, and how they say it. Taught to the matching as soon as it is known what
/// each of them starts.
final class Intents {
  private final ScriptChecks checks;
  private final Likeness<Target> likeness;
  private final Map<String, Intent> intents = new LinkedHashMap<>();
  private final Set<String> started = new HashSet<>();

  /// @param problems whether a problem told in the resident's own words is meant, too
  /// @param starts the engine's own command, when it is one
  record Intent(
      Item at, boolean problems, @Nullable Way starts, Set<String> said, List<String> keywords) {}

  Intents(ScriptChecks checks, Likeness<Target> likeness) {
    this.checks = checks;
    this.likeness = likeness;
  }

  void read(String called, Item item) {
    Map<String, Item> of = item.map(Set.of("problems", "starts", "keywords", "examples"));
    Item starts = of.get("starts");
    Way way = null;
    if (starts != null) {
      way =
          switch (starts.text()) {
            case "progress" -> Way.PROGRESS;
            case "human" -> Way.HUMAN;
            case "unsolved" -> Way.UNSOLVED;
            case "menu" -> Way.MENU;
            default -> null;
          };
      if (way == null) {
        starts.problem(
            "starts 只能是 progress、human、unsolved 或 menu",
            "starts must be progress, human, unsolved or menu");
      }
    }
    Set<String> said = new HashSet<>();
    for (String part : List.of("keywords", "examples")) {
      Item list = of.get(part);
      if (list != null) {
        for (Item text : list.list()) {
          said.add(text.text());
          checks.example(called, text);
        }
      }
    }
    Item problems = of.get("problems");
    boolean problem = problems != null && problems.flag();
    Intent intent = new Intent(item, problem, way, said, texts(of.get("keywords")));
    if (intents.put(called, intent) != null) {
      item.problem("意图“" + called + "”有两个", "there are two intents `" + called + "`");
    }
    if (way != null) {
      teach(Target.of(way), intent);
    }
  }

  /// The intents that `when` names, each of which starts only one dialog.
  List<Intent> starting(Target dialog, Item when) {
    List<Intent> starting = new ArrayList<>();
    for (Item named : when.list()) {
      Intent intent = intents.get(named.text());
      if (intent == null) {
        named.problem("没有叫“" + named.text() + "”的意图", "there is no intent `" + named.text() + "`");
        continue;
      }
      if (!started.add(named.text())) {
        named.problem(
            "意图“" + named.text() + "”已经开始另一个对话",
            "the intent `" + named.text() + "` already starts another dialog");
      }
      teach(dialog, intent);
      starting.add(intent);
    }
    return starting;
  }

  void unused() {
    intents.forEach((called, intent) -> {
      if (intent.starts == null && !started.contains(called)) {
        intent.at.problem("意图“" + called + "”没有对话用到", "no dialog uses the intent `" + called + "`");
      }
    });
  }

  private void teach(Target target, Intent intent) {
    intent.said.forEach(example -> likeness.example(target, example));
    intent.keywords.forEach(word -> likeness.keyword(target, word));
  }
}
