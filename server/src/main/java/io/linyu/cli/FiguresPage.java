package io.linyu.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// A page of documentation in which commands keep the figures of their last run, each between two
/// marks of its own that no reader sees: `<!-- NAME -->` and `<!-- /NAME -->`.
final class FiguresPage {
  private final Path page;

  FiguresPage(Path page) {
    this.page = page;
  }

  /// False when there is no such page here, or it has no place for these figures. Everything else
  /// on it stays as it is.
  boolean put(String name, String figures) throws IOException {
    if (!Files.isWritable(page)) {
      return false;
    }
    String text = Files.readString(page);
    String begin = "<!-- " + name + " -->\n";
    String end = "<!-- /" + name + " -->\n";
    int from = text.indexOf(begin);
    int to = text.indexOf(end, Math.max(from, 0));
    if (from < 0 || to < 0) {
      return false;
    }
    Path fresh = Files.createTempFile(page.toAbsolutePath().getParent(), "figures", ".md");
    try {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(page));
      Files.writeString(
          fresh, text.substring(0, from + begin.length()) + figures + text.substring(to));
      Files.move(fresh, page, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    return true;
  }
}
