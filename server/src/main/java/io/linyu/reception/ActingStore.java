package io.linyu.reception;

import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class ActingStore {
  /// What was to be said and is not any more.
  ///
  /// @param code of the page of the case, for whose it is
  /// @param speakerCode of the same page, for whoever told it
  /// @param told whether whose it is was told the same already
  record Stopped(
      long id,
      long addressId,
      long caseId,
      @Nullable Long staffId,
      String text,
      String code,
      @Nullable String speakerCode,
      boolean told) {}

  /// What is on its way to this person about what was told by this consent. What a sender has in
  /// hand at this moment is not stopped any more.
  ///
  /// @param first that the cases name
  /// @return in the order in which it was to be said
  List<Stopped> stop(Tx tx, long first, long person, Instant now) {
    return tx
        .rows(
            """
            UPDATE outbound o
               SET state = 'failed', reason = 'the consent has ended', next_due_at = NULL,
                   lease_until = NULL, updated_at = $3
              FROM "case" c JOIN message m ON m.case_id = c.id
              JOIN address a ON a.id = m.address_id
             WHERE c.consent_id = $1 AND a.person_id = $2 AND o.message_id = m.id
               AND o.state IN ('queued', 'waiting')
            RETURNING o.id, o.address_id, m.case_id, m.staff_id, o.text, c.code, c.speaker_code,
                      EXISTS (SELECT FROM outbound w
                               WHERE w.message_key IN (
                                       o.message_key || ':owner',
                                       regexp_replace(o.message_key, ':\\d+$', '') || ':owner')) AS told
            """,
            first,
            person,
            now.atOffset(ZoneOffset.UTC))
        .stream()
        .map(row ->
            new Stopped(
                row.getLong("id"),
                row.getLong("address_id"),
                row.getLong("case_id"),
                row.getLong("staff_id"),
                row.getString("text"),
                row.getString("code"),
                row.getString("speaker_code"),
                row.getBoolean("told")))
        .sorted(Comparator.comparingLong(Stopped::id))
        .toList();
  }

  /// Nobody talks with this person about it any more.
  void handBack(Tx tx, long first, long person) {
    tx.execute(
        """
        UPDATE conversation
           SET held_by = 'bot', case_id = NULL, state = state - 'person' - 'choices' - 'waiting'
         WHERE address_id IN (
                 SELECT v.address_id FROM conversation v JOIN address a ON a.id = v.address_id
                  WHERE a.person_id = $2
                    AND v.case_id IN (SELECT id FROM "case" WHERE consent_id = $1)
                  ORDER BY v.address_id
                    FOR NO KEY UPDATE OF v)
        """,
        first,
        person);
  }
}
