package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Enclosure;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Enclosed;
import io.linyu.channel.Ladder;
import io.linyu.channel.Ladder.Rung;
import io.linyu.channel.Ladder.Subscription;
import io.linyu.channel.Notice;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Json;
import io.linyu.reception.Outbox.Way;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class OutboxStore {
  /// How keys of calls to staff begin.
  static final String CALL = "errand:";

  /// How the keys begin of what may still be taken back.
  static final String CLAIMED = "claimed:";

  /// That a matter is not accepted, which may be taken back unsaid, too.
  static final String REJECTED = CLAIMED + "rejected:";

  /// That it is handled together with what others told, likewise.
  static final String MERGED = CLAIMED + "merged";

  /// That it is handled as several, likewise.
  static final String SPLIT = CLAIMED + "split";

  /// How the keys begin of what is true only until more is said of the case.
  static final String LATE = "late:";

  /// What is sent instead of the words, which then say where else it is.
  record Along(Enclosed.Kind kind, String type, Buffer digest) {}

  /// @param rung by which it goes, and on which its place is reserved; null: no way is open, and it
  ///   waits now
  /// @param notice what it tells on a rung that takes fields; null: it goes in free words or not at
  ///   all
  /// @param along what is sent instead of the words; null: the words are
  /// @param caseId to whose pushes a notice counts; null: it has none
  /// @param leave of which one notice is reserved for it
  /// @param follows whether the person is still there; otherwise it goes elsewhere or nowhere
  record Claimed(
      long id,
      long addressId,
      AddressKey to,
      String key,
      String text,
      int attempts,
      @Nullable Rung rung,
      @Nullable Notice notice,
      @Nullable Long caseId,
      @Nullable Along along,
      @Nullable Subscription leave,
      boolean follows,
      boolean mayHaveGone) {
    boolean mayGo() {
      return rung != null;
    }

    boolean isNotice() {
      return rung != null && rung != Rung.CUSTOMER_SERVICE;
    }

    String way() {
      return requireNonNull(rung).word();
    }
  }

  private final SubscriptionStore subscriptions = new SubscriptionStore();
  private final NoticeStore notices = new NoticeStore();

  void queue(
      Tx tx,
      long addressId,
      String key,
      String by,
      @Nullable Long staffId,
      @Nullable Long caseId,
      String text,
      Instant now,
      Instant due) {
    // The message and its sending are one thing: said again under the same key, neither is written.
    tx.execute(
        """
        WITH spoken AS (
          SELECT nextval('message_id') AS id
           WHERE NOT EXISTS (SELECT FROM outbound WHERE message_key = $2)
        ), written AS (
          INSERT INTO message (id, address_id, at, said_by, staff_id, case_id, content, duty)
          SELECT id, $1, $7, $3, $4, $5, $8::text::jsonb, $10 FROM spoken
          RETURNING id
        )
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT $2, $1, id, $6, $9, $7, $7 FROM written
        """,
        addressId,
        key,
        by,
        staffId,
        caseId,
        text,
        at(now),
        Json.write(Content.class, Outbox.content(text)),
        at(due),
        key.startsWith(CALL));
  }

  /// What is sent besides words. It is kept with a message of its own, so that staff see it where
  /// it was said.
  ///
  /// @param text said instead, where it cannot be sent
  /// @param push whether it is sent at all; otherwise it is seen on the page of the matter
  void queueAlong(
      Tx tx,
      long addressId,
      String key,
      long staffId,
      long caseId,
      Enclosure what,
      Content content,
      String text,
      boolean push,
      Instant now) {
    tx.execute(
        """
        WITH spoken AS (
          SELECT nextval('message_id') AS id
           WHERE NOT EXISTS (SELECT FROM outbound WHERE message_key = $2)
        ), written AS (
          INSERT INTO message (id, address_id, at, said_by, staff_id, case_id, content)
          SELECT id, $1, $6, 'staff', $3, $4, $5::text::jsonb FROM spoken
          RETURNING id
        ), kept AS (
          INSERT INTO attachment (message_id, address_id, kind, media_id, code, state, digest, name)
          SELECT id, $1, $7, '', $8, 'fetched', $9, $10 FROM written
        )
        INSERT INTO outbound (message_key, address_id, message_id, text, state, way, next_due_at, created_at, updated_at)
        SELECT $2, $1, id, $11, CASE WHEN $12 THEN 'queued' ELSE 'delivered' END,
               CASE WHEN $12 THEN NULL ELSE 'inbox' END, CASE WHEN $12 THEN $6 END, $6, $6
          FROM written
        """,
        addressId,
        key,
        staffId,
        caseId,
        Json.write(Content.class, content),
        at(now),
        what.kind().word(),
        Codes.random(),
        what.digest(),
        what.name(),
        text,
        push);
  }

  /// In their order; each person's own stay in it.
  void queueAll(Tx tx, long staffId, List<Outbox.Saying> all, Instant now) {
    tx.execute(
        """
        WITH spoken AS MATERIALIZED (
          SELECT nextval('message_id') AS id, n.*
            FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[])
                   WITH ORDINALITY AS n (address_id, key, case_id, content, text, place)
           WHERE NOT EXISTS (SELECT FROM outbound WHERE message_key = n.key)
           ORDER BY n.place
        ), written AS (
          INSERT INTO message (id, address_id, at, said_by, staff_id, case_id, content)
          SELECT id, address_id, $6, 'staff', $7, case_id, content::jsonb FROM spoken ORDER BY place
        )
        INSERT INTO outbound (message_key, address_id, message_id, text, next_due_at, created_at, updated_at)
        SELECT key, address_id, id, text, $6, $6, $6 FROM spoken ORDER BY place
        """,
        all.stream().map(Outbox.Saying::addressId).toArray(Long[]::new),
        all.stream().map(Outbox.Saying::key).toArray(String[]::new),
        all.stream().map(Outbox.Saying::caseId).toArray(Long[]::new),
        all.stream()
            .map(each -> Json.write(Content.class, Outbox.content(each.text())))
            .toArray(String[]::new),
        all.stream().map(Outbox.Saying::text).toArray(String[]::new),
        at(now),
        staffId);
  }

  void claimedIsDue(Tx tx, long caseId, Instant now) {
    tx.execute(
        """
        UPDATE outbound o SET next_due_at = $2, updated_at = $2
          FROM message m
         WHERE m.case_id = $1 AND o.message_id = m.id AND starts_with(o.message_key, $3)
           AND o.state = 'queued' AND o.next_due_at > $2 AND o.attempts = 0
        """,
        caseId,
        at(now),
        CLAIMED);
  }

  void unsayClaimed(Tx tx, long caseId) {
    tx.execute(
        """
        WITH unsaid AS (
          DELETE FROM outbound o USING message m
           WHERE m.case_id = $1 AND o.message_id = m.id AND starts_with(o.message_key, $2)
             AND NOT starts_with(o.message_key, $3) AND NOT starts_with(o.message_key, $4)
             AND NOT starts_with(o.message_key, $5)
             AND o.state = 'queued' AND o.attempts = 0
          RETURNING m.id
        )
        DELETE FROM message WHERE id IN (SELECT id FROM unsaid)
        """,
        caseId,
        CLAIMED,
        REJECTED,
        MERGED,
        SPLIT);
  }

  /// @param key of what may still be taken back
  /// @return whether anybody has heard it, or may have
  boolean unsay(Tx tx, long caseId, String key) {
    tx.execute(
        """
        WITH unsaid AS (
          SELECT o.id, m.id AS message
            FROM message m JOIN outbound o ON o.message_id = m.id
           WHERE m.case_id = $1 AND (o.message_key = $2 OR starts_with(o.message_key, $2 || ':'))
             AND (o.state = 'waiting' OR o.state = 'queued' AND o.attempts = 0)
             FOR UPDATE OF o
        ), notice AS (
          DELETE FROM outbound_notice WHERE outbound_id IN (SELECT id FROM unsaid)
        ), sending AS (
          DELETE FROM outbound WHERE id IN (SELECT id FROM unsaid)
        )
        DELETE FROM message WHERE id IN (SELECT message FROM unsaid)
        """,
        caseId,
        key);
    return tx.one(
            """
            SELECT EXISTS (
              SELECT FROM message m JOIN outbound o ON o.message_id = m.id
               WHERE m.case_id = $1 AND (o.message_key = $2 OR starts_with(o.message_key, $2 || ':'))) AS said
            """,
            caseId,
            key)
        .getBoolean("said");
  }

  /// What nobody has heard yet, and is not true any more.
  void unsayLate(Tx tx, long caseId) {
    tx.execute(
        """
        WITH unsaid AS (
          SELECT o.id, m.id AS message
            FROM message m JOIN outbound o ON o.message_id = m.id
           WHERE m.case_id = $1 AND starts_with(o.message_key, $2)
             AND (o.state = 'waiting' OR o.state = 'queued' AND o.attempts = 0)
             FOR UPDATE OF o
        ), notice AS (
          DELETE FROM outbound_notice WHERE outbound_id IN (SELECT id FROM unsaid)
        ), sending AS (
          DELETE FROM outbound WHERE id IN (SELECT id FROM unsaid)
        )
        DELETE FROM message WHERE id IN (SELECT message FROM unsaid)
        """,
        caseId,
        LATE);
  }

  /// What is due and not done yet.
  Backlog backlog(Sql sql, Instant now) {
    Row row =
        sql.one(
            """
            SELECT count(*) AS n, min(due) AS oldest
              FROM (SELECT next_due_at AS due FROM outbound
                     WHERE state = 'queued' AND next_due_at <= $1
                     ORDER BY next_due_at
                     LIMIT $2) d
            """,
            now.atOffset(ZoneOffset.UTC),
            Backlog.COUNTED_AT_MOST);
    return Backlog.of("send", row.getLong("n"), row.getOffsetDateTime("oldest"));
  }

  /// Takes the oldest of each person, and reserves its place on the first rung that is open;
  /// without one it waits. Those who do not follow any more are left to the caller.
  List<Claimed> claim(
      Tx tx, Instant now, Instant lease, int limit, Function<AddressKey, Ladder> ladders) {
    List<Row> due =
        tx.rows(
            """
            SELECT o.id, o.address_id, o.message_key, o.text, o.attempts,
                   a.channel, a.account, a.external_id, a.follows,
                   n.notice::text AS notice, n.case_id, n.last, n.rung, n.given_up,
                   t.kind AS along, t.digest, b.type
              FROM outbound o
              JOIN address a ON a.id = o.address_id
              LEFT JOIN attachment t ON t.message_id = o.message_id AND t.digest IS NOT NULL
              LEFT JOIN blob b ON b.digest = t.digest
              LEFT JOIN outbound_notice n ON n.outbound_id = o.id
             WHERE o.state = 'queued' AND o.next_due_at <= $1
               AND NOT EXISTS (
                     SELECT FROM outbound e
                      WHERE e.address_id = o.address_id AND e.id < o.id
                        AND e.state IN ('queued', 'sending')
                        AND (e.next_due_at IS NULL OR e.next_due_at <= $1 OR e.attempts > 0
                             OR NOT starts_with(e.message_key, $3)))
             ORDER BY o.next_due_at, o.id
             LIMIT $2
               FOR UPDATE OF o SKIP LOCKED
            """,
            at(now),
            limit,
            CLAIMED);
    Map<Long, Boolean> windows = lockWindows(tx, due, now);
    var claimed = new ArrayList<Claimed>();
    var going = new ArrayList<Claimed>();
    for (Row row : due) {
      Boolean open = windows.get(row.getLong("address_id"));
      if (open == null) {
        continue; // somebody is being listened to at this moment: in the next round
      }
      AddressKey to =
          new AddressKey(
              row.getString("channel"), row.getString("account"), row.getString("external_id"));
      Claimed each = claimed(tx, row, to, ladders.apply(to), open);
      if (each.mayGo()) {
        going.add(each);
      } else if (each.follows()) {
        park(tx, each, "no window is open", now);
      }
      claimed.add(each);
    }
    goingOut(tx, going, now, lease);
    return claimed;
  }

  /// Whoever is just being listened to is left out: nobody else waits for them.
  ///
  /// @return of each whose conversation is ours now, whether their window is open
  private static Map<Long, Boolean> lockWindows(Tx tx, List<Row> due, Instant now) {
    return tx
        .rows(
            """
            SELECT address_id, quota_left > 0 AND quota_until > $2 AS open
              FROM conversation
             WHERE address_id = ANY($1)
             ORDER BY address_id
               FOR NO KEY UPDATE SKIP LOCKED
            """,
            due.stream().map(row -> row.getLong("address_id")).toArray(Long[]::new),
            at(now))
        .stream()
        .collect(Collectors.toMap(row -> row.getLong("address_id"), row -> row.getBoolean("open")));
  }

  private static void goingOut(Tx tx, List<Claimed> going, Instant now, Instant lease) {
    if (going.isEmpty()) {
      return;
    }
    tx.execute(
        """
        UPDATE conversation SET quota_left = quota_left - 1 WHERE address_id = ANY($1)
        """,
        (Object)
            going.stream()
                .filter(each -> !each.isNotice())
                .map(Claimed::addressId)
                .toArray(Long[]::new));
    tx.execute(
        """
        UPDATE outbound o
           SET state = 'sending', way = g.way, attempts = attempts + 1,
               lease_until = $3, next_due_at = NULL, updated_at = $4
          FROM unnest($1::bigint[], $2::text[]) AS g (id, way)
         WHERE o.id = g.id
        """,
        going.stream().map(Claimed::id).toArray(Long[]::new),
        going.stream().map(Claimed::way).toArray(String[]::new),
        at(lease),
        at(now));
  }

  private Claimed claimed(Tx tx, Row row, AddressKey to, Ladder ladder, boolean open) {
    long id = row.getLong("id");
    long address = row.getLong("address_id");
    String json = row.getString("notice");
    Rung rung = row.getBoolean("follows") ? rung(tx, row, ladder, open) : null;
    if (json != null && rung != null && rung != Rung.CUSTOMER_SERVICE) {
      notices.goesBy(tx, id, rung);
    }
    return new Claimed(
        id,
        address,
        to,
        row.getString("message_key"),
        row.getString("text"),
        row.getInteger("attempts") + 1,
        rung,
        json == null ? null : Json.read(json, Notice.class),
        row.getLong("case_id"),
        along(row),
        rung == Rung.SUBSCRIBE_NOTICE ? ladder.subscription() : null,
        row.getBoolean("follows"),
        isTemplate(row));
  }

  /// It was given to that rung before, and nobody knows whether it went.
  private static boolean isTemplate(Row row) {
    return Rung.TEMPLATE.word().equals(row.getString("rung"));
  }

  private static @Nullable Along along(Row row) {
    String kind = row.getString("along");
    return kind == null
        ? null
        : new Along(
            Enclosed.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
            row.getString("type"),
            row.getBuffer("digest"));
  }

  /// The first rung that is open for it, with the leave for a notice reserved.
  private @Nullable Rung rung(Tx tx, Row row, Ladder ladder, boolean open) {
    long address = row.getLong("address_id");
    if (isTemplate(row)) {
      return Rung.TEMPLATE; // which may have heard it, and says it once however often it is asked
    }
    String[] noted = row.getArrayOfStrings("given_up");
    List<String> givenUp = noted == null ? List.of() : List.of(noted);
    if (open && ladder.messages() && !givenUp.contains(Rung.CUSTOMER_SERVICE.word())) {
      return Rung.CUSTOMER_SERVICE;
    }
    if (row.getString("notice") == null
        || (!row.getString("message_key").startsWith(CALL)
            && !notices.mayPush(tx, row.getLong("case_id"), row.getBoolean("last")))) {
      return null;
    }
    Subscription leave = ladder.subscription();
    if (leave != null
        && !givenUp.contains(Rung.SUBSCRIBE_NOTICE.word())
        && subscriptions.reserve(tx, address, leave.template(), row.getBoolean("last"))) {
      return Rung.SUBSCRIBE_NOTICE;
    }
    return ladder.template() && !givenUp.contains(Rung.TEMPLATE.word()) ? Rung.TEMPLATE : null;
  }

  /// Those that went in free words. True when there is more to say to one of these people, which
  /// waited for this.
  boolean delivered(Sql sql, List<Claimed> all, Instant now) {
    return sql.one(
            """
            WITH ended AS (
              UPDATE outbound
                 SET state = 'delivered', reason = NULL, next_due_at = NULL, lease_until = NULL,
                     updated_at = $3
               WHERE id = ANY($1) AND state IN ('queued', 'sending')
            )
            SELECT EXISTS (
              SELECT FROM outbound
               WHERE address_id = ANY($2) AND state = 'queued' AND next_due_at <= $3) AS more
            """,
            all.stream().map(Claimed::id).toArray(Long[]::new),
            all.stream().map(Claimed::addressId).toArray(Long[]::new),
            at(now))
        .getBoolean("more");
  }

  /// One that went in fields. At once, so that a report of it is not missed. True when there is
  /// more to say to the same person.
  ///
  /// @param platformId by which the platform may tell later how it ended
  boolean accepted(Tx tx, Claimed each, @Nullable String platformId, Instant now) {
    boolean more = delivered(tx, List.of(each), now);
    notices.accepted(tx, each, platformId, now);
    return more;
  }

  void failed(Sql sql, long id, String reason, Instant now) {
    end(sql, id, "failed", reason, now);
  }

  void unknown(Sql sql, long id, String reason, Instant now) {
    end(sql, id, "unknown", reason, now);
  }

  /// The window is over, whatever we counted: it waits for the next contact.
  void park(Tx tx, Claimed each, String reason, Instant now) {
    waits(tx, each.addressId());
    tx.execute("UPDATE conversation SET quota_left = 0 WHERE address_id = $1", each.addressId());
    tx.execute(
        """
        UPDATE outbound
           SET state = 'waiting', way = 'inbox', reason = $2, next_due_at = NULL,
               lease_until = NULL, updated_at = $3
         WHERE id = $1
        """,
        each.id(),
        reason,
        at(now));
  }

  /// The platform refused it this way, whatever we counted: the next rung is tried, or it waits for
  /// the next contact.
  ///
  /// @param over no window is open, or no leave is left
  void refused(Tx tx, Claimed each, boolean over, String reason, Instant now) {
    Rung rung = requireNonNull(each.rung());
    Subscription leave = each.leave();
    if (leave != null && over) {
      subscriptions.takenBack(tx, each.addressId(), leave.template());
    } else if (leave != null) {
      subscriptions.giveBack(tx, each.addressId(), leave);
    }
    if (!notices.giveUp(tx, each.id(), rung)) {
      park(tx, each, reason, now);
      return;
    }
    if (rung == Rung.CUSTOMER_SERVICE) {
      tx.execute("UPDATE conversation SET quota_left = 0 WHERE address_id = $1", each.addressId());
    }
    tx.execute(
        """
        UPDATE outbound
           SET state = 'queued', reason = $2, next_due_at = $3, lease_until = NULL, updated_at = $3
         WHERE id = $1 AND state = 'sending'
        """,
        each.id(),
        reason,
        at(now));
  }

  /// Something is shown at the next contact, at whichever address of the person that is. They are
  /// locked in the order of their ids, as everywhere.
  private static void waits(Tx tx, long addressId) {
    tx.execute(
        """
        UPDATE conversation SET waiting = true
         WHERE address_id IN (
           SELECT c.address_id FROM conversation c
            WHERE NOT c.waiting
              AND c.address_id IN (
                    SELECT o.id FROM address a JOIN address o ON o.person_id = a.person_id
                     WHERE a.id = $1)
            ORDER BY c.address_id
              FOR NO KEY UPDATE)
        """,
        addressId);
  }

  /// Until the person speaks to us again. True when it goes to another chat of theirs now: not what
  /// calls a member of staff, whose chat for that is theirs to choose.
  ///
  /// @param left whether they do not follow there any more
  /// @param other where else they may be reached; null: nowhere
  boolean unreachable(
      Tx tx, Claimed each, boolean left, @Nullable Long other, String reason, Instant now) {
    if (left) {
      tx.execute("UPDATE address SET follows = false WHERE id = $1", each.addressId());
    }
    // What may have been heard is not said a second time.
    boolean elsewhere =
        other != null
            && !each.mayHaveGone()
            && tx.execute(
                    """
                    UPDATE outbound o
                       SET address_id = $4, state = 'queued', reason = $2, next_due_at = $3,
                           lease_until = NULL, updated_at = $3
                     WHERE o.id = $1 AND o.state IN ('queued', 'sending') AND NOT starts_with(o.message_key, $5)
                       AND o.attempts < $6
                    """,
                    each.id(),
                    reason,
                    at(now),
                    other,
                    CALL,
                    Outbox.ATTEMPTS)
                == 1;
    if (elsewhere) {
      giveBack(tx, each);
      notices.beginAnew(tx, each.id());
    } else {
      end(tx, each.id(), each.mayHaveGone() ? "unknown" : "failed", reason, now);
    }
    return elsewhere;
  }

  /// It certainly was not sent: its place in the window is given back, unless a newer window has
  /// replaced that one. If the person speaks before it is tried again, they are shown it.
  void again(Tx tx, Claimed each, String reason, Instant now, Instant due, int full) {
    waits(tx, each.addressId());
    tx.execute(
        """
        UPDATE conversation
           SET quota_left =
                 CASE WHEN quota_until > $2 AND $4 THEN least(quota_left + 1, $3) ELSE quota_left END
         WHERE address_id = $1
        """,
        each.addressId(),
        at(now),
        full,
        !each.isNotice());
    giveBack(tx, each);
    tx.execute(
        """
        UPDATE outbound
           SET state = 'queued', reason = $2, next_due_at = $4, lease_until = NULL, updated_at = $3
         WHERE id = $1 AND state = 'sending'
        """,
        each.id(),
        reason,
        at(now),
        at(due));
  }

  /// The platform was not asked, or answered for everybody at once: neither the attempt nor the
  /// place in the window is used.
  void later(Tx tx, Claimed each, String reason, Instant now, Instant due, int full) {
    waits(tx, each.addressId());
    tx.execute(
        """
        WITH given_back AS (
          UPDATE outbound
             SET state = 'queued', attempts = attempts - 1, reason = $2, next_due_at = $4,
                 lease_until = NULL, updated_at = $3
           WHERE id = $1 AND state = 'sending'
          RETURNING address_id
        )
        UPDATE conversation c
           SET quota_left =
                 CASE WHEN c.quota_until > $3 AND $6 THEN least(c.quota_left + 1, $5) ELSE c.quota_left END
          FROM given_back g
         WHERE c.address_id = g.address_id
        """,
        each.id(),
        reason,
        at(now),
        at(due),
        full,
        !each.isNotice());
    giveBack(tx, each);
  }

  private void giveBack(Sql sql, Claimed each) {
    Subscription leave = each.leave();
    if (leave != null) {
      subscriptions.giveBack(sql, each.addressId(), leave);
    }
    if (each.isNotice() && !each.mayHaveGone()) {
      notices.didNotGo(sql, each.id());
    }
  }

  /// The platform may have heard it, and says it once however often it is asked: it is asked again,
  /// and no other way is tried meanwhile.
  void sameAgain(Tx tx, Claimed each, String reason, Instant now, Instant due) {
    tx.execute(
        """
        UPDATE outbound
           SET state = 'queued', reason = $2, next_due_at = $4, lease_until = NULL, updated_at = $3
         WHERE id = $1 AND state = 'sending'
        """,
        each.id(),
        reason,
        at(now),
        at(due));
  }

  /// Whether it is still ours to send; then the lease begins anew.
  boolean holds(Sql sql, Claimed each, Instant now, Instant lease) {
    return sql.execute(
            """
            UPDATE outbound SET lease_until = $3
             WHERE id = $1 AND state = 'sending' AND lease_until > $2
            """,
            each.id(),
            at(now),
            at(lease))
        == 1;
  }

  List<Long> endLost(Sql sql, Instant now) {
    // Of these the platform keeps a key: they are said once however often they are sent.
    sql.execute(
        """
        UPDATE outbound
           SET state = 'queued', reason = 'the sender was lost', lease_until = NULL,
               next_due_at = $1, updated_at = $1
         WHERE state = 'sending' AND lease_until < $1 AND way = 'template'
        """,
        at(now));
    return sql
        .rows(
            """
            UPDATE outbound l
               SET state = 'unknown', reason = 'the sender was lost', lease_until = NULL,
                   message_id = coalesce(l.message_id, %s), updated_at = $1
             WHERE state = 'sending' AND lease_until < $1 AND way IS DISTINCT FROM 'template'
            RETURNING address_id
            """
                .formatted(ReplyStore.spoken("l.address_id", "l.text")),
            at(now))
        .stream()
        .map(row -> row.getLong("address_id"))
        .toList();
  }

  Way way(
      Sql sql,
      long addressId,
      @Nullable Long caseId,
      Instant now,
      int full,
      Function<AddressKey, Ladder> ladders) {
    return sql.row(
            """
            SELECT c.quota_left, c.quota_until, a.follows, a.channel, a.account, a.external_id
              FROM conversation c JOIN address a ON a.id = c.address_id
             WHERE c.address_id = $1
            """,
            addressId)
        .map(row -> {
          Instant until = row.getOffsetDateTime("quota_until").toInstant();
          Ladder ladder =
              ladders.apply(
                  new AddressKey(
                      row.getString("channel"),
                      row.getString("account"),
                      row.getString("external_id")));
          boolean follows = row.getBoolean("follows");
          boolean open = until.isAfter(now) && follows && ladder.messages();
          int left = open ? row.getInteger("quota_left") : 0;
          Rung notice = left == 0 && follows ? notice(sql, addressId, caseId, ladder) : null;
          return new Way(left > 0 ? Rung.CUSTOMER_SERVICE : notice, left, full, until);
        })
        .orElse(new Way(null, 0, full, now));
  }

  AddressKey keyOf(Sql sql, long addressId) {
    Row row = sql.one("SELECT channel, account, external_id FROM address WHERE id = $1", addressId);
    return new AddressKey(
        row.getString("channel"), row.getString("account"), row.getString("external_id"));
  }

  private @Nullable Rung notice(Sql sql, long addressId, @Nullable Long caseId, Ladder ladder) {
    if (caseId == null || !notices.mayPush(sql, caseId, false)) {
      return null;
    }
    Subscription leave = ladder.subscription();
    if (leave != null && subscriptions.has(sql, addressId, leave.template(), false)) {
      return Rung.SUBSCRIBE_NOTICE;
    }
    return ladder.template() ? Rung.TEMPLATE : null;
  }

  private static void end(Sql sql, long id, String state, @Nullable String reason, Instant now) {
    sql.execute(
        """
        UPDATE outbound
           SET state = $2, reason = $3, next_due_at = NULL, lease_until = NULL, updated_at = $4
         WHERE id = $1 AND state IN ('queued', 'sending')
        """,
        id,
        state,
        reason,
        at(now));
  }

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  /// In which state the message with this key is; empty: there is none.
  Optional<String> stateOf(Sql sql, String key) {
    return sql.row("SELECT state FROM outbound WHERE message_key = $1", key)
        .map(row -> row.getString("state"));
  }
}
