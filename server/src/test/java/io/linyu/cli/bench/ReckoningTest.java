package io.linyu.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.cli.bench.Observed.Blow;
import io.linyu.cli.bench.Observed.Resident;
import io.linyu.community.Staff;
import io.linyu.platform.db.Db;
import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.Sending;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every promise that a trial counts can be found broken: one thing is falsified in a small world
/// in which all are kept, and exactly that is reported.
///
/// The server has stopped when it is counted, and what is falsified is rolled back.
class ReckoningTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static Db db;
  private static Observed observed;

  /// Wang's matter is registered, answered and closed; Li's stays open; Zhao says what is the
  /// matter and falls silent.
  @BeforeAll
  static void aDayPasses() {
    try (var town = Neighbourhood.open();
        var counter = town.counter()) {
      db = Db.connect(VERTX, town.settings.databaseUrl(), 2);
      String door = "bld:" + counter.place("88001001B3").code();
      Phone wang = town.wechat.stranger("wang").follow(door).says("你好");
      wang.says("3栋楼道灯坏了好几天").says("对");
      Staff zhang = counter.staff(Counter.ZHANG);
      long matter = Long.parseLong(town.sqlOne("SELECT id FROM \"case\""));
      Case open = counter.cases.named(db, CaseId.of(matter)).orElseThrow();
      Case claimed = counter.handling.claim(zhang, open.id(), open.version());
      Case answered = counter.handling.answer(zhang, claimed.id(), claimed.version(), "好的，马上去看〔1〕");
      var _ = counter.finishAndAsk(zhang, answered.id(), answered.version(), "修好了〔2〕");
      wang.awaitHeard("〔2〕");
      wang.says("1").says("1").says("1"); // solved, content, somebody was in touch

      Phone li = town.wechat.stranger("li").follow(door);
      li.says("1栋楼下垃圾桶满了没人清运").says("对");
      Phone zhao = town.wechat.stranger("zhao").follow(door).says("小区门口路灯不亮");
      new KillStore().letSilencePass(db);
      zhao.awaitHeard("先按您说的交给社区了");
      town.until("all is settled", () -> new KillStore().unsettled(db).isSettled());

      Line.Said asked = wang.said().get(1);
      Map<Long, List<Attempt>> again = Map.of(asked.messageId(), List.of(wang.again(asked)));
      List<Resident> residents =
          List.of(wang, li, zhao).stream().map(each -> Crowd.resident(each, again)).toList();
      observed = new Observed(residents, town.wechat.sendings(), List.of(), Set.of());
    }
  }

  @AfterAll
  static void close() {
    db.close();
    VERTX.close().await();
  }

  @Test
  void whatWasKeptIsFoundKept() {
    Findings found = reckoned(observed);
    assertThat(found.breaches()).isEmpty();
    assertThat(found.promises())
        .filteredOn(each -> each.counted() == 0)
        .extracting(Findings.Promise::key)
        .containsExactlyInAnyOrder("unknown", "shown");
  }

  @Test
  void aReceiptThatIsLost() {
    broken(
        "receipts",
        "acknowledged and lost",
        """
        WITH lost AS (
          DELETE FROM receipt WHERE ctid = (SELECT min(ctid) FROM receipt WHERE external_id LIKE '%:%')
          RETURNING address_id, reply
        )
        DELETE FROM message WHERE id IN (
          SELECT min(m.id) FROM message m JOIN lost l USING (address_id)
           WHERE m.said_by = 'resident' OR (m.said_by = 'bot' AND l.reply IS NOT NULL)
           GROUP BY m.said_by)
        """);
  }

  @Test
  void aSecondReceipt() {
    broken(
        "receipts",
        "received 2 times",
        "ALTER TABLE receipt DROP CONSTRAINT receipt_pkey",
        """
        WITH twice AS (
          INSERT INTO receipt SELECT * FROM receipt WHERE external_id LIKE '%:%'
          RETURNING address_id, reply
        )
        INSERT INTO message (address_id, at, said_by, content)
        SELECT address_id, now(), said_by, '{}' FROM twice
          JOIN (VALUES ('resident'), ('bot')) AS who(said_by)
            ON said_by = 'resident' OR reply IS NOT NULL
        """);
  }

  @Test
  void aReceiptOfWhatNobodySaid() {
    broken(
        "receipts",
        "nobody said",
        """
        WITH invented AS (
          INSERT INTO receipt SELECT min(address_id), 'invented', now(), NULL FROM receipt
          RETURNING address_id
        )
        INSERT INTO message (address_id, at, said_by, content)
        SELECT address_id, now(), 'resident', '{}' FROM invented
        """);
  }

  @Test
  void aMessageThatWasNotKept() {
    broken(
        "messages",
        "receipts and",
        "DELETE FROM message WHERE id = (SELECT max(id) FROM message WHERE said_by = 'resident' AND case_id IS NULL)");
  }

  @Test
  void aReplyThatWasSaidAndNotKept() {
    broken(
        "messages",
        "replies and",
        """
        INSERT INTO message (address_id, at, said_by, content)
        SELECT min(id), now(), 'bot', '{}' FROM address
        """);
  }

  @Test
  void aReplyThatWasChanged() {
    broken(
        "replies",
        "kept 你好！",
        "UPDATE receipt SET reply = '你好！' WHERE external_id = '%s'"
            .formatted(resident("wang").said().get(1).messageId()));
  }

  @Test
  void aRepeatedDeliveryThatGotAnotherReply() {
    broken(
        "replies",
        "heard , kept",
        seen(
            "wang",
            wang -> {
              var said = new ArrayList<>(wang.said());
              Line.Said asked = said.get(1);
              var attempts = new ArrayList<>(asked.attempts());
              Attempt last = attempts.removeLast();
              attempts.add(
                  new Attempt(
                      last.number(), last.at(), last.took(), Attempt.Result.SUCCESS, null, ""));
              said.set(1, Crowd.with(asked, attempts));
              return new Resident(wang.name(), wang.openid(), said, wang.heard());
            }));
  }

  @Test
  void aSecondCaseOfOneWord() {
    broken(
        "cases",
        "opened [",
        """
        INSERT INTO "case" OVERRIDING SYSTEM VALUE
        SELECT (jsonb_populate_record(c, '{"id": 1000000, "number": "2", "code": "2"}')).*
          FROM "case" c WHERE closed_at IS NOT NULL
        """);
  }

  @Test
  void aCaseThatIsNotThere() {
    broken("cases", "opened [X]", "UPDATE \"case\" SET number = 'X' WHERE closed_at IS NOT NULL");
  }

  @Test
  void aCaseThatWasOpenedTwice() {
    broken(
        "cases",
        "1 drafted and 2 opened",
        """
        INSERT INTO event (room, subject, at, body)
        SELECT room, subject, at, body FROM event
         WHERE id = (SELECT min(id) FROM event
                      WHERE room = 'casework' AND body::json ->> 'event' = 'opened')
        """);
  }

  @Test
  void aCaseThatResidentsWereToldOfTwice() {
    broken("cases", "heard twice", again("wang", "编号", Line.Way.PASSIVE));
  }

  @Test
  void aCaseThatNobodyHolds() {
    broken(
        "holdings",
        "held by 0",
        "DELETE FROM holding WHERE id = (SELECT max(id) FROM holding WHERE upper_inf(during))");
  }

  @Test
  void aCaseThatTwoHold() {
    broken(
        "holdings",
        "held by 2",
        "ALTER TABLE holding DROP CONSTRAINT holding_case_id_during_excl",
        """
        INSERT INTO holding (case_id, desk_id, during)
        SELECT case_id, desk_id, during FROM holding WHERE upper_inf(during) LIMIT 1
        """);
  }

  @Test
  void aFormThatWasNeverFiled() {
    broken(
        "forms",
        "left open",
        """
        UPDATE conversation SET state = jsonb_set(state, '{form}', '{}')
         WHERE address_id = (SELECT min(id) FROM address)
        """);
  }

  @Test
  void aSilentPersonWhoseProblemWasFiledForSomebodyElse() {
    broken(
        "forms",
        "zhao fell silent, filed 0 times",
        "UPDATE \"case\" SET address_id = (SELECT min(id) FROM address) WHERE NOT confirmed");
  }

  @Test
  void aChainWithAChangedFact() {
    broken(
        "chains",
        "casework",
        "ALTER TABLE event DISABLE TRIGGER event_append_only",
        "UPDATE event SET at = at + interval '1 second' WHERE id = (SELECT max(id) FROM event WHERE seq = 2)");
  }

  @Test
  void aChainWithABrokenHash() {
    broken(
        "chains",
        "casework",
        "ALTER TABLE event DISABLE TRIGGER event_append_only",
        """
        UPDATE event SET hash = sha256(hash)
         WHERE id = (SELECT max(id) FROM event WHERE seq IS NOT NULL)
        """);
  }

  @Test
  void aChainWithALostLink() {
    broken(
        "chains",
        "casework",
        "ALTER TABLE event DISABLE TRIGGER event_append_only",
        "DELETE FROM event WHERE body::json ->> 'event' = 'answered'");
  }

  @Test
  void aKeyThatIsThereTwice() {
    broken(
        "sendings",
        "key ",
        "ALTER TABLE outbound DROP CONSTRAINT outbound_message_key_key",
        insertOutbound("message_key, NULL, 'x'"));
  }

  @Test
  void aMessageWithTwoSendings() {
    broken("sendings", "2 sendings", insertOutbound("'other', message_id, 'x'"));
  }

  @Test
  void aMessageThatIsNotSent() {
    broken(
        "sendings", "0 sendings", "UPDATE outbound SET message_id = NULL WHERE text LIKE '%〔1〕%'");
  }

  @Test
  void anAnswerThatIsToldTwice() {
    broken("answers", "told 2 times", insertOutbound("'other', NULL, text"));
  }

  @Test
  void anAnswerThatIsToldToNobody() {
    broken("answers", "told 0 times", "UPDATE case_answer SET text = text || '？'");
  }

  @Test
  void anAnswerThatArrivedTwice() {
    broken("answers", "arrived at", again("wang", "〔1〕", Line.Way.PASSIVE));
  }

  @Test
  void anAnswerThatArrivedAtSomebodyElse() {
    Line.Heard answer = heard("wang", "〔1〕");
    broken(
        "answers",
        "arrived at",
        seen(
            "li",
            li -> {
              var heard = new ArrayList<>(li.heard());
              heard.add(by(Line.Way.PASSIVE, answer));
              return new Resident(li.name(), li.openid(), li.said(), heard);
            }));
  }

  @Test
  void aMessageThatArrivedTwice() {
    broken("deliveries", "2 arrived", again("zhao", "先按您说的", Line.Way.CUSTOMER_SERVICE));
  }

  @Test
  void aMessageThatThePlatformWasAskedForTwice() {
    var twice = new ArrayList<>(observed.sendings());
    twice.add(observed.sendings().getLast());
    broken("deliveries", "2 asked for", with(twice, List.of()));
  }

  @Test
  void aMessageThatIsCalledDeliveredAndNeverArrived() {
    broken(
        "deliveries",
        "0 arrived",
        """
        INSERT INTO outbound (message_key, address_id, text, state, way, created_at, updated_at)
        SELECT 'other', min(id), 'x', 'delivered', 'customer_service', now(), now() FROM address
        """);
  }

  private static final String UNKNOWN =
      "UPDATE outbound SET state = 'unknown' WHERE text LIKE '%〔1〕%'";

  @Test
  void anUnknownSendThatWasNotInFlight() {
    broken("unknown", "1 were not in flight", UNKNOWN);
  }

  @Test
  void anUnknownSendIsExplainedByABlowWhileItWasUnderWayAndByNoOther() {
    Sending send =
        observed.sendings().stream()
            .filter(each -> each.text().contains("〔1〕"))
            .findFirst()
            .orElseThrow();
    Observed cut = with(observed.sendings(), List.of(new Blow(send.at(), send.at())));
    Observed late =
        with(
            observed.sendings(),
            List.of(new Blow(send.at().plusSeconds(60), send.at().plusSeconds(61))));

    assertThat(reckoned(cut, UNKNOWN).breaches()).isEmpty();
    broken("unknown", "1 were not in flight", late, UNKNOWN);
  }

  @Test
  void anUnknownSendThatStaffDoNotSee() {
    Observed cut =
        with(
            observed.sendings(),
            observed.sendings().stream().map(each -> new Blow(each.at(), each.at())).toList());
    broken(
        "shown",
        "case:",
        cut,
        UNKNOWN,
        """
        CREATE OR REPLACE VIEW outbound_delivery AS
          SELECT a.channel, a.account, a.external_id AS address, o.message_key,
                 'delivered'::text AS state, o.attempts, o.updated_at
            FROM outbound o JOIN address a ON a.id = o.address_id
        """);
  }

  @Test
  void aMessageThatNeverEnds() {
    broken(
        "ended",
        "1 never ended",
        """
        INSERT INTO outbound (message_key, address_id, text, state, created_at, updated_at)
        SELECT 'other', min(id), 'x', 'queued', now(), now() FROM address
        """);
  }

  // What is falsified.

  /// A row like that of the first answer, waiting.
  private static String insertOutbound(String values) {
    return """
    INSERT INTO outbound (message_key, message_id, text, address_id, state, way, created_at, updated_at)
    SELECT %s, address_id, 'waiting', 'inbox', now(), now() FROM outbound WHERE text LIKE '%%〔1〕%%'
    """
        .formatted(values);
  }

  private static Resident resident(String name) {
    return observed.residents().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Line.Heard heard(String name, String part) {
    return resident(name).heard().stream()
        .filter(each -> each.text().contains(part))
        .findFirst()
        .orElseThrow();
  }

  private static Line.Heard by(Line.Way way, Line.Heard line) {
    return new Line.Heard(line.id(), line.at(), way, line.text(), line.quota());
  }

  private static Observed again(String name, String part, Line.Way way) {
    Line.Heard line = heard(name, part);
    return seen(
        name,
        each -> {
          var heard = new ArrayList<>(each.heard());
          heard.add(by(way, line));
          return new Resident(each.name(), each.openid(), each.said(), heard);
        });
  }

  private static Observed seen(String name, UnaryOperator<Resident> otherwise) {
    return new Observed(
        observed.residents().stream()
            .map(each -> each.name().equals(name) ? otherwise.apply(each) : each)
            .toList(),
        observed.sendings(),
        List.of(),
        Set.of());
  }

  private static Observed with(List<Sending> sendings, List<Blow> blows) {
    return new Observed(observed.residents(), sendings, blows, Set.of());
  }

  // What is found.

  private static void broken(String promise, String breach, String... falsifying) {
    broken(promise, breach, observed, falsifying);
  }

  private static void broken(
      String promise, String breach, Observed observed, String... falsifying) {
    assertThat(reckoned(observed, falsifying).breaches())
        .isNotEmpty()
        .allSatisfy(each -> assertThat(each).startsWith(promise + ": "))
        .anySatisfy(each -> assertThat(each).contains(breach));
  }

  private static Findings reckoned(Observed observed, String... falsifying) {
    var findings = new Findings();
    try {
      db.withinTransaction(tx -> {
        for (String each : falsifying) {
          tx.execute(each);
        }
        new Reckoning(tx, observed, findings).reckon();
        throw new Undone();
      });
    } catch (Undone asPlanned) {
      // Nothing of it is left.
    }
    return findings;
  }

  private static final class Undone extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
