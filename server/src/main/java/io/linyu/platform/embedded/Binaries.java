package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The unpacked server programs. Several data folders may share them.
record Binaries(Path folder) {
  static final String POSTGRES_MAJOR = "18";
  private static final String POSTGRES = "18.6";
  private static final String REDIS = "7.0.15";

  /// One at a time in this process, which cannot wait for a file lock of its own.
  static synchronized Binaries unpacked(Path shelf, Machine machine, Progress progress) {
    Path folder =
        shelf.resolve("postgres-%s-redis-%s-%s".formatted(POSTGRES, REDIS, machine.label()));
    if (!Files.exists(folder)) {
      try {
        Files.createDirectories(shelf);
        unpackOnce(shelf, folder, machine, progress);
      } catch (IOException e) {
        throw new CannotStart(e, "cannot-unpack", shelf, String.valueOf(e.getMessage()));
      }
    }
    return new Binaries(folder);
  }

  String postgres(String program) {
    return folder.resolve("bin").resolve(program).toString();
  }

  String redis() {
    return folder.resolve("bin").resolve("redis-server").toString();
  }

  /// Two processes may come here at once. What is there under its own name is whole: it gets the
  /// name last.
  private static void unpackOnce(Path shelf, Path folder, Machine machine, Progress progress)
      throws IOException {
    try (var channel =
            FileChannel.open(
                shelf.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      if (!lock.isValid() || Files.exists(folder)) {
        return;
      }
      progress.reached(Progress.Phase.UNPACKING, folder);
      Path fresh = shelf.resolve(folder.getFileName() + ".new");
      delete(fresh);
      unpack(machine.postgresArchive(), fresh);
      Path redis = fresh.resolve("bin").resolve("redis-server");
      try (InputStream binary = resource(machine.redisProgram())) {
        Files.copy(binary, redis);
      }
      executable(redis);
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void unpack(String archive, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (InputStream packed = resource(archive);
        var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
          throw new IOException("entry outside the folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
          Files.createDirectories(target.getParent());
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
          if ((entry.getMode() & 0100) != 0) {
            executable(target);
          }
        }
      }
    }
  }

  private static void executable(Path program) throws IOException {
    if (!program.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make executable: " + program);
    }
  }

  private static InputStream resource(String name) {
    InputStream found = Binaries.class.getResourceAsStream(name);
    if (found == null) {
      throw new CannotStart(
          "no-binaries", System.getProperty("os.name"), System.getProperty("os.arch"));
    }
    return found;
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var inside = Files.walk(folder)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
