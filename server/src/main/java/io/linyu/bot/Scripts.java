package io.linyu.bot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads scripts, says everything that is wrong with them at once, or gives the bot they make.
public final class Scripts {
  /// What an empty installation starts with, on the class path.
  private static final List<String> SHIPPED =
      List.of("main.yaml", "report.yaml", "small-talk.yaml", "faq.yaml", "emergency.yaml");

  private static final List<String> SHIPPED_TESTS =
      List.of(
          "report.yaml",
          "engine.yaml",
          "emergency.yaml",
          "media.yaml",
          "faq.yaml",
          "english.yaml",
          "known.yaml",
          "family.yaml",
          "urge.yaml",
          "appeal.yaml");

  private static final String CATEGORIES = "config/categories.csv";

  private Scripts() {}

  /// @param file as it is named in a [Problem]; one named `categories.csv` is the catalogue of
  ///   categories
  public record Source(String file, String text) {}

  /// What is wrong, where, in two languages.
  public record Problem(String file, int line, int column, String zh, String en) {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column + ": " + zh + " / " + en;
    }
  }

  public sealed interface Loaded {
    record Ready(Bot bot) implements Loaded {}

    record Faulty(List<Problem> problems) implements Loaded {}
  }

  public static Loaded load(List<Source> sources) {
    return load(sources, null);
  }

  /// @param today when given, answers past their date are problems too; a running server only stops
  ///   giving them
  public static Loaded load(List<Source> sources, @Nullable LocalDate today) {
    List<Problem> problems = new ArrayList<>();
    Script script = new ScriptReader(problems, today).read(sources);
    if (problems.isEmpty()) {
      return new Loaded.Ready(new Bot(script));
    }
    problems.sort(
        Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column));
    return new Loaded.Faulty(List.copyOf(problems));
  }

  /// The bot that an empty installation starts with.
  public static Bot shipped() {
    return switch (load(shippedSources())) {
      case Loaded.Ready ready -> ready.bot();
      case Loaded.Faulty faulty -> throw new IllegalStateException(faulty.problems().toString());
    };
  }

  public static List<Source> shippedSources() {
    List<Source> sources = new ArrayList<>();
    SHIPPED.forEach(file -> sources.add(resource("bot-scripts/" + file)));
    sources.add(resource(CATEGORIES));
    return sources;
  }

  public static List<Source> shippedTests() {
    return SHIPPED_TESTS.stream().map(file -> resource("bot-scripts/tests/" + file)).toList();
  }

  /// All scripts of a folder, with the shipped catalogue of categories unless it has its own.
  public static List<Source> in(Path folder) {
    List<Source> sources = new ArrayList<>(yaml(folder));
    Path categories = folder.resolve("categories.csv");
    sources.add(Files.exists(categories) ? file(categories) : resource(CATEGORIES));
    return sources;
  }

  public static List<Source> testsIn(Path folder) {
    Path tests = folder.resolve("tests");
    return Files.isDirectory(tests) ? yaml(tests) : List.of();
  }

  private static List<Source> yaml(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(Scripts::file)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source file(Path file) {
    try {
      return new Source(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source resource(String name) {
    try (InputStream in = Scripts.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new Source(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
