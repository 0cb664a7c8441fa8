package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.AddressKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class PeopleTest {
  @AutoClose private static final House HOUSE = House.furnished(Clock.systemUTC());
  private static final People PEOPLE = HOUSE.community.people();

  @Test
  void manyAtOnceMakeEachAddressOnceAndNeverWaitForEachOther() throws Exception {
    List<AddressKey> keys = IntStream.range(0, 60).mapToObj(i -> key("crowd-" + i)).toList();
    Map<AddressKey, Address> made = new ConcurrentHashMap<>();
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < 40; i++) {
        var random = new Random(i);
        running.add(
            crowd.submit(() -> {
              var mine = new ArrayList<>(keys);
              Collections.shuffle(mine, random);
              // No retry: a deadlock fails the test.
              HOUSE.db.inTransaction(tx -> {
                tx.execute("SET LOCAL deadlock_timeout = '50ms'");
                PEOPLE
                    .ensure(tx, mine.subList(0, 30))
                    .forEach((key, address) ->
                        assertThat(address).isEqualTo(made.computeIfAbsent(key, _ -> address)));
                return true;
              });
            }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    assertThat(made).hasSize(60);
    assertThat(made.values()).extracting(Address::personId).doesNotHaveDuplicates();
    assertThat(count("SELECT count(*) FROM address WHERE external_id LIKE 'crowd-%'"))
        .isEqualTo(60);
    assertThat(
            count(
                """
                SELECT count(*) FROM person p
                 WHERE NOT EXISTS (SELECT FROM address a WHERE a.person_id = p.id)
                """))
        .isZero();
  }

  @Test
  void answersInTheOrderOfTheKeys() {
    Address known = ensure("b");
    var found = PEOPLE.ensure(HOUSE.db, List.of(key("c"), key("b"), key("a"), key("b")));
    assertThat(found.keySet()).containsExactly(key("a"), key("b"), key("c"));
    assertThat(found.get(key("b"))).isEqualTo(known);
    assertThat(PEOPLE.addressByCode(known.code())).contains(known);
  }

  @Test
  void knowsWhereAPersonLivesAndHowToReachThem() {
    Address address = ensure("li");
    long li = address.personId();
    Territory building = HOUSE.at("990103001001L003");
    HOUSE.db.withinTransaction(tx -> {
      PEOPLE.bind(tx, li, building);
      PEOPLE.askedHome(tx, li);
      PEOPLE.call(tx, li, "李阿姨");
      PEOPLE.setPhone(tx, li, "+86 120-0000-0069");
      PEOPLE.setName(tx, li, "李某某");
    });
    Person person = PEOPLE.ofAddress(HOUSE.db, address.id());
    assertThat(person.called()).isEqualTo("李阿姨");
    assertThat(person.phoneMasked()).isEqualTo("120****0069");
    assertThat(person.homeId()).isEqualTo(building.id());
    assertThat(person.homeAsked()).isNotNull();
    assertThat(PEOPLE.byPhone(HOUSE.db, "12000000069")).containsExactly(person);
    assertThat(PEOPLE.phone(HOUSE.db, li)).contains("12000000069");
    assertThat(PEOPLE.name(HOUSE.db, li)).contains("李某某");
    assertThat(HOUSE.db.one("SELECT person::text FROM person WHERE id = $1", li).getString(0))
        .doesNotContain("12000000069")
        .doesNotContain("李某某");
  }

  @Test
  void whoLeavesIsErasedButTheLeavingCanBeDeliveredAgain() {
    Address before = ensure("leaver");
    long who = before.personId();
    HOUSE.db.withinTransaction(tx -> {
      PEOPLE.call(tx, who, "走的人");
      PEOPLE.setPhone(tx, who, "12000000088");
      PEOPLE.bind(tx, who, HOUSE.at("990103001001L003"));
      tx.execute(
          "INSERT INTO receipt (address_id, external_id, received_at) VALUES ($1, 'e1', now())",
          before.id());
      // The platform may have refused a message first, which already showed that they had left.
      tx.execute("UPDATE address SET follows = false WHERE id = $1", before.id());
      PEOPLE.unfollow(tx, before.id());
    });
    Person erased = PEOPLE.byId(HOUSE.db, who);
    assertThat(erased).isEqualTo(new Person(who, "zh", null, null, null, null));
    assertThat(PEOPLE.byPhone(HOUSE.db, "12000000088")).isEmpty();
    assertThat(PEOPLE.addressByCode(before.code())).isEmpty();

    Address again = ensure("leaver");
    assertThat(again.id()).isEqualTo(before.id());
    assertThat(again.follows()).isFalse();

    var later = HOUSE.another(Clock.offset(Clock.systemUTC(), Duration.ofHours(2))).people();
    assertThat(later.forgetDue()).isFalse();
    Address stranger = ensure("leaver");
    assertThat(stranger.id()).isNotEqualTo(before.id());
    assertThat(stranger.personId()).isNotEqualTo(who);
    assertThat(PEOPLE.address(HOUSE.db, before.id()).key().externalId()).startsWith("left:");
    assertThat(count("SELECT count(*) FROM inbound_receipt WHERE external_id = 'e1'")).isEqualTo(1);
  }

  @Test
  void whatStaffRecordedAndNobodyTookGoesAfterItsYear() {
    Address elder = ensure("recorded");
    Consent kept =
        HOUSE.db.inTransaction(tx ->
            HOUSE
                .community
                .consents()
                .record(
                    tx,
                    elder.personId(),
                    "女儿",
                    "赵玉兰",
                    "林红",
                    null,
                    Consent.How.PAPER,
                    HOUSE.community.staff().byCode("U2").orElseThrow().id(),
                    false));
    for (long days : List.of(360L, 370L)) {
      var later = HOUSE.another(Clock.offset(Clock.systemUTC(), Duration.ofDays(days)));
      assertThat(later.consents().forgetDue()).isFalse();
      assertThat(later.consents().byId(HOUSE.db, kept.id()).isPresent()).isEqualTo(days < 365);
    }
  }

  @Test
  void whoComesBackWithinTheHourKeepsTheAddress() {
    Address before = ensure("waverer");
    HOUSE.db.withinTransaction(tx -> {
      PEOPLE.unfollow(tx, before.id());
      PEOPLE.follow(tx, before.id());
    });
    HOUSE.another(Clock.offset(Clock.systemUTC(), Duration.ofHours(2))).people().forgetDue();
    Address after = ensure("waverer");
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.follows()).isTrue();
  }

  @Test
  void lookingUpNeverReadsAWholeTable() {
    HOUSE.db.execute(
        """
        INSERT INTO person (id, phone_hash) OVERRIDING SYSTEM VALUE
        SELECT 1000000 + n, sha256(n::text::bytea) FROM generate_series(1, 20000) n
        """);
    HOUSE.db.execute(
        """
        INSERT INTO address (channel, account, external_id, person_id, code)
        SELECT 'wechat', 'main', 'many-' || n, 1000000 + n, 'many-' || n FROM generate_series(1, 20000) n
        """);
    HOUSE.db.execute("ANALYZE person, address");
    var plans = new HashSet<String>();
    for (String query :
        List.of(
            """
            SELECT a.id FROM unnest(ARRAY['wechat'], ARRAY['main'], ARRAY['many-7'])
                   AS k (channel, account, external_id)
              JOIN address a USING (channel, account, external_id)
            """,
            "SELECT id FROM address WHERE code = 'many-7'",
            "SELECT id FROM address WHERE person_id = 1000007",
            "SELECT id FROM address WHERE forget_at <= now() ORDER BY forget_at LIMIT 100",
            "SELECT id FROM person WHERE phone_hash = ANY(ARRAY[sha256('7'::bytea)])",
            "SELECT id FROM staff WHERE code = 'U1'")) {
      HOUSE.db.rows("EXPLAIN " + query).forEach(row -> plans.add(row.getString(0)));
    }
    assertThat(plans)
        .noneMatch(
            line -> line.contains("Seq Scan on address") || line.contains("Seq Scan on person"));
  }

  private static Address ensure(String openid) {
    return PEOPLE.ensure(HOUSE.db, List.of(key(openid))).firstEntry().getValue();
  }

  private static AddressKey key(String openid) {
    return new AddressKey("wechat", "main", openid);
  }

  private static long count(String sql) {
    return HOUSE.db.one(sql).getLong(0);
  }
}
