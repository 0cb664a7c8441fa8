package io.linyu.cli;

import io.linyu.platform.CannotStart;
import io.linyu.platform.text.Words;
import io.linyu.reception.PersonalData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// What is held on one resident: handed out, or erased. Beside a server that may be running.
@Command(name = "person", subcommandsRepeatable = false)
final class PersonCommands {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  /// Who is meant: by exactly one of these.
  static final class Whom {
    @Parameters(paramLabel = "PERSON", descriptionKey = "person.id")
    private @Nullable Long id;

    @Option(names = "--phone", paramLabel = "NUMBER", descriptionKey = "person.phone")
    private @Nullable String phone;

    @Option(names = "--case", paramLabel = "NUMBER", descriptionKey = "person.case")
    private @Nullable String number;

    private long found(PersonalData data) {
      if (phone != null) {
        List<Long> people = data.byPhone(phone);
        if (people.size() > 1) {
          throw new CannotStart(
              "person-ambiguous",
              people.stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        return people.stream().findFirst().orElseThrow(() -> new CannotStart("person-unknown"));
      }
      Optional<Long> person =
          number != null ? data.byCase(number) : Optional.ofNullable(id).flatMap(data::byId);
      return person.orElseThrow(() -> new CannotStart("person-unknown"));
    }
  }

  @Command(name = "export")
  int export(
      @ArgGroup(exclusive = true, multiplicity = "1") Whom whom,
      @Option(names = "--to", paramLabel = "FILE", descriptionKey = "person.to") @Nullable Path to,
      @Option(
              names = "--language",
              defaultValue = Words.DEFAULT_LANGUAGE,
              descriptionKey = "person.language")
          String language) {
    if (!Words.LANGUAGES.contains(language)) {
      throw new CannotStart("person-language", language);
    }
    try (var at = AtHand.open(linyu)) {
      var zone = at.database().servers().settings().zone();
      Clock clock = Clock.systemUTC();
      var data = new PersonalData(at.db(), at.community(), clock);
      long person = whom.found(data);
      Path file =
          to != null
              ? to
              : Path.of(
                  "linyu-person-" + person + "-" + LocalDate.now(clock.withZone(zone)) + ".zip");
      int files = write(file, data, person, language, zone);
      linyu.say("person.exported", file, files);
    }
    return 0;
  }

  /// Nobody else on this machine may read it, and nothing that is there is written over.
  private static int write(
      Path file, PersonalData data, long person, String language, ZoneId zone) {
    Path absolute = file.toAbsolutePath();
    try (var channel =
            Files.newByteChannel(
                absolute,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------")));
        var zip = new ZipOutputStream(Channels.newOutputStream(channel), StandardCharsets.UTF_8)) {
      return data.export(person, language, zone, (name, content) -> add(zip, name, content));
    } catch (FileAlreadyExistsException there) {
      throw new CannotStart(there, "person-file-there", file);
    } catch (IOException failed) {
      throw new CannotStart(failed, "person-file", file, String.valueOf(failed.getMessage()));
    }
  }

  private static void add(ZipOutputStream zip, String name, byte[] content) {
    try {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(content);
      zip.closeEntry();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Command(name = "erase")
  int erase(
      @ArgGroup(exclusive = true, multiplicity = "1") Whom whom,
      @Option(names = "--yes", descriptionKey = "person.yes") boolean yes) {
    try (var at = AtHand.open(linyu)) {
      var data = new PersonalData(at.db(), at.community(), Clock.systemUTC());
      long person = whom.found(data);
      PersonalData.Held held = data.held(person);
      linyu.say("person.preview", Long.toString(person));
      for (Map.Entry<String, Long> each : held.rows().entrySet()) {
        if (each.getValue() > 0) {
          linyu.say("person.rows", each.getKey(), each.getValue());
        }
      }
      if (held.open() > 0) {
        linyu.say("person.open", held.open());
      }
      if (!yes && !isConfirmed(person)) {
        linyu.say("person.kept");
        return 1;
      }
      long rows = data.erase(person);
      linyu.say("person.erased", Long.toString(person), rows);
      linyu.say("person.backups");
    }
    return 0;
  }

  /// The number is typed once more: a yes is typed too easily.
  private boolean isConfirmed(long person) {
    linyu.say("person.confirm", Long.toString(person));
    linyu.out().flush();
    try {
      // Not closed: the input is not ours.
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = input.readLine();
      return line != null && line.strip().equals(Long.toString(person));
    } catch (IOException e) {
      throw new CannotStart("input-unreadable", String.valueOf(e.getMessage()));
    }
  }
}
