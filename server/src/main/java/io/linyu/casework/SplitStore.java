package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which cases were told in one message. Whoever writes holds the row locks of all of them.
final class SplitStore {
  private final CaseStore cases = new CaseStore();

  void splitOff(Tx tx, CaseId id, CaseId from) {
    tx.execute("UPDATE \"case\" SET split_from_id = $2 WHERE id = $1", id.value(), from.value());
  }

  void call(Tx tx, CaseId id, String title) {
    tx.execute("UPDATE \"case\" SET title = $2 WHERE id = $1", id.value(), title);
  }

  /// What has never been: nobody's, with none of their words.
  void forget(Tx tx, CaseId id) {
    tx.execute(
        """
        UPDATE "case"
           SET split_from_id = NULL, person_id = NULL, address_id = NULL, consent_id = NULL, speaker_code = NULL,
               message_ids = '{}', what = '', place = NULL, suspected = NULL, salt = NULL,
               title = coalesce((SELECT name_zh FROM category WHERE code = category_code), '—')
         WHERE id = $1
        """,
        id.value());
  }

  /// In which messages it was told.
  List<Long> messages(Sql sql, CaseId id) {
    return List.of(
        sql.one("SELECT message_ids FROM \"case\" WHERE id = $1", id.value())
            .getArrayOfLongs("message_ids"));
  }

  Optional<CaseId> from(Sql sql, CaseId id) {
    return sql.row(
            "SELECT split_from_id FROM \"case\" WHERE id = $1 AND split_from_id IS NOT NULL",
            id.value())
        .map(row -> new CaseId(row.getLong("split_from_id")));
  }

  /// What was split off it, oldest first: off its index.
  List<Case> parts(Sql sql, CaseId from) {
    List<CaseId> ids =
        sql
            .rows("SELECT id FROM \"case\" WHERE split_from_id = $1 ORDER BY id", from.value())
            .stream()
            .map(row -> new CaseId(row.getLong("id")))
            .toList();
    return ids.isEmpty()
        ? List.of()
        : cases.byIds(sql, ids).stream()
            .sorted(Comparator.comparingLong(each -> each.id().value()))
            .toList();
  }
}
