package io.linyu.reception;

import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.platform.db.Db;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.PublicAccountPages.Day;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What platforms count of our accounts by themselves: asked once for each day that is over, and
/// kept.
final class Figures {
  private static final Logger LOG = LoggerFactory.getLogger(Figures.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /// A server that has just started has other things to do.
  private static final Duration FIRST = Duration.ofMinutes(1);

  /// Longer than the slowest answer.
  private static final Duration LEASE = Duration.ofMinutes(2);

  /// Those of a day are there in the morning after it.
  private static final int READY_AT_HOUR = 9;

  /// What an installation that was off has missed.
  private static final int DAYS_BACK = 7;

  private static final int ATTEMPTS = 6;
  private static final Duration AGAIN = Duration.ofHours(1);

  private final Db db;
  private final Channels channels;
  private final Clock clock;
  private final ZoneId zone;
  private final FigureStore store = new FigureStore();

  /// Up to which day all are known to be wanted.
  private @Nullable LocalDate wanted;

  Figures(Db db, Channels channels, Clock clock, ZoneId zone) {
    this.db = db;
    this.channels = channels;
    this.clock = clock;
    this.zone = zone;
  }

  void start(Ticker ticker) {
    var _ = ticker.every(LOOK, "account-figures", this::askDue);
  }

  /// The last days that were told, the newest first.
  List<Day> of(String channel, String account, int days) {
    return store.of(db, channel, account, days);
  }

  boolean askDue() {
    Instant now = clock.instant();
    LocalDate last =
        LocalDate.ofInstant(now.minus(Duration.ofHours(READY_AT_HOUR)), zone).minusDays(1);
    if (!last.equals(wanted)) {
      List<LocalDate> days =
          Stream.iterate(last, day -> day.minusDays(1)).limit(DAYS_BACK).toList();
      for (Channel channel : channels.all()) {
        for (String account : channel.accountsWithFigures()) {
          store.want(db, channel.name(), account, days, now.plus(FIRST));
        }
      }
      wanted = last;
    }
    List<FigureStore.Wanted> due = store.claim(db, now, now.plus(LEASE));
    due.forEach(this::ask);
    return false;
  }

  private void ask(FigureStore.Wanted each) {
    Channel channel =
        channels.all().stream()
            .filter(one -> one.name().equals(each.channel()))
            .filter(one -> one.accountsWithFigures().contains(each.account()))
            .findFirst()
            .orElse(null);
    try {
      if (channel == null) {
        store.giveUp(db, each);
      } else {
        store.told(db, each, channel.figures(each.account(), each.day()), clock.instant());
      }
    } catch (ChannelError error) {
      LOG.info("figures of {} on {}: {}", each.account(), each.day(), error.getMessage());
      boolean never =
          error instanceof ChannelError.Refused refused
              && refused.why() == ChannelError.Why.NO_PERMISSION;
      if (never || each.attempts() >= ATTEMPTS) {
        store.giveUp(db, each);
      } else {
        Duration wait =
            error instanceof ChannelError.RateLimited limited ? limited.retryAfter() : AGAIN;
        store.again(db, each, clock.instant().plus(wait));
      }
    }
  }
}
