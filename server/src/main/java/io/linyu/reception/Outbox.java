package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Enclosure;
import io.linyu.casework.ReturnVisits.Carried;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import io.linyu.channel.Enclosed;
import io.linyu.channel.Ladder.Rung;
import io.linyu.channel.Notice;
import io.linyu.channel.Probe;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.Chats.Worth;
import io.linyu.reception.OutboxStore.Claimed;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// The one mouth: everything that goes out by itself goes through here, one person's messages in
/// order, by the first rung of the answer ladder that is open.
///
/// Each ends as delivered, failed or unknown; or it waits, or is to be tried again later, and is
/// shown when the person next speaks ([Replies]). A platform that takes no key of ours is never
/// asked twice after it may have heard: such a message ends as unknown.
public final class Outbox {
  /// What the composer shows before a member of staff sends.
  ///
  /// @param rung by which it will go; null: the answer will wait
  /// @param left how many messages the window still takes
  /// @param until when the window closes
  public record Way(@Nullable Rung rung, int left, int of, Instant until) {}

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// What is left of the lease after the slowest sending.
  private static final Duration LEASE_IS_OURS = Duration.ofSeconds(10);

  /// Whoever begins to send within this after the claim need not ask whether the lease still holds.
  private static final Duration FRESH = Duration.ofSeconds(2);

  /// So that no claimed send is still under way when it ends.
  static final Duration LEASE = FRESH.plus(Channel.LONGEST_SEND).plus(LEASE_IS_OURS);

  private static final Duration TOKEN_WAITS = Duration.ofMinutes(1);

  /// At the 50 ms that a platform takes to answer, this is more than a thousand a second.
  static final int AT_ONCE = 100;

  static final int ATTEMPTS = 8;

  private static final Set<ChannelError.Why> ABOUT_THE_PERSON =
      EnumSet.of(
          ChannelError.Why.NOT_FOLLOWING,
          ChannelError.Why.UNREACHABLE_PERSON,
          ChannelError.Why.BLACKLISTED);

  private static final int FULL_WINDOW = 5;

  private final Db db;
  private final Channels channels;
  private final Watchers watchers;
  private final Events events;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final OutboxStore store = new OutboxStore();
  private final NoticeStore notices = new NoticeStore();
  private final Chats chats;
  private final Deliveries deliveries;
  private final Blobs blobs;
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private Ticker.@Nullable Bell bell;
  private @Nullable Sends sends;

  Outbox(
      Db db,
      Channels channels,
      Watchers watchers,
      Events events,
      MeterRegistry metrics,
      Clock clock) {
    this.db = db;
    this.blobs = new Blobs(db);
    this.channels = channels;
    this.watchers = watchers;
    this.events = events;
    this.metrics = metrics;
    this.clock = clock;
    this.chats = new Chats(channels, clock);
    this.deliveries = new Deliveries(db, store, clock);
  }

  void start(Ticker ticker) {
    bell = ticker.every(PAUSE, "send", this::sendDue);
    var _ = ticker.every(Duration.ofSeconds(5), "send-leases", this::endLost);
    ticker.atEnd(this::awaitSending);
  }

  /// From here on how each ends is counted there, too.
  Outbox counting(Sends ours) {
    sends = ours;
    return this;
  }

  private void count(Claimed each, String way, String ended) {
    Sends counts = sends;
    if (counts != null) {
      counts.count(each.to(), way, ended);
    }
  }

  Backlog backlog() {
    return store.backlog(db, clock.instant());
  }

  /// Says something to a person in the same transaction as the fact it tells of. What is too long
  /// for one message is said in several.
  ///
  /// @param key the same for the same thing to say: it is said once
  /// @param by `bot`, `staff` or `system`
  void say(
      Tx tx,
      long addressId,
      String key,
      String by,
      @Nullable Long staffId,
      @Nullable Long caseId,
      String text) {
    sayFrom(tx, addressId, key, by, staffId, caseId, text, clock.instant());
  }

  /// Says something of a matter that is worth a push: where no free words go, what is told in
  /// fields does.
  ///
  /// @param staffId who says it; null: we ourselves do
  void sayOrNotify(
      Tx tx,
      long addressId,
      String key,
      @Nullable Long staffId,
      long caseId,
      String text,
      Notice notice) {
    say(tx, addressId, key, staffId == null ? "system" : "staff", staffId, caseId, text);
    notices.queue(tx, key, caseId, notice);
  }

  /// Calls a member of staff to a case. It is none of the case's conversation.
  ///
  /// @param once the same for the same call
  void call(Tx tx, long addressId, String once, long caseId, String text, Notice notice) {
    String key = OutboxStore.CALL + once;
    sayFrom(tx, addressId, key, "system", null, null, text, clock.instant());
    notices.queueCall(tx, key, caseId, notice);
  }

  /// The same, of no single case: where no free words go, it waits for the next contact.
  void call(Tx tx, long addressId, String once, String text) {
    sayFrom(tx, addressId, OutboxStore.CALL + once, "system", null, null, text, clock.instant());
  }

  /// Sends something besides words, in the place in the row of what is said to this person.
  ///
  /// @param text said instead, where it cannot be sent after all
  /// @param push whether it is sent; otherwise it is on the page of the matter, and staff see so
  void sayAlong(
      Tx tx,
      long addressId,
      String key,
      long staffId,
      long caseId,
      Enclosure what,
      String text,
      boolean push) {
    Content content =
        switch (what.kind()) {
          case IMAGE -> new Content.Image("", null);
          case VOICE -> new Content.Voice("", what.type(), null);
          case FILE -> new Content.File("", what.name());
        };
    store.queueAlong(
        tx, addressId, key, staffId, caseId, what, content, text, push, clock.instant());
    tx.afterCommit(this::ring);
    tx.afterCommit(() -> watchers.said(Set.of(addressId)));
  }

  /// What of an answer is sent into the chat, and what is on the page of the matter alone.
  ///
  /// @param messages in how many it goes
  /// @param left how many the window takes
  record Split(List<Enclosure> sent, List<Enclosure> onPage, int messages, int left) {}

  /// The words come first; what does not fit into the window behind them is on the page.
  Split split(Sql sql, long addressId, long caseId, String text, List<Enclosure> along) {
    int words = parts(text);
    Way way = store.way(sql, addressId, caseId, clock.instant(), FULL_WINDOW, channels::ladder);
    AddressKey to = store.keyOf(sql, addressId);
    Channel channel = channels.of(to);
    int places = Math.max(0, way.left() - words);
    List<Enclosure> sent =
        along.stream()
            .filter(each -> channel.takes(to.account(), Enclosed.Kind.valueOf(each.kind().name())))
            .limit(places)
            .toList();
    return new Split(
        sent,
        along.stream().filter(each -> !sent.contains(each)).toList(),
        words + sent.size(),
        way.left());
  }

  /// One of many things that are said at once.
  ///
  /// @param key the same for the same thing to say: it is said once
  /// @param notice what is told where no free words go; null: it is not worth a push
  record Saying(long addressId, String key, long caseId, String text, @Nullable Notice notice) {}

  /// Says something to each of many, in as many statements as for one.
  void sayAll(Tx tx, long staffId, List<Saying> all) {
    List<Saying> parts =
        all.stream()
            .flatMap(each -> {
              List<String> texts = Parts.of(each.text(), channels.shortestText());
              return IntStream.range(0, texts.size())
                  .mapToObj(part ->
                      new Saying(
                          each.addressId(),
                          part == 0 ? each.key() : each.key() + ":" + (part + 1),
                          each.caseId(),
                          texts.get(part),
                          part == 0 ? each.notice() : null));
            })
            .toList();
    if (parts.isEmpty()) {
      return;
    }
    store.queueAll(tx, staffId, parts, clock.instant());
    notices.queueAll(tx, parts);
    tx.afterCommit(this::ring);
    Set<Long> to = parts.stream().map(Saying::addressId).collect(Collectors.toSet());
    tx.afterCommit(() -> watchers.said(to));
  }

  /// Says not before then who has taken a matter, so that it can be taken back unsaid. Nothing else
  /// of this person waits for it.
  void sayClaimed(
      Tx tx, long addressId, String key, long staffId, long caseId, String text, Instant due) {
    sayFrom(tx, addressId, OutboxStore.CLAIMED + key, "staff", staffId, caseId, text, due);
  }

  private void sayFrom(
      Tx tx,
      long addressId,
      String key,
      String by,
      @Nullable Long staffId,
      @Nullable Long caseId,
      String text,
      Instant due) {
    int part = 0;
    for (String each : Parts.of(text, channels.shortestText())) {
      part++;
      String partKey = part == 1 ? key : key + ":" + part;
      store.queue(tx, addressId, partKey, by, staffId, caseId, each, clock.instant(), due);
    }
    tx.afterCommit(this::ring);
    tx.afterCommit(() -> watchers.said(Set.of(addressId)));
  }

  /// More is said about the matter: who has taken it is said before.
  void sayClaimedNow(Tx tx, long caseId) {
    store.claimedIsDue(tx, caseId, clock.instant());
  }

  void unsayClaimed(Tx tx, long addressId, long caseId) {
    store.unsayClaimed(tx, caseId);
    tx.afterCommit(() -> watchers.said(Set.of(addressId)));
  }

  /// Says not before then that a matter is handled together with what others told, so that it can
  /// be taken back unsaid.
  ///
  /// @param once the same for the same merge
  void sayMerged(
      Tx tx, long addressId, String once, long staffId, long caseId, String text, Instant due) {
    String key = OutboxStore.MERGED + ":" + once;
    sayFrom(tx, addressId, key, "staff", staffId, caseId, text, due);
  }

  void unsayMerged(Tx tx, long addressId, long caseId) {
    var _ = store.unsay(tx, caseId, OutboxStore.MERGED);
    tx.afterCommit(() -> watchers.said(Set.of(addressId)));
  }

  /// Says not before then that what somebody told is handled as several matters, so that it can be
  /// taken back unsaid.
  ///
  /// @param once the same for the same splitting
  void saySplit(
      Tx tx,
      long addressId,
      String once,
      long staffId,
      long caseId,
      String text,
      Notice notice,
      Instant due) {
    String key = OutboxStore.SPLIT + ":" + once;
    sayFrom(tx, addressId, key, "staff", staffId, caseId, text, due);
    notices.queue(tx, key, caseId, notice);
  }

  void unsaySplit(Tx tx, long addressId, long caseId) {
    var _ = store.unsay(tx, caseId, OutboxStore.SPLIT);
    tx.afterCommit(() -> watchers.said(Set.of(addressId)));
  }

  /// Says not before then that a matter is not accepted, so that it can be taken back unsaid.
  /// Nothing else of this person waits for it.
  ///
  /// @param once the same for the same decision
  /// @param to apart from others who hear of it
  void sayRejected(
      Tx tx,
      long addressId,
      String once,
      String to,
      long staffId,
      long caseId,
      String text,
      Notice notice,
      Instant due) {
    String key = OutboxStore.REJECTED + once + to;
    sayFrom(tx, addressId, key, "staff", staffId, caseId, text, due);
    notices.queue(tx, key, caseId, notice);
  }

  /// @return whether anybody has heard it, or may have
  boolean unsayRejected(Tx tx, long caseId, String once) {
    return store.unsay(tx, caseId, OutboxStore.REJECTED + once);
  }

  /// Says that something is late, unless more is said of the case before anybody has heard that.
  void sayLate(Tx tx, long addressId, String once, long caseId, String text, Notice notice) {
    sayOrNotify(tx, addressId, OutboxStore.LATE + once, null, caseId, text, notice);
  }

  void unsayLate(Tx tx, long caseId) {
    store.unsayLate(tx, caseId);
  }

  /// What became of the question of a return visit.
  Carried carried(Tx tx, long visit, int nth) {
    return store
        .stateOf(tx, visitKey(visit, nth) + OWNER)
        .or(() -> store.stateOf(tx, visitKey(visit, nth)))
        .map(state ->
            switch (state) {
              case "delivered" -> Carried.DELIVERED;
              case "failed", "unknown" -> Carried.LOST;
              case "sending" -> Carried.HANDED_OVER;
              default -> Carried.UNDER_WAY;
            })
        .orElse(Carried.UNDER_WAY);
  }

  /// Behind the key of what somebody hears who told it for another: what whoever it belongs to
  /// hears of the same. Where that is asked, the answer is theirs.
  static final String OWNER = ":owner";

  static String visitKey(long visit, int nth) {
    return "visit:" + visit + ":" + nth;
  }

  /// In how many messages it would go.
  int parts(String text) {
    return Parts.of(text, channels.shortestText()).size();
  }

  Way wayTo(long addressId, long caseId) {
    return store.way(db, addressId, caseId, clock.instant(), FULL_WINDOW, channels::ladder);
  }

  private void ring() {
    Ticker.Bell loud = bell;
    if (loud != null) {
      loud.ring();
    }
  }

  /// Claims what is due, as much as can be sent at once; it is sent outside of any transaction, and
  /// how it ended is written down. A slow one holds up nobody but its own person.
  private boolean sendDue() {
    int free = places.availablePermits(); // only here they are taken
    if (free == 0) {
      return false;
    }
    Instant now = clock.instant();
    List<Claimed> claimed =
        db.inTransaction(tx -> {
          List<Claimed> all = store.claim(tx, now, now.plus(LEASE), free, channels::ladder);
          all.stream()
              .filter(each -> !each.follows())
              .forEach(each -> {
                Long other = other(tx, each);
                String reason = "the person does not follow any more";
                var _ = store.unreachable(tx, each, true, other, reason, now);
              });
          return all;
        });
    for (Claimed each : claimed) {
      if (each.mayGo()) {
        places.acquireUninterruptibly();
        senders.execute(() -> sendAndLeave(each, now));
      } else {
        count(each, "inbox", "waiting");
        watchers.said(Set.of(each.addressId()));
      }
    }
    // Whoever cannot be reached may have more that waits for this.
    return claimed.size() == free || !claimed.stream().allMatch(Claimed::mayGo);
  }

  private void awaitSending() {
    try {
      if (places.tryAcquire(AT_ONCE, LEASE.toMillis(), TimeUnit.MILLISECONDS)) {
        places.release(AT_ONCE);
      } else {
        LOG.warn("messages under way are left to their leases");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendAndLeave(Claimed each, Instant claimed) {
    boolean more = false;
    try (var _ = MDC.putCloseable("outbound", Long.toString(each.id()))) {
      more = send(each, claimed);
    } catch (RuntimeException failed) {
      LOG.error("a message is left to its lease", failed);
    } finally {
      boolean waitedFor = places.availablePermits() == 0;
      places.release();
      if (waitedFor || more) {
        ring();
      }
    }
  }

  /// True when there is more to say to the same person.
  private boolean send(Claimed each, Instant claimed) {
    Channel channel = channels.of(each.to());
    String text = cut(each.text(), channel.textLimit());
    if (!isStillOurs(each, claimed)) {
      LOG.warn("message {} is not ours to send any more", each.id());
      return false;
    }
    boolean more = false;
    Timer.Sample sending = Timer.start(metrics);
    String outcome = "delivered";
    try {
      more = delivered(each, hand(channel, each, text));
    } catch (ChannelError error) {
      outcome = outcome(error);
      end(each, error);
    } finally {
      count(each, each.way(), outcome);
      sending.stop(
          metrics.timer("linyu.sends", "channel", each.to().channel(), "outcome", outcome));
    }
    watchers.said(Set.of(each.addressId()));
    return more;
  }

  /// @return the platform's id of it; null: it gave none
  private @Nullable String hand(Channel channel, Claimed each, String text) {
    if (Probe.isFrom(each.to())) {
      throw new ChannelError.Refused(
          ChannelError.Why.UNREACHABLE_PERSON, "nobody is there: we have tried the way ourselves");
    }
    OutboxStore.Along along = each.along();
    if (each.isNotice()) {
      return channel.notify(
          each.to(), each.key(), requireNonNull(each.rung()), requireNonNull(each.notice()));
    }
    if (along != null && channel.takes(each.to().account(), along.kind())) {
      handAlong(channel, each, along, text);
      return null;
    }
    channel.send(each.to(), each.key(), text);
    return null;
  }

  private void handAlong(Channel channel, Claimed each, OutboxStore.Along along, String text) {
    String uploaded = uploaded(channel, each, along, false);
    if (uploaded == null) {
      channel.send(each.to(), each.key(), text);
      return;
    }
    try {
      channel.send(each.to(), each.key(), along.kind(), uploaded);
    } catch (ChannelError.Refused refused) {
      if (refused.why() != ChannelError.Why.MEDIA_GONE) {
        throw refused;
      }
      String again = uploaded(channel, each, along, true);
      if (again == null) {
        channel.send(each.to(), each.key(), text);
      } else {
        channel.send(each.to(), each.key(), along.kind(), again);
      }
    }
  }

  /// Null when the platform does not take it, now or ever: then the words say where it is, so that
  /// nothing behind it waits for a day.
  private @Nullable String uploaded(
      Channel channel, Claimed each, OutboxStore.Along along, boolean anew) {
    lend(each, Channel.LONGEST_UPLOAD.plus(LEASE_IS_OURS));
    String uploaded = null;
    try {
      uploaded =
          channel.upload(
              each.to().account(),
              new Enclosed(
                  along.kind(),
                  along.kind() == Enclosed.Kind.IMAGE
                      ? "1.jpg"
                      : along.type().equals("audio/amr") ? "1.amr" : "1.mp3",
                  along.type(),
                  along.digest(),
                  () -> blobs.get(along.digest()).orElseThrow().bytes()),
              anew);
    } catch (ChannelError.Refused | ChannelError.RateLimited no) {
      LOG.warn("message {}: {}; its link is said instead", each.id(), no.getMessage());
    }
    lend(each, LEASE);
    return uploaded;
  }

  private void lend(Claimed each, Duration lasts) {
    if (!holds(each, lasts)) {
      throw new IllegalStateException("message " + each.id() + " is not ours to send any more");
    }
  }

  /// Somebody may have held us up for longer than the lease. With the answer it begins anew.
  private boolean isStillOurs(Claimed each, Instant claimed) {
    if (clock.instant().isBefore(claimed.plus(FRESH))) {
      return true;
    }
    return holds(each, LEASE);
  }

  private boolean holds(Claimed each, Duration lasts) {
    return patiently(() -> {
      Instant now = clock.instant();
      return store.holds(db, each, now, now.plus(lasts));
    });
  }

  /// Known here alone. True when there is more to say to the same person.
  private boolean delivered(Claimed each, @Nullable String platformId) {
    return patiently(() ->
        each.isNotice()
            ? db.inTransaction(tx -> store.accepted(tx, each, platformId, clock.instant()))
            : deliveries.write(each));
  }

  /// A database that is away is waited for, as long as the lease is ours.
  private boolean patiently(BooleanSupplier asking) {
    Instant end = clock.instant().plus(LEASE_IS_OURS);
    while (true) {
      try {
        return asking.getAsBoolean();
      } catch (Db.Away away) {
        if (clock.instant().isAfter(end)) {
          throw away;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void end(Claimed each, ChannelError error) {
    Instant now = clock.instant();
    LOG.info("message {}: {}", each.id(), error.getMessage());
    switch (error) {
      case ChannelError.Unreachable unreachable
          when each.mayHaveGone() || (unreachable.maybeDone() && each.rung() == Rung.TEMPLATE) ->
          sameAgain(each, error);
      case ChannelError.Unreachable unreachable when unreachable.maybeDone() ->
          db.withinTransaction(tx -> {
            store.unknown(tx, each.id(), reason(error), now);
            ended(tx, each, "unknown");
          });
      case ChannelError.Unreachable _ -> again(each, error, backOff(each.attempts()));
      case ChannelError.TokenExpired _ -> later(each, error, TOKEN_WAITS);
      case ChannelError.RateLimited limited -> later(each, error, limited.retryAfter());
      // What was lost before may have been heard: by another way it would be said twice.
      case ChannelError.Refused refused
          when each.mayHaveGone() && refused.why() != ChannelError.Why.NOT_FOLLOWING ->
          db.withinTransaction(tx -> {
            store.unknown(tx, each.id(), reason(error), now);
            ended(tx, each, "unknown");
          });
      // What is wrong with a notice is not wrong with the words.
      case ChannelError.Refused refused
          when each.isNotice()
              && (refused.why() == ChannelError.Why.CONFIGURATION
                  || refused.why() == ChannelError.Why.CONTENT) ->
          nextRung(each, refused);
      case ChannelError.Refused refused -> {
        switch (refused.why()) {
          case WINDOW_CLOSED, NO_PERMISSION -> nextRung(each, refused);
          case NOT_FOLLOWING -> elsewhere(each, true, error);
          case UNREACHABLE_PERSON, BLACKLISTED -> elsewhere(each, false, error);
          case CONFIGURATION -> again(each, error, Duration.ofMinutes(1));
          case CONTENT, MEDIA_GONE ->
              db.withinTransaction(tx -> {
                store.failed(tx, each.id(), reason(error), now);
                ended(tx, each, "failed");
              });
        }
      }
    }
  }

  /// In another chat of the same person, or nowhere.
  private void elsewhere(Claimed each, boolean left, ChannelError error) {
    db.withinTransaction(tx -> {
      Long other = other(tx, each);
      if (store.unreachable(tx, each, left, other, reason(error), clock.instant())) {
        tx.afterCommit(this::ring);
      } else {
        ended(tx, each, each.mayHaveGone() ? "unknown" : "failed");
      }
    });
  }

  private @Nullable Long other(Tx tx, Claimed each) {
    Notice notice = each.notice();
    Worth worth =
        notice == null
            ? Worth.WORDS
            : notices.worth(tx, requireNonNull(each.caseId()), notice.last());
    return chats.beside(tx, each.addressId(), worth).orElse(null);
  }

  private void nextRung(Claimed each, ChannelError.Refused refused) {
    boolean over = refused.why() == ChannelError.Why.WINDOW_CLOSED;
    db.withinTransaction(tx -> store.refused(tx, each, over, reason(refused), clock.instant()));
    ring();
  }

  /// Until the platform says that it has it; in the end nobody knows.
  private void sameAgain(Claimed each, ChannelError error) {
    Instant now = clock.instant();
    Instant due = now.plus(backOff(each.attempts()));
    db.withinTransaction(tx -> {
      if (each.attempts() >= ATTEMPTS) {
        store.unknown(tx, each.id(), reason(error), now);
        ended(tx, each, "unknown");
      } else {
        store.sameAgain(tx, each, reason(error), now, due);
      }
    });
  }

  private static String outcome(ChannelError error) {
    return switch (error) {
      case ChannelError.Unreachable unreachable ->
          unreachable.maybeDone() ? "unknown" : "unreachable";
      case ChannelError.TokenExpired _ -> "token";
      case ChannelError.RateLimited _ -> "limited";
      case ChannelError.Refused _ -> "refused";
    };
  }

  private void ended(Tx tx, Claimed each, String state) {
    events.write(
        tx,
        ReceptionEvent.VOCABULARY,
        each.addressId(),
        new ReceptionEvent.SendingEnded(each.id(), state));
  }

  /// It concerns the whole account, so that it says nothing of this message.
  private void later(Claimed each, ChannelError error, Duration after) {
    Instant now = clock.instant();
    // Whoever carries it meanwhile locks in the other order: then it is tried again.
    db.withinTransaction(
        tx -> store.later(tx, each, reason(error), now, now.plus(after), FULL_WINDOW));
  }

  private void again(Claimed each, ChannelError error, Duration after) {
    Instant now = clock.instant();
    if (each.attempts() >= ATTEMPTS) {
      db.withinTransaction(tx -> store.park(tx, each, reason(error), now));
    } else {
      db.withinTransaction(
          tx -> store.again(tx, each, reason(error), now, now.plus(after), FULL_WINDOW));
    }
  }

  /// A sender that died held a lease: whether the platform heard it, nobody knows.
  private boolean endLost() {
    List<Long> lost = store.endLost(db, clock.instant());
    if (!lost.isEmpty()) {
      LOG.warn("{} messages ended as unknown: their sender was lost", lost.size());
      watchers.said(Set.copyOf(lost));
    }
    return false;
  }

  private static Duration backOff(int attempts) {
    return Duration.ofSeconds(Math.min(300, 1L << Math.min(attempts, 8)));
  }

  /// Read again by [#because].
  private static String reason(ChannelError error) {
    String kind = error.getClass().getSimpleName();
    String message = error.getMessage();
    return (error instanceof ChannelError.Refused refused ? kind + " " + refused.why() : kind)
        + (message == null ? "" : ": " + message);
  }

  /// Why somebody cannot be written to, as staff are told it: a key.
  ///
  /// @param reason as it was kept
  /// @return null: it is not about the person, or was kept before it said so
  static @Nullable String because(@Nullable String reason) {
    return reason == null
        ? null
        : ABOUT_THE_PERSON.stream()
            .filter(why -> reason.startsWith("Refused " + why + ":"))
            .findFirst()
            .map(why -> "sending.because." + why.name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .orElse(null);
  }

  /// The longest beginning of whole characters that fits, with an ellipsis when it was cut.
  static String cut(String text, int limit) {
    if (Parts.bytes(text) <= limit) {
      return text;
    }
    int end = text.codePointCount(0, text.length());
    int fits = 0;
    int used = Parts.bytes("…");
    while (fits < end) {
      int from = text.offsetByCodePoints(0, fits);
      used += Parts.bytes(text.substring(from, text.offsetByCodePoints(from, 1)));
      if (used > limit) {
        break;
      }
      fits++;
    }
    return text.substring(0, text.offsetByCodePoints(0, fits)) + "…";
  }

  /// What an outgoing text is kept as.
  static Content content(String text) {
    return new Content.Text(text, null);
  }
}
