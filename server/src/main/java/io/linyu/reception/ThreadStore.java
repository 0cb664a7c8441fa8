package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.platform.db.Sql;
import io.linyu.platform.text.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What was said to and by one person, as staff see it.
final class ThreadStore {
  record Line(
      long id,
      Instant at,
      String by,
      long addressId,
      @Nullable String staffName,
      @Nullable String called,
      Content content,
      @Nullable String attachmentKind,
      @Nullable String attachmentState,
      @Nullable String attachmentCode,
      @Nullable String attachmentReason,
      @Nullable String attachmentName,
      @Nullable Long attachmentBytes,
      boolean handedIn,
      @Nullable String transcript,
      @Nullable String sending,
      @Nullable String sendingReason,
      @Nullable String way,
      AddressKey key) {}

  /// Whether message `x` was said when case `s` was told at its address: by whoever told it, or by
  /// the bot until it was there, which reads back what it was told.
  static final String OF_CASE =
      """
      (x.id = ANY(s.message_ids)
       OR x.said_by = 'bot' AND x.id > s.message_ids[1] AND x.at <= s.opened_at)
      """;

  /// Whether it was said of one of the cases of which nobody is to read a word here, or in answer
  /// to it.
  private static final String KEPT =
      """
      EXISTS (SELECT FROM "case" s
               WHERE s.id = ANY($6::bigint[])
                 AND (x.case_id = s.id OR x.id = ANY(s.message_ids)
                      OR s.address_id = x.address_id AND %s))
      """
          .formatted(OF_CASE);

  /// One page for each address, off its index; of these the last ones. Not what was said there as a
  /// member of staff: colleagues read this beside the case of a resident.
  ///
  /// What was told there for others is left out: it is read with their matters, of which alone the
  /// lines are shown at the addresses of whoever told them.
  ///
  /// @param addresses whose lines are read together, in the order in which they were said
  /// @param spoken where only what belongs to this case is shown
  /// @param about the case; without `spoken` of no meaning
  /// @param kept cases of which nothing is shown, wherever it was said
  /// @param before only what was said before this message; `Long.MAX_VALUE`: the newest
  /// @return oldest first
  List<Line> before(
      Sql sql,
      List<Long> addresses,
      List<Long> spoken,
      long about,
      List<Long> kept,
      long before,
      int limit) {
    return sql
        .rows(
            """
            SELECT m.id, m.at, m.said_by, m.address_id, m.content::text AS content,
                   (SELECT name FROM staff WHERE id = m.staff_id) AS staff_name,
                   (SELECT called FROM person WHERE id = a.person_id) AS called, t.kind, t.state AS t_state, t.code, t.reason AS t_reason, t.name AS t_name,
                   (SELECT bytes FROM blob WHERE digest = t.digest) AS t_bytes,
                   EXISTS (SELECT FROM handed_in WHERE message_id = m.id) AS handed_in,
                   (SELECT transcript FROM hearing WHERE message_id = m.id) AS transcript, o.state AS o_state, o.reason AS o_reason, o.way, a.channel, a.account, a.external_id
              FROM (SELECT l.* FROM unnest($1::bigint[]) AS w (address_id)
                     CROSS JOIN LATERAL (
                           SELECT * FROM message x
                            WHERE address_id = w.address_id AND id < $2 AND NOT duty
                              AND (cardinality($6::bigint[]) = 0 OR NOT %2$s)
                              AND CASE WHEN w.address_id = ANY($4::bigint[])
                                       THEN x.case_id = $5 OR EXISTS (
                                              SELECT FROM "case" s
                                               WHERE s.id = $5 AND s.address_id = x.address_id AND %1$s)
                                       ELSE NOT EXISTS (
                                              SELECT FROM "case" s
                                               WHERE s.address_id = x.address_id AND s.consent_id IS NOT NULL
                                                 AND %1$s)
                                        AND NOT EXISTS (
                                              SELECT FROM "case" s JOIN address o ON o.id = x.address_id
                                               WHERE s.id = x.case_id AND s.consent_id IS NOT NULL
                                                 AND s.person_id <> o.person_id) END
                            ORDER BY id DESC
                            LIMIT $3) l
                     ORDER BY l.id DESC
                     LIMIT $3) m
              JOIN address a ON a.id = m.address_id
              LEFT JOIN attachment t ON t.message_id = m.id
              LEFT JOIN outbound o ON o.message_id = m.id
             ORDER BY m.id
            """
                .formatted(OF_CASE, KEPT),
            addresses.toArray(Long[]::new),
            before,
            limit,
            spoken.toArray(Long[]::new),
            about,
            kept.toArray(Long[]::new))
        .stream()
        .map(ThreadStore::read)
        .toList();
  }

  /// Whether this message was said of one of these cases.
  boolean isOf(Sql sql, long message, List<Long> cases) {
    return !cases.isEmpty()
        && sql.row(
                """
                SELECT FROM "case" s
                 WHERE s.id = ANY($2::bigint[])
                   AND ($1 = ANY(s.message_ids) OR s.id = (SELECT case_id FROM message WHERE id = $1))
                 LIMIT 1
                """,
                message,
                cases.toArray(Long[]::new))
            .isPresent();
  }

  /// The person's addresses that may be shown beside this one: none at which something was told
  /// that belongs to one of these cases. What the bot read back there names no case, so the whole
  /// address is left out.
  List<Long> beside(Sql sql, long addressId, List<Long> hiddenCases) {
    return sql
        .rows(
            """
            SELECT o.id FROM address a JOIN address o ON o.person_id = a.person_id
             WHERE a.id = $1 AND o.id <> a.id
               AND NOT EXISTS (
                     SELECT FROM "case" c
                      WHERE c.id = ANY($2::bigint[])
                        AND (c.address_id = o.id
                             OR EXISTS (SELECT FROM message m
                                         WHERE m.id = ANY(c.message_ids) AND m.address_id = o.id)
                             OR EXISTS (SELECT FROM message m
                                         WHERE m.case_id = c.id AND m.address_id = o.id)))
             ORDER BY o.id
            """,
            addressId,
            hiddenCases.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// The same of a person who did not tell it there.
  List<Long> ofPerson(Sql sql, long person, List<Long> hiddenCases) {
    return sql
        .rows(
            """
            SELECT o.id FROM address o
             WHERE o.person_id = $1
               AND NOT EXISTS (
                     SELECT FROM "case" c
                      WHERE c.id = ANY($2::bigint[])
                        AND (c.address_id = o.id
                             OR EXISTS (SELECT FROM message m
                                         WHERE m.id = ANY(c.message_ids) AND m.address_id = o.id)
                             OR EXISTS (SELECT FROM message m
                                         WHERE m.case_id = c.id AND m.address_id = o.id)))
             ORDER BY o.id
            """,
            person,
            hiddenCases.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("id"))
        .toList();
  }

  /// What residents said in these messages, in words: typed, heard by staff, or understood by the
  /// platform. Messages without any are not in it.
  Map<Long, String> words(Sql sql, Collection<Long> messages) {
    var words = new HashMap<Long, String>();
    for (Row row :
        sql.rows(
            """
            SELECT m.id, m.content::text AS content, h.transcript
              FROM unnest($1::bigint[]) AS w (id)
             CROSS JOIN LATERAL (
                   SELECT id, content FROM message
                    WHERE id = w.id AND said_by = 'resident' AND NOT duty LIMIT 1) m
              LEFT JOIN hearing h ON h.message_id = m.id
            """,
            (Object) messages.toArray(Long[]::new))) {
      String said =
          Json.readIfKnown(row.getString("content"), Content.class)
              .map(content -> inWords(content, row.getString("transcript")))
              .orElse("");
      if (!said.isBlank()) {
        words.put(row.getLong("id"), said);
      }
    }
    return words;
  }

  private static String inWords(Content content, @Nullable String transcript) {
    return switch (content) {
      case Content.Text(String text, _) -> text;
      case Content.Voice(_, _, String recognition) ->
          transcript != null ? transcript : Objects.requireNonNullElse(recognition, "");
      case Content.File(_, String name) -> name;
      case Content.Location(_, _, String label) -> label;
      case Content.Image _,
          Content.Video _,
          Content.Followed _,
          Content.Unfollowed _,
          Content.Scanned _,
          Content.MenuTapped _,
          Content.Other _ ->
          "";
    };
  }

  private static Line read(Row row) {
    return new Line(
        row.getLong("id"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("said_by"),
        row.getLong("address_id"),
        row.getString("staff_name"),
        row.getString("called"),
        Json.readIfKnown(row.getString("content"), Content.class)
            .orElseGet(() -> new Content.Other("unknown", Map.of())),
        row.getString("kind"),
        row.getString("t_state"),
        row.getString("code"),
        row.getString("t_reason"),
        row.getString("t_name"),
        row.getLong("t_bytes"),
        row.getBoolean("handed_in"),
        row.getString("transcript"),
        row.getString("o_state"),
        row.getString("o_reason"),
        row.getString("way"),
        new AddressKey(
            row.getString("channel"), row.getString("account"), row.getString("external_id")));
  }
}
