package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Example.State;
import io.linyu.casework.Example.Text;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is published of cases. Whoever writes holds the row lock of the case.
final class ExampleStore {
  private static final String EXAMPLE =
      """
      SELECT e.*, s.name AS proposed_by_name FROM case_example e JOIN staff s ON s.id = e.proposed_by
      """;

  /// What everybody may read. What was opened again, or turned out to be told in confidence or to
  /// be about staff, is not there.
  private static final String PUBLIC =
      """
      SELECT e.code, e.community_id, e.category_code, e.title, e.told, e.done, c.said_at, c.closed_at
        FROM case_example e JOIN "case" c ON c.id = e.case_id
       WHERE e.state = 'public' AND c.state IN ('CLOSED', 'ARCHIVED') AND NOT c.confidential
         AND c.let_go_at IS NULL AND NOT
      """
          + CaseStore.ABOUT_STAFF;

  private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");

  /// @param saidAt of its case
  /// @param closedAt likewise
  record Shown(
      String code, long community, String category, Text text, Instant saidAt, Instant closedAt) {}

  long add(
      Tx tx,
      CaseId id,
      String code,
      long community,
      String category,
      Text text,
      State state,
      long by,
      Instant at) {
    boolean asks = state == State.ASKED;
    return tx.one(
            """
            INSERT INTO case_example (case_id, code, community_id, category_code, title, told, done, state,
                                      proposed_by, proposed_at, published_at, next_due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            RETURNING id
            """,
            id.value(),
            code,
            community,
            category,
            text.title(),
            text.told(),
            text.done(),
            state.word(),
            by,
            at.atOffset(UTC),
            asks ? null : at.atOffset(UTC),
            asks ? at.atOffset(UTC) : null)
        .getLong("id");
  }

  void publish(Tx tx, long id, Instant at) {
    tx.execute(
        """
        UPDATE case_example SET state = 'public', published_at = $2, next_due_at = NULL WHERE id = $1
        """,
        id,
        at.atOffset(UTC));
  }

  void end(Tx tx, long id, State state, Instant at) {
    tx.execute(
        "UPDATE case_example SET state = $2, ended_at = $3, next_due_at = NULL WHERE id = $1",
        id,
        state.word(),
        at.atOffset(UTC));
  }

  /// They hear now that they are asked, and have until then.
  void told(Tx tx, long id, Instant at, Instant until) {
    tx.execute(
        "UPDATE case_example SET told_at = $2, next_due_at = $3 WHERE id = $1",
        id,
        at.atOffset(UTC),
        until.atOffset(UTC));
  }

  void dueAt(Tx tx, long id, Instant at) {
    tx.execute("UPDATE case_example SET next_due_at = $2 WHERE id = $1", id, at.atOffset(UTC));
  }

  /// The longest overdue first.
  List<CaseId> due(Sql sql, Instant now, int most) {
    return sql
        .rows(
            """
            SELECT case_id FROM case_example WHERE next_due_at <= $1 ORDER BY next_due_at LIMIT $2
            """,
            now.atOffset(UTC),
            most)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// The one that is due, once.
  boolean take(Tx tx, CaseId id, Instant now) {
    return tx.execute(
            """
            UPDATE case_example SET next_due_at = NULL
             WHERE case_id = $1 AND ended_at IS NULL AND next_due_at <= $2
            """,
            id.value(),
            now.atOffset(UTC))
        > 0;
  }

  /// All texts there were, the last first.
  List<Example> of(Sql sql, CaseId id) {
    return sql.rows(EXAMPLE + " WHERE e.case_id = $1 ORDER BY e.id DESC", id.value()).stream()
        .map(ExampleStore::read)
        .toList();
  }

  Optional<Example> last(Sql sql, CaseId id) {
    return sql.row(EXAMPLE + " WHERE e.case_id = $1 ORDER BY e.id DESC LIMIT 1", id.value())
        .map(ExampleStore::read);
  }

  // What everybody reads.

  /// The newest first.
  ///
  /// @param community null: of all
  /// @param after the code of the last of the page before; null, or none of ours: the first page
  List<Shown> shown(Sql sql, @Nullable Long community, @Nullable String after, int limit) {
    Optional<Row> place =
        after == null
            ? Optional.empty()
            : sql.row(
                "SELECT published_at, id FROM case_example WHERE code = $1 AND published_at IS NOT NULL",
                after);
    Object before = place.map(row -> instant(row, "published_at")).orElse(FAR).atOffset(UTC);
    Object id = place.map(row -> row.getLong("id")).orElse(Long.MAX_VALUE);
    String page =
        " AND (e.published_at, e.id) < ($1, $2) %s ORDER BY e.published_at DESC, e.id DESC LIMIT $3";
    List<Row> found =
        community == null
            ? sql.rows(PUBLIC + page.formatted(""), before, id, limit)
            : sql.rows(
                PUBLIC + page.formatted("AND e.community_id = $4"), before, id, limit, community);
    return found.stream().map(ExampleStore::shown).toList();
  }

  Optional<Shown> shown(Sql sql, String code) {
    return sql.row(PUBLIC + " AND e.code = $1", code).map(ExampleStore::shown);
  }

  /// Those of these of which something is published.
  Set<Long> published(Sql sql, Collection<Long> communities) {
    return sql
        .rows(
            """
            SELECT w.id FROM unnest($1::bigint[]) AS w (id)
             WHERE EXISTS (SELECT FROM case_example e WHERE e.community_id = w.id AND e.state = 'public')
            """,
            (Object) communities.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("id"))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Text text(Row row) {
    return new Text(row.getString("title"), row.getString("told"), row.getString("done"));
  }

  private static Shown shown(Row row) {
    return new Shown(
        row.getString("code"),
        row.getLong("community_id"),
        row.getString("category_code"),
        text(row),
        instant(row, "said_at"),
        instant(row, "closed_at"));
  }

  private static Example read(Row row) {
    return new Example(
        row.getLong("id"),
        row.getString("code"),
        new CaseId(row.getLong("case_id")),
        row.getLong("community_id"),
        row.getString("category_code"),
        text(row),
        State.of(row.getString("state")),
        row.getLong("proposed_by"),
        row.getString("proposed_by_name"),
        instant(row, "proposed_at"),
        maybeInstant(row, "told_at"),
        maybeInstant(row, "published_at"),
        maybeInstant(row, "ended_at"));
  }
}
