package io.linyu;

import io.linyu.platform.embedded.EmbeddedPostgres;
import io.linyu.platform.embedded.EmbeddedRedis;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of("data").toAbsolutePath();
    int base = 8080;
    try (var postgres = EmbeddedPostgres.start(home, base + 1, List.of());
        var redis = EmbeddedRedis.start(home, base + 2);
        var app =
            App.start(
                new Settings(
                    new Settings.Http("127.0.0.1", base, "http://localhost:" + base, null),
                    postgres.url("postgres"),
                    redis.url(),
                    "linyu:",
                    home,
                    ZoneId.of("Asia/Shanghai"),
                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    new Settings.Alarm(null),
                    Map.of()),
                Clock.systemUTC())) {
      System.out.println("http://localhost:" + app.port());
      new CountDownLatch(1).await();
    }
  }
}
