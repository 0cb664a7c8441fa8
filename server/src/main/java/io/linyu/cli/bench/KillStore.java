package io.linyu.cli.bench;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a trial reads of the tables of all rooms, to count them against each other.
final class KillStore {
  record Receipt(String openid, String externalId, @Nullable String reply) {}

  /// @param confirmed by the resident; false: filed because they fell silent
  record Matter(
      String openid,
      String number,
      String what,
      boolean confirmed,
      long drafted,
      long opened,
      boolean open,
      long held) {}

  record Sent(long id, String openid, String text, String state, @Nullable String way) {}

  /// @param told whether it is for the resident to know yet
  record Answer(String openid, String text, long tellings, boolean told) {}

  /// What is still on its way, by kind.
  record Unsettled(long leased, long queued, long fetching, long untold, long forms) {
    boolean isSettled() {
      return leased + queued + fetching + untold + forms == 0;
    }
  }

  List<Long> unclaimed(Sql sql, int limit) {
    return sql
        .rows(
            """
            SELECT id FROM "case"
             WHERE closed_at IS NULL AND staff_id IS NULL AND state <> 'RETURN_VISIT'
             ORDER BY random()
             LIMIT $1
            """,
            limit)
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// The codes of all cases.
  List<String> cases(Sql sql) {
    return sql.rows("SELECT code FROM \"case\"").stream()
        .map(row -> row.getString("code"))
        .toList();
  }

  Unsettled unsettled(Sql sql) {
    Row row =
        sql.one(
            """
            SELECT (SELECT count(*) FROM outbound WHERE state = 'sending') AS leased,
                   (SELECT count(*) FROM outbound WHERE state = 'queued') AS queued,
                   (SELECT count(*) FROM attachment WHERE state = 'waiting') AS fetching,
                   (SELECT count(*) FROM event e
                     WHERE e.room = 'casework'
                       AND (e.xid, e.id) > (SELECT last_xid, last_event FROM event_cursor
                                             WHERE listener = 'tell-residents')) AS untold,
                   (SELECT count(*) FROM conversation WHERE state ? 'form') AS forms
            """);
    return new Unsettled(
        row.getLong("leased"),
        row.getLong("queued"),
        row.getLong("fetching"),
        row.getLong("untold"),
        row.getLong("forms"));
  }

  /// Ends every lease and every pause now: who held them is dead or has finished.
  void letTimePass(Sql sql) {
    sql.execute("UPDATE outbound SET lease_until = now() WHERE state = 'sending'");
    sql.execute("UPDATE outbound SET next_due_at = now() WHERE state = 'queued'");
    sql.execute("UPDATE attachment SET next_due_at = now() WHERE state = 'waiting'");
  }

  /// Everybody who left a form has been silent for long enough.
  void letSilencePass(Sql sql) {
    sql.execute(
        """
        UPDATE conversation SET next_due_at = now()
         WHERE state ? 'form' AND next_due_at > now()
        """);
  }

  /// What is being sent at this moment.
  List<Long> claimed(Sql sql) {
    return sql.rows("SELECT id FROM outbound WHERE state = 'sending'").stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  List<Receipt> receipts(Sql sql) {
    return sql
        .rows(
            """
            SELECT i.address, i.external_id,
                   (SELECT r.reply
                      FROM receipt r JOIN address a ON a.id = r.address_id
                     WHERE a.channel = i.channel AND a.account = i.account
                       AND a.external_id = i.address AND r.external_id = i.external_id
                     LIMIT 1) AS reply
              FROM inbound_receipt i
            """)
        .stream()
        .map(row ->
            new Receipt(
                row.getString("address"), row.getString("external_id"), row.getString("reply")))
        .toList();
  }

  /// Addresses that have not one message of the resident for each receipt, or not one of the bot
  /// for each reply; what the bot said by itself is none, and neither is a reply that only carries
  /// what had waited for the contact.
  List<String> unequalMessages(Sql sql) {
    return sql
        .rows(
            """
            SELECT a.external_id, r.heard, r.replied, m.heard AS kept, m.replied AS said
              FROM address a
              LEFT JOIN LATERAL (SELECT count(*) AS heard,
                                        count(*) FILTER (WHERE length(reply) > carried) AS replied
                                   FROM receipt WHERE address_id = a.id) r ON true
              LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE said_by = 'resident') AS heard,
                                        count(*) FILTER (WHERE said_by = 'bot' AND NOT EXISTS (
                                          SELECT FROM outbound o
                                           WHERE o.message_id = t.id
                                             AND o.message_key NOT LIKE 'reply:%')) AS replied
                                   FROM message t WHERE address_id = a.id) m ON true
             WHERE r.heard <> m.heard OR r.replied <> m.replied
            """)
        .stream()
        .map(row ->
            "%s: %d receipts and %d messages, %d replies and %d said"
                .formatted(
                    row.getString("external_id"),
                    row.getLong("heard"),
                    row.getLong("kept"),
                    row.getLong("replied"),
                    row.getLong("said")))
        .toList();
  }

  List<Matter> matters(Sql sql) {
    return sql
        .rows(
            """
            SELECT a.external_id, c.number, c.what, c.confirmed, c.closed_at IS NULL AS open,
                   (SELECT count(*) FROM event e
                     WHERE e.room = 'casework' AND e.subject = c.id
                       AND e.body::json ->> 'event' = 'drafted') AS drafted,
                   (SELECT count(*) FROM event e
                     WHERE e.room = 'casework' AND e.subject = c.id
                       AND e.body::json ->> 'event' IN ('opened', 'handed_off')) AS opened,
                   (SELECT count(*) FROM holding h
                     WHERE h.case_id = c.id AND upper_inf(h.during)) AS held
              FROM "case" c JOIN address a ON a.id = c.address_id
            """)
        .stream()
        .map(row ->
            new Matter(
                row.getString("external_id"),
                row.getString("number"),
                row.getString("what"),
                row.getBoolean("confirmed"),
                row.getLong("drafted"),
                row.getLong("opened"),
                row.getBoolean("open"),
                row.getLong("held")))
        .toList();
  }

  long overlappingHoldings(Sql sql) {
    return sql.one(
            """
            SELECT count(*) AS n FROM holding a JOIN holding b
                ON b.case_id = a.case_id AND b.id > a.id AND b.during && a.during
            """)
        .getLong("n");
  }

  List<Sent> sent(Sql sql) {
    return sql
        .rows(
            """
            SELECT o.id, a.external_id, o.text, o.state, o.way
              FROM outbound o JOIN address a ON a.id = o.address_id
            """)
        .stream()
        .map(row ->
            new Sent(
                row.getLong("id"),
                row.getString("external_id"),
                row.getString("text"),
                row.getString("state"),
                row.getString("way")))
        .toList();
  }

  /// Keys that are there twice, and messages of staff or of the house that are not sent by exactly
  /// one row.
  List<String> unequalSendings(Sql sql) {
    return sql
        .rows(
            """
            SELECT 'key ' || message_key AS what FROM outbound
             GROUP BY message_key HAVING count(*) > 1
            UNION ALL
            SELECT 'message ' || m.id || ' has ' || count(o.id) || ' sendings'
              FROM message m LEFT JOIN outbound o ON o.message_id = m.id
             WHERE m.said_by IN ('staff', 'system')
             GROUP BY m.id HAVING count(o.id) <> 1
            UNION ALL
            SELECT 'message ' || message_id || ' is sent ' || count(*) || ' times'
              FROM outbound WHERE message_id IS NOT NULL
             GROUP BY message_id HAVING count(*) > 1
            """)
        .stream()
        .map(row -> row.getString("what"))
        .toList();
  }

  /// Ended as unknown, and staff see it neither in the list of what was sent nor in the
  /// conversation.
  List<String> hiddenUnknown(Sql sql) {
    return sql
        .rows(
            """
            SELECT o.message_key FROM outbound o
             WHERE o.state = 'unknown'
               AND (o.message_id IS NULL
                    OR NOT EXISTS (SELECT FROM outbound_delivery d
                                    WHERE d.message_key = o.message_key AND d.state = 'unknown'))
            """)
        .stream()
        .map(row -> row.getString("message_key"))
        .toList();
  }

  /// Problems that were told and lie in a form that nobody will finish.
  List<String> openForms(Sql sql) {
    return sql
        .rows(
            """
            SELECT a.external_id FROM conversation c JOIN address a ON a.id = c.address_id
             WHERE c.state ? 'form'
            """)
        .stream()
        .map(row -> row.getString("external_id") + " has a form that is left open")
        .toList();
  }

  /// @return with how many messages each was told to the resident
  List<Answer> answers(Sql sql) {
    return sql
        .rows(
            """
            SELECT a.external_id, w.text,
                   (SELECT count(*) FROM outbound o
                     WHERE o.address_id = c.address_id
                       AND strpos(o.text, w.text) > 0) AS tellings,
                   -- What is said to be done is told once somebody has looked, with the question.
                   NOT EXISTS (SELECT FROM event e
                                WHERE e.room = 'casework' AND e.subject = c.id
                                  AND e.body::json ->> 'event' = 'reported'
                                  AND e.body::json ->> 'answer_id' = w.id::text)
                   OR EXISTS (SELECT FROM return_visit v JOIN return_visit_try t ON t.visit_id = v.id
                               WHERE v.answer_id = w.id)
                   OR EXISTS (SELECT FROM event e
                               WHERE e.room = 'casework' AND e.subject = c.id
                                 AND e.body::json ->> 'event' = 'closed'
                                 AND e.body::json ->> 'exception' IS NOT NULL) AS told
              FROM case_answer w
              JOIN "case" c ON c.id = w.case_id
              JOIN address a ON a.id = c.address_id
            """)
        .stream()
        .map(row ->
            new Answer(
                row.getString("external_id"),
                row.getString("text"),
                row.getLong("tellings"),
                row.getBoolean("told")))
        .toList();
  }

  long chains(Sql sql) {
    return sql.one("SELECT count(DISTINCT (room, subject)) AS n FROM event WHERE seq IS NOT NULL")
        .getLong("n");
  }
}
