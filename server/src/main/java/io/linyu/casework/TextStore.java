package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What staff wrote, in rows of their own: an event only names them, and they can be erased.
final class TextStore {
  long addAnswer(Tx tx, CaseId id, long staff, Instant at, String text) {
    return tx.one(
            """
            INSERT INTO case_answer (case_id, staff_id, at, text)
            VALUES ($1, $2, $3, $4)
            RETURNING id
            """,
            id.value(),
            staff,
            at.atOffset(UTC),
            text)
        .getLong("id");
  }

  private static final Bulk ADD_ANSWER =
      new Bulk(
          "id bigint, case_id bigint, staff_id bigint, at timestamptz, words text",
          """
          INSERT INTO case_answer (id, case_id, staff_id, at, text) OVERRIDING SYSTEM VALUE
          SELECT x.id, x.case_id, x.staff_id, x.at, x.words FROM %s
          """);

  /// The same under an id that was [drawn][CaseStore.Locked] for it, without waiting.
  void addAnswer(Tx tx, long drawn, CaseId id, long staff, Instant at, String text) {
    tx.tell(ADD_ANSWER, drawn, id.value(), staff, at.atOffset(UTC), text);
  }

  void forgetAnswer(Tx tx, long id) {
    tx.execute("DELETE FROM case_answer WHERE id = $1", id);
  }

  Optional<Answer> answer(Sql sql, long id) {
    return sql.row(
            """
            SELECT a.id, a.case_id, a.staff_id, s.name AS staff_name, a.at, a.text
              FROM case_answer a JOIN staff s ON s.id = a.staff_id
             WHERE a.id = $1
            """,
            id)
        .map(TextStore::answer);
  }

  List<Answer> answers(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT a.id, a.case_id, a.staff_id, s.name AS staff_name, a.at, a.text
              FROM case_answer a JOIN staff s ON s.id = a.staff_id
             WHERE a.case_id = $1
             ORDER BY a.id
            """,
            id.value())
        .stream()
        .map(TextStore::answer)
        .toList();
  }

  long addNote(
      Tx tx, CaseId id, long staff, Instant at, String text, List<Long> pictures, boolean spoken) {
    return tx.one(
            """
            INSERT INTO case_note (case_id, staff_id, at, text, message_ids, spoken)
            VALUES ($1, $2, $3, $4, nullif($5::bigint[], '{}'), $6)
            RETURNING id
            """,
            id.value(),
            staff,
            at.atOffset(UTC),
            text,
            pictures.toArray(Long[]::new),
            spoken)
        .getLong("id");
  }

  /// The row stays, since an event names it.
  void emptyNote(Tx tx, long id) {
    tx.execute(
        "UPDATE case_note SET text = '', message_ids = NULL, spoken = false WHERE id = $1", id);
  }

  /// Empty once erased.
  String noteText(Sql sql, long id) {
    return sql.one("SELECT text FROM case_note WHERE id = $1", id).getString("text");
  }

  List<Note> notes(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT n.id, n.staff_id, s.name AS staff_name, n.at, n.text,
                   coalesce(n.message_ids, '{}') AS message_ids, n.spoken
              FROM case_note n JOIN staff s ON s.id = n.staff_id
             WHERE n.case_id = $1
             ORDER BY n.id
            """,
            id.value())
        .stream()
        .map(row ->
            new Note(
                row.getLong("id"),
                row.getLong("staff_id"),
                row.getString("staff_name"),
                instant(row, "at"),
                row.getString("text"),
                List.of(row.getArrayOfLongs("message_ids")),
                row.getBoolean("spoken")))
        .toList();
  }

  private static Answer answer(Row row) {
    return new Answer(
        row.getLong("id"),
        new CaseId(row.getLong("case_id")),
        row.getLong("staff_id"),
        row.getString("staff_name"),
        instant(row, "at"),
        row.getString("text"));
  }
}
