package io.linyu.cli;

import io.linyu.community.Staff;
import io.linyu.community.StaffMembers;
import io.linyu.community.Territory;
import io.linyu.platform.CannotStart;
import io.linyu.platform.Refusal;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Who may sign in. Passwords are asked for, or read from the first line of the input; never given
/// as an argument, where every user of the machine could see them.
@Command(name = "staff", subcommandsRepeatable = false)
final class StaffAccounts {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Command(name = "add")
  int add(
      @Parameters(paramLabel = "CODE", descriptionKey = "staff.code") String code,
      @Parameters(paramLabel = "NAME", descriptionKey = "staff.name") String name,
      @Option(names = "--role", required = true, descriptionKey = "staff.role") String role,
      @Option(names = "--territory", descriptionKey = "staff.territory") @Nullable String territory,
      @Option(names = "--body", descriptionKey = "staff.body") @Nullable String body,
      @Option(
              names = "--employment",
              defaultValue = "full_time",
              descriptionKey = "staff.employment")
          String employment,
      @Option(names = "--phone", descriptionKey = "staff.phone") @Nullable String phone,
      @Option(names = "--password-stdin", descriptionKey = "staff.password-stdin")
          boolean fromInput) {
    String password = asked(fromInput);
    try (var at = AtHand.open(linyu)) {
      StaffMembers staff = at.community().staff();
      StaffMembers.check(password);
      Territory place =
          territory == null
              ? at.community().territories().root()
              : at.community()
                  .territories()
                  .byCode(territory)
                  .orElseThrow(() -> new CannotStart("no-such-territory", territory));
      Staff added = staff.add(code, name, role, place, employment, phone);
      if (body != null) {
        staff.join(
            added,
            at.community()
                .desks()
                .ofBodyNear(body, place)
                .orElseThrow(() -> new CannotStart("no-such-body", body, place.name())));
      }
      staff.setPassword(code, password);
    }
    linyu.say("staff.added", code, name);
    return 0;
  }

  @Command(name = "password")
  int password(
      @Parameters(paramLabel = "CODE", descriptionKey = "staff.code") String code,
      @Option(names = "--password-stdin", descriptionKey = "staff.password-stdin")
          boolean fromInput) {
    String password = asked(fromInput);
    try (var at = AtHand.open(linyu)) {
      at.community().staff().setPassword(code, password);
    }
    linyu.say("staff.password-set", code);
    return 0;
  }

  @Command(name = "reset-factor")
  int resetFactor(@Parameters(paramLabel = "CODE", descriptionKey = "staff.code") String code) {
    try (var at = AtHand.open(linyu)) {
      Staff whose =
          at.community()
              .staff()
              .byCode(code)
              .orElseThrow(() -> new Refusal("no-such-staff", 404, code));
      at.community().secondFactors().reset(whose);
    }
    linyu.say("staff.factor-reset", code);
    return 0;
  }

  @SuppressWarnings("SystemConsoleNull") // it is null again since JDK 24 where no terminal is
  private String asked(boolean fromInput) {
    Console console = System.console();
    if (!fromInput && console != null && console.isTerminal()) {
      char[] typed = console.readPassword("%s ", linyu.sentences().of("staff.ask-password"));
      return typed == null ? "" : new String(typed);
    }
    try {
      // Not closed: the input is not ours.
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = input.readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new CannotStart("input-unreadable", String.valueOf(e.getMessage()));
    }
  }
}
