package io.linyu.community;

import static java.util.stream.Collectors.toMap;

import io.linyu.channel.AddressKey;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

final class PeopleStore {
  private final Vault vault;

  PeopleStore(Vault vault) {
    this.vault = vault;
  }

  SequencedMap<AddressKey, Address> ensure(Sql sql, Collection<AddressKey> wanted, Instant at) {
    var keys = new TreeSet<>(wanted);
    Map<AddressKey, Address> found = find(sql, keys);
    if (found.size() < keys.size()) {
      List<AddressKey> missing = keys.stream().filter(key -> !found.containsKey(key)).toList();
      create(sql, missing, at);
      // Asked again rather than returned by the insert: some may be another transaction's, which
      // only a later statement sees.
      found.putAll(find(sql, missing));
    }
    var inOrder = new LinkedHashMap<AddressKey, Address>();
    keys.forEach(key -> inOrder.put(key, found.get(key)));
    return inOrder;
  }

  Optional<Address> known(Sql sql, AddressKey key) {
    return Optional.ofNullable(find(sql, List.of(key)).get(key));
  }

  private static Map<AddressKey, Address> find(Sql sql, Collection<AddressKey> keys) {
    return sql
        .rows(
            """
            SELECT a.id, a.channel, a.account, a.external_id, a.person_id, a.code, a.follows
              FROM unnest($1::text[], $2::text[], $3::text[]) AS k (channel, account, external_id)
              JOIN address a USING (channel, account, external_id)
            """,
            keys.stream().map(AddressKey::channel).toArray(String[]::new),
            keys.stream().map(AddressKey::account).toArray(String[]::new),
            keys.stream().map(AddressKey::externalId).toArray(String[]::new))
        .stream()
        .map(PeopleStore::address)
        .collect(toMap(Address::key, each -> each));
  }

  /// One statement, so that no person is left without an address: those whose address turns out to
  /// exist are not created. `keys` are in order, and the rows are inserted in it.
  private static void create(Sql sql, List<AddressKey> keys, Instant at) {
    sql.execute(
        """
        WITH wanted AS (
          SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
                   AS k (channel, account, external_id, code, place)
        ), added AS (
          INSERT INTO address (channel, account, external_id, person_id, code, created_at)
          SELECT channel, account, external_id, nextval(pg_get_serial_sequence('person', 'id')), code, $5
            FROM wanted
           ORDER BY place
          ON CONFLICT (channel, account, external_id) DO NOTHING
          RETURNING person_id
        )
        INSERT INTO person (id, created_at) OVERRIDING SYSTEM VALUE SELECT person_id, $5 FROM added
        """,
        keys.stream().map(AddressKey::channel).toArray(String[]::new),
        keys.stream().map(AddressKey::account).toArray(String[]::new),
        keys.stream().map(AddressKey::externalId).toArray(String[]::new),
        keys.stream().map(_ -> Codes.random()).toArray(String[]::new),
        utc(at));
  }

  Optional<Address> address(Sql sql, long id) {
    return sql.row(
            """
            SELECT id, channel, account, external_id, person_id, code, follows
              FROM address WHERE id = $1
            """,
            id)
        .map(PeopleStore::address);
  }

  Optional<Address> addressByCode(Sql sql, String code) {
    return sql.row(
            """
            SELECT id, channel, account, external_id, person_id, code, follows
              FROM address WHERE code = $1
            """,
            code)
        .map(PeopleStore::address);
  }

  List<Address> addressesOf(Sql sql, long person) {
    return sql
        .rows(
            """
            SELECT id, channel, account, external_id, person_id, code, follows
              FROM address WHERE person_id = $1 ORDER BY id DESC
            """,
            person)
        .stream()
        .map(PeopleStore::address)
        .toList();
  }

  Optional<Person> ofAddress(Sql sql, long address) {
    return sql.row(
            """
            SELECT p.id, p.language, p.called, p.phone_sealed, p.home_id, p.home_asked
              FROM address a JOIN person p ON p.id = a.person_id
             WHERE a.id = $1
            """,
            address)
        .map(this::person);
  }

  Map<Long, Person> byIds(Sql sql, Collection<Long> ids) {
    return sql
        .rows(
            """
            SELECT id, language, called, phone_sealed, home_id, home_asked
              FROM person WHERE id = ANY($1)
            """,
            (Object) ids.toArray(Long[]::new))
        .stream()
        .map(this::person)
        .collect(toMap(Person::id, each -> each));
  }

  List<Person> byPhone(Sql sql, String phone) {
    return sql
        .rows(
            """
            SELECT id, language, called, phone_sealed, home_id, home_asked
              FROM person WHERE phone_hash = ANY($1) AND merged_into IS NULL ORDER BY id
            """,
            (Object) Phones.hashes(vault, phone))
        .stream()
        .map(this::person)
        .toList();
  }

  /// Those of this real name, or of this telephone number, as who they are known now.
  List<Long> named(Sql sql, String name, String phone, int limit) {
    return sql
        .rows(
            """
            WITH RECURSIVE found AS (
              (SELECT id, merged_into FROM person WHERE name_hash = ANY($1) LIMIT $3)
              UNION
              (SELECT id, merged_into FROM person WHERE phone_hash = ANY($2) LIMIT $3)
            ), known AS (
              SELECT id, merged_into FROM found
              UNION
              SELECT p.id, p.merged_into FROM known JOIN person p ON p.id = known.merged_into
            )
            SELECT id FROM known WHERE merged_into IS NULL
            """,
            Phones.hashes(vault, name),
            phone.isEmpty() ? new Buffer[0] : Phones.hashes(vault, phone),
            limit)
        .stream()
        .map(row -> row.getLong("id"))
        .sorted()
        .toList();
  }

  /// Those whose number ends in these digits, as who they are known now.
  List<Long> endingIn(Sql sql, String digits, int limit) {
    return sql
        .rows(
            """
            WITH RECURSIVE known AS (
              (SELECT id, merged_into FROM person WHERE phone_end_hash = ANY($1) LIMIT $2)
              UNION
              SELECT p.id, p.merged_into FROM known JOIN person p ON p.id = known.merged_into
            )
            SELECT id FROM known WHERE merged_into IS NULL
            """,
            Phones.hashes(vault, Phones.end(digits)),
            limit)
        .stream()
        .map(row -> row.getLong("id"))
        .sorted()
        .toList();
  }

  /// Of those that are still without, the first; nobody waits for whoever is being changed.
  int hashEnds(Tx tx, int limit) {
    List<Row> without =
        tx.rows(
            """
            SELECT id, phone_sealed FROM person
             WHERE phone_hash IS NOT NULL AND phone_end_hash IS NULL
             ORDER BY id
             LIMIT $1
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            limit);
    if (!without.isEmpty()) {
      tx.execute(
          """
          UPDATE person p SET phone_end_hash = n.hash
            FROM unnest($1::bigint[], $2::bytea[]) AS n (id, hash)
           WHERE p.id = n.id
          """,
          without.stream().map(row -> row.getLong("id")).toArray(Long[]::new),
          without.stream()
              .map(row -> endHash(row.getBuffer("phone_sealed")))
              .toArray(Buffer[]::new));
    }
    return without.size();
  }

  /// Nothing, which nobody finds, where there is no number that could be read.
  private Buffer endHash(@Nullable Buffer sealed) {
    try {
      return sealed == null ? Buffer.buffer() : endHash(vault.open(sealed.getBytes()));
    } catch (IllegalArgumentException unreadable) {
      return Buffer.buffer();
    }
  }

  private Buffer endHash(String phone) {
    return Buffer.buffer(vault.hash(Phones.end(phone)));
  }

  long register(Sql sql, @Nullable String called, @Nullable Long home, Instant at) {
    return sql.one(
            "INSERT INTO person (called, home_id, created_at) VALUES ($1, $2, $3) RETURNING id",
            called,
            home,
            utc(at))
        .getLong("id");
  }

  void bind(Sql sql, long person, long territory) {
    sql.execute("UPDATE person SET home_id = $2 WHERE id = $1", person, territory);
  }

  void askedHome(Sql sql, long person, Instant at) {
    sql.execute("UPDATE person SET home_asked = $2 WHERE id = $1", person, utc(at));
  }

  void call(Sql sql, long person, @Nullable String called) {
    sql.execute("UPDATE person SET called = $2 WHERE id = $1", person, called);
  }

  void setLanguage(Sql sql, long person, String language) {
    sql.execute("UPDATE person SET language = $2 WHERE id = $1", person, language);
  }

  void setPhone(Sql sql, long person, @Nullable String phone) {
    sql.execute(
        """
        WITH unverified AS (DELETE FROM phone_verification WHERE person_id = $1)
        UPDATE person SET phone_sealed = $2, phone_hash = $3, phone_end_hash = $4 WHERE id = $1
        """,
        person,
        phone == null ? null : Buffer.buffer(vault.seal(phone)),
        phone == null ? null : Buffer.buffer(vault.hash(phone)),
        phone == null ? null : endHash(phone));
  }

  void verified(Sql sql, long person, Instant at, long staff) {
    sql.execute(
        """
        INSERT INTO phone_verification (person_id, at, staff_id) VALUES ($1, $2, $3)
            ON CONFLICT (person_id) DO UPDATE SET at = $2, staff_id = $3
        """,
        person,
        utc(at),
        staff);
  }

  Optional<People.Verified> phoneVerified(Sql sql, long person) {
    return sql.row("SELECT at, staff_id FROM phone_verification WHERE person_id = $1", person)
        .map(row ->
            new People.Verified(row.getOffsetDateTime("at").toInstant(), row.getLong("staff_id")));
  }

  List<Person> withSamePhone(Sql sql, long person) {
    return sql
        .rows(
            """
            SELECT o.id, o.language, o.called, o.phone_sealed, o.home_id, o.home_asked
              FROM person p
              JOIN phone_verification v ON v.person_id = p.id
              JOIN person o ON o.phone_hash = p.phone_hash AND o.id <> p.id
              JOIN phone_verification w ON w.person_id = o.id
             WHERE p.id = $1 AND o.merged_into IS NULL
             ORDER BY o.id
             LIMIT 20
            """,
            person)
        .stream()
        .map(this::person)
        .toList();
  }

  void choose(Sql sql, long person, long address, Instant at) {
    sql.execute(
        """
        UPDATE address SET chosen_at = CASE WHEN id = $2 THEN $3::timestamptz END
         WHERE person_id = $1 AND (id = $2 OR chosen_at IS NOT NULL)
        """,
        person,
        address,
        utc(at));
  }

  Optional<Long> chosen(Sql sql, long person) {
    return sql.row(
            """
            SELECT id FROM address WHERE person_id = $1 AND chosen_at IS NOT NULL
             ORDER BY chosen_at DESC LIMIT 1
            """,
            person)
        .map(row -> row.getLong("id"));
  }

  void setName(Sql sql, long person, @Nullable String name) {
    sql.execute(
        "UPDATE person SET name_sealed = $2, name_hash = $3 WHERE id = $1",
        person,
        name == null ? null : Buffer.buffer(vault.seal(name)),
        name == null ? null : Buffer.buffer(vault.hash(name)));
  }

  Optional<String> phone(Sql sql, long person) {
    return sql.row("SELECT phone_sealed FROM person WHERE id = $1", person)
        .map(row -> row.getBuffer(0))
        .map(sealed -> vault.open(sealed.getBytes()));
  }

  Optional<String> name(Sql sql, long person) {
    return sql.row("SELECT name_sealed FROM person WHERE id = $1", person)
        .map(row -> row.getBuffer(0))
        .map(sealed -> vault.open(sealed.getBytes()));
  }

  Map<Long, People.Contact> contacts(Sql sql, Collection<Long> people) {
    var contacts = new HashMap<Long, People.Contact>();
    sql.rows(
            "SELECT id, name_sealed, phone_sealed FROM person WHERE id = ANY($1)",
            (Object) people.toArray(Long[]::new))
        .forEach(row ->
            contacts.put(
                row.getLong("id"),
                new People.Contact(
                    opened(row.getBuffer("name_sealed")), opened(row.getBuffer("phone_sealed")))));
    return contacts;
  }

  private @Nullable String opened(@Nullable Buffer sealed) {
    return sealed == null ? null : vault.open(sealed.getBytes());
  }

  void unfollow(Sql sql, long address, Instant forgetAt) {
    sql.execute(
        "UPDATE address SET follows = false, code = $2, forget_at = $3 WHERE id = $1 AND forget_at IS NULL",
        address,
        Codes.random(),
        utc(forgetAt));
    // The profile belongs to the person, who may still follow elsewhere; so do the profiles of
    // those who were found to be the same.
    sql.execute(
        """
        WITH RECURSIVE one AS (
          SELECT a.person_id AS id FROM address a
           WHERE a.id = $1
             AND NOT EXISTS (SELECT FROM address o WHERE o.person_id = a.person_id AND o.follows)
          UNION
          SELECT m.gone_id FROM one JOIN person_merge m ON m.kept_id = one.id AND m.undone_at IS NULL
        ), unverified AS (
          DELETE FROM phone_verification WHERE person_id IN (SELECT id FROM one)
        )
        UPDATE person
           SET called = NULL, name_sealed = NULL, phone_sealed = NULL, phone_hash = NULL,
               phone_end_hash = NULL, home_id = NULL, home_asked = NULL
         WHERE id IN (SELECT id FROM one)
        """,
        address);
  }

  void reached(Sql sql, long address) {
    sql.execute(
        """
        UPDATE address SET follows = true
         WHERE id = $1 AND NOT follows AND forget_at IS NULL
        """,
        address);
  }

  void follow(Sql sql, long address) {
    sql.execute(
        "UPDATE address SET follows = true, forget_at = NULL WHERE id = $1 AND NOT follows",
        address);
  }

  int forgetDue(Sql sql, Instant at, int most) {
    return sql.execute(
        """
        UPDATE address
           SET external_id = 'left:' || encode(sha256((gen_random_uuid()::text || external_id)::bytea), 'hex'),
               forget_at = NULL
         WHERE id IN (SELECT id FROM address WHERE forget_at <= $1
                       ORDER BY forget_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        utc(at),
        most);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static Address address(Row row) {
    return new Address(
        row.getLong("id"),
        new AddressKey(
            row.getString("channel"), row.getString("account"), row.getString("external_id")),
        row.getLong("person_id"),
        row.getString("code"),
        row.getBoolean("follows"));
  }

  private Person person(Row row) {
    Buffer phone = row.getBuffer("phone_sealed");
    OffsetDateTime asked = row.getOffsetDateTime("home_asked");
    return new Person(
        row.getLong("id"),
        row.getString("language"),
        row.getString("called"),
        phone == null ? null : Phones.masked(vault.open(phone.getBytes())),
        row.getLong("home_id"),
        asked == null ? null : asked.toInstant());
  }
}
