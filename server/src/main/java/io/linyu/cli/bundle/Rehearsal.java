package io.linyu.cli.bundle;

import io.linyu.platform.CannotStart;
import io.linyu.platform.embedded.PortFile;
import io.linyu.platform.embedded.Ports;
import io.linyu.platform.http.Frame;
import io.linyu.simulator.wechat.Account;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.WechatSimulator;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A bundle at work, as on the day it is needed: it serves from an empty folder, residents report
/// something, somebody signs in and looks at every page, and it ends in order. What Java learns on
/// the way may be kept for later starts.
///
/// Nothing of this process' own environment reaches it, and no other Java is on its path.
public final class Rehearsal implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(/(?:console|web)[^\"#]*)");
  private static final String LOGIN = "U00001";
  private static final String PASSWORD = "rehearsal-of-a-bundle";
  private static final String FORM_COOKIE = "linyu_form";
  private static final int PAGES_AT_MOST = 60;
  private static final int ENDED_BY_SIGTERM = 143;

  /// A report until it has a number, and some questions.
  private static final List<String> SAID =
      List.of("你好", "可以匿名吗", "我要反映问题", "楼道灯坏了好几天", "是2单元的", "对", "查询", "绿豆糕芝麻饼");

  /// How the doctor ends where nobody has been made reachable for alarms yet.
  private static final int TO_MEND = 1;

  private final Bundle bundle;
  private final Path ground;
  private final String options;
  private final WechatSimulator wechat;
  private final List<Process> running = new ArrayList<>();

  private Rehearsal(Bundle bundle, Path ground, String options) {
    this.bundle = bundle;
    this.ground = ground;
    this.options = options;
    this.wechat = WechatSimulator.start(Account.invented(Account.Mode.SAFE), Clock.systemUTC());
  }

  /// Keeps what Java learned.
  ///
  /// @param ground an empty folder, which everybody may enter
  /// @param unfinished where to, in the bundle
  public static void train(Bundle bundle, Path ground, Path unfinished)
      throws IOException, InterruptedException {
    // Relative to the bundle, from which it is called: a path may have blanks.
    Path inside = bundle.folder().toAbsolutePath().relativize(unfinished.toAbsolutePath());
    try (var rehearsal = new Rehearsal(bundle, ground, "-XX:AOTCacheOutput=" + inside)) {
      // This unpacks the servers' programs, so that the rehearsal need not: the library that does
      // has a sealed package, and Java takes none of those from a cache that was moved.
      rehearsal.hire();
      int port = Ports.free();
      Process server = rehearsal.serve(port, Map.of());
      rehearsal.talk(port);
      rehearsal.look(port);
      rehearsal.end(server);
      if (!Files.exists(unfinished)) {
        throw new CannotStart("warm-nothing", ground);
      }
      // Java would not start with a part of one.
      rehearsal.run(
          "", Map.of("LINYU_JAVA_OPTIONS", "-XX:AOTMode=on -XX:AOTCache=" + inside), "--version");
    }
  }

  /// Warms it up, and works with it twice at once, the second time with the database of the first
  /// as one of its own and with what Java has learned, and tries other commands.
  ///
  /// @return how long the second took until it was ready
  public static Duration check(Bundle bundle, Path ground)
      throws IOException, InterruptedException {
    // Java ends where it cannot use what it learned, instead of starting without it.
    try (var rehearsal = new Rehearsal(bundle, ground, "-XX:AOTMode=on")) {
      rehearsal.run("", Map.of(), "warm");
      int port = Ports.free();
      Process server = rehearsal.serve(port, Map.of());
      rehearsal.hire();
      rehearsal.talk(port);
      rehearsal.look(port);
      rehearsal.run(TO_MEND, "", Map.of(), "doctor");
      rehearsal.run("", Map.of(), "backup", ground.resolve("backup.zip").toString());

      PortFile servers = PortFile.read(rehearsal.data()).orElseThrow();
      int other = Ports.free();
      long began = System.nanoTime();
      Process second =
          rehearsal.serve(
              other,
              Map.of(
                  "LINYU_DATABASE_URL",
                  servers.databaseUrl(),
                  "LINYU_REDIS_URL",
                  servers.redisUrl(),
                  "LINYU_SECRETS_KEY_FILE",
                  rehearsal.data().resolve("secrets.key").toString()));
      Duration start = Duration.ofNanos(System.nanoTime() - began);
      rehearsal.checkWarm(second);
      rehearsal.talk(other);
      rehearsal.end(second);
      rehearsal.end(server);
      return start;
    }
  }

  /// The launcher has found it. Whether it fits is Java's to say, see the options of a check.
  private void checkWarm(Process server) {
    boolean warm =
        Stream.of(server.info().arguments().orElse(new String[0]))
            .anyMatch(each -> each.startsWith("-XX:AOTCache="));
    if (!warm) {
      throw new CannotStart("package-rehearsal", "-XX:AOTCache", ground);
    }
  }

  /// Everybody may enter it: the embedded servers run as somebody else.
  public static Path newFolder(String purpose) throws IOException {
    Path folder = Files.createTempDirectory("linyu " + purpose + " ");
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path data() {
    return ground.resolve("data");
  }

  private void hire() throws IOException, InterruptedException {
    run(
        PASSWORD + "\n",
        Map.of(),
        "staff",
        "add",
        LOGIN,
        "王小明",
        "--role",
        "district_dispatcher",
        "--password-stdin");
  }

  private void talk(int port) {
    wechat.pushTo("http://127.0.0.1:" + port + "/wechat/main");
    Phone phone = wechat.phone("rehearsal-" + port).follow();
    for (String each : SAID) {
      phone.says(each);
      if (phone.hears().isEmpty() || phone.hears().equals(Phone.OUT_OF_ORDER)) {
        throw new CannotStart("package-rehearsal", each + ": " + phone.hears(), ground);
      }
    }
  }

  /// Signs in and follows every link.
  private void look(int port) throws IOException, InterruptedException {
    var cookies = new CookieManager();
    URI door = URI.create("http://127.0.0.1:" + port + "/console");
    try (var http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // as a proxy in front speaks
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      var signIn = http.send(HttpRequest.newBuilder(door).build(), BodyHandlers.ofString());
      var form = new HashMap<String, String>();
      form.put("login", LOGIN);
      form.put("password", PASSWORD);
      cookies.getCookieStore().getCookies().stream()
          .filter(each -> each.getName().equals(FORM_COOKIE))
          .map(HttpCookie::getValue)
          .findFirst()
          .ifPresent(value -> form.put(Frame.FORM, value));
      var signed =
          http.send(
              HttpRequest.newBuilder(signIn.uri())
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .POST(BodyPublishers.ofString(encoded(form)))
                  .build(),
              BodyHandlers.ofString());
      if (signed.statusCode() != 200 || signed.uri().equals(signIn.uri())) {
        throw new CannotStart("package-rehearsal", signed + "", ground);
      }
      follow(http, signed.uri());
    }
  }

  private void follow(HttpClient http, URI first) throws IOException, InterruptedException {
    Set<URI> known = new HashSet<>(Set.of(first));
    var next = new ArrayDeque<>(known);
    for (int pages = 0; !next.isEmpty() && pages < PAGES_AT_MOST; pages++) {
      URI page = next.pop();
      var answer = http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
      if (answer.statusCode() >= 500) {
        throw new CannotStart("package-rehearsal", page + ": " + answer.statusCode(), ground);
      }
      if (answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
        var links = LINK.matcher(answer.body());
        while (links.find()) {
          URI link = page.resolve(links.group(1).replace("&amp;", "&"));
          if (known.add(link)) {
            next.add(link);
          }
        }
      }
    }
  }

  private static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(each ->
            each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .reduce((a, b) -> a + "&" + b)
        .orElse("");
  }

  /// Returns when it is ready.
  private Process serve(int port, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path log = ground.resolve("serve-" + port + ".log");
    Process server = begin(log, port, settings, List.of("serve"));
    var ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz")).build();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (var http = HttpClient.newHttpClient()) {
      while (true) {
        if (!server.isAlive() || System.nanoTime() > deadline) {
          throw new CannotStart("package-rehearsal", lastLine(log), log);
        }
        try {
          if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
            return server;
          }
        } catch (IOException notYet) {
          // nobody listens
        }
        Thread.sleep(20);
      }
    }
  }

  /// Another command beside it; must end well.
  private void run(String input, Map<String, String> settings, String... command)
      throws IOException, InterruptedException {
    run(0, input, settings, command);
  }

  /// @param expected how the command ends
  private void run(int expected, String input, Map<String, String> settings, String... command)
      throws IOException, InterruptedException {
    Path log = ground.resolve(command[0] + ".log");
    Process process = begin(log, 0, settings, List.of(command));
    try (var in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(input);
    }
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        || process.exitValue() != expected) {
      throw new CannotStart("package-rehearsal", lastLine(log), log);
    }
  }

  private Process begin(Path log, int port, Map<String, String> settings, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    if (Files.isDirectory(Path.of("/proc/self"))) {
      command.addAll(
          List.of("setpriv", "--pdeathsig=TERM")); // as the embedded servers need it, too
    }
    command.add(bundle.launcher().toString());
    command.addAll(arguments);
    var builder =
        new ProcessBuilder(command)
            .directory(bundle.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", PATH);
    environment.put("LANG", "en");
    environment.put("LINYU_DATA_DIR", data().toString());
    if (port != 0) {
      environment.put("LINYU_HTTP_PORT", Integer.toString(port));
      environment.put("LINYU_JAVA_OPTIONS", options);
    }
    Account account = wechat.account();
    String main = "LINYU_WECHAT_ACCOUNTS_MAIN_";
    environment.put(main + "APPID", account.appId());
    environment.put(main + "SECRET", account.secret());
    environment.put(main + "TOKEN", account.token());
    environment.put(main + "AESKEY", String.valueOf(account.aesKey()));
    environment.put(main + "APIBASE", wechat.apiBase());
    environment.putAll(settings);
    Process process = builder.start();
    running.add(process);
    return process;
  }

  private void end(Process server) throws InterruptedException {
    server.destroy();
    if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        || (server.exitValue() != 0 && server.exitValue() != ENDED_BY_SIGTERM)) {
      throw new CannotStart("package-rehearsal", "stop", ground);
    }
  }

  private static String lastLine(Path log) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> !line.isBlank()).reduce("", (_, last) -> last);
    }
  }

  /// Whatever still runs then is not needed any more.
  @Override
  public void close() {
    running.forEach(Process::destroy);
    for (Process each : running) {
      try {
        if (!each.waitFor(20, TimeUnit.SECONDS)) {
          each.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        each.destroyForcibly();
      }
    }
    wechat.close();
  }
}
