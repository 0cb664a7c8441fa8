package io.linyu.cli;

import io.linyu.casework.Admissions;
import io.linyu.casework.CalendarReplay;
import io.linyu.casework.Categories;
import io.linyu.casework.CategoryImport;
import io.linyu.casework.ClockForecast;
import io.linyu.casework.FileReplay;
import io.linyu.casework.RoutingImport;
import io.linyu.community.ImportReport;
import io.linyu.community.Imports;
import io.linyu.platform.CannotStart;
import io.linyu.platform.text.Csv;
import io.linyu.platform.text.Problem;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import io.linyu.platform.time.WorkingCalendars;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Reads files of one's own. Every wrong value is named by file, line and column, in both
/// languages, and then nothing is changed; a server that runs meanwhile learns of what has changed.
@Command(name = "import", subcommandsRepeatable = false)
final class Import {
  private static final int SHOWN = 20;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Command(name = "territory")
  int territory(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun,
      @Option(names = "--end-missing", descriptionKey = "import.end-missing") boolean endMissing) {
    return run(
        file,
        options(file, dryRun, endMissing),
        (at, csv, how) -> at.community().imports().territory(csv, how));
  }

  @Command(name = "desks")
  int desks(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun) {
    return run(
        file,
        options(file, dryRun, false),
        (at, csv, how) -> at.community().imports().desks(csv, how));
  }

  @Command(name = "staff")
  int staff(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun,
      @Option(names = "--end-missing", descriptionKey = "import.end-missing") boolean endMissing) {
    return run(
        file,
        options(file, dryRun, endMissing),
        (at, csv, how) -> at.community().imports().staff(csv, how));
  }

  @Command(name = "holidays")
  int holidays(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun) {
    return run(file, options(file, dryRun, false), this::holidays);
  }

  private ImportReport holidays(AtHand at, Reader file, Imports.Options how) {
    String csv = whole(file);
    Imports imports = at.community().imports();
    imports
        .holidaysWith(new StringReader(csv))
        .ifPresent(
            days -> foretell(at, WorkingCalendars.with(at.db(), at.zone(), days), how.dryRun()));
    ImportReport report = imports.holidays(new StringReader(csv), how);
    if (!how.dryRun()) {
      at.redis().publish(WorkingCalendars.TOPIC, "");
    }
    return report;
  }

  /// What it does to what is promised, before it does.
  private void foretell(AtHand at, WorkingCalendar then, boolean dryRun) {
    foretellRunning(at, then, dryRun);
    var past = CalendarReplay.of(at.db(), then, Instant.now());
    linyu.say("import.past", past.clocks(), past.moved(), past.late(), past.inTime());
    if (past.full()) {
      linyu.say("import.past.full");
    }
  }

  private void foretellRunning(AtHand at, WorkingCalendar then, boolean dryRun) {
    var forecast = ClockForecast.of(at.db(), then, Instant.now());
    if (forecast.movesNothing()) {
      linyu.say("import.clocks.none", forecast.running());
      return;
    }
    linyu.say("import.clocks", forecast.running(), forecast.later() + forecast.earlier());
    if (forecast.later() > 0) {
      linyu.say("import.clocks.later", forecast.later(), span(forecast.latest()));
    }
    if (forecast.earlier() > 0) {
      linyu.say("import.clocks.earlier", forecast.earlier(), span(forecast.earliest()));
    }
    if (forecast.late() > 0) {
      linyu.say("import.clocks.late", forecast.late());
    }
    if (!dryRun) {
      linyu.say("import.clocks.soon");
    }
  }

  /// Days are rounded up: it says how much at most.
  private String span(Duration atMost) {
    Duration span = atMost.toHours() < 48 ? atMost : atMost.plusHours(23);
    var words = Words.in(linyu.sentences().language());
    return new Moments(words, ZoneOffset.UTC, Instant.EPOCH).span(span);
  }

  private static String whole(Reader file) {
    var text = new StringWriter();
    try {
      file.transferTo(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  @Command(name = "categories")
  int categories(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun) {
    return run(file, options(file, dryRun, false), this::categories);
  }

  private ImportReport categories(AtHand at, Reader file, Imports.Options how) {
    String csv = whole(file);
    var imports =
        new CategoryImport(
            at.db(), new Categories(at.db()), at.community().desks(), at.community().audit());
    WorkingCalendar calendar;
    try (var ticker = new Ticker()) {
      calendar = new WorkingCalendars(at.db(), at.zone(), ticker).get();
    }
    imports
        .replay(new StringReader(csv), at.community(), calendar, Instant.now())
        .ifPresent(past -> {
          foretell(past);
          foretellLimits(past);
        });
    return imports.categories(new StringReader(csv), how.dryRun(), how.file());
  }

  @Command(name = "routing")
  int routing(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun) {
    return run(file, options(file, dryRun, false), this::routing);
  }

  private ImportReport routing(AtHand at, Reader file, Imports.Options how) {
    String csv = whole(file);
    RoutingImport imports =
        RoutingImport.open(at.db(), Clock.systemUTC(), at.zone(), at.community());
    imports.replay(new StringReader(csv)).ifPresent(this::foretell);
    return imports.routing(new StringReader(csv), how.dryRun(), how.file());
  }

  /// Who would have got what.
  private void foretell(FileReplay past) {
    linyu.say("import.past.cases", past.cases(), past.moved());
    past.moves().stream()
        .limit(SHOWN)
        .forEach(each -> linyu.say("import.past.move", each.from(), each.to(), each.many()));
    if (past.full()) {
      linyu.say("import.past.full");
    }
  }

  private void foretellLimits(FileReplay past) {
    for (FileReplay.Late each : past.lates()) {
      var words = Words.in(linyu.sentences().language());
      linyu.say(
          "import.past.limit",
          each.kind().name(words.language()),
          words.of("limit." + each.what().word()),
          limit(words, each.was()),
          limit(words, each.is()),
          each.clocks(),
          each.before(),
          each.after());
    }
    if (!past.lates().isEmpty()) {
      linyu.say("import.past.limits-run");
    }
  }

  /// As it is written, `3 work_day`.
  private static String limit(Words words, String written) {
    String[] parts = written.split(" ", 2);
    return words.of("clock.rule." + parts[1], parts[0]);
  }

  @Command(name = "admissions")
  int admissions(
      @Parameters(paramLabel = "FILE", descriptionKey = "import.file") Path file,
      @Option(names = "--dry-run", descriptionKey = "import.dry-run") boolean dryRun) {
    return run(
        file,
        options(file, dryRun, false),
        (at, csv, options) ->
            Admissions.open(at.db(), Clock.systemUTC(), at.zone(), at.community())
                .read(csv, options.dryRun(), options.file()));
  }

  private interface What {
    ImportReport read(AtHand at, Reader file, Imports.Options options);
  }

  private static Imports.Options options(Path file, boolean dryRun, boolean endMissing) {
    return new Imports.Options(dryRun, endMissing, String.valueOf(file.getFileName()));
  }

  private int run(Path path, Imports.Options options, What what) {
    try (var file = Csv.reader(Files.newInputStream(path));
        var at = AtHand.open(linyu)) {
      return tell(path, options, what.read(at, file, options));
    } catch (UncheckedIOException e) {
      throw new CannotStart("file-unreadable", path, String.valueOf(e.getMessage()));
    } catch (NoSuchFileException e) {
      throw new CannotStart("file-missing", path);
    } catch (IOException e) {
      throw new CannotStart("file-unreadable", path, String.valueOf(e.getMessage()));
    }
  }

  private int tell(Path path, Imports.Options options, ImportReport report) {
    report.problems().forEach(problem -> linyu.out().println(told(path, problem)));
    if (!report.isGood()) {
      linyu.say("import.refused", report.problems().size());
      return 1;
    }
    if (options.dryRun()) {
      list("import.added", report.added());
      list("import.changed", report.changed());
      list("import.ended", report.ended());
    }
    linyu.say(
        options.dryRun() ? "import.would" : "import.done",
        report.added().size(),
        report.changed().size(),
        report.unchanged(),
        report.ended().size());
    return 0;
  }

  private void list(String key, List<String> codes) {
    if (!codes.isEmpty()) {
      String first = String.join(" ", codes.subList(0, Math.min(SHOWN, codes.size())));
      linyu.say(key, codes.size() > SHOWN ? first + " …" : first);
    }
  }

  private static String told(Path path, Problem problem) {
    var where = new StringBuilder().append(path).append(':').append(problem.line()).append(':');
    if (!problem.column().isEmpty()) {
      where.append(' ').append(problem.column());
    }
    if (!problem.value().isEmpty()) {
      where.append(" \"").append(problem.value().replaceAll("\\R", " ")).append('"');
    }
    return where + " " + problem.sentence(Words.in("zh")) + " " + problem.sentence(Words.in("en"));
  }
}
