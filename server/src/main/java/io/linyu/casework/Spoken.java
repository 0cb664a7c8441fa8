package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What people say elsewhere than in a chat, as staff take it down: it becomes a case by the same
/// door as what is said to the bot, and whoever said it follows it by a code on paper, without any
/// telephone. What staff found on patrol nobody has said, and nobody is given a code.
///
/// The code is in no table, only its keyed hash is: it is shown once, to whoever drew it.
public final class Spoken {
  /// What was heard earlier than that is not taken down as heard.
  static final Duration LOOKS_BACK = Duration.ofDays(7);

  /// A clock of a device may be ahead of ours.
  private static final Duration AHEAD = Duration.ofMinutes(2);

  private static final int LONGEST_PLACE = 100;
  private static final int LONGEST_NAME = 20;
  private static final int ALIKE = 5;

  /// Danger to life.
  ///
  /// @param number to be called
  /// @param advice what is to be said to whoever tells of it
  public record Danger(String kind, String number, String advice) {
    /// The first number of those, such as `119` of 119 and the gas works'; empty: there is none.
    public String digits() {
      return number.replaceFirst("^[^0-9]*([0-9]*).*$", "$1");
    }
  }

  /// Knows the words that tell of danger: those by which the bot knows it.
  public interface Dangers {
    /// @param language of the advice
    Optional<Danger> in(String words, String language);
  }

  /// Who told it; nothing of them need be known.
  ///
  /// @param called such as 王阿姨
  /// @param known whom of those with this number they are; null: the one there is
  /// @param other nobody of those with this number
  public record Teller(
      @Nullable String called, @Nullable String phone, @Nullable Long known, boolean other) {
    static final Teller NOBODY = new Teller(null, null, null, false);
  }

  /// What was told.
  ///
  /// @param place in their own words, such as the number of a flat
  /// @param category null: found by keywords
  /// @param saidAt null: now
  public record Told(
      Way way,
      String what,
      @Nullable String place,
      long territory,
      @Nullable String category,
      boolean confidential,
      @Nullable Instant saidAt,
      Teller by,
      List<Photos.Taken> photos) {
    public Told {
      // Whatever a form says.
      if (!way.isTold()) {
        confidential = false;
        by = Teller.NOBODY;
      }
    }
  }

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Intake intake;
  private final Handling handling;
  private final Alarms alarms;
  private final Community community;
  private final Territories territories;
  private final Photos photos;
  private final CaseStore caseStore = new CaseStore();
  private final SendingStore sendings = new SendingStore();
  private final SpokenStore store = new SpokenStore();
  private volatile @Nullable Vault vault;
  private volatile Dangers dangers = (_, _) -> Optional.empty();

  Spoken(
      Db db,
      CaseFiles files,
      Cases cases,
      Intake intake,
      Handling handling,
      Alarms alarms,
      Photos photos,
      Community community) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.intake = intake;
    this.handling = handling;
    this.alarms = alarms;
    this.photos = photos;
    this.community = community;
    this.territories = community.territories();
  }

  /// @param keys by which codes are hashed
  public void start(Vault keys, Dangers known) {
    vault = keys;
    dangers = known;
  }

  // Who may, and where.

  /// Whether they take down what people say: those who look after a territory.
  static boolean mayTakeDown(Staff staff) {
    return Scope.ROLES.contains(staff.role());
  }

  /// What they look after; of a grid cell its community, since who lives where in it is often said
  /// only later.
  Territory around(Staff staff) {
    Territory own = territories.byId(staff.territoryId());
    return own.level() == Level.GRID ? territories.communityOf(own).orElse(own) : own;
  }

  boolean mayTakeDownAt(Staff staff, Territory place) {
    return mayTakeDown(staff) && place.path().startsWith(around(staff).path());
  }

  // What helps while it is written.

  Optional<Danger> danger(Staff staff, String what) {
    return dangers.in(what, staff.language());
  }

  /// Open matters of that kind there which they may see, the newest first.
  List<Case> alike(Staff staff, String category, Territory place) {
    List<CaseId> found =
        store.alike(
            db,
            staff,
            Scope.of(staff, territories),
            Units.of(place, territories),
            place.path(),
            category,
            ALIKE);
    return found.isEmpty()
        ? List.of()
        : cases.named(db, found).stream()
            .sorted(Comparator.comparingLong((Case each) -> each.id().value()).reversed())
            .toList();
  }

  /// Those of this telephone number whom they may know of: who lives in what they look after, or
  /// has told a case that they see.
  List<Person> known(Staff staff, String phone) {
    Territory around = around(staff);
    return community.people().byPhone(db, phone).stream()
        .filter(each -> isKnown(staff, around, each))
        .toList();
  }

  private boolean isKnown(Staff staff, Territory around, Person each) {
    Long home = each.homeId();
    return (home != null && around.contains(territories.byId(home)))
        || !cases.ofPersonVisibleTo(staff, each.id(), 1).isEmpty();
  }

  // Taking it down.

  /// What is done with the case and its code in the transaction that opens it, before anybody can
  /// see it; never for what was sent before.
  interface Along {
    /// @param code null: nobody told it, so nobody is given one
    void with(Tx tx, CaseId id, @Nullable SlipCode code);
  }

  /// Opens a case. Under the same key nothing is opened twice: whoever sends it again is given the
  /// one that there is.
  ///
  /// @param rings it is danger to life: it is with the emergency line, and the alarm rings
  Case file(Staff staff, Sending sending, Told told, boolean rings, Along along) {
    return file(staff, sending, told, rings ? dangerIn(staff, told) : null, along);
  }

  /// The same, where nobody is given the code on paper: another can be drawn at any time.
  public Case file(Staff staff, Sending sending, Told told) {
    return file(staff, sending, told, null, (_, _, _) -> {});
  }

  private String dangerIn(Staff staff, Told told) {
    return danger(staff, told.what())
        .map(Danger::kind)
        .orElseThrow(() -> new Refusal("spoken-no-danger", 422));
  }

  private Case file(Staff staff, Sending sending, Told told, @Nullable String danger, Along also) {
    String what = CaseFiles.sound(told.what(), "spoken-what-missing");
    Territory place = place(staff, told.territory());
    Instant said = saidAt(told.saidAt());
    List<Photos.Drawn> drawn = Photos.drawn(told.photos());
    List<Person> known = found(staff, told.by());
    return db.inTransaction(tx -> {
      store.hold(tx, sending);
      Optional<CaseId> before = store.sent(tx, sending, staff.id());
      if (before.isPresent()) {
        return cases.named(tx, before.get()).orElseThrow();
      }
      Long person = teller(tx, told.by(), known);
      NewCase draft =
          NewCase.of(what, place.id(), told.way().word())
              .by(person, person == null ? null : addressOf(tx, person))
              .place(cut(told.place(), LONGEST_PLACE))
              .category(told.category())
              .confirmed(true)
              .confidential(told.confidential())
              .enteredBy(staff.id())
              .ready();
      Future<Instant> saidAt = Future.succeededFuture(said);
      Opened opened =
          danger == null
              ? intake.open(tx, draft, saidAt)
              : intake.handOff(tx, draft, saidAt, danger);
      if (danger != null) {
        var _ = alarms.ring(tx, opened.id(), draft.addressId(), place.id(), danger, files.now());
      }
      if (!sendings.take(tx, sending.key(), staff.id(), opened.id(), files.now())) {
        throw new Refusal("form-outdated", 422); // the key is somebody else's
      }
      keep(tx, staff, opened.id(), drawn);
      also.with(tx, opened.id(), draft.isTold() ? draw(tx, staff, opened.id()) : null);
      return cases.named(tx, opened.id()).orElseThrow();
    });
  }

  /// Pictures are those of a note, and seen by whoever sees the case.
  private void keep(Tx tx, Staff staff, CaseId id, List<Photos.Drawn> drawn) {
    if (drawn.isEmpty()) {
      return;
    }
    CaseFile file = files.open(tx, caseStore.byId(tx, id).orElseThrow());
    String text = Words.in(staff.language()).of("photo.alone");
    long note = file.note(staff.id(), text, List.of());
    photos.keep(tx, id, note, file.at(), drawn);
    file.tell(new CaseEvent.Noted(null, file.rule(), staff.id(), note, file.digest(text)));
    file.keep(false);
  }

  /// It is the same as one that there is: it is noted there, once under this key. Nothing of who
  /// told it goes along, since that one is somebody else's.
  Case addTo(Staff staff, Sending sending, String code, Told told) {
    Case matter = visible(staff, code);
    if (!matter.takesMore()) {
      throw new Refusal("case-closed", 409, matter.number().text());
    }
    Words words = Words.in(staff.language());
    String what = CaseFiles.sound(told.what(), "spoken-what-missing");
    String place = cut(told.place(), LONGEST_PLACE);
    String way = CasePages.Filtering.channel(words, told.way().word());
    String added = told.way().isTold() ? "spoken.added-note" : "spoken.found-note";
    String note =
        place == null ? words.of(added, way, what) : words.of(added + "-place", way, what, place);
    return handling.note(staff, matter.id(), sending, note, told.photos());
  }

  Case visible(Staff staff, String code) {
    return cases.visibleTo(staff, code);
  }

  private Territory place(Staff staff, long id) {
    Territory place;
    try {
      place = territories.byId(id);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
    if (!mayTakeDownAt(staff, place)) {
      throw new Refusal(
          "spoken-place-not-yours",
          403,
          territories.nameForResident(place),
          territories.phoneOf(place).orElse("—"));
    }
    return place;
  }

  private Instant saidAt(@Nullable Instant wanted) {
    Instant now = files.now();
    if (wanted == null) {
      return now;
    }
    if (wanted.isAfter(now.plus(AHEAD)) || wanted.isBefore(now.minus(LOOKS_BACK))) {
      throw new Refusal("spoken-said-wrong", 422, LOOKS_BACK.toDays());
    }
    return wanted.isAfter(now) ? now : wanted;
  }

  private List<Person> found(Staff staff, Teller by) {
    String phone = by.phone();
    return phone == null || by.other() ? List.of() : known(staff, phone);
  }

  /// @return null: nobody knows who they are
  private @Nullable Long teller(Tx tx, Teller by, List<Person> known) {
    if (by.known() != null) {
      return known.stream()
          .map(Person::id)
          .filter(each -> Objects.equals(each, by.known()))
          .findFirst()
          .map(each -> store.hold(tx, each))
          .orElseThrow(() -> new Refusal("form-outdated", 422));
    }
    if (known.size() == 1) {
      return store.hold(tx, known.getFirst().id());
    }
    String called = cut(by.called(), LONGEST_NAME);
    return called == null && by.phone() == null
        ? null
        : community.people().register(tx, called, null, by.phone(), null);
  }

  /// They are answered in their chat only where a member of staff has talked to them on this
  /// number: anybody can say a number.
  private @Nullable Long addressOf(Tx tx, long person) {
    People people = community.people();
    if (people.phoneVerified(tx, person).isEmpty()) {
      return null;
    }
    List<Address> reached =
        people.addressesOf(tx, person).stream().filter(Address::follows).toList();
    Long chosen = people.chosen(tx, person).orElse(null);
    return reached.stream()
        .map(Address::id)
        .filter(each -> Objects.equals(each, chosen))
        .findFirst()
        .orElse(reached.isEmpty() ? null : reached.getFirst().id());
  }

  private static @Nullable String cut(@Nullable String text, int longest) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String sound = text.strip();
    if (sound.length() > longest) {
      throw new Refusal("text-too-long", 422, longest);
    }
    return sound;
  }

  // The code on paper.

  /// The one before opens nothing any more, nor does the page that it opened.
  Case redraw(Staff staff, String ip, String code, BiConsumer<CaseId, SlipCode> keep) {
    return db.inTransaction(tx -> {
      Case matter = cases.visibleTo(tx, staff, cases.visibleTo(staff, code).id());
      requireSlips(staff, matter);
      files.lock(tx, matter.id());
      audit(tx, staff, ip, Deed.SLIP_CODE_DRAWN, matter);
      keep.accept(matter.id(), draw(tx, staff, matter.id()));
      return matter;
    });
  }

  /// Whose matter has a slip, and who gives it to them: the desk that has it, who directs it, and
  /// who took it down.
  boolean mayDraw(Staff staff, Case matter) {
    Permits permits = cases.permits(staff, matter);
    return matter.enteredBy() != null
        && matter.isTold()
        && (permits.isHandler() || permits.directs() || matter.isEnteredBy(staff.id()));
  }

  private void requireSlips(Staff staff, Case matter) {
    if (!mayDraw(staff, matter)) {
      throw new Refusal("case-not-your-desk", 403, matter.deskName());
    }
  }

  private SlipCode draw(Tx tx, Staff staff, CaseId id) {
    SlipCode code = SlipCode.random();
    store.draw(tx, id, keys().hash(code.hashed()), Codes.random(), staff.id(), files.now());
    return code;
  }

  /// Whether anybody can get in touch with who told it.
  boolean isReached(Case matter) {
    Long person = matter.personId();
    return matter.addressId() != null
        || (person != null && community.people().byId(db, person).phoneMasked() != null);
  }

  /// When the code that opens it was drawn; empty: none does.
  Optional<Instant> drawnAt(CaseId id) {
    return store.drawnAt(db, id);
  }

  /// The page that this code opens. What is compared are keyed hashes, so how long it takes tells
  /// nothing of any code.
  Optional<String> page(SlipCode code) {
    return store.page(db, keys().hashes(code.hashed()));
  }

  byte[] sealed(SlipCode code) {
    return keys().seal(code.text());
  }

  /// Empty: it was sealed by a key that is not here any more.
  Optional<SlipCode> opened(byte[] sealed) {
    try {
      return SlipCode.parse(keys().open(sealed));
    } catch (IllegalArgumentException cannot) {
      return Optional.empty();
    }
  }

  private Vault keys() {
    return requireNonNull(vault, "not started");
  }

  /// The one that they have just taken down, though it may not be theirs to see: what is told of
  /// staff goes above them.
  Optional<Case> entered(Staff staff, String code) {
    return caseStore.byCode(db, code).filter(each -> each.isEnteredBy(staff.id()));
  }

  // Calling back.

  /// The number in full, for whoever may answer; who looked is in the audit.
  String number(Staff staff, String ip, String code) {
    Case matter = cases.visibleTo(staff, code);
    cases.permits(staff, matter).require(Cases.Step.ANSWER);
    Long person = matter.personId();
    return db.inTransaction(tx -> {
      String phone =
          Optional.ofNullable(person)
              .flatMap(each -> community.people().phone(tx, each))
              .orElseThrow(Refusal::notFound);
      audit(tx, staff, ip, Deed.RESIDENT_NUMBER_SEEN, matter);
      return phone;
    });
  }

  private void audit(Sql sql, Staff staff, String ip, Deed deed, Case matter) {
    community
        .audit()
        .write(sql, Who.staff(staff.id(), ip), deed, Map.of("case", matter.number().base()));
  }
}
