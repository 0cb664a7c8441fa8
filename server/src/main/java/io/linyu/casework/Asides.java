package io.linyu.casework;

import io.linyu.casework.Suspicions.Suspicion;
import io.linyu.community.Territories;
import io.linyu.platform.db.Tx;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a resident says of a case later and seems to complain about a member of staff: it becomes
/// no part of that case, which may be with those it is about, but is a case of its own, kept from
/// them until somebody above has looked ([Suspicions]). The other stays where it is, with its
/// clocks, and nothing in it tells that there is this one.
final class Asides {
  /// @param words in which it was said; empty: in none
  /// @param messages in which it was said; none: on a page that keeps no message
  /// @param consent by which somebody said it for the person; null: they said it themselves
  /// @param files how many of the messages were handed in on the page
  /// @param visit the return visit in whose rating it was said; null: in none
  record Said(
      String words, List<Long> messages, @Nullable Long consent, int files, @Nullable Long visit) {
    Said {
      messages = List.copyOf(messages);
    }
  }

  private final Intake intake;
  private final CaseFiles files;
  private final Territories territories;
  private final Suspicions suspicions;
  private final CaseStore cases = new CaseStore();
  private final SplitStore store = new SplitStore();

  Asides(Intake intake, CaseFiles files, Territories territories, Suspicions suspicions) {
    this.intake = intake;
    this.files = files;
    this.territories = territories;
    this.suspicions = suspicions;
  }

  /// @param matter of which it was said, under its lock
  /// @return the case that it is now; empty: it belongs to that one, since it complains about
  ///   nobody, or that one is kept from them itself
  Optional<CaseId> setApart(Tx tx, Case matter, Said said) {
    // What is critical waits for nobody's judgement, and whoever hurries there reads all of it.
    if (matter.state() == CaseState.HANDED_OFF
        || matter.urgency().compareTo(Urgency.CRITICAL) >= 0) {
      return Optional.empty();
    }
    Suspicion raised =
        suspicions.raised(said.words(), territories.byId(matter.territoryId())).orElse(null);
    if (raised == null || suspicions.keeps(matter, raised)) {
      return Optional.empty();
    }
    return Optional.of(
        before(tx, matter, said, raised)
            .map(there -> more(tx, there, said))
            .orElseGet(() -> begin(tx, matter, said)));
  }

  /// What they have said of the same person before, and nobody has ended.
  private Optional<CaseId> before(Tx tx, Case matter, Said said, Suspicion raised) {
    return said.messages().isEmpty() || said.visit() != null
        ? Optional.empty()
        : store.parts(tx, matter.id()).stream()
            .filter(each -> each.isOpen() && each.masterId() == null)
            .filter(each -> Objects.equals(each.personId(), matter.personId()))
            .filter(each -> isAbout(each, raised) && suspicions.keeps(each, raised))
            .map(Case::id)
            .findFirst();
  }

  private static boolean isAbout(Case each, Suspicion raised) {
    return Objects.equals(each.accused().staffId(), raised.accused().staffId());
  }

  private CaseId more(Tx tx, CaseId there, Said said) {
    files.lock(tx, there);
    Case now = cases.byId(tx, there).orElseThrow();
    intake.add(tx, now, said.messages(), said.consent(), said.files());
    return there;
  }

  /// Of the kind of that one: that is what it goes back to when it is no complaint.
  private CaseId begin(Tx tx, Case matter, Said said) {
    Opened opened =
        intake.open(
            tx,
            NewCase.of(said.words(), matter.territoryId(), matter.channel())
                .by(matter.personId(), matter.addressId())
                .place(matter.place())
                .territoryKnown(matter.territoryKnown())
                .messages(said.messages())
                .category(matter.categoryCode())
                .urgency(matter.urgency())
                .confirmed(true)
                .confidential(matter.confidential())
                .consent(matter.consentId())
                .ready(),
            Future.succeededFuture(files.now()),
            Intake.Kept.from(new Intake.Kept.Origin(matter.id(), said.visit())));
    store.splitOff(tx, opened.id(), matter.id());
    return opened.id();
  }
}
