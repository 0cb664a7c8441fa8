package io.linyu.console;

import io.linyu.community.Community;
import io.linyu.community.SecondFactors;
import io.linyu.community.SecondFactors.Kind;
import io.linyu.community.Staff;
import io.linyu.community.StaffMembers;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Sessions;
import io.linyu.platform.auth.Sessions.Session;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Live;
import io.linyu.platform.text.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Coming in and going out.
///
/// Whoever has a second factor, or needs one, is half-way in after the password: that session opens
/// nothing but the second step, which ends it and begins another. What fails is recorded and
/// counted ([Tries]).
final class SignIn {
  private static final Duration QUEUE = Duration.ofSeconds(3);

  private final StaffMembers members;
  private final SecondFactors factors;
  private final Audit audit;
  private final Sessions sessions;
  private final Sessions halfWay;
  private final Enrolments enrolments;
  private final Live live;
  private final Db db;
  private final Tries tries;
  private final Predicate<String> needsSecond;

  /// A password check takes 19 MiB and 30 ms of a processor: more than two at once would starve
  /// everybody else.
  private final Semaphore checking = new Semaphore(2);

  /// Where the password has led.
  sealed interface Entrance {
    record In(Session session) implements Entrance {}

    record HalfWay(Session session) implements Entrance {}
  }

  /// Somebody who has shown a password.
  ///
  /// @param isSettingUp they have no second factor, and need one
  record Coming(Session session, Staff staff, boolean isSettingUp) {}

  /// @param codes for recovery, to be shown once
  record SetUp(Session session, List<String> codes) {}

  /// @param needsSecond whether this role has to have a second factor
  SignIn(
      Community community,
      Sessions sessions,
      Sessions halfWay,
      Enrolments enrolments,
      Live live,
      Db db,
      Tries tries,
      Predicate<String> needsSecond) {
    this.members = community.staff();
    this.factors = community.secondFactors();
    this.audit = community.audit();
    this.sessions = sessions;
    this.halfWay = halfWay;
    this.enrolments = enrolments;
    this.live = live;
    this.db = db;
    this.tries = tries;
    this.needsSecond = needsSecond;
  }

  /// @throws Refusal when name and password do not belong together, or too many have not
  Entrance come(String login, String password, String place) {
    String name = Digest.hex(login.strip().toLowerCase(Locale.ROOT));
    count(login, name, place);
    StaffMembers.Attempt attempt = checked(() -> members.signIn(login, password));
    Optional<Staff> who = attempt.who();
    if (who.isEmpty()) {
      db.withinTransaction(tx ->
          audit.writeAbout(
              tx, Who.nobody(place), Deed.SIGN_IN_FAILED, attempt.account(), Map.of()));
      throw new Refusal("wrong-password", 401);
    }
    tries.forgive(place, name);
    Staff staff = who.get();
    if (factors.of(staff.id()).isPresent()) {
      return new Entrance.HalfWay(
          halfWay.begin(staff.id(), staff.credentials(), Sessions.HALF_WAY));
    }
    if (needsSecond.test(staff.role())) {
      return new Entrance.HalfWay(
          halfWay.begin(staff.id(), staff.credentials(), Sessions.SETTING_UP));
    }
    db.withinTransaction(tx ->
        audit.write(tx, Who.staff(staff.id(), place), Deed.SIGNED_IN, Map.of("with", "password")));
    return new Entrance.In(sessions.begin(staff.id(), staff.credentials()));
  }

  private void count(String login, String name, String place) {
    try {
      tries.count(place, name);
    } catch (Refusal tooOften) {
      writeRefused(place, () -> members.account(login).orElse(null));
      throw tooOften;
    }
  }

  private void countSecond(long staff, String place) {
    try {
      tries.countSecond(place, staff);
    } catch (Refusal tooOften) {
      writeRefused(place, () -> staff);
      throw tooOften;
    }
  }

  private void writeRefused(String place, Supplier<@Nullable Long> account) {
    if (tries.isNews(place)) {
      db.withinTransaction(tx ->
          audit.writeAbout(tx, Who.nobody(place), Deed.SIGN_IN_REFUSED, account.get(), Map.of()));
    }
  }

  /// Whoever has shown a password, and only for a while.
  Optional<Coming> comingBy(String halfSession) {
    return halfWay
        .find(halfSession, false)
        .flatMap(session ->
            members
                .byId(session.subject())
                .filter(staff -> staff.credentials() == session.credentials())
                .map(staff -> new Coming(session, staff, factors.of(staff.id()).isEmpty())));
  }

  /// @throws Refusal when the code is wrong or was used before, or too many were
  Session prove(Coming who, Kind kind, String typed, String place) {
    long staff = who.staff().id();
    countSecond(staff, place);
    boolean fits =
        db.inTransaction(tx -> {
          boolean accepted = factors.accepts(tx, Who.staff(staff, place), staff, kind, typed);
          if (accepted) {
            audit.write(tx, Who.staff(staff, place), Deed.SIGNED_IN, Map.of("with", kind.word()));
          } else {
            factors.writeFailed(tx, Who.nobody(place), staff, kind.word());
          }
          return accepted;
        });
    if (!fits) {
      throw wrong(kind);
    }
    tries.forgiveSecond(place, staff);
    return replaced(who.session(), who.session().credentials());
  }

  /// The secret that the authenticator of somebody half-way in is to take.
  String secretFor(Coming who) {
    return enrolments.secret(who.session());
  }

  /// @throws Refusal when the first code is wrong
  SetUp setUp(Coming who, String typed, String place) {
    long staff = who.staff().id();
    countSecond(staff, place);
    String secret = enrolments.secret(who.session());
    List<String> codes =
        factors
            .turnOn(Who.staff(staff, place), staff, secret, typed)
            .orElseThrow(() -> new Refusal("wrong-first-code", 422));
    db.withinTransaction(
        tx -> audit.write(tx, Who.staff(staff, place), Deed.SIGNED_IN, Map.of("with", "code")));
    tries.forgiveSecond(place, staff);
    enrolments.forget(who.session());
    // The one change that this person has just made.
    return new SetUp(replaced(who.session(), who.session().credentials() + 1), codes);
  }

  static Refusal wrong(Kind kind) {
    return new Refusal(kind == Kind.CODE ? "wrong-code" : "wrong-recovery-code", 401);
  }

  private Session replaced(Session half, int credentials) {
    halfWay.end(half.id());
    return sessions.begin(half.subject(), credentials);
  }

  void go(Session session, String place) {
    sessions.end(session.id());
    live.end(session.id());
    db.withinTransaction(
        tx -> audit.write(tx, Who.staff(session.subject(), place), Deed.SIGNED_OUT, Map.of()));
  }

  /// Of somebody who is signed in, once more.
  boolean hasPassword(Staff who, String password) {
    return checked(() -> members.hasPassword(who, password));
  }

  private <T> T checked(Supplier<T> check) {
    try {
      if (!checking.tryAcquire(QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Refusal("busy", 503);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("busy", 503);
    }
    try {
      return check.get();
    } finally {
      checking.release();
    }
  }
}
