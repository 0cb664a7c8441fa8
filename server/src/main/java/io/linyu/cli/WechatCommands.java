package io.linyu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.linyu.App;
import io.linyu.Settings;
import io.linyu.bot.Scripts;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.channel.Tagging;
import io.linyu.channel.Trouble;
import io.linyu.channel.wechat.WechatChannel;
import io.linyu.channel.wechat.WechatMenu;
import io.linyu.channel.wechat.WechatMenuFile;
import io.linyu.community.audit.Deed;
import io.linyu.platform.CannotStart;
import io.linyu.reception.Resumptions;
import io.linyu.reception.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/// What is set up on the platform's side of a public account.
@Command(name = "wechat", subcommandsRepeatable = false)
final class WechatCommands {
  @SuppressWarnings("NullAway.Init")
  @ParentCommand
  private Commands linyu;

  /// Shows what would change; changes it when asked to.
  @Command(name = "menu")
  int menu(
      @Option(names = "--file", paramLabel = "FILE", descriptionKey = "menu.file")
          @Nullable Path named,
      @Option(names = "--account", paramLabel = "NAME", descriptionKey = "menu.account")
          @Nullable String only,
      @Option(names = "--publish", descriptionKey = "menu.publish") boolean publish)
      throws IOException {
    Path home = linyu.environment().home();
    Path file = named == null ? home.resolve("config").resolve("menu.yaml") : named;
    Settings settings = linyu.settings(true).settings();
    Map<String, Settings.Wechat> accounts = chosen(settings, only);
    var menus = new TreeMap<String, WechatMenu>();
    for (String account : accounts.keySet()) {
      WechatMenu menu = read(file, settings.http().publicUrl(), account);
      if (menu == null) {
        return 1;
      }
      menus.put(account, menu);
    }
    int failed = 0;
    try (var at = AtHand.open(linyu);
        var wechat =
            new WechatChannel(
                App.wechatAccounts(accounts),
                at.redis(),
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
      for (Map.Entry<String, WechatMenu> each : menus.entrySet()) {
        String account = each.getKey();
        linyu.say("menu.of", account);
        try {
          failed += show(at, wechat, account, each.getValue(), publish) ? 0 : 1;
        } catch (ChannelError refused) {
          linyu.say("menu.failed", account, String.valueOf(refused.getMessage()));
          failed++;
        }
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private boolean show(
      AtHand at, WechatChannel wechat, String account, WechatMenu menu, boolean publish) {
    if (!wechat.mayHaveMenu(account)) {
      linyu.say("menu.not-allowed", account);
      menu.drawn().forEach(line -> linyu.out().println("  " + line));
      return false;
    }
    List<String> before = wechat.menu(account);
    List<String> after = menu.drawn();
    WechatMenu.changes(before, after).forEach(linyu.out()::println);
    if (before.equals(after)) {
      linyu.say("menu.same", account);
    } else if (publish) {
      wechat.publish(account, menu);
      at.community().audit().writeOwn(at.db(), Deed.MENU_PUBLISHED, account, Map.of("menu", after));
      linyu.say("menu.published", account);
    } else {
      linyu.say("menu.would", account);
    }
    return true;
  }

  /// Puts every follower's tag right, whatever a server believes that the platform has.
  @Command(name = "tags")
  int tags(
      @Option(names = "--account", paramLabel = "NAME", descriptionKey = "tags.account")
          @Nullable String only)
      throws IOException {
    Settings settings = linyu.settings(true).settings();
    Map<String, Settings.Wechat> accounts = chosen(settings, only);
    int failed = 0;
    try (var at = AtHand.open(linyu);
        var wechat =
            new WechatChannel(
                App.wechatAccounts(accounts),
                at.redis(),
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
      var tags =
          new Tags(
              at.db(),
              new Channels(List.of(wechat)),
              at.community().territories(),
              App.homeOfAccount(settings),
              Clock.systemUTC(),
              settings.zone());
      for (String account : accounts.keySet()) {
        failed += tag(wechat, tags, account) ? 0 : 1;
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private boolean tag(WechatChannel wechat, Tags tags, String account) {
    Tagging tagging = wechat.tagging(account);
    if (tagging == null) {
      linyu.say("tags.not-allowed", account);
      return false;
    }
    try {
      Tags.Round round = tags.all(wechat, account, tagging);
      linyu.say("tags.done", account, round.tags(), round.given(), round.taken());
      return true;
    } catch (ChannelError refused) {
      linyu.say("tags.failed", account, String.valueOf(refused.getMessage()));
      return false;
    }
  }

  /// Has what the platform told us to leave alone tried again at once, by all running servers.
  @Command(name = "resume")
  int resume(
      @Option(names = "--account", paramLabel = "NAME", descriptionKey = "resume.account")
          @Nullable String only,
      @Option(names = "--call", paramLabel = "CALL", descriptionKey = "resume.call")
          @Nullable String call)
      throws IOException {
    Map<String, Settings.Wechat> accounts = chosen(linyu.settings(true).settings(), only);
    try (var at = AtHand.open(linyu);
        var wechat =
            new WechatChannel(
                App.wechatAccounts(accounts),
                at.redis(),
                Clock.systemUTC(),
                new SimpleMeterRegistry())) {
      var resumptions = new Resumptions(at.db(), Clock.systemUTC());
      int resumed = 0;
      for (Trouble each : wechat.troubles()) {
        if (call == null || call.equals(each.call())) {
          resumed += resume(at, wechat, resumptions, each) ? 1 : 0;
        }
      }
      if (resumed == 0) {
        linyu.say("resume.none", String.join(", ", accounts.keySet()));
      }
    }
    return 0;
  }

  private boolean resume(
      AtHand at, WechatChannel wechat, Resumptions resumptions, Trouble trouble) {
    Optional<Resumptions.Resumed> resumed =
        resumptions.resume(
            wechat,
            trouble.account(),
            trouble.call(),
            each ->
                at.community()
                    .audit()
                    .writeOwn(
                        at.db(),
                        Deed.CHANNEL_RESUMED,
                        null,
                        Map.of(
                            "account",
                            each.account(),
                            "call",
                            each.call(),
                            "code",
                            Integer.toString(each.code()))));
    resumed.ifPresent(each ->
        linyu.say(
            "resume.done", trouble.account(), trouble.call(), trouble.code(), each.waiting()));
    return resumed.isPresent();
  }

  static Map<String, Settings.Wechat> chosen(Settings settings, @Nullable String only) {
    var accounts = new TreeMap<>(settings.wechat());
    if (accounts.isEmpty()) {
      throw new CannotStart("menu-no-account");
    }
    if (only != null) {
      if (!accounts.containsKey(only)) {
        throw new CannotStart("no-such-account", only, String.join(", ", accounts.keySet()));
      }
      accounts.keySet().retainAll(List.of(only));
    }
    return accounts;
  }

  /// Null when it is faulty, which has been said then.
  private @Nullable WechatMenu read(Path file, String publicUrl, String account)
      throws IOException {
    String text;
    try {
      text = Files.readString(file, UTF_8);
    } catch (NoSuchFileException e) {
      throw new CannotStart("file-missing", file);
    }
    return switch (WechatMenuFile.read(text, publicUrl, account, keys())) {
      case WechatMenuFile.Read.Good(WechatMenu menu) -> menu;
      case WechatMenuFile.Read.Faulty(List<WechatMenuFile.Problem> problems) -> {
        for (WechatMenuFile.Problem each : problems) {
          String sentence =
              linyu.sentences().of("menu.problem." + each.key(), each.arguments().toArray());
          linyu.out().println(file + ":" + each.line() + ": " + sentence);
        }
        linyu.say("menu.refused", problems.size());
        yield null;
      }
    };
  }

  /// What the bot's menu has, as it stands in the folder.
  private Set<String> keys() {
    Path folder = linyu.environment().home().resolve("bot-scripts");
    var sources = Files.isDirectory(folder) ? Scripts.in(folder) : Scripts.shippedSources();
    return switch (Scripts.load(sources)) {
      case Scripts.Loaded.Ready(var bot) -> bot.menuKeys();
      case Scripts.Loaded.Faulty faulty ->
          throw new CannotStart("menu-scripts", faulty.problems().size());
    };
  }
}
