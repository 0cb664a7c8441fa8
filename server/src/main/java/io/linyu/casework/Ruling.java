package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Category.Limit;
import io.linyu.casework.Handovers.Target;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Who leads, where two desks do not agree (`T12`). The one that has it and cannot return it any
/// more says that it is another's; that one says how it sees it within a day; the desk of the level
/// rules, or the one above it where that is one of the two. Until then whoever has it works on, and
/// afterwards neither of them moves it. The resident's clocks go on all the while.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Ruling {
  /// What the dialog offers whoever may ask for it.
  ///
  /// @param viewUntil by when the other desk says how it sees it; null: it is told in confidence,
  ///   and that desk is not asked
  /// @param proposed the desk that had returned it; null: none had
  /// @param targets that can be named, nearest first
  public record Offer(@Nullable Instant viewUntil, @Nullable Long proposed, List<Target> targets) {
    public boolean isProposed(Target target) {
      return proposed != null && proposed == target.deskId();
    }
  }

  private record By(Desk desk, Level level) {}

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final Handovers handovers;
  private final Parts parts;
  private final Returning returning;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final CaseDisputeStore store = new CaseDisputeStore();

  Ruling(
      Db db,
      Events events,
      CaseFiles files,
      Handovers handovers,
      Parts parts,
      Returning returning,
      Territories territories,
      Desks desks,
      Routing routing) {
    this.db = db;
    this.events = events;
    this.files = files;
    this.handovers = handovers;
    this.parts = parts;
    this.returning = returning;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
  }

  /// Of a case of which they may ask it as it stands; empty: they return it first.
  Optional<Offer> offer(Case matter) {
    Instant now = files.now();
    List<Told<CaseEvent>> told = events.of(db, CaseEvent.VOCABULARY, matter.id().value());
    Long returnedBy = returnedBy(told);
    if (isReturnedFirst(db, matter, returnedBy, now)) {
      return Optional.empty();
    }
    List<Target> targets =
        targets(matter).stream()
            .filter(each -> !store.exists(db, matter.id(), matter.deskId(), each.deskId()))
            .toList();
    return Optional.of(
        new Offer(
            matter.confidential() ? null : viewedBy(now, Db.await(files.rules(db, now)), matter),
            returnedBy,
            targets));
  }

  /// Who would have to say how they see it, and could lead: those who are there.
  private List<Target> targets(Case matter) {
    return handovers.elsewhere(matter, matter.deskId()).stream()
        .filter(each -> each.heldBy() == null)
        .toList();
  }

  /// By which desk the return was that has led it here; null: none.
  private static @Nullable Long returnedBy(List<Told<CaseEvent>> told) {
    Long by = null;
    for (Told<CaseEvent> each : told) {
      switch (each.event()) {
        case CaseEvent.ReturnDecided decided -> by = decided.agreed() ? decided.deskId() : null;
        case CaseEvent.HandedOn _ -> by = null;
        default -> {}
      }
    }
    return by;
  }

  /// What nobody has signed and can still be returned, and was not sent here by a return, is
  /// returned and not disputed.
  private boolean isReturnedFirst(Sql sql, Case matter, @Nullable Long returnedBy, Instant now) {
    return matter.state() == CaseState.DISPATCHED
        && returnedBy == null
        && returning.against(sql, matter, now).isEmpty();
  }

  private Instant viewedBy(Instant now, Rules rules, Case matter) {
    Limit limit = rules.limitOf(Limited.VIEWING, matter.categoryCode());
    return files.calendar().due(now, limit.value(), limit.unit());
  }

  /// The desk of the level, or the next above it that is none of the two. Where there is none, the
  /// district's.
  private By deciding(Case matter, long other) {
    Territory place = territories.byId(matter.territoryId());
    return Stream.of(matter.level(), Level.STREET, Level.DISTRICT)
        .filter(level -> level.compareTo(matter.level()) <= 0)
        .map(level -> routing.taking(level, place))
        .filter(desk -> desk.id() != matter.deskId() && desk.id() != other)
        .filter(desk -> desks.isStaffed(desk) && handovers.mayHold(matter, desk))
        .map(desk -> new By(desk, routing.circleOf(desk)))
        .filter(by -> by.level().compareTo(matter.level()) <= 0)
        .findFirst()
        .orElseGet(() -> new By(routing.taking(Level.DISTRICT, place), Level.DISTRICT));
  }

  /// By somebody of the desk that has it.
  ///
  /// @param other the desk whose it is, as they say
  /// @param words that all who see it read as a note
  public Case dispute(Staff staff, CaseId id, int version, @Nullable Long other, String words) {
    String why = CaseFiles.sound(words, "reason-missing");
    if (other == null) {
      throw new Refusal("ruling-desk-missing", 422);
    }
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.DISPUTE);
          Case matter = permits.matter();
          if (isReturnedFirst(file.tx(), matter, returnedBy(file.told()), file.at())) {
            throw new Refusal("ruling-return-first", 409, matter.deskName());
          }
          if (targets(matter).stream().noneMatch(each -> each.deskId() == other)) {
            throw new Refusal("desk-unknown", 422);
          }
          By by = deciding(matter, other);
          long note = file.note(staff.id(), why, List.of());
          Instant until =
              matter.confidential() ? file.at() : viewedBy(file.at(), file.rules(), matter);
          file.dispute(staff.id(), other, note, until, by.desk().id(), by.level());
          file.tell(
              new CaseEvent.Disputed(
                  null,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  other,
                  by.desk().id(),
                  until,
                  note,
                  file.digest(why)));
        });
  }

  /// By somebody of the desk that was named, who may do so until it is ruled.
  ///
  /// @param words that all who see it read as a note
  public Case view(Staff staff, CaseId id, String words) {
    String how = CaseFiles.sound(words, "view-missing");
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          permits.require(Step.GIVE_VIEW);
          CaseDispute dispute = Objects.requireNonNull(permits.matter().disputed());
          long note = file.note(staff.id(), how, List.of());
          file.view(staff.id(), note);
          file.tell(
              new CaseEvent.Viewed(
                  null, file.rule(), staff.id(), dispute.otherDeskId(), note, file.digest(how)));
        });
  }

  /// It is theirs, after all.
  public Case takeBack(Staff staff, CaseId id, int version) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.TAKE_DISPUTE_BACK);
          file.endDispute(staff.id());
        });
  }

  /// By the desk that rules. Where the one leads that did not have it, it has it to sign from now
  /// on.
  ///
  /// @param view the note of the other desk that they have read; null: there was none
  /// @param lead one of the two
  /// @param words that both read as a note
  /// @param along what the other one of the two is asked to do for it, by the limit; empty: nothing
  public Case rule(
      Staff staff,
      CaseId id,
      int version,
      @Nullable Long view,
      long lead,
      String words,
      String along) {
    String why = CaseFiles.sound(words, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.RULE);
          Case matter = permits.matter();
          CaseDispute dispute = Objects.requireNonNull(matter.disputed());
          if (!Objects.equals(view, dispute.viewNoteId())) {
            throw new Refusal("case-changed", 409, matter.number().text());
          }
          boolean stays = lead == dispute.deskId();
          if (!stays && lead != dispute.otherDeskId()) {
            throw new Refusal("desk-unknown", 422);
          }
          if (!along.isBlank()) {
            parts.askAlong(file, staff, stays ? dispute.otherDeskId() : dispute.deskId(), along);
          }
          if (!stays) {
            handovers.moveByRuling(permits, file, desks.byId(lead), why);
          }
          long note = file.note(staff.id(), why, List.of());
          file.rule(staff.id(), lead, note);
          file.tell(
              new CaseEvent.Ruled(
                  null,
                  file.rule(),
                  staff.id(),
                  dispute.rulingDeskId(),
                  dispute.deskId(),
                  dispute.otherDeskId(),
                  lead,
                  note,
                  file.digest(why)));
        });
  }
}
