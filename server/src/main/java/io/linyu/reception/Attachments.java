package io.linyu.reception;

import io.linyu.channel.Channel;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.blobs.Blobs.Blob;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pictures, sounds and films that came with messages. The platform keeps them three days, so they
/// are fetched at once, as due work.
public final class Attachments {
  private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// Longer than one download may take, and keeping it; then another node may try.
  private static final Duration LEASE = Channel.LONGEST_FETCH.plusSeconds(10);

  private static final int ATTEMPTS = 12;

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
  }

  /// Wants it, in the transaction that keeps the message.
  void want(Tx tx, long messageId, long addressId, String kind, String mediaId) {
    store.insert(tx, messageId, addressId, kind, mediaId, clock.instant());
    tx.afterCommit(() -> {
      Ticker.Bell loud = bell;
      if (loud != null) {
        loud.ring();
      }
    });
  }

  /// What is shown under this code to staff, or to the person it belongs to.
  Optional<Blob> byCode(String code) {
    return store.digest(db, code).flatMap(blobs::get);
  }

  /// Whose it is, and by which address it came or went.
  record Origin(long person, long address, long message, String name) {}

  Optional<Origin> originOf(String code) {
    return store.origin(db, code);
  }

  private boolean fetchDue() {
    Instant now = clock.instant();
    List<Wanted> wanted = store.claim(db, now, now.plus(LEASE));
    wanted.forEach(this::fetch);
    return !wanted.isEmpty();
  }

  private void fetch(Wanted each) {
    try {
      Media media = channels.of(each.address()).fetch(each.address().account(), each.mediaId());
      Optional<Blob> kept = kept(each.kind(), media);
      if (kept.isPresent()) {
        Blob blob = kept.get();
        db.withinTransaction(tx -> {
          // Whoever was erased meanwhile leaves nothing behind.
          if (store.isStillWanted(tx, each.id())) {
            store.fetched(tx, each.id(), blobs.put(tx, blob));
          }
        });
      } else {
        refuse(each, "it is not what can be shown, or too much of it");
      }
    } catch (ChannelError error) {
      boolean gone =
          error instanceof ChannelError.Refused refused
              && refused.why() == ChannelError.Why.MEDIA_GONE;
      boolean unfit =
          error instanceof ChannelError.Refused refused
              && refused.why() == ChannelError.Why.CONTENT;
      if (error instanceof ChannelError.RateLimited limited) {
        // Of the whole account: it says nothing of this one.
        store.later(
            db,
            each.id(),
            String.valueOf(error.getMessage()),
            clock.instant().plus(limited.retryAfter()));
      } else if (unfit) {
        refuse(each, String.valueOf(error.getMessage()));
      } else if (gone || each.attempts() >= ATTEMPTS) {
        giveUp(each, String.valueOf(error.getMessage()));
      } else {
        Duration pause = Duration.ofSeconds(Math.min(3_600, 2L << each.attempts()));
        store.again(db, each.id(), String.valueOf(error.getMessage()), clock.instant().plus(pause));
      }
    }
    watchers.said(Set.of(each.addressId()));
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
      default ->
          isTooLong(media.bytes())
              ? Optional.empty()
              : Optional.of(new Blob(media.type(), media.bytes()));
    };
  }

  /// MP4, and MOV that is the same inside.
  private static boolean isFilm(Buffer bytes) {
    return bytes.length() > 12 && bytes.getString(4, 8, "ISO-8859-1").equals("ftyp");
  }

  /// Of what we cannot measure the size alone counts.
  private static boolean isTooLong(Buffer sound) {
    return sound.length() > LARGEST_VOICE
        || Sounds.read(sound).filter(each -> each.lasts().compareTo(LONGEST_VOICE) > 0).isPresent();
  }

  /// The person is told what would be taken.
  private void refuse(Wanted each, String reason) {
    giveUp(each, reason, "resident.media-refused." + each.kind());
  }

  /// Neither the resident nor the desk is left believing that it arrived.
  private void giveUp(Wanted each, String reason) {
    giveUp(each, reason, "resident.media-failed." + each.kind());
  }

  private void giveUp(Wanted each, String reason, String sentence) {
    LOG.warn("attachment {} cannot be had: {}", each.id(), reason);
    db.withinTransaction(tx -> {
      store.failed(tx, each.id(), reason);
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
    });
  }

  Backlog backlog() {
    return store.backlog(db, clock.instant());
  }
}
