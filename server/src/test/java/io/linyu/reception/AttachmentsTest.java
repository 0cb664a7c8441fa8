package io.linyu.reception;

import static io.linyu.Patience.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Samples;
import io.linyu.Settings;
import io.linyu.TestClock;
import io.linyu.World;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import io.linyu.community.Address;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// How what residents sent is fetched, from a platform that does as the test likes.
class AttachmentsTest {
  private static final Settings SETTINGS = World.settings();
  private static final TestClock CLOCK = TestClock.at("2026-11-23T10:00");
  private static final Buffer PHOTO = Samples.picture(8, 8, "JPEG");

  @AutoClose private static final Counter COUNTER = new Counter(SETTINGS, CLOCK);

  private final Vertx vertx = Vertx.vertx();
  private final Db db = Db.connect(vertx, SETTINGS.databaseUrl(), 8);
  private final Redis redis = Redis.connect(SETTINGS.redisUrl(), SETTINGS.redisPrefix());
  private final Platform platform = new Platform();
  private final Attachments attachments = node();
  private final Attachments other = node();

  AttachmentsTest() {
    db.execute("DELETE FROM attachment"); // of the test before
    db.execute("DELETE FROM outbound");
  }

  private Attachments node() {
    var watchers = new Watchers(new Live(vertx, redis), redis, CLOCK);
    var channels = new Channels(List.of(platform));
    var events = new Events(db, CLOCK);
    return new Attachments(
        db,
        new Blobs(db),
        channels,
        new Outbox(db, channels, watchers, events, new SimpleMeterRegistry(), CLOCK),
        events,
        watchers,
        CLOCK);
  }

  @AfterEach
  void close() {
    platform.goOn.countDown();
    redis.close();
    vertx.close().await();
  }

  private static final class Platform implements Channel {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final Map<String, Supplier<Media>> answers = new ConcurrentHashMap<>();
    volatile CountDownLatch goOn = new CountDownLatch(1);

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
      return 2_000;
    }

    @Override
    public void send(AddressKey to, String messageKey, String text) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Media fetch(String account, String mediaId) {
      asked.add(mediaId);
      return answers.getOrDefault(mediaId, Platform::photo).get();
    }

    long asked(String mediaId) {
      return asked.stream().filter(mediaId::equals).count();
    }

    static Media photo() {
      return new Media("image/jpeg", PHOTO);
    }

    /// What only comes when the test says so.
    void awaitGoOn() {
      try {
        assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aSurpriseHoldsUpNobodyElsesPhotoAndEndsAtLast() {
    platform.answers.put(
        "bad",
        () -> {
          throw new NullPointerException("jsonObject");
        });
    long before = failures();
    want("image", "bad");
    List<String> photos = IntStream.range(0, 12).mapToObj(each -> "photo" + each).toList();
    photos.forEach(each -> want("image", each));

    fetchOnce();

    assertThat(photos).allMatch(each -> state(each).equals("fetched"));
    assertThat(state("bad")).isEqualTo("waiting");
    for (int attempt = 2; attempt <= Attachments.ATTEMPTS; attempt++) {
      assertThat(told("bad")).isEmpty();
      CLOCK.pass(Duration.ofHours(1));
      fetchOnce();
    }
    assertThat(platform.asked("bad")).isEqualTo(Attachments.ATTEMPTS);
    assertThat(state("bad")).isEqualTo("failed");
    assertThat(told("bad")).contains("照片没收到");
    assertThat(failures()).isEqualTo(before + 1);
    CLOCK.pass(Duration.ofDays(1));
    fetchOnce();
    assertThat(platform.asked("bad")).isEqualTo(Attachments.ATTEMPTS);
  }

  /// Nodes that die of it say nothing.
  @Test
  void whatNoNodeHasEverEndedIsGivenUp() {
    want("image", "deadly");
    db.execute("UPDATE attachment SET attempts = $1", Attachments.ATTEMPTS);

    fetchOnce();

    assertThat(platform.asked).isEmpty();
    assertThat(state("deadly")).isEqualTo("failed");
    assertThat(told("deadly")).contains("照片没收到");
  }

  @Test
  void whoWasTooSlowAndFailsThenTellsNobodyThatItDidNotArrive() {
    for (ChannelError end :
        List.of(
            new Refused(Why.MEDIA_GONE, "40007 invalid media_id"),
            new Refused(Why.CONTENT, "larger than all"),
            new Unreachable("SocketTimeoutException", false, null),
            new RateLimited("45009 quota", Duration.ofHours(3)))) {
      String photo = "slow" + end.getMessage();
      slowThen(
          photo,
          () -> {
            throw end;
          });
      want("image", photo);
      long before = failures();
      Runnable first = begun(photo);
      CLOCK.pass(Attachments.LEASE.plusSeconds(1));

      fetchOnce(other);
      assertThat(state(photo)).isEqualTo("fetched");
      first.run();

      assertThat(state(photo)).isEqualTo("fetched");
      assertThat(told(photo)).isEmpty();
      assertThat(failures()).isEqualTo(before);
    }
  }

  @Test
  void whoWasTooSlowLeavesTheLeaseOfTheNextAlone() {
    for (ChannelError end :
        List.of(
            new Refused(Why.MEDIA_GONE, "40007 invalid media_id"),
            new Unreachable("SocketTimeoutException", false, null),
            new RateLimited("45009 quota", Duration.ofHours(3)))) {
      String photo = "slow" + end.getMessage();
      slowThen(
          photo,
          () -> {
            throw end;
          });
      want("image", photo);
      Runnable first = begun(photo);
      CLOCK.pass(Attachments.LEASE.plusSeconds(1));
      // Another has it and is still busy with it.
      var store = new AttachmentStore();
      assertThat(store.claim(db, CLOCK.instant(), CLOCK.instant().plus(Attachments.LEASE), 9))
          .hasSize(1);
      String leased = row(photo);

      first.run();

      assertThat(row(photo)).isEqualTo(leased);
      assertThat(told(photo)).isEmpty();
      db.execute("DELETE FROM attachment");
    }
  }

  @Test
  void aPhotoInHandIsKeptHoweverLateItCame() {
    slowThen("late", Platform::photo);
    want("image", "late");
    Runnable first = begun("late");
    CLOCK.pass(Attachments.LEASE.plusSeconds(1));
    assertThat(
            new AttachmentStore()
                .claim(db, CLOCK.instant(), CLOCK.instant().plus(Attachments.LEASE), 9))
        .hasSize(1);

    first.run();

    assertThat(state("late")).isEqualTo("fetched");
  }

  @Test
  void noMoreAreTakenThanAreBegunAndASlowOneHoldsUpNobodyElse() {
    List<String> slow = IntStream.range(0, 2).mapToObj(each -> "slow" + each).toList();
    slow.forEach(each -> slowThen(each, Platform::photo));
    slow.forEach(each -> want("image", each));
    try (var ticker = new Ticker()) {
      attachments.start(ticker);
      until("they are under way", () -> platform.asked.size() == 2);
      IntStream.range(0, 10).forEach(each -> want("image", "quick" + each));
      until(
          "the others have come",
          () -> one("SELECT count(*) FROM attachment WHERE state = 'fetched'").equals("10"));

      slowThen("third", Platform::photo);
      want("image", "third");
      until("all places are taken", () -> platform.asked("third") == 1);
      want("image", "waits");
      assertThat(attachments.fetchDue()).isFalse();
      assertThat(one("SELECT attempts FROM attachment WHERE media_id = 'waits'")).isEqualTo("0");

      platform.goOn.countDown();
      until("all have come", () -> state("waits").equals("fetched"));
    }
  }

  @Test
  void aVoiceThatIsNoSoundIsNeverKept() {
    platform.answers.put(
        "page",
        () ->
            new Channel.Media(
                "application/octet-stream",
                Buffer.buffer("<html><body>Please sign in to this network</body></html>")));
    platform.answers.put(
        "speex", () -> new Channel.Media("voice/speex", Buffer.buffer(new byte[] {0x1e, 2, 0, 7})));
    platform.answers.put(
        "text", () -> new Channel.Media("voice/speex", Buffer.buffer("no sound at all")));
    platform.answers.put(
        "amr", () -> new Channel.Media("application/octet-stream", Samples.amr(3)));
    List.of("page", "text", "speex", "amr").forEach(each -> want("voice", each));

    fetchOnce();

    assertThat(List.of(row("page"), row("text")))
        .allSatisfy(each -> assertThat(each).startsWith("waiting 1 a voice that is no sound"));
    assertThat(typeOf("speex")).isEqualTo("audio/speex");
    assertThat(typeOf("amr")).isEqualTo("audio/amr");

    platform.answers.put("page", () -> new Channel.Media("audio/amr", Samples.amr(5)));
    CLOCK.pass(Duration.ofMinutes(1));
    fetchOnce();
    assertThat(typeOf("page")).isEqualTo("audio/amr");
  }

  private void want(String kind, String mediaId) {
    Address whose = COUNTER.resident("某人");
    COUNTER.said(whose, "resident", "照片", CLOCK.instant());
    long message =
        Long.parseLong(one("SELECT max(id) FROM message WHERE address_id = " + whose.id()));
    db.withinTransaction(tx -> attachments.want(tx, message, whose.id(), kind, mediaId));
  }

  private void fetchOnce() {
    fetchOnce(attachments);
  }

  /// All that is due, until it has ended.
  private static void fetchOnce(Attachments node) {
    boolean more;
    do {
      more = node.fetchDue();
      node.awaitFetching();
    } while (more);
  }

  /// The first that asks waits for [#begun] to go on; whoever asks after it has it at once.
  private void slowThen(String mediaId, Supplier<Channel.Media> end) {
    platform.answers.put(
        mediaId,
        () -> {
          platform.answers.remove(mediaId);
          platform.awaitGoOn();
          return end.get();
        });
  }

  /// @return ends it
  private Runnable begun(String mediaId) {
    platform.goOn = new CountDownLatch(1);
    var _ = attachments.fetchDue();
    until("it is under way", () -> platform.asked(mediaId) == 1);
    return () -> {
      platform.goOn.countDown();
      attachments.awaitFetching();
    };
  }

  private String state(String mediaId) {
    return one("SELECT state FROM attachment WHERE media_id = '%s'".formatted(mediaId));
  }

  private String row(String mediaId) {
    return one(
        """
        SELECT concat_ws(' ', state, attempts, reason, next_due_at) FROM attachment
         WHERE media_id = '%s'
        """
            .formatted(mediaId));
  }

  private String typeOf(String mediaId) {
    return one(
        "SELECT b.type FROM attachment t JOIN blob b USING (digest) WHERE t.media_id = '%s'"
            .formatted(mediaId));
  }

  /// What the person hears of it; empty: nothing.
  private String told(String mediaId) {
    return one(
        """
        SELECT o.text FROM outbound o JOIN attachment t ON o.message_key = 'media-failed:' || t.id
         WHERE t.media_id = '%s'
        """
            .formatted(mediaId));
  }

  private long failures() {
    return Long.parseLong(one("SELECT count(*) FROM event WHERE body LIKE '%media_failed%'"));
  }

  private String one(String query) {
    return db.row(query).map(row -> String.valueOf(row.getValue(0))).orElse("");
  }
}
