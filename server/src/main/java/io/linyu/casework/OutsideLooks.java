package io.linyu.casework;

import io.linyu.casework.OutsideLook.Reason;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks at cases of other units. Whoever looks after a territory may read one whose number they
/// have, when they say why; for half an hour, and nothing else: to every other door that case is
/// still not theirs to see. The audit has each time the page was opened, and the case's history who
/// has looked.
///
/// What is told in confidence, complains about staff or is kept quiet is not looked at so by
/// anybody: who leads a level above both sees it without. Where there is such a case, and where
/// there is none at all, the answer is the same, and comes by the same way.
final class OutsideLooks {
  static final int MOST_A_DAY = 20;
  static final Duration OPEN = Duration.ofMinutes(30);
  private static final int SHORTEST_WORDS = 4;
  private static final int LONGEST_WORDS = 300;
  private static final Duration KEPT_IN_VAIN = Duration.ofDays(2);
  private static final int FORGOTTEN_AT_ONCE = 1_000;
  private static final Pattern LINK = Pattern.compile("/console/cases/([\\w-]{10,64})");

  /// What became of asking.
  sealed interface Asked {
    /// It is theirs to see anyway.
    record Theirs(Case matter) implements Asked {}

    record Opened(OutsideLook look) implements Asked {}
  }

  /// What is read.
  record Opened(OutsideLook look, Case matter) {}

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Cases cases;
  private final Territories territories;
  private final Audit audit;
  private final OutsideLookStore store = new OutsideLookStore();
  private final CaseStore caseStore = new CaseStore();

  OutsideLooks(Db db, Clock clock, ZoneId zone, Cases cases, Territories territories, Audit audit) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.cases = cases;
    this.territories = territories;
    this.audit = audit;
  }

  /// Whether they look after a territory: departments and heads have nothing to look for elsewhere.
  static boolean mayAsk(Staff staff) {
    return Scope.ROLES.contains(staff.role());
  }

  static void requireMayAsk(Staff staff) {
    if (!mayAsk(staff)) {
      throw Refusal.notFound();
    }
  }

  /// @param address of the device, for the audit
  /// @param typed the number, or the link to its page
  /// @param reason a word of [Reason]
  /// @throws Refusal when something is missing or there were too many today; `look-none`, when
  ///   there is nothing that is looked at so, whether there is such a case or not
  Asked ask(Staff staff, String address, String typed, String reason, String words) {
    requireMayAsk(staff);
    Reason why = Reason.of(reason).orElseThrow(() -> new Refusal("look-reason-missing", 422));
    String said = words.strip();
    if (said.codePointCount(0, said.length()) < SHORTEST_WORDS) {
      throw new Refusal("look-words-short", 422, SHORTEST_WORDS);
    }
    if (said.length() > LONGEST_WORDS) {
      throw new Refusal("text-too-long", 422, LONGEST_WORDS);
    }
    Sought sought = sought(typed);
    Optional<Asked> asked =
        db.inTransaction(tx -> ask(tx, staff, address, sought, why, said)); // kept, then refused
    return asked.orElseThrow(() -> new Refusal("look-none", 404));
  }

  /// @param code of its page, else empty
  /// @param number else empty
  private record Sought(String code, String number) {
    String said() {
      return number.isEmpty() ? "…" : number; // the link opens something
    }
  }

  private static Sought sought(String typed) {
    Matcher link = LINK.matcher(typed);
    if (link.find()) {
      return new Sought(link.group(1), "");
    }
    return CaseNumber.parse(typed)
        .map(number -> new Sought("", number.text()))
        .orElseThrow(() -> new Refusal("look-number-wrong", 422));
  }

  private Optional<Asked> ask(
      Tx tx, Staff staff, String address, Sought sought, Reason reason, String words) {
    store.queue(tx, staff.id());
    Optional<Case> theirs =
        caseStore.visibleByName(
            tx, staff, Scope.of(staff, territories), sought.code(), sought.number());
    if (theirs.isPresent()) {
      return Optional.of(new Asked.Theirs(theirs.get()));
    }
    Instant now = clock.instant();
    Instant today = now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
    if (store.countSince(tx, staff.id(), today) >= MOST_A_DAY) {
      throw new Refusal("look-limit", 429, MOST_A_DAY);
    }
    CaseId id = caseStore.lookable(tx, sought.code(), sought.number()).orElse(null);
    String code = Codes.random();
    Instant until = id == null ? now : now.plus(OPEN);
    store.insert(tx, code, staff.id(), staff.territoryId(), id, reason, words, now, until);
    if (id == null) {
      // Not under the name of a case: who reads this may not know whether there is one either.
      audit.write(
          tx,
          Who.staff(staff.id(), address),
          Deed.LOOK_REFUSED,
          Map.of("sought", sought.said(), "reason", reason.word(), "words", words));
      return Optional.empty();
    }
    return store.of(tx, staff.id(), code).map(Asked.Opened::new);
  }

  /// Opens its page, and writes down that it was opened.
  ///
  /// @param address of the device, for the audit
  Opened open(Staff staff, String address, String code) {
    requireMayAsk(staff);
    return db.inTransaction(tx -> {
      OutsideLook look = store.of(tx, staff.id(), code).orElseThrow(Refusal::notFound);
      if (!look.until().isAfter(clock.instant())) {
        throw new Refusal("look-over", 410);
      }
      Case matter =
          caseStore
              .looked(tx, staff.id(), code, clock.instant())
              .orElseThrow(() -> new Refusal("look-none", 404));
      audit.write(
          tx,
          Who.staff(staff.id(), address),
          Deed.CASE_LOOKED,
          Map.of(
              "case",
              matter.number().base(),
              "reason",
              look.reason().word(),
              "words",
              look.words()));
      return new Opened(look, matter);
    });
  }

  /// What has happened to what is looked at.
  List<Line> history(Staff staff, Opened opened) {
    return cases.told(opened.matter().id(), staff.language());
  }

  /// Whether there may be more.
  boolean forgetDue() {
    return store.forgetVain(db, clock.instant().minus(KEPT_IN_VAIN), FORGOTTEN_AT_ONCE)
        == FORGOTTEN_AT_ONCE;
  }
}
