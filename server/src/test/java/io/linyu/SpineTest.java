package io.linyu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.platform.db.Migrations;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Proxies;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SpineTest {
  @AutoClose private static final App APP = World.app();
  @AutoClose private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void saysHowItIs() throws Exception {
    assertThat(get("/readyz")).contains("UP").contains("database", "migrations", "redis");
    assertThat(get("/metrics"))
        .contains("vertx_http_server_response_time", "linyu_up{part=\"database\"} 1.0");
  }

  @Test
  void isNotReadyOnADatabaseThatIsBehind() throws Exception {
    try (var town = Neighbourhood.open()) {
      var ready = HttpRequest.newBuilder(URI.create(town.url("/readyz"))).build();
      assertThat(HTTP.send(ready, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      town.sql(
          """
          DELETE FROM flyway_schema_history
           WHERE installed_rank = (SELECT max(installed_rank) FROM flyway_schema_history)
          """);
      assertThat(HTTP.send(ready, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
    }
  }

  @Test
  void aStepThatCouldNotEndIsMadeAgain() {
    try (var town = Neighbourhood.open()) {
      // No later step is made before it.
      var _ = town.sql("ALTER TABLE staff DROP COLUMN credential_version");
      var _ =
          town.sql(
              "DROP TABLE case_sending, case_photo, day_seen, scene_code, known_join, known_word, known_matter");
      var _ = town.sql("DELETE FROM flyway_schema_history WHERE version > '0010'");
      var _ = town.sql("DROP TABLE case_key");
      var _ = town.sql("UPDATE flyway_schema_history SET success = false WHERE version = '0010'");
      var _ = Migrations.migrate(town.settings.databaseUrl());
      assertThat(town.sqlOne("SELECT to_regclass('case_key_number') IS NOT NULL")).isEqualTo("t");
      assertThat(town.sqlOne("SELECT bool_and(success) FROM flyway_schema_history")).isEqualTo("t");
    }
  }

  @Test
  void anUpgradeSetsNoRuleThatWasNotThereAndANewHouseTriesThemOut() {
    try (var town = Neighbourhood.open();
        var counter = town.counter()) {
      String modes = "SELECT string_agg(rule || ' ' || mode, ', ' ORDER BY rule) FROM rule_switch";
      assertThat(town.sqlOne(modes))
          .isEqualTo("E1 live, E2 dry, E3 dry, E4 dry, E5 live, E6 live, E7 dry, E8 live");
      var _ = counter.told(counter.resident("王阿姨"), "楼道堆满了", "0102", town.clock.instant());
      var _ = town.sql("DROP TABLE rule_applied, rule_watch, rule_switch CASCADE");
      var _ = town.sql("DELETE FROM flyway_schema_history WHERE version >= '0044'");
      var _ = Migrations.migrate(town.settings.databaseUrl());
      assertThat(town.sqlOne(modes))
          .isEqualTo("E1 off, E2 off, E3 off, E4 off, E5 off, E6 off, E7 live, E8 off");
      assertThat(town.sqlOne("SELECT count(*) FROM rule_watch")).as("what is open").isEqualTo("1");
    }
  }

  @Test
  void whoIsToldToStopSaysSoAndServesUntilTheProxyHasTurnedAway() throws Exception {
    Settings plain = World.settings();
    var http =
        new Settings.Http(
            "127.0.0.1",
            0,
            "http://localhost",
            Proxies.of("198.51.100.0/24, 2001:db8::/32"),
            Duration.ofSeconds(2),
            null);
    App app = App.start(plain.withHttp(http), Clock.systemUTC());
    assertThat(caller(app, "203.0.113.9")).as("no proxy of ours").isEqualTo("127.0.0.1");
    var ready = HttpRequest.newBuilder(URI.create("http://localhost:" + app.port() + "/readyz"));
    var health = HttpRequest.newBuilder(URI.create("http://localhost:" + app.port() + "/healthz"));
    Thread stopping = Thread.ofVirtual().start(app::close);
    while (status(ready.build()) == 200) {
      Thread.onSpinWait();
    }
    assertThat(status(ready.build())).isEqualTo(503);
    assertThat(status(health.build())).isEqualTo(200);
    stopping.join();
    assertThatThrownBy(() -> status(health.build())).isInstanceOf(IOException.class);
  }

  private static int status(HttpRequest request) throws Exception {
    return HTTP.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  void onlyTheLastNameWasWrittenByOurProxy() throws Exception {
    assertThat(caller(APP, "203.0.113.9")).isEqualTo("203.0.113.9");
    assertThat(caller(APP, "192.0.2.66, 203.0.113.10")).isEqualTo("203.0.113.10");
    assertThat(caller(APP, "192.0.2.66", "203.0.113.11")).isEqualTo("203.0.113.11");
  }

  /// Where somebody comes from who guesses at a password, as the audit has it.
  private static String caller(App app, String... forwarded) throws Exception {
    var guess =
        HttpRequest.newBuilder(URI.create("http://localhost:" + app.port() + "/console/session"))
            .header("Cookie", "linyu_form=ours")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(Frame.FORM + "=ours&login=U0&password=guessed"));
    for (String each : forwarded) {
      guess.header("X-Forwarded-For", each);
    }
    assertThat(status(guess.build())).isEqualTo(401);
    return app.rooms()
        .db()
        .one("SELECT address FROM audit_entry ORDER BY id DESC LIMIT 1")
        .getString("address");
  }

  @Test
  void aRequestIsFoundInTheLogByTheIdThatItBrought() throws Exception {
    var uri = URI.create("http://localhost:" + APP.port() + "/healthz");
    var brought = HttpRequest.newBuilder(uri).header("X-Request-Id", "proxy-0815-ab").build();
    var forged = HttpRequest.newBuilder(uri).header("X-Request-Id", "a b\u00e4").build();
    assertThat(id(brought)).isEqualTo("proxy-0815-ab");
    assertThat(id(forged)).matches("[a-z0-9]{16}");
    assertThat(id(HttpRequest.newBuilder(uri).build())).matches("[a-z0-9]{16}");
  }

  private static String id(HttpRequest request) throws Exception {
    return HTTP.send(request, BodyHandlers.discarding())
        .headers()
        .firstValue("X-Request-Id")
        .orElseThrow();
  }

  private static String get(String path) throws Exception {
    var uri = URI.create("http://localhost:" + APP.port() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
  }
}
