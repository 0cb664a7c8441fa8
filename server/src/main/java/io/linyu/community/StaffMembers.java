package io.linyu.community;

import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Passwords;
import io.linyu.platform.db.Db;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The people who work here: who they are, what they may see, and how they prove it.
public final class StaffMembers {
  private static final int SHORTEST_PASSWORD = 10;

  /// Checked when nobody has that name, so that an answer takes as long as for those who exist.
  private static final String NOBODYS = Passwords.hash("nobody's");

  private final Db db;
  private final Directory directory;
  private final StaffStore store;

  StaffMembers(Db db, Directory directory, StaffStore store) {
    this.db = db;
    this.directory = directory;
    this.store = store;
  }

  /// Those who have left are not found.
  public Optional<Staff> byId(long id) {
    return store.byId(db, id);
  }

  public Optional<Staff> byCode(String code) {
    return store.byCode(db, code);
  }

  /// @param login the staff code, or the telephone number when it is nobody else's
  /// @return empty when there is no such person, no password yet, or another password
  public Optional<Staff> signIn(String login, String password) {
    Optional<StaffStore.Login> found = store.loginByCode(db, login.strip());
    if (found.isEmpty()) {
      String phone = Phones.plain(login);
      found = phone.isEmpty() ? Optional.empty() : store.loginByPhone(db, phone);
    }
    boolean matches =
        Passwords.matches(password, found.map(StaffStore.Login::passwordHash).orElse(NOBODYS));
    return matches ? found.flatMap(who -> store.byId(db, who.id())) : Optional.empty();
  }

  /// @throws Refusal when the password is too short or there is no such person
  public void setPassword(String code, String password) {
    check(password);
    if (!store.setPassword(db, code, Passwords.hash(password))) {
      throw new Refusal("no-such-staff", 404, code);
    }
  }

  /// @throws Refusal when nobody may have this password
  public static void check(String password) {
    if (password.length() < SHORTEST_PASSWORD) {
      throw new Refusal("password-too-short", 422, SHORTEST_PASSWORD);
    }
  }

  /// Sets a hash made before, for the many of the demo district, where hashing each would take
  /// minutes.
  public void setPasswordHash(String code, String hash) {
    if (!store.setPassword(db, code, hash)) {
      throw new Refusal("no-such-staff", 404, code);
    }
  }

  /// `zh` or `en`.
  public void setLanguage(Staff who, String language) {
    store.setLanguage(db, who.id(), language);
  }

  /// Somebody new, who works at the desk that goes with the role, if there is one.
  ///
  /// Somebody of a department joins its desk afterwards.
  ///
  /// @param employment `full_time`, `part_time` or `volunteer`
  /// @throws Refusal when the code is taken or there is no such role
  public Staff add(
      String code,
      String name,
      String role,
      Territory territory,
      String employment,
      @Nullable String phone) {
    long added =
        db.inTransaction(tx -> {
          if (!StaffPlan.EMPLOYMENTS.contains(employment)) {
            throw new Refusal("no-such-employment", 422, employment);
          }
          if (!RoleDesks.ROLES.contains(role)) {
            throw new Refusal("no-such-role", 422, role);
          }
          String plain = phone == null ? null : Phones.plain(phone);
          long id = store.add(tx, code, name, role, territory.id(), employment, plain);
          if (id == 0) {
            throw new Refusal("staff-code-taken", 409, code);
          }
          RoleDesks.of(directory, role, territory, "")
              .ifPresent(desk -> store.join(tx, id, desk.id()));
          new DirectoryStore().bump(tx);
          return id;
        });
    directory.changed();
    return byId(added).orElseThrow();
  }

  public void join(Staff who, Desk desk) {
    db.withinTransaction(tx -> {
      store.join(tx, who.id(), desk.id());
      new DirectoryStore().bump(tx);
    });
    directory.changed();
  }

  public void leave(Staff who, Desk desk) {
    db.withinTransaction(tx -> {
      store.leave(tx, who.id(), desk.id());
      new DirectoryStore().bump(tx);
    });
    directory.changed();
  }

  /// One page of those in a territory, in the order of their codes.
  ///
  /// @param after the last code of the page before; empty: the first page
  public List<StaffMember> within(Territory territory, String after, int limit) {
    return store.within(db, territory.path(), after, limit);
  }
}
