package io.linyu.platform.events;

import io.linyu.platform.db.Backup;
import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Digest;
import io.linyu.platform.text.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class EventStore {
  private static final byte[] BEGINNING = new byte[32];
  private static final int VERIFIED_AT_ONCE = 5_000;

  /// How far a listener has come: by transaction, then by event.
  record Cursor(long transaction, long event) implements Comparable<Cursor> {
    @Override
    public int compareTo(Cursor other) {
      int order = Long.compareUnsigned(transaction, other.transaction);
      return order == 0 ? Long.compare(event, other.event) : order;
    }
  }

  record Next<E extends DomainEvent>(Cursor place, Told<E> told) {}

  void append(Tx tx, String room, long subject, Instant at, String body) {
    tx.tell(
        """
        INSERT INTO event (room, subject, at, body) VALUES ($1, $2, $3, $4)
        """,
        room,
        subject,
        at.atOffset(ZoneOffset.UTC),
        body);
  }

  /// The link is made where the one before it is read, as [#link] makes it: whoever writes about a
  /// subject keeps others from writing about it until the transaction ends.
  private static final Bulk APPEND_CHAINED =
      new Bulk(
          "room text, subject bigint, at timestamptz, body text, moment text, beginning bytea",
          """
          INSERT INTO event (room, subject, at, body, seq, hash)
          SELECT n.room, n.subject, n.at, n.body, n.seq,
                 sha256(n.previous
                        || convert_to(concat_ws(chr(10), n.room, n.subject, n.seq, n.moment, n.body), 'UTF8'))
            FROM (SELECT x.*, coalesce(e.seq, 0) + 1 AS seq,
                         coalesce(e.hash, x.beginning) AS previous
                    FROM %s
                    LEFT JOIN LATERAL (
                         SELECT seq, hash FROM event
                          WHERE room = x.room AND subject = x.subject AND seq IS NOT NULL
                          ORDER BY seq DESC
                          LIMIT 1) e ON true) n
          """);

  /// The chain of one subject.
  private record Chain(String room, long subject) {}

  private static final Bulk FIND_LAST =
      new Bulk(
          "room text, subject bigint",
          """
          SELECT x.nth, e.seq, e.hash
            FROM %s
           CROSS JOIN LATERAL (
                 SELECT seq, hash FROM event
                  WHERE room = x.room AND subject = x.subject AND seq IS NOT NULL
                  ORDER BY seq DESC
                  LIMIT 1) e
          """);

  Future<Events.Last> last(Tx tx, String room, long subject) {
    return tx.ask(FIND_LAST, room, subject)
        .map(found ->
            found
                .map(row -> new Events.Last(row.getInteger("seq"), row.getBuffer("hash")))
                .orElse(new Events.Last(0, Buffer.buffer(BEGINNING))));
  }

  void goOn(Tx tx, String room, long subject, Events.Last from) {
    tx.know(new Chain(room, subject), from);
  }

  private static final Bulk APPEND =
      Bulk.ofSeveral(
          "room text, subject bigint, at timestamptz, body text, seq int, hash bytea",
          """
          INSERT INTO event (room, subject, at, body, seq, hash)
          SELECT x.room, x.subject, x.at, x.body, x.seq, x.hash FROM %s ORDER BY x.nth
          """);

  void appendChained(Tx tx, String room, long subject, Instant at, String body) {
    // PostgreSQL keeps microseconds: what is hashed must be what is read back.
    Instant kept = at.truncatedTo(ChronoUnit.MICROS);
    var chain = new Chain(room, subject);
    if (tx.known(chain) instanceof Events.Last last) {
      int seq = last.seq() + 1;
      Buffer hash = Buffer.buffer(link(last.hash().getBytes(), room, subject, seq, kept, body));
      tx.know(chain, new Events.Last(seq, hash));
      tx.tell(APPEND, room, subject, kept.atOffset(ZoneOffset.UTC), body, seq, hash);
      return;
    }
    tx.tell(
        APPEND_CHAINED,
        room,
        subject,
        kept.atOffset(ZoneOffset.UTC),
        body,
        kept.toString(),
        Buffer.buffer(BEGINNING));
  }

  void beginChained(Tx tx, String room, long subject, Instant at, List<String> bodies) {
    Instant kept = at.truncatedTo(ChronoUnit.MICROS);
    byte[] previous = BEGINNING;
    var hashes = new Buffer[bodies.size()];
    for (int i = 0; i < hashes.length; i++) {
      previous = link(previous, room, subject, i + 1, kept, bodies.get(i));
      hashes[i] = Buffer.buffer(previous);
    }
    tx.tell(
        """
        INSERT INTO event (room, subject, at, body, seq, hash)
        SELECT $1, $2, $3, n.body, n.seq, n.hash
          FROM unnest($4::text[], $5::bytea[]) WITH ORDINALITY AS n (body, hash, seq)
         ORDER BY n.seq
        """,
        room,
        subject,
        kept.atOffset(ZoneOffset.UTC),
        bodies.toArray(String[]::new),
        hashes);
  }

  static <E extends DomainEvent> List<Events.Link> chain(
      Vocabulary<E> vocabulary, long subject, List<Told<E>> told) {
    var links = new ArrayList<Events.Link>();
    byte[] previous = BEGINNING;
    for (Told<E> each : told) {
      Instant kept = each.at().truncatedTo(ChronoUnit.MICROS);
      String body = Json.write(vocabulary.type(), each.event());
      int seq = links.size() + 1;
      previous = link(previous, vocabulary.room(), subject, seq, kept, body);
      links.add(new Events.Link(seq, kept, body, Buffer.buffer(previous)));
    }
    return links;
  }

  <E extends DomainEvent> List<Told<E>> of(Sql sql, Vocabulary<E> vocabulary, long subject) {
    return sql
        .rows(
            """
            SELECT id, subject, at, body FROM event
             WHERE room = $1 AND subject = $2
             ORDER BY id
            """,
            vocabulary.room(),
            subject)
        .stream()
        .flatMap(row -> read(row, vocabulary).stream())
        .toList();
  }

  /// Oldest first within each subject.
  <E extends DomainEvent> List<Told<E>> of(
      Sql sql, Vocabulary<E> vocabulary, Collection<Long> subjects) {
    return sql
        .rows(
            """
            SELECT id, subject, at, body FROM event
             WHERE room = $1 AND subject = ANY($2::bigint[])
             ORDER BY subject, id
            """,
            vocabulary.room(),
            subjects.toArray(Long[]::new))
        .stream()
        .flatMap(row -> read(row, vocabulary).stream())
        .toList();
  }

  Optional<Cursor> lockCursor(Tx tx, String listener) {
    Optional<Row> locked =
        tx.row(
            """
            SELECT last_xid::text::bigint AS xid, last_event FROM event_cursor
             WHERE listener = $1
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            listener);
    if (locked.isEmpty()
        && tx.execute(
                """
                INSERT INTO event_cursor (listener) VALUES ($1) ON CONFLICT DO NOTHING
                """,
                listener)
            == 1) {
      return Optional.of(new Cursor(0, 0));
    }
    return locked.map(row -> new Cursor(row.getLong("xid"), row.getLong("last_event")));
  }

  /// What comes next.
  ///
  /// @param beyond the event after these that only a newer server knows
  record Upcoming<E extends DomainEvent>(List<Next<E>> next, @Nullable Long beyond) {}

  /// Only events below the horizon: every transaction that could still add an earlier one is over.
  <E extends DomainEvent> Upcoming<E> after(
      Tx tx, Cursor cursor, Vocabulary<E> vocabulary, int limit) {
    var next = new ArrayList<Next<E>>();
    List<Row> rows =
        tx.rows(
            """
            SELECT id, subject, at, body, xid::text::bigint AS place FROM event
             WHERE room = $1
               AND (xid, id) > ($2::text::xid8, $3)
               AND xid < pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY xid, id
             LIMIT $4
            """,
            vocabulary.room(),
            Long.toString(cursor.transaction()),
            cursor.event(),
            limit);
    for (Row row : rows) {
      Optional<Told<E>> told = read(row, vocabulary);
      if (told.isEmpty()) {
        return new Upcoming<>(next, row.getLong("id"));
      }
      next.add(new Next<>(new Cursor(row.getLong("place"), row.getLong("id")), told.get()));
    }
    return new Upcoming<>(next, null);
  }

  /// @param listening the room by the name of the listener
  List<Backlog> backlogs(Sql sql, Map<String, String> listening) {
    String[] names = listening.keySet().toArray(String[]::new);
    String[] rooms = Arrays.stream(names).map(listening::get).toArray(String[]::new);
    return sql
        .rows(
            """
            SELECT l.name, e.n, e.oldest
              FROM unnest($1::text[], $2::text[]) AS l (name, room)
              LEFT JOIN event_cursor c ON c.listener = l.name
             CROSS JOIN LATERAL (
               SELECT count(*) AS n, min(at) AS oldest
                 FROM (SELECT at FROM event
                        WHERE room = l.room
                          AND (xid, id) > (coalesce(c.last_xid, '0'::xid8), coalesce(c.last_event, 0))
                        ORDER BY xid, id
                        LIMIT $3) n) e
            """,
            names,
            rooms,
            Backlog.COUNTED_AT_MOST)
        .stream()
        .map(row ->
            Backlog.of(row.getString("name"), row.getLong("n"), row.getOffsetDateTime("oldest")))
        .toList();
  }

  void move(Tx tx, String listener, Cursor to) {
    tx.execute(
        """
        UPDATE event_cursor SET last_xid = $2::text::xid8, last_event = $3 WHERE listener = $1
        """,
        listener,
        Long.toString(to.transaction()),
        to.event());
  }

  /// How often this listener has failed at this event, this time included.
  int trouble(Tx tx, String listener, long event, String reason, Instant now) {
    return tx.one(
            """
            INSERT INTO event_trouble (listener, event, attempts, reason, last_at)
            VALUES ($1, $2, 1, $3, $4)
                ON CONFLICT (listener, event) DO UPDATE
               SET attempts = event_trouble.attempts + 1, reason = $3, last_at = $4
            RETURNING attempts
            """,
            listener,
            event,
            reason,
            now.atOffset(ZoneOffset.UTC))
        .getInteger("attempts");
  }

  void park(Tx tx, String listener, long event) {
    tx.execute(
        "UPDATE event_trouble SET parked = true WHERE listener = $1 AND event = $2",
        listener,
        event);
  }

  Map<String, Integer> parked(Sql sql) {
    return sql
        .rows(
            """
            SELECT listener, count(*)::int AS n FROM event_trouble
             WHERE parked GROUP BY listener ORDER BY listener
            """)
        .stream()
        .collect(
            Collectors.toMap(
                row -> row.getString("listener"),
                row -> row.getInteger("n"),
                (one, _) -> one,
                TreeMap::new));
  }

  /// The first moment after the last day that has a root at which a chain grew; empty when there is
  /// none before `end`.
  Optional<Instant> firstWithoutRoot(Tx tx, ZoneId zone, Instant end) {
    return Optional.ofNullable(
            tx.one(
                    """
                    SELECT min(at) AS at FROM event
                     WHERE seq IS NOT NULL AND at < $2
                       AND at >= coalesce(
                             (SELECT max(day) + 1 FROM event_root)::timestamp AT TIME ZONE $1,
                             '-infinity')
                    """,
                    zone.getId(),
                    end.atOffset(ZoneOffset.UTC))
                .getOffsetDateTime("at"))
        .map(OffsetDateTime::toInstant);
  }

  /// The last link of every chain that grew in this time, in the order of rooms and subjects.
  List<byte[]> lastLinks(Tx tx, Instant from, Instant to) {
    return tx
        .rows(
            """
            SELECT DISTINCT ON (room, subject) hash FROM event
             WHERE seq IS NOT NULL AND at >= $1 AND at < $2
             ORDER BY room, subject, seq DESC
            """,
            from.atOffset(ZoneOffset.UTC),
            to.atOffset(ZoneOffset.UTC))
        .stream()
        .map(row -> row.getBuffer("hash").getBytes())
        .toList();
  }

  /// Two nodes may compute the same root: the first one stays.
  void keepRoot(Tx tx, LocalDate day, List<byte[]> links, Instant now) {
    tx.execute(
        """
        INSERT INTO event_root (day, chains, root, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
        """,
        day,
        links.size(),
        Buffer.buffer(Digest.sha256(links.toArray(byte[][]::new))),
        now.atOffset(ZoneOffset.UTC));
  }

  List<Events.Root> roots(Sql sql, @Nullable LocalDate before, int limit) {
    return sql
        .rows(
            """
            SELECT day, chains, root FROM event_root
             WHERE day < coalesce($1::date, 'infinity')
             ORDER BY day DESC
             LIMIT $2
            """,
            before,
            limit)
        .stream()
        .map(row ->
            new Events.Root(
                row.getLocalDate("day"), row.getInteger("chains"), row.getBuffer("root")))
        .toList();
  }

  void verify(Sql sql, String room, Consumer<String> broken) {
    var chains = new Chains(room);
    Future<RowSet<Row>> coming = links(sql, room, Long.MIN_VALUE, 0);
    while (true) {
      var page = new ArrayList<Row>();
      Db.await(coming).forEach(page::add);
      if (page.isEmpty()) {
        return;
      }
      // PostgreSQL reads the next ones while these are looked at.
      Row last = page.getLast();
      coming = links(sql, room, last.getLong("subject"), last.getInteger("seq"));
      for (Row row : page) {
        if (!chains.holds(row)) {
          broken.accept(room + " " + row.getLong("subject") + " at " + row.getInteger("seq"));
        }
      }
    }
  }

  /// Of these subjects those whose chain does not verify.
  Set<Long> broken(Sql sql, String room, Collection<Long> subjects) {
    var chains = new Chains(room);
    var broken = new HashSet<Long>();
    sql.rows(
            """
            SELECT subject, seq, at, body, hash FROM event
             WHERE room = $1 AND seq IS NOT NULL AND subject = ANY($2::bigint[])
             ORDER BY subject, seq
            """,
            room,
            subjects.toArray(Long[]::new))
        .forEach(row -> {
          if (!chains.holds(row)) {
            broken.add(row.getLong("subject"));
          }
        });
    return broken;
  }

  /// Looks at links in the order of subjects, and of each in its own order.
  private static final class Chains {
    private final String room;
    private long subject = Long.MIN_VALUE;
    private int seq;
    private byte[] previous = BEGINNING;

    Chains(String room) {
      this.room = room;
    }

    /// Whether it follows the one before it.
    boolean holds(Row row) {
      boolean begins = row.getLong("subject") != subject;
      int expected = begins ? 1 : seq + 1;
      subject = row.getLong("subject");
      seq = row.getInteger("seq");
      byte[] hash = row.getBuffer("hash").getBytes();
      byte[] computed =
          link(
              begins ? BEGINNING : previous,
              room,
              subject,
              seq,
              row.getOffsetDateTime("at").toInstant(),
              row.getString("body"));
      previous = hash;
      return seq == expected && Arrays.equals(hash, computed);
    }
  }

  private static Future<RowSet<Row>> links(Sql sql, String room, long subject, int seq) {
    return sql.send(
        """
        SELECT subject, seq, at, body, hash FROM event
         WHERE room = $1 AND seq IS NOT NULL AND (subject, seq) > ($2, $3)
         ORDER BY subject, seq
         LIMIT $4
        """,
        Tuple.of(room, subject, seq, VERIFIED_AT_ONCE));
  }

  /// See [Events#portable].
  static Backup.Portable portable() {
    return new Backup.Portable(
        Map.of(
            "event",
            Map.of("xid", cursorsBefore("event.xid", "event.id")),
            "event_cursor",
            Map.of(
                "last_xid",
                cursorsBefore("event_cursor.last_xid", "event_cursor.last_event"),
                "last_event",
                """
                (SELECT coalesce(max(id), 0) FROM event
                  WHERE (xid, id) <= (event_cursor.last_xid, event_cursor.last_event))
                """)),
        """
        SELECT day || ' ' || chains || ' ' || encode(root, 'hex') FROM event_root ORDER BY day
        """);
  }

  /// 3 is the first number that PostgreSQL gives to any transaction.
  private static String cursorsBefore(String transaction, String event) {
    return """
    (3 + (SELECT count(*) FROM (SELECT DISTINCT last_xid AS x, last_event AS e FROM event_cursor) c
           WHERE (c.x, c.e) < (%s, %s)))::text::xid8
    """
        .formatted(transaction, event);
  }

  /// SHA-256 of the link before and of the fact, in UTF-8, each of its parts on a line.
  private static byte[] link(
      byte[] previous, String room, long subject, int seq, Instant at, String body) {
    String fact = room + "\n" + subject + "\n" + seq + "\n" + at + "\n" + body;
    return Digest.sha256(previous, fact.getBytes(StandardCharsets.UTF_8));
  }

  /// Empty when only a newer server knows what it is.
  private static <E extends DomainEvent> Optional<Told<E>> read(Row row, Vocabulary<E> vocabulary) {
    OffsetDateTime at = row.getOffsetDateTime("at");
    return Json.readIfKnown(row.getString("body"), vocabulary.type())
        .map(event -> new Told<>(row.getLong("id"), row.getLong("subject"), at.toInstant(), event));
  }
}
