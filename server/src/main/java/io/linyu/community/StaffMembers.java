package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Passwords;
import io.linyu.platform.db.Db;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The people who work here: who they are, what they may see, and how they prove it.
public final class StaffMembers {
  private static final int SHORTEST_PASSWORD = 10;

  /// Checked when nobody has that name, so that an answer takes as long as for those who exist. To
  /// make it takes long, too, and nobody has to wait for it at the start.
  private static final CompletableFuture<String> NOBODYS =
      CompletableFuture.supplyAsync(() -> Passwords.hash("nobody's"));

  private final Db db;
  private final Directory directory;
  private final StaffStore store;
  private final Audit audit;
  private final Clock clock;
  private final ZoneId zone;

  StaffMembers(
      Db db, Directory directory, StaffStore store, Audit audit, Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
    this.db = db;
    this.directory = directory;
    this.store = store;
    this.audit = audit;
  }

  /// Somebody's try to prove who they are.
  ///
  /// @param account whose name was typed; null: nobody's. For the audit alone
  /// @param who empty when there is no such person, no password yet, or another password
  public record Attempt(@Nullable Long account, Optional<Staff> who) {}

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), zone);
  }

  /// All who work here, from memory.
  public List<StaffName> names() {
    return directory.staff();
  }

  /// Those who have left are not found.
  public Optional<Staff> byId(long id) {
    return store.byId(db, id, today());
  }

  public Optional<Staff> byCode(String code) {
    return store.byCode(db, code, today());
  }

  /// @param login the staff code, or the telephone number when it is nobody else's
  public Attempt signIn(String login, String password) {
    Optional<StaffStore.Login> found = login(login);
    boolean matches =
        Passwords.matches(
            password, found.map(StaffStore.Login::passwordHash).orElseGet(NOBODYS::join));
    return new Attempt(
        found.map(StaffStore.Login::id).orElse(null),
        matches ? found.flatMap(this::unchanged) : Optional.empty());
  }

  /// Whose name this is, for the audit of somebody who was not let try it.
  public Optional<Long> account(String login) {
    return login(login).map(StaffStore.Login::id);
  }

  private Optional<StaffStore.Login> login(String login) {
    Optional<StaffStore.Login> found = store.loginByCode(db, login.strip());
    String phone = Phones.plain(login);
    return found.isPresent() || phone.isEmpty() ? found : store.loginByPhone(db, phone);
  }

  /// The password may have been changed while it was compared.
  private Optional<Staff> unchanged(StaffStore.Login login) {
    return store
        .byId(db, login.id(), today())
        .filter(who -> who.credentials() == login.credentials());
  }

  /// Whether it is this person's password.
  public boolean hasPassword(Staff who, String password) {
    return store
        .loginByCode(db, who.code())
        .filter(login -> Passwords.matches(password, login.passwordHash()))
        .isPresent();
  }

  /// @throws Refusal when the password is too short or there is no such person
  public void setPassword(String code, String password) {
    check(password);
    setPasswordHash(code, Passwords.hash(password));
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
    db.withinTransaction(tx -> {
      long id =
          store
              .setPassword(tx, code, hash)
              .orElseThrow(() -> new Refusal("no-such-staff", 404, code));
      audit.writeOwnAbout(tx, Deed.PASSWORD_SET, id, Map.of());
    });
  }

  /// The roles there are.
  public static Set<String> roles() {
    return RoleDesks.ROLES;
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
          audit.writeOwnAbout(
              tx, Deed.STAFF_ADDED, id, Map.of("role", role, "territory", territory.name()));
          new DirectoryStore().bump(tx);
          return id;
        });
    directory.changed();
    return byId(added).orElseThrow();
  }

  public void join(Staff who, Desk desk) {
    db.withinTransaction(tx -> {
      store.join(tx, who.id(), desk.id());
      audit.writeOwnAbout(tx, Deed.STAFF_CHANGED, who.id(), Map.of("joined", desk.name()));
      new DirectoryStore().bump(tx);
    });
    directory.changed();
  }

  public void leave(Staff who, Desk desk) {
    db.withinTransaction(tx -> {
      store.leave(tx, who.id(), desk.id());
      audit.writeOwnAbout(tx, Deed.STAFF_CHANGED, who.id(), Map.of("gave_up", desk.name()));
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

  /// Those of these roles in a community, in the order of their codes.
  public List<StaffMember> within(Territory community, Collection<String> roles) {
    return store.within(db, community.path(), roles);
  }

  /// The heads of buildings and groups, and the grid workers, of a community.
  public List<Head> headsWithin(Territory community) {
    return store.heads(db, community.path());
  }
}
