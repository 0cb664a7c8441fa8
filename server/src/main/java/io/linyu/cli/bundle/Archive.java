package io.linyu.cli.bundle;

import io.linyu.platform.CannotStart;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// A bundle as one file, and beside it the file of its checksum. It gets its name when it is whole.
public final class Archive {
  private static final int OPEN_TO_ALL = 0755;
  private static final int READ_BY_ALL = 0644;
  private static final int BUFFER = 1 << 16;

  private Archive() {}

  /// Before anything long is begun.
  ///
  /// @throws CannotStart when the file could not be written there
  public static void checkFree(Path file, boolean force) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CannotStart("no-such-folder", String.valueOf(folder));
    }
    if (Files.exists(file) && !(force && Files.isRegularFile(file))) {
      throw new CannotStart("backup-exists", file);
    }
  }

  /// @param root the folder that it unpacks into
  /// @return its size
  public static long write(Bundle bundle, String root, Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      MessageDigest digest = sha256();
      try (var tar =
          new TarArchiveOutputStream(
              new GZIPOutputStream(
                  new DigestOutputStream(
                      new BufferedOutputStream(Files.newOutputStream(unfinished), BUFFER), digest),
                  BUFFER))) {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        for (Path each : bundle.files()) {
          add(tar, bundle.folder(), each, root);
        }
      }
      try (var written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      // Some may read the sum of a file that is not there yet; nobody a file without its sum.
      Files.writeString(
          file.resolveSibling(file.getFileName() + ".sha256"),
          HexFormat.of().formatHex(digest.digest()) + "  " + file.getFileName() + "\n");
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return Files.size(file);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void add(TarArchiveOutputStream tar, Path folder, Path each, String root)
      throws IOException {
    String name = root + "/" + folder.relativize(each);
    if (Files.isSymbolicLink(each)) {
      var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      link.setLinkName(Files.readSymbolicLink(each).toString());
      tar.putArchiveEntry(link);
    } else {
      var entry = new TarArchiveEntry(each, name);
      entry.setIds(0, 0);
      entry.setNames("root", "root");
      entry.setMode(
          Files.isDirectory(each) || Files.isExecutable(each) ? OPEN_TO_ALL : READ_BY_ALL);
      tar.putArchiveEntry(entry);
      if (Files.isRegularFile(each)) {
        Files.copy(each, tar);
      }
    }
    tar.closeArchiveEntry();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
