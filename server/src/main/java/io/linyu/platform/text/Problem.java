package io.linyu.platform.text;

import java.util.List;

/// What is wrong in a file that somebody handed in, so that they find it and can mend it.
///
/// @param line counted from 1, the heading included
/// @param column empty when it concerns the whole line
/// @param key names the sentence in the message bundles as `import.<key>`
public record Problem(int line, String column, String value, String key, List<Object> arguments) {
  public Problem(int line, String column, String value, String key, Object... arguments) {
    this(line, column, value, key, List.of(arguments));
  }

  public String sentence(Words words) {
    return words.of("import." + key, arguments.toArray());
  }
}
