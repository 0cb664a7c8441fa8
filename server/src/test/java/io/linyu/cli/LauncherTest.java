package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scripts around the build, with stand-ins for the programs they call.
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void theTestsAreToldOfTheChromiumThatTheLauncherFound() throws Exception {
    Path launcher = Files.copy(ROOT.resolve("linyu"), folder.resolve("linyu"));
    Path programs = Files.createDirectory(folder.resolve("programs"));
    Path chromium = program(programs, "chromium-headless-shell", "exit 0");
    program(programs, "mvn", "echo mvn \"$@\"");

    Ended test = run(programs + ":/usr/bin:/bin", "sh", launcher.toString(), "test");

    assertThat(test.status()).as(test.said()).isZero();
    assertThat(test.said()).contains("-Dlinyu.chromium=" + chromium + "\n");
  }

  @Test
  void ciSaysWhatCouldNotBeInstalled() throws Exception {
    Path ci = Files.createDirectory(folder.resolve(".ci"));
    Path script = Files.copy(ROOT.resolve(".ci/run"), ci.resolve("run"));
    Path programs = Files.createDirectory(folder.resolve("programs"));
    for (String each : List.of("dirname", "id")) {
      Files.createSymbolicLink(programs.resolve(each), Path.of("/usr/bin", each));
    }
    program(programs, "apt-get", "exit 100");
    program(programs, "sudo", "exit 100");

    Ended test = run(programs.toString(), "/bin/bash", script.toString());

    assertThat(test.status()).isEqualTo(1);
    assertThat(test.said()).contains("apt-get could not install").contains("maven");
  }

  private record Ended(int status, String said) {}

  private static Ended run(String path, String... command) throws Exception {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", path);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  private static Path program(Path folder, String name, String body) throws IOException {
    Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
