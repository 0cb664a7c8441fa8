package io.linyu.reception;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.linyu.Neighbourhood;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Reply;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Patience;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What every channel is promised: nothing acknowledged is lost, nothing is done twice.
class TurnTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  private static final List<String> ALBUM =
      IntStream.range(0, 9).mapToObj(each -> "picture-" + each).toList();
  private static final Patience ONCE = new Patience(1, Duration.ofSeconds(5), Duration.ZERO, null);

  @Test
  void overlappingDeliveriesOfOneMessageGetOneReceiptAndTheSameReply() {
    Phone li = TOWN.follower("overlapping");
    li.with(new Patience(3, Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO)).says("在吗");

    assertThat(receipts(li)).isEqualTo("1");
    assertThat(replies(li)).hasSize(1);
  }

  @Test
  void manyAtOnceEachHearTheirOwnReply() throws Exception {
    List<Phone> phones =
        IntStream.range(0, 24).mapToObj(each -> TOWN.follower("many-" + each)).toList();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Phone>> talking =
          phones.stream().map(each -> (Callable<Phone>) () -> each.says("在吗").says("谢谢")).toList();
      for (var each : threads.invokeAll(talking)) {
        assertThat(each.get().hears()).isNotEmpty();
      }
    }
    phones.forEach(each -> assertThat(receipts(each)).isEqualTo("2"));
  }

  @Test
  void whatArrivesWhileTheDatabaseIsAwayIsKeptWhenItIsBack() throws Exception {
    Phone wang = TOWN.follower("away");
    int heard = wang.heard().size();
    TOWN.takeDatabaseAway();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var talking = threads.submit(() -> wang.says("在吗"));
      TOWN.until("a turn is held", () -> metric("linyu_turns_held") > 0);
      TOWN.bringDatabaseBack();
      talking.get();
    } finally {
      TOWN.bringDatabaseBack();
    }
    assertThat(receipts(wang)).isEqualTo("1");
    assertThat(wang.heard()).hasSize(heard + 1);
  }

  @Test
  void dangerIsAnsweredWhileTheDatabaseIsAway() {
    Phone zhao = TOWN.follower("danger");
    TOWN.takeDatabaseAway();
    try {
      zhao.says("家里着火了，好大的烟");
      assertThat(zhao.hears()).contains("119");
      TOWN.clock.pass(Duration.ofSeconds(30)); // nobody delivers again what was answered
    } finally {
      TOWN.bringDatabaseBack();
    }
    TOWN.until("somebody is called after all", () -> rows("alarm", zhao).equals("1"));
    assertThat(receipts(zhao)).isEqualTo("1");
    TOWN.until("the resident is to be told", () -> rows("outbound", zhao).equals("1"));
    TOWN.clock.pass(Duration.ofMinutes(1));
    zhao.awaitHeard("正在叫值班员");
  }

  private static String rows(String table, Phone phone) {
    return TOWN.sqlOne(
        "SELECT count(*) FROM "
            + table
            + " t JOIN address a ON a.id = t.address_id WHERE a.external_id = '"
            + phone.openid()
            + "'");
  }

  /// Pictures run alone; those of an album come while the first of them is still on its way there.
  @Test
  void whatOnePersonSendsAtOnceKeepsItsOrder() {
    List<Phone> phones = phones("album", 20);
    var kept = new ArrayList<io.vertx.core.Future<Reply>>();
    for (int i = 0; i < ALBUM.size(); i++) {
      var picture = new Content.Image(ALBUM.get(i), null);
      for (Phone each : phones) {
        kept.add(receive(each, "album-" + i, picture));
      }
      // So they come while the first are in a batch, leave it, and run alone.
      var _ = receive(TOWN.follower("beside-" + i), "beside", new Content.Text("在吗", null)).await();
    }
    io.vertx.core.Future.join(kept).await();
    for (Phone each : phones) {
      assertThat(
              TOWN.sql(
                  """
                  SELECT m.content ->> 'media_id' FROM message m JOIN address a ON a.id = m.address_id
                   WHERE a.external_id = '%s' AND m.content ->> 'media_id' IS NOT NULL ORDER BY m.id
                  """
                      .formatted(each.openid())))
          .isEqualTo(ALBUM);
    }
  }

  private static io.vertx.core.Future<Reply> receive(Phone phone, String id, Content content) {
    var from = new AddressKey("wechat", "main", phone.openid());
    var inbound = new Inbound(from, phone.name() + "-" + id, TOWN.clock.instant(), content);
    return TOWN.rooms().reception().reception().receive(inbound, delivery(Promise.promise()));
  }

  @Test
  void whatArrivesMeanwhileSharesABatch() throws Exception {
    List<Phone> phones = phones("batch", 16);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Phone>> talking;
      try (var _ = TOWN.holding("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE")) {
        talking = phones.stream().map(each -> threads.submit(() -> each.says("在吗"))).toList();
        TOWN.until("all are held", () -> metric("linyu_turns_held") >= phones.size());
      }
      for (Future<Phone> each : talking) {
        assertThat(each.get().hears()).isNotEmpty();
      }
    }
    phones.forEach(each -> assertThat(receipts(each)).isEqualTo("1"));
    // A few are in flight with whoever had come by then, and one takes all the others.
    int batches = Math.max(2, Runtime.getRuntime().availableProcessors()) + 1;
    assertThat(metric("linyu_turns_batch_max"))
        .isGreaterThanOrEqualTo(Math.ceilDiv(phones.size(), batches));
  }

  @Test
  void oneBadMessageTakesNoOtherWithIt() throws Exception {
    var _ =
        TOWN.sql(
            """
            CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'poison'; END $$;
            CREATE OR REPLACE TRIGGER poison BEFORE INSERT ON message FOR EACH ROW
              WHEN (NEW.content ->> 'text' = '毒') EXECUTE FUNCTION poison();
            """);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    ((Logger) LoggerFactory.getLogger(Reception.class)).addAppender(log);
    List<Phone> phones = phones("beside", 8);
    Phone bad = TOWN.follower("bad").with(ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Phone>> talking;
      Future<Phone> poisoning;
      try (var _ = TOWN.holding("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE")) {
        poisoning = threads.submit(() -> bad.says("毒"));
        talking = phones.stream().map(each -> threads.submit(() -> each.says("在吗"))).toList();
        TOWN.until("all are held", () -> metric("linyu_turns_held") > phones.size());
      }
      for (Future<Phone> each : talking) {
        assertThat(each.get().hears()).isNotEmpty();
      }
      poisoning.get();
    }
    phones.forEach(each -> assertThat(receipts(each)).isEqualTo("1"));
    assertThat(receipts(bad)).isEqualTo("0");
    // Found in the log by the platform's id, and by nothing that says whose it is or what was said.
    assertThat(log.list)
        .filteredOn(each -> each.getFormattedMessage().contains("was not kept"))
        .singleElement()
        .satisfies(each -> {
          String id = Long.toString(bad.said().getLast().messageId());
          assertThat(each.getMDCPropertyMap()).containsEntry("message", id);
          assertThat(each.getFormattedMessage()).doesNotContain("毒", bad.openid());
        });
    assertThat(bad.says("在吗").hears()).isNotEmpty();
  }

  @Test
  void dangerIsAnsweredAlsoWhenThereIsNoRoomForAnyMore() throws Exception {
    try (var town = Neighbourhood.open()) {
      crowd(town);
    }
  }

  private static void crowd(Neighbourhood town) throws Exception {
    var from = new AddressKey("wechat", "main", town.follower("crowd").openid());
    var open = new AtomicBoolean(true);
    var delivery =
        new Delivery() {
          @Override
          public Instant arrivedAt() {
            return town.clock.instant();
          }

          @Override
          public boolean isOpen() {
            return open.get();
          }

          @Override
          public io.vertx.core.Future<Boolean> answered() {
            return io.vertx.core.Future.succeededFuture(false);
          }
        };
    Reception reception = town.rooms().reception().reception();
    var number = new AtomicInteger();
    UnaryOperator<String> said =
        text -> {
          var content = new Content.Text(text, null);
          String id = "crowd-" + number.incrementAndGet();
          var inbound = new Inbound(from, id, town.clock.instant(), content);
          var reply = reception.receive(inbound, delivery);
          return reply.succeeded() ? String.valueOf(reply.result().text()) : "" + reply.cause();
        };
    try (var _ = town.holding("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE")) {
      String answer = "";
      for (int i = 0; i < 5_000 && !answer.contains("too many"); i++) {
        answer = said.apply("在吗");
      }
      assertThat(answer).as("it is full").contains("too many turns are held");
      assertThat(said.apply("家里着火了")).contains("119");
      assertThat(said.apply("谢谢")).contains("too many turns are held");
      open.set(false); // nobody waits for the others any more
    }
    town.until("there is room again", () -> town.metric("linyu_turns_held") == 0);
    assertThat(town.follower("after").says("在吗").hears()).isNotEmpty();
    int underWay = 64 + 2; // one batch of them at a time, for they are one person
    assertThat(town.sqlOne("SELECT count(*) FROM receipt WHERE external_id LIKE 'crowd-%'"))
        .as("what was given up is not tried for nobody")
        .satisfies(kept -> assertThat(Integer.parseInt(kept)).isLessThanOrEqualTo(underWay));
  }

  @Test
  void dangerIsAnsweredAlsoBehindAMessageThatHangs() throws Exception {
    Phone qian = TOWN.follower("behind");
    qian.says("在吗");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var _ =
            TOWN.holding(
                "SELECT FROM conversation c JOIN address a ON a.id = c.address_id"
                    + " WHERE a.external_id = '"
                    + qian.openid()
                    + "' FOR UPDATE OF c")) {
      var picture = threads.submit(() -> qian.with(ONCE).image(Buffer.buffer("jpeg")));
      TOWN.until("the picture hangs", () -> metric("linyu_turns_held") > 0);

      qian.with(ONCE).says("家里着火了");

      assertThat(qian.hears()).contains("119");
      picture.get();
    }
  }

  @Test
  void whoSpeaksCanBeReachedAgain() {
    Phone sun = TOWN.follower("restricted");
    sun.says("在吗");
    var _ =
        TOWN.sql("UPDATE address SET follows = false WHERE external_id = '" + sun.openid() + "'");

    sun.says("在吗");

    assertThat(
            TOWN.sqlOne("SELECT follows FROM address WHERE external_id = '" + sun.openid() + "'"))
        .isEqualTo("t");
  }

  @Test
  void whatWaitedIsDeliveredWithTheReplyThatCarriesIt() {
    Phone zhou = TOWN.follower("carried");
    zhou.says("在吗");
    TOWN.park(zhou, "师傅明天来修");

    assertThat(zhou.says("谢谢").hears()).startsWith("师傅明天来修\n\n");
    TOWN.until("it is delivered", () -> states(zhou).equals(List.of("delivered passive")));

    assertThat(zhou.says("谢谢").hears()).doesNotContain("师傅");
  }

  @Test
  void whatIsHeldBackUntilLaterIsDeliveredWithTheNextReplyAndOnlyOnce() {
    Phone feng = TOWN.follower("held-back");
    feng.says("在吗");
    TOWN.holdBack(feng, "师傅下周来修");
    TOWN.park(feng, "带上身份证");

    assertThat(feng.says("谢谢").hears()).startsWith("师傅下周来修\n\n带上身份证\n\n");
    TOWN.until(
        "both are delivered",
        () -> states(feng).equals(List.of("delivered passive", "delivered passive")));

    assertThat(feng.says("谢谢").hears()).doesNotContain("师傅", "身份证");
  }

  @Test
  void whatWaitedGoesOutByItselfWhenTheReplyThatCarriesItWasNotHeard() throws Exception {
    Phone wu = TOWN.follower("not-carried");
    wu.says("在吗");
    TOWN.park(wu, "师傅后天来修");
    try (var _ = TOWN.holding("LOCK TABLE outbound IN ACCESS EXCLUSIVE MODE")) {
      wu.with(ONCE.cutOffAfter(Duration.ofMillis(500))).says("谢谢");
    }
    TOWN.until("it waits for the platform", () -> states(wu).contains("queued passive"));

    TOWN.clock.pass(Duration.ofSeconds(21));

    assertThat(wu.awaitHeard("师傅后天来修").way()).isEqualTo(Line.Way.CUSTOMER_SERVICE);
    TOWN.until("it is delivered", () -> states(wu).contains("delivered customer_service"));
    assertThat(wu.heard().stream().filter(each -> each.text().contains("师傅后天来修"))).hasSize(1);
  }

  /// The first attempt hangs up, the second hears the reply; nothing goes out by itself.
  @Test
  void aReplyThatIsHeardAtTheSecondAttemptIsNotSentAgain() throws Exception {
    Phone zheng = TOWN.follower("second-attempt");
    zheng.says("在吗");
    TOWN.park(zheng, "师傅大后天来修");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Phone> talking;
      try (var _ = TOWN.holding("LOCK TABLE outbound IN ACCESS EXCLUSIVE MODE")) {
        zheng.with(new Patience(3, Duration.ofSeconds(1), Duration.ofMillis(100), null));
        talking = threads.submit(() -> zheng.says("谢谢"));
        TOWN.until("the first attempt is over", () -> attempts(zheng) > 0);
      }
      assertThat(talking.get().hears()).contains("师傅大后天来修");
    }
    TOWN.until("it is delivered", () -> states(zheng).equals(List.of("delivered passive")));

    TOWN.clock.pass(Duration.ofSeconds(25));

    TOWN.until(
        "nothing is left to send",
        () ->
            TOWN.sqlOne("SELECT count(*) FROM outbound WHERE state IN ('queued', 'sending')")
                .equals("0"));
    assertThat(zheng.heard().stream().filter(each -> each.text().contains("师傅大后天来修"))).hasSize(1);
  }

  /// Two servers as it were: what the first tells of an attempt that nobody heard counts no more
  /// when the second has answered, or has died while it did.
  @Test
  void aReplyThatIsOfferedToWhoAsksAgainIsNotQueuedByAnEarlierAttempt() {
    var heard = new Twice("heard-later");
    var unheard = new Twice("unheard-twice");
    var died = new Twice("died-answering");
    TOWN.park(died.phone, "师傅来过了");
    died.takes();
    heard.takes();
    unheard.takes();
    for (Twice each : List.of(died, heard, unheard)) {
      each.first.complete(false);
    }
    heard.second.complete(true);
    unheard.second.complete(false);

    TOWN.until("the second attempt is told", () -> heard.state().equals("delivered passive"));
    TOWN.until("it is queued once", () -> unheard.state().equals("queued passive"));
    assertThat(died.state()).isEqualTo("sending passive");
    assertThat(states(died.phone)).as("what the reply carries").containsExactly("sending passive");

    TOWN.clock.pass(Duration.ofMinutes(2));

    TOWN.until("it is sent", () -> unheard.state().equals("delivered customer_service"));
    TOWN.until("nobody knows", () -> died.state().equals("unknown passive"));
    assertThat(states(died.phone)).containsExactly("unknown passive");
    assertThat(List.of(died.isBesideItsMessage(), unheard.isBesideItsMessage()))
        .as("staff see how it ended")
        .containsExactly(true, true);
    for (Twice each : List.of(heard, died)) {
      assertThat(each.phone.heard())
          .extracting(Line.Heard::way)
          .doesNotContain(Line.Way.CUSTOMER_SERVICE);
    }
  }

  /// One message, taken at two deliveries whose ends are told by the test.
  private static final class Twice {
    private final Phone phone;
    private final Promise<Boolean> first = Promise.promise();
    private final Promise<Boolean> second = Promise.promise();

    Twice(String name) {
      phone = TOWN.follower(name).says("谢谢");
    }

    void takes() {
      var from = new AddressKey("wechat", "main", phone.openid());
      var said = new Content.Text("在吗", null);
      var inbound = new Inbound(from, phone.name(), TOWN.clock.instant(), said);
      Reception reception = TOWN.rooms().reception().reception();
      var before = reception.receive(inbound, delivery(first)).await();
      var again = reception.receive(inbound, delivery(second)).await();
      assertThat(again.text()).isNotNull().isEqualTo(before.text());
    }

    boolean isBesideItsMessage() {
      return TOWN.sqlOne(
              """
              SELECT count(*) FROM outbound o JOIN message m ON m.id = o.message_id
               WHERE o.message_key LIKE 'reply:%%:%s' AND m.said_by = 'bot' AND m.address_id = o.address_id
              """
                  .formatted(phone.name()))
          .equals("1");
    }

    String state() {
      return TOWN.sqlOne(
          "SELECT concat_ws(' ', state, way) FROM outbound WHERE message_key LIKE 'reply:%:"
              + phone.name()
              + "'");
    }
  }

  private static Delivery delivery(Promise<Boolean> answered) {
    Instant arrived = TOWN.clock.instant();
    return new Delivery() {
      @Override
      public Instant arrivedAt() {
        return arrived;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public io.vertx.core.Future<Boolean> answered() {
        return answered.future();
      }
    };
  }

  /// By hand, or by a time server after a long while without one.
  @Test
  void aClockThatIsPutBackOrOnHoldsNothingUp() {
    Phone sun = TOWN.follower("clock").says("在吗");
    for (int hours : List.of(-3, 6, -3)) {
      TOWN.clock.pass(Duration.ofHours(hours));
      String what = "楼道灯坏了" + "好".repeat(hours + 4) + "几天";
      assertThat(sun.says(what).says("跳过").hears()).contains(what);
      assertThat(sun.says("取消").hears()).doesNotContain(what);
      String key = "clock:" + TOWN.clock.instant();
      var _ =
          TOWN.sql(
              """
              INSERT INTO outbound (message_key, address_id, text, next_due_at, created_at, updated_at)
              SELECT '%1$s', id, '师傅来了', '%2$s', '%2$s', '%2$s' FROM address WHERE external_id = '%3$s'
              """
                  .formatted(key, TOWN.clock.instant(), sun.openid()));
      TOWN.until(
          "it is sent",
          () ->
              TOWN.sqlOne("SELECT state FROM outbound WHERE message_key = '" + key + "'")
                  .equals("delivered"));
    }
    assertThat(sun.heard().stream().filter(each -> each.text().equals("师傅来了"))).hasSize(3);
  }

  @Test
  void whatWasRegisteredIsFoundAgain() {
    Phone sun = TOWN.follower("progress").says("楼道灯坏了好几天").says("跳过").says("对");
    String number = sun.hears().replaceAll("(?s).*编号([^，]+)，.*", "$1");

    assertThat(sun.says("查询").hears()).contains(number, "楼道灯坏了好几天");
  }

  private static String receipts(Phone phone) {
    return TOWN.sqlOne(
        "SELECT count(*) FROM inbound_receipt WHERE address = '" + phone.openid() + "'");
  }

  private static List<String> replies(Phone phone) {
    return TOWN.sql(
        """
        SELECT DISTINCT r.reply FROM receipt r JOIN address a ON a.id = r.address_id
         WHERE a.external_id = '%s' AND r.external_id NOT LIKE '%%:%%'
        """
            .formatted(phone.openid()));
  }

  private static int attempts(Phone phone) {
    return phone.said().getLast().attempts().size();
  }

  private static List<String> states(Phone phone) {
    return TOWN.sql(
        """
        SELECT concat_ws(' ', o.state, o.way)
          FROM outbound o JOIN address a ON a.id = o.address_id
         WHERE a.external_id = '%s' AND o.message_key LIKE 'parked:%%'
        """
            .formatted(phone.openid()));
  }

  private static List<Phone> phones(String name, int many) {
    return IntStream.range(0, many).mapToObj(each -> TOWN.follower(name + "-" + each)).toList();
  }

  private static double metric(String name) {
    return TOWN.metric(name);
  }
}
