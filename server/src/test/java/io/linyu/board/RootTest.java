package io.linyu.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.TestClock;
import io.linyu.community.Address;
import io.linyu.platform.text.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Whoever kept a root can see later that nothing was changed.
class RootTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();
  @AutoClose private static final HttpClient HTTP = HttpClient.newHttpClient();

  @Test
  void everyDayHasARootThatAnybodyMayReadAndComputeAgain() throws Exception {
    assertThat(get("/board/roots").body()).as("no day is over").isEmpty();
    Address wang = COUNTER.resident("王阿姨");
    LocalDate first = today();
    var _ = COUNTER.told(wang, "楼道灯坏了");
    var _ = COUNTER.told(wang, "门口积水了");
    TOWN.clock.pass(Duration.ofDays(2));
    LocalDate second = today();
    var _ = COUNTER.told(wang, "电梯有异响");
    TOWN.clock.pass(Duration.ofDays(1).plusMinutes(20));
    while (COUNTER.events.keepRootDue(TestClock.ZONE)) {
      // there may be another day
    }

    HttpResponse<String> answer = get("/board/roots");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    assertThat(answer.headers().firstValue("Link")).as("that is all").isEmpty();
    List<String> lines = answer.body().lines().toList();
    assertThat(lines).as("the newest first").hasSizeGreaterThanOrEqualTo(2);
    assertThat(lines).contains(line(second), line(first));
    assertThat(lines.indexOf(line(second))).isLessThan(lines.indexOf(line(first)));
    assertThat(line(second)).matches("\\d{4}-\\d\\d-\\d\\d 1 [0-9a-f]{64}");

    assertThat(get("/board/roots?before=" + second).body().lines().toList())
        .contains(line(first))
        .doesNotContain(line(second));
    assertThat(get("/board/roots?before=yesterday").statusCode()).isEqualTo(422);
  }

  /// As the events say it.
  private static String line(LocalDate day) {
    List<String> links =
        TOWN.sql(
            """
            SELECT DISTINCT ON (room, subject) encode(hash, 'hex') FROM event
             WHERE seq IS NOT NULL AND (at AT TIME ZONE 'Asia/Shanghai')::date = '%s'
             ORDER BY room, subject, seq DESC
            """
                .formatted(day));
    byte[] root =
        Digest.sha256(links.stream().map(HexFormat.of()::parseHex).toArray(byte[][]::new));
    return day + " " + links.size() + " " + HexFormat.of().formatHex(root);
  }

  private static LocalDate today() {
    return LocalDate.ofInstant(TOWN.clock.instant(), TestClock.ZONE);
  }

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(TOWN.url(path))).build(), BodyHandlers.ofString());
  }
}
