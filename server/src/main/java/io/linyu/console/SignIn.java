package io.linyu.console;

import io.linyu.community.Staff;
import io.linyu.community.StaffMembers;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Sessions.Session;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Digest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Coming in and going out.
///
/// Only failures are counted, for each name and for each place they come from, so that a whole
/// office may arrive in one minute and nobody may try a hundred passwords. Without Redis nobody
/// signs in, because nobody would be counted.
final class SignIn {
  private static final Duration WITHIN = Duration.ofMinutes(15);
  private static final int FAILURES_OF_ONE_NAME = 5;
  private static final int FAILURES_FROM_ONE_PLACE = 60;
  private static final Duration QUEUE = Duration.ofSeconds(3);

  private final StaffMembers members;
  private final Sessions sessions;
  private final Live live;
  private final Db db;
  private final Events events;
  private final RateLimit byName;
  private final RateLimit byPlace;

  /// A password check takes 19 MiB and 30 ms of a processor: more than two at once would starve
  /// everybody else.
  private final Semaphore checking = new Semaphore(2);

  SignIn(StaffMembers members, Sessions sessions, Live live, Redis redis, Db db, Events events) {
    this.members = members;
    this.sessions = sessions;
    this.live = live;
    this.db = db;
    this.events = events;
    this.byName =
        new RateLimit(
            redis.commands(), redis.prefix() + "sign-in:name:", FAILURES_OF_ONE_NAME, WITHIN);
    this.byPlace =
        new RateLimit(
            redis.commands(), redis.prefix() + "sign-in:place:", FAILURES_FROM_ONE_PLACE, WITHIN);
  }

  /// @throws Refusal when name and password do not belong together, or too many have not
  Session come(String login, String password, String place) {
    String name = Digest.hex(login.strip().toLowerCase(Locale.ROOT));
    take(byPlace, place);
    take(byName, name);
    Optional<Staff> who = checked(login, password);
    if (who.isEmpty()) {
      db.withinTransaction(
          tx -> events.write(tx, ConsoleEvent.VOCABULARY, 0, new ConsoleEvent.SignInRefused(name)));
      throw new Refusal("wrong-password", 401);
    }
    long staff = who.get().id();
    Session session = sessions.begin(staff);
    var _ = await(byPlace.giveBack(place));
    var _ = await(byName.giveBack(name));
    db.withinTransaction(
        tx -> events.write(tx, ConsoleEvent.VOCABULARY, staff, new ConsoleEvent.SignedIn(staff)));
    return session;
  }

  void go(Session session) {
    sessions.end(session.id());
    live.end(session.id());
    db.withinTransaction(tx ->
        events.write(
            tx,
            ConsoleEvent.VOCABULARY,
            session.subject(),
            new ConsoleEvent.SignedOut(session.subject())));
  }

  private Optional<Staff> checked(String login, String password) {
    try {
      if (!checking.tryAcquire(QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Refusal("busy", 503);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("busy", 503);
    }
    try {
      return members.signIn(login, password);
    } finally {
      checking.release();
    }
  }

  private static void take(RateLimit limit, String key) {
    Duration wait = await(limit.take(key));
    if (wait.isPositive()) {
      throw new Refusal("sign-in-too-often", 429, Math.max(1, (wait.toSeconds() + 59) / 60));
    }
  }

  @SuppressWarnings("NullAway") // a stage of nothing gives null, which nobody reads
  private static <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new Redis.Away(e);
    }
  }
}
