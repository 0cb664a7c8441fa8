package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is taken away of a case.
final class ExportStore {
  /// @param category its code
  /// @param typed the place as the person said it, such as the number of a flat
  record Line(
      long id,
      String number,
      String code,
      String title,
      String what,
      CaseState state,
      Urgency urgency,
      @Nullable String category,
      String channel,
      boolean confirmed,
      String place,
      @Nullable String typed,
      @Nullable Long person,
      @Nullable String called,
      @Nullable String spokenBy,
      String desk,
      @Nullable String staff,
      Instant saidAt,
      @Nullable Instant answeredAt,
      @Nullable Instant dueAt,
      @Nullable Instant closedAt,
      boolean quiet) {}

  /// @param ids that the reader may see, in the order they are to be written
  List<Line> lines(Sql sql, List<Long> ids) {
    return sql
        .rows(
            """
            SELECT c.id, case_number(c.number, c.round) AS number, c.code, c.title, c.what, c.state, c.urgency, c.category_code,
                   c.channel, c.confirmed, c.place, c.person_id,
                   (SELECT called FROM person WHERE id = c.person_id) AS called,
                   (SELECT kinship FROM consent WHERE id = c.consent_id) AS kinship,
                   (SELECT name FROM desk WHERE id = c.desk_id) AS desk_name,
                   (SELECT name FROM staff WHERE id = c.staff_id) AS staff_name, c.said_at, c.answered_at, c.next_due_at, c.closed_at,
                   c.confidential AND is_quiet(c.id) AS quiet,
                   %s AS place_name
              FROM unnest($1::bigint[]) WITH ORDINALITY AS page (id, nth)
              JOIN "case" c ON c.id = page.id
             ORDER BY page.nth
            """
                .formatted(CaseStore.OWN_PLACE_NAME),
            (Object) ids.toArray(Long[]::new))
        .stream()
        .map(ExportStore::read)
        .toList();
  }

  private static Line read(Row row) {
    return new Line(
        row.getLong("id"),
        row.getString("number"),
        row.getString("code"),
        row.getString("title"),
        row.getString("what"),
        CaseState.valueOf(row.getString("state")),
        Urgency.of(row.getString("urgency")),
        row.getString("category_code"),
        row.getString("channel"),
        row.getBoolean("confirmed"),
        row.getString("place_name"),
        row.getString("place"),
        row.getLong("person_id"),
        row.getString("called"),
        row.getString("kinship"),
        row.getString("desk_name"),
        row.getString("staff_name"),
        CaseStore.instant(row, "said_at"),
        CaseStore.maybeInstant(row, "answered_at"),
        CaseStore.maybeInstant(row, "next_due_at"),
        CaseStore.maybeInstant(row, "closed_at"),
        row.getBoolean("quiet"));
  }
}
