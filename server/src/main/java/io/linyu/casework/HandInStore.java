package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class HandInStore {
  /// @param consent by which somebody handed it in for the person; null: they did it themselves
  record HandedIn(CaseId of, long message, @Nullable Long consent, Instant at) {}

  /// A case, and what was said of it later and is kept apart.
  List<CaseId> withApart(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT $1::bigint AS id
             UNION ALL
            SELECT c.id FROM "case" c
             WHERE c.split_from_id = $1 AND %s
             ORDER BY id
            """
                .formatted(CaseStore.ABOUT_STAFF),
            id.value())
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

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

  /// The newest first. Each case has few: [HandIns#MOST_A_DAY] in a day, and no more than
  /// [HandIns#MOST] that were not taken back.
  List<HandedIn> of(Sql sql, List<CaseId> ids) {
    return sql
        .rows(
            """
            SELECT case_id, message_id, consent_id, at FROM handed_in WHERE case_id = ANY($1::bigint[])
             ORDER BY message_id DESC
            """,
            (Object) values(ids))
        .stream()
        .map(row ->
            new HandedIn(
                new CaseId(row.getLong("case_id")),
                row.getLong("message_id"),
                row.getLong("consent_id"),
                CaseStore.instant(row, "at")))
        .toList();
  }

  /// The messages that came under this key.
  Set<Long> under(Sql sql, List<CaseId> ids, String key) {
    return sql
        .rows(
            "SELECT message_id FROM handed_in WHERE case_id = ANY($1::bigint[]) AND key = $2",
            values(ids),
            key)
        .stream()
        .map(row -> row.getLong("message_id"))
        .collect(Collectors.toSet());
  }

  /// What was handed in with them goes along.
  void move(Tx tx, CaseId from, CaseId to) {
    tx.execute("UPDATE handed_in SET case_id = $2 WHERE case_id = $1", from.value(), to.value());
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

  /// All that came under one key came to one case.
  Optional<HandIns.Came> came(Sql sql, List<CaseId> ids, String key) {
    return sql.row(
            """
            SELECT case_id, count(*) AS n FROM handed_in
             WHERE case_id = ANY($1::bigint[]) AND key = $2
             GROUP BY case_id
             ORDER BY case_id DESC
             LIMIT 1
            """,
            values(ids),
            key)
        .map(row ->
            new HandIns.Came(
                Math.toIntExact(row.getLong("n")), new CaseId(row.getLong("case_id"))));
  }

  private static Long[] values(List<CaseId> ids) {
    return ids.stream().map(CaseId::value).toArray(Long[]::new);
  }
}
