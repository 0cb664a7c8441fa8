package io.linyu.cli.bench;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;

/// What is worth looking at among so many.
final class DataStore {
  /// Somebody who can come in.
  record Worker(long id, String code, int credentials) {}

  Optional<Worker> worker(Sql sql, String role, String path) {
    return sql.row(
            """
            SELECT s.id, s.code, s.credential_version FROM staff s JOIN territory t ON t.id = s.territory_id
             WHERE s.role = $1 AND starts_with(t.path, $2) AND s.active
             ORDER BY t.path, s.code LIMIT 1
            """,
            role,
            path)
        .map(DataStore::worker);
  }

  private static Worker worker(Row row) {
    return new Worker(
        row.getLong("id"), row.getString("code"), row.getInteger("credential_version"));
  }

  /// Who sees what lies in the first of these, by their roles.
  List<Worker> lookingAfter(Sql sql, List<Long> territories) {
    return sql
        .rows(
            """
            SELECT id, code, credential_version FROM staff
             WHERE territory_id = ANY($1) AND active AND employment = 'full_time'
               AND role IN ('district_dispatcher', 'district_inspector', 'street_dispatcher',
                            'street_supervisor', 'community_secretary', 'community_deputy',
                            'info_officer')
             ORDER BY id
            """,
            (Object) territories.toArray(Long[]::new))
        .stream()
        .map(DataStore::worker)
        .toList();
  }

  /// Codes of cases there that are open, or closed, spread over all of them.
  List<String> cases(Sql sql, long community, boolean open, int many) {
    return sql
        .rows(
            """
            SELECT code FROM (
                   SELECT code, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all_there
                     FROM "case" WHERE community_id = $1 AND (closed_at IS NULL) = $2) c
             WHERE n % greatest(all_there / $3, 1) = 0
            """,
            community, open, many)
        .stream()
        .map(row -> row.getString("code"))
        .toList();
  }

  /// Codes of the cases of one person.
  List<String> casesOf(Sql sql, long person) {
    return sql
        .rows(
            "SELECT code FROM case_key WHERE person_id = $1 ORDER BY case_id DESC LIMIT 20", person)
        .stream()
        .map(row -> row.getString("code"))
        .toList();
  }

  /// The address of a conversation with many lines, and of others.
  List<String> addresses(Sql sql, long first, int many) {
    return sql
        .rows("SELECT code FROM address WHERE id >= $1 ORDER BY id LIMIT $2", first, many)
        .stream()
        .map(row -> row.getString("code"))
        .toList();
  }

  /// Numbers of cases, spread over all of them.
  List<String> numbers(Sql sql, int many) {
    return sql
        .rows(
            """
            SELECT number FROM "case"
             WHERE id IN (SELECT (random() * (SELECT max(id) FROM "case"))::bigint
                            FROM generate_series(1, $1))
            """,
            many)
        .stream()
        .map(row -> row.getString("number"))
        .toList();
  }

  /// A place deep in a list, as the pages name it.
  String deep(Sql sql, String column, boolean closed, long community, int down) {
    return sql.one(
            """
            SELECT to_char(%1$s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '~' || id AS place
              FROM "case"
             WHERE (closed_at IS NOT NULL) = $1 AND ($2::bigint = 0 OR community_id = $2)
             ORDER BY %1$s %2$s, id %2$s
            OFFSET least($3, (SELECT count(*) / 2 FROM "case"
                               WHERE (closed_at IS NOT NULL) = $1
                                 AND ($2::bigint = 0 OR community_id = $2)))
             LIMIT 1
            """
                .formatted(column, closed ? "DESC" : ""),
            closed,
            community,
            (long) down)
        .getString("place");
  }
}
