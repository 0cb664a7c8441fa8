package io.linyu.cli;

import io.linyu.community.audit.AuditEntry;
import io.linyu.platform.text.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "audit",
    subcommands = {Audit.Receipts.class, Audit.Log.class},
    subcommandsRepeatable = false)
final class Audit {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  /// The platform's ids of all messages acknowledged, one a line, oldest first.
  @Command(name = "receipts")
  static final class Receipts implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init")
    @ParentCommand
    private Audit audit;

    @Option(names = "--channel", paramLabel = "NAME")
    private @Nullable String channel;

    @Override
    public Integer call() {
      Commands linyu = audit.linyu;
      try (var database = Database.open(linyu.settings(true), linyu.progress())) {
        new AuditStore().eachReceipt(database.db(), channel, linyu.out()::println);
      }
      linyu.out().flush();
      return 0;
    }
  }

  /// Who came in and who changed what, one a line, oldest first: time, who, what, whom, subject,
  /// details, address, separated by tabs.
  @Command(name = "log")
  static final class Log implements Callable<Integer> {
    @SuppressWarnings("NullAway.Init")
    @ParentCommand
    private Audit audit;

    @Option(names = "--since", paramLabel = "DAY", descriptionKey = "audit.log.since")
    private @Nullable LocalDate since;

    @Override
    public Integer call() {
      Commands linyu = audit.linyu;
      try (var at = AtHand.open(linyu)) {
        ZoneId zone = at.database().servers().settings().zone();
        Instant from = since == null ? Instant.EPOCH : since.atStartOfDay(zone).toInstant();
        at.community().audit().since(from, entry -> linyu.out().println(line(entry, zone)));
      }
      linyu.out().flush();
      return 0;
    }

    private static String line(AuditEntry entry, ZoneId zone) {
      AuditEntry.Person staff = entry.staff();
      AuditEntry.Person about = entry.about();
      List<String> line =
          List.of(
              entry.at().atZone(zone).toOffsetDateTime().truncatedTo(ChronoUnit.MILLIS).toString(),
              staff == null ? entry.by().word() : staff.code(),
              entry.what(),
              about == null ? "" : about.code(),
              Objects.requireNonNullElse(entry.subject(), ""),
              Json.write(entry.details()),
              Objects.requireNonNullElse(entry.address(), ""));
      return line.stream()
          .map(each -> each.replaceAll("\\p{Cntrl}", " "))
          .collect(Collectors.joining("\t"))
          .stripTrailing();
    }
  }
}
