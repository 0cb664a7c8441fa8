package io.linyu.bot;

import io.linyu.bot.Scripts.Problem;
import io.linyu.bot.match.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A place in a script file: what stands there, and where to point when it is wrong. Reading never
/// throws; it notes the problem and goes on, so that one run finds all of them.
final class Item {
  private final String file;
  private final Node node;
  private final List<Problem> problems;

  private Item(String file, Node node, List<Problem> problems) {
    this.file = file;
    this.node = node;
    this.problems = problems;
  }

  /// The whole of a file, or null when it is empty or no YAML at all.
  static @Nullable Item root(Scripts.Source source, List<Problem> problems) {
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(source.file()).setAllowDuplicateKeys(true).build();
      Node node = new Compose(settings).composeString(source.text()).orElse(null);
      return node == null ? null : new Item(source.file(), node, problems);
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
      problems.add(
          new Problem(
              source.file(),
              mark == null ? 1 : mark.getLine() + 1,
              mark == null ? 1 : mark.getColumn() + 1,
              "这里不是正确的 YAML：" + e.getProblem(),
              "not valid YAML: " + e.getProblem()));
    } catch (YamlEngineException e) {
      problems.add(
          new Problem(
              source.file(), 1, 1, "读不了：" + e.getMessage(), "cannot be read: " + e.getMessage()));
    }
    return null;
  }

  void problem(String zh, String en) {
    Mark mark = node.getStartMark().orElse(null);
    problems.add(
        new Problem(
            file,
            mark == null ? 1 : mark.getLine() + 1,
            mark == null ? 1 : mark.getColumn() + 1,
            zh,
            en));
  }

  boolean isMap() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  boolean isText() {
    return node instanceof ScalarNode;
  }

  /// In the order of the file; empty, with a problem noted, when it is something else.
  Map<String, Item> map() {
    var entries = new LinkedHashMap<String, Item>();
    if (!(node instanceof MappingNode mapping)) {
      problem("这里应当是“名称: 内容”的形式", "expected `name: content` here");
      return entries;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Item key = new Item(file, tuple.getKeyNode(), problems);
      String name = key.text();
      if (entries.put(name, new Item(file, tuple.getValueNode(), problems)) != null) {
        key.problem("“" + name + "”写了两次", "`" + name + "` stands here twice");
      }
    }
    return entries;
  }

  /// As [#map], noting every name that is not reserved here.
  Map<String, Item> map(Set<String> reserved) {
    Map<String, Item> entries = map();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        Item key = new Item(file, tuple.getKeyNode(), problems);
        if (!reserved.contains(key.text())) {
          String known = String.join("、", reserved.stream().sorted().toList());
          key.problem(
              "不认识“" + key.text() + "”，这里可以用：" + known,
              "unknown word `"
                  + key.text()
                  + "`; possible here: "
                  + String.join(", ", reserved.stream().sorted().toList()));
        }
      }
    }
    return entries;
  }

  /// A single thing counts as a list of one.
  List<Item> list() {
    if (node instanceof SequenceNode sequence) {
      List<Item> items = new ArrayList<>();
      sequence.getValue().forEach(child -> items.add(new Item(file, child, problems)));
      return items;
    }
    return List.of(this);
  }

  List<String> asTexts() {
    return list().stream().map(Item::text).filter(text -> !text.isEmpty()).toList();
  }

  String text() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue().strip();
    }
    problem("这里应当是一句文字", "expected a text here");
    return "";
  }

  boolean flag() {
    String text = text();
    if (!text.equals("true") && !text.equals("false")) {
      problem("这里应当是 true 或 false", "expected true or false here");
    }
    return text.equals("true");
  }

  double asNumber(double otherwise) {
    try {
      return Double.parseDouble(text());
    } catch (NumberFormatException e) {
      problem("“" + text() + "”不是数字", "`" + text() + "` is not a number");
      return otherwise;
    }
  }

  /// A text, a list of variants, or either of them for each language under `zh` and `en`.
  Phrase phrase() {
    var languages = new LinkedHashMap<String, List<Phrase.Variant>>();
    if (isMap()) {
      map(Set.of("zh", "en")).forEach((language, said) -> languages.put(language, said.variants()));
      if (!languages.containsKey("zh")) {
        problem("缺少中文（zh）", "the Chinese text (zh) is missing");
      }
    } else {
      languages.put("zh", variants());
    }
    return new Phrase(languages);
  }

  private List<Phrase.Variant> variants() {
    return list().stream().map(Item::text).map(Phrase.Variant::of).toList();
  }

  // What may be missing

  static Phrase phrase(@Nullable Item item, Set<String> known) {
    return item == null ? Phrase.NOTHING : ScriptChecks.phrase(item, item.phrase(), known);
  }

  static List<String> texts(@Nullable Item item) {
    return item == null ? List.of() : item.asTexts();
  }

  static List<String> plain(List<String> texts) {
    return texts.stream().map(Plain::of).toList();
  }

  static double number(@Nullable Item item, double otherwise) {
    return item == null ? otherwise : item.asNumber(otherwise);
  }
}
