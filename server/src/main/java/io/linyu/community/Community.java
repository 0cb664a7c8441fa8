package io.linyu.community;

import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Who;
import io.linyu.platform.auth.Sealed;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;

/// The doors of this room, wired once.
public final class Community {
  /// What is sealed in this room's tables.
  public static final List<Sealed> SEALED =
      List.of(
          new Sealed("person", "id", "name_sealed", "name_hash", false),
          new Sealed("person", "id", "phone_sealed", "phone_hash", false),
          new Sealed("staff", "id", "phone_sealed", "phone_hash", false),
          new Sealed("consent", "id", "giver_sealed", null, false),
          new Sealed("consent", "id", "actor_sealed", null, false),
          new Sealed("second_factor", "staff_id", "secret_sealed", null, true));

  private static final String TOPIC = "territory";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final Duration FORGET = Duration.ofMinutes(1);
  private static final Duration HASH_ENDS = Duration.ofSeconds(1);
  private static final Duration FORGET_CODES = Duration.ofHours(1);
  private static final Duration FORGET_AUDIT = Duration.ofHours(1);

  private final Directory directory;
  private final Territories territories;
  private final People people;
  private final StaffMembers staff;
  private final Desks desks;
  private final Imports imports;
  private final Merges merges;
  private final BindCodes bindCodes;
  private final SecondFactors secondFactors;
  private final Audit audit;
  private final StaffAddresses staffAddresses;
  private final DeskOrders deskOrders;
  private final Absences absences;
  private final DeskHours deskHours;
  private final Consents consents;

  private Community(
      Directory directory,
      Territories territories,
      People people,
      StaffMembers staff,
      Desks desks,
      Imports imports,
      Merges merges,
      BindCodes bindCodes,
      SecondFactors secondFactors,
      Audit audit,
      StaffAddresses staffAddresses,
      DeskOrders deskOrders,
      Absences absences,
      DeskHours deskHours,
      Consents consents) {
    this.directory = directory;
    this.territories = territories;
    this.people = people;
    this.staff = staff;
    this.desks = desks;
    this.imports = imports;
    this.merges = merges;
    this.bindCodes = bindCodes;
    this.secondFactors = secondFactors;
    this.audit = audit;
    this.staffAddresses = staffAddresses;
    this.deskOrders = deskOrders;
    this.absences = absences;
    this.deskHours = deskHours;
    this.consents = consents;
  }

  /// The doors alone, as a command needs them, which asks for no opening hours. An empty database
  /// is made ready first.
  public static Community open(Db db, Vault vault, Clock clock, ZoneId zone, Who who) {
    return open(db, vault, OpeningHours.ALWAYS, clock, zone, who);
  }

  /// The doors alone. An empty database is made ready first.
  public static Community open(Db db, Vault vault, OpeningHours hours, Clock clock, ZoneId zone) {
    return open(db, vault, hours, clock, zone, Who.SERVER);
  }

  private static Community open(
      Db db, Vault vault, OpeningHours hours, Clock clock, ZoneId zone, Who self) {
    Bootstrap.prepare(db, LocalDate.ofInstant(clock.instant(), zone));
    var directory = new Directory(db, clock, zone);
    var staff = new StaffStore(vault);
    var territories = new Territories(directory, clock, zone);
    var audit = new Audit(db, clock, zone, territories, self);
    var members = new StaffMembers(db, directory, staff, audit, clock, zone);
    var desks = new Desks(db, directory, territories, staff, hours, clock, zone);
    var codes = new BindCodes(db, vault, clock);
    var orders = new DeskOrders(db, territories, audit, new DeskOrderStore(vault), clock, zone);
    return new Community(
        directory,
        territories,
        new People(db, vault, clock),
        members,
        desks,
        new Imports(db, directory, vault, clock, zone, audit),
        new Merges(clock),
        codes,
        new SecondFactors(db, vault, clock, audit),
        audit,
        new StaffAddresses(db, vault, clock, codes, members, audit),
        orders,
        new Absences(db, clock, zone, directory, territories, desks, orders, audit),
        new DeskHours(db, clock, zone, territories, hours, audit),
        new Consents(db, vault, clock, codes));
  }

  /// Tells all nodes when something changes here.
  public Community telling(Redis redis) {
    directory.tellBy(() -> redis.publish(TOPIC, ""));
    return this;
  }

  /// As a server needs it: hears of changes made elsewhere, and does its due work.
  ///
  /// @param auditKept how long the audit keeps what it knows
  public Community running(Redis redis, Ticker ticker, Period auditKept) {
    redis.subscribe(TOPIC, _ -> Thread.ofVirtual().start(directory::reloadIfChanged));
    ticker.every(LOOK_AGAIN, "territory", directory::reloadIfChanged);
    ticker.every(FORGET, "forget", people::forgetDue);
    ticker.every(HASH_ENDS, "phone-ends", people::hashEndsDue);
    ticker.every(FORGET_CODES, "forget-codes", bindCodes::forgetDue);
    ticker.every(FORGET_CODES, "forget-staff-codes", staffAddresses::forgetDue);
    ticker.every(FORGET_CODES, "forget-absences", absences::forgetDue);
    ticker.every(FORGET_CODES, "forget-consent-codes", consents::forgetDue);
    ticker.every(FORGET_AUDIT, "forget-audit", () -> audit.forgetDue(auditKept));
    return telling(redis);
  }

  public Territories territories() {
    return territories;
  }

  public People people() {
    return people;
  }

  public StaffMembers staff() {
    return staff;
  }

  public Desks desks() {
    return desks;
  }

  public Imports imports() {
    return imports;
  }

  public Merges merges() {
    return merges;
  }

  public BindCodes bindCodes() {
    return bindCodes;
  }

  public SecondFactors secondFactors() {
    return secondFactors;
  }

  public Audit audit() {
    return audit;
  }

  /// Where staff are reached in a chat.
  public StaffAddresses staffAddresses() {
    return staffAddresses;
  }

  /// Who of a desk is called first.
  public DeskOrders deskOrders() {
    return deskOrders;
  }

  /// Who is away, and who stands in.
  public Absences absences() {
    return absences;
  }

  /// When a desk works that does not when the house does.
  public DeskHours deskHours() {
    return deskHours;
  }

  /// Who may act for whom.
  public Consents consents() {
    return consents;
  }
}
