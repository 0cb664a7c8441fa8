package io.linyu.cli;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.CannotStart;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.embedded.Progress;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// `linyu` itself. What a command is asked wrongly ends with status 2, what cannot be done with 1
/// and one sentence.
@Command(
    name = "linyu",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    subcommands = {
      Demo.class,
      Serve.class,
      Doctor.class,
      Audit.class,
      Import.class,
      StaffAccounts.class,
      BackupCommand.class,
      RestoreCommand.class,
      KeyCommands.class,
      PersonCommands.class,
      BotCommands.class,
      WechatCommands.class,
      PackageCommand.class,
      WarmCommand.class,
      Bench.class
    })
public final class Commands implements Runnable {
  private final Environment environment;
  private final Sentences sentences;

  /// The folder in which Java keeps what it learned, for later starts.
  private static final String TRAINING = "linyu.training";

  private final PrintWriter out;
  private final PrintWriter err;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      descriptionKey = "option.config")
  private @Nullable Path config;

  private @Nullable CommandLine line;

  Commands(Environment environment, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.sentences = new Sentences(environment.language());
    this.out = out;
    this.err = err;
  }

  public static int run(String[] arguments) {
    // Always UTF-8: with the locale C, Java would turn every Chinese character into a question
    // mark.
    return run(
        arguments,
        Environment.ofThisProcess(),
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
  }

  static int run(String[] arguments, Environment environment, PrintWriter out, PrintWriter err) {
    var commands = new Commands(environment, out, err);
    var line =
        new CommandLine(commands)
            .setResourceBundle(commands.sentences.bundle())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler((failed, _, _) -> commands.explain(failed));
    commands.line = line;
    return line.execute(arguments);
  }

  /// Without a command: what there is.
  @Override
  public void run() {
    requireNonNull(line).usage(out);
  }

  private int explain(Exception failed) {
    switch (failed) {
      case CannotStart cannot -> err.println(sentences.of(cannot));
      case Db.Away away -> err.println(sentences.of(away("database-away", away)));
      case Redis.Away away -> err.println(sentences.of(away("redis-away", away)));
      case Refusal refused -> err.println(Words.in(sentences.language()).of(refused));
      default -> failed.printStackTrace(err);
    }
    return 1;
  }

  private static CannotStart away(String code, Throwable away) {
    Throwable why = away.getCause() == null ? away : away.getCause();
    return new CannotStart(away, code, String.valueOf(why.getMessage()));
  }

  Environment environment() {
    return environment;
  }

  Sentences sentences() {
    return sentences;
  }

  PrintWriter out() {
    return out;
  }

  void say(String key, Object... arguments) {
    out.println(sentences.of(key, arguments));
  }

  /// To the side, where it does not get between the lines of a result.
  void sayAside(String key, Object... arguments) {
    err.println(sentences.of(key, arguments));
  }

  /// From now on it is worth keeping what Java learned: it writes that down when it ends, if the
  /// folder for it is there.
  void keepTraining() {
    String folder = System.getProperty(TRAINING);
    if (folder != null) {
      try {
        Files.createDirectories(Path.of(folder));
      } catch (IOException e) {
        sayAside("training-not-kept", folder, String.valueOf(e.getMessage()));
      }
    }
  }

  /// The first orderly stop takes longer, and Java itself says something puzzling about it.
  void sayGoodbye() {
    if (System.getProperty(TRAINING) != null) {
      sayAside("stop.training");
    }
  }

  Progress progress() {
    return (phase, what) -> sayAside("progress." + phase, what);
  }

  /// Reads the settings and sets up logging, which must not have begun before.
  ///
  /// @param quietly only warnings are logged unless the settings say otherwise
  SettingsLoader.Loaded settings(boolean quietly) {
    SettingsLoader.Loaded loaded = SettingsLoader.load(environment, config);
    String level = loaded.logLevel();
    System.setProperty("linyu.log.level", level != null ? level : quietly ? "warn" : "info");
    System.setProperty("linyu.log.format", loaded.logFormat());
    return loaded;
  }
}
