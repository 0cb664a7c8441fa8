package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.Cases;
import io.linyu.community.Address;
import io.linyu.community.Community;
import io.linyu.community.Merge;
import io.linyu.community.People;
import io.linyu.community.Person;
import io.linyu.community.PersonEvent;
import io.linyu.community.Staff;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.linyu.reception.PersonPages.Card;
import io.linyu.reception.PersonPages.Compared;
import io.linyu.reception.PersonPages.Found;
import io.linyu.reception.PersonPages.Joined;
import io.linyu.reception.PersonPages.Pair;
import io.linyu.reception.PersonPages.Sought;
import io.linyu.reception.PersonPages.Spot;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who stands behind a case: where they are reached, whether two are one, whether somebody has
/// talked to them on their number. A fragment of the case's page.
///
/// A person is seen by way of a case that one may see, and joined only with a person of whom one
/// may see a case, too.
final class PersonRoutes implements Routes {
  private static final int LONGEST_REASON = 500;
  private static final int LONGEST_SOUGHT = 40;
  private static final int LEAST_DIGITS = 7;

  private final Db db;
  private final Cases cases;
  private final Community community;
  private final People people;
  private final Joinings joinings;
  private final Events events;
  private final Page page;

  PersonRoutes(
      Db db, Cases cases, Community community, Joinings joinings, Events events, Page page) {
    this.db = db;
    this.cases = cases;
    this.community = community;
    this.people = community.people();
    this.joinings = joinings;
    this.events = events;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/people/:code").handler(sequential(this::show));
    router.get("/console/people/:code/found").handler(sequential(this::find));
    router.get("/console/people/:code/with/:other").handler(sequential(this::compare));
    router.post("/console/people/:code/joinings").handler(sequential(this::join));
    router.post("/console/people/:code/joinings/:id/undone").handler(sequential(this::undo));
    router.post("/console/people/:code/phone").handler(sequential(this::verify));
  }

  private void show(RoutingContext rc) {
    page.send(rc, "reception/_person", card(rc, matter(rc), false));
  }

  private void find(RoutingContext rc) {
    Case matter = matter(rc);
    String typed = rc.request().getParam("q");
    String sought = typed == null ? "" : typed.strip();
    if (sought.length() > LONGEST_SOUGHT) {
      throw new Refusal("text-too-long", 422, LONGEST_SOUGHT);
    }
    page.send(
        rc,
        "reception/_person-found",
        new Sought(
            Frame.of(rc).words(),
            url(matter),
            id(matter),
            sought,
            found(rc, personOf(matter), sought)));
  }

  /// By a telephone number, or by the number of a case.
  private List<Found> found(RoutingContext rc, long person, String sought) {
    Staff staff = Staff.signedIn(rc);
    Words words = Frame.of(rc).words();
    boolean isPhone = sought.replaceAll("[^0-9]", "").length() >= LEAST_DIGITS;
    Stream<Case> byPhone =
        isPhone
            ? people.byPhone(db, sought).stream().flatMap(each -> latest(staff, each.id()).stream())
            : Stream.empty();
    Stream<Case> byNumber =
        CaseNumber.parse(sought).flatMap(number -> cases.byNumberVisibleTo(staff, number)).stream();
    List<Case> found =
        Stream.concat(byPhone, byNumber)
            .filter(each -> each.personId() != null && each.personId() != person)
            .toList();
    if (isPhone) {
      found.forEach(each -> look(rc, Deed.PERSON_SOUGHT, matter(rc), each));
    }
    return found.stream().map(each -> found(each, words)).toList();
  }

  /// Whose data is looked at can be told later by whom, and so can they.
  private void look(RoutingContext rc, Deed how, Case here, Case there) {
    community
        .audit()
        .write(
            db, who(rc), how, Map.of("case", here.number().base(), "other", there.number().base()));
  }

  private Optional<Case> latest(Staff staff, long person) {
    return cases.ofPersonVisibleTo(staff, person, 1).stream().findFirst();
  }

  private Found found(Case by, Words words) {
    return new Found(
        by.code(),
        by.number().toString(),
        by.title(),
        called(people.byId(db, personOf(by)), words));
  }

  private void compare(RoutingContext rc) {
    Case here = matter(rc);
    Case there = cases.visibleTo(Staff.signedIn(rc), requireNonNull(rc.pathParam("other")));
    Frame frame = Frame.of(rc);
    look(rc, Deed.PERSON_COMPARED, here, there);
    page.send(
        rc,
        "reception/_person-compared",
        new Compared(
            frame.words(),
            frame.form(),
            url(here),
            there.code(),
            pairs(rc, personOf(here), personOf(there)),
            there.number().toString()));
  }

  private List<Pair> pairs(RoutingContext rc, long here, long there) {
    Words words = Frame.of(rc).words();
    Staff staff = Staff.signedIn(rc);
    Person one = people.byId(db, here);
    Person other = people.byId(db, there);
    return List.of(
        new Pair(words.of("person.called"), called(one, words), called(other, words)),
        new Pair(words.of("person.home"), home(one), home(other)),
        new Pair(words.of("person.phone"), phone(one), phone(other)),
        new Pair(words.of("person.addresses"), ways(here, words), ways(there, words)),
        new Pair(words.of("person.last"), last(staff, here), last(staff, there)));
  }

  private static String called(Person person, Words words) {
    return person.called() == null ? words.of("fact.resident") : person.called();
  }

  private String home(Person person) {
    Long home = person.homeId();
    var territories = community.territories();
    return home == null ? "—" : territories.nameForResident(territories.byId(home));
  }

  private static String phone(Person person) {
    return person.phoneMasked() == null ? "—" : person.phoneMasked();
  }

  private String ways(long person, Words words) {
    return String.join(
        words.of("list.and"),
        people.addressesOf(db, person).stream()
            .map(each -> Ways.label(words, each.key()))
            .distinct()
            .toList());
  }

  private String last(Staff staff, long person) {
    return latest(staff, person).map(each -> each.number() + " " + each.title()).orElse("—");
  }

  private void join(RoutingContext rc) {
    Case matter = acting(rc);
    Staff staff = Staff.signedIn(rc);
    Case other = cases.visibleTo(staff, field(rc, "other"));
    String reason = field(rc, "reason").strip();
    if (reason.isEmpty()) {
      throw new Refusal("reason-missing", 422);
    }
    if (reason.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    Merge merge =
        db.inTransaction(tx -> {
          Merge made = joinings.join(tx, personOf(matter), personOf(other), staff.id(), reason);
          community
              .audit()
              .write(
                  tx,
                  who(rc),
                  Deed.PEOPLE_JOINED,
                  Map.of(
                      "case", matter.number().base(),
                      "other", other.number().base(),
                      "merge", made.id()));
          return made;
        });
    done(
        rc,
        matter,
        "done.people-joined",
        new Htmx.Undo("POST", url(matter) + "/joinings/" + merge.id() + "/undone", Map.of()));
  }

  private void undo(RoutingContext rc) {
    Case matter = acting(rc);
    long id = number(requireNonNull(rc.pathParam("id")));
    if (merges(personOf(matter)).noneMatch(each -> each.id() == id)) {
      throw Refusal.notFound();
    }
    db.withinTransaction(tx -> {
      var _ = joinings.undo(tx, id, Staff.signedIn(rc).id());
      community
          .audit()
          .write(
              tx, who(rc), Deed.PEOPLE_PARTED, Map.of("case", matter.number().base(), "merge", id));
    });
    done(rc, matter, "done.people-parted", null);
  }

  private void verify(RoutingContext rc) {
    Case matter = acting(rc);
    Staff staff = Staff.signedIn(rc);
    long person = personOf(matter);
    String phone = field(rc, "phone");
    db.withinTransaction(tx -> {
      people.verifyPhone(tx, person, phone, staff.id());
      events.write(tx, PersonEvent.VOCABULARY, person, new PersonEvent.PhoneVerified(staff.id()));
      community
          .audit()
          .write(tx, who(rc), Deed.PHONE_VERIFIED, Map.of("case", matter.number().base()));
    });
    done(rc, matter, "done.phone-verified", null);
  }

  private void done(RoutingContext rc, Case matter, String what, Htmx.@Nullable Undo undo) {
    if (!Htmx.asks(rc)) {
      Htmx.see(rc, "/console/cases/" + matter.code());
      return;
    }
    Htmx.toast(rc, Frame.of(rc).words().of(what), undo);
    // Whose it is may have changed with it.
    page.send(rc, "reception/_person", card(rc, matter(rc), true));
  }

  private Card card(RoutingContext rc, Case matter, boolean oob) {
    Frame frame = Frame.of(rc);
    Words words = frame.words();
    long person = personOf(matter);
    Staff staff = Staff.signedIn(rc);
    boolean acts = mayAct(staff, matter);
    Long chosen = people.chosen(db, person).orElse(null);
    return new Card(
        words,
        frame.form(),
        id(matter),
        url(matter),
        people.addressesOf(db, person).stream()
            .map(each -> new Spot(Ways.label(words, each.key()), mark(each, chosen, words)))
            .toList(),
        people.byId(db, person).phoneMasked(),
        people
            .phoneVerified(db, person)
            .map(each ->
                words.of("person.verified", nameOf(each.staff()), frame.moments().full(each.at())))
            .orElse(null),
        acts,
        merges(person).map(each -> joined(each, frame)).toList(),
        acts
            ? people.withSamePhone(db, person).stream()
                .flatMap(each -> latest(staff, each.id()).stream())
                .map(each -> found(each, words))
                .toList()
            : List.of(),
        oob);
  }

  private static String mark(Address each, @Nullable Long chosen, Words words) {
    if (!each.follows()) {
      return words.of("person.left");
    }
    return chosen != null && chosen == each.id() ? words.of("way.why.chosen") : "";
  }

  private Joined joined(Merge each, Frame frame) {
    Long staff = each.staff();
    String at = frame.moments().full(each.at());
    return new Joined(
        each.id(),
        staff == null
            ? frame.words().of("person.joined-by-code", at)
            : frame.words().of("person.joined-by", nameOf(staff), at),
        each.reason());
  }

  private Stream<Merge> merges(long person) {
    return community.merges().of(db, person).stream()
        .filter(each -> each.isInForce() && each.kept() == person);
  }

  private String nameOf(long staff) {
    return community.staff().byId(staff).map(Staff::name).orElse("");
  }

  private static Who who(RoutingContext rc) {
    return Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc));
  }

  private Case acting(RoutingContext rc) {
    Case matter = matter(rc);
    if (!mayAct(Staff.signedIn(rc), matter)) {
      throw Refusal.notFound();
    }
    return matter;
  }

  /// Whoever may work on it.
  private boolean mayAct(Staff staff, Case matter) {
    return !cases.stepsFor(staff, matter).isEmpty();
  }

  private Case matter(RoutingContext rc) {
    Case matter = cases.visibleTo(Staff.signedIn(rc), requireNonNull(rc.pathParam("code")));
    if (matter.personId() == null) {
      throw Refusal.notFound();
    }
    return matter;
  }

  private static long personOf(Case matter) {
    Long person = matter.personId();
    if (person == null) {
      throw Refusal.notFound();
    }
    return person;
  }

  private static String url(Case matter) {
    return "/console/people/" + matter.code();
  }

  static String id(Case matter) {
    return "person-" + matter.code();
  }

  private static String field(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    if (value == null) {
      throw new Refusal("form-outdated", 422);
    }
    return value;
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException nonsense) {
      throw Refusal.notFound();
    }
  }
}
