package io.linyu.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Settings;
import io.linyu.Settings.Wechat.Mode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  private static final String SECRETS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir private Path home;
  private final Map<String, String> environment = new HashMap<>(Map.of("LANG", "en_US.UTF-8"));

  @BeforeEach
  void folder() throws IOException {
    Files.createDirectory(home.resolve("config"));
  }

  @Test
  void theShippedFileSetsNothingButWhatHoldsAnyway() throws IOException {
    Settings withoutFile = load();
    Files.copy(Path.of("..", "config", "linyu.yaml"), home.resolve("config/linyu.yaml"));
    assertThat(load().equals(withoutFile)).isTrue();
    assertThat(withoutFile.embedsDatabase()).isTrue();
    assertThat(withoutFile.dataDir()).isEqualTo(home.resolve("data"));
    assertThat(withoutFile.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
  }

  @Test
  void theEnvironmentOverridesTheFile() throws IOException {
    file(
        """
        http:
          port: 9000
          publicUrl: https://linyu.example.org/
        wechat:
          accounts:
            main:
              appId: wx0123456789abcdef
              secret: from the file
              token: "0123"
        """);
    environment.put("LINYU_HTTP_PORT", "9001");
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET", "from the environment");
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_AESKEY", AES_KEY);
    environment.put("LINYU_WECHAT_ACCOUNTS_OTHER_APPID", "wxfedcba9876543210");
    environment.put("LINYU_WECHAT_ACCOUNTS_OTHER_SECRET", "s");
    environment.put("LINYU_WECHAT_ACCOUNTS_OTHER_TOKEN", "tok");
    environment.put("LINYU_WECHAT_ACCOUNTS_OTHER_APIBASE", "http://127.0.0.1:9100/");
    environment.put("LINYU_WECHAT_ACCOUNTS_OTHER_TERRITORY", "C0101");
    environment.put("LINYU_WECHAT_ACCOUNTS_OTHER_PROBEMINUTES", "0");
    environment.put("LINYU_REDIS_URL", ""); // empty, as compose files leave it: not set
    Settings settings = load();
    assertThat(settings.http().port()).isEqualTo(9001);
    assertThat(settings.http().publicUrl()).isEqualTo("https://linyu.example.org");
    assertThat(settings.wechat()).containsOnlyKeys("main", "other");
    Settings.Wechat main = requireNonNull(settings.wechat().get("main"));
    assertThat(main.secret()).isEqualTo("from the environment");
    assertThat(main.token()).as("digits stay text").isEqualTo("0123");
    assertThat(main.mode()).as("safe, because there is a key").isEqualTo(Mode.SAFE);
    assertThat(main.apiBase()).isEqualTo("https://api.weixin.qq.com");
    Settings.Wechat other = requireNonNull(settings.wechat().get("other"));
    assertThat(other.mode()).isEqualTo(Mode.PLAIN);
    assertThat(other.territory()).isEqualTo("C0101");
    assertThat(main.probeEvery()).isEqualTo(Settings.Wechat.PROBE_USUAL);
    assertThat(other.probeEvery()).as("never").isZero();
    assertThat(other.apiBase()).isEqualTo("http://127.0.0.1:9100");
    assertThat(settings.toString() + main).doesNotContain("from the environment", AES_KEY);
  }

  @Test
  void anUnknownKeyStopsTheStartWithItsPlace() throws IOException {
    file("http:\n  prot: 9000\n");
    assertThat(refusal())
        .contains("http.prot", "9000", "config/linyu.yaml:2", "http.port")
        .hasLineCount(1);
  }

  @Test
  void anUnknownVariableStopsTheStart() {
    environment.put("LINYU_HTTP_PROT", "9000");
    assertThat(refusal()).contains("http.prot", "9000", "LINYU_HTTP_PROT").hasLineCount(1);
  }

  @Test
  void aMisspeltSecretIsNotShown() {
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRTE", "hush-hush");
    assertThat(refusal())
        .contains("LINYU_WECHAT_ACCOUNTS_MAIN_SECRTE")
        .doesNotContain("hush-hush")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "LINYU_HTTP_PORT, eighty, http.port",
    "LINYU_HTTP_PORT, 70000, http.port",
    "LINYU_HTTP_PUBLICURL, linyu.example.org, http.publicurl",
    "LINYU_HTTP_TRUSTEDPROXIES, '10.0.0.0/8,proxy', http.trustedproxies",
    "LINYU_HTTP_TRUSTEDPROXIES, 10.0.0.0/33, http.trustedproxies",
    "LINYU_HTTP_TRUSTEDPROXIES, 10/8, http.trustedproxies",
    "LINYU_ZONE, Asia/Nowhere, zone",
    "LINYU_LOG_LEVEL, loud, log.level",
    "LINYU_ALARM_CLIMBMINUTES, 0, alarm.climbminutes",
    "LINYU_WECHAT_ACCOUNTS_MAIN_PROBEMINUTES, 1441, wechat.accounts.main.probeminutes",
    "LINYU_WECHAT_ACCOUNTS_MAIN_PROBEMINUTES, -1, wechat.accounts.main.probeminutes",
    "LINYU_WECHAT_ACCOUNTS_MAIN_APPID, 'wx 1', wechat.accounts.main.appid",
    "LINYU_WECHAT_ACCOUNTS_MAIN_MODE, secret, wechat.accounts.main.mode",
    "LINYU_WECHAT_ACCOUNTS_MAIN_APIBASE, ftp://x, wechat.accounts.main.apibase"
  })
  void aBadValueStopsTheStart(String variable, String value, String key) {
    account();
    environment.put(variable, value);
    assertThat(refusal()).contains(key, value, variable).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "LINYU_DATABASE_URL, mysql://linyu:hush-hush@db/linyu",
    "LINYU_DATABASE_URL, postgresql://linyu:hush-hush@db:99999/linyu",
    "LINYU_REDIS_URL, 'hush-hush'",
    "LINYU_REDIS_URL, redis://:hush-hush@localhost:99999",
    "LINYU_SECRETS_KEY, hush-hush",
    "LINYU_SECRETS_PREVIOUSKEY, hush-hush",
    "LINYU_WECHAT_ACCOUNTS_MAIN_AESKEY, hush-hush",
    "LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN, hush-hush of the counter",
    "LINYU_WECHAT_ACCOUNTS_MAIN_PREVIOUSTOKEN, hush-hush-which-is-more-than-32-long"
  })
  void aBadSecretIsNamedAndNotShown(String variable, String value) {
    account();
    environment.put(variable, value);
    assertThat(refusal()).contains(variable).doesNotContain("hush-hush").hasLineCount(1);
  }

  @Test
  void anAccountNeedsWhatItCannotWorkWithout() {
    account();
    environment.remove("LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN");
    assertThat(refusal())
        .contains("wechat.accounts.main.token", "LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN")
        .hasLineCount(1);
    account();
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_MODE", "safe");
    assertThat(refusal()).contains("wechat.accounts.main.aesKey").hasLineCount(1);
  }

  @Test
  void anExternalDatabaseNeedsAKeyOfItsOwn() {
    environment.put("LINYU_DATABASE_URL", "postgresql://linyu:hush-hush@127.0.0.1:1/linyu");
    assertThat(refusal()).contains("LINYU_SECRETS_KEY").doesNotContain("hush-hush").hasLineCount(1);
    environment.put("LINYU_SECRETS_KEY", SECRETS);
    assertThat(load().secretsKey()).isEqualTo(SECRETS);
  }

  @Test
  void aSecretMayLieInAFileThatTheEnvironmentNames() throws IOException {
    account();
    environment.remove("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET");
    Path file = Files.writeString(home.resolve("secret"), "hush-hush\n");
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET_FILE", file.toString());
    environment.put("LINYU_SECRETS_KEY_FILE", Files.writeString(home.resolve("k"), SECRETS) + "");
    assertThat(requireNonNull(load().wechat().get("main")).secret()).isEqualTo("hush-hush");
    assertThat(load().secretsKey()).isEqualTo(SECRETS);

    Files.writeString(file, "hush-hush\nhush\n");
    assertThat(refusal()).contains("_MAIN_SECRET_FILE", "one line").hasLineCount(1);
    Files.writeString(file, "\n");
    assertThat(refusal()).contains("_MAIN_SECRET_FILE", "empty").hasLineCount(1);
    Files.delete(file);
    assertThat(refusal()).contains("_MAIN_SECRET_FILE", file.toString()).hasLineCount(1);
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET_FILE", home.toString());
    assertThat(refusal()).contains("_MAIN_SECRET_FILE", home.toString()).hasLineCount(1);
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET", "hush-hush");
    assertThat(refusal())
        .contains("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET and LINYU_WECHAT_ACCOUNTS_MAIN_SECRET_FILE")
        .doesNotContain("hush-hush")
        .hasLineCount(1);
    environment.put("LINYU_HTTP_PORT_FILE", file.toString());
    environment.remove("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET");
    environment.remove("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET_FILE");
    assertThat(refusal()).contains("LINYU_HTTP_PORT_FILE").hasLineCount(1);
  }

  @Test
  void brokenYamlIsNamedByItsLine() throws IOException {
    file("http:\n  port: 1\n http: [\n");
    assertThat(refusal()).contains("config/linyu.yaml:3").hasLineCount(1);
    file("http:\n  - port\n");
    assertThat(refusal()).contains("config/linyu.yaml:2", "http").hasLineCount(1);
  }

  @Test
  void whatIsAskedWronglyEndsWithTwo() {
    assertThat(run("serf")).isEqualTo(2);
    assertThat(run("audit", "receipts", "--chanel", "wechat")).isEqualTo(2);
    assertThat(run("--help")).isZero();
    assertThat(run("serve", "--config", home.resolve("none.yaml").toString())).isEqualTo(1);
  }

  @Test
  void aSecondFactorIsRequiredOfNobodyOfRolesOrOfAll() {
    assertThat(load().console().secondFactor().isRequiredOf("grid_worker")).isFalse();
    environment.put("LINYU_CONSOLE_SECONDFACTOR", "district_dispatcher, street_supervisor");
    assertThat(load().console().secondFactor().isRequiredOf("street_supervisor")).isTrue();
    assertThat(load().console().secondFactor().isRequiredOf("grid_worker")).isFalse();
    environment.put("LINYU_CONSOLE_SECONDFACTOR", "required");
    assertThat(load().console().secondFactor().isRequiredOf("grid_worker")).isTrue();
    environment.put("LINYU_CONSOLE_SECONDFACTOR", "sometimes");
    assertThat(refusal()).contains("LINYU_CONSOLE_SECONDFACTOR", "sometimes", "required");
    environment.put("LINYU_CONSOLE_SECONDFACTOR", "optional");
    environment.put("LINYU_CONSOLE_AUDITMONTHS", "5");
    assertThat(refusal()).contains("LINYU_CONSOLE_AUDITMONTHS", "6 to 600");
  }

  private void account() {
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_APPID", "wx0123456789abcdef");
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET", "s");
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN", "tok");
  }

  private void file(String text) throws IOException {
    Files.writeString(home.resolve("config").resolve("linyu.yaml"), text);
  }

  private Settings load() {
    return SettingsLoader.load(new Environment(environment, home), null).settings();
  }

  /// What a person at the terminal sees when the server does not start.
  private String refusal() {
    var err = new StringWriter();
    int status =
        Commands.run(
            new String[] {"serve"},
            new Environment(environment, home),
            new PrintWriter(new StringWriter(), true),
            new PrintWriter(err, true));
    assertThat(status).as(err.toString()).isEqualTo(1);
    assertThat(err.toString()).doesNotContain("\tat ");
    return err.toString();
  }

  private int run(String... arguments) {
    return Commands.run(
        arguments,
        new Environment(environment, home),
        new PrintWriter(new StringWriter(), true),
        new PrintWriter(new StringWriter(), true));
  }
}
