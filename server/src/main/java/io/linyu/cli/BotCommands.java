package io.linyu.cli;

import io.linyu.bot.BotConsole;
import io.linyu.bot.Scripts;
import io.linyu.bot.Scripts.Source;
import io.linyu.platform.CannotStart;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// The bot's scripts, before they meet a resident. Needs no database.
@Command(name = "bot", subcommandsRepeatable = false)
final class BotCommands {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Command(name = "check")
  int check(
      @Parameters(paramLabel = "FOLDER", arity = "0..1", descriptionKey = "bot.folder")
          @Nullable Path folder) {
    return console().check(scripts(folder));
  }

  @Command(name = "test")
  int test(
      @Parameters(paramLabel = "FOLDER", arity = "0..1", descriptionKey = "bot.folder")
          @Nullable Path folder) {
    Path where = folder(folder);
    List<Source> tests = where == null ? Scripts.shippedTests() : Scripts.testsIn(where);
    return console().test(scripts(folder), tests);
  }

  @Command(name = "chat")
  int chat(
      @Parameters(paramLabel = "FOLDER", arity = "0..1", descriptionKey = "bot.folder")
          @Nullable Path folder) {
    try {
      // Not closed: the input is not ours.
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      return console().chat(scripts(folder), input, linyu.sentences().language());
    } catch (IOException e) {
      throw new CannotStart(e, "input-unreadable", String.valueOf(e.getMessage()));
    }
  }

  private static BotConsole console() {
    return new BotConsole(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        Clock.systemUTC());
  }

  private List<Source> scripts(@Nullable Path folder) {
    Path where = folder(folder);
    return where == null ? Scripts.shippedSources() : Scripts.in(where);
  }

  /// The named one, or the one beside the launcher; null where there are only the shipped scripts.
  private @Nullable Path folder(@Nullable Path named) {
    if (named != null) {
      if (!Files.isDirectory(named)) {
        throw new CannotStart("no-such-folder", named);
      }
      return named;
    }
    Path beside = linyu.environment().home().resolve("bot-scripts");
    return Files.isDirectory(beside) ? beside : null;
  }
}
