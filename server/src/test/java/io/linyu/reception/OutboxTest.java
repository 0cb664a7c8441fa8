package io.linyu.reception;

import static io.linyu.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Settings;
import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.TokenExpired;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// How what goes out by itself is sent, over a channel that does as the test likes.
class OutboxTest {
  private static final Settings SETTINGS = World.settings();

  private static final TestClock CLOCK = TestClock.at("2026-11-23T10:00");
  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, CLOCK);
  private final Vertx vertx = Vertx.vertx();
  private final Db db = Db.connect(vertx, SETTINGS.databaseUrl(), 8);
  private final Redis redis = Redis.connect(SETTINGS.redisUrl(), SETTINGS.redisPrefix());
  private final Live live = new Live(vertx, redis);
  private final Platform platform = new Platform();
  private final Ticker ticker = new Ticker();
  private final Outbox outbox =
      new Outbox(
          db,
          new Channels(List.of(platform)),
          new Watchers(live, redis, CLOCK),
          new Events(db, CLOCK),
          new SimpleMeterRegistry(),
          CLOCK);
  private final Replies replies =
      new Replies(db, new Watchers(live, redis, CLOCK), "http://localhost", CLOCK);
  private int said;

  OutboxTest() {
    db.execute("DELETE FROM outbound"); // of the test before
  }

  @AfterEach
  void close() {
    platform.goOn.countDown();
    ticker.close();
    redis.close();
    vertx.close().await();
  }

  /// Takes its time with whom the test says.
  private static final class Platform implements Channel {
    final List<String> sent = new CopyOnWriteArrayList<>();
    final Set<String> slowFor = ConcurrentHashMap.newKeySet();
    final CountDownLatch goOn = new CountDownLatch(1);
    volatile @Nullable ChannelError answer;
    volatile Runnable beforehand = () -> {};

    @Override
    public String name() {
      return "wechat";
    }

    @Override
    public @Nullable Window windowOpenedBy(String account, Content content) {
      return null;
    }

    @Override
    public boolean mayAnswer(Content content) {
      return true;
    }

    @Override
    public int textLimit() {
      beforehand.run();
      return 2_000;
    }

    @Override
    public void send(AddressKey to, String messageKey, String text) {
      sent.add(text);
      ChannelError no = answer;
      if (no != null) {
        throw no;
      }
      if (slowFor.contains(text)) {
        try {
          assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public Media fetch(String account, String mediaId) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void aSlowSendHoldsUpNobodyElse() {
    platform.slowFor.add("慢");
    outbox.start(ticker);
    say("慢");
    until("it is under way", () -> platform.sent.contains("慢"));

    say("快");

    until("the other has it", () -> state("快").equals("delivered"));
    assertThat(state("慢")).isEqualTo("sending");
    platform.goOn.countDown();
    until("so has the first", () -> state("慢").equals("delivered"));
  }

  @Test
  void noMoreAreClaimedThanCanBeSentAtOnce() {
    int atOnce = Outbox.AT_ONCE;
    int some = atOnce + atOnce / 2;
    List<String> all = IntStream.range(0, some).mapToObj(each -> "条" + each).toList();
    platform.slowFor.addAll(all);
    all.forEach(this::say);
    outbox.start(ticker);

    until("all places are taken", () -> platform.sent.size() == atOnce);
    LockSupport.parkNanos(Duration.ofMillis(1_200).toNanos()); // two more rounds
    assertThat(platform.sent).hasSize(atOnce);
    assertThat(count("sending")).isEqualTo(atOnce);

    platform.goOn.countDown();
    until("the rest follows", () -> count("delivered") == some);
    assertThat(platform.sent).doesNotHaveDuplicates();
  }

  @Test
  void whatIsLeftAloneUsesNeitherAttemptsNorPlaces() {
    long address = say("等");
    for (ChannelError error :
        List.of(
            new RateLimited("45009 quota", Duration.ofHours(3)),
            new RateLimited("40164 invalid ip", Duration.ofMinutes(5)),
            new TokenExpired("40001 invalid credential"))) {
      platform.answer = error;
      for (int round = 0; round < 5; round++) {
        sendOnce();
        assertThat(state("等")).isEqualTo("queued");
        assertThat(one("SELECT attempts FROM outbound")).isEqualTo("0");
        assertThat(outbox.wayTo(address, 1).left()).isEqualTo(5);
        CLOCK.pass(
            error instanceof RateLimited limited ? limited.retryAfter() : Duration.ofMinutes(1));
      }
    }
    platform.answer = null;

    sendOnce();

    assertThat(state("等")).isEqualTo("delivered");
    assertThat(outbox.wayTo(address, 1).left()).isEqualTo(4);
  }

  @Test
  void whatIsLeftAloneIsCarriedByTheNextReplyAndNotSentThen() {
    long address = say("等");
    platform.answer = new RateLimited("45009 quota", Duration.ofHours(3));
    sendOnce();
    say("再等");
    platform.answer = null;

    assertThat(carried(address, "1")).isEqualTo("等\n\n");
    CLOCK.pass(Duration.ofHours(3));
    sendOnce();

    assertThat(platform.sent).containsExactly("等", "再等");
    assertThat(carried(address, "2")).isEmpty();
  }

  @Test
  void whatStandsBehindIsCarriedWithIt() {
    long address = say("等");
    platform.answer = new RateLimited("45009 quota", Duration.ofHours(3));
    sendOnce();
    db.withinTransaction(tx -> outbox.say(tx, address, "key-" + ++said, "bot", null, null, "后面的"));

    assertThat(carried(address, "1")).isEqualTo("等\n\n后面的\n\n");
  }

  @Test
  void whatIsLeftAloneIsOnThePersonsOwnPageToo() {
    long address = say("等");
    platform.answer = new RateLimited("45009 quota", Duration.ofHours(3));
    sendOnce();

    Replies.Shown shown = replies.waitingFor(address).getFirst();
    assertThat(shown.text()).isEqualTo("等");
    replies.shown(address, shown.id());

    assertThat(state("等")).isEqualTo("delivered");
    assertThat(replies.waitingFor(address)).isEmpty();
  }

  /// What the sender is about to take is left to it.
  @Test
  void whatIsDueNowIsNotCarried() {
    long address = say("现在");
    db.execute("UPDATE conversation SET waiting = true");

    assertThat(carried(address, "1")).isEmpty();
  }

  @Test
  void itIsNotAskedBeforeItsTime() {
    say("等");
    platform.answer = new RateLimited("45009 quota", Duration.ofHours(3));
    sendOnce();
    CLOCK.pass(Duration.ofHours(3).minusSeconds(1));
    sendOnce();
    assertThat(platform.sent).hasSize(1);
    CLOCK.pass(Duration.ofSeconds(1));
    sendOnce();
    assertThat(platform.sent).hasSize(2);
  }

  @Test
  void whatIsNotPermittedWaitsForTheNextContact() {
    say("等");
    platform.answer = new Refused(Why.NO_PERMISSION, "48001 api unauthorized");
    sendOnce();
    assertThat(state("等")).isEqualTo("waiting");
  }

  @Test
  void whatCouldNotBeSentUsesAnAttempt() {
    say("等");
    platform.answer = new Unreachable("ConnectException", false, null);
    sendOnce();
    assertThat(one("SELECT attempts FROM outbound")).isEqualTo("1");
  }

  @Test
  void aSenderThatWasHeldUpForLongerThanItsLeaseDoesNotSend() {
    say("迟");
    platform.beforehand =
        () -> {
          platform.beforehand = () -> {};
          CLOCK.pass(Outbox.LEASE.plusSeconds(1));
        };
    sendOnce();
    assertThat(platform.sent).isEmpty();
  }

  @Test
  void aClaimThatSomebodyElseHasEndedIsNotSent() {
    say("没了");
    platform.beforehand =
        () -> {
          db.execute("UPDATE outbound SET state = 'unknown', lease_until = NULL");
          CLOCK.pass(Duration.ofSeconds(2)); // until then nobody else could
        };
    sendOnce();
    assertThat(platform.sent).isEmpty();
    assertThat(state("没了")).isEqualTo("unknown");
  }

  @Test
  void aLeaseBeginsAnewBeforeThePlatformIsAsked() {
    say("迟");
    platform.slowFor.add("迟");
    platform.beforehand =
        () -> {
          platform.beforehand = () -> {};
          CLOCK.pass(Duration.ofSeconds(15));
        };
    outbox.start(ticker);
    until("it is under way", () -> platform.sent.contains("迟"));
    assertThat(
            one(
                "SELECT (extract(epoch FROM lease_until) - %d)::int FROM outbound"
                    .formatted(CLOCK.instant().getEpochSecond())))
        .isEqualTo(Long.toString(Outbox.LEASE.toSeconds()));
  }

  /// Their own turn holds the row of their conversation.
  @Test
  void whoeverIsBeingListenedToHoldsUpNobodyElse() {
    long listened = COUNTER.resident("说话的人").id();
    db.withinTransaction(tx -> outbox.say(tx, listened, "key-listened", "bot", null, null, "稍后"));
    db.withinTransaction(turn -> {
      turn.execute("SELECT FROM conversation WHERE address_id = $1 FOR NO KEY UPDATE", listened);
      outbox.start(ticker);
      say("现在");
      until("the other has it", () -> state("现在").equals("delivered"));
      assertThat(state("稍后")).isEqualTo("queued");
    });
    until("then they have it", () -> state("稍后").equals("delivered"));
  }

  @Test
  void whatIsDeliveredAtOnceIsWrittenDownTogether() {
    List<String> all = IntStream.range(0, 40).mapToObj(each -> "同" + each).toList();
    platform.slowFor.addAll(all);
    all.forEach(this::say);
    outbox.start(ticker);
    until("all are under way", () -> platform.sent.size() == 40);
    // Whoever writes first waits here, and the others for them.
    db.withinTransaction(other -> {
      other.execute("LOCK TABLE outbound IN SHARE ROW EXCLUSIVE MODE");
      platform.goOn.countDown();
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    });
    until("all are written down", () -> count("delivered") == 40);
    assertThat(
            Long.parseLong(
                one("SELECT count(DISTINCT xmin::text) FROM outbound WHERE state = 'delivered'")))
        .isLessThanOrEqualTo(3);
  }

  @Test
  void whoStopsWaitsForWhatIsUnderWay() throws InterruptedException {
    platform.slowFor.add("走");
    say("走");
    outbox.start(ticker);
    until("it is under way", () -> platform.sent.contains("走"));
    Thread stopping = Thread.ofVirtual().start(ticker::close);
    assertThat(stopping.join(Duration.ofMillis(300))).isFalse();

    platform.goOn.countDown();
    stopping.join();

    assertThat(state("走")).isEqualTo("delivered");
  }

  /// One round of due work, and what it began.
  private void sendOnce() {
    try (var once = new Ticker()) {
      outbox.start(once);
      until("nothing is due", () -> due() == 0);
    }
  }

  private long due() {
    return Long.parseLong(
        one(
            "SELECT count(*) FROM outbound WHERE state = 'queued' AND next_due_at <= '%s'"
                .formatted(CLOCK.instant())));
  }

  private long say(String text) {
    long address = COUNTER.resident("某人").id();
    db.withinTransaction(tx -> outbox.say(tx, address, "key-" + ++said, "bot", null, null, text));
    return address;
  }

  private String carried(long address, String by) {
    return db.inTransaction(tx -> {
      var conversations = new TurnStore();
      Conversation with = conversations.lock(tx, address).orElseThrow();
      Instant now = CLOCK.instant();
      String text = replies.carry(tx, with, by, "好的", 2_000, now, Replies.lease(now));
      conversations.save(tx, with);
      return text;
    });
  }

  private String state(String text) {
    return one("SELECT state FROM outbound WHERE text = '%s'".formatted(text));
  }

  private int count(String state) {
    return Integer.parseInt(
        one("SELECT count(*) FROM outbound WHERE state = '%s'".formatted(state)));
  }

  private String one(String query) {
    return db.row(query).map(row -> String.valueOf(row.getValue(0))).orElse("");
  }
}
