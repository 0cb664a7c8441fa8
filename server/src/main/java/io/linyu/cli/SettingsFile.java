package io.linyu.cli;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/// `config/linyu.yaml`: nested keys with text at their ends. Numbers stay text, so that a token of
/// digits keeps its zeros.
final class SettingsFile {
  private final String name;
  private final List<Setting> settings = new ArrayList<>();

  private SettingsFile(String name) {
    this.name = name;
  }

  static List<Setting> read(Path path, Path home) {
    String name = path.startsWith(home) ? home.relativize(path).toString() : path.toString();
    var file = new SettingsFile(name);
    var rules =
        LoadSettings.builder()
            .setLabel(name)
            .setSchema(new FailsafeSchema())
            .setUseMarks(true)
            .build();
    try (Reader text = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      new Compose(rules).composeReader(text).ifPresent(root -> file.collect("", root));
    } catch (MarkedYamlEngineException wrong) {
      throw new CannotStart(
          wrong, "settings-syntax", file.line(wrong.getProblemMark()), wrong.getProblem());
    } catch (IOException | YamlEngineException e) {
      throw new CannotStart(e, "settings-unreadable", name, String.valueOf(e.getMessage()));
    }
    return file.settings;
  }

  private void collect(String path, Node node) {
    switch (node) {
      case MappingNode mapping -> {
        for (NodeTuple entry : mapping.getValue()) {
          if (!(entry.getKeyNode() instanceof ScalarNode key)) {
            throw new CannotStart("settings-shape", line(entry.getKeyNode().getStartMark()), path);
          }
          collect(
              path.isEmpty() ? key.getValue() : path + "." + key.getValue(), entry.getValueNode());
        }
      }
      case ScalarNode scalar when path.isEmpty() && scalar.getValue().isBlank() -> {}
      case ScalarNode scalar when !path.isEmpty() -> {
        if (!scalar.getValue().isBlank()) {
          settings.add(new Setting(path, scalar.getValue().strip(), line(scalar.getStartMark())));
        }
      }
      default -> throw new CannotStart("settings-shape", line(node.getStartMark()), path);
    }
  }

  private String line(Optional<Mark> mark) {
    return mark.map(at -> name + ":" + (at.getLine() + 1)).orElse(name);
  }
}
