package io.linyu.reception;

import io.linyu.channel.Content;
import io.linyu.platform.db.Sql;
import io.linyu.platform.text.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was said in a conversation, as staff see it.
final class ThreadStore {
  record Line(
      long id,
      Instant at,
      String by,
      @Nullable String staffName,
      @Nullable String called,
      Content content,
      @Nullable String attachmentKind,
      @Nullable String attachmentState,
      @Nullable String attachmentCode,
      @Nullable String attachmentReason,
      @Nullable String transcript,
      @Nullable String sending,
      @Nullable String sendingReason) {}

  /// @param before only what was said before this message; `Long.MAX_VALUE`: the newest
  /// @return oldest first
  List<Line> before(Sql sql, long addressId, long before, int limit) {
    return sql
        .rows(
            """
            SELECT m.id, m.at, m.said_by, m.content::text AS content, s.name AS staff_name, p.called,
                   t.kind, t.state AS t_state, t.code, t.reason AS t_reason, h.transcript,
                   o.state AS o_state, o.reason AS o_reason
              FROM (SELECT * FROM message
                     WHERE address_id = $1 AND id < $2
                     ORDER BY id DESC
                     LIMIT $3) m
              JOIN address a ON a.id = m.address_id
              JOIN person p ON p.id = a.person_id
              LEFT JOIN staff s ON s.id = m.staff_id
              LEFT JOIN attachment t ON t.message_id = m.id
              LEFT JOIN hearing h ON h.message_id = m.id
              LEFT JOIN outbound o ON o.message_id = m.id
             ORDER BY m.id
            """,
            addressId,
            before,
            limit)
        .stream()
        .map(ThreadStore::read)
        .toList();
  }

  private static Line read(Row row) {
    return new Line(
        row.getLong("id"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("said_by"),
        row.getString("staff_name"),
        row.getString("called"),
        Json.readIfKnown(row.getString("content"), Content.class)
            .orElseGet(() -> new Content.Other("unknown", Map.of())),
        row.getString("kind"),
        row.getString("t_state"),
        row.getString("code"),
        row.getString("t_reason"),
        row.getString("transcript"),
        row.getString("o_state"),
        row.getString("o_reason"));
  }
}
