package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.bot.Scripts;
import io.linyu.casework.Alarms;
import io.linyu.channel.Trouble;
import io.linyu.channel.wechat.WechatChannel;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.StaffMember;
import io.linyu.community.Territory;
import io.linyu.platform.CannotStart;
import io.linyu.platform.auth.Keys;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.embedded.DataFolder;
import io.linyu.platform.embedded.PortFile;
import io.linyu.platform.embedded.Ports;
import io.linyu.platform.events.Events;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendars;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// Looks at everything that an installation stands on, and says of each thing that is wrong what to
/// do. What stands on something broken is not looked at.
@Command(name = "doctor", subcommands = DoctorWechat.class)
final class Doctor implements Callable<Integer> {
  private static final int JAVA = 25;
  private static final long ROOM = 1L << 30;
  private static final int PAGE = 500;

  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  private int wrong;

  Commands linyu() {
    return linyu;
  }

  @Override
  public Integer call() {
    java();
    try {
      SettingsLoader.Loaded loaded = linyu.settings(true);
      Settings settings = loaded.settings();
      good("settings");
      scripts();
      boolean running = folderAndPort(settings);
      settings.wechat().forEach((name, account) -> wechat(settings, name, account));
      if (settings.wechat().isEmpty()) {
        hint("no-account");
      }
      if (isNew(settings)) {
        hint("new", settings.dataDir());
        if (!settings.embedsRedis()) {
          redis(settings);
        }
      } else {
        installation(loaded, running);
      }
    } catch (CannotStart cannot) {
      bad(cannot);
    }
    linyu.say(wrong == 0 ? "doctor.well" : "doctor.ill", wrong);
    return wrong == 0 ? 0 : 1;
  }

  private void java() {
    int version = Runtime.version().feature();
    if (version >= JAVA) {
      good("java", version);
    } else {
      bad("java-old", version, JAVA);
    }
  }

  private void scripts() {
    Path folder = linyu.environment().home().resolve("bot-scripts");
    var sources = Files.isDirectory(folder) ? Scripts.in(folder) : Scripts.shippedSources();
    switch (Scripts.load(sources)) {
      case Scripts.Loaded.Ready _ -> good("scripts");
      case Scripts.Loaded.Faulty faulty -> {
        Scripts.Problem first = faulty.problems().getFirst();
        String why = linyu.sentences().language().equals("zh") ? first.zh() : first.en();
        bad("scripts", faulty.problems().size(), first.file() + ":" + first.line(), why);
      }
    }
  }

  /// True when a server runs on this data folder.
  private boolean folderAndPort(Settings settings) {
    Settings.Http http = settings.http();
    Path folder = settings.dataDir();
    boolean embedded = settings.embedsDatabase() || settings.embedsRedis();
    int serving = 0;
    if (embedded && DataFolder.isOwned(folder)) {
      serving = PortFile.read(folder).map(PortFile::http).orElse(0);
      good("folder-owned", folder);
    } else if (embedded && !isNew(settings)) {
      DataFolder.checkWritable(folder);
      good("folder", folder);
    }
    if (embedded && Files.exists(folder)) {
      room(folder);
    }
    if (serving > 0) {
      good("serving", serving);
    } else {
      port(http, embedded);
    }
    return serving > 0;
  }

  private void port(Settings.Http http, boolean embedded) {
    try {
      if (http.port() != 0) {
        Ports.check(http.host(), http.port());
      }
      good("port", http.port());
    } catch (CannotStart cannot) {
      if (cannot.code().equals("port-busy") && !embedded) {
        hint("port-answers", http.port()); // a server on outside databases leaves no trace here
      } else {
        bad(cannot);
      }
    }
  }

  private void room(Path folder) {
    try {
      long left = Files.getFileStore(folder).getUsableSpace();
      if (left < ROOM) {
        bad("no-room", folder, left >> 20);
      }
    } catch (IOException unknown) {
      // then it is not known to be full
    }
  }

  private static boolean isNew(Settings settings) {
    return settings.embedsDatabase() && !Files.exists(settings.dataDir().resolve("postgres"));
  }

  private void wechat(Settings settings, String name, Settings.Wechat account) {
    int before = wrong;
    if (!account.appId().matches("wx[0-9a-f]{16}")) {
      hint("app-id", name, account.appId());
    }
    if (!account.token().matches("[A-Za-z0-9]{3,32}")) {
      bad("token", name);
    }
    URI address = URI.create(settings.http().publicUrl());
    int port = address.getPort();
    if (!isPublic(address.getHost()) || !List.of(-1, 80, 443).contains(port)) {
      hint("public-url", name, settings.http().publicUrl());
    }
    if (account.mode() != Settings.Wechat.Mode.SAFE) {
      hint("not-safe", name);
    }
    if (wrong == before) {
      good("account", name, settings.http().publicUrl() + "/wechat/" + name);
    }
  }

  private static boolean isPublic(String host) {
    return !host.equals("localhost") && !host.startsWith("127.") && host.contains(".");
  }

  private void installation(SettingsLoader.Loaded loaded, boolean running) {
    try (var servers = Servers.any(loaded, linyu.progress())) {
      Settings settings = servers.settings();
      int pending = Migrations.pending(settings.databaseUrl());
      good("database");
      redis(settings);
      if (pending > 0) {
        // What follows reads tables that are not there yet.
        hint(running ? "migrations-running" : "migrations", pending);
      } else {
        try (var at = AtHand.open(linyu)) {
          keys(at);
          people(at.community());
          accounts(settings, at.community());
          troubles(settings, at.redis());
          alarms(settings, at);
          holidays(settings, at);
          new Events(at.db(), Clock.systemUTC())
              .parked()
              .forEach((listener, events) -> bad("events-parked", listener, events));
        }
      }
    } catch (Db.Away away) {
      bad("database-away", String.valueOf(away.getMessage()));
    }
  }

  private void keys(AtHand at) {
    var keys = new Keys(at.db(), at.vault(), Community.SEALED);
    var left = keys.left();
    left.forEach((version, pieces) -> {
      if (keys.has(version)) {
        hint("previous-key", pieces, version);
      } else {
        bad("unknown-key", pieces, version);
      }
    });
    if (left.isEmpty()) {
      good("keys");
    }
  }

  private void redis(Settings settings) {
    Redis.connect(settings.redisUrl(), settings.redisPrefix()).close();
    good("redis");
  }

  private void people(Community community) {
    Territory root = community.territories().root();
    if (canAnybodySignIn(community, root)) {
      good("sign-in");
    } else {
      bad("nobody-signs-in");
    }
    Desk last = community.desks().fallbackFor(root);
    if (!community.desks().isStaffed(last)) {
      bad("fallback-empty", last.name());
    }
    List<Desk> empty = community.desks().unstaffed();
    if (!empty.isEmpty()) {
      hint("desks-empty", empty.size(), empty.getFirst().name());
    }
  }

  private static boolean canAnybodySignIn(Community community, Territory root) {
    List<StaffMember> page = community.staff().within(root, "", PAGE);
    while (!page.isEmpty()) {
      if (page.stream().anyMatch(StaffMember::signsIn)) {
        return true;
      }
      page = community.staff().within(root, page.getLast().code(), PAGE);
    }
    return false;
  }

  /// Danger to life must reach somebody at any hour.
  private void alarms(Settings settings, AtHand at) {
    try (var ticker = new Ticker()) {
      var alarms =
          new Alarms(
              at.db(),
              new Events(at.db(), Clock.systemUTC()),
              Clock.systemUTC(),
              new WorkingCalendars(at.db(), settings.zone(), ticker),
              at.community().territories(),
              settings.alarm().webhook(),
              settings.http().publicUrl(),
              Duration.ofMinutes(1));
      List<Alarms.Silent> silent = alarms.silentHours();
      if (silent.isEmpty()) {
        good("alarms");
      } else {
        Alarms.Silent first = silent.getFirst();
        var language = Locale.of(linyu.sentences().language());
        bad(
            "alarms-silent",
            silent.size(),
            first.day().getDisplayName(TextStyle.FULL, language) + " " + first.hour() + ":00");
      }
    }
  }

  private void holidays(Settings settings, AtHand at) {
    try (var ticker = new Ticker()) {
      new WorkingCalendars(at.db(), settings.zone(), ticker)
          .missed(Instant.now())
          .ifPresent(year -> hint("holidays-missed", Integer.toString(year)));
    }
  }

  private void accounts(Settings settings, Community community) {
    settings
        .wechat()
        .forEach((name, account) -> {
          String home = account.territory();
          if (home != null && community.territories().byCode(home).isEmpty()) {
            bad("account-territory", name, home);
          }
        });
  }

  /// What the platform has told the running servers.
  private void troubles(Settings settings, Redis redis) {
    var appIds =
        settings.wechat().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().appId()));
    Clock clock = Clock.systemUTC();
    var words = Words.in(linyu.sentences().language());
    var moments = new Moments(words, settings.zone(), clock.instant());
    for (Trouble each : WechatChannel.troubles(appIds, redis, clock)) {
      if (each.kind().passes()) {
        hint("trouble", each.sentence(moments));
      } else {
        bad("trouble", each.sentence(moments));
      }
    }
  }

  private void good(String key, Object... arguments) {
    line("doctor.good", "doctor." + key, arguments);
  }

  /// Worth knowing, and no reason to fail.
  private void hint(String key, Object... arguments) {
    line("doctor.hint", "doctor.hint." + key, arguments);
  }

  private void bad(String key, Object... arguments) {
    wrong++;
    line("doctor.bad", "doctor.bad." + key, arguments);
  }

  private void bad(CannotStart cannot) {
    wrong++;
    linyu.out().println(linyu.sentences().of("doctor.bad") + " " + linyu.sentences().of(cannot));
  }

  private void line(String mark, String key, Object... arguments) {
    linyu.out().println(linyu.sentences().of(mark) + " " + linyu.sentences().of(key, arguments));
  }
}
