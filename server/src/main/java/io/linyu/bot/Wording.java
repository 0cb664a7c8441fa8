package io.linyu.bot;

import io.linyu.bot.Script.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How things are said in this scene: in the resident's language, with the desk's name and numbers,
/// within the length of one reply.
record Wording(Script script, Scene scene) {
  private static final int MOST_CASES = 5;
  private static final int READ_BACK = 120;

  String sentence(Sentence sentence) {
    return sentence(sentence, Map.of());
  }

  String sentence(Sentence sentence, Map<String, String> values) {
    return phrase(script.sentences().getOrDefault(sentence, Phrase.NOTHING), values);
  }

  String phrase(Phrase phrase) {
    return phrase(phrase, Map.of());
  }

  String phrase(Phrase phrase, Map<String, String> values) {
    Scene.Desk desk = scene.desk();
    Scene.Place place = scene.place();
    Map<String, String> all = new HashMap<>();
    all.put("社区", desk.name());
    all.put("电话", desk.phone());
    all.put("值班电话", desk.dutyPhone());
    String nextOpen = desk.nextOpen();
    all.put("下次", nextOpen == null ? "" : nextOpen);
    all.put("住处", place == null ? "" : place.name());
    all.putAll(values);
    return phrase.say(scene.language(), all);
  }

  String menu() {
    var list = new StringBuilder(phrase(script.menuSays()));
    int number = 1;
    for (Script.MenuItem item : script.menu()) {
      list.append('\n').append(number++).append(' ').append(phrase(item.label()));
    }
    return list.toString();
  }

  String faq(String id) {
    return faq(id, Map.of());
  }

  String faq(String id, Map<String, String> values) {
    Script.Faq faq = script.faqs().get(id);
    return faq == null ? "" : phrase(faq.answer(), values);
  }

  /// What a target is called in 您是想……吗; empty when it has no name.
  String idea(Target target) {
    return switch (target.way()) {
      case DIALOG -> {
        Script.Dialog dialog = script.dialogs().get(target.name());
        yield dialog == null ? "" : phrase(dialog.label());
      }
      case FAQ -> {
        Script.Faq faq = script.faqs().get(target.name());
        yield faq == null
            ? ""
            : sentence(Sentence.QUESTION, Map.of("问题", faq.questions().getFirst()));
      }
      case UNSOLVED -> sentence(Sentence.UNSOLVED_IDEA);
      case PROGRESS, HUMAN, MENU ->
          script.menu().stream()
              .filter(item -> item.target().equals(target))
              .findFirst()
              .map(item -> phrase(item.label()))
              .orElse("");
    };
  }

  String cases(@Nullable String number, Map<String, Object> values) {
    List<Map<String, Object>> cases = Values.maps(values.get("cases"));
    if (cases.isEmpty()) {
      return number == null
          ? sentence(Sentence.NO_CASES)
          : sentence(Sentence.NO_SUCH_CASE, Map.of("编号", number));
    }
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> one : cases.subList(0, Math.min(MOST_CASES, cases.size()))) {
      Map<String, String> said = new HashMap<>();
      said.put("编号", Values.text(one, "number"));
      said.put("事情", clip(Values.text(one, "title")));
      said.put("状态", Values.text(one, "state"));
      said.put("办理", Values.text(one, "desk"));
      said.put("下一步", Values.text(one, "next"));
      said.put("链接", Values.text(one, "link"));
      lines.add(sentence(Sentence.CASE, said));
    }
    String list = String.join("\n", lines);
    if (number != null) {
      return list;
    }
    int total = values.get("total") instanceof Number all ? all.intValue() : cases.size();
    if (total > lines.size()) {
      Map<String, String> said = new HashMap<>();
      said.put("件数", Integer.toString(total));
      said.put("显示", Integer.toString(lines.size()));
      said.put("列表", list);
      said.put("全部", Values.text(values, "all"));
      return sentence(Sentence.CASES_LATEST, said);
    }
    return sentence(Sentence.CASES, Map.of("件数", Integer.toString(total), "列表", list));
  }

  /// Numbered, for an answer by number.
  String which(List<Values.Found> found) {
    List<String> lines = new ArrayList<>();
    for (Values.Found one : found) {
      lines.add(lines.size() + 1 + " " + one.name());
    }
    return sentence(Sentence.WHICH_PLACE, Map.of("列表", String.join("\n", lines)));
  }

  /// Long words of a resident are read back by their beginning.
  static String clip(String text) {
    return text.codePointCount(0, text.length()) <= READ_BACK
        ? text
        : text.substring(0, text.offsetByCodePoints(0, READ_BACK - 2)) + "……";
  }

  /// Whole lines are left out rather than half of one.
  static String fit(String text) {
    String fitting = text;
    while (fitting.getBytes(StandardCharsets.UTF_8).length > ScriptChecks.REPLY_BYTES) {
      int cut = fitting.lastIndexOf('\n');
      fitting =
          cut > 0
              ? fitting.substring(0, cut)
              : fitting.substring(0, fitting.offsetByCodePoints(fitting.length(), -1));
    }
    return fitting;
  }
}
