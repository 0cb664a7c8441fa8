package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Desk;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffMembers;
import io.linyu.community.StaffName;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Complaints that name a member of staff, also among other things: none of them comes to that
/// person's unit before somebody above it has looked. They confirm it, and it is handled as a
/// complaint about staff; or they lift it, and it goes where it would have gone. The resident's
/// clocks begin with the first word all the same.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Suspicions {
  /// @param words by which they were named, as they were said
  /// @param accused whoever is meant, where that can be but one
  record Suspicion(String words, Accused accused) {}

  private final CaseFiles files;
  private final Acceptance acceptance;
  private final Categories categories;
  private final Territories territories;
  private final Routing routing;
  private final StaffMembers members;

  Suspicions(
      CaseFiles files,
      Acceptance acceptance,
      Categories categories,
      Territories territories,
      Routing routing,
      StaffMembers members) {
    this.files = files;
    this.acceptance = acceptance;
    this.categories = categories;
    this.territories = territories;
    this.routing = routing;
    this.members = members;
  }

  /// What a case becomes that is one; empty: this house has no such kind, and keeps nothing back.
  private Optional<Category> kind() {
    return categories.all().stream()
        .filter(each -> each.aboutStaff() && each.isSpecific())
        .min(Comparator.comparing(Category::code));
  }

  /// Whether what somebody told complains about a member of staff who works there. Asks memory
  /// alone.
  Optional<Suspicion> raised(String text, Territory place) {
    return kind()
        .filter(_ -> Complaint.mayBe(text))
        .flatMap(_ -> Complaint.about(text, nearby(place)))
        .map(found -> new Suspicion(found.words(), accused(found.who())));
  }

  /// Those of the community, of the street and of the district above it; where no community is
  /// known, of all that lies in the place. Who works closer comes first.
  private List<StaffName> nearby(Territory place) {
    String inside = territories.communityOf(place).orElse(place).path();
    var near = new ArrayList<StaffName>();
    var above = new ArrayList<StaffName>();
    for (StaffName each : members.names()) {
      Territory works = territories.byId(each.territoryId());
      // Above the district's own people is nobody here.
      if (works.level() == Level.DISTRICT) {
        continue;
      }
      if (works.path().startsWith(inside)) {
        near.add(each);
      } else if (inside.startsWith(works.path())) {
        above.add(each);
      }
    }
    near.addAll(above);
    return near;
  }

  /// All that belongs to the community, or the street, for which they work.
  private Accused accused(@Nullable StaffName who) {
    if (who == null) {
      return Accused.NOBODY;
    }
    Territory works = territories.byId(who.territoryId());
    Territory unit = territories.communityOf(works).orElse(works);
    return new Accused(null, who.id(), unit.id(), who.name(), null);
  }

  /// It is one.
  ///
  /// @param words what they note down about it; empty: nothing
  public Case confirm(Staff staff, CaseId id, int version, String words) {
    Category kind = kind().orElseThrow(() -> new Refusal("category-unknown", 422, ""));
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = judged(permits, file, true);
          note(permits, file, words);
          Transition step = file.go(Transition.T32, permits.actors());
          file.file(kind, matter.urgency());
          file.tell(
              new CaseEvent.Corrected(
                  step, file.rule(), staff.id(), "category", matter.categoryCode(), kind.code()));
          acceptance.acceptHere(file, permits, kind, matter.territoryId(), matter.territoryKnown());
        });
  }

  /// It is none: it goes where it would have gone, as openly as it was told.
  ///
  /// @param words what they note down about it; empty: nothing
  public Case lift(Staff staff, CaseId id, int version, String words) {
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = judged(permits, file, false);
          note(permits, file, words);
          Territory place = territories.byId(matter.territoryId());
          Category category = categories.named(matter.categoryCode()).orElse(null);
          if (category != null && matter.territoryKnown() && matter.confirmed()) {
            acceptance.acceptHere(file, permits, category, place.id(), true);
            return;
          }
          Desk waits = routing.acceptance(place);
          file.raise(routing.circleOf(waits));
          if (waits.id() != matter.deskId()) {
            file.waitAt(staff.id(), waits.id());
          }
        });
  }

  private static Case judged(Permits permits, CaseFile file, boolean confirmed) {
    permits.require(Step.JUDGE);
    Transition step = file.go(Transition.T32, permits.actors());
    file.judge(confirmed);
    file.tell(new CaseEvent.SuspicionJudged(step, file.rule(), permits.staff().id(), confirmed));
    return permits.matter();
  }

  private static void note(Permits permits, CaseFile file, String words) {
    if (!words.isBlank()) {
      String sound = CaseFiles.sound(words, "text-missing");
      long note = file.note(permits.staff().id(), sound, List.of());
      file.tell(
          new CaseEvent.Noted(null, file.rule(), permits.staff().id(), note, file.digest(sound)));
    }
  }
}
