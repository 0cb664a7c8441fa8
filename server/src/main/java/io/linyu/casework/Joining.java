package io.linyu.casework;

import io.linyu.casework.CaseClock.Kind;
import io.linyu.community.Level;
import io.linyu.community.Territories;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cases that are handled with a known matter, and those that are handled by themselves again, also
/// after they were merged ([Merging]). No clock begins anew by either.
final class Joining {
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final KnownMatterStore store = new KnownMatterStore();

  Joining(Categories categories, Territories territories, Routing routing) {
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
  }

  void join(CaseFile file, Case matter, KnownMatter known, long staff, Set<Actor> actors) {
    Transition step = file.go(Transition.T08c, actors);
    file.shut();
    file.tell(new CaseEvent.Joined(step, file.rule(), staff, known.id(), matter.staffId()));
    store.join(file.tx(), matter.id(), known.id(), file.at(), staff, 0);
    file.save(true);
  }

  /// It goes back to the desk that the rules name, and at once to whoever had it.
  ///
  /// @param staff null: the resident said that it is another matter, or time did
  /// @param unsaid whether the resident is still to hear of it
  void leave(
      CaseFile file,
      Case matter,
      long known,
      @Nullable Long staff,
      boolean unsaid,
      Set<Actor> actors) {
    Transition left = file.go(Transition.T08d, actors);
    Category category = categories.named(matter.categoryCode()).orElseThrow();
    Level level = level(matter, category);
    file.tell(new CaseEvent.Left(left, file.rule(), staff, known, unsaid, level));
    store.leave(file.tx(), matter.id());
    file.raise(level);
    file.startResidentsClocks(category);
    handleAgain(file, matter, category, staff);
  }

  /// At which it is handled by itself.
  Level level(Case matter, Category category) {
    return routing.levelFor(category, territories.byId(matter.territoryId()), matter.accused());
  }

  /// By whoever had it, where it is they who want it; else at the desk that the rules name.
  void handleAgain(CaseFile file, Case matter, Category category, @Nullable Long staff) {
    Routing.Way way =
        routing.handling(
            file.tx(),
            file.rules(),
            category,
            territories.byId(matter.territoryId()),
            file.today(),
            matter.accused());
    Transition sent = file.go(Transition.T09, EnumSet.of(Actor.SYSTEM));
    file.tell(
        new CaseEvent.Dispatched(
            sent, file.rule(), staff, way.desk().id(), way.body(), way.rule()));
    file.passedBy(way);
    Long had = had(file);
    if (staff == null || had == null || !Objects.equals(had, staff)) {
      file.give(way.desk().id(), way.body(), null, null);
      file.resumeSigning();
    } else {
      // Whoever had it themselves takes it up where they were.
      Transition signed = file.go(Transition.T10, EnumSet.of(Actor.HANDLER));
      file.give(matter.deskId(), matter.bodyCode(), had, null);
      file.stop(Kind.SIGNING);
      file.tell(new CaseEvent.Claimed(signed, file.rule(), had, matter.deskId(), had, null));
    }
    file.save(true);
  }

  /// Who had it when it joined.
  private static @Nullable Long had(CaseFile file) {
    for (var told : file.told().reversed()) {
      if (told.event() instanceof CaseEvent.Joined joined) {
        return joined.had();
      } else if (told.event() instanceof CaseEvent.Merged merged) {
        return merged.had();
      }
    }
    return null;
  }
}
