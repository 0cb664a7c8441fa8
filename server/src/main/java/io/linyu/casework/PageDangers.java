package io.linyu.casework;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Danger to life that somebody writes on the page of a matter, whatever the form is for. It rings
/// as in the chat: a case of its own with the emergency line, and an alarm. It is heard before
/// anything becomes of the form, so that it rings also where the form is refused.
final class PageDangers {
  /// So long more of the same danger goes to the case that rings already, as in the chat.
  private static final Duration SAME = Duration.ofMinutes(30);

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Intake intake;
  private final Alarms alarms;
  private final HandIns handIns;

  PageDangers(Db db, Clock clock, Casework casework) {
    this.db = db;
    this.clock = clock;
    this.cases = casework.cases();
    this.intake = casework.intake();
    this.alarms = casework.alarms();
    this.handIns = casework.handIns();
  }

  /// @return whether these words tell of danger, so that the page says whom to call
  boolean heard(Cases.Link link, String words) {
    String said = words.strip();
    Optional<String> kind = said.isEmpty() ? Optional.empty() : handIns.danger(said);
    kind.ifPresent(each -> db.withinTransaction(tx -> ring(tx, link, cut(said), each)));
    return kind.isPresent();
  }

  private static String cut(String said) {
    return said.substring(0, Math.min(said.length(), HandIns.LONGEST_WORDS));
  }

  private void ring(Tx tx, Cases.Link link, String said, String kind) {
    Instant now = clock.instant();
    // Before any case: it is where they speak, and where they hear who has it.
    Optional<Long> place = handIns.place(tx, link);
    Optional<Alarms.Rung> rung =
        place.flatMap(each -> alarms.rung(tx, each, kind, now.minus(SAME)));
    if (place.isPresent() && rung.isPresent()) {
      ringOn(tx, link, said, place.get(), rung.get(), now);
      return;
    }
    Case matter = link.matter();
    Opened opened =
        intake.handOff(
            tx,
            NewCase.of(said, matter.territoryId(), matter.channel())
                .by(matter.personId(), place.orElse(null))
                .territoryKnown(matter.territoryKnown())
                .consent(link.consent())
                .ready(),
            Future.succeededFuture(now),
            kind);
    var _ = alarms.ring(tx, opened.id(), place.orElse(null), matter.territoryId(), kind, now);
  }

  /// The same form sent again adds nothing.
  private void ringOn(
      Tx tx, Cases.Link link, String said, long place, Alarms.Rung rung, Instant now) {
    Case rings = cases.named(tx, rung.caseId()).orElseThrow();
    Long person = rings.personId();
    if (person != null && !rings.what().equals(said)) {
      List<Long> messages = handIns.say(tx, place, rings.id(), now, said);
      // It may have been rung in the chat, by whoever speaks there for themselves.
      Long consent = rings.consentId() == null ? null : link.consent();
      var _ = intake.supplement(tx, rings.id(), person, messages, consent);
    }
  }
}
