package io.linyu.cli.bundle;

import io.linyu.platform.CannotStart;
import io.linyu.platform.text.Digest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.spi.ToolProvider;

/// A folder that runs by itself: the jars, a Java that fits them, and what a person reads and sets.
///
/// @param folder its name may change later, and it may be moved
public record Bundle(Path folder) {
  private static final String LAUNCHER = "linyu";
  private static final String SUMS = "SHA256SUMS";

  /// What jdeps finds, and what is only found by its name: socket options, host names, and times
  /// and lists in Chinese and English; for the operator, what looks into a running process.
  private static final List<String> MODULES =
      List.of(
          "java.compiler",
          "java.desktop",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.sql",
          "jdk.charsets",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.localedata",
          "jdk.management",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.security.auth",
          "jdk.unsupported",
          "jdk.zipfs");

  private static final List<String> READ_OR_SET =
      List.of(
          "README.md",
          "README.zh-CN.md",
          "CHANGELOG.md",
          "LICENSE",
          "NOTICE",
          "config",
          "bot-scripts",
          "docs");

  /// @param sources the checkout
  /// @param app the jars
  public static Bundle lay(Path folder, Path sources, Path app) throws IOException {
    Files.createDirectories(folder);
    copy(sources.resolve("bundle"), folder);
    for (String each : READ_OR_SET) {
      copy(sources.resolve(each), folder.resolve(each));
    }
    Path jars = Files.createDirectory(folder.resolve("app"));
    try (var all = Files.newDirectoryStream(app, "*.jar")) {
      for (Path each : all) {
        copy(each, jars.resolve(each.getFileName()));
      }
    }
    link(folder.resolve("runtime"));
    return new Bundle(folder);
  }

  /// Smaller in the archive when Java itself has not packed it, and quicker at the start.
  private static void link(Path runtime) {
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () -> new CannotStart("package-no-jlink", System.getProperty("java.home")));
    var said = new StringWriter();
    int status =
        jlink.run(
            new PrintWriter(said),
            new PrintWriter(said),
            "--add-modules",
            String.join(",", MODULES),
            "--include-locales=zh,en",
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--compress=zip-0",
            "--output",
            runtime.toString());
    if (status != 0) {
      throw new CannotStart("package-jlink", said.toString().strip());
    }
  }

  /// Times stay as they are: the cache knows the jars by them.
  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes found)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(each)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes found)
              throws IOException {
            Path target = each.equals(from) ? to : to.resolve(from.relativize(each));
            Files.copy(each, target, StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// For `sha256sum -c`: the last thing that is written.
  public void sum() throws IOException {
    var sums = new StringBuilder();
    for (Path each : files()) {
      Path inside = folder.relativize(each);
      if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) && !inside.toString().equals(SUMS)) {
        byte[] sum = Digest.sha256(Files.readAllBytes(each));
        sums.append(HexFormat.of().formatHex(sum)).append("  ").append(inside).append('\n');
      }
    }
    Files.writeString(folder.resolve(SUMS), sums);
  }

  /// The one command.
  public Path launcher() {
    return folder.resolve(LAUNCHER);
  }

  /// Everything in it, a folder before what it holds.
  List<Path> files() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  public static void delete(Path folder) throws IOException {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (var all = Files.walk(folder)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
