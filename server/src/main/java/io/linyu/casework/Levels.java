package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// By hand to the next level (`T30`), and to the one below (`T31`): by the desk that says where
/// things go at the level that has it. The resident's clocks go on either way.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Levels {
  private final CaseFiles files;
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;
  private final Routing routing;
  private final Raising raising;
  private final Db db;
  private final Admissions list;

  Levels(
      CaseFiles files,
      Categories categories,
      Territories territories,
      Desks desks,
      Routing routing,
      Raising raising,
      Db db,
      Admissions list) {
    this.db = db;
    this.list = list;
    this.files = files;
    this.categories = categories;
    this.territories = territories;
    this.desks = desks;
    this.routing = routing;
    this.raising = raising;
  }

  /// The desk that would have it; null: it cannot go up.
  @Nullable String above(Case matter) {
    return raising.above(matter).map(above -> above.desk().name()).orElse(null);
  }

  /// The desk that would have it; null: it cannot go down.
  @Nullable String below(Case matter) {
    return againstSending(db, matter).isPresent() ? null : taking(matter).name();
  }

  /// @param reason that those read who look where it has been
  public Case raise(Staff staff, CaseId id, int version, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.RAISE);
          Case matter = permits.matter();
          Raising.Above above =
              raising
                  .above(matter)
                  .orElseThrow(() -> new Refusal("raise-nobody", 409, matter.deskName()));
          Level from = file.level();
          Transition up = file.go(Transition.T30, permits.actors());
          file.raise(above.level());
          file.tell(new CaseEvent.LevelChanged(up, file.rule(), staff.id(), from, above.level()));
          Transition step = file.go(Transition.T09, bySystem(permits));
          file.startSigning(above.desk().id());
          file.give(above.desk().id(), null, null, why);
          file.tell(
              new CaseEvent.HandedOn(
                  step,
                  file.rule(),
                  staff.id(),
                  matter.deskId(),
                  above.desk().id(),
                  null,
                  false,
                  file.digest(why)));
          file.keepContact(matter.deskId(), matter.staffId());
        });
  }

  /// What nobody has signed yet, where its kind is one for the level below.
  ///
  /// @param reason that the desk below reads as a note
  public Case sendDown(Staff staff, CaseId id, int version, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.SEND_DOWN);
          Case matter = permits.matter();
          againstSending(file.tx(), matter)
              .ifPresent(refusal -> {
                throw refusal;
              });
          Desk desk = taking(matter);
          Set<Actor> actors = bySystem(permits);
          actors.add(Actor.HANDLER); // the desk of the level takes it from whoever was to sign
          Transition back = file.go(Transition.T11, actors);
          file.tell(
              new CaseEvent.Returned(
                  back, file.rule(), staff.id(), matter.deskId(), file.digest(why)));
          Level from = file.level();
          Level to = routing.circleOf(desk);
          Transition down = file.go(Transition.T31, permits.actors());
          file.raise(to);
          file.tell(new CaseEvent.LevelChanged(down, file.rule(), staff.id(), from, to));
          Transition step = file.go(Transition.T09, actors);
          long note = file.note(staff.id(), why, List.of());
          file.tell(new CaseEvent.Noted(null, file.rule(), staff.id(), note, file.digest(why)));
          file.startSigning(desk.id());
          file.give(desk.id(), null, null, why);
          file.tell(new CaseEvent.Dispatched(step, file.rule(), staff.id(), desk.id(), null, null));
        });
  }

  /// Of the level below, with people or without.
  private Desk taking(Case matter) {
    return routing.taking(below(matter.level()), territories.byId(matter.territoryId()));
  }

  private static Level below(Level level) {
    return level == Level.DISTRICT ? Level.STREET : Level.COMMUNITY;
  }

  private Optional<Refusal> againstSending(Sql sql, Case matter) {
    Optional<Category> category = categories.named(matter.categoryCode());
    Level below = below(matter.level());
    if (category.isEmpty() || category.get().circle().compareTo(below) < 0) {
      return Optional.of(new Refusal("send-down-loop", 409, matter.deskName()));
    }
    if (below == Level.COMMUNITY) {
      Optional<Admission> barring = list.barring(sql, matter);
      if (barring.isPresent()) {
        return Optional.of(
            new Refusal("send-down-barred", 409, barring.get().name(), barring.get().decidedBy()));
      }
    }
    Desk desk = taking(matter);
    return desks.isThere(desk) && routing.circleOf(desk) == below && desk.id() != matter.deskId()
        ? Optional.empty()
        : Optional.of(new Refusal("send-down-nobody", 409, matter.deskName()));
  }

  private static Set<Actor> bySystem(Permits permits) {
    var actors = EnumSet.of(Actor.SYSTEM);
    actors.addAll(permits.actors());
    return actors;
  }
}
