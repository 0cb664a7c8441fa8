package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class HandInStore {
  /// @param consent by which somebody handed it in for the person; null: they did it themselves
  record HandedIn(long message, @Nullable Long consent, Instant at) {}

  void insert(
      Tx tx, CaseId id, List<Long> messages, @Nullable Long consent, String key, Instant at) {
    tx.execute(
        """
        INSERT INTO handed_in (message_id, case_id, consent_id, key, at)
        SELECT m, $1, $3, $4, $5 FROM unnest($2::bigint[]) AS n (m)
        """,
        id.value(),
        messages.toArray(Long[]::new),
        consent,
        key,
        at.atOffset(ZoneOffset.UTC));
  }

  /// The newest first. A case has few: [HandIns#MOST_A_DAY] in a day, and no more than
  /// [HandIns#MOST] that were not taken back.
  List<HandedIn> of(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT message_id, consent_id, at FROM handed_in WHERE case_id = $1
             ORDER BY message_id DESC
            """,
            id.value())
        .stream()
        .map(row ->
            new HandedIn(
                row.getLong("message_id"), row.getLong("consent_id"), CaseStore.instant(row, "at")))
        .toList();
  }

  /// The messages that came under this key.
  Set<Long> under(Sql sql, CaseId id, String key) {
    return sql
        .rows("SELECT message_id FROM handed_in WHERE case_id = $1 AND key = $2", id.value(), key)
        .stream()
        .map(row -> row.getLong("message_id"))
        .collect(Collectors.toSet());
  }

  /// They came again, under another key, by which they are known now.
  void rename(Tx tx, List<Long> messages, String key) {
    if (!messages.isEmpty()) {
      tx.execute(
          "UPDATE handed_in SET key = $2 WHERE message_id = ANY($1::bigint[])",
          messages.toArray(Long[]::new),
          key);
    }
  }

  int countOf(Sql sql, CaseId id, String key) {
    return Math.toIntExact(
        sql.one(
                "SELECT count(*) AS n FROM handed_in WHERE case_id = $1 AND key = $2",
                id.value(),
                key)
            .getLong("n"));
  }
}
