package io.linyu.reception;

import io.linyu.bot.BotState;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// What a turn reads and writes, each kind in one statement for the whole batch.
final class TurnStore {
  /// For so many turns there are ids behind the one that was drawn: the sequence steps by two for
  /// each.
  static final int AT_ONCE = 64;

  record Key(long addressId, String externalId) {}

  /// @param carried how many characters at the beginning of the reply had waited for this contact
  record Receipt(Key key, Instant at, @Nullable String reply, int carried) {}

  record Said(
      long id,
      long addressId,
      Instant at,
      String by,
      @Nullable Long staffId,
      @Nullable Long caseId,
      Content content) {}

  /// @param conversations those that could be locked
  /// @param receipts of those that were received before
  /// @param messages fresh message ids in order, two for each turn
  record Opening(
      Map<Long, Conversation> conversations, Map<Key, Receipt> receipts, List<Long> messages) {}

  /// One round trip: locks, then reads what was received before and draws ids. Each statement sees
  /// what was committed before it, so the receipts are read under the lock.
  ///
  /// @param keys at most [#AT_ONCE]
  Opening open(Tx tx, Collection<Key> keys, boolean skipLocked) {
    if (keys.size() > AT_ONCE) {
      throw new IllegalArgumentException(keys.size() + " turns at once");
    }
    Long[] addresses = keys.stream().map(Key::addressId).distinct().sorted().toArray(Long[]::new);
    Future<RowSet<Row>> locking =
        tx.send(skipLocked ? LOCK_FREE : LOCK, Tuple.of((Object) addresses));
    Future<RowSet<Row>> receiving =
        tx.send(
            // One look into the index for each key, whatever the planner knows of the table: a plan
            // that was made while it was small is kept. Whose conversation it is is read here and
            // not with the lock: a statement that waited for a lock still sees what was so before.
            """
            SELECT k.address_id, k.external_id, r.received_at, r.reply, r.carried,
                   (SELECT nextval('message_id')) AS first_id,
                   a.channel, a.account, a.external_id AS platform_id, a.code, a.person_id, a.lost,
                   p.home_id, p.language
              FROM unnest($1::bigint[], $2::text[]) AS k (address_id, external_id)
              LEFT JOIN LATERAL (
                SELECT received_at, reply, carried FROM receipt
                 WHERE address_id = k.address_id AND external_id = k.external_id
                 LIMIT 1) AS r ON true
             CROSS JOIN LATERAL (
                SELECT channel, account, external_id, code, person_id,
                       NOT follows AND forget_at IS NULL AS lost
                  FROM address WHERE id = k.address_id LIMIT 1) AS a
             CROSS JOIN LATERAL (
                SELECT home_id, language FROM person WHERE id = a.person_id LIMIT 1) AS p
            """,
            Tuple.tuple(List.of(longs(keys, Key::addressId), strings(keys, Key::externalId))));

    var locked = new HashMap<Long, Row>();
    for (Row row : Db.await(locking)) {
      locked.put(row.getLong("address_id"), row);
    }
    var conversations = new HashMap<Long, Conversation>();
    var receipts = new HashMap<Key, Receipt>();
    long firstId = 0;
    for (Row row : Db.await(receiving)) {
      firstId = row.getLong("first_id");
      long address = row.getLong("address_id");
      Row state = locked.get(address);
      if (state != null && !conversations.containsKey(address)) {
        conversations.put(address, conversation(state, row));
      }
      OffsetDateTime at = row.getOffsetDateTime("received_at");
      if (at != null) {
        Receipt each = receipt(row, at.toInstant());
        receipts.put(each.key(), each);
      }
    }
    return new Opening(
        conversations,
        receipts,
        LongStream.range(firstId, firstId + 2L * keys.size()).boxed().toList());
  }

  private static final String STATE =
      """
      SELECT c.address_id, c.state::text AS state, c.held_by, c.waiting, c.case_id, c.quota_left,
             c.quota_until, c.next_due_at, c.last_heard, c.asked_until
        FROM conversation c WHERE c.address_id = ANY($1::bigint[]) ORDER BY c.address_id
      """;

  private static final String LOCK = STATE + " FOR NO KEY UPDATE";
  private static final String LOCK_FREE = STATE + " FOR NO KEY UPDATE SKIP LOCKED";

  private static final String WHOSE =
      """
      SELECT a.channel, a.account, a.external_id AS platform_id, a.code, a.person_id,
             NOT a.follows AND a.forget_at IS NULL AS lost, p.home_id, p.language
        FROM address a JOIN person p ON p.id = a.person_id
       WHERE a.id = $1
      """;

  void waitAtMost(Tx tx, int seconds) {
    // A setting takes no parameter; this one is a number of ours.
    tx.tell("SET LOCAL lock_timeout = '" + seconds + "s'");
  }

  Optional<Conversation> lock(Tx tx, long addressId) {
    return found(tx, LOCK, addressId);
  }

  /// Without a lock, to look at.
  Optional<Conversation> read(Sql sql, long addressId) {
    return found(sql, STATE, addressId);
  }

  private static Optional<Conversation> found(Sql sql, String statement, long addressId) {
    return sql.row(statement, (Object) new Long[] {addressId})
        .map(state -> conversation(state, sql.one(WHOSE, addressId)));
  }

  /// All of them, so that no turn of theirs is under way.
  void lockAll(Tx tx, Collection<Long> addresses) {
    begin(tx, addresses);
    var _ = tx.rows(LOCK, (Object) addresses.stream().sorted().toArray(Long[]::new));
  }

  /// Whose time to be woken has come.
  List<Long> silent(Sql sql, Instant now, int limit) {
    return sql
        .rows(
            """
            SELECT address_id FROM conversation
             WHERE next_due_at <= $1
             ORDER BY next_due_at
             LIMIT $2
            """,
            now.atOffset(ZoneOffset.UTC),
            limit)
        .stream()
        .map(row -> row.getLong("address_id"))
        .toList();
  }

  /// What is due and not done yet.
  Backlog backlog(Sql sql, Instant now) {
    Row row =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM conversation
                     WHERE next_due_at <= $1
                     ORDER BY next_due_at
                     LIMIT $2) d
            """,
            now.atOffset(ZoneOffset.UTC),
            Backlog.COUNTED_AT_MOST);
    return Backlog.of("silence", row.getLong("n"), row.getOffsetDateTime("oldest"));
  }

  void wakeLater(Sql sql, long addressId, Instant due) {
    sql.execute(
        "UPDATE conversation SET next_due_at = $2 WHERE address_id = $1",
        addressId,
        due.atOffset(ZoneOffset.UTC));
  }

  Future<Optional<Instant>> firstSaid(Tx tx, Collection<Long> messages) {
    return tx.send(
            "SELECT min(at) AS at FROM message WHERE id = ANY($1::bigint[])",
            Tuple.of((Object) messages.toArray(Long[]::new)))
        .map(rows ->
            Optional.ofNullable(rows.iterator().next().getOffsetDateTime("at"))
                .map(OffsetDateTime::toInstant));
  }

  void begin(Sql sql, Collection<Long> addresses) {
    sql.execute(
        """
        INSERT INTO conversation (address_id)
        SELECT id FROM unnest($1::bigint[]) AS a (id) ORDER BY id
            ON CONFLICT DO NOTHING
        """,
        (Object) addresses.stream().distinct().sorted().toArray(Long[]::new));
  }

  /// Everything a batch writes, in one statement: each one costs both sides a wake-up.
  void close(
      Tx tx, List<Receipt> receipts, List<Said> said, Collection<Conversation> conversations) {
    if (receipts.isEmpty() && said.isEmpty() && conversations.isEmpty()) {
      return;
    }
    var parameters = new ArrayList<Object>();
    parameters.add(longs(receipts, each -> each.key().addressId()));
    parameters.add(strings(receipts, each -> each.key().externalId()));
    parameters.add(times(receipts, Receipt::at));
    parameters.add(strings(receipts, Receipt::reply));
    parameters.add(receipts.stream().map(Receipt::carried).toArray(Integer[]::new));
    parameters.addAll(columns(said));
    parameters.addAll(changes(conversations));
    tx.tell(CLOSE, parameters.toArray());
  }

  private static final String CLOSE =
      """
      WITH received AS (
        INSERT INTO receipt (address_id, external_id, received_at, reply, carried)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::int[])
      ), said AS (
        INSERT INTO message (id, address_id, at, said_by, staff_id, case_id, content)
        SELECT m.id, m.address_id, m.at, m.said_by, m.staff_id, m.case_id, m.content::jsonb
          FROM unnest($6::bigint[], $7::bigint[], $8::timestamptz[], $9::text[], $10::bigint[],
                      $11::bigint[], $12::text[])
               AS m (id, address_id, at, said_by, staff_id, case_id, content)
      )
      UPDATE conversation c
         SET state = n.state::jsonb, held_by = n.held_by, waiting = n.waiting,
             case_id = n.case_id, quota_left = n.quota_left, quota_until = n.quota_until,
             next_due_at = n.next_due_at, last_heard = n.at, lease_until = NULL
        FROM unnest($13::bigint[], $14::text[], $15::text[], $16::boolean[], $17::bigint[],
                    $18::int[], $19::timestamptz[], $20::timestamptz[], $21::timestamptz[])
             AS n (address_id, state, held_by, waiting, case_id, quota_left, quota_until,
                   next_due_at, at)
       WHERE c.address_id = n.address_id
      """;

  void say(Tx tx, Said said) {
    tx.tell(INSERT, columns(List.of(said)).toArray());
  }

  /// The first of [#AT_ONCE] times two that are the caller's own.
  long drawMessages(Tx tx) {
    return tx.one("SELECT nextval('message_id') AS id").getLong("id");
  }

  /// In the place of what was said there.
  ///
  /// @return the address
  long say(Tx tx, long message, Content instead) {
    return tx.one(
            "UPDATE message SET content = $2::text::jsonb WHERE id = $1 RETURNING address_id",
            message,
            Json.write(Content.class, instead))
        .getLong("address_id");
  }

  void save(Tx tx, Conversation conversation) {
    close(tx, List.of(), List.of(), List.of(conversation));
  }

  private static final String INSERT =
      """
      INSERT INTO message (id, address_id, at, said_by, staff_id, case_id, content)
      SELECT m.id, m.address_id, m.at, m.said_by, m.staff_id, m.case_id, m.content::jsonb
        FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::text[], $5::bigint[],
                    $6::bigint[], $7::text[])
             AS m (id, address_id, at, said_by, staff_id, case_id, content)
      """;

  private static List<Object> columns(List<Said> said) {
    return List.of(
        longs(said, Said::id),
        longs(said, Said::addressId),
        times(said, Said::at),
        strings(said, Said::by),
        longs(said, Said::staffId),
        longs(said, Said::caseId),
        strings(said, each -> Json.write(Content.class, each.content())));
  }

  private static List<Object> changes(Collection<Conversation> conversations) {
    return List.of(
        longs(conversations, each -> each.addressId),
        strings(conversations, each -> Json.write(each.state)),
        strings(conversations, each -> each.byPerson ? "person" : "bot"),
        conversations.stream().map(each -> each.waiting).toArray(Boolean[]::new),
        longs(conversations, each -> each.caseId),
        conversations.stream().map(each -> each.quotaLeft).toArray(Integer[]::new),
        times(conversations, each -> each.quotaUntil),
        times(conversations, each -> each.nextDueAt),
        times(conversations, each -> each.heardAt));
  }

  private static Conversation conversation(Row row, Row whose) {
    String state = row.getString("state");
    var found =
        new Conversation(
            row.getLong("address_id"),
            new AddressKey(
                whose.getString("channel"),
                whose.getString("account"),
                whose.getString("platform_id")),
            whose.getString("code"),
            whose.getLong("person_id"),
            whose.getString("language"),
            state.equals("{}") ? BotState.fresh() : Json.read(state, BotState.class),
            row.getOffsetDateTime("quota_until").toInstant());
    found.homeId = whose.getLong("home_id");
    found.nextDueAt = instant(row.getOffsetDateTime("next_due_at"));
    found.heardAt = instant(row.getOffsetDateTime("last_heard"));
    found.byPerson = row.getString("held_by").equals("person");
    found.caseId = row.getLong("case_id");
    found.waiting = row.getBoolean("waiting");
    found.askedUntil = instant(row.getOffsetDateTime("asked_until"));
    found.lost = whose.getBoolean("lost");
    found.quotaLeft = row.getInteger("quota_left");
    return found;
  }

  private static Receipt receipt(Row row, Instant at) {
    return new Receipt(
        new Key(row.getLong("address_id"), row.getString("external_id")),
        at,
        row.getString("reply"),
        row.getInteger("carried"));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
    return at == null ? null : at.toInstant();
  }

  private static <T> Long[] longs(Collection<T> of, Function<T, @Nullable Long> get) {
    return of.stream().map(get).toArray(Long[]::new);
  }

  private static <T> String[] strings(Collection<T> of, Function<T, @Nullable String> get) {
    return of.stream().map(get).toArray(String[]::new);
  }

  private static <T> OffsetDateTime[] times(Collection<T> of, Function<T, @Nullable Instant> get) {
    return of.stream()
        .map(get)
        .map(at -> at == null ? null : at.atOffset(ZoneOffset.UTC))
        .toArray(OffsetDateTime[]::new);
  }
}
