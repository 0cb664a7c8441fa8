package io.linyu.reception;

import io.linyu.channel.Channel;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.blobs.FirstBytes;
import io.linyu.platform.blobs.Papers;
import io.linyu.platform.blobs.Pictures;
import io.linyu.platform.blobs.Sounds;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.AttachmentStore.Wanted;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pictures, sounds and films that came with messages. The platform keeps them three days, so they
/// are fetched at once, as due work.
public final class Attachments {
  private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// So many are fetched at once by each node. Each may have 20 MB, and is in memory as a whole.
  static final int AT_ONCE = 3;

  /// Longer than one download may take, and keeping it; then another node may try.
  static final Duration LEASE = Channel.LONGEST_FETCH.plusSeconds(10);

  /// Whoever stops waits no longer for what is under way.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  static final int ATTEMPTS = 12;

  /// WeChat's own voices end after a minute. Somebody listens to each.
  private static final Duration LONGEST_VOICE = Duration.ofMinutes(5);

  private static final int LARGEST_VOICE = 2 << 20;

  private final Db db;
  private final Blobs blobs;
  private final Channels channels;
  private final Outbox outbox;
  private final Events events;
  private final Watchers watchers;
  private final Clock clock;
  private final AttachmentStore store = new AttachmentStore();
  private final ExecutorService fetchers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private Ticker.@Nullable Bell bell;

  Attachments(
      Db db,
      Blobs blobs,
      Channels channels,
      Outbox outbox,
      Events events,
      Watchers watchers,
      Clock clock) {
    this.db = db;
    this.blobs = blobs;
    this.channels = channels;
    this.outbox = outbox;
    this.events = events;
    this.watchers = watchers;
    this.clock = clock;
  }

  void start(Ticker ticker) {
    bell = ticker.every(PAUSE, "fetch", this::fetchDue);
    ticker.atEnd(this::awaitFetching);
  }

  /// Wants it, in the transaction that keeps the message.
  void want(Tx tx, long messageId, long addressId, String kind, String mediaId) {
    store.insert(tx, messageId, addressId, kind, mediaId, clock.instant());
    tx.afterCommit(this::ring);
  }

  private void ring() {
    Ticker.Bell loud = bell;
    if (loud != null) {
      loud.ring();
    }
  }

  /// What is shown under this code to staff, or to the person it belongs to.
  Optional<Blob> byCode(String code) {
    return store.digest(db, code).flatMap(blobs::get);
  }

  /// Whose it is, and by which address it came or went.
  ///
  /// @param handedIn the number of the case on whose page it was handed in; null: it was not
  record Origin(long person, long address, long message, String name, @Nullable String handedIn) {}

  Optional<Origin> originOf(String code) {
    return store.origin(db, code);
  }

  /// No more are claimed than are begun at once, so that the lease of each covers it. A slow one
  /// holds up nobody else's.
  boolean fetchDue() {
    int free = places.availablePermits(); // only here they are taken
    if (free == 0) {
      return false;
    }
    Instant now = clock.instant();
    List<Wanted> wanted = store.claim(db, now, now.plus(LEASE), free);
    for (Wanted each : wanted) {
      places.acquireUninterruptibly();
      fetchers.execute(() -> fetchAndLeave(each));
    }
    return wanted.size() == free;
  }

  void awaitFetching() {
    try {
      if (places.tryAcquire(AT_ONCE, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        places.release(AT_ONCE);
      } else {
        LOG.warn("attachments under way are left to their leases");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetchAndLeave(Wanted each) {
    try {
      if (fetch(each)) {
        watchers.said(Set.of(each.addressId()));
      }
    } catch (RuntimeException failed) { // how it ended could not be written down
      LOG.error("attachment {} is left to its lease", each.id(), failed);
    } finally {
      boolean waitedFor = places.availablePermits() == 0;
      places.release();
      if (waitedFor) {
        ring();
      }
    }
  }

  /// Every way in which it may end is one attempt, also one that nobody has thought of.
  ///
  /// @return whether anything was written; not when it is another's by now
  private boolean fetch(Wanted each) {
    if (each.attempts() > ATTEMPTS) { // whoever had it last did not live to say how it ended
      return giveUp(each, "it never ended");
    }
    try {
      return keep(
          each, channels.of(each.address()).fetch(each.address().account(), each.mediaId()));
    } catch (ChannelError error) {
      return failed(each, error);
    } catch (RuntimeException bug) {
      LOG.error("a bug in fetching attachment {}", each.id(), bug);
      return tryAgain(each, bug.getClass().getSimpleName());
    }
  }

  private boolean keep(Wanted each, Media media) {
    Optional<Blob> kept = kept(each.kind(), media);
    if (kept.isEmpty()) {
      return refuse(each, "it is not what can be shown, or too much of it");
    }
    return db.inTransaction(tx -> {
      // Whoever was erased meanwhile leaves nothing behind. While it is waited for it is kept, also
      // by one whose lease is over: it is the same, and the other finds that it is there.
      boolean wanted = store.isStillWanted(tx, each.id());
      if (wanted) {
        store.fetched(tx, each.id(), blobs.put(tx, kept.get()));
      }
      return wanted;
    });
  }

  private boolean failed(Wanted each, ChannelError error) {
    String reason = String.valueOf(error.getMessage());
    return switch (error) {
      // Of the whole account: it says nothing of this one.
      case ChannelError.RateLimited limited ->
          store.later(db, each, reason, clock.instant().plus(limited.retryAfter()));
      case ChannelError.Refused refused when refused.why() == ChannelError.Why.CONTENT ->
          refuse(each, reason);
      case ChannelError.Refused refused when refused.why() == ChannelError.Why.MEDIA_GONE ->
          giveUp(each, reason);
      case ChannelError.Refused _, ChannelError.Unreachable _, ChannelError.TokenExpired _ ->
          tryAgain(each, reason);
    };
  }

  private boolean tryAgain(Wanted each, String reason) {
    if (each.attempts() >= ATTEMPTS) {
      return giveUp(each, reason);
    }
    Duration pause = Duration.ofSeconds(Math.min(3_600, 2L << each.attempts()));
    return store.again(db, each, reason, clock.instant().plus(pause));
  }

  /// As it is kept; empty when it is not kept at all.
  private static Optional<Blob> kept(String kind, Media media) {
    return switch (kind) {
      case "image" -> Pictures.redrawn(media.bytes());
      case "video" ->
          isFilm(media.bytes())
              ? Optional.of(new Blob("video/mp4", media.bytes()))
              : Optional.empty();
      case "file" -> Papers.read(media.bytes()).map(paper -> new Blob(paper.type(), media.bytes()));
      default -> voice(media);
    };
  }

  /// Nobody chooses what their voice is recorded as: one that is no sound is not theirs, but
  /// whatever came instead of it, and is tried again. Of what begins as one and cannot be measured
  /// the size alone counts.
  private static Optional<Blob> voice(Media media) {
    String type =
        soundOf(media)
            .orElseThrow(
                () -> new ChannelError.Unreachable("a voice that is no sound", false, null));
    boolean tooLong =
        media.bytes().length() > LARGEST_VOICE
            || Sounds.read(media.bytes())
                .filter(each -> each.lasts().compareTo(LONGEST_VOICE) > 0)
                .isPresent();
    return tooLong ? Optional.empty() : Optional.of(new Blob(type, media.bytes()));
  }

  /// A bare speex is the one that has no beginning of its own.
  private static Optional<String> soundOf(Media media) {
    byte[] bytes = media.bytes().getBytes();
    return FirstBytes.sound(bytes)
        .or(() ->
            media.type().endsWith("/speex") && !FirstBytes.areText(bytes)
                ? Optional.of("audio/speex")
                : Optional.empty());
  }

  /// MP4, and MOV that is the same inside.
  private static boolean isFilm(Buffer bytes) {
    return bytes.length() > 12 && bytes.getString(4, 8, "ISO-8859-1").equals("ftyp");
  }

  /// The person is told what would be taken.
  private boolean refuse(Wanted each, String reason) {
    return giveUp(each, reason, "resident.media-refused." + each.kind());
  }

  /// Neither the resident nor the desk is left believing that it arrived.
  private boolean giveUp(Wanted each, String reason) {
    return giveUp(each, reason, "resident.media-failed." + each.kind());
  }

  private boolean giveUp(Wanted each, String reason, String sentence) {
    return db.inTransaction(tx -> {
      if (!store.failed(tx, each, reason)) {
        return false; // another has it, and may have got it
      }
      LOG.warn("attachment {} cannot be had: {}", each.id(), reason);
      events.write(
          tx,
          ReceptionEvent.VOCABULARY,
          each.addressId(),
          new ReceptionEvent.MediaFailed(each.messageId(), each.kind()));
      outbox.say(
          tx,
          each.addressId(),
          "media-failed:" + each.id(),
          "system",
          null,
          null,
          Words.in(each.language()).of(sentence));
      return true;
    });
  }

  Backlog backlog() {
    return store.backlog(db, clock.instant());
  }
}
