package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.linyu.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starting and ending in processes of their own, on machines that are not as one would wish.
@Order(1) // the longest, so that nothing waits for it in the end
class StartTest {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  /// The programs of the embedded servers need not be unpacked again. The folder that JUnit makes
  /// is closed to all others, as `/root` is: as root this is the case in which nobody cannot pass.
  private static Map<String, String> at(Path data, int port) {
    return Map.of(
        "LINYU_DATA_DIR", data.toString(),
        "LINYU_DATA_PROGRAMS", World.PROGRAMS.toString(),
        "LINYU_HTTP_PORT", Integer.toString(port));
  }

  /// As the launcher lets the first server of a build learn for later starts.
  private static Map<String, String> learning(Map<String, String> environment, Path folder) {
    var more = new HashMap<>(environment);
    more.put("JAVA_TOOL_OPTIONS", "-Dlinyu.training=" + folder);
    return more;
  }

  @Test
  void oneServerOnOneFolderAndAFreshStartAfterBothAreKilled(@TempDir Path data) throws Exception {
    int port = freePort();
    Path learned = data.resolve("learned");
    try (var server = Launched.start(List.of(), learning(at(data, port), learned), "serve");
        var http = HttpClient.newHttpClient()) {
      server.awaitLine("Linyu is ready: http://localhost:" + port);
      assertThat(learned).as("Java may keep what it learned").isDirectory();
      var ready =
          HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/readyz")).build();
      assertThat(http.send(ready, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(data.resolve("secrets.key"))))
          .isEqualTo("rw-------");

      try (var second = Launched.start(List.of(), at(data, freePort()), "serve");
          var beside = Launched.start(List.of(), at(data, 0), "audit", "receipts");
          var rotate = Launched.start(List.of(), at(data, 0), "keys", "rotate");
          var busy =
              Launched.start(
                  List.of(),
                  learning(at(data.resolve("other"), port), data.resolve("unlearned")),
                  "serve")) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.lines())
            .singleElement()
            .asString()
            .contains(data.toString(), "process " + server.pid(), "port " + port);
        assertThat(beside.awaitEnd()).as(beside.lines().toString()).isZero();
        assertThat(beside.lines()).isEmpty();
        assertThat(rotate.awaitEnd()).isEqualTo(1);
        assertThat(rotate.lines()).last().asString().contains("does not know the new key");
        assertThat(busy.awaitEnd()).isEqualTo(1);
        assertThat(busy.lines()).last().asString().contains("Port " + port + " is taken");
        assertThat(data.resolve("unlearned")).as("nothing worth keeping").doesNotExist();
      }

      long postgres = postmaster(data);
      server.kill();
      ProcessHandle.of(postgres).ifPresent(ProcessHandle::destroyForcibly);
    }
    String key = Files.readString(data.resolve("secrets.key"));
    try (var rotate = Launched.start(List.of(), at(data, 0), "keys", "rotate")) {
      assertThat(rotate.awaitEnd()).as(rotate.lines().toString()).isZero();
      assertThat(rotate.lines()).last().asString().contains("under the new key", "Back up");
      assertThat(data.resolve("secrets.key")).content().isNotEqualTo(key);
      assertThat(data.resolve("secrets.key.previous")).doesNotExist();
    }
    var otherwise = new HashMap<>(at(data, 0));
    otherwise.put("LINYU_ALARM_WEBHOOK", "https://gateway.example.org/hush-hush");
    try (var again = Launched.start(List.of(), otherwise, "serve")) {
      again.awaitLine("Linyu is ready");
      try (var audit = Launched.start(List.of(), at(data, 0), "audit", "log")) {
        assertThat(audit.awaitEnd()).as(audit.lines().toString()).isZero();
        assertThat(audit.lines())
            .anyMatch(line -> line.contains("setting_changed\t\talarm.webhook\t{\"secret\":true}"))
            .anyMatch(line ->
                line.contains(
                    "setting_changed\t\thttp.port\t{\"from\":\"%d\",\"to\":\"0\"}".formatted(port)))
            .anyMatch(line ->
                line.matches(".*\tcommand_line\tkey_rotated\t.*\"complete\":true.*\t\\S+@\\S+"))
            .noneMatch(line -> line.contains("hush"));
        assertThat(audit.lines()).filteredOn(line -> line.contains("server_started")).hasSize(2);
      }
      long postgres = postmaster(data);
      again.terminate();
      assertThat(again.awaitEnd()).as("ended by SIGTERM").isEqualTo(143);
      Launched.await(() -> !isRunning(postgres), "the end of PostgreSQL");
      assertThat(data.resolve("running")).doesNotExist();
    }
  }

  @Test
  void whoCannotListenIsToldWhy(@TempDir Path data) throws Exception {
    var environment = new HashMap<>(at(data, freePort()));
    environment.put("LINYU_HTTP_HOST", "203.0.113.7"); // of no machine
    try (var serve = Launched.start(List.of(), environment, "serve");
        var doctor = Launched.start(List.of(), environment, "doctor")) {
      assertThat(serve.awaitEnd()).isEqualTo(1);
      assertThat(serve.lines())
          .singleElement()
          .asString()
          .contains("Cannot listen on 203.0.113.7", "assign requested address");
      assertThat(doctor.awaitEnd()).isEqualTo(1);
      assertThat(doctor.lines())
          .anyMatch(line -> line.startsWith("✗ Cannot listen on 203.0.113.7"))
          .noneMatch(line -> line.contains("is taken"));
    }
  }

  @Test
  void anAuditBeforeTheFirstStartFindsNothing(@TempDir Path data) throws Exception {
    try (var audit = Launched.start(List.of(), at(data, 0), "audit", "receipts")) {
      assertThat(audit.awaitEnd()).as(audit.lines().toString()).isZero();
      assertThat(audit.lines()).noneMatch(line -> line.contains("Exception"));
    }
  }

  @Test
  void aServerThatOutlivedItsKilledOwnerIsEndedFirst(@TempDir Path data) throws Exception {
    List<String> as = List.of();
    Map<String, String> environment = at(data, 0);
    if (ROOT) {
      new ProcessBuilder("chown", "65534:65534", data.toString()).start().waitFor();
      // Only so that it can read the class path, which may lie in root's home.
      as =
          List.of(
              "setpriv",
              "--reuid=65534",
              "--regid=65534",
              "--clear-groups",
              "--inh-caps=+dac_read_search",
              "--ambient-caps=+dac_read_search");
      if (!isReachedByAll(World.PROGRAMS)) {
        environment = new HashMap<>(environment);
        environment.remove("LINYU_DATA_PROGRAMS");
      }
    }
    try (var server = Launched.start(as, environment, "serve")) {
      server.awaitLine("Linyu is ready");
      assertThat(Files.getOwner(data.resolve("postgres")).getName())
          .isEqualTo(ROOT ? "nobody" : System.getProperty("user.name"));
      long postgres = postmaster(data);
      signal("STOP", postgres); // it cannot follow the signal it gets at its owner's death
      server.kill();
      assertThat(isRunning(postgres)).isTrue();
      try (var again = Launched.start(as, environment, "audit", "receipts")) {
        again.awaitLine("The last run was killed");
        signal("CONT", postgres);
        assertThat(again.awaitEnd()).as(again.lines().toString()).isZero();
      } finally {
        signal("CONT", postgres);
      }
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed(@TempDir Path temporary) throws Exception {
    Path folder = temporary.resolve("closed");
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    // Root may write everywhere but where the kernel itself says no.
    Path data = ROOT ? Path.of("/proc/linyu") : folder.resolve("data");
    try (var server = Launched.start(List.of(), at(data, 0), "serve")) {
      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.lines())
          .singleElement()
          .asString()
          .contains("The data folder " + data + " cannot be written", "LINYU_DATA_DIR");
    }
  }

  @Test
  void aMachineWithoutSetprivIsToldWhatToInstall(@TempDir Path data) throws Exception {
    assumeTrue(System.getProperty("os.name").startsWith("Linux"));
    var environment = new HashMap<>(at(data, 0));
    environment.put("PATH", data.toString());
    try (var server = Launched.start(List.of(), environment, "serve")) {
      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.lines()).singleElement().asString().contains("setpriv", "util-linux");
    }
  }

  @Test
  void aFolderOfAnotherPostgresIsLeftAloneAndExplained(@TempDir Path data) throws Exception {
    Files.createDirectory(data.resolve("postgres"));
    Files.writeString(data.resolve("postgres").resolve("PG_VERSION"), "17\n");
    try (var server = Launched.start(List.of(), at(data, 0), "serve")) {
      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.lines())
          .last()
          .asString()
          .contains("was made by PostgreSQL 17", "brings 18", "back it up");
    }
    assertThat(data.resolve("postgres").resolve("PG_VERSION")).content().isEqualTo("17\n");
  }

  private static long postmaster(Path data) throws IOException {
    return Long.parseLong(
        Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid")).getFirst());
  }

  /// A dead process that nobody has asked about yet counts as ended.
  private static boolean isRunning(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().command()).isPresent();
  }

  private static void signal(String name, long pid) throws Exception {
    new ProcessBuilder("sh", "-c", "kill -s " + name + " " + pid).start().waitFor();
  }

  private static boolean isReachedByAll(Path folder) throws Exception {
    return new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "stat",
                folder + "/.")
            .start()
            .waitFor()
        == 0;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
