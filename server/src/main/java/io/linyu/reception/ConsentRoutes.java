package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.Cases;
import io.linyu.community.Community;
import io.linyu.community.Consent;
import io.linyu.community.Consents;
import io.linyu.community.Person;
import io.linyu.community.Staff;
import io.linyu.community.Territory;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import io.linyu.reception.ConsentPages.Board;
import io.linyu.reception.ConsentPages.Code;
import io.linyu.reception.ConsentPages.One;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// 家人代办 on the card of a person: who may act for them, for whom they may act. Staff write down what
/// they were told, and give the relative a code by which to take it. A part of the person's card
/// that is asked for when it is opened, for every look is audited.
final class ConsentRoutes implements Routes {
  private final Db db;
  private final Cases cases;
  private final Community community;
  private final Consents consents;
  private final Acting acting;
  private final PassingCodes codes;
  private final Page page;
  private final Clock clock;

  ConsentRoutes(
      Db db,
      Cases cases,
      Community community,
      Acting acting,
      PassingCodes codes,
      Page page,
      Clock clock) {
    this.db = db;
    this.cases = cases;
    this.community = community;
    this.consents = community.consents();
    this.acting = acting;
    this.codes = codes;
    this.page = page;
    this.clock = clock;
  }

  @Override
  public void mount(Router router) {
    String path = "/console/people/:code/consents";
    router.get(path).handler(sequential(this::show));
    router.post(path).handler(sequential(this::record));
    router.post(path + "/:id/ended").handler(sequential(this::end));
    router.post(path + "/:id/renewed").handler(sequential(this::renew));
    router.post(path + "/:id/code").handler(sequential(this::draw));
  }

  private void show(RoutingContext rc) {
    Case matter = matter(rc);
    audit(db, rc, Deed.CONSENTS_SEEN, matter);
    page.send(rc, "reception/_consents", board(rc, matter, null));
  }

  /// The person of the card lets somebody act for them; or somebody without a chat lets this person
  /// act, of whom staff write down here who they are.
  private void record(RoutingContext rc) {
    Case matter = acting(rc);
    boolean forOther = "other".equals(rc.request().getFormAttribute("for"));
    Consent.How how =
        Consent.How.recorded(field(rc, "how")).orElseThrow(() -> new Refusal("form-outdated", 422));
    String giverName = field(rc, "giver");
    String actorName = rc.request().getFormAttribute("actor");
    String kinship = field(rc, "kinship");
    boolean all = "all".equals(rc.request().getFormAttribute("sees"));
    Staff staff = Staff.signedIn(rc);
    Drawn drawn =
        db.inTransaction(tx -> {
          long giver = forOther ? register(tx, rc, matter, giverName) : personOf(matter);
          Consent made =
              acting.record(
                  tx,
                  staff,
                  giver,
                  kinship,
                  giverName,
                  actorName,
                  forOther ? personOf(matter) : null,
                  how,
                  all);
          audit(tx, rc, Deed.CONSENT_RECORDED, matter);
          return new Drawn(made, consents.draw(tx, made.id()));
        });
    done(rc, matter, "done.consent-recorded", drawn);
  }

  private long register(Tx tx, RoutingContext rc, Case matter, String name) {
    String phone = rc.request().getFormAttribute("phone");
    String typed = rc.request().getFormAttribute("home");
    var territories = community.territories();
    Long home = null;
    if (typed != null && !typed.isBlank()) {
      Territory here = territories.byId(matter.territoryId());
      List<Territory> found =
          territories.findBuildings(typed, territories.communityOf(here).orElse(here));
      if (found.size() != 1) {
        throw new Refusal("home-unclear", 422);
      }
      home = found.getFirst().id();
    }
    return community
        .people()
        .register(tx, null, name.strip(), phone == null || phone.isBlank() ? null : phone, home);
  }

  private void end(RoutingContext rc) {
    Case matter = acting(rc);
    Consent each = one(rc, matter);
    db.withinTransaction(tx -> {
      var _ = acting.end(tx, each, Consent.End.STAFF, Staff.signedIn(rc).id());
      audit(tx, rc, Deed.CONSENT_ENDED, matter);
    });
    done(rc, matter, "done.consent-ended", null);
  }

  private void renew(RoutingContext rc) {
    Case matter = acting(rc);
    Consent each = one(rc, matter);
    Consent.How how =
        Consent.How.recorded(field(rc, "how")).orElseThrow(() -> new Refusal("form-outdated", 422));
    db.withinTransaction(tx -> {
      var _ = acting.renew(tx, Staff.signedIn(rc), each, how);
      audit(tx, rc, Deed.CONSENT_RENEWED, matter);
    });
    done(rc, matter, "done.consent-renewed", null);
  }

  private record Drawn(Consent consent, String code) {}

  /// The one before is good for nothing from now on.
  private void draw(RoutingContext rc) {
    Case matter = acting(rc);
    Consent each = one(rc, matter);
    Drawn drawn =
        db.inTransaction(tx -> {
          String code = consents.draw(tx, each.id());
          audit(tx, rc, Deed.CONSENT_CODE_DRAWN, matter);
          return new Drawn(each, code);
        });
    done(rc, matter, "done.consent-code", drawn);
  }

  private void done(RoutingContext rc, Case matter, String what, @Nullable Drawn drawn) {
    if (!Htmx.asks(rc) && drawn == null) {
      Htmx.see(rc, "/console/cases/" + matter.code());
      return;
    }
    if (Htmx.asks(rc)) {
      Htmx.toast(rc, Frame.of(rc).words().of(what), null);
    }
    page.send(rc, "reception/_consents", board(rc, matter, drawn));
  }

  private Board board(RoutingContext rc, Case matter, @Nullable Drawn drawn) {
    Frame frame = Frame.of(rc);
    long person = personOf(matter);
    Person who = community.people().byId(db, person);
    return new Board(
        frame.words(),
        frame.form(),
        id(matter),
        url(matter),
        mayAct(Staff.signedIn(rc), matter),
        who.called() == null ? "" : who.called(),
        consents.givenBy(db, person).stream()
            .filter(each -> each.staff() != null || each.takenAt() != null)
            .map(each -> shown(each, frame, true))
            .toList(),
        Stream.concat(consents.meantFor(db, person).stream(), consents.takenBy(db, person).stream())
            .map(each -> shown(each, frame, false))
            .toList(),
        drawn == null ? null : code(drawn, frame.words()));
  }

  private Code code(Drawn drawn, Words words) {
    return new Code(
        drawn.code(),
        acting.actorName(drawn.consent(), words),
        codes.toAct(drawn.code(), Consents.LASTS).map(QrCode::of).orElse(null));
  }

  private One shown(Consent each, Frame frame, boolean given) {
    Words words = frame.words();
    String name =
        given
            ? each.actorName() == null ? "" : Mask.name(each.actorName())
            : acting.maskedGiver(db, each, words);
    String kinship = Acting.kinship(each, words);
    boolean stands = each.isInForce(clock.instant());
    boolean waits = each.isOffered(clock.instant());
    boolean lapsed =
        each.takenAt() != null && (each.endedBy() == null || each.endedBy() == Consent.End.EXPIRED);
    return new One(
        each.id(),
        words.of(given ? "consent.who-given" : "consent.who-taken", kinship, name).strip(),
        told(each, frame, stands, waits),
        stands ? "stands" : waits ? "waiting" : "over",
        lapsed && !isRenewed(each));
  }

  /// Whether another one that renewed it stands.
  private boolean isRenewed(Consent each) {
    Consent newest = consents.newest(db, List.of(each.first())).get(each.first());
    return newest != null && newest.id() != each.id();
  }

  private String told(Consent each, Frame frame, boolean stands, boolean waits) {
    Words words = frame.words();
    Long staff = each.staff();
    String how =
        staff == null
            ? words.of("consent.by-code", frame.moments().full(each.givenAt()))
            : words.of(
                "consent.by-staff",
                words.of("consent.how." + each.how().word()),
                nameOf(staff),
                frame.moments().full(each.givenAt()));
    String sees = words.of(each.seesAll() ? "consent.sees-all" : "consent.sees-own");
    String state;
    if (stands) {
      state = words.of("consent.stands", acting.day(each, words));
    } else if (waits) {
      state = words.of("consent.waits");
    } else if (each.endedAt() != null && each.endedBy() != null) {
      Long by = each.endedStaff();
      state =
          words.of(
              "consent.ended." + each.endedBy().word(),
              frame.moments().full(each.endedAt()),
              by == null ? "" : nameOf(by));
    } else if (each.until().isAfter(clock.instant())) {
      state = words.of("consent.same-person");
    } else {
      state = words.of("consent.ended.expired", acting.day(each, words), "");
    }
    return String.join(words.of("consent.comma"), state, sees, how);
  }

  private String nameOf(long staff) {
    return community.staff().byId(staff).map(Staff::name).orElse("");
  }

  /// Of this person, on either side.
  private Consent one(RoutingContext rc, Case matter) {
    long id = number(requireNonNull(rc.pathParam("id")));
    long person = personOf(matter);
    return Stream.of(
            consents.givenBy(db, person),
            consents.takenBy(db, person),
            consents.meantFor(db, person))
        .flatMap(List::stream)
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  private void audit(Sql sql, RoutingContext rc, Deed what, Case matter) {
    community
        .audit()
        .write(
            sql,
            Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc)),
            what,
            Map.of("case", matter.number().base()));
  }

  private Case acting(RoutingContext rc) {
    Case matter = matter(rc);
    if (!mayAct(Staff.signedIn(rc), matter)) {
      throw Refusal.notFound();
    }
    return matter;
  }

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
    return requireNonNull(matter.personId());
  }

  private static String url(Case matter) {
    return "/console/people/" + matter.code() + "/consents";
  }

  private static String id(Case matter) {
    return "consents-" + matter.code();
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
