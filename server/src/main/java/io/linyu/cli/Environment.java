package io.linyu.cli;

import io.linyu.community.audit.Who;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The process' environment, asked for here and nowhere else.
///
/// @param home where the launcher lies: relative paths in the settings start there
record Environment(Map<String, String> variables, Path home) {
  static Environment ofThisProcess() {
    var variables = new HashMap<>(System.getenv());
    // The launcher may have had to choose another locale, for the sake of its encoding.
    String language = System.getProperty("linyu.language");
    if (language != null) {
      variables.put("LC_ALL", language);
    }
    return new Environment(
        variables, Path.of(System.getProperty("linyu.home", "")).toAbsolutePath());
  }

  /// What makes the menus of our accounts.
  Path menu() {
    return home.resolve("config").resolve("menu.yaml");
  }

  /// The language of whoever sits at the terminal: Chinese unless the locale says English.
  String language() {
    return Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
        .map(variables::get)
        .filter(each -> each != null && !each.isEmpty())
        .findFirst()
        .filter(each -> each.startsWith("en"))
        .map(each -> "en")
        .orElse("zh");
  }

  /// Who runs a command here, for the audit: the user of the machine.
  Who who() {
    return Who.commandLine(System.getProperty("user.name") + "@" + machine());
  }

  /// From the kernel where it tells: asking the network for one's own name may take long.
  private static String machine() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException nameless) {
        return "?";
      }
    }
  }

  @Nullable String get(String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value;
  }

  /// What is set for us. An empty value counts as not set, as in compose files.
  Map<String, String> ours() {
    return variables.entrySet().stream()
        .filter(each -> each.getKey().startsWith("LINYU_") && !each.getValue().isBlank())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> each.getValue().strip()));
  }
}
