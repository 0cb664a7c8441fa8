package io.linyu.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "audit", subcommands = Audit.Receipts.class, subcommandsRepeatable = false)
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
}
