package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Plans;
import io.linyu.casework.Inbox.View;
import io.linyu.channel.AddressKey;
import io.linyu.community.Address;
import io.linyu.community.People;
import io.linyu.community.Staff;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// "Your number ends in?" By four digits a case is found at the counter, and nobody else's is.
class PhoneEndTest {
  @AutoClose private static final Bureau BUREAU = new Bureau();
  private static final Staff REN = BUREAU.staff("任", "community_deputy", "C1");
  private static final Staff QIU = BUREAU.staff("邱", "community_deputy", "C2");
  private static final People PEOPLE = BUREAU.community.people();

  @Test
  void fourDigitsAreTheEndOfANumberOfEitherKind() {
    CaseNumber lamp = open(null, "楼道灯不亮", "C1L03").number();
    String end = lamp.text().substring(lamp.text().length() - 4);
    Address mei = person("o-mei", "1390000" + end);
    Opened hers = open(mei.personId(), "门禁刷不开", "C1L03");
    Opened elsewhere = open(mei.personId(), "槐荫的路灯", "C2Z1");
    BUREAU.casework.words().write(1, 50);
    assertThat(found(REN, end)).containsExactlyInAnyOrder(lamp, hers.number());
    assertThat(found(REN, "尾号" + end)).containsExactly(hers.number());
    assertThat(found(QIU, "尾号" + end)).containsExactly(elsewhere.number());
    assertThat(BUREAU.inbox.reading(REN, "尾号9999").end()).isEqualTo("9999");
  }

  @Test
  void theEndGoesWithTheNumberAndComesBackByItself() {
    Address hu = person("o-hu", "13900004711");
    Opened his = open(hu.personId(), "排水沟堵了", "C1L03");
    assertThat(found(REN, "尾号4711")).containsExactly(his.number());
    BUREAU.db.withinTransaction(tx -> PEOPLE.setPhone(tx, hu.personId(), "13900004712"));
    assertThat(found(REN, "尾号4711")).isEmpty();
    assertThat(found(REN, "尾号4712")).containsExactly(his.number());

    // As the release before writes it, and as it was before there were ends.
    BUREAU.db.execute(
        """
        UPDATE person SET phone_hash = sha256('another'::bytea) WHERE id = $1
        """,
        hu.personId());
    assertThat(found(REN, "尾号4712")).isEmpty();
    assertThat(PEOPLE.hashEndsDue()).as("all of it").isFalse();
    assertThat(found(REN, "尾号4712")).containsExactly(his.number());

    // Joined with somebody who has another number, and erased.
    Address same = person("o-hu-2", "13900004713");
    var merges = BUREAU.community.merges();
    BUREAU.db.withinTransaction(tx -> {
      List<Long> moved = BUREAU.cases.moveAll(tx, hu.personId(), same.personId());
      var _ = merges.record(tx, same.personId(), hu.personId(), moved, null, null);
    });
    assertThat(found(REN, "尾号4712")).containsExactly(his.number());
    BUREAU.db.withinTransaction(tx -> {
      PEOPLE.setPhone(tx, hu.personId(), null);
      PEOPLE.setPhone(tx, same.personId(), null);
    });
    assertThat(found(REN, "尾号4712")).isEmpty();
    assertThat(
            BUREAU.db.rows(
                "SELECT FROM person WHERE phone_end_hash IS NOT NULL AND phone_hash IS NULL"))
        .isEmpty();
  }

  @Test
  void theEndIsReadOffItsIndex() {
    BUREAU.db.withinTransaction(tx -> {
      tx.execute(
          """
          INSERT INTO person (id, phone_hash, phone_end_hash) OVERRIDING SYSTEM VALUE
          SELECT 1000000 + n, sha256(n::text::bytea), sha256((n % 100)::text::bytea)
            FROM generate_series(1, 4000) n
          """);
      tx.execute("ANALYZE person");
      var plans = new Plans(tx, 300, Set.of("person"));
      var _ = PEOPLE.endingIn(plans, "0069");
      assertThat(plans.complaints()).isEmpty();
    });
  }

  private static Address person(String name, String phone) {
    var key = new AddressKey("wechat", "main", name);
    return BUREAU.db.inTransaction(tx -> {
      Address known = requireNonNull(PEOPLE.ensure(tx, List.of(key)).get(key));
      PEOPLE.setPhone(tx, known.personId(), phone);
      return known;
    });
  }

  private static Opened open(@Nullable Long person, String what, String where) {
    return BUREAU.open(
        NewCase.of(what, BUREAU.place(where).id(), "wechat")
            .by(person, null)
            .category("0102")
            .confirmed(true)
            .ready());
  }

  private static List<CaseNumber> found(Staff staff, String typed) {
    return BUREAU.inbox.page(staff, View.ALL_OPEN, typed, null, 50).entries().stream()
        .map(Inbox.Entry::number)
        .toList();
  }
}
