package io.linyu.cli;

import io.linyu.Main;
import io.linyu.cli.bundle.Archive;
import io.linyu.cli.bundle.Bundle;
import io.linyu.cli.bundle.Rehearsal;
import io.linyu.platform.CannotStart;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// One file for a machine without internet, Maven and Java.
@Command(name = "package")
final class PackageCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  @Parameters(arity = "0..1", paramLabel = "FILE", descriptionKey = "package.file")
  private @Nullable Path named;

  @Option(names = "--force", descriptionKey = "package.force")
  private boolean force;

  @Option(names = "--folder", descriptionKey = "package.folder")
  private boolean asFolder;

  @Option(names = "--check", descriptionKey = "package.check")
  private boolean check;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String name = name();
    Path target =
        (named != null ? named : Path.of(asFolder ? name : name + ".tar.gz")).toAbsolutePath();
    Path sources = linyu.environment().home();
    if (!Files.exists(sources.resolve("bundle").resolve("linyu"))) {
      throw new CannotStart("package-no-sources", sources);
    }
    refuseSecrets(sources.resolve("config").resolve("linyu.yaml"));
    if (asFolder && Files.exists(target)) {
      throw new CannotStart("package-exists", target);
    }
    if (!asFolder) {
      Archive.checkFree(target, force);
    }
    linyu.settings(true);
    try (var _ = Stop.watch()) {
      make(target, name, sources);
      if (check) {
        check(target, name);
      }
    }
    return 0;
  }

  private void make(Path target, String name, Path sources)
      throws IOException, InterruptedException {
    Path work = Rehearsal.newFolder("package");
    boolean made = false;
    try {
      Bundle bundle = bundle(asFolder ? target : work.resolve(name), sources);
      if (asFolder) {
        linyu.say("package.laid", target);
      } else {
        linyu.sayAside("package.packing");
        linyu.say("package.done", target, Archive.write(bundle, name, target) >> 20);
      }
      made = true;
    } finally {
      if (!made && asFolder) {
        Bundle.delete(target);
      }
      Bundle.delete(work);
    }
  }

  private Bundle bundle(Path folder, Path sources) throws IOException, InterruptedException {
    linyu.sayAside("package.laying", folder);
    Bundle bundle = Bundle.lay(folder, sources, jars());
    bundle.sum();
    if (asFolder) {
      // What Java learns serves in this place only. An archive is warmed up where it is unpacked.
      run(folder, bundle.launcher().toString(), "warm");
    }
    return bundle;
  }

  /// As its receiver has it: unpacked with the system's own tar, in another place.
  private void check(Path target, String name) throws IOException, InterruptedException {
    linyu.sayAside("package.checking");
    Path work = Rehearsal.newFolder("check of a package");
    Path folder = target;
    if (!asFolder) {
      run(target.getParent(), "sha256sum", "--check", "--quiet", target.getFileName() + ".sha256");
      run(work, "tar", "-xzf", target.toString());
      folder = work.resolve(name);
    }
    run(folder, "sha256sum", "--check", "--quiet", "SHA256SUMS");
    Path ground = Files.createDirectory(work.resolve("rehearsal"));
    long start = Rehearsal.check(new Bundle(folder), ground).toMillis();
    linyu.say("package.checked", start);
    Bundle.delete(work);
  }

  private static void run(@Nullable Path folder, String... command)
      throws IOException, InterruptedException {
    int status =
        new ProcessBuilder(command)
            .directory(folder == null ? null : folder.toFile())
            .inheritIO()
            .start()
            .waitFor();
    if (status != 0) {
      throw new CannotStart("package-check", String.join(" ", command), status);
    }
  }

  /// The settings of this checkout would go to whoever gets the bundle.
  private void refuseSecrets(Path settings) {
    for (Setting each : SettingsFile.read(settings, linyu.environment().home())) {
      if (SettingsLoader.isSecret(each.key()) && !each.value().equals("embedded")) {
        throw new CannotStart("package-secret", each.key(), each.where());
      }
    }
  }

  private static Path jars() {
    try {
      Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = jar.getParent();
      if (folder == null || !Files.isRegularFile(jar)) {
        throw new CannotStart("package-no-sources", jar);
      }
      return folder;
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name() {
    return "%s-%s-%s"
        .formatted(
            new Version().getVersion()[0].toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-"),
            System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(" ", ""),
            System.getProperty("os.arch"));
  }
}
