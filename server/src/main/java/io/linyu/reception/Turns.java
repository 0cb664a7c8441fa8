package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.bot.Bot;
import io.linyu.bot.Input;
import io.linyu.bot.Move;
import io.linyu.bot.Step;
import io.linyu.channel.Channel;
import io.linyu.channel.Channels;
import io.linyu.channel.Content;
import io.linyu.channel.Inbound;
import io.linyu.channel.Probe;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Words;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A turn is one transaction: lock the conversation, look for the receipt, ask the bot, write the
/// receipt with its reply. The lock puts one person's messages in order and makes a repeated
/// delivery wait for the first, on any number of nodes.
final class Turns {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
  private static final int STEPS_AT_MOST = 8;
  private static final int LOCK_SECONDS = 3;

  /// How long a batch waits for an answer: it waits for no lock, and after a silence there must be
  /// time for another attempt.
  static final Duration TALKING = Duration.ofMillis(2_500);

  private static final Duration ACTING = Duration.ofSeconds(LOCK_SECONDS).plusMillis(500);

  private final Db talking;
  private final Db acting;
  private final Supplier<Bot> bot;
  private final Addresses addresses;
  private final Scenes scenes;
  private final Deeds deeds;
  private final Replies replies;
  private final Channels channels;
  private final Reports reports;
  private final Watchers watchers;
  private final Duties duties;
  private final RequestTalk asked;
  private final Clock clock;
  private final TurnStore store = new TurnStore();

  Turns(
      Db db,
      Supplier<Bot> bot,
      Addresses addresses,
      Scenes scenes,
      Deeds deeds,
      Replies replies,
      Channels channels,
      Reports reports,
      Watchers watchers,
      Duties duties,
      RequestTalk asked,
      Clock clock) {
    this.talking = db.within(TALKING);
    this.acting = db.within(ACTING);
    this.bot = bot;
    this.addresses = addresses;
    this.scenes = scenes;
    this.deeds = deeds;
    this.replies = replies;
    this.channels = channels;
    this.reports = reports;
    this.watchers = watchers;
    this.duties = duties;
    this.asked = asked;
    this.clock = clock;
  }

  /// What is said in answer; committed.
  ///
  /// @param key of what is answered
  /// @param repeated whether it was decided at an earlier delivery of the same message
  /// @param carried how many characters at the beginning of the reply had waited for this contact
  /// @param at of the first delivery
  /// @param lease until when what is offered with this answer is under way, which tells it from
  ///   every other offer of it; null: nothing is
  /// @param message the bot's own, of an answer that was just decided
  record Decided(
      TurnStore.Key key,
      @Nullable String reply,
      boolean repeated,
      int carried,
      Instant at,
      @Nullable Instant lease,
      @Nullable Long message) {
    private static Decided again(TurnStore.Receipt before, Instant lease) {
      return new Decided(
          before.key(), before.reply(), true, before.carried(), before.at(), lease, null);
    }

    /// What is said in answer to the message itself.
    @Nullable String own() {
      return reply == null || carried == reply.length() ? null : reply.substring(carried);
    }
  }

  /// @param decided those that are committed, in the order they were given
  /// @param alone those that must run alone, and that person's later ones
  record Together(Map<Turn, Decided> decided, List<Turn> alone) {}

  /// Runs in one transaction all turns that wait for nobody else.
  Together together(List<Turn> turns) {
    List<Turn> probes = turns.stream().filter(Turn::isProbe).toList();
    if (probes.isEmpty()) {
      return ofResidents(turns);
    }
    // They have waited for the batch, as everybody; what they leave is taken back, alone.
    List<Turn> others = turns.stream().filter(turn -> !turn.isProbe()).toList();
    Together done = others.isEmpty() ? new Together(Map.of(), List.of()) : ofResidents(others);
    var alone = new ArrayList<>(done.alone());
    alone.addAll(probes);
    return new Together(done.decided(), alone);
  }

  private Together ofResidents(List<Turn> turns) {
    Map<Turn, Long> ids = addresses.of(turns);
    return talking.inTransaction(tx -> together(tx, turns, ids));
  }

  private Together together(Tx tx, List<Turn> turns, Map<Turn, Long> ids) {
    Instant now = clock.instant();
    Instant lease = Replies.lease(now);
    List<TurnStore.Key> keys = turns.stream().map(turn -> key(turn, ids)).distinct().toList();
    TurnStore.Opening opening = store.open(tx, keys, true);
    var fresh = opening.messages().iterator();
    Bot bot = this.bot.get();

    var decided = new LinkedHashMap<Turn, Decided>();
    var alone = new ArrayList<Turn>();
    var leaving = new HashSet<Long>();
    var receipts = new LinkedHashMap<TurnStore.Key, TurnStore.Receipt>();
    var said = new ArrayList<TurnStore.Said>();
    var changed = new HashMap<Long, Conversation>();
    for (Turn turn : turns) {
      TurnStore.Key key = key(turn, ids);
      Conversation with = opening.conversations().get(key.addressId());
      if (with == null || leaving.contains(key.addressId()) || !isStill(with, turn)) {
        leaving.add(key.addressId());
        alone.add(turn);
        continue;
      }
      Optional<Decided> before = before(key, opening, receipts, lease);
      if (before.isPresent()) {
        decided.put(turn, before.get());
        continue;
      }
      long heard = fresh.next();
      Step step = firstStep(bot, turn.inbound(), with, heard, now);
      if (step == null || !Deeds.mayBeShared(step.move())) {
        leaving.add(key.addressId());
        alone.add(turn);
        continue;
      }
      var context = new Context(tx, with, turn.inbound(), heard, false, now);
      hear(with, turn.inbound(), now);
      @Nullable String reply = goOn(bot, context, step);
      with.lendUntil(now);
      said.add(inbound(context));
      @Nullable Long message = null;
      if (reply != null) {
        message = fresh.next();
        said.add(reply(message, with, reply, now));
      }
      receipts.put(key, new TurnStore.Receipt(key, now, reply, 0));
      changed.put(with.addressId, with);
      decided.put(turn, new Decided(key, reply, false, 0, now, null, message));
    }
    store.close(tx, List.copyOf(receipts.values()), said, changed.values());
    replies.offerAgain(tx, decided.values(), now, lease);
    Set<Long> seen = Set.copyOf(changed.keySet());
    tx.afterCommit(() -> watchers.said(seen));
    return new Together(decided, alone);
  }

  /// The bot's first step; null when this turn has to run alone.
  private @Nullable Step firstStep(
      Bot bot, Inbound inbound, Conversation with, long heard, Instant now) {
    boolean talk =
        switch (inbound.content()) {
          case Content.Text _, Content.MenuTapped _, Content.Location _, Content.Other _ -> true;
          case Content.Image _,
              Content.Voice _,
              Content.Video _,
              Content.File _,
              Content.Followed _,
              Content.Unfollowed _,
              Content.Scanned _ ->
              false;
        };
    if (!talk
        || with.byPerson
        || with.waiting
        || with.lost
        || reports.isReport(inbound)
        || Duties.mayConcern(inbound.content(), with)
        || RequestTalk.mayConcern(inbound.content(), with, now)) {
      return null;
    }
    try {
      return bot.step(with.state, new Input.Heard(inbound.content(), heard), scenes.of(with, now));
    } catch (RuntimeException bug) {
      return null; // happens again alone, where it is told
    }
  }

  /// Runs one turn in a transaction of its own, waiting for the lock.
  Decided alone(Inbound inbound) {
    if (Probe.isFrom(inbound.from())) {
      return acting.inTransaction(tx -> probe(tx, inbound));
    }
    long id = addresses.of(inbound.from());
    try {
      return acting.inTransaction(tx -> alone(tx, inbound, id, false));
    } catch (RuntimeException failed) {
      if (failed instanceof Db.Away || isBusy(failed)) {
        throw failed;
      }
      LOG.error(
          "message {} of address {} was kept, not understood", inbound.externalId(), id, failed);
      return acting.inTransaction(tx -> alone(tx, inbound, id, true));
    }
  }

  private Decided alone(Tx tx, Inbound inbound, long id, boolean broken) {
    store.waitAtMost(tx, LOCK_SECONDS);
    TurnStore.Key key = new TurnStore.Key(id, inbound.externalId());
    TurnStore.Opening opening = store.open(tx, List.of(key), false);
    Conversation with = opening.conversations().get(id);
    if (with == null || !with.address.equals(inbound.from())) {
      addresses.forget(inbound.from());
      throw new Db.Stale("address " + id + " is not what it was");
    }
    TurnStore.Receipt before = opening.receipts().get(key);
    Instant now = clock.instant();
    Instant lease = Replies.lease(now);
    if (before != null) {
      Decided again = Decided.again(before, lease);
      replies.offerAgain(tx, List.of(again), now, lease);
      return again;
    }

    long heard = opening.messages().getFirst();
    var context = new Context(tx, with, inbound, heard, true, now);
    store.say(tx, inbound(context));
    hear(with, inbound, now);
    reports.hear(context, inbound);
    @Nullable String reply = broken ? deeds.keepForPerson(context) : converse(context);
    with.lendUntil(now);
    List<TurnStore.Said> said =
        reply == null ? List.of() : List.of(reply(opening.messages().getLast(), with, reply, now));
    Channel channel = channels.of(with.address);
    String waited =
        // What to do in danger comes first and alone; old news waits for the next contact.
        channel.mayAnswer(inbound.content()) && !with.state.alarmed(now)
            ? replies.carry(tx, with, key.externalId(), reply, channel.textLimit(), now, lease)
            : "";
    String whole = waited.isEmpty() ? reply : waited + (reply == null ? "" : reply);
    store.close(
        tx, List.of(new TurnStore.Receipt(key, now, whole, waited.length())), said, List.of(with));
    deeds.atLast(context);
    duties.atLast(context);
    if (context.isDuty()) {
      duties.said(tx, opening.messages());
    }
    tx.afterCommit(() -> watchers.said(Set.of(id)));
    return new Decided(
        key,
        whole,
        false,
        waited.length(),
        now,
        waited.isEmpty() ? null : lease,
        reply == null ? null : opening.messages().getLast());
  }

  /// All that somebody's first message makes of the database, up to the commit; but then none of it
  /// has been.
  private Decided probe(Tx tx, Inbound inbound) {
    store.waitAtMost(tx, LOCK_SECONDS);
    return tx.takenBack(() -> {
      long id = addresses.passing(tx, inbound.from());
      var key = new TurnStore.Key(id, inbound.externalId());
      TurnStore.Opening opening = store.open(tx, List.of(key), false);
      Conversation with = requireNonNull(opening.conversations().get(id));
      Instant now = clock.instant();
      var context = new Context(tx, with, inbound, opening.messages().getFirst(), true, now);
      store.say(tx, inbound(context));
      hear(with, inbound, now);
      String reply = toProbe(context);
      store.close(
          tx,
          List.of(new TurnStore.Receipt(key, now, reply, 0)),
          List.of(reply(opening.messages().getLast(), with, reply, now)),
          List.of(with));
      return new Decided(key, reply, false, 0, now, null, null);
    });
  }

  /// What the bot says. Whatever else the scripts make of it is not done, and it is answered all
  /// the same: whoever changes a sentence does not break the way.
  private String toProbe(Context context) {
    Conversation with = context.with();
    Content said = requireNonNull(context.inbound()).content();
    Step step = step(bot.get(), context, new Input.Heard(said, context.heard()));
    with.remember(step.state(), context.now());
    String reply =
        switch (step.move()) {
          case Move.Say(String text) -> text;
          case Move.HandOff(String text) -> text;
          case Move.Act _, Move.Ask _, Move.Quiet _ -> "";
        };
    return reply.isBlank() ? Words.in(with.language).of("probe.heard") : reply;
  }

  private @Nullable String converse(Context context) {
    deeds.arrive(context);
    Optional<String> duty = asked.answer(context).or(() -> duties.answer(context));
    if (duty.isPresent()) {
      context.ofDuty();
      return duty.get();
    }
    deeds.belong(context);
    return duties.besideDanger(
        context,
        converse(
            context,
            new Input.Heard(
                PassingCodes.asTyped(requireNonNull(context.inbound()).content()),
                context.heard())));
  }

  /// Steps until the bot has said what it has to say.
  @Nullable String converse(Context context, Input first) {
    Bot now = bot.get();
    return goOn(now, context, step(now, context, first));
  }

  private Step step(Bot bot, Context context, Input input) {
    Conversation with = context.with();
    return bot.step(with.state, input, scenes.of(with, context.now()));
  }

  private @Nullable String goOn(Bot bot, Context context, Step first) {
    Conversation with = context.with();
    Step step = first;
    for (int steps = 1; steps <= STEPS_AT_MOST; steps++) {
      with.remember(step.state(), context.now());
      switch (step.move()) {
        case Move.Say(String text) -> {
          return text;
        }
        case Move.Quiet _ -> {
          return null;
        }
        case Move.HandOff(String text) -> {
          with.handToPerson(with.caseId);
          return text;
        }
        case Move.Act act ->
            step = step(bot, context, tried(context, act, () -> deeds.act(context, act)));
        case Move.Ask ask ->
            step = step(bot, context, tried(context, ask, () -> deeds.ask(context, ask)));
      }
    }
    throw new IllegalStateException("the bot did not come to an end");
  }

  /// What is refused leaves no trace, and the turn goes on.
  private Input tried(Context context, Move move, Supplier<Map<String, Object>> deed) {
    return Deeds.mayBeShared(move) ? outright(context, deed) : reversibly(context, deed);
  }

  /// Whoever shares a transaction is refused before anything is written.
  private Input outright(Context context, Supplier<Map<String, Object>> deed) {
    int before = context.tx().told();
    try {
      return new Input.Outcome(deed.get());
    } catch (Refusal refused) {
      if (context.tx().told() != before) {
        throw new IllegalStateException("refused after it had written", refused);
      }
      return refused(context, refused);
    }
  }

  private Input reversibly(Context context, Supplier<Map<String, Object>> deed) {
    try {
      return new Input.Outcome(context.tx().reversibly(deed));
    } catch (Refusal refused) {
      return refused(context, refused);
    }
  }

  private Input refused(Context context, Refusal refused) {
    return new Input.Refused(refused.code(), deeds.sentence(context.with(), refused));
  }

  private void hear(Conversation with, Inbound inbound, Instant now) {
    Channel channel = channels.of(with.address);
    with.open(channel.windowOpenedBy(with.address.account(), inbound.content()), now);
    with.heardAt = now;
  }

  private static Optional<Decided> before(
      TurnStore.Key key,
      TurnStore.Opening opening,
      Map<TurnStore.Key, TurnStore.Receipt> inThisBatch,
      Instant lease) {
    TurnStore.Receipt earlier =
        inThisBatch.containsKey(key) ? inThisBatch.get(key) : opening.receipts().get(key);
    return Optional.ofNullable(earlier).map(receipt -> Decided.again(receipt, lease));
  }

  /// An address that was given up and taken again is another one.
  private static boolean isStill(Conversation with, Turn turn) {
    return with.address.equals(turn.from());
  }

  static boolean isBusy(RuntimeException failed) {
    return Db.isLockTimeout(failed) || failed instanceof Db.Stale;
  }

  private static TurnStore.Key key(Turn turn, Map<Turn, Long> ids) {
    return new TurnStore.Key(requireNonNull(ids.get(turn)), turn.inbound().externalId());
  }

  private static TurnStore.Said inbound(Context context) {
    return new TurnStore.Said(
        context.heard(),
        context.with().addressId,
        context.now(),
        "resident",
        null,
        context.about(),
        requireNonNull(context.inbound()).content());
  }

  private static TurnStore.Said reply(long id, Conversation with, String text, Instant now) {
    return new TurnStore.Said(
        id, with.addressId, now, "bot", null, with.caseId, new Content.Text(text, null));
  }
}
