package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.Settings.Wechat.Mode;
import io.linyu.channel.wechat.WechatForm;
import io.linyu.community.StaffMembers;
import io.linyu.platform.CannotStart;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.http.Proxies;
import io.linyu.platform.time.QuietHours;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes [Settings] of the file and the environment, which overrides it. What it does not know or
/// cannot use stops the start with one line; the value of a secret is never in it.
final class SettingsLoader {
  private static final String ACCOUNT = "wechat.accounts.*.";

  /// Every key there is. Upper and lower case are the same, since the environment knows no
  /// difference; `*` is the name of an account.
  private static final List<String> KEYS =
      List.of(
          "http.host",
          "http.port",
          "http.publicUrl",
          "http.trustedProxies",
          "http.drainSeconds",
          "http.templates",
          "database.url",
          "redis.url",
          "redis.prefix",
          "data.dir",
          "data.programs",
          "zone",
          "secrets.key",
          "secrets.previousKey",
          "log.level",
          "log.format",
          "alarm.webhook",
          "alarm.climbMinutes",
          "calls.claimMinutes",
          "calls.answerMinutes",
          "calls.quietHours",
          "console.secondFactor",
          "console.auditMonths",
          ACCOUNT + "appId",
          ACCOUNT + "secret",
          ACCOUNT + "token",
          ACCOUNT + "previousToken",
          ACCOUNT + "aesKey",
          ACCOUNT + "previousAesKey",
          ACCOUNT + "mode",
          ACCOUNT + "territory",
          ACCOUNT + "apiBase",
          ACCOUNT + "openBase",
          ACCOUNT + "verification",
          ACCOUNT + "probeMinutes",
          ACCOUNT + "kind",
          ACCOUNT + "verified",
          ACCOUNT + "notice.id",
          ACCOUNT + "notice.fields",
          ACCOUNT + "notice.standing",
          ACCOUNT + "template.id",
          ACCOUNT + "template.fields",
          "qq.oneBot.accessToken",
          "qq.official.appId",
          "qq.official.secret",
          "qq.official.apiBase");

  private static final int PORT_AT_MOST = 65_535;

  /// Their values are never shown; nor are values of unknown keys, which may be these misspelt.
  private static final Pattern SECRET =
      Pattern.compile(".*(secret|token|key)|(database|redis)\\.url");

  /// Variables of the launcher, and the one that names the file.
  private static final List<String> NOT_SETTINGS =
      List.of("LINYU_CONFIG", "LINYU_JAVA_HOME", "LINYU_JAVA_OPTIONS");

  /// A secret may come from the file that the variable with this ending names, as containers have
  /// it.
  private static final String IN_FILE = "_FILE";

  private static final List<String> PATHS = List.of("data.dir", "data.programs", "http.templates");
  private static final String HIDDEN = "***";
  private static final Pattern ACCOUNT_KEY = Pattern.compile("wechat\\.accounts\\.([^.]+)\\..+");

  private final Environment environment;
  private final Map<String, Setting> all = new TreeMap<>();
  private final Map<String, Effective> effective = new TreeMap<>();

  private SettingsLoader(Environment environment) {
    this.environment = environment;
  }

  /// @param named the file that somebody asked for; null: the usual one, if it is there
  static Loaded load(Environment environment, @Nullable Path named) {
    var loader = new SettingsLoader(environment);
    loader.collect(named);
    return loader.read();
  }

  /// @param previousKey of the secrets, for whoever knows where the new one lies
  /// @param programs where unpacked server programs are kept; null: wherever it fits
  /// @param effective by key
  record Loaded(
      Settings settings,
      @Nullable String previousKey,
      @Nullable Path programs,
      @Nullable String logLevel,
      String logFormat,
      Map<String, Effective> effective) {
    /// It may hold secrets.
    @Override
    public String toString() {
      return settings.toString();
    }
  }

  /// What holds for one key, set by somebody or not.
  ///
  /// @param secret its value goes nowhere
  record Effective(String value, boolean secret) {
    @Override
    public String toString() {
      return secret ? HIDDEN : value;
    }
  }

  private void collect(@Nullable Path named) {
    String asked = environment.get("LINYU_CONFIG");
    Path wanted = named == null && asked != null ? Path.of(asked) : named;
    Path usual = environment.home().resolve("config").resolve("linyu.yaml");
    if (wanted != null && !Files.exists(wanted)) {
      throw new CannotStart("settings-missing-file", wanted);
    }
    if (wanted != null || Files.exists(usual)) {
      SettingsFile.read(wanted == null ? usual : wanted.toAbsolutePath(), environment.home())
          .forEach(this::add);
    }
    environment
        .ours()
        .forEach((name, value) -> {
          if (!NOT_SETTINGS.contains(name)) {
            add(isSecretInFile(name) ? secretInFile(name, Path.of(value)) : variable(name, value));
          }
        });
  }

  private static Setting variable(String name, String value) {
    String key = key(name);
    // As in a shell: from the folder one stands in, not from where the file lies.
    boolean isPath = PATHS.contains(key);
    return new Setting(key, isPath ? Path.of(value).toAbsolutePath().toString() : value, name);
  }

  private static String key(String variable) {
    return variable.substring("LINYU_".length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  private static boolean isSecretInFile(String name) {
    return name.endsWith(IN_FILE)
        && SECRET.matcher(key(name.substring(0, name.length() - IN_FILE.length()))).matches();
  }

  private Setting secretInFile(String name, Path file) {
    String plain = name.substring(0, name.length() - IN_FILE.length());
    if (environment.get(plain) != null) {
      throw new CannotStart("setting-twice", plain, name);
    }
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new CannotStart(e, "secret-file-missing", name, file);
    } catch (IOException e) {
      throw new CannotStart(e, "secret-file-unreadable", name, file, e.getClass().getSimpleName());
    }
    if (text.isEmpty() || text.lines().count() > 1) {
      throw new CannotStart(text.isEmpty() ? "secret-file-empty" : "secret-file-lines", name, file);
    }
    return new Setting(key(plain), text, name);
  }

  private void add(Setting setting) {
    String key = setting.key().toLowerCase(Locale.ROOT);
    String pattern = key.replaceFirst("^(wechat\\.accounts\\.)[a-z0-9]{1,32}\\.", "$1*.");
    if (KEYS.stream().noneMatch(known -> known.equalsIgnoreCase(pattern))) {
      String section =
          pattern.contains(".") ? pattern.substring(0, pattern.lastIndexOf('.') + 1) : "";
      throw new CannotStart(
          "setting-unknown",
          setting.key(),
          isSecretive(section) ? HIDDEN : setting.value(),
          setting.where(),
          alike(section));
    }
    all.put(key, setting);
  }

  private static boolean isSecretive(String section) {
    return KEYS.stream()
        .map(each -> each.toLowerCase(Locale.ROOT))
        .anyMatch(each -> each.startsWith(section) && SECRET.matcher(each).matches());
  }

  /// The keys that one could have meant.
  private static String alike(String section) {
    List<String> near =
        KEYS.stream().filter(each -> each.toLowerCase(Locale.ROOT).startsWith(section)).toList();
    return (near.isEmpty() ? KEYS.stream() : near.stream()).collect(Collectors.joining(", "));
  }

  private Loaded read() {
    int port = take("http.port", "8080", "port", SettingsLoader::port);
    var http =
        new Settings.Http(
            take("http.host", "127.0.0.1", "text", Function.identity()),
            port,
            take("http.publicUrl", "http://localhost:" + port, "web-address", SettingsLoader::web),
            take("http.trustedProxies", Proxies.USUAL, "trusted-proxies", Proxies::of),
            take("http.drainSeconds", "0", "drain-seconds", SettingsLoader::drain),
            given("http.templates", "folder", this::path));
    String database =
        take("database.url", Settings.EMBEDDED, "database-url", SettingsLoader::database);
    String redis = take("redis.url", Settings.EMBEDDED, "redis-url", SettingsLoader::redis);
    String secrets = given("secrets.key", "secrets-key", SettingsLoader::secrets);
    String previous = given("secrets.previousKey", "secrets-key", SettingsLoader::secrets);
    if (secrets == null && !database.equals(Settings.EMBEDDED)) {
      throw new CannotStart("secrets-key-missing");
    }
    var settings =
        new Settings(
            http,
            database,
            redis,
            take("redis.prefix", "linyu:", "text", Function.identity()),
            take("data.dir", "data", "folder", this::path),
            take("zone", "Asia/Shanghai", "zone", ZoneId::of),
            secrets == null || previous == null
                ? Objects.requireNonNullElse(secrets, "")
                : secrets + "," + previous,
            new Settings.Alarm(
                given("alarm.webhook", "web-address", SettingsLoader::web),
                take("alarm.climbMinutes", "3", "minutes", SettingsLoader::minutes)),
            new Settings.Console(
                take("console.secondFactor", "optional", "second-factor", SettingsLoader::factor),
                take("console.auditMonths", "36", "audit-months", SettingsLoader::months)),
            new Settings.Calls(
                take("calls.claimMinutes", "15", "minutes", SettingsLoader::minutes),
                take("calls.answerMinutes", "10", "minutes", SettingsLoader::minutes),
                take("calls.quietHours", "21:00-08:00", "quiet-hours", SettingsLoader::quiet)),
            accounts());
    return new Loaded(
        settings,
        previous,
        given("data.programs", "folder", this::path),
        given("log.level", "log-level", SettingsLoader::level),
        take("log.format", "text", "log-format", SettingsLoader::format),
        effective());
  }

  /// What holds now, for the audit: also what was accepted and is not used yet.
  private Map<String, Effective> effective() {
    Set<String> used =
        effective.keySet().stream().map(SettingsLoader::lower).collect(Collectors.toSet());
    all.forEach((key, setting) -> {
      if (!used.contains(key)) {
        note(
            KEYS.stream().filter(each -> lower(each).equals(key)).findFirst().orElse(key),
            setting.value());
      }
    });
    return Map.copyOf(effective);
  }

  private void note(String key, String value) {
    String lower = lower(key);
    effective.put(key, new Effective(value, isSecret(lower)));
  }

  /// Whether values of this key go nowhere: a gateway's address often has its password in it.
  static boolean isSecret(String key) {
    String lower = lower(key);
    return SECRET.matcher(lower).matches() || lower.equals("alarm.webhook");
  }

  private static String lower(String key) {
    return key.toLowerCase(Locale.ROOT);
  }

  private Map<String, Settings.Wechat> accounts() {
    var names = new TreeSet<String>();
    for (String key : all.keySet()) {
      var account = ACCOUNT_KEY.matcher(key);
      if (account.matches()) {
        names.add(account.group(1));
      }
    }
    var accounts = new HashMap<String, Settings.Wechat>();
    for (String name : names) {
      accounts.put(name, account("wechat.accounts." + name + "."));
    }
    return Map.copyOf(accounts);
  }

  private Settings.Wechat account(String in) {
    String aesKey = given(in + "aesKey", "aes-key", SettingsLoader::aesKey);
    Mode mode =
        take(in + "mode", aesKey == null ? "plain" : "safe", "wechat-mode", SettingsLoader::mode);
    if (mode != Mode.PLAIN && aesKey == null) {
      throw missing(in, "aesKey");
    }
    return new Settings.Wechat(
        needed(in, "appId", "app-id", SettingsLoader::appId),
        needed(in, "secret", "text", Function.identity()),
        needed(in, "token", "wechat-token", SettingsLoader::token),
        given(in + "previousToken", "wechat-token", SettingsLoader::token),
        aesKey,
        given(in + "previousAesKey", "aes-key", SettingsLoader::aesKey),
        mode,
        given(in + "territory", "text", Function.identity()),
        take(in + "apiBase", "https://api.weixin.qq.com", "web-address", SettingsLoader::web),
        take(in + "openBase", "https://open.weixin.qq.com", "web-address", SettingsLoader::web),
        new Settings.Wechat.Rights(
            take(in + "kind", "service", "wechat-kind", SettingsLoader::service),
            take(in + "verified", "true", "yes-or-no", SettingsLoader::yes),
            form(
                in,
                "notice",
                take(in + "notice.standing", "false", "yes-or-no", SettingsLoader::yes)),
            form(in, "template", true)),
        given(in + "verification", "verification", SettingsLoader::verification),
        take(
            in + "probeMinutes",
            Long.toString(Settings.Wechat.PROBE_USUAL.toMinutes()),
            "probe-minutes",
            SettingsLoader::probe));
  }

  /// What the platform's form takes. It refuses `-` and `_`, too, of which `doctor` tells: a server
  /// works with them.
  private static String token(String text) {
    return checked(text, text.matches("[A-Za-z0-9_-]{3,32}"));
  }

  private static String verification(String text) {
    return checked(text, text.matches("[A-Za-z0-9]{8,32}"));
  }

  /// Null when there is none; one half of it is of no use.
  private Settings.Wechat.@Nullable Form form(String in, String which, boolean standing) {
    String id = given(in + which + ".id", "template-id", SettingsLoader::template);
    String fields = given(in + which + ".fields", "template-fields", SettingsLoader::fields);
    if (id == null && fields == null) {
      return null;
    }
    if (id == null || fields == null) {
      throw missing(in, which + (id == null ? ".id" : ".fields"));
    }
    return new Settings.Wechat.Form(id, fields, standing);
  }

  private static boolean service(String text) {
    return checked(text, List.of("service", "subscription").contains(text)).equals("service");
  }

  private static boolean yes(String text) {
    return checked(text, List.of("true", "false").contains(text)).equals("true");
  }

  private static String template(String text) {
    return checked(text, text.matches("[A-Za-z0-9_-]{6,64}"));
  }

  private static String fields(String text) {
    var _ = WechatForm.fields(text);
    return text;
  }

  private <T> T needed(String account, String key, String rule, Function<String, T> reading) {
    T value = given(account + key, rule, reading);
    if (value == null) {
      throw missing(account, key);
    }
    return value;
  }

  private CannotStart missing(String account, String key) {
    String where =
        all.entrySet().stream()
            .filter(each -> each.getKey().startsWith(account))
            .map(each -> each.getValue().where())
            .findFirst()
            .orElse("");
    String variable = "LINYU_" + (account + key).replace('.', '_').toUpperCase(Locale.ROOT);
    return new CannotStart("setting-missing", account + key, where, variable);
  }

  private <T> T take(String key, String usual, String rule, Function<String, T> reading) {
    T value = given(key, rule, reading);
    if (value != null) {
      return value;
    }
    note(key, usual);
    return reading.apply(usual);
  }

  /// @param rule names the sentence that says what would be right
  private <T> @Nullable T given(String key, String rule, Function<String, T> reading) {
    Setting setting = all.get(key.toLowerCase(Locale.ROOT));
    if (setting == null) {
      return null;
    }
    try {
      T value = reading.apply(setting.value());
      note(key, setting.value());
      return value;
    } catch (IllegalArgumentException | DateTimeException wrong) {
      throw new CannotStart(
          "setting-" + rule,
          setting.key(),
          SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches() ? HIDDEN : setting.value(),
          setting.where());
    }
  }

  private static int port(String text) {
    int port = Integer.parseInt(text);
    return checked(port, port >= 0 && port <= PORT_AT_MOST);
  }

  /// A service manager loses its patience some time.
  private static Duration drain(String value) {
    int seconds = Integer.parseInt(value);
    return Duration.ofSeconds(checked(seconds, seconds >= 0 && seconds <= 10));
  }

  /// Two times of day, such as `21:00-08:00`, or `none`.
  private static QuietHours quiet(String text) {
    if (text.strip().equalsIgnoreCase("none")) {
      return QuietHours.NONE;
    }
    String[] ends = text.split("-", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException(text);
    }
    return new QuietHours(LocalTime.parse(ends[0].strip()), LocalTime.parse(ends[1].strip()));
  }

  private static Duration minutes(String text) {
    int minutes = Integer.parseInt(text);
    return Duration.ofMinutes(checked(minutes, minutes >= 1 && minutes <= 60));
  }

  /// At most a day, of which all tries are kept; 0 is never.
  private static Duration probe(String text) {
    int minutes = Integer.parseInt(text);
    return Duration.ofMinutes(checked(minutes, minutes >= 0 && minutes <= 1_440));
  }

  private static Period months(String text) {
    int months = Integer.parseInt(text);
    return Period.ofMonths(checked(months, months >= 6 && months <= 600));
  }

  private static Settings.SecondFactor factor(String text) {
    return switch (text) {
      case "optional" -> Settings.SecondFactor.OPTIONAL;
      case "required" -> Settings.SecondFactor.REQUIRED;
      default -> {
        Set<String> roles =
            Arrays.stream(text.split(",", -1)).map(String::strip).collect(Collectors.toSet());
        yield new Settings.SecondFactor(
            false, checked(Set.copyOf(roles), StaffMembers.roles().containsAll(roles)));
      }
    };
  }

  private static String web(String text) {
    URI address = URI.create(text);
    boolean fits =
        ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
            && address.getHost() != null
            && address.getQuery() == null
            && address.getFragment() == null;
    return checked(text.replaceFirst("/+$", ""), fits);
  }

  private static String database(String text) {
    if (text.equals(Settings.EMBEDDED)) {
      return text;
    }
    URI address = URI.create(text);
    boolean fits =
        ("postgresql".equals(address.getScheme()) || "postgres".equals(address.getScheme()))
            && address.getHost() != null
            && address.getPort() <= PORT_AT_MOST
            && address.getUserInfo() != null
            && address.getPath().length() > 1;
    return checked(text, fits);
  }

  private static String redis(String text) {
    if (text.equals(Settings.EMBEDDED)) {
      return text;
    }
    URI address = URI.create(text);
    boolean fits =
        ("redis".equals(address.getScheme()) || "rediss".equals(address.getScheme()))
            && address.getHost() != null
            && address.getPort() <= PORT_AT_MOST;
    return checked(text, fits);
  }

  private static String secrets(String text) {
    var _ = new Vault(text);
    return text;
  }

  private static String appId(String text) {
    return checked(text, text.matches("[A-Za-z0-9_-]{3,64}"));
  }

  private static String aesKey(String text) {
    return checked(text, text.matches("[A-Za-z0-9+/]{43}"));
  }

  private static Mode mode(String text) {
    return Mode.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static String level(String text) {
    return checked(text, List.of("error", "warn", "info", "debug").contains(text));
  }

  private static String format(String text) {
    return checked(text, List.of("text", "json").contains(text));
  }

  private Path path(String text) {
    return environment.home().resolve(text);
  }

  private static <T> T checked(T value, boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException();
    }
    return value;
  }
}
