package io.linyu.casework;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.casework.CasePages.Refused;
import io.linyu.casework.CasePages.Several;
import io.linyu.casework.CasePages.SeveralColleagues;
import io.linyu.casework.CasePages.SeveralDesks;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Handovers.Target;
import io.linyu.community.Staff;
import io.linyu.community.StaffMember;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The same with several cases of a list. Each is a step of its own, in its own transaction, by the
/// same rules as on its page; what was refused is said for each, and what was done is taken back
/// all at once.
public final class SeveralRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(SeveralRoutes.class);
  private static final int MOST = 100;
  private static final int LONGEST = 2_000;

  /// What is done. Words for what was done are under `several.done.<word>`.
  private enum Deed {
    CLAIM,
    /// Takes back a claim.
    RELEASE,
    HAND_ON,
    /// Takes back a handover.
    HAND_BACK,
    /// To a colleague at the same desk.
    GIVE,
    TAKE_BACK,
    NOTE,
    REPORT;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Nullable Deed undo() {
      return switch (this) {
        case CLAIM -> RELEASE;
        case HAND_ON -> HAND_BACK;
        case GIVE -> TAKE_BACK;
        case RELEASE, HAND_BACK, TAKE_BACK, NOTE, REPORT -> null;
      };
    }
  }

  /// A case as it was seen.
  private record Pick(String code, int version) {}

  private final Cases cases;
  private final Handling handling;
  private final Checking checking;
  private final Handovers handovers;
  private final Page page;

  SeveralRoutes(Casework casework, Page page) {
    this.cases = casework.cases();
    this.handling = casework.handling();
    this.checking = casework.checking();
    this.handovers = casework.handovers();
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.post("/console/cases/several").handler(sequential(this::act));
    router.post("/console/cases/several/colleagues").handler(sequential(this::colleagues));
    router.post("/console/cases/several/desks").handler(sequential(this::desks));
  }

  private void act(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    Words words = Frame.of(rc).words();
    List<Pick> picks = picks(rc);
    Deed deed = deed(rc);
    var done = new ArrayList<Case>();
    var refused = new ArrayList<Refused>();
    for (Pick pick : picks) {
      Case matter = null;
      try {
        matter = cases.visibleTo(staff, pick.code());
        done.add(carryOut(rc, deed, staff, matter, pick.version()));
      } catch (Refusal why) {
        refused.add(refused(matter, words.of(why)));
      } catch (RuntimeException failed) {
        // The others are not to suffer, and this one must not be taken for done.
        LOG.error("{} of case {}", deed, matter == null ? "?" : matter.id(), failed);
        refused.add(refused(matter, words.of("refusal.other")));
      }
    }
    String said =
        refused.isEmpty()
            ? words.of("several.done." + deed.word(), done.size())
            : words.of(
                "several.partly",
                words.of("several.done." + deed.word(), done.size()),
                refused.size());
    Htmx.toast(rc, said, undo(staff, deed, done));
    rc.response()
        .putHeader("HX-Retarget", "#several-result")
        .putHeader("HX-Reswap", "innerHTML")
        .putHeader("HX-Trigger-After-Settle", "linyu:list");
    page.send(rc, "casework/_several", new Several(words, said, refused));
  }

  private Case carryOut(RoutingContext rc, Deed deed, Staff staff, Case matter, int version) {
    return switch (deed) {
      case CLAIM -> {
        if (matter.isHeldBy(staff.id())) {
          throw new Refusal("case-yours", 409); // taking it back would take away what was there
        }
        yield handling.claimUnheld(staff, matter.id(), version);
      }
      case RELEASE -> handling.release(staff, matter.id(), version);
      case HAND_ON -> handovers.handOn(staff, matter.id(), version, desk(rc), text(rc));
      case GIVE -> handling.give(staff, matter.id(), version, colleague(rc));
      case TAKE_BACK -> handling.takeBack(staff, matter.id(), version);
      case HAND_BACK -> handovers.handBack(staff, matter.id(), version);
      case NOTE -> handling.note(staff, matter.id(), text(rc));
      case REPORT -> checking.report(staff, matter.id(), version, text(rc));
    };
  }

  private static Refused refused(@Nullable Case matter, String why) {
    return matter == null
        ? new Refused(null, null, null, why)
        : new Refused(matter.code(), matter.number().text(), matter.title(), why);
  }

  private Htmx.@Nullable Undo undo(Staff staff, Deed deed, List<Case> done) {
    Deed undo = deed.undo();
    if (undo == null) {
      return null;
    }
    String picks =
        done.stream()
            .filter(each -> undo != Deed.HAND_BACK || mayTakeBack(staff, each))
            .map(each -> each.code() + ":" + each.version())
            .collect(Collectors.joining(","));
    return picks.isEmpty()
        ? null
        : new Htmx.Undo(
            "POST", "/console/cases/several", Map.of("deed", undo.word(), "picks", picks));
  }

  /// Not what has gone to where they cannot look.
  private boolean mayTakeBack(Staff staff, Case now) {
    try {
      return cases.stepsFor(staff, cases.visibleTo(staff, now.id())).contains(Step.HAND_BACK);
    } catch (Refusal gone) {
      return false;
    }
  }

  /// The desks that all of them can go to.
  private void desks(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    List<Target> common = null;
    for (Pick pick : picks(rc)) {
      Case matter = cases.visibleTo(staff, pick.code());
      List<Target> here = handovers.targets(staff, matter.id());
      List<Long> ids = here.stream().map(Target::deskId).toList();
      common =
          common == null
              ? here
              : common.stream().filter(each -> ids.contains(each.deskId())).toList();
    }
    page.send(
        rc,
        "casework/_several-desks",
        new SeveralDesks(
            Frame.of(rc).words(), Frame.of(rc).moments(), common == null ? List.of() : common));
  }

  /// Those who can be given all of them.
  private void colleagues(RoutingContext rc) {
    Staff staff = Staff.signedIn(rc);
    List<StaffMember> common = null;
    for (Pick pick : picks(rc)) {
      List<StaffMember> here = handling.colleagues(staff, cases.visibleTo(staff, pick.code()));
      common = common == null ? here : common.stream().filter(here::contains).toList();
    }
    page.send(
        rc,
        "casework/_several-colleagues",
        new SeveralColleagues(Frame.of(rc).words(), common == null ? List.of() : common));
  }

  private static List<Pick> picks(RoutingContext rc) {
    String given = rc.request().getFormAttribute("picks");
    if (given == null || given.isBlank()) {
      throw new Refusal("several-none", 422);
    }
    List<Pick> picks = Arrays.stream(given.split(",")).map(SeveralRoutes::pick).distinct().toList();
    if (picks.size() > MOST) {
      throw new Refusal("several-too-many", 422, MOST);
    }
    return picks;
  }

  private static Pick pick(String given) {
    int between = given.indexOf(':');
    return new Pick(
        given.substring(0, Math.max(0, between)), (int) number(given.substring(between + 1)));
  }

  private static Deed deed(RoutingContext rc) {
    String given = rc.request().getFormAttribute("deed");
    return Arrays.stream(Deed.values())
        .filter(each -> each.word().equals(given))
        .findFirst()
        .orElseThrow(() -> new Refusal("form-outdated", 422));
  }

  private static long colleague(RoutingContext rc) {
    String colleague = rc.request().getFormAttribute("colleague");
    return number(colleague == null ? "" : colleague);
  }

  private static long desk(RoutingContext rc) {
    String desk = rc.request().getFormAttribute("desk");
    return number(desk == null ? "" : desk);
  }

  private static long number(String given) {
    try {
      return Long.parseLong(given);
    } catch (NumberFormatException e) {
      throw new Refusal("form-outdated", 422);
    }
  }

  private static String text(RoutingContext rc) {
    String given = rc.request().getFormAttribute("text");
    String text = given == null ? "" : given.strip();
    if (text.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    if (text.length() > LONGEST) {
      throw new Refusal("text-too-long", 422, LONGEST);
    }
    return text;
  }
}
