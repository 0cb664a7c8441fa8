package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.time.WorkingCalendar.Unit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Desks sit down together about one case: 会商. Rule E3 wants it of a problem ticket, and whoever
/// leads at the level that has the case may at any time. They say when and where, and who is asked;
/// those say whether they come, and how they see it; afterwards it is written down what was
/// decided, and what of that others do for it. Whoever has the case has it all the while, and its
/// clocks run on.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Conferences {
  static final int PAGE = 30;

  /// So many working days after it was called it is to have been held.
  static final int HELD_WITHIN = 10;

  /// So much of it may be handed to others at once.
  static final int MOST_DECISIONS = 5;

  private static final int MOST_DESKS = 15;
  private static final int LONGEST_PLACE = 200;

  /// A desk that can be asked.
  ///
  /// @param chosen whether it is, or whether it has had the case or works along
  public record Invitee(long deskId, String deskName, String territoryName, boolean chosen) {}

  /// One that is asked.
  ///
  /// @param comes null: they have not said
  /// @param view how they see it; null: they have not said
  public record Guest(
      long deskId,
      String deskName,
      @Nullable Boolean comes,
      @Nullable String byName,
      @Nullable Instant answeredAt,
      @Nullable String view) {
    private Guest withoutView() {
      return new Guest(deskId, deskName, comes, byName, answeredAt, null);
    }
  }

  /// What a desk is to do, as they have decided.
  public record Decision(long deskId, LocalDate day, String request) {}

  /// For those who are asked.
  ///
  /// @param desks of theirs that are asked
  /// @param about what is to be talked about; empty: nothing was said
  /// @param shows whether the page of the case is theirs to open
  public record Sheet(
      Case matter,
      Conference conference,
      List<Long> desks,
      List<Guest> guests,
      String about,
      boolean shows) {}

  /// In the list of a desk.
  ///
  /// @param held whether it was, where it is over
  public record Listed(
      long id,
      String code,
      String number,
      String deskName,
      Instant startsAt,
      String place,
      @Nullable Boolean comes,
      boolean over,
      boolean held) {}

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Parts parts;
  private final Territories territories;
  private final Desks desks;
  private final Handovers handovers;
  private final ConferenceStore store = new ConferenceStore();
  private final TextStore texts = new TextStore();

  Conferences(
      Db db,
      CaseFiles files,
      Cases cases,
      Parts parts,
      Territories territories,
      Desks desks,
      Handovers handovers) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.parts = parts;
    this.territories = territories;
    this.desks = desks;
    this.handovers = handovers;
  }

  // By rule.

  /// The desk that has it now is to set one, where none is to be held anyway.
  void callByRule(CaseFile file) {
    if (!file.confers()) {
      var _ = file.callConference(null, late(file.at()));
    }
  }

  private Instant late(Instant called) {
    return files.calendar().due(called, HELD_WITHIN, Unit.WORK_DAY);
  }

  // Whoever leads.

  /// Who can be asked: who has had it and who works along, and the desks around the place.
  ///
  /// @param had who has had it, oldest first
  /// @param along who works along
  public List<Invitee> invitees(Case matter, List<Holding> had, List<Part> along) {
    Conference conference = matter.conference();
    Set<Long> proposed = new HashSet<>();
    had.forEach(each -> proposed.add(each.deskId()));
    along.forEach(each -> proposed.add(each.deskId()));
    Set<Long> chosen =
        conference != null && conference.isSet() ? Set.copyOf(conference.desks()) : proposed;
    var partners =
        new ArrayList<Long>(parts.partners(matter).stream().map(Parts.Partner::deskId).toList());
    return Stream.concat(proposed.stream().sorted(), partners.stream())
        .distinct()
        .map(desks::byId)
        .filter(desk -> mayCome(matter, desk))
        .map(desk ->
            new Invitee(
                desk.id(),
                desk.name(),
                territories.byId(desk.territoryId()).name(),
                chosen.contains(desk.id())))
        .toList();
  }

  /// Somebody works there, it does not have the case, and is not whom it complains about.
  private boolean mayCome(Case matter, Desk desk) {
    return desk.kind().equals("desk")
        && desk.id() != matter.deskId()
        && desks.isStaffed(desk)
        && handovers.mayHold(matter, desk);
  }

  public List<Guest> guests(Case matter) {
    Conference conference = matter.conference();
    return conference == null ? List.of() : store.guests(db, conference.id());
  }

  /// Says when and where it is and who is asked, or says so anew. Where none was called it is
  /// called by that.
  ///
  /// @param at by the clocks on the walls
  /// @param place or how, where it is held at a distance
  /// @param about what is to be talked about, as a note; empty: nothing more than before
  public Case set(
      Staff staff,
      CaseId id,
      int version,
      LocalDateTime at,
      String place,
      List<Long> asked,
      String about) {
    String where = place.strip();
    if (where.isEmpty()) {
      throw new Refusal("conference-place-missing", 422);
    }
    if (where.length() > LONGEST_PLACE) {
      throw new Refusal("text-too-long", 422, LONGEST_PLACE);
    }
    List<Long> invited = asked.stream().distinct().toList();
    if (invited.isEmpty()) {
      throw new Refusal("conference-nobody", 422);
    }
    if (invited.size() > MOST_DESKS) {
      throw new Refusal("conference-many", 422, MOST_DESKS);
    }
    String what = about.isBlank() ? "" : CaseFiles.sound(about, "text-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.CONVENE);
          Case matter = permits.matter();
          Instant starts = at.atZone(files.calendar().zone()).toInstant();
          if (!starts.isAfter(file.at())) {
            throw new Refusal("conference-past", 422);
          }
          for (long each : invited) {
            if (desks.find(each).filter(desk -> mayCome(matter, desk)).isEmpty()) {
              throw new Refusal("conference-desk", 422);
            }
          }
          Conference before = matter.conference();
          long conference =
              before == null ? file.callConference(staff.id(), late(file.at())) : before.id();
          Long note = what.isEmpty() ? null : (Long) file.note(staff.id(), what, List.of());
          store.set(file.tx(), id, conference, starts, where, note, invited, staff.id(), file.at());
          file.tell(
              new CaseEvent.ConferenceSet(
                  null,
                  file.rule(),
                  staff.id(),
                  conference,
                  starts,
                  invited,
                  before != null && before.isSet(),
                  note,
                  what.isEmpty() ? null : file.digest(what)));
        });
  }

  /// Writes down what was decided, and hands to others what they are to do: all of it or nothing.
  ///
  /// @param minutes that all who see the case read as a note
  /// @param toResident what whoever told it reads of it; empty: only that they sat down
  public Case hold(
      Staff staff,
      CaseId id,
      int version,
      String minutes,
      List<Decision> decisions,
      String toResident) {
    String decided = CaseFiles.sound(minutes, "minutes-missing");
    String said = toResident.isBlank() ? "" : CaseFiles.soundToResident(toResident, "text-missing");
    if (decisions.size() > MOST_DECISIONS) {
      throw new Refusal("conference-decisions-many", 422, MOST_DECISIONS);
    }
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.WRITE_MINUTES);
          Conference conference = requireNonNull(permits.matter().conference());
          if (!decisions.isEmpty()) {
            permits.requireWorkedOn();
          }
          long note = file.note(staff.id(), decided, List.of());
          Long answer = said.isEmpty() ? null : (Long) file.tellLater(staff.id(), said);
          store.hold(file.tx(), id, conference.id(), note, answer, staff.id(), file.at());
          file.conferred();
          file.tell(
              new CaseEvent.ConferenceHeld(
                  null,
                  file.rule(),
                  staff.id(),
                  conference.id(),
                  decisions.size(),
                  note,
                  file.digest(decided),
                  answer,
                  said.isEmpty() ? null : file.digest(said)));
          for (Decision each : decisions) {
            parts.askByConference(
                file, staff, permits.matter(), each.deskId(), each.day(), each.request());
          }
        });
  }

  /// It is not held after all.
  ///
  /// @param reason that those who were asked read as a note
  public Case callOff(Staff staff, CaseId id, int version, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.CALL_CONFERENCE_OFF);
          long note = file.note(staff.id(), why, List.of());
          file.endConference(staff.id(), note, file.digest(why));
        });
  }

  // Whoever is asked.

  /// What their desks are asked to, the newest first.
  ///
  /// @param before the last of the page before
  /// @return one more than a page where there is another
  public List<Listed> of(Staff staff, long before) {
    return store.of(db, CaseStore.desks(staff), CaseStore.ownDesks(staff), before, PAGE + 1);
  }

  /// Refused as not found where none of their desks is asked, or it is over.
  public Sheet visibleTo(Staff staff, String code) {
    Case matter = theirs(db, staff, cases.idOf(db, code).orElseThrow(Refusal::notFound));
    Conference conference = requireNonNull(matter.conference());
    List<Long> own = deskOf(staff, matter);
    boolean shows = cases.isVisibleTo(db, staff, matter.id());
    return new Sheet(
        matter,
        conference,
        own,
        store.guests(db, conference.id()).stream()
            .map(each -> shows || own.contains(each.deskId()) ? each : each.withoutView())
            .toList(),
        conference.noteId() == null ? "" : texts.noteText(db, conference.noteId()),
        shows);
  }

  private Case theirs(Sql sql, Staff staff, CaseId id) {
    return cases
        .named(sql, id)
        .filter(matter -> !deskOf(staff, matter).isEmpty())
        .orElseThrow(Refusal::notFound);
  }

  /// Not where they only stand in, of what was told in confidence.
  private List<Long> deskOf(Staff staff, Case matter) {
    Conference conference = matter.conference();
    return conference == null || !matter.isOpen()
        ? List.of()
        : conference.desks().stream()
            .filter(desk -> matter.confidential() ? staff.worksAt(desk) : staff.actsAt(desk))
            // Of a complaint that turned out to be about them they hear nothing more.
            .filter(desk -> handovers.mayHold(matter, desks.byId(desk)))
            .toList();
  }

  /// Says whether they come, as often as they like until it is held.
  ///
  /// @param view how they see it, as a note; empty: nothing more than before
  public void answer(Staff staff, String code, long desk, boolean comes, String view) {
    String how = view.isBlank() ? "" : CaseFiles.sound(view, "view-missing");
    db.withinTransaction(tx -> answer(tx, staff, code, desk, comes, how));
  }

  private void answer(Tx tx, Staff staff, String code, long desk, boolean comes, String how) {
    CaseId id = cases.idOf(tx, code).orElseThrow(Refusal::notFound);
    files.lock(tx, id);
    Case matter = theirs(tx, staff, id);
    if (!deskOf(staff, matter).contains(desk)) {
      throw Refusal.notFound();
    }
    Conference conference = requireNonNull(matter.conference());
    CaseFile file = files.open(tx, matter);
    staff.standsInAt(desk).ifPresent(each -> file.actFor(staff, each));
    Long note = how.isEmpty() ? null : (Long) file.note(staff.id(), how, List.of());
    store.answer(tx, conference.id(), desk, comes, note, staff.id(), file.at());
    file.tell(
        new CaseEvent.ConferenceAnswered(
            null,
            file.rule(),
            staff.id(),
            conference.id(),
            desk,
            comes,
            note,
            how.isEmpty() ? null : file.digest(how)));
    file.keep(false);
  }
}
