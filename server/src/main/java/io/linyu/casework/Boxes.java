package io.linyu.casework;

import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.Errands.Pace;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The opinion boxes (意见箱): where they hang, who keeps them, and how often they are opened. That
/// they are is [BoxOpenings].
///
/// A box that nobody opens in time is shown to those who look after its community, and whoever
/// leads it there is told once in their chat, never again before it was opened.
public final class Boxes {
  static final int PAGE = 30;
  private static final int LONGEST_PLACE = 60;
  private static final int LONGEST_PERIOD = 92;

  /// When nobody says otherwise.
  static final int USUAL_DAYS = 7;

  private static final int MOST_KEEPERS = 12;
  private static final int OVERDUE = 20;
  private static final Duration LOOK = Duration.ofMinutes(5);
  private static final Pattern CODE = Pattern.compile("[0-9A-Z][0-9A-Z-]{1,23}");

  /// Who says where boxes hang, and who keeps them.
  private static final Set<String> LEADS = Set.of("community_deputy", "community_secretary");

  private static final String DEPUTY = "community_deputy";

  /// One time that a box was opened, as everybody may read it: numbers alone.
  ///
  /// @param id of the page after this one
  /// @param slips there were
  /// @param told of these, which became cases, or were noted in one that there was
  /// @param cases that they became
  /// @param over of these, by now
  /// @param aside what became no case, by why
  public record Published(
      long id,
      String box,
      String place,
      long territory,
      Instant openedAt,
      Instant sealedAt,
      int slips,
      int told,
      int cases,
      int over,
      Map<Aside, Integer> aside) {}

  /// That boxes were not opened in time.
  ///
  /// @param codes of the boxes
  /// @param once under which it is said once
  public record Reminder(
      Staff to, long addressId, String community, List<String> codes, String once) {}

  /// Says it, in the transaction that notes that it was said.
  public interface Mouth {
    void boxesWait(Tx tx, Reminder reminder);
  }

  private final Db db;
  private final Clock clock;
  private final Community community;
  private final Territories territories;
  private final BoxStore store = new BoxStore();

  Boxes(Db db, Clock clock, Community community) {
    this.db = db;
    this.clock = clock;
    this.community = community;
    this.territories = community.territories();
  }

  /// As a server needs it.
  public void start(Ticker ticker, Pace pace, Mouth mouth) {
    ticker.every(LOOK, "boxes", () -> remindDue(pace, mouth));
  }

  // Who may.

  /// Whether they say where boxes hang: whoever leads a community.
  boolean mayHang(Staff staff) {
    return LEADS.contains(staff.role())
        && territories.byId(staff.territoryId()).level() == Level.COMMUNITY;
  }

  boolean mayManage(Staff staff, Box box) {
    return LEADS.contains(staff.role()) && staff.territoryId() == box.territoryId();
  }

  private boolean maySee(Staff staff, Box box) {
    return box.isKeptBy(staff.id()) || box.territoryPath().startsWith(around(staff));
  }

  /// What they look after; nothing lies below `-`.
  private String around(Staff staff) {
    if (!Spoken.mayTakeDown(staff)) {
      return "-";
    }
    Territory own = territories.byId(staff.territoryId());
    return own.level() == Level.GRID ? territories.communityOf(own).orElse(own).path() : own.path();
  }

  // Looking.

  /// @param after the last code of the page before; empty: the first page
  /// @return one more than a page where there is another
  List<Box> visibleTo(Staff staff, String after) {
    return store.visible(db, around(staff), staff.id(), after, PAGE + 1);
  }

  Box visibleTo(Staff staff, String code, boolean keeping) {
    Box box =
        store.byCode(db, code).filter(each -> maySee(staff, each)).orElseThrow(Refusal::notFound);
    if (keeping && !box.isKeptBy(staff.id())) {
      throw new Refusal("box-not-keeper", 403, box.code());
    }
    return box;
  }

  Box managedBy(Staff staff, String code) {
    Box box = visibleTo(staff, code, false);
    if (!mayManage(staff, box)) {
      throw new Refusal("box-not-yours", 403);
    }
    return box;
  }

  /// Those that nobody has opened in time, for whoever leads the community.
  List<Box> overdueFor(Staff staff) {
    return mayHang(staff) ? store.overdue(db, around(staff), clock.instant(), OVERDUE) : List.of();
  }

  /// Who may keep a box there: who works in the community, signs in, and takes down what people
  /// say.
  List<StaffMember> candidates(Staff staff) {
    return community.staff().within(territories.byId(staff.territoryId()), Scope.ROLES).stream()
        .filter(StaffMember::signsIn)
        .toList();
  }

  /// What everybody may read, the newest first.
  ///
  /// @param box null: of all
  /// @param before the last of the page before; `Long.MAX_VALUE`: none
  public List<Published> published(@Nullable String box, long before, int limit) {
    return store.published(db, box, before, limit);
  }

  /// What is said of a box to everybody.
  ///
  /// @param openBy when it is opened next, at the latest
  public record Hanging(String code, String place, long territory, Instant openBy, boolean gone) {}

  public Optional<Hanging> hanging(String code) {
    return store
        .byCode(db, code)
        .map(box ->
            new Hanging(box.code(), box.place(), box.territoryId(), box.dueAt(), box.isGone()));
  }

  // Changing.

  /// Hangs a box in their community.
  public String hang(
      Staff staff, String ip, String code, String place, int days, List<Long> keepers) {
    if (!mayHang(staff)) {
      throw new Refusal("box-not-yours", 403);
    }
    String sound = code.strip().toUpperCase(Locale.ROOT);
    if (!CODE.matcher(sound).matches()) {
      throw new Refusal("box-code-wrong", 422);
    }
    String where = place(place);
    List<Long> chosen = keepers(staff, keepers, List.of());
    Instant due = clock.instant().plus(days(days));
    db.withinTransaction(tx -> {
      if (!store.add(tx, sound, staff.territoryId(), where, days, due, chosen)) {
        throw new Refusal("box-code-taken", 409, sound);
      }
      audit(tx, staff, ip, Deed.BOX_CHANGED, sound);
    });
    return sound;
  }

  void change(Staff staff, String ip, String code, String place, int days, List<Long> keepers) {
    Box box = managedBy(staff, code);
    String where = place(place);
    List<Long> chosen =
        keepers(staff, keepers, box.keepers().stream().map(Box.Keeper::staffId).toList());
    var _ = days(days);
    Instant due = box.dueAt().plus(Duration.ofDays((long) days - box.days()));
    db.withinTransaction(tx -> {
      store.lockBox(tx, box.id());
      store.change(tx, box.id(), where, days, due, chosen);
      audit(tx, staff, ip, Deed.BOX_CHANGED, box.code());
    });
  }

  /// Takes it down, or hangs it up again.
  void hangAgain(Staff staff, String ip, String code, boolean hangs) {
    Box box = managedBy(staff, code);
    Instant now = clock.instant();
    db.withinTransaction(tx -> {
      store.lockBox(tx, box.id());
      if (!hangs && store.going(tx, box.id()).filter(BoxOpening::isOpen).isPresent()) {
        throw new Refusal("box-still-open", 409);
      }
      store.hang(tx, box.id(), now, hangs ? now.plus(Duration.ofDays(box.days())) : null);
      audit(tx, staff, ip, Deed.BOX_CHANGED, box.code());
    });
  }

  private void audit(Tx tx, Staff staff, String ip, Deed deed, String code) {
    community.audit().write(tx, Who.staff(staff.id(), ip), deed, Map.of("box", code));
  }

  private static String place(String given) {
    String place = CaseFiles.sound(given, "box-place-missing");
    if (place.length() > LONGEST_PLACE) {
      throw new Refusal("text-too-long", 422, LONGEST_PLACE);
    }
    return place;
  }

  private static Duration days(int days) {
    if (days < 1 || days > LONGEST_PERIOD) {
      throw new Refusal("box-days-wrong", 422, LONGEST_PERIOD);
    }
    return Duration.ofDays(days);
  }

  /// @param before those who keep it already, who may go on
  private List<Long> keepers(Staff staff, List<Long> given, List<Long> before) {
    var chosen = new HashSet<>(given);
    Set<Long> known = new HashSet<>(before);
    candidates(staff).forEach(each -> known.add(each.id()));
    if (chosen.size() < Box.KEEPERS || chosen.size() > MOST_KEEPERS) {
      throw new Refusal("box-keepers-few", 422, Box.KEEPERS, MOST_KEEPERS);
    }
    if (!known.containsAll(chosen)) {
      throw new Refusal("form-outdated", 422);
    }
    return List.copyOf(chosen);
  }

  // What goes on by itself.

  /// Tells whoever leads the community, once for each time that it is due, and by day. Where no
  /// chat reaches them, the console shows it.
  boolean remindDue(Pace pace, Mouth mouth) {
    Instant now = clock.instant();
    return db.inTransaction(tx -> {
      Optional<Long> place = store.dueTerritory(tx, now);
      if (place.isEmpty()) {
        return false;
      }
      List<String> codes = store.due(tx, place.get(), now);
      Instant undisturbed = pace.quiet().next(now, pace.zone());
      if (undisturbed.isAfter(now)) {
        store.remind(tx, codes, undisturbed);
        return true;
      }
      store.remind(tx, codes, null);
      Territory where = territories.byId(place.get());
      deputy(tx, where)
          .ifPresent(to ->
              mouth.boxesWait(
                  tx,
                  new Reminder(
                      to.staff(),
                      to.address(),
                      where.name(),
                      codes,
                      "boxes:" + place.get() + ":" + now.getEpochSecond())));
      return true;
    });
  }

  private record Reached(Staff staff, long address) {}

  private Optional<Reached> deputy(Tx tx, Territory where) {
    return community.staff().within(where, List.of(DEPUTY)).stream()
        .flatMap(each -> reached(tx, each).stream())
        .findFirst();
  }

  private Optional<Reached> reached(Tx tx, StaffMember member) {
    return community
        .staffAddresses()
        .of(tx, member.id())
        .filter(each -> each.follows())
        .flatMap(bound ->
            community
                .staff()
                .byId(member.id())
                .map(staff -> new Reached(staff, bound.addressId())));
  }
}
