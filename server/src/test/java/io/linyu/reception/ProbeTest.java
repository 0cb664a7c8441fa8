package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.App;
import io.linyu.Neighbourhood;
import io.linyu.ReverseProxy;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Probe;
import io.linyu.channel.Reply;
import io.linyu.channel.Trouble;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.linyu.simulator.wechat.Fault;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The server tries its own door, by the platform's way, and knows how it went before residents do.
class ProbeTest {
  private static final String SEND = "/cgi-bin/message/custom/send";
  private static final String GREETING = "/cgi-bin/getcallbackip";

  @AutoClose private static final ReverseProxy FRONT = new ReverseProxy();
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.behind(FRONT);

  @BeforeEach
  void allIsWell() {
    FRONT.mend();
    TOWN.wechat.faults().none();
    TOWN.wechat.plugIn();
    tried();
  }

  @Test
  void itIsTriedByItselfAndToldToWhoMeasures() {
    assertThat(metric("linyu_probe_success", "in")).isEqualTo(1);
    assertThat(metric("linyu_probe_success", "out")).isEqualTo(1);
    assertThat(metric("linyu_probe_seconds", "in")).isBetween(0.001, 5.0);
    assertThat(metric("linyu_probe_seconds", "out")).isBetween(0.001, 5.0);
    assertThat(Math.round(metric("linyu_probe_worked_timestamp_seconds", "in")))
        .isBetween(
            TOWN.clock.instant().getEpochSecond() - 60, TOWN.clock.instant().getEpochSecond());
    long greeted = TOWN.wechat.calls(GREETING);
    int asked = FRONT.asked();

    TOWN.clock.pass(Duration.ofMinutes(5));

    TOWN.until("it is tried again at its time", () -> TOWN.wechat.calls(GREETING) > greeted);
    assertThat(FRONT.asked()).isEqualTo(asked + 1);
  }

  @Test
  void nothingOfItStaysAndNothingCountsItAsAResident() {
    var _ = TOWN.follower("beside").says("你好");
    List<String> before = traces();
    double answers =
        TOWN.metric("linyu_answers_seconds_count{channel=\"wechat\",outcome=\"replied\"}");
    for (int i = 0; i < 3; i++) {
      tried();
    }
    assertThat(traces()).isEqualTo(before);
    assertThat(TOWN.metric("linyu_answers_seconds_count{channel=\"wechat\",outcome=\"replied\"}"))
        .isEqualTo(answers);
    assertThat(TOWN.wechat.calls(SEND)).isZero();

    // A year of it, and a day is kept.
    var _ =
        TOWN.sql(
            """
            INSERT INTO probe_try (channel, account, at, in_ms, out_ms)
            SELECT 'wechat', 'main', now() - make_interval(hours => 26 + n), 1, 1
              FROM generate_series(1, 500) n
            """);
    tried();
    assertThat(TOWN.sqlOne("SELECT count(*) FROM probe_try WHERE at < now() - interval '26 hours'"))
        .isEqualTo("0");
  }

  @Test
  void whateverTheScriptsMakeOfItIsNotDone() {
    List<String> before = traces();
    for (String said : List.of("家里着火了", "3栋楼道灯不亮了", "人工", "查询", "")) {
      assertThat(reply(said)).as("%s", said).isNotBlank();
    }
    assertThat(TOWN.sqlOne("SELECT count(*) FROM \"case\"")).isEqualTo("0");
    assertThat(TOWN.sqlOne("SELECT count(*) FROM alarm")).isEqualTo("0");
    assertThat(traces()).isEqualTo(before);
  }

  @Test
  void whatKeepsResidentsOutIsATroubleAtTheSecondTimeAndEndsByItself() {
    FRONT.answers(502, "text/html", "<html>Bad Gateway</html>");
    tried();
    assertThat(metric("linyu_probe_success", "in")).isZero();
    assertThat(metric("linyu_probe_success", "out")).as("the other way is open").isEqualTo(1);
    assertThat(troubles("zh")).as("one may be chance").isEmpty();

    // Whether it was chance is not left open until the next time.
    FRONT.answers(200, "text/html", "<html>Welcome</html>");
    TOWN.clock.pass(Duration.ofMinutes(1));
    TOWN.until("it is tried again by itself", () -> !troubles("zh").isEmpty());
    assertThat(troubles("zh"))
        .singleElement()
        .asString()
        .contains("微信·主号", "2 次", "不是我们的话", "上次通是");
    assertThat(troubles("en")).singleElement().asString().contains("probably cannot reach us");

    FRONT.mend();
    tried();
    assertThat(troubles("zh")).isEmpty();
    assertThat(TOWN.sqlOne("SELECT why FROM probe_way WHERE way = 'in'"))
        .as("the last failure is remembered")
        .isEqualTo("strange");
  }

  @Test
  void whatThePlatformSaysIsSaidWithWhatToDo() {
    TOWN.wechat.unplug();
    tried();
    tried();
    assertThat(troubles("zh"))
        .singleElement()
        .asString()
        .containsAnyOf("连不上微信接口", "微信接口没有回话就断了"); // on a connection of before
    assertThat(metric("linyu_probe_success", "in")).as("the other way is open").isEqualTo(1);

    TOWN.wechat.plugIn();
    TOWN.wechat.faults().always(GREETING, Fault.ADDRESS_NOT_LISTED);
    tried();
    assertThat(troubles("zh")).singleElement().asString().contains("40164", "白名单", "203.0.113.7");

    Instant now = TOWN.clock.instant();
    var told =
        new Trouble(
            "wechat",
            "main",
            Trouble.Kind.ADDRESS,
            40164,
            "getcallbackip",
            "203.0.113.7",
            now,
            now);
    assertThat(probes().troubles(moments("zh"), List.of(told))).as("said once").isEmpty();
    var others =
        new Trouble(
            "qq", "main", Trouble.Kind.ADDRESS, 40164, "getcallbackip", "203.0.113.7", now, now);
    assertThat(probes().troubles(moments("zh"), List.of(others)))
        .as("of another platform")
        .hasSize(1);

    TOWN.wechat.faults().none();
    TOWN.clock.pass(Duration.ofHours(1)); // it is left alone for a while
    tried();
    assertThat(troubles("zh")).isEmpty();
  }

  @Test
  void ofTwoServersOneTries() throws Exception {
    try (var second = App.start(TOWN.settings, TOWN.clock)) {
      Probes other = second.rooms().reception().probes();
      TOWN.until("it knows the last try", () -> other.state("wechat", "main").isPresent());
      int asked = FRONT.asked();
      for (int round = 1; round <= 3; round++) {
        TOWN.clock.pass(Duration.ofMinutes(6));
        String before = last();
        Thread one = Thread.startVirtualThread(probes()::tryDue);
        Thread another = Thread.startVirtualThread(other::tryDue);
        one.join();
        another.join();
        TOWN.until("it was tried", () -> !last().equals(before));
        assertThat(FRONT.asked()).isEqualTo(asked + round);
      }
      FRONT.answers(502, "text/html", "");
      tried();
      tried();
      TOWN.until("both know of it", () -> !other.troubles(moments("zh"), List.of()).isEmpty());
    }
  }

  /// Of settings of before, or of another server.
  @Test
  void anAccountThatIsNotOursIsLeftAloneAndNotLate() {
    var _ =
        TOWN.sql(
            """
            INSERT INTO probe (channel, account, next_due_at)
            VALUES ('wechat', 'other', now() - interval '1 day') ON CONFLICT DO NOTHING
            """);
    tried();
    assertThat(probes().backlog().waiting()).isZero();
    assertThat(TOWN.sqlOne("SELECT begun_at FROM probe WHERE account = 'other'")).isEqualTo("null");
    assertThat(probes().state("wechat", "other")).isEmpty();
  }

  /// Longer than anybody waits: what would have been said goes out to nobody.
  @Test
  void aTurnThatTakesTooLongSendsNothing() throws Exception {
    List<String> before = traces();
    try (var _ = TOWN.holding("LOCK TABLE person IN ACCESS EXCLUSIVE MODE")) {
      tried();
      assertThat(TOWN.sqlOne("SELECT why FROM probe_way WHERE way = 'in'")).isIn("closed", "slow");
    }
    TOWN.clock.pass(Duration.ofMinutes(1)); // later than a reply that was not heard is sent
    tried();
    assertThat(metric("linyu_probe_success", "in")).isEqualTo(1);
    assertThat(traces()).isEqualTo(before);
    assertThat(TOWN.wechat.calls(SEND)).isZero();
    assertThat(TOWN.metric("linyu_turns_dropped_total")).as("of residents").isZero();
  }

  /// A server of the release before, beside this one during an upgrade, takes nobody for somebody.
  @Test
  void whatAnotherReleaseKeepsOfItIsNeverSentAndSweptUp() {
    var _ =
        TOWN.sql(
            """
            WITH p AS (INSERT INTO person DEFAULT VALUES RETURNING id),
                 a AS (INSERT INTO address (channel, account, external_id, person_id, code, created_at)
                       SELECT 'wechat', 'main', 'linyu:nobody', id, 'code-of-nobody', now() FROM p RETURNING id),
                 c AS (INSERT INTO conversation (address_id, quota_left, quota_until)
                       SELECT id, 5, now() + interval '2 days' FROM a)
            INSERT INTO receipt (address_id, external_id, received_at, reply) SELECT id, '1', now(), '您好' FROM a
            """);
    var _ =
        TOWN.sql(
            """
            INSERT INTO outbound (message_key, address_id, text, next_due_at, created_at, updated_at)
            SELECT 'reply:nobody', id, '您好', now(), now(), now() FROM address WHERE external_id = 'linyu:nobody'
            """);
    TOWN.until(
        "it is refused",
        () ->
            TOWN.sql("SELECT state FROM outbound WHERE message_key = 'reply:nobody'")
                .equals(List.of("failed")));
    assertThat(TOWN.wechat.calls(SEND)).isZero();

    tried();

    TOWN.until(
        "it is gone",
        () -> TOWN.sql("SELECT id FROM address WHERE external_id = 'linyu:nobody'").isEmpty());
  }

  /// Has it tried once, and waits until all is written and known.
  private static void tried() {
    TOWN.until("it is to be tried", () -> probes().state("wechat", "main").isPresent());
    Instant asked = asked();
    TOWN.until(
        "it is known",
        () ->
            probes()
                .state("wechat", "main")
                .map(ProbePages.State::out)
                .filter(way -> !way.triedAt().isBefore(asked.minusMillis(1)))
                .isPresent());
  }

  private static Instant asked() {
    while (true) {
      TOWN.clock.pass(Duration.ofSeconds(31)); // or it would be too soon
      Instant now = TOWN.clock.instant();
      try {
        probes().askNow("wechat", "main");
        return now;
      } catch (Refusal tooSoon) {
        // Its time had come just now.
      }
    }
  }

  private static String last() {
    return TOWN.sqlOne("SELECT max(at)::text FROM probe_try");
  }

  private static Probes probes() {
    return TOWN.rooms().reception().probes();
  }

  private static double metric(String name, String way) {
    return TOWN.metric(name + "{account=\"main\",channel=\"wechat\",way=\"" + way + "\"}");
  }

  private static List<String> troubles(String language) {
    return probes().troubles(moments(language), List.of());
  }

  private static Moments moments(String language) {
    return new Moments(Words.in(language), TOWN.settings.zone(), TOWN.clock.instant());
  }

  /// Everything in which a resident could have left something.
  private static List<String> traces() {
    return List.of("address", "person", "conversation", "message", "receipt", "outbound", "event")
        .stream()
        .map(table -> table + " " + TOWN.sqlOne("SELECT count(*) FROM " + table))
        .toList();
  }

  private static String reply(String said) {
    var from = new AddressKey("wechat", "main", Probe.NOBODY);
    var inbound = new Inbound(from, "1", TOWN.clock.instant(), new Content.Text(said, null));
    Instant now = TOWN.clock.instant();
    Reply reply =
        TOWN.rooms()
            .reception()
            .reception()
            .receive(
                inbound,
                new Delivery() {
                  @Override
                  public Instant arrivedAt() {
                    return now;
                  }

                  @Override
                  public boolean isOpen() {
                    return true;
                  }

                  @Override
                  public Future<Boolean> answered() {
                    return Future.succeededFuture(false); // which would be sent to a resident
                  }
                })
            .await();
    return String.valueOf(reply.text());
  }
}
