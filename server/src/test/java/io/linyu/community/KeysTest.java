package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.channel.AddressKey;
import io.linyu.platform.CannotStart;
import io.linyu.platform.auth.Keys;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// How the key changes that seals names and telephone numbers.
class KeysTest {
  private static final String NEW =
      Base64.getEncoder()
          .encodeToString(
              new byte[] {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                24, 25, 26, 27, 28, 29, 30, 31, 32
              });
  private static final String WRONG = NEW.replace("AQID", "CQID");
  private static final Instant NOW = Instant.parse("2026-03-12T02:00:00Z");

  @AutoClose private final House house = House.furnished(Clock.systemUTC());
  private final String old = house.settings.secretsKey();

  @Test
  void theKeyChangesOverWithoutLosingAnything() {
    List<Long> people = IntStream.range(0, 603).mapToObj(this::person).toList();
    house.db.withinTransaction(tx -> house.community.people().setName(tx, people.getFirst(), "王竹"));

    cannot("secrets-key-wrong", WRONG);
    Vault before = open(old);
    cannot("secrets-key-wrong", NEW);
    cannot("secrets-key-wrong", NEW + "," + WRONG);
    assertThat(open(old + "," + NEW).version()).as("known beforehand, not used yet").isEqualTo(1);
    Vault both = open(NEW + "," + old);
    assertThat(both.version()).isEqualTo(2);
    cannot("secrets-key-lacking", NEW);
    cannot("secrets-key-lacking", old);

    var room = people(both);
    assertThat(room.byPhone(house.db, phone(7))).extracting(Person::id).contains(people.get(7));
    house.db.withinTransaction(tx -> room.setPhone(tx, people.getLast(), "12000009999"));
    assertThat(people(open(old + "," + NEW)).phone(house.db, people.getLast()))
        .as("a server that seals with the old one opens the new")
        .contains("12000009999");

    var keys = new Keys(house.db, both, Community.SEALED);
    long left = 602 + 1 + 6; // telephone numbers, a name, staff
    assertThat(keys.left()).isEqualTo(Map.of(1, left));
    try (Db other =
        Db.connect(house.vertx, house.settings.databaseUrl(), 1, Keys.announced(before))) {
      other.one("SELECT 1");
      var outcome = keys.rotate(NOW, (_, _) -> {});
      assertThat(outcome.resealed()).isEqualTo(left);
      assertThat(outcome.elsewhere()).isEqualTo("linyu key 1");
    }
    cannot("secrets-key-lacking", NEW);
    house.db.withinTransaction(tx -> people(before).setPhone(tx, people.getFirst(), phone(0)));
    var outcome = complete(keys);
    assertThat(outcome.resealed()).isEqualTo(1);
    assertThat(keys.rotate(NOW, (_, _) -> {}).resealed()).isZero();

    Vault after = open(NEW);
    assertThat(keys.left()).isEmpty();
    assertThat(people(after).byPhone(house.db, phone(7)))
        .extracting(Person::id)
        .contains(people.get(7));
    assertThat(people(after).name(house.db, people.getFirst())).contains("王竹");
    cannot("secrets-key-wrong", old);
    assertThat(house.db.rows("SELECT version FROM secret_key WHERE retired_at IS NULL")).hasSize(1);
  }

  @Test
  void whatNoKeyOpensIsLeftAloneAndCounted() {
    long one = person(1);
    Vault vault = open(old);
    house.db.withinTransaction(tx -> people(new Vault("9:" + WRONG)).setPhone(tx, one, phone(1)));
    var keys = new Keys(house.db, vault, Community.SEALED);
    var outcome = keys.rotate(NOW, (_, _) -> {});
    assertThat(outcome.under()).isEqualTo(Map.of(9, 1L));
    assertThat(outcome.isComplete()).isFalse();
    assertThat(keys.has(9)).isFalse();
    assertThat(people(open(old + "," + WRONG)).phone(house.db, one)).contains(phone(1));
    assertThat(
            new Keys(house.db, open(old + "," + WRONG), Community.SEALED)
                .rotate(NOW, (_, _) -> {})
                .isComplete())
        .isTrue();
  }

  @Test
  void aKeyThatIsLostForGoodIsGivenUp() {
    long lost = person(1);
    var _ = open(old);
    house.db.execute(
        """
        INSERT INTO second_factor (staff_id, secret_sealed, last_step, since)
        SELECT id, phone_sealed, 0, now() FROM staff WHERE code = 'U1'
        """);
    Vault other = open(NEW + "," + old);
    long kept = person(2);
    house.db.withinTransaction(tx -> people(other).setPhone(tx, kept, phone(2)));
    cannot("secrets-key-lacking", NEW);

    Keys.giveUpLost(house.db, NEW, NOW);
    Vault vault = open(NEW);
    assertThat(new Keys(house.db, vault, Community.SEALED).eraseUnopened()).isEqualTo(1 + 6 + 1);
    assertThat(house.db.rows("SELECT FROM second_factor")).isEmpty();
    assertThat(people(vault).phone(house.db, lost)).isEmpty();
    assertThat(people(vault).phone(house.db, kept)).contains(phone(2));
    assertThat(people(vault).byPhone(house.db, phone(1))).isEmpty();
  }

  @Test
  void everySealedColumnIsKnown() {
    List<String> known =
        Community.SEALED.stream().map(each -> each.table() + "." + each.column()).toList();
    assertThat(
            house.db.rows(
                """
                SELECT table_name || '.' || column_name AS name FROM information_schema.columns
                 WHERE table_schema = 'public' AND column_name LIKE '%sealed'
                """))
        .extracting(row -> row.getString("name"))
        .containsExactlyInAnyOrderElementsOf(known);
  }

  /// PostgreSQL forgets a connection a moment after it was closed.
  private static Keys.Outcome complete(Keys keys) {
    var outcome = keys.rotate(NOW, (_, _) -> {});
    long resealed = outcome.resealed();
    while (!outcome.isComplete()) {
      outcome = keys.rotate(NOW, (_, _) -> {});
    }
    return new Keys.Outcome(resealed, outcome.under(), null);
  }

  private long person(int number) {
    var key = new AddressKey("wechat", "main", "sealed-" + number);
    return house.db.inTransaction(tx -> {
      long person =
          house.community.people().ensure(tx, List.of(key)).firstEntry().getValue().personId();
      house.community.people().setPhone(tx, person, phone(number));
      return person;
    });
  }

  private static String phone(int number) {
    return Long.toString(12_000_100_000L + number);
  }

  private People people(Vault vault) {
    return new People(house.db, vault, Clock.systemUTC());
  }

  private Vault open(String key) {
    return Keys.open(house.db, key, Community.SEALED, NOW);
  }

  private void cannot(String code, String key) {
    assertThatThrownBy(() -> open(key))
        .isInstanceOfSatisfying(CannotStart.class, no -> assertThat(no.code()).isEqualTo(code));
  }
}
