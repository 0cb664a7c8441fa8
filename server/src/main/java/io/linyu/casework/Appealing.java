package io.linyu.casework;

import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Another look at what was rejected: whoever told it asks for it once, and a desk decides that is
/// not the one that rejected it. There it waits like anything that is to be accepted, with a clock
/// from the moment it was asked for. Whoever accepts it has granted it; who rejects it again ends
/// it.
public final class Appealing {
  /// For so many days after the one on which it was rejected.
  static final int DAYS = 15;

  static final int LONGEST_WORDS = 500;

  /// That somebody may ask.
  ///
  /// @param desk that would look at it
  /// @param until the last day
  public record Offer(Desk desk, LocalDate until) {}

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Intake intake;
  private final HandIns handIns;
  private final Desks desks;
  private final Routing routing;

  Appealing(
      Db db,
      CaseFiles files,
      Cases cases,
      Intake intake,
      HandIns handIns,
      Desks desks,
      Routing routing) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.intake = intake;
    this.handIns = handIns;
    this.desks = desks;
    this.routing = routing;
  }

  /// What the resident is offered of this case now; empty: nothing.
  public Optional<Offer> offered(Case matter) {
    return offered(matter, files.now());
  }

  /// What they would be offered if it were rejected now; empty: nothing.
  Optional<Offer> wouldBeOffered(Case matter) {
    return matter.isUnderReview()
        ? Optional.empty()
        : reviewing(matter).map(desk -> new Offer(desk, lastDay(files.now())));
  }

  private Optional<Offer> offered(Case matter, Instant now) {
    Instant rejected = matter.closedAt();
    if (matter.state() != CaseState.REJECTED
        || matter.appealedAt() != null
        || matter.personId() == null
        || rejected == null
        || files.day(now).isAfter(lastDay(rejected))) {
      return Optional.empty();
    }
    return reviewing(matter).map(desk -> new Offer(desk, lastDay(rejected)));
  }

  private LocalDate lastDay(Instant rejected) {
    return files.day(rejected).plusDays(DAYS);
  }

  private Optional<Desk> reviewing(Case matter) {
    return routing.reviewing(desks.byId(matter.deskId()));
  }

  /// By whoever told it, or somebody for them. Refused when it cannot be asked for.
  ///
  /// @param person whose case it is
  /// @param consent by which another asks; null: they do so themselves
  /// @return the case as it waits now
  public Case appeal(Tx tx, CaseId id, long person, @Nullable Long consent) {
    files.lock(tx, id);
    Case matter = cases.named(tx, id).orElseThrow(Refusal::notFound);
    if (!Objects.equals(matter.personId(), person)) {
      throw Refusal.notFound();
    }
    return appeal(tx, matter, consent);
  }

  /// By whoever has this page.
  ///
  /// @param words that they add; empty: none
  void appeal(Cases.Link link, String words) {
    String said = words.strip();
    if (said.length() > LONGEST_WORDS) {
      throw new Refusal("text-too-long", 422, LONGEST_WORDS);
    }
    CaseId id = link.matter().id();
    db.withinTransaction(tx -> {
      // Before the case: it is where they speak.
      Long place = said.isEmpty() ? null : handIns.hold(tx, link);
      files.lock(tx, id);
      Case matter = cases.named(tx, id).orElseThrow(Refusal::notFound);
      Case now = appeal(tx, matter, link.consent());
      Long person = now.personId();
      if (place != null && person != null) {
        List<Long> messages = handIns.say(tx, place, id, files.now(), said);
        var _ = intake.supplement(tx, id, person, messages, link.consent());
      }
    });
  }

  private Case appeal(Tx tx, Case matter, @Nullable Long consent) {
    CaseFile file = files.open(tx, matter);
    Desk desk =
        offered(matter, file.at()).map(Offer::desk).orElseThrow(() -> against(matter, file.at()));
    Transition step = file.go(Transition.T07c, Set.of(Actor.RESIDENT));
    file.waitForReview(desk, routing.circleOf(desk));
    file.tell(new CaseEvent.Appealed(step, file.rule(), matter.deskId(), desk.id(), consent));
    return file.save(true);
  }

  private Refusal against(Case matter, Instant now) {
    String number = matter.number().text();
    if (matter.isUnderReview()) {
      return new Refusal("case-appeal-asked", 409, number, matter.deskName());
    }
    if (matter.state() != CaseState.REJECTED) {
      return new Refusal(matter.isOpen() ? "case-appeal-open" : "case-appeal-none", 409, number);
    }
    if (matter.appealedAt() != null) {
      return new Refusal("case-appeal-over", 409, number);
    }
    Instant rejected = matter.closedAt();
    return rejected != null && files.day(now).isAfter(lastDay(rejected))
        ? new Refusal("case-appeal-late", 409, number, DAYS)
        : new Refusal("case-appeal-nobody", 409, number);
  }
}
