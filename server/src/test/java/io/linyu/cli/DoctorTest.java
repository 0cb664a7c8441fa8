package io.linyu.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Neighbourhood;
import io.linyu.Settings;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Phone;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The doctor beside a server that runs.
class DoctorTest {
  private static final String SEND = "/cgi-bin/message/custom/send";

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();

  @Test
  void saysOnceWhatThePlatformDoesNotPermit(@TempDir Path data) throws Exception {
    Phone li = TOWN.follower("doctor");
    li.says("在吗");
    TOWN.wechat.faults().always(SEND, Fault.NO_PERMISSION);
    for (int i = 0; i < 3; i++) {
      say(li, i);
    }
    TOWN.until("all wait for the next contact", () -> count("waiting") == 3);

    try (var doctor = Launched.start(List.of(), environment(data), "doctor")) {
      assertThat(doctor.awaitEnd()).as(doctor.lines().toString()).isEqualTo(1);
      assertThat(doctor.lines())
          .filteredOn(line -> line.contains("48001"))
          .singleElement()
          .asString()
          .contains("main", SEND, "no permission", "since");
      assertThat(doctor.lines()).anyMatch(line -> line.contains("under the present key"));
    }
    TOWN.wechat.faults().none();
    assertThat(li.says("好").hears()).contains("第0条").doesNotContain("48001");
  }

  @Test
  void saysWhyRedisRefuses(@TempDir Path data) {
    var environment = new HashMap<>(environment(data));
    environment.put("LANG", "en_US.UTF-8");
    environment.computeIfPresent(
        "LINYU_REDIS_URL", (_, url) -> url.replaceFirst(":[^:@/]+@", ":wrong@"));
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    assertThat(Commands.run(new String[] {"doctor"}, new Environment(environment, data), out, out))
        .isEqualTo(1);
    assertThat(said.toString()).contains("Redis cannot be reached", "WRONGPASS");
  }

  private static Map<String, String> environment(Path data) {
    Settings settings = TOWN.settings;
    Settings.Wechat account = requireNonNull(settings.wechat().get("main"));
    var environment = new HashMap<String, String>();
    environment.put("LINYU_DATA_DIR", data.toString());
    environment.put("LINYU_HTTP_PORT", "0");
    environment.put("LINYU_DATABASE_URL", settings.databaseUrl());
    environment.put("LINYU_REDIS_URL", settings.redisUrl());
    environment.put("LINYU_REDIS_PREFIX", settings.redisPrefix());
    environment.put("LINYU_SECRETS_KEY", settings.secretsKey());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_APPID", account.appId());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_SECRET", account.secret());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_TOKEN", account.token());
    environment.put("LINYU_WECHAT_ACCOUNTS_MAIN_AESKEY", String.valueOf(account.aesKey()));
    return environment;
  }

  private static void say(Phone to, int number) {
    TOWN.sql(
        """
        INSERT INTO outbound (message_key, address_id, text, next_due_at, created_at, updated_at)
        SELECT 'doctor-%d', id, '第%d条', now(), now(), now() FROM address WHERE external_id = '%s'
        """
            .formatted(number, number, to.openid()));
  }

  private static int count(String state) {
    return Integer.parseInt(
        TOWN.sqlOne(
            "SELECT count(*) FROM outbound WHERE message_key LIKE 'doctor-%' AND state = '"
                + state
                + "'"));
  }
}
