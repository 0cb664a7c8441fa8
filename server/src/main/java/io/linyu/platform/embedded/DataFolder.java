package io.linyu.platform.embedded;

import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The folder that keeps everything of an embedded installation, while this process owns it.
///
/// Ownership is a file lock, which the kernel takes back however the owner ends: an owner that was
/// killed leaves nothing behind that would have to be cleaned up by hand.
public final class DataFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String OWNER = "owner";
  private static final Set<PosixFilePermission> OURS_ALONE =
      PosixFilePermissions.fromString("rw-------");

  /// Closing any channel of a file gives up this process' locks on it, so a folder that is ours is
  /// never asked.
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /// @throws CannotStart when it cannot be written, or another process owns it
  public static DataFolder own(Path wanted) {
    Path path = made(wanted);
    if (!OURS.add(path)) {
      throw owned(path);
    }
    FileChannel lock = null;
    try {
      lock =
          FileChannel.open(
              path.resolve(LOCK),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(OURS_ALONE));
      if (lock.tryLock() == null) {
        throw owned(path);
      }
      var folder = new DataFolder(path, lock);
      Files.deleteIfExists(path.resolve(PortFile.NAME)); // of an owner that was killed
      folder.writePrivately(OWNER, Long.toString(ProcessHandle.current().pid()));
      return folder;
    } catch (IOException | CannotStart e) {
      OURS.remove(path);
      letGo(lock);
      throw e instanceof CannotStart cannot ? cannot : notWritable(path, (IOException) e);
    }
  }

  /// Its real path: a server works in that one, however we were led to it.
  private static Path made(Path wanted) {
    try {
      Files.createDirectories(wanted);
      return wanted.toRealPath();
    } catch (IOException e) {
      throw notWritable(wanted, e);
    }
  }

  /// Whether a process owns the folder now. Asks without leaving a trace.
  public static boolean isOwned(Path path) {
    if (!Files.exists(path.resolve(LOCK))) {
      return false;
    }
    try {
      Path file = path.toRealPath().resolve(LOCK);
      if (OURS.contains(file.getParent())) {
        return true;
      }
      try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
        return lock.tryLock() == null;
      }
    } catch (IOException e) {
      throw notWritable(path, e);
    }
  }

  /// @throws CannotStart when a server could not work there
  public static void checkWritable(Path path) {
    if (!Files.isWritable(path)) {
      throw new CannotStart("folder-not-writable", path, "Permission denied");
    }
  }

  private static void letGo(@Nullable FileChannel lock) {
    if (lock != null) {
      try {
        lock.close();
      } catch (IOException alreadyGone) {
        // nothing is held by it
      }
    }
  }

  private static CannotStart owned(Path path) {
    Optional<PortFile> ports = PortFile.read(path);
    return ports.isPresent() && ports.get().http() > 0
        ? new CannotStart(
            "folder-in-use-at",
            path,
            Long.toString(ports.get().pid()),
            Integer.toString(ports.get().http()))
        : new CannotStart("folder-in-use", path, owner(path));
  }

  private static String owner(Path path) {
    try {
      return Files.readString(path.resolve(OWNER)).strip();
    } catch (IOException unreadable) {
      return "?";
    }
  }

  private static CannotStart notWritable(Path path, IOException e) {
    String why =
        switch (e) {
          case AccessDeniedException _ -> "Permission denied";
          case NoSuchFileException _ -> "No such file or directory";
          case FileAlreadyExistsException _ -> "Not a directory";
          case FileSystemException f when f.getReason() != null -> f.getReason();
          default -> String.valueOf(e.getMessage());
        };
    return new CannotStart(e, "folder-not-writable", path, why);
  }

  public Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /// Tells other commands how to reach the servers that run here.
  public void publish(PortFile ports) {
    writePrivately(PortFile.NAME, ports.text());
  }

  /// A secret that is drawn once and then kept, readable by the owner only.
  public String secret(String name, int bytes) {
    try {
      Path file = path.resolve(name);
      if (!Files.exists(file)) {
        writePrivately(name, drawn(bytes));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw notWritable(path, e);
    }
  }

  /// Draws a secret anew. The one before is kept under another name first.
  public void drawAgain(String name, int bytes, String before) {
    writePrivately(before, kept(path, name));
    writePrivately(name, drawn(bytes));
  }

  public static void forget(Path folder, String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw notWritable(folder, e);
    }
  }

  private static String drawn(int bytes) {
    byte[] drawn = new byte[bytes];
    new SecureRandom().nextBytes(drawn);
    return Base64.getEncoder().encodeToString(drawn);
  }

  /// A secret that the owner of a folder has drawn.
  public static String kept(Path folder, String name) {
    try {
      return Files.readString(folder.resolve(name)).strip();
    } catch (IOException e) {
      throw notWritable(folder, e);
    }
  }

  /// Whole or not at all, and never readable by others, not even for a moment.
  void writePrivately(String name, String text) {
    try {
      Path fresh = path.resolve(name + ".new");
      Files.deleteIfExists(fresh);
      Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OURS_ALONE));
      Files.writeString(fresh, text + "\n");
      force(fresh); // what a key has sealed must not outlive it when the power fails
      Files.move(fresh, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      force(path);
    } catch (IOException e) {
      throw notWritable(path, e);
    }
  }

  private static void force(Path written) throws IOException {
    try (FileChannel channel = FileChannel.open(written, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path.resolve(PortFile.NAME));
    lock.close();
    OURS.remove(path);
  }
}
