package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The words by which cases are found.
final class WordStore {
  /// More of one case makes nothing clearer.
  private static final int LONGEST = 20_000;

  void due(Tx tx, Collection<CaseId> cases, Instant at) {
    tx.execute(
        """
        INSERT INTO case_words_due (case_id, next_due_at)
        SELECT c, $2 FROM unnest($1::bigint[]) c ORDER BY c
        ON CONFLICT DO NOTHING
        """,
        cases.stream().map(CaseId::value).distinct().toArray(Long[]::new),
        at.atOffset(ZoneOffset.UTC));
  }

  /// Those that have waited longest, which nobody else takes until the transaction is over.
  List<Long> take(Tx tx, int most) {
    return take(tx, "case_words_due", most);
  }

  /// The same of those to which something was added.
  List<Long> takeAdded(Tx tx, int most) {
    return take(tx, "case_addition_due", most);
  }

  private static List<Long> take(Tx tx, String due, int most) {
    return tx
        .rows(
            """
            DELETE FROM %1$s
             WHERE case_id IN (SELECT case_id FROM %1$s
                                ORDER BY next_due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING case_id
            """
                .formatted(due),
            most)
        .stream()
        .map(row -> row.getLong("case_id"))
        .sorted()
        .toList();
  }

  List<Backlog> backlogs(Sql sql) {
    return List.of(
        backlog(sql, "case-words-due", "case_words_due"),
        backlog(sql, "case-additions-due", "case_addition_due"));
  }

  private static Backlog backlog(Sql sql, String name, String due) {
    Row row =
        sql.one(
            """
            SELECT count(*) AS n, min(next_due_at) AS oldest
              FROM (SELECT next_due_at FROM %s ORDER BY next_due_at LIMIT $1) due
            """
                .formatted(due),
            Backlog.COUNTED_AT_MOST);
    return Backlog.of(name, row.getLong("n"), row.getOffsetDateTime("oldest"));
  }

  /// @param cases one for each of the messages
  void added(Tx tx, List<CaseId> cases, List<Long> messages, Instant at) {
    Long[] ids = cases.stream().map(CaseId::value).toArray(Long[]::new);
    tx.execute(
        """
        INSERT INTO case_addition (case_id, message_id)
        SELECT DISTINCT c, m FROM unnest($1::bigint[], $2::bigint[]) AS a (c, m) ORDER BY c, m
        ON CONFLICT DO NOTHING
        """,
        ids,
        messages.toArray(Long[]::new));
    tx.execute(
        """
        INSERT INTO case_addition_due (case_id, next_due_at)
        SELECT DISTINCT c, $2::timestamptz FROM unnest($1::bigint[]) c ORDER BY c
        ON CONFLICT DO NOTHING
        """,
        ids,
        at.atOffset(ZoneOffset.UTC));
  }

  /// In which messages something was added to these cases, in the order in which it was said.
  Map<Long, List<Long>> added(Tx tx, List<Long> cases) {
    var messages = new HashMap<Long, List<Long>>();
    tx.rows(
            """
            SELECT case_id, message_id FROM case_addition
             WHERE case_id = ANY($1::bigint[]) ORDER BY case_id, message_id
            """,
            (Object) cases.toArray(Long[]::new))
        .forEach(row ->
            messages
                .computeIfAbsent(row.getLong("case_id"), _ -> new ArrayList<>())
                .add(row.getLong("message_id")));
    return messages;
  }

  /// From what is there now; rows that stay the same are not written.
  ///
  /// @param added what residents added, by case
  void write(Tx tx, List<Long> cases, Map<Long, String> added) {
    // The release before leaves them out without saying so, and what it wrote is written again.
    var _ = tx.rows("SELECT set_config('linyu.additions', 'known', true)");
    tx.execute(
        """
        INSERT INTO case_words (case_id, words, marks, open)
        SELECT c.id,
               lower(normalize(left(concat_ws(E'\\n',
                 c.title, c.what,
                 (SELECT string_agg(a.text, E'\\n' ORDER BY a.id) FROM case_answer a WHERE a.case_id = c.id),
                 (SELECT string_agg(n.text, E'\\n' ORDER BY n.id) FROM case_note n WHERE n.case_id = c.id),
                 c.place,
                 (SELECT string_agg(coalesce(x.estate, '') || x.name, ' ' ORDER BY length(x.path))
                    FROM territory x WHERE x.id = ANY (p.path) AND x.level <> 'district'),
                 k.name_zh, k.name_en, o.called,
                 -- Last, since it may be long.
                 nullif(due.added, '')), %d), NFKC)),
               ARRAY(SELECT 't' || n FROM unnest(p.path || c.grid_id) n WHERE n IS NOT NULL)
                 || CASE WHEN c.person_id IS NULL THEN '{}' ELSE ARRAY['p' || c.person_id] END
                 || CASE WHEN d.territory_id = c.community_id THEN '{}' ELSE ARRAY['d' || c.desk_id] END,
               c.closed_at IS NULL
          FROM unnest($1::bigint[], $2::text[]) AS due (id, added)
         CROSS JOIN LATERAL (SELECT * FROM "case" WHERE id = due.id LIMIT 1) c
         CROSS JOIN LATERAL (
               SELECT string_to_array(trim(BOTH '/' FROM c.territory_path), '/')::bigint[]) AS p (path)
          JOIN desk d ON d.id = c.desk_id
          LEFT JOIN category k ON k.code = c.category_code
          LEFT JOIN person o ON o.id = c.person_id
         ORDER BY c.id
        ON CONFLICT (case_id) DO UPDATE
           SET words = EXCLUDED.words, marks = EXCLUDED.marks, open = EXCLUDED.open
         WHERE (case_words.words, case_words.marks, case_words.open)
               IS DISTINCT FROM (EXCLUDED.words, EXCLUDED.marks, EXCLUDED.open)
        """
            .formatted(LONGEST),
        cases.toArray(Long[]::new),
        cases.stream().map(each -> added.getOrDefault(each, "")).toArray(String[]::new));
  }

  Map<Long, String> of(Sql sql, Collection<Long> cases) {
    var words = new HashMap<Long, String>();
    sql.rows(
            "SELECT case_id, words FROM case_words WHERE case_id = ANY($1)",
            (Object) cases.toArray(Long[]::new))
        .forEach(row -> words.put(row.getLong("case_id"), row.getString("words")));
    return words;
  }
}
