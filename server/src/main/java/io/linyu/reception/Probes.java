package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.channel.AccountKey;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel;
import io.linyu.channel.Channels;
import io.linyu.channel.Probe;
import io.linyu.channel.Trouble;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.linyu.platform.time.Ticker;
import io.linyu.reception.ProbePages.Card;
import io.linyu.reception.ProbePages.Direction;
import io.linyu.reception.ProbePages.Line;
import io.linyu.reception.ProbePages.State;
import io.linyu.reception.ProbePages.Tally;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tries of each account, every few minutes, whether residents get through, so that we know before
/// they do. Of several nodes one tries, and all know how it went.
public final class Probes {
  private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /// After a failure it is not left at that until the next time, which may be a day away: whether
  /// it was chance is known in a minute.
  private static final Duration IN_AGAIN = Duration.ofMinutes(1);

  /// The same; the platform counts what it is asked.
  private static final Duration OUT_AGAIN = Duration.ofMinutes(5);

  /// A server that has just started does not listen yet.
  private static final Duration FIRST = Duration.ofSeconds(20);

  /// Longer than the slowest try.
  static final Duration LEASE = Channel.LONGEST_PROBE.multipliedBy(3);

  /// Who asks for it out of its turn waits so long after the one before.
  private static final Duration NOT_SOONER = Duration.ofSeconds(30);

  /// A day is shown, in slots of which the first may have begun before.
  private static final Duration KEPT = Duration.ofHours(25);

  private static final Duration FORGOTTEN = Duration.ofDays(7);

  /// One may be chance.
  private static final int TROUBLE = 2;

  /// A clock that was put on or back while it was tried: then signatures are too old, and what took
  /// how long nobody knows.
  private static final Duration LEAP = Duration.ofSeconds(30);

  private static final Set<String> OURSELVES = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Db db;
  private final Channels channels;
  private final Map<AccountKey, Duration> everyOfAccount;
  private final String publicUrl;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final ProbeStore store = new ProbeStore();
  private final Executor threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Set<String> measured = ConcurrentHashMap.newKeySet();

  /// Since when this node would try; null: it has not begun.
  private volatile @Nullable Instant since;

  private Ticker.@Nullable Bell bell;
  private volatile List<State> states = List.of();
  private volatile boolean resting;

  /// @param everyOfAccount how often each account is tried; zero, or not in it: never
  Probes(
      Db db,
      Channels channels,
      Map<AccountKey, Duration> everyOfAccount,
      String publicUrl,
      MeterRegistry metrics,
      Clock clock) {
    this.db = db;
    this.channels = channels;
    this.everyOfAccount = Map.copyOf(everyOfAccount);
    this.publicUrl = publicUrl;
    this.metrics = metrics;
    this.clock = clock;
  }

  void start(Ticker ticker) {
    bell = ticker.every(LOOK, "probe", this::tryDue);
  }

  /// From now on others try: whoever stops does not answer itself any more.
  public void rest() {
    resting = true;
  }

  /// Never more to do at once.
  boolean tryDue() {
    if (resting) {
      return false;
    }
    Instant now = clock.instant();
    if (since == null) {
      want(now);
      since = now;
    }
    List<AddressKey> ours = ours();
    if (ours.isEmpty()) {
      return false;
    }
    if (isStarting(now)) {
      look();
      return false;
    }
    for (ProbeStore.Claimed each : store.claim(db, ours, now, now.plus(LEASE))) {
      threads.execute(() -> tryAndTell(each));
    }
    look();
    return false;
  }

  private boolean isStarting(Instant now) {
    Instant began = since;
    return began == null || now.isBefore(began.plus(FIRST));
  }

  private void want(Instant now) {
    for (Channel channel : channels.all()) {
      for (String account : channel.accountsWithProbe()) {
        sweep(new AddressKey(channel.name(), account, Probe.NOBODY));
      }
    }
    for (AddressKey each : ours()) {
      Duration every = requireNonNull(everyOfAccount.get(each.ours()));
      store.want(db, each.channel(), each.account(), now.plus(FIRST), now.plus(every));
    }
    store.forget(db, now.minus(FORGOTTEN));
  }

  /// Those that are tried, as who writes to them.
  private List<AddressKey> ours() {
    return channels.all().stream()
        .flatMap(channel ->
            channel.accountsWithProbe().stream()
                .filter(account -> every(channel, account).isPresent())
                .map(account -> new AddressKey(channel.name(), account, Probe.NOBODY)))
        .toList();
  }

  private void tryAndTell(ProbeStore.Claimed each) {
    try {
      Channel channel = channel(each.channel(), each.account()).orElseThrow();
      Duration every = every(channel, each.account()).orElseThrow();
      long began = System.nanoTime();
      Probe how = ask(channel, each.account());
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      Instant now = clock.instant();
      Duration apart = Duration.between(each.begunAt(), now).minus(took).abs();
      switch (how) {
        case Probe.NotSupported _ -> store.forget(db, each);
        case Probe.Tried _ when resting || apart.compareTo(LEAP) > 0 -> store.again(db, each, now);
        case Probe.Tried tried -> tell(each, tried, now, every);
      }
      look();
    } catch (RuntimeException failed) {
      // Above all the database: then another tries when the lease is over.
      LOG.warn("how {} is reached could not be told", each.account(), failed);
    }
  }

  private static Probe ask(Channel channel, String account) {
    try {
      return channel.probe(account);
    } catch (RuntimeException bug) {
      LOG.error("account {} could not be tried", account, bug);
      var unknown = new Probe.Half(Duration.ZERO, new Probe.Failure(Probe.Why.INTERNAL, ""));
      return new Probe.Tried(unknown, unknown);
    }
  }

  private void tell(ProbeStore.Claimed each, Probe.Tried tried, Instant now, Duration every) {
    tell(each.account(), "in", tried.in());
    tell(each.account(), "out", tried.out());
    db.withinTransaction(tx -> {
      var _ =
          store.ended(
              tx,
              each,
              tried,
              now,
              each.begunAt().plus(next(tried, every)),
              each.begunAt().minus(KEPT));
    });
    sweep(new AddressKey(each.channel(), each.account(), Probe.NOBODY));
  }

  private static Duration next(Probe.Tried tried, Duration every) {
    Duration again =
        tried.in().failure() != null ? IN_AGAIN : tried.out().failure() != null ? OUT_AGAIN : every;
    return again.compareTo(every) < 0 ? again : every;
  }

  private void sweep(AddressKey nobody) {
    if (db.inTransaction(tx -> store.sweep(tx, nobody))) {
      LOG.info("swept up what another release kept of a try");
    }
  }

  private static void tell(String account, String way, Probe.Half half) {
    Probe.Failure failure = half.failure();
    if (failure != null) {
      LOG.warn(
          "account {}, way {}: {} {} after {} ms",
          account,
          way,
          failure.why().word(),
          failure.detail(),
          half.took().toMillis());
    }
  }

  private void look() {
    List<State> now = store.states(db).stream().filter(this::isOurs).toList();
    now.forEach(this::measure);
    states = now;
  }

  /// Others may still be in the table: of a node with other settings, or of before.
  private boolean isOurs(State state) {
    return channel(state.channel(), state.account())
        .flatMap(channel -> every(channel, state.account()))
        .isPresent();
  }

  private void measure(State state) {
    for (String way : List.of("in", "out")) {
      if (measured.add(state.channel() + "/" + state.account() + "/" + way)) {
        gauge(
            "linyu.probe.success",
            "1 when it worked at the last try",
            null,
            state,
            way,
            direction -> direction.works() ? 1 : 0);
        gauge(
            "linyu.probe", "How long the last try took", "seconds", state, way, Direction::seconds);
        gauge(
            "linyu.probe.worked.timestamp",
            "When it worked last",
            "seconds",
            state,
            way,
            direction -> {
              Instant worked = direction.workedAt();
              return worked == null ? 0 : worked.getEpochSecond();
            });
      }
    }
  }

  private void gauge(
      String name,
      String description,
      @Nullable String unit,
      State of,
      String way,
      ToDoubleFunction<Direction> value) {
    Gauge.builder(
            name,
            this,
            probes ->
                probes
                    .state(of.channel(), of.account())
                    .map(state -> way.equals("in") ? state.in() : state.out())
                    .map(value::applyAsDouble)
                    .orElse(Double.NaN))
        .description(description)
        .baseUnit(unit)
        .tag("channel", of.channel())
        .tag("account", of.account())
        .tag("way", way)
        .register(metrics);
  }

  /// Has it tried at once.
  ///
  /// @throws Refusal when it was just tried
  void askNow(String channel, String account) {
    Instant now = clock.instant();
    if (!store.ask(db, channel, account, now, now.minus(NOT_SOONER))) {
      throw new Refusal("probe-too-soon", 429);
    }
    look();
    Ticker.Bell loud = bell;
    if (loud != null) {
      loud.ring();
    }
  }

  Backlog backlog() {
    Instant now = clock.instant();
    // What fell due while nobody ran is not late before this node may try.
    return isStarting(now) ? Backlog.of("probe", 0, null) : store.backlog(db, ours(), now);
  }

  /// What has failed more than once in a row and still does.
  ///
  /// @param told what the platform has said of our accounts, which is said elsewhere, and better
  List<String> troubles(Moments moments, List<Trouble> told) {
    var all = new ArrayList<String>();
    for (State each : states) {
      trouble("in", each, each.in(), moments).ifPresent(all::add);
      if (told.stream().noneMatch(trouble -> isSame(each, trouble))) {
        trouble("out", each, each.out(), moments).ifPresent(all::add);
      }
    }
    return all;
  }

  private static boolean isSame(State state, Trouble trouble) {
    Direction out = state.out();
    return out != null
        && trouble.channel().equals(state.channel())
        && trouble.account().equals(state.account())
        && Probe.Why.PLATFORM.word().equals(out.why())
        && (out.detail() + " ").startsWith(trouble.code() + " ");
  }

  private static Optional<String> trouble(
      String way, State state, @Nullable Direction direction, Moments moments) {
    if (direction == null || direction.failures() < TROUBLE) {
      return Optional.empty();
    }
    Words words = moments.words();
    Instant worked = direction.workedAt();
    return Optional.of(
        words.of(
            "probe.trouble-" + way,
            label(words, state.channel(), state.account()),
            direction.failures(),
            moments.at(requireNonNull(direction.failingSince())),
            direction.reason(way, words, platform(words, state.channel())),
            worked == null
                ? words.of("probe.worked-never")
                : words.of("probe.worked", moments.at(worked)),
            platform(words, state.channel())));
  }

  /// A card for each account that can be tried.
  ///
  /// @param may whether the reader may have it tried
  List<Card> cards(Frame frame, boolean may) {
    var cards = new ArrayList<Card>();
    for (Channel channel : channels.all()) {
      for (String account : channel.accountsWithProbe()) {
        cards.add(card(frame, channel, account, may));
      }
    }
    return cards;
  }

  /// Null when it cannot be tried at all.
  @Nullable Card card(Frame frame, String channel, String account, boolean may) {
    return channel(channel, account).map(known -> card(frame, known, account, may)).orElse(null);
  }

  private Card card(Frame frame, Channel channel, String account, boolean may) {
    Moments moments = frame.moments();
    Duration every = every(channel, account).orElse(null);
    State state = state(channel.name(), account).orElse(null);
    String platform = platform(frame.words(), channel.name());
    Instant from = moments.now().minus(ProbePages.SLOT.multipliedBy(ProbePages.SLOTS));
    List<Tally> tallies =
        every == null
            ? List.of()
            : store.tallies(db, channel.name(), account, from, ProbePages.SLOT);
    return new Card(
        frame,
        channel.name(),
        account,
        label(frame.words(), channel.name(), account),
        every,
        platform,
        publicUrl,
        OURSELVES.contains(URI.create(publicUrl).getHost()),
        state != null && state.isRunning(clock.instant()), // it may have been asked for since
        may,
        every == null
            ? List.of()
            : List.of(
                Line.of("in", platform, state == null ? null : state.in(), tallies, from, moments),
                Line.of(
                    "out", platform, state == null ? null : state.out(), tallies, from, moments)));
  }

  private static String platform(Words words, String channel) {
    return words.of("channel." + channel);
  }

  private static String label(Words words, String channel, String account) {
    return Ways.label(words, new AddressKey(channel, account, "-"));
  }

  Optional<State> state(String channel, String account) {
    return states.stream()
        .filter(each -> each.channel().equals(channel) && each.account().equals(account))
        .findFirst();
  }

  /// Empty: never.
  private Optional<Duration> every(Channel channel, String account) {
    return Optional.ofNullable(everyOfAccount.get(new AccountKey(channel.name(), account)))
        .filter(Duration::isPositive)
        .filter(_ -> channel.accountsWithProbe().contains(account));
  }

  private Optional<Channel> channel(String name, String account) {
    return channels.all().stream()
        .filter(each -> each.name().equals(name))
        .filter(each -> each.accountsWithProbe().contains(account))
        .findFirst();
  }
}
