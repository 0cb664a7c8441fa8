package io.linyu.bot;

import java.util.List;

/// Reads scripts, says everything that is wrong with them at once, or gives the bot they make.
public final class Scripts {
  private Scripts() {}

  /// @param file as it is named in a [Problem]; one named `categories.csv` is the catalogue of
  ///   categories
  public record Source(String file, String text) {}

  /// What is wrong, where, in two languages.
  public record Problem(String file, int line, int column, String zh, String en) {}

  public sealed interface Loaded {
    record Ready(Bot bot) implements Loaded {}

    record Faulty(List<Problem> problems) implements Loaded {}
  }

  /// The scripts that an empty installation starts with.
  public static Bot shipped() {
    return new Bot();
  }

  public static Loaded load(List<Source> sources) {
    return new Loaded.Ready(new Bot());
  }
}
