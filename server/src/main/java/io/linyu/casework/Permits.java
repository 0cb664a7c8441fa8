package io.linyu.casework;

import static io.linyu.casework.CaseState.ARCHIVED;
import static io.linyu.casework.CaseState.DISPATCHED;
import static io.linyu.casework.CaseState.FILED;
import static io.linyu.casework.CaseState.HANDLING;
import static io.linyu.casework.CaseState.INSPECTING;
import static io.linyu.casework.CaseState.REPORTED;
import static io.linyu.casework.CaseState.RETURN_VISIT;
import static io.linyu.casework.CaseState.SUSPENDED;
import static io.linyu.casework.CaseState.VERIFYING;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.text.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one member of staff may do with one case as it stands. The buttons of the page and the
/// verbs of the door ask the same.
///
/// @param desk that holds the case
/// @param circle the level of that desk
/// @param checks whether they may check what is said to be done, and ask the resident after it
/// @param now what is over by then holds nothing up
record Permits(Staff staff, Case matter, Desk desk, Level circle, boolean checks, Instant now) {

  /// The community's desk.
  private static final Set<String> NEAR =
      Set.of("community_secretary", "community_deputy", "info_officer");

  /// What a case that seems to complain about staff waits with, until somebody has looked.
  private static final Set<Step> AFTER_JUDGING =
      EnumSet.of(Step.MERGE, Step.SPLIT, Step.LOOK, Step.ASK_HEAD);

  /// What decides whether something is accepted, at once or by what follows from it.
  private static final Set<Step> DECIDING =
      EnumSet.of(
          Step.CLAIM,
          Step.TAKE_OVER,
          Step.GIVE,
          Step.HAND_ON,
          Step.RETURN,
          Step.NOT_LISTED,
          Step.DECIDE_RETURN,
          Step.SET_CATEGORY,
          Step.SET_TERRITORY,
          Step.REJECT);

  /// Refusals that say why, and would leave whoever reads them with that.
  private static final Set<String> DEAD_ENDS =
      Set.of("case-step", "case-closed", "case-held", "case-not-your-desk");

  /// What is named as possible instead: buttons of the page, the most useful first.
  private static final Set<Step> DEEDS =
      EnumSet.of(
          Step.CLAIM,
          Step.TAKE_OVER,
          Step.RELEASE,
          Step.GIVE,
          Step.ANSWER,
          Step.HAND_ON,
          Step.RETURN,
          Step.RAISE,
          Step.URGE,
          Step.SUPERVISE,
          Step.REPORT,
          Step.PASS,
          Step.FAIL,
          Step.CALL,
          Step.REOPEN);

  private static final int MOST_DEEDS = 4;

  static Permits of(
      Staff staff, Case matter, Desks desks, Routing routing, Checkers checkers, Instant now) {
    Desk desk = desks.byId(matter.deskId());
    Case.Lead lead = matter.lead();
    boolean checks =
        lead != null && checkers.mayCheck(matter, lead, desk, staff.id(), staff.role());
    return new Permits(staff, matter, desk, routing.circleOf(desk), checks, now);
  }

  /// In what capacities they act on it.
  Set<Actor> actors() {
    Set<Actor> actors = EnumSet.noneOf(Actor.class);
    if (isHandler()) {
      actors.add(Actor.HANDLER);
      if (matter.state() == REPORTED || matter.state() == VERIFYING) {
        actors.add(Actor.COMMUNITY); // wherever it waits is its acceptance desk
      }
      if (matter.lead() != null && checks) {
        // Where it waits for the resident is the desk that keeps contact with them.
        actors.add(matter.state() == RETURN_VISIT ? Actor.COMMUNITY : Actor.VERIFIER);
      }
      if (desk.fallback()) {
        actors.add(ofCircle(circle));
      }
    }
    if (staff.sees(matter.territoryPath())) {
      switch (staff.role()) {
        case "community_deputy", "info_officer" -> addUpTo(actors, Level.COMMUNITY);
        case "community_secretary" -> {
          addUpTo(actors, Level.COMMUNITY);
          actors.add(Actor.LEADER);
        }
        case "street_dispatcher" -> addUpTo(actors, Level.STREET);
        case "street_supervisor" -> {
          addUpTo(actors, Level.STREET);
          actors.add(Actor.LEADER);
        }
        case "district_dispatcher" -> addUpTo(actors, Level.DISTRICT);
        case "district_inspector" -> actors.add(Actor.AUDITOR);
        case "grid_worker" -> actors.add(Actor.GRID);
        default -> {}
      }
    }
    return actors;
  }

  /// A desk directs what is in its own circle or below.
  private void addUpTo(Set<Actor> actors, Level level) {
    if (matter.level().compareTo(level) >= 0) {
      actors.add(ofCircle(level));
    }
  }

  private static Actor ofCircle(Level level) {
    return switch (level) {
      case DISTRICT -> Actor.DISTRICT;
      case STREET -> Actor.STREET;
      case COMMUNITY, GROUP, BUILDING, GRID -> Actor.COMMUNITY;
    };
  }

  boolean isHandler() {
    return staff.actsAt(matter.deskId()) || matter.isHeldBy(staff.id());
  }

  /// Whether they may say where it goes: the desk of its level.
  boolean directs() {
    Set<Actor> actors = actors();
    return Stream.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT).anyMatch(actors::contains);
  }

  /// Whether they do so for the level that has it: a desk of a narrower one that was sent it does
  /// not.
  private boolean directsLevel() {
    return directs(matter.level());
  }

  /// Whether they do so for that level, or one above it.
  private boolean directs(Level level) {
    Set<Actor> actors = actors();
    return switch (level) {
      case DISTRICT -> actors.contains(Actor.DISTRICT);
      case STREET -> actors.contains(Actor.STREET) || actors.contains(Actor.DISTRICT);
      case COMMUNITY, GROUP, BUILDING, GRID -> directs();
    };
  }

  /// Who did it never reads what the resident said of it, nor do their colleagues but those who ask
  /// after it, and those who lead.
  boolean seesRating() {
    Case.Lead lead = matter.lead();
    Long did = lead == null ? matter.staffId() : lead.staffId();
    boolean theirs = staff.actsAt(lead == null ? matter.deskId() : lead.deskId());
    return (did == null || did != staff.id())
        && (!theirs || checks || actors().contains(Actor.LEADER));
  }

  List<Step> steps() {
    return Stream.of(Step.values()).filter(step -> against(step).isEmpty()).toList();
  }

  void require(Step step) {
    against(step)
        .ifPresent(refusal -> {
          throw withWhatIsPossible(refusal);
        });
  }

  /// Nobody is left with a no alone.
  private Refusal withWhatIsPossible(Refusal no) {
    if (!DEAD_ENDS.contains(no.code())) {
      return no;
    }
    Words words = Words.in(staff.language());
    List<String> deeds =
        steps().stream()
            .filter(DEEDS::contains)
            .limit(MOST_DEEDS)
            .map(each ->
                words.of("quoted", words.of("step." + each.name().toLowerCase(Locale.ROOT))))
            .toList();
    String instead =
        deeds.isEmpty()
            ? words.of("refusal.instead-note")
            : words.of("refusal.instead", String.join(words.of("list.comma"), deeds));
    var all = new ArrayList<>(no.arguments());
    all.add(instead);
    return new Refusal(no.code(), no.status(), all.toArray());
  }

  Optional<Refusal> against(Step step) {
    if (isJudgeOfOwn() && DECIDING.contains(step)) {
      return Optional.of(new Refusal("case-appeal-own", 403, matter.deskName()));
    }
    if (matter.state() == ARCHIVED && step != Step.REOPEN) {
      return Optional.of(new Refusal("case-archived", 409, matter.number().text()));
    }
    if (matter.accused().isSuspected()
        && (DECIDING.contains(step) || AFTER_JUDGING.contains(step))) {
      return Optional.of(new Refusal("case-suspected", 409, matter.number().text()));
    }
    return Optional.ofNullable(
        switch (step) {
          case CLAIM -> matter.staffId() == null ? againstTaking() : held();
          case TAKE_OVER ->
              matter.staffId() == null || matter.isHeldBy(staff.id()) ? stuck() : againstTaking();
          case RELEASE, REPORT -> againstHolding(step);
          case TAKE_RESULT_BACK -> stuck(); // likewise
          case PASS, FAIL -> againstChecking(INSPECTING);
          case CALL -> againstChecking(RETURN_VISIT);
          case REOPEN ->
              matter.state().isClosed() ? againstOpening() : againstChecking(RETURN_VISIT);
          case CO_HANDLE -> againstCoHandling();
          case TEND_PARTS -> matter.work().isOpen() ? againstHolding(step) : againstNoParts();
          case OVERRULE -> againstOverruling();
          case GIVE -> againstGiving();
          case ANSWER -> againstAnswering();
          case NOTE -> null;
          case ASK_HEAD -> againstAskingHeads();
          case LOOK -> againstLooking();
          case HAND_ON -> againstHandingOn();
          case HAND_BACK -> stuck(); // depends on what happened, not on what is
          case RETURN -> againstReturning();
          case NOT_LISTED -> againstNotListing();
          case DECIDE_RETURN -> againstDecidingReturn();
          case DISPUTE -> againstDisputing();
          case GIVE_VIEW -> againstGivingView();
          case RULE -> againstRuling();
          case TAKE_DISPUTE_BACK -> againstTakingDisputeBack();
          case RAISE -> againstRaising();
          case SEND_DOWN -> againstSendingDown();
          case URGE -> againstUrging();
          case SUPERVISE -> matter.supervisedAt() == null ? againstSupervising() : supervised();
          case REJECT -> againstRejecting();
          case MERGE -> againstMerging();
          case UNMERGE ->
              !matter.follows()
                  ? stuck()
                  : Transition.T08b.allows(matter.state(), actors()) ? null : notYourDesk();
          case SPLIT -> againstSplitting();
          case JUDGE -> againstJudging();
          case LIFT_SUPERVISION -> matter.supervisedAt() == null ? stuck() : againstSupervising();
          case ASK_EXTENSION, ASK_SUSPENSION -> againstAskingForTime();
          case DECIDE_EXTENSION -> againstDeciding(TimeRequest.What.EXTENSION);
          case DECIDE_SUSPENSION -> againstDeciding(TimeRequest.What.SUSPENSION);
          case RESUME -> againstResuming();
          case CLOSE_SUSPENDED -> againstClosingSuspended();
          case TAKE_REQUEST_BACK -> againstTakingRequestBack();
          case SET_CATEGORY, SET_TERRITORY ->
              !matter.isOpen() ? closed() : isHandler() || directs() ? null : notYourDesk();
        });
  }

  private @Nullable Refusal againstTaking() {
    if (!matter.isOpen()) {
      return closed();
    }
    Refusal moving = againstMoving();
    if (moving != null) {
      return moving;
    }
    if (!staff.actsAt(matter.deskId())) {
      return notYourDesk();
    }
    return matter.lead() == null || checks ? null : new Refusal("case-check-own", 409);
  }

  /// Whether it is done says somebody else than who did it.
  private @Nullable Refusal againstChecking(CaseState state) {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.state() != state) {
      return stuck();
    }
    Refusal refused = againstTaking();
    if (refused != null) {
      return refused;
    }
    if (matter.staffId() == null) {
      return new Refusal("case-unclaimed", 409);
    }
    return matter.isHeldBy(staff.id()) ? null : held();
  }

  private @Nullable Refusal againstOpening() {
    return actors().contains(Actor.LEADER) ? null : closed();
  }

  private @Nullable Refusal againstOverruling() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.state() != RETURN_VISIT || matter.rests()) {
      return stuck();
    }
    Case.Lead lead = matter.lead();
    boolean own = lead != null && lead.staffId() != null && lead.staffId() == staff.id();
    return actors().contains(Actor.LEADER) && !own
        ? null
        : new Refusal("case-overrule-not-yours", 403);
  }

  /// What is one's own, or what nobody has taken, by somebody who works there.
  private @Nullable Refusal againstGiving() {
    Refusal refused = againstTaking();
    if (refused != null) {
      return refused;
    }
    return matter.staffId() == null || matter.isHeldBy(staff.id()) ? null : held();
  }

  private @Nullable Refusal againstHolding(Step step) {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.staffId() == null) {
      return new Refusal("case-unclaimed", 409);
    }
    if (!matter.isHeldBy(staff.id())) {
      return held();
    }
    if (step == Step.REPORT && matter.state() != HANDLING) {
      return matter.state() == REPORTED ? new Refusal("case-category-missing", 409) : stuck();
    }
    if (step == Step.REPORT && matter.work().holdsUp(now)) {
      return new Refusal("part-open", 409, String.join("、", matter.work().desks()));
    }
    return null;
  }

  private @Nullable Refusal againstCoHandling() {
    Refusal refused = againstHolding(Step.CO_HANDLE);
    return refused != null ? refused : matter.state() == HANDLING ? null : stuck();
  }

  private Refusal againstNoParts() {
    return matter.isOpen() ? new Refusal("part-none", 409, matter.number().text()) : closed();
  }

  /// One voice: whoever could take it takes it first. The desk of the level may speak for it.
  private @Nullable Refusal againstAnswering() {
    // What nobody may take yet is answered by those of its desk.
    boolean mayBeTaken = !matter.accused().isSuspected() && againstTaking() == null;
    if (matter.isOpen() && matter.staffId() == null && mayBeTaken) {
      return new Refusal("case-unclaimed", 409);
    }
    return isHandler() || directs() || keepsContact() ? null : notYourDesk();
  }

  /// Whoever had it before it was raised, as long as it goes on.
  private boolean keepsContact() {
    return matter.isOpen() && matter.work().keepsContact(staff);
  }

  private @Nullable Refusal againstHandingOn() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (!isHandler() && !directs()) {
      return notYourDesk();
    }
    Refusal moving = againstMoving();
    if (moving != null) {
      return moving;
    }
    if (!EnumSet.of(REPORTED, FILED, DISPATCHED, HANDLING).contains(matter.state())) {
      return stuck();
    }
    if (matter.state() == DISPATCHED && !directsLevel()) {
      return new Refusal("case-return-instead", 409, matter.deskName());
    }
    // Sending it is accepting it; what nobody can name yet only waits elsewhere.
    if (matter.state() == REPORTED && matter.categoryCode() != null && !accepts()) {
      return notYourDesk();
    }
    Refusal ruled = againstMovingRuled();
    if (ruled != null) {
      return ruled;
    }
    if (directs()) {
      return null;
    }
    if (matter.staffId() != null && !matter.isHeldBy(staff.id())) {
      return held();
    }
    // First receiver leads: once signed, only the desk of the level transfers it.
    return matter.state() == HANDLING ? new Refusal("case-transfer-by-level", 409) : null;
  }

  /// Whether they say that it is accepted: those of the desk where it waits, and of the community.
  boolean accepts() {
    return Transition.T06.allows(matter.state(), actors());
  }

  /// What was sent to their desk and nobody has signed. Who says where it goes hands it on.
  private @Nullable Refusal againstReturning() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.state() == HANDLING) {
      return new Refusal("return-signed", 409, matter.deskName());
    }
    if (matter.state() != DISPATCHED || matter.staffId() != null) {
      return stuck();
    }
    if (!staff.actsAt(matter.deskId())) {
      return notYourDesk();
    }
    if (directsLevel()) {
      return new Refusal("return-level-desk", 409, matter.deskName());
    }
    Refusal disputed = againstWhileDisputed();
    return disputed != null ? disputed : matter.ruled().binds(matter.deskId()) ? bound() : null;
  }

  /// What was sent down to their community and nobody has signed; whether it was, the door asks.
  private @Nullable Refusal againstNotListing() {
    Refusal moving = againstMoving();
    if (moving != null) {
      return moving;
    }
    if (circle != Level.COMMUNITY) {
      return new Refusal("admission-community", 409, matter.deskName());
    }
    if (matter.state() == HANDLING) {
      return new Refusal("admission-signed", 409, matter.deskName());
    }
    if (matter.state() != DISPATCHED || matter.staffId() != null) {
      return stuck();
    }
    if (!staff.actsAt(matter.deskId())) {
      return notYourDesk();
    }
    Refusal disputed = againstWhileDisputed();
    return disputed != null ? disputed : matter.ruled().binds(matter.deskId()) ? bound() : null;
  }

  /// Of what their desk has, which does not say itself where things go.
  private @Nullable Refusal againstDisputing() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (!EnumSet.of(DISPATCHED, HANDLING).contains(matter.state())) {
      Refusal moving = againstMoving();
      return moving == null ? stuck() : moving;
    }
    if (!staff.actsAt(matter.deskId())) {
      return notYourDesk();
    }
    Refusal disputed = againstWhileDisputed();
    if (disputed != null) {
      return disputed;
    }
    if (matter.ruled().binds(matter.deskId())) {
      return bound();
    }
    if (directsLevel()) {
      return new Refusal("ruling-level-desk", 409, matter.deskName());
    }
    return matter.staffId() == null || matter.isHeldBy(staff.id()) ? null : held();
  }

  private @Nullable Refusal againstGivingView() {
    CaseDispute dispute = matter.disputed();
    if (dispute == null) {
      return notDisputed();
    }
    if (!staff.actsAt(dispute.otherDeskId())) {
      return new Refusal("view-not-yours", 403, dispute.otherDeskName());
    }
    if (!dispute.asksOther()) {
      return new Refusal("view-not-asked", 409, dispute.rulingDeskName());
    }
    return dispute.hasView() ? new Refusal("view-given", 409, dispute.otherDeskName()) : null;
  }

  /// By the desk that rules, once both have spoken or the time for that is over; by nobody who
  /// speaks for one of them.
  private @Nullable Refusal againstRuling() {
    CaseDispute dispute = matter.disputed();
    if (dispute == null) {
      return notDisputed();
    }
    if (!staff.actsAt(dispute.rulingDeskId()) && !directs(dispute.rulingLevel())) {
      return new Refusal("ruling-not-yours", 403, dispute.rulingDeskName());
    }
    if (dispute.isPartOf(staff) || matter.isHeldBy(staff.id())) {
      return new Refusal("ruling-own", 403, dispute.rulingDeskName());
    }
    return dispute.isRipe(now) ? null : new Refusal("ruling-early", 409, dispute.otherDeskName());
  }

  /// In what capacities they rule.
  Set<Actor> ruling() {
    Set<Actor> actors = actors();
    CaseDispute dispute = matter.disputed();
    if (dispute != null) {
      actors.add(ofCircle(dispute.rulingLevel()));
    }
    return actors;
  }

  private @Nullable Refusal againstTakingDisputeBack() {
    CaseDispute dispute = matter.disputed();
    if (dispute == null) {
      return notDisputed();
    }
    return dispute.by() == staff.id() || matter.isHeldBy(staff.id())
        ? null
        : new Refusal("dispute-not-yours", 403, dispute.byName());
  }

  private Refusal notDisputed() {
    return new Refusal("ruling-not-asked", 409, matter.number().text());
  }

  /// While it is disputed whose it is that is ruled; and what was ruled only those move who ruled
  /// it, or are above them.
  private @Nullable Refusal againstMovingRuled() {
    Refusal disputed = againstWhileDisputed();
    return disputed == null ? againstMovingBound() : disputed;
  }

  private @Nullable Refusal againstWhileDisputed() {
    CaseDispute dispute = matter.disputed();
    return dispute == null
        ? null
        : new Refusal(
            "ruling-waits",
            409,
            dispute.deskName(),
            dispute.otherDeskName(),
            dispute.rulingDeskName());
  }

  private @Nullable Refusal againstMovingBound() {
    Level by = matter.ruled().by();
    return by == null || directs(by) ? null : bound();
  }

  private Refusal bound() {
    return new Refusal("ruling-binding", 409, matter.number().text());
  }

  /// By the desk that has it now, or who says where it goes; not by those who have returned it.
  private @Nullable Refusal againstDecidingReturn() {
    CaseReturn returned = matter.returned();
    if (returned == null) {
      return new Refusal("return-not-asked", 409, matter.number().text());
    }
    // What a community takes on no community says, whatever its level.
    if (deciding().isEmpty() || (returned.unlisted() && !directs(Level.STREET))) {
      return notYourDesk();
    }
    return returned.by() == staff.id()
            || (staff.actsAt(returned.deskId()) && !staff.actsAt(matter.deskId()))
        ? new Refusal("return-own", 403, matter.deskName())
        : null;
  }

  /// By the desk that says where it goes, before it is said to be done.
  private @Nullable Refusal againstRaising() {
    Refusal refused = againstMoving();
    if (refused != null) {
      return refused;
    }
    if (matter.level() == Level.DISTRICT) {
      return new Refusal("raise-top", 409, matter.deskName());
    }
    if (!EnumSet.of(DISPATCHED, HANDLING).contains(matter.state())) {
      return stuck();
    }
    return directsLevel() && Transition.T30.allows(matter.state(), actors())
        ? againstMovingBound()
        : notYourDesk();
  }

  /// By the same, as long as nobody has signed it.
  private @Nullable Refusal againstSendingDown() {
    Refusal refused = againstMoving();
    if (refused != null) {
      return refused;
    }
    if (matter.level().compareTo(Level.COMMUNITY) >= 0) {
      return new Refusal("send-down-bottom", 409, matter.deskName());
    }
    if (matter.state() == HANDLING) {
      return new Refusal("send-down-signed", 409, matter.deskName());
    }
    if (matter.state() != DISPATCHED || matter.staffId() != null) {
      return stuck();
    }
    return directsLevel() && Transition.T31.allows(FILED, actors())
        ? againstMovingRuled()
        : notYourDesk();
  }

  /// What was returned goes nowhere before that is decided.
  private @Nullable Refusal againstMoving() {
    if (!matter.isOpen()) {
      return closed();
    }
    CaseReturn returned = matter.returned();
    return returned == null
        ? null
        : new Refusal("return-waits", 409, returned.deskName(), matter.deskName());
  }

  /// What is told in confidence is shown to nobody outside.
  private @Nullable Refusal againstAskingHeads() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.confidential()) {
      return new Refusal("request-confidential", 409);
    }
    return isHandler() || directs() ? null : notYourDesk();
  }

  /// Before it is accepted, by those who would accept it; of what kind it is, the door asks.
  private @Nullable Refusal againstLooking() {
    Refusal refused = againstAskingHeads();
    if (refused != null) {
      return refused;
    }
    if (!Transition.T04.from().contains(matter.state())) {
      return stuck();
    }
    if (!isHandler() || !Transition.T04.allows(matter.state(), actors())) {
      return notYourDesk();
    }
    return matter.staffId() == null || matter.isHeldBy(staff.id()) ? null : held();
  }

  private @Nullable Refusal againstUrging() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (!Transition.T28.from().contains(matter.state())) {
      return stuck();
    }
    if (matter.isHeldBy(staff.id())) {
      return new Refusal("case-urge-own", 409);
    }
    if (matter.staffId() == null && staff.actsAt(matter.deskId())) {
      Refusal moving = againstMoving();
      return moving == null ? new Refusal("case-unclaimed", 409) : moving;
    }
    return Transition.T28.allows(matter.state(), urging())
        ? null
        : new Refusal("case-urge-not-yours", 403, matter.deskName());
  }

  /// In what capacities they urge it: whoever is near the resident urges wider circles, too.
  Set<Actor> urging() {
    Set<Actor> actors = actors();
    if (NEAR.contains(staff.role()) && staff.sees(matter.territoryPath())) {
      actors.add(Actor.COMMUNITY);
    }
    return actors;
  }

  private @Nullable Refusal againstSupervising() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (!Transition.T29.from().contains(matter.state())) {
      return stuck();
    }
    if (!Transition.T29.allows(matter.state(), actors())) {
      return new Refusal("case-supervise-not-yours", 403);
    }
    return matter.isHeldBy(staff.id()) ? new Refusal("case-supervise-own", 409) : null;
  }

  /// Whoever rejected it does not decide whether that stands; nor does the desk at which they did,
  /// but for those of it who work at the other one, too.
  private boolean isJudgeOfOwn() {
    Long by = matter.rejectedDeskId();
    return matter.isUnderReview()
        && by != null
        && (Objects.equals(matter.rejectedStaffId(), staff.id())
            || by == matter.deskId()
            || (staff.actsAt(by) && !staff.actsAt(matter.deskId())));
  }

  private @Nullable Refusal againstRejecting() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.urgency().compareTo(Urgency.CRITICAL) >= 0) {
      return new Refusal("case-reject-danger", 409);
    }
    if (matter.state() == VERIFYING) {
      return stuck();
    }
    if (!Transition.T07.from().contains(matter.state())) {
      return new Refusal("case-reject-accepted", 409, matter.number().text());
    }
    // Those who would accept it: wherever it waits is its acceptance desk.
    if (!isHandler() || !Transition.T07.allows(matter.state(), actors())) {
      return notYourDesk();
    }
    return matter.staffId() == null || matter.isHeldBy(staff.id()) ? null : held();
  }

  /// The desk of its level; nobody takes it out of a colleague's hands.
  private @Nullable Refusal againstMerging() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (!Transition.T08.from().contains(matter.state()) || matter.isUnderReview()) {
      return stuck();
    }
    if (matter.categoryCode() == null) {
      return new Refusal("case-category-missing", 409);
    }
    if (!Transition.T08.allows(matter.state(), actors())) {
      return notYourDesk();
    }
    return matter.staffId() == null || matter.isHeldBy(staff.id()) ? null : held();
  }

  /// By the desk at which it waits, which is above those it seems to be about; never by themselves.
  private @Nullable Refusal againstJudging() {
    if (!matter.accused().isSuspected() || matter.state() != REPORTED) {
      return stuck();
    }
    return staff.worksAt(matter.deskId()) && !Objects.equals(matter.accused().staffId(), staff.id())
        ? null
        : notYourDesk();
  }

  /// Whoever has it, and who says where it goes; of what nobody has, those of its desk. Not while
  /// it waits for somebody to say whose it is.
  private @Nullable Refusal againstSplitting() {
    Refusal moving = againstMoving();
    if (moving != null) {
      return moving;
    }
    Refusal disputed = againstWhileDisputed();
    if (disputed != null) {
      return disputed;
    }
    if (!Transition.T08e.from().contains(matter.state())
        || matter.isUnderReview()
        || matter.letGoAt() != null) {
      return stuck();
    }
    if (matter.isHeldBy(staff.id()) || directs()) {
      return null;
    }
    if (!isHandler()) {
      return notYourDesk();
    }
    return matter.staffId() == null ? null : held();
  }

  private @Nullable Refusal againstAskingForTime() {
    Refusal refused = againstHolding(Step.ASK_EXTENSION);
    if (refused != null) {
      return refused;
    }
    if (matter.state() != HANDLING) {
      return stuck();
    }
    TimeRequest asked = matter.asked();
    return asked == null ? null : new Refusal("time-asked", 409, asked.askedByName());
  }

  /// @param request the note by which it was asked for that they read
  /// @return what they decide on
  TimeRequest requireDeciding(TimeRequest.What what, long request) {
    Refusal refused = againstDeciding(what);
    if (refused != null) {
      throw refused;
    }
    TimeRequest asked = Objects.requireNonNull(matter.asked());
    if (asked.noteId() != request) {
      throw new Refusal("case-changed", 409, matter.number().text());
    }
    return asked;
  }

  /// Nobody decides what they asked for, or have themselves.
  private @Nullable Refusal againstDeciding(TimeRequest.What what) {
    TimeRequest asked = matter.asked();
    if (asked == null || asked.what() != what) {
      return notAsked();
    }
    if (asked.askedBy() == staff.id() || matter.isHeldBy(staff.id())) {
      return new Refusal("time-own", 409);
    }
    Set<Actor> deciding = deciding();
    if (deciding.isEmpty()) {
      return new Refusal("time-not-yours", 403);
    }
    if (deciding.contains(Actor.LEADER)) {
      return null;
    }
    if (what == TimeRequest.What.SUSPENSION) {
      return new Refusal("suspension-by-leader", 403);
    }
    return matter.extensions() == 0 ? null : new Refusal("extension-by-leader", 403);
  }

  private @Nullable Refusal againstResuming() {
    Refusal refused = againstHolding(Step.RESUME);
    return refused != null ? refused : matter.state() == SUSPENDED ? null : stuck();
  }

  /// In what capacities they decide on time: for the level that has it, or one above. Who leads is
  /// who leads there; above the district's desk there is nobody.
  Set<Actor> deciding() {
    Set<Actor> deciding = actors();
    deciding.retainAll(EnumSet.of(Actor.COMMUNITY, Actor.STREET, Actor.DISTRICT, Actor.LEADER));
    if (deciding.equals(EnumSet.of(Actor.LEADER))) {
      deciding.clear();
    } else if (matter.level() == Level.DISTRICT && deciding.contains(Actor.DISTRICT)) {
      deciding.add(Actor.LEADER);
    }
    return deciding;
  }

  private @Nullable Refusal againstClosingSuspended() {
    if (!matter.isOpen()) {
      return closed();
    }
    if (matter.state() != SUSPENDED) {
      return stuck();
    }
    if (matter.isHeldBy(staff.id())) {
      return new Refusal("time-own", 409);
    }
    return leadsAbove() ? null : new Refusal("suspended-close-above", 403);
  }

  /// Whether they lead the level above the one that has it. Above a street only the district's desk
  /// does, and above that nobody.
  private boolean leadsAbove() {
    Set<Actor> actors = actors();
    return switch (matter.level()) {
      case DISTRICT, STREET -> actors.contains(Actor.DISTRICT);
      case COMMUNITY, GROUP, BUILDING, GRID ->
          actors.contains(Actor.STREET) && actors.contains(Actor.LEADER);
    };
  }

  private @Nullable Refusal againstTakingRequestBack() {
    TimeRequest asked = matter.asked();
    if (asked == null) {
      return notAsked();
    }
    return asked.askedBy() == staff.id() || matter.isHeldBy(staff.id())
        ? null
        : new Refusal("time-request-not-yours", 403, asked.askedByName());
  }

  private Refusal notAsked() {
    return new Refusal("time-not-asked", 409, matter.number().text());
  }

  private Refusal supervised() {
    return new Refusal("case-supervised", 409, matter.number().text());
  }

  private Refusal closed() {
    return new Refusal("case-closed", 409, matter.number().text());
  }

  private Refusal held() {
    String name = matter.staffName();
    return new Refusal("case-held", 409, name == null ? matter.deskName() : name);
  }

  private Refusal stuck() {
    return new Refusal("case-step", 409, matter.state().plainly(staff.language()));
  }

  private Refusal notYourDesk() {
    return new Refusal("case-not-your-desk", 403, matter.deskName());
  }
}
