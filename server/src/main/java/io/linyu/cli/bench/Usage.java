package io.linyu.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What processes of this machine have used, as Linux tells it in `/proc`.
///
/// https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
public final class Usage {
  /// `sysconf(_SC_CLK_TCK)`, which is 100 on every Linux that Java runs on.
  private static final int TICKS = 100;

  // Counted behind the name in brackets, which may hold anything.
  private static final int PARENT = 1;
  private static final int USER = 11;
  private static final int SYSTEM = 12;
  private static final int ENDED_CHILDREN_USER = 13;
  private static final int ENDED_CHILDREN_SYSTEM = 14;

  private Usage() {}

  /// Processor time of a process and of those that it started, also of those that have ended.
  static Duration processor(long pid) throws IOException {
    long ticks = 0;
    for (Path each : processes()) {
      List<String> stat = stat(each);
      boolean itself = each.endsWith(Long.toString(pid));
      if (!stat.isEmpty() && (itself || stat.get(PARENT).equals(Long.toString(pid)))) {
        ticks += Long.parseLong(stat.get(USER)) + Long.parseLong(stat.get(SYSTEM));
        if (itself) {
          ticks += Long.parseLong(stat.get(ENDED_CHILDREN_USER));
          ticks += Long.parseLong(stat.get(ENDED_CHILDREN_SYSTEM));
        }
      }
    }
    return Duration.ofMillis(ticks * 1_000 / TICKS);
  }

  /// Processor time of all processes together, idling left out: also of those that have nothing to
  /// do with us.
  static Duration machine() throws IOException {
    String[] all = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split(" +", -1);
    long ticks = 0;
    for (int i = 1; i < all.length; i++) {
      boolean idle = i == 4 || i == 5; // waiting for disks is idling
      boolean counted = i == 9 || i == 10; // guests are in user and nice already
      ticks += idle || counted ? 0 : Long.parseLong(all[i]);
    }
    return Duration.ofMillis(ticks * 1_000 / TICKS);
  }

  /// The memory that a process has in use, in bytes, and the most that it ever had.
  static Memory memory(long pid) throws IOException {
    long now = 0;
    long most = 0;
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        now = kilobytes(line);
      } else if (line.startsWith("VmHWM:")) {
        most = kilobytes(line);
      }
    }
    return new Memory(now, most);
  }

  public record Memory(long now, long most) {}

  private static long kilobytes(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
  }

  private static List<Path> processes() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(each -> each.getFileName().toString().matches("\\d+")).toList();
    }
  }

  private static List<String> stat(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    } catch (IOException ended) {
      return List.of();
    }
  }
}
