package io.linyu.reception;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.reception.PersonalTables.By;
import io.linyu.reception.PersonalTables.Held;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that is held on one person, in whatever room's tables.
final class PersonalDataStore {
  /// Whose it is.
  ///
  /// @param people who were found to be this one, too
  /// @param messages that others have about what they told for the person
  record Scope(List<Long> people, List<Long> addresses, List<Long> cases, List<Long> messages) {
    Long[] of(By by) {
      return (switch (by) {
            case PERSON -> people;
            case ADDRESS -> addresses;
            case CASE -> cases;
            case MESSAGE -> messages;
          })
          .toArray(Long[]::new);
    }
  }

  /// As whom this person is known now.
  Optional<Long> known(Sql sql, long person) {
    return sql.row(
            """
            WITH RECURSIVE one AS (
              SELECT id, merged_into FROM person WHERE id = $1
              UNION
              SELECT p.id, p.merged_into FROM one JOIN person p ON p.id = one.merged_into
            )
            SELECT id FROM one WHERE merged_into IS NULL
            """,
            person)
        .map(row -> row.getLong("id"));
  }

  Optional<Long> ofCase(Sql sql, String number) {
    return sql.row("SELECT person_id FROM case_key WHERE number = $1", number)
        .map(row -> row.getLong("person_id"));
  }

  Scope scope(Sql sql, long person) {
    List<Long> people =
        ids(
            sql,
            """
            WITH RECURSIVE one AS (
              SELECT $1::bigint AS id
              UNION
              SELECT m.gone_id FROM one
                JOIN person_merge m ON m.kept_id = one.id AND m.undone_at IS NULL
            )
            SELECT id FROM one ORDER BY id
            """,
            person);
    Long[] all = people.toArray(Long[]::new);
    return new Scope(
        people,
        ids(sql, "SELECT id FROM address WHERE person_id = ANY($1::bigint[]) ORDER BY id", all),
        ids(
            sql,
            "SELECT case_id AS id FROM case_key WHERE person_id = ANY($1::bigint[]) ORDER BY case_id",
            all),
        ids(
            sql,
            """
            WITH spoken AS (
              SELECT c.id, c.message_ids, c.address_id, c.opened_at
                FROM case_key k JOIN "case" c ON c.id = k.case_id
               WHERE k.person_id = ANY($1::bigint[]) AND c.consent_id IS NOT NULL
            )
            SELECT unnest(message_ids) AS id FROM spoken
            UNION
            SELECT x.id FROM spoken s JOIN message x ON x.case_id = s.id
            UNION
            SELECT x.id FROM spoken s JOIN message x ON x.address_id = s.address_id
             WHERE x.id >= s.message_ids[1] AND %s
            ORDER BY id
            """
                .formatted(ThreadStore.OF_CASE),
            all));
  }

  private static List<Long> ids(Sql sql, String statement, Object parameter) {
    return sql.rows(statement, parameter).stream().map(row -> row.getLong("id")).toList();
  }

  void lockPeople(Tx tx, List<Long> people) {
    var _ =
        tx.rows(
            "SELECT id FROM person WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",
            (Object) people.toArray(Long[]::new));
  }

  void lockCases(Tx tx, List<Long> cases) {
    var _ =
        tx.rows(
            "SELECT id FROM \"case\" WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",
            (Object) cases.toArray(Long[]::new));
  }

  /// Whoever told something for them is not talked with about it any more, at any address of
  /// theirs.
  void handBack(Tx tx, List<Long> cases) {
    tx.execute(
        """
        UPDATE conversation
           SET held_by = 'bot', case_id = NULL, state = state - 'person' - 'choices' - 'waiting'
         WHERE case_id = ANY($1::bigint[])
           AND address_id IN (
                 SELECT address_id FROM "case" WHERE id = ANY($1::bigint[]) AND consent_id IS NOT NULL
                  UNION
                 SELECT a.id
                   FROM "case" s
                   JOIN consent k ON k.first_id = s.consent_id
                   JOIN address a ON a.person_id = person_now(k.actor_id)
                  WHERE s.id = ANY($1::bigint[]))
        """,
        (Object) cases.toArray(Long[]::new));
  }

  /// When the last message came that the platform may still repeat.
  Optional<Instant> lastReceived(Sql sql, List<Long> addresses) {
    return Optional.ofNullable(
            sql.one(
                    "SELECT max(received_at) AS at FROM receipt WHERE address_id = ANY($1::bigint[])",
                    (Object) addresses.toArray(Long[]::new))
                .getOffsetDateTime("at"))
        .map(OffsetDateTime::toInstant);
  }

  /// How many rows of each table are theirs.
  Map<String, Long> counts(Sql sql, Scope scope) {
    var counts = new LinkedHashMap<String, Long>();
    for (Held each : PersonalTables.HELD) {
      long rows =
          sql.one(
                  "SELECT count(*) AS n FROM %s WHERE %s".formatted(each.table(), each.where()),
                  (Object) scope.of(each.by()))
              .getLong("n");
      counts.merge(each.table().replace("\"", ""), rows, Long::sum);
    }
    return counts;
  }

  long openCases(Sql sql, Scope scope) {
    return sql.one(
            """
            SELECT count(*) AS n FROM "case"
             WHERE id = ANY($1::bigint[]) AND closed_at IS NULL
            """,
            (Object) scope.of(By.CASE))
        .getLong("n");
  }

  /// @return how many rows changed or went
  long erase(Tx tx, Scope scope) {
    List<Buffer> pictures =
        tx
            .rows(
                """
                SELECT digest FROM attachment
                 WHERE address_id = ANY($1::bigint[]) AND digest IS NOT NULL
                 UNION
                SELECT digest FROM case_photo WHERE case_id = ANY($2::bigint[])
                UNION
                SELECT digest FROM enclosure WHERE case_id = ANY($2::bigint[])
                UNION
                SELECT s.digest FROM box_slip s JOIN box_slip_case k ON k.slip_id = s.id
                 WHERE k.case_id = ANY($2::bigint[]) AND s.digest IS NOT NULL
                UNION
                SELECT digest FROM attachment
                 WHERE message_id = ANY($3::bigint[]) AND digest IS NOT NULL
                UNION
                SELECT digest FROM attachment
                 WHERE digest IS NOT NULL AND message_id IN (%s)
                """
                    .formatted(PersonalTables.SENT_FOR_CASE.replace("$1", "$2")),
                scope.of(By.ADDRESS),
                scope.of(By.CASE),
                scope.of(By.MESSAGE))
            .stream()
            .map(row -> row.getBuffer("digest"))
            .toList();
    long rows =
        tx.execute(
            """
            DELETE FROM consent_code c USING consent k
             WHERE k.id = c.consent_id AND k.giver_id = ANY($1::bigint[])
            """,
            (Object) scope.of(By.PERSON));
    // What was read back to whoever told something for them.
    rows +=
        tx.execute(
            """
            UPDATE receipt r SET reply = NULL, carried = 0
              FROM "case" s
             WHERE s.id = ANY($1::bigint[]) AND s.consent_id IS NOT NULL
               AND r.address_id = s.address_id AND r.received_at BETWEEN s.said_at AND s.opened_at
            """,
            (Object) scope.of(By.CASE));
    for (Held each : PersonalTables.HELD) {
      String where = " WHERE " + each.where();
      String statement =
          each.erase().equals("DELETE")
              ? "DELETE FROM " + each.table() + where
              : "UPDATE " + each.table() + " SET " + each.erase() + where;
      rows += tx.execute(statement, (Object) scope.of(each.by()));
    }
    if (!pictures.isEmpty()) {
      rows +=
          tx.execute(
              """
              DELETE FROM blob b
               WHERE b.digest = ANY($1)
                 AND NOT EXISTS (SELECT FROM attachment WHERE digest = b.digest)
                 AND NOT EXISTS (SELECT FROM case_photo WHERE digest = b.digest)
                 AND NOT EXISTS (SELECT FROM enclosure WHERE digest = b.digest)
                 AND NOT EXISTS (SELECT FROM box_slip WHERE digest = b.digest)
              """,
              (Object) pictures.toArray(Buffer[]::new));
    }
    return rows;
  }

  // What is handed out.

  /// The rows of one kind, as JSON. Sealed columns are not in it, nor what only opens pages.
  List<String> json(Sql sql, String statement, Scope scope, By by) {
    return sql.rows(statement, (Object) scope.of(by)).stream()
        .map(row -> row.getString("json"))
        .toList();
  }

  /// One part of the export.
  record Part(String name, By by, String statement) {}

  /// Its name in the export, with the ending that it was given when it was looked at, so that
  /// documents open.
  private static final String ENCLOSURE_FILE =
      "'enclosures/' || e.id || coalesce(substring(e.name from '\\.[A-Za-z0-9]{1,8}$'), '')";

  /// The same of what came in; pictures and voices from a chat have no name.
  private static final String ATTACHMENT_FILE =
      "'attachments/' || t.id || coalesce(substring(t.name from '\\.[A-Za-z0-9]{1,8}$'), '')";

  static final List<Part> PARTS =
      List.of(
          new Part(
              "profile",
              By.PERSON,
              """
              SELECT jsonb_build_object('person', p.id, 'language', p.language, 'called', p.called,
                       'home', t.name, 'since', p.created_at,
                       'phone_verified_at', v.at, 'phone_verified_by', s.name)::text AS json
                FROM person p
                LEFT JOIN territory t ON t.id = p.home_id
                LEFT JOIN phone_verification v ON v.person_id = p.id
                LEFT JOIN staff s ON s.id = v.staff_id
               WHERE p.id = ANY($1::bigint[]) ORDER BY p.id
              """),
          new Part(
              "addresses",
              By.ADDRESS,
              """
              SELECT jsonb_build_object('address', a.id, 'channel', a.channel, 'account', a.account,
                       'id', a.external_id, 'follows', a.follows, 'since', a.created_at,
                       'chosen_at', a.chosen_at, 'last_heard', c.last_heard,
                       'state', c.state,
                       'notices', (SELECT jsonb_object_agg(template, coalesce(left_over::text, 'standing'))
                                     FROM subscription WHERE address_id = a.id))::text AS json
                FROM address a LEFT JOIN conversation c ON c.address_id = a.id
               WHERE a.id = ANY($1::bigint[]) ORDER BY a.id
              """),
          new Part(
              "messages",
              By.ADDRESS,
              """
              SELECT jsonb_build_object('message', m.id, 'address', m.address_id, 'at', m.at,
                       'said_by', m.said_by, 'staff', s.name, 'case', k.number,
                       'content', m.content, 'heard_as', h.transcript)::text AS json
                FROM message m
                LEFT JOIN staff s ON s.id = m.staff_id
                LEFT JOIN "case" k ON k.id = m.case_id
                LEFT JOIN hearing h ON h.message_id = m.id
               WHERE m.address_id = ANY($1::bigint[]) ORDER BY m.id
              """),
          new Part(
              "receipts",
              By.ADDRESS,
              """
              SELECT jsonb_build_object('address', r.address_id, 'id', r.external_id,
                       'at', r.received_at, 'reply', r.reply)::text AS json
                FROM receipt r WHERE r.address_id = ANY($1::bigint[]) ORDER BY r.received_at
              """),
          new Part(
              "sent",
              By.ADDRESS,
              """
              SELECT jsonb_build_object('address', o.address_id, 'message', o.message_id,
                       'at', o.created_at, 'text', o.text, 'state', o.state,
                       'reason', o.reason, 'notice', n.notice)::text AS json
                FROM outbound o LEFT JOIN outbound_notice n ON n.outbound_id = o.id
               WHERE o.address_id = ANY($1::bigint[]) ORDER BY o.id
              """),
          new Part(
              "attachments",
              By.ADDRESS,
              """
              SELECT jsonb_build_object('message', t.message_id, 'kind', t.kind, 'state', t.state,
                       'name', t.name,
                       'file', CASE WHEN t.digest IS NOT NULL THEN %s END)::text AS json
                FROM attachment t WHERE t.address_id = ANY($1::bigint[]) ORDER BY t.id
              """
                  .formatted(ATTACHMENT_FILE)),
          // Also by whoever acted for them, at an address of their own.
          new Part(
              "handed_in",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', h.at, 'message', h.message_id,
                       'by_relative', h.consent_id IS NOT NULL, 'kind', t.kind, 'name', t.name,
                       'file', %s)::text AS json
                FROM handed_in h JOIN "case" c ON c.id = h.case_id
                JOIN attachment t ON t.message_id = h.message_id AND t.digest IS NOT NULL
               WHERE h.case_id = ANY($1::bigint[]) ORDER BY h.message_id
              """
                  .formatted(ATTACHMENT_FILE)),
          new Part(
              "cases",
              By.CASE,
              """
              SELECT jsonb_build_object('number', c.number, 'state', c.state, 'title', c.title,
                       'what', c.what, 'place', c.place, 'territory', t.name,
                       'category', g.name_zh, 'desk', d.name, 'staff', s.name,
                       'said_at', c.said_at, 'opened_at', c.opened_at, 'closed_at', c.closed_at,
                       'confidential', c.confidential, 'messages', to_jsonb(c.message_ids),
                       'spoken_by', k.kinship)::text AS json
                FROM "case" c
                JOIN territory t ON t.id = c.territory_id
                JOIN desk d ON d.id = c.desk_id
                LEFT JOIN staff s ON s.id = c.staff_id
                LEFT JOIN category g ON g.code = c.category_code
                LEFT JOIN consent k ON k.id = c.consent_id
               WHERE c.id = ANY($1::bigint[]) ORDER BY c.id
              """),
          // The other of the two as they were named to this one, and what each told the other of
          // themselves by it; nothing else of them.
          new Part(
              "consents_given",
              By.PERSON,
              """
              SELECT jsonb_build_object('consent', k.id, 'kinship', k.kinship, 'how', k.how,
                       'recorded_by', s.name, 'sees_all', k.sees_all, 'given_at', k.given_at,
                       'taken_at', k.taken_at, 'until', k.until, 'ended_at', k.ended_at,
                       'ended_by', k.ended_by)::text AS json
                FROM consent k LEFT JOIN staff s ON s.id = k.staff_id
               WHERE k.giver_id = ANY($1::bigint[]) ORDER BY k.id
              """),
          new Part(
              "consents_taken",
              By.PERSON,
              """
              SELECT jsonb_build_object('consent', k.id, 'kinship', k.kinship,
                       'sees_all', k.sees_all, 'taken_at', k.taken_at, 'until', k.until,
                       'ended_at', k.ended_at, 'ended_by', k.ended_by,
                       'cases', (SELECT jsonb_agg(c.number ORDER BY c.id) FROM "case" c
                                  WHERE c.consent_id = k.first_id))::text AS json
                FROM consent k WHERE k.actor_id = ANY($1::bigint[]) ORDER BY k.id
              """),
          // What staff were told of this one, who has not said yes to it: by whom is not theirs to
          // know before.
          new Part(
              "consents_meant",
              By.PERSON,
              """
              SELECT jsonb_build_object('consent', k.id, 'kinship', k.kinship, 'how', k.how,
                       'recorded_by', s.name, 'given_at', k.given_at, 'until', k.until,
                       'ended_at', k.ended_at, 'ended_by', k.ended_by)::text AS json
                FROM consent k LEFT JOIN staff s ON s.id = k.staff_id
               WHERE k.meant_for_id = ANY($1::bigint[]) AND k.actor_id IS NULL ORDER BY k.id
              """),
          new Part(
              "answers",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', a.at, 'staff', s.name,
                       'text', a.text)::text AS json
                FROM case_answer a JOIN "case" c ON c.id = a.case_id JOIN staff s ON s.id = a.staff_id
               WHERE a.case_id = ANY($1::bigint[]) ORDER BY a.id
              """),
          new Part(
              "return_visits",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'begun_at', v.begun_at, 'solved', v.solved,
                       'satisfied', v.satisfied, 'contacted', v.contacted, 'words', v.words,
                       'rated_at', v.rated_at, 'heard_by', s.name, 'outcome', v.outcome,
                       'ended_at', v.ended_at)::text AS json
                FROM return_visit v JOIN "case" c ON c.id = v.case_id
                LEFT JOIN staff s ON s.id = v.staff_id
               WHERE v.case_id = ANY($1::bigint[]) ORDER BY v.id
              """),
          // What waits beside a draft is not sent, and the writer's alone.
          new Part(
              "enclosures",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', a.at, 'staff', s.name,
                       'kind', e.kind, 'name', e.name, 'file', %s)::text AS json
                FROM enclosure e JOIN case_answer a ON a.id = e.answer_id
                JOIN "case" c ON c.id = e.case_id JOIN staff s ON s.id = e.staff_id
               WHERE e.case_id = ANY($1::bigint[]) ORDER BY e.id
              """
                  .formatted(ENCLOSURE_FILE)),
          new Part(
              "notes",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', n.at, 'staff', s.name,
                       'text', n.text)::text AS json
                FROM case_note n JOIN "case" c ON c.id = n.case_id JOIN staff s ON s.id = n.staff_id
               WHERE n.case_id = ANY($1::bigint[]) ORDER BY n.id
              """),
          new Part(
              "examples",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'proposed_at', e.proposed_at, 'staff', s.name,
                       'title', e.title, 'told', e.told, 'done', e.done, 'state', e.state, 'asked_at', e.told_at,
                       'published_at', e.published_at, 'ended_at', e.ended_at)::text AS json
                FROM case_example e JOIN "case" c ON c.id = e.case_id JOIN staff s ON s.id = e.proposed_by
               WHERE e.case_id = ANY($1::bigint[]) ORDER BY e.id
              """),
          new Part(
              "photos",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'note', p.note_id, 'taken_at', p.taken_at,
                       'staff', s.name, 'latitude', p.latitude, 'longitude', p.longitude,
                       'file', 'photos/' || p.id)::text AS json
                FROM case_photo p JOIN "case" c ON c.id = p.case_id
                JOIN case_note n ON n.id = p.note_id JOIN staff s ON s.id = n.staff_id
               WHERE p.case_id = ANY($1::bigint[]) ORDER BY p.id
              """),
          // What they, or whoever wrote for them, put into a box.
          new Part(
              "slips",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'taken_at', s.taken_at, 'set_aside', s.set_aside,
                       'file', CASE WHEN s.digest IS NOT NULL THEN 'slips/' || s.id END)::text AS json
                FROM box_slip s JOIN box_slip_case k ON k.slip_id = s.id
                JOIN "case" c ON c.id = k.case_id
               WHERE k.case_id = ANY($1::bigint[]) ORDER BY s.id
              """),
          // Where they opened their door and told something. Doors without a case have no name.
          new Part(
              "visits",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', d.at, 'door', d.label, 'state', d.state,
                       'purpose', r.purpose, 'note', d.note)::text AS json
                FROM visit_door d JOIN visit_door_case k ON k.door_id = d.id
                JOIN visit_round r ON r.id = d.round_id JOIN "case" c ON c.id = k.case_id
               WHERE k.case_id = ANY($1::bigint[]) ORDER BY d.id
              """),
          // The unit answers for it, not whoever of it looked.
          new Part(
              "looks",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', k.at, 'unit', t.name,
                       'reason', k.reason, 'text', k.words)::text AS json
                FROM look_outside k JOIN "case" c ON c.id = k.case_id
                JOIN territory t ON t.id = k.unit_id
               WHERE k.case_id = ANY($1::bigint[]) ORDER BY k.id
              """),
          new Part(
              "holdings",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'from', lower(h.during),
                       'to', upper(h.during), 'desk', d.name, 'staff', s.name,
                       'reason', h.reason)::text AS json
                FROM holding h JOIN "case" c ON c.id = h.case_id JOIN desk d ON d.id = h.desk_id
                LEFT JOIN staff s ON s.id = h.staff_id
               WHERE h.case_id = ANY($1::bigint[]) ORDER BY h.id
              """),
          new Part(
              "shift_lines",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'at', h.handed_at, 'staff', s.name,
                       'text', l.comment)::text AS json
                FROM shift_line l JOIN shift h ON h.id = l.shift_id
                JOIN "case" c ON c.id = l.case_id JOIN staff s ON s.id = h.from_id
               WHERE l.case_id = ANY($1::bigint[]) AND l.comment IS NOT NULL
               ORDER BY l.shift_id, l.place
              """),
          new Part(
              "alarms",
              By.CASE,
              """
              SELECT jsonb_build_object('case', c.number, 'kind', a.kind, 'rung_at', a.rung_at,
                       'acknowledged_at', a.acknowledged_at, 'by', s.name)::text AS json
                FROM alarm a JOIN "case" c ON c.id = a.case_id
                LEFT JOIN staff s ON s.id = a.acknowledged_by
               WHERE a.case_id = ANY($1::bigint[]) ORDER BY a.id
              """),
          new Part(
              "merges",
              By.PERSON,
              """
              SELECT jsonb_build_object('kept', m.kept_id, 'gone', m.gone_id, 'at', m.at,
                       'staff', s.name, 'reason', m.reason, 'undone_at', m.undone_at,
                       'undone_by', u.name)::text AS json
                FROM person_merge m LEFT JOIN staff s ON s.id = m.staff_id
                LEFT JOIN staff u ON u.id = m.undone_by
               WHERE m.kept_id = ANY($1::bigint[]) OR m.gone_id = ANY($1::bigint[]) ORDER BY m.id
              """),
          // What the audit knows of the person it knows by the numbers of their cases.
          new Part(
              "audit",
              By.CASE,
              """
              SELECT jsonb_build_object('at', e.at, 'what', e.what, 'staff', s.name,
                       'case', e.details::jsonb ->> 'case')::text AS json
                FROM audit_entry e LEFT JOIN staff s ON s.id = e.staff_id
               WHERE e.what IN ('people_joined', 'people_parted', 'phone_verified', 'person_compared',
                                'person_sought', 'consents_seen', 'consent_recorded', 'consent_ended',
                                'consent_renewed', 'consent_code_drawn')
                 AND EXISTS (
                       SELECT FROM "case" c WHERE c.id = ANY($1::bigint[])
                          AND c.number IN (e.details::jsonb ->> 'case', e.details::jsonb ->> 'other'))
               ORDER BY e.id
              """),
          // And by their own number, whoever handed all of it out.
          new Part(
              "exports",
              By.PERSON,
              """
              SELECT jsonb_build_object('at', e.at, 'by', e.by_kind, 'from', e.address)::text AS json
                FROM audit_entry e
               WHERE e.what = 'person_exported'
                 AND e.details::jsonb ->> 'person' = ANY(($1::bigint[])::text[])
               ORDER BY e.id
              """));

  /// @param file its name in the export
  record Picture(String file, Buffer digest, String type) {}

  List<Picture> pictures(Sql sql, Scope scope) {
    var found = new ArrayList<Picture>();
    for (Row row :
        sql.rows(
            """
            SELECT %2$s AS file, t.digest, b.type
              FROM attachment t JOIN blob b ON b.digest = t.digest
             WHERE t.address_id = ANY($1::bigint[])
             UNION
            SELECT %2$s, t.digest, b.type
              FROM handed_in h JOIN attachment t ON t.message_id = h.message_id
              JOIN blob b ON b.digest = t.digest
             WHERE h.case_id = ANY($2::bigint[])
             UNION ALL
            SELECT 'photos/' || p.id, p.digest, b.type
              FROM case_photo p JOIN blob b ON b.digest = p.digest
             WHERE p.case_id = ANY($2::bigint[])
             UNION
            SELECT 'slips/' || s.id, s.digest, b.type
              FROM box_slip s JOIN box_slip_case k ON k.slip_id = s.id
              JOIN blob b ON b.digest = s.digest
             WHERE k.case_id = ANY($2::bigint[])
             UNION ALL
            SELECT %1$s, e.digest, b.type
              FROM enclosure e JOIN blob b ON b.digest = e.digest
             WHERE e.case_id = ANY($2::bigint[]) AND e.answer_id IS NOT NULL
             ORDER BY file
            """
                .formatted(ENCLOSURE_FILE, ATTACHMENT_FILE),
            scope.of(By.ADDRESS),
            scope.of(By.CASE))) {
      found.add(new Picture(row.getString("file"), row.getBuffer("digest"), row.getString("type")));
    }
    return found;
  }
}
