package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Archiving.Lack;
import io.linyu.casework.Archiving.Lacking;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// When what is closed is to be filed away. A trigger of the database begins and ends each row, as
/// the case is closed, opened again or filed away.
final class ArchiveStore {
  /// It is not closed any more.
  void drop(Tx tx, CaseId id) {
    tx.execute("DELETE FROM case_archive WHERE case_id = $1", id.value());
  }

  /// Not before then.
  void lookAgain(Tx tx, CaseId id, Instant at) {
    tx.execute(
        "UPDATE case_archive SET next_due_at = $2 WHERE case_id = $1",
        id.value(),
        at.atOffset(UTC));
  }

  /// The same, since this lacks; since when is not said anew.
  void lacks(Tx tx, CaseId id, Collection<Lack> lacks, Instant now, Instant next) {
    tx.execute(
        """
        UPDATE case_archive
           SET missing = $2, missing_since = coalesce(missing_since, $3), next_due_at = $4
         WHERE case_id = $1
        """,
        id.value(),
        lacks.stream().map(Lack::word).toArray(String[]::new),
        now.atOffset(UTC),
        next.atOffset(UTC));
  }

  /// Of these cases those in which the words are kept that the resident was told at last, or which
  /// have been erased with all that was said.
  ///
  /// @param words the answer of each
  Set<CaseId> withWords(Sql sql, Map<CaseId, Long> words) {
    return sql
        .rows(
            """
            SELECT c.id FROM unnest($1::bigint[], $2::bigint[]) AS w (case_id, answer_id)
              JOIN "case" c ON c.id = w.case_id
              LEFT JOIN case_answer a ON a.id = w.answer_id AND a.case_id = c.id
             WHERE c.salt IS NULL OR a.text <> ''
            """,
            words.keySet().stream().map(CaseId::value).toArray(Long[]::new),
            words.values().toArray(Long[]::new))
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// What is not whole, of what they may see, the newest first.
  ///
  /// @param before where the page before ended; null: the first
  List<Lacking> lacking(
      Sql sql, Staff staff, Scope scope, Archiving.@Nullable Place before, int limit) {
    return sql
        .rows(
            """
            SELECT c.id, c.code, case_number(c.number, c.round) AS number, c.title, c.closed_at,
                   d.name AS desk_name, w.missing, w.missing_since, c.confidential AND is_quiet(c.id) AS quiet
              FROM case_archive w
              JOIN "case" c ON c.id = w.case_id
              JOIN desk d ON d.id = c.desk_id
             WHERE w.missing IS NOT NULL AND (w.missing_since, w.case_id) < ($1, $7) AND
            """
                + CaseStore.VISIBLE
                + " ORDER BY w.missing_since DESC, w.case_id DESC LIMIT $8",
            (before == null ? FAR : before.since()).atOffset(UTC),
            CaseStore.desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            before == null ? Long.MAX_VALUE : before.id(),
            limit)
        .stream()
        .map(row ->
            new Lacking(
                new CaseId(row.getLong("id")),
                row.getString("code"),
                row.getString("number"),
                row.getString("title"),
                row.getBoolean("quiet"),
                row.getString("desk_name"),
                instant(row, "closed_at"),
                instant(row, "missing_since"),
                Arrays.stream(row.getArrayOfStrings("missing")).map(Lack::of).toList()))
        .toList();
  }

  /// What one lacks, if it is not whole.
  List<Lack> lacks(Sql sql, CaseId id) {
    return sql.row("SELECT missing FROM case_archive WHERE case_id = $1", id.value())
        .map(row -> row.getArrayOfStrings("missing"))
        .map(each -> Arrays.stream(each).map(Lack::of).toList())
        .orElse(List.of());
  }

  private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");
}
