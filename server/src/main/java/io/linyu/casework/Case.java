package io.linyu.casework;

import io.linyu.community.Level;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One matter that someone must handle, as it stands.
///
/// @param code for the link to its page
/// @param territoryKnown false: nobody has yet found out where it is
/// @param territoryName of the node it lies in, as staff say it
/// @param confirmed whether the resident confirmed what was written down
/// @param title in short, for lists
/// @param deskId the desk that holds it
/// @param staffId the person who has it; null: unclaimed
/// @param bodyCode the body responsible where that body has no desk of its own here, and the desk
///   holds the case in its place; null: the desk's own body
/// @param heardAt when the resident last said something about it
/// @param answeredAt when staff last answered
/// @param nextDueAt the earliest of its open clocks; null when closed
/// @param version changes with every step, so that nobody acts on what they did not see
/// @param consentId the first of the consents by which somebody told it for the person; null: they
///   told it themselves
/// @param speakerCode for that somebody's link to its page, as long as the consent stands
/// @param urges how often whoever told it has urged it
/// @param urgedAt when it was urged last, by whomever
/// @param residentUrgedAt when whoever told it has urged it last
/// @param supervisedAt since when somebody who leads supervises it; null: nobody does
/// @param extensions how often its limit was extended
/// @param asked the time that is asked for, where nobody has decided yet; null: none is
/// @param lead who said that it is done, while that is checked and the resident is asked; else null
/// @param reworks how often it was not done after all
/// @param passedBy who found it done when it was not
/// @param rests whether nobody at its desk has anything to do, since the resident is asked
/// @param rejectedDeskId the desk that did not accept it, first; null: none has refused it
/// @param rejectedStaffId who decided so there
/// @param appealedAt when whoever told it asked for another look at that; null: they have not
/// @param returned that a desk has returned it, where nobody has decided yet; null: none has
/// @param disputed that whoever has it says it is another's, where nobody has ruled yet; null: they
///   do not
/// @param ruled what was ruled before
/// @param conference that is to be held about it; null: none is
/// @param accused whom it complains about
/// @param work who works along on it
/// @param masterId the one that it is handled with; null: it is handled by itself, or with a known
///   matter
/// @param letGoAt since when whoever told it does not want it any more, while it goes on for those
///   that follow it; null: they do
/// @param enteredBy who of staff took it down for whoever told it; null: it was told in a chat
public record Case(
    CaseId id,
    CaseNumber number,
    String code,
    CaseState state,
    Level level,
    Urgency urgency,
    @Nullable String categoryCode,
    long territoryId,
    boolean territoryKnown,
    String territoryName,
    String territoryPath,
    String channel,
    @Nullable Long personId,
    @Nullable Long addressId,
    boolean confirmed,
    boolean confidential,
    String title,
    String what,
    @Nullable String place,
    long deskId,
    String deskName,
    @Nullable Long staffId,
    @Nullable String staffName,
    @Nullable String bodyCode,
    @Nullable String bodyName,
    Instant saidAt,
    Instant openedAt,
    @Nullable Instant heardAt,
    @Nullable Instant answeredAt,
    @Nullable Instant closedAt,
    @Nullable Instant nextDueAt,
    int version,
    @Nullable Long consentId,
    @Nullable String speakerCode,
    int urges,
    @Nullable Instant urgedAt,
    @Nullable Instant residentUrgedAt,
    @Nullable Instant supervisedAt,
    int extensions,
    @Nullable TimeRequest asked,
    @Nullable Lead lead,
    int reworks,
    Set<Long> passedBy,
    boolean rests,
    @Nullable Long rejectedDeskId,
    @Nullable Long rejectedStaffId,
    @Nullable Instant appealedAt,
    @Nullable CaseReturn returned,
    @Nullable CaseDispute disputed,
    CaseDispute.Binding ruled,
    @Nullable Conference conference,
    Accused accused,
    CoWork work,
    @Nullable CaseId masterId,
    @Nullable Instant letGoAt,
    @Nullable Long enteredBy) {

  /// The body that did it, and who of it.
  ///
  /// @param staffId null: whoever it was has left
  /// @param bodyCode responsible, where the desk held the case in its place
  public record Lead(
      long deskId,
      String deskName,
      @Nullable Long staffId,
      @Nullable String role,
      @Nullable String name,
      @Nullable String bodyCode) {}

  public Case {
    passedBy = Set.copyOf(passedBy);
  }

  /// Whether it is handled with another case.
  public boolean follows() {
    return masterId != null;
  }

  /// As whoever told it follows it: under its own number, with their own words, standing as what it
  /// is handled with.
  Case standingAs(Case master) {
    return new Case(
        id,
        number,
        code,
        master.state,
        master.level,
        master.urgency,
        categoryCode,
        territoryId,
        territoryKnown,
        territoryName,
        territoryPath,
        channel,
        personId,
        addressId,
        confirmed,
        confidential,
        title,
        what,
        place,
        master.deskId,
        master.deskName,
        master.staffId,
        master.staffName,
        master.bodyCode,
        master.bodyName,
        saidAt,
        openedAt,
        heardAt,
        master.answeredAt,
        master.closedAt,
        master.nextDueAt,
        master.version,
        consentId,
        speakerCode,
        master.urges,
        master.urgedAt,
        master.residentUrgedAt,
        master.supervisedAt,
        master.extensions,
        master.asked,
        master.lead,
        master.reworks,
        master.passedBy,
        master.rests,
        rejectedDeskId,
        rejectedStaffId,
        appealedAt,
        master.returned,
        master.disputed,
        master.ruled,
        master.conference,
        accused,
        master.work,
        masterId,
        letGoAt,
        enteredBy);
  }

  /// As whoever told it sees it, who does not want it any more.
  Case withdrawnByTeller() {
    return new Case(
        id,
        number,
        code,
        CaseState.WITHDRAWN,
        level,
        urgency,
        categoryCode,
        territoryId,
        territoryKnown,
        territoryName,
        territoryPath,
        channel,
        personId,
        addressId,
        confirmed,
        confidential,
        title,
        what,
        place,
        deskId,
        deskName,
        staffId,
        staffName,
        bodyCode,
        bodyName,
        saidAt,
        openedAt,
        heardAt,
        answeredAt,
        letGoAt,
        null,
        version,
        consentId,
        speakerCode,
        urges,
        urgedAt,
        residentUrgedAt,
        null,
        extensions,
        null,
        null,
        reworks,
        passedBy,
        rests,
        rejectedDeskId,
        rejectedStaffId,
        appealedAt,
        returned,
        disputed,
        ruled,
        null,
        accused,
        work,
        masterId,
        letGoAt,
        enteredBy);
  }

  public boolean isOpen() {
    return closedAt == null;
  }

  /// By which comes what nobody told: found on patrol, or by rule E4.
  static final Set<String> UNTOLD = Set.of(Way.PATROL.word(), RootCauses.CHANNEL);

  /// Whether somebody told it, known or not. Else nobody is contacted, answered or asked about it
  /// but those who told of the same and follow it.
  public boolean isTold() {
    return isTold(channel);
  }

  /// The same of what came by that channel.
  public static boolean isTold(String channel) {
    return !UNTOLD.contains(channel);
  }

  /// Whether the person may still add to it. A danger is with the emergency line from the first
  /// moment, and is still told of; so is what is handled with a known matter.
  public boolean takesMore() {
    return isOpen() || state == CaseState.HANDED_OFF || state == CaseState.MERGED;
  }

  /// Whether this is who took it down.
  public boolean isEnteredBy(long staff) {
    return enteredBy != null && enteredBy == staff;
  }

  public boolean isHeldBy(long staff) {
    return staffId != null && staffId == staff;
  }

  /// Whether it was rejected, and another desk is to decide whether that stands.
  public boolean isUnderReview() {
    return appealedAt != null && state == CaseState.REPORTED;
  }

  /// Who did it, also once it is closed.
  Lead lastLead() {
    return lead == null ? new Lead(deskId, deskName, staffId, null, staffName, bodyCode) : lead;
  }

  /// Whether nobody has said yet that it is done, or it is done again.
  public boolean isWorkedOn() {
    return isOpen() && state != CaseState.RETURN_VISIT;
  }

  /// Whether it was urged and nobody has answered since.
  public boolean isUrged() {
    return urgedAt != null && (answeredAt == null || answeredAt.isBefore(urgedAt));
  }

  /// Whether the resident has said something that nobody answered yet.
  public boolean waitsForAnswer() {
    return heardAt != null && (answeredAt == null || answeredAt.isBefore(heardAt));
  }
}
