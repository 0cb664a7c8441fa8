package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.linyu.channel.wechat.WechatMenu.Button;
import io.linyu.channel.wechat.WechatMenu.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/// Reads `config/menu.yaml`, and says everything that is wrong with it at once.
///
/// ```yaml
/// - name: 有话说
///   key: report
/// - name: 服务
///   below:
///     - { name: 社区主页, url: '{public}/board' }
///     - { name: 发照片, photo: '' }
/// ```
public final class WechatMenuFile {
  /// Where residents reach us, as the settings say.
  private static final String PUBLIC = "{public}";

  /// The name of the account that has the menu.
  private static final String ACCOUNT = "{account}";

  /// Bytes of a Chinese character.
  private static final int CHINESE = 3;

  private static final Map<String, Kind> KINDS =
      Arrays.stream(Kind.values()).collect(Collectors.toMap(Kind::word, each -> each));

  private final String publicUrl;
  private final String account;
  private final Set<String> known;
  private final List<Problem> problems = new ArrayList<>();

  private WechatMenuFile(String publicUrl, String account, Set<String> known) {
    this.publicUrl = publicUrl;
    this.account = account;
    this.known = known;
  }

  /// @param key of the sentence, `menu.problem.…`
  public record Problem(int line, String key, List<Object> arguments) {}

  public sealed interface Read {
    record Good(WechatMenu menu) implements Read {}

    /// @param problems in the order of the file
    record Faulty(List<Problem> problems) implements Read {}
  }

  /// @param account whose menu it is, as the settings name it
  /// @param known the keys that the bot's menu has
  public static Read read(String text, String publicUrl, String account, Set<String> known) {
    var file = new WechatMenuFile(publicUrl, account, known);
    List<Button> buttons = file.buttons(text);
    return file.problems.isEmpty()
        ? new Read.Good(new WechatMenu(buttons))
        : new Read.Faulty(
            file.problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList());
  }

  private List<Button> buttons(String text) {
    var rules =
        LoadSettings.builder()
            .setLabel("menu")
            .setSchema(new FailsafeSchema())
            .setUseMarks(true)
            .build();
    try {
      Optional<Node> root = new Compose(rules).composeString(text);
      if (root.isEmpty()) {
        problem(1, "empty");
        return List.of();
      }
      return buttons(root.get(), WechatMenu.MOST_BUTTONS, WechatMenu.LONGEST_NAME, true);
    } catch (MarkedYamlEngineException wrong) {
      problem(line(wrong.getProblemMark()), "syntax", String.valueOf(wrong.getProblem()));
    } catch (YamlEngineException wrong) {
      problem(1, "syntax", String.valueOf(wrong.getMessage()));
    }
    return List.of();
  }

  private List<Button> buttons(Node node, int most, int longestName, boolean top) {
    if (!(node instanceof SequenceNode list) || list.getValue().isEmpty()) {
      problem(line(node), "list");
      return List.of();
    }
    if (list.getValue().size() > most) {
      problem(line(list.getValue().get(most)), "too-many", most, list.getValue().size());
    }
    var buttons = new ArrayList<Button>();
    for (Node each : list.getValue()) {
      Button button = button(each, longestName, top);
      if (button != null) {
        buttons.add(button);
      }
    }
    return buttons;
  }

  private @Nullable Button button(Node node, int longestName, boolean top) {
    if (!(node instanceof MappingNode mapping)) {
      problem(line(node), "button");
      return null;
    }
    var entries = new LinkedHashMap<String, Node>();
    for (NodeTuple entry : mapping.getValue()) {
      String word = entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
      if (!word.equals("name") && !KINDS.containsKey(word) && !(top && word.equals("below"))) {
        problem(line(entry.getKeyNode()), "word", word);
      } else if (entries.put(word, entry.getValueNode()) != null) {
        problem(line(entry.getKeyNode()), "twice", word);
      }
    }
    String name = name(node, entries.remove("name"), longestName);
    if (entries.size() != 1) {
      problem(line(node), "one-deed", name);
      return null;
    }
    String word = entries.keySet().iterator().next();
    Node value = entries.values().iterator().next();
    if (word.equals("below")) {
      return new Button(
          name,
          Kind.KEY,
          "",
          buttons(value, WechatMenu.MOST_BELOW, WechatMenu.LONGEST_NAME_BELOW, false));
    }
    Kind kind = KINDS.get(word);
    return kind == null ? null : new Button(name, kind, value(kind, value), List.of());
  }

  private String name(Node button, @Nullable Node node, int longest) {
    if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
      problem(line(button), "name");
      return "?";
    }
    String name = scalar.getValue().strip();
    int length = name.getBytes(UTF_8).length;
    if (length > longest) {
      problem(line(node), "name-long", name, length, longest, longest / CHINESE);
    }
    return name;
  }

  private String value(Kind kind, Node node) {
    String text = node instanceof ScalarNode scalar ? scalar.getValue().strip() : "";
    switch (kind) {
      case KEY -> {
        if (!known.contains(text)) {
          problem(line(node), "key", text, String.join(", ", known.stream().sorted().toList()));
        }
      }
      case URL -> {
        String url = text.replace(PUBLIC, publicUrl).replace(ACCOUNT, account);
        if (!isWeb(url) || url.getBytes(UTF_8).length > WechatMenu.LONGEST_URL) {
          problem(line(node), "url", text);
        }
        return url;
      }
      case SCAN, PHOTO, PLACE -> {
        String key = text.isEmpty() ? kind.word() : text;
        if (key.getBytes(UTF_8).length > WechatMenu.LONGEST_KEY) {
          problem(line(node), "key-long", WechatMenu.LONGEST_KEY);
        }
        return key;
      }
    }
    return text;
  }

  private static boolean isWeb(String url) {
    try {
      URI address = URI.create(url);
      return ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void problem(int line, String key, Object... arguments) {
    problems.add(new Problem(line, key, List.of(arguments)));
  }

  private static int line(Node node) {
    return line(node.getStartMark());
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(at -> at.getLine() + 1).orElse(1);
  }
}
