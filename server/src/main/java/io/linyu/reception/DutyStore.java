package io.linyu.reception;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What members of staff were asked back.
final class DutyStore {
  /// @param kind `close` or `picture`
  record Question(
      String kind,
      @Nullable Long errand,
      @Nullable Integer version,
      @Nullable String text,
      List<Long> messages) {}

  void askClosing(
      Tx tx, long address, long staff, long errand, int version, String text, Instant until) {
    tx.execute(
        """
        INSERT INTO staff_question (address_id, staff_id, kind, errand_id, version, text, expires_at)
        VALUES ($1, $2, 'close', $3, $4, $5, $6)
            ON CONFLICT (address_id) DO UPDATE
           SET staff_id = excluded.staff_id, kind = 'close', errand_id = excluded.errand_id,
               version = excluded.version, text = excluded.text, message_ids = '{}',
               expires_at = excluded.expires_at
        """,
        address,
        staff,
        errand,
        version,
        text,
        until.atOffset(ZoneOffset.UTC));
  }

  /// One more picture of which it is asked what it is of.
  void askPicture(Tx tx, long address, long staff, long message, Instant now, Instant until) {
    tx.execute(
        """
        INSERT INTO staff_question AS q (address_id, staff_id, kind, message_ids, expires_at)
        VALUES ($1, $2, 'picture', ARRAY[$3::bigint], $5)
            ON CONFLICT (address_id) DO UPDATE
           SET message_ids = CASE WHEN q.kind = 'picture' AND q.expires_at > $4 AND q.staff_id = $2
                             THEN q.message_ids || $3::bigint ELSE ARRAY[$3::bigint] END,
               staff_id = $2, kind = 'picture', errand_id = NULL, version = NULL, text = NULL,
               expires_at = $5
        """,
        address,
        staff,
        message,
        now.atOffset(ZoneOffset.UTC),
        until.atOffset(ZoneOffset.UTC));
  }

  Optional<Question> asked(Tx tx, long address, long staff, Instant now) {
    return tx.row(
            """
            SELECT kind, errand_id, version, text, message_ids FROM staff_question
             WHERE address_id = $1 AND staff_id = $2 AND expires_at > $3
               FOR NO KEY UPDATE
            """,
            address,
            staff,
            now.atOffset(ZoneOffset.UTC))
        .map(DutyStore::read);
  }

  void answered(Tx tx, long address) {
    tx.execute("DELETE FROM staff_question WHERE address_id = $1", address);
  }

  void ofDuty(Tx tx, List<Long> messages) {
    tx.execute(
        "UPDATE message SET duty = true WHERE id = ANY($1)",
        (Object) messages.toArray(Long[]::new));
  }

  /// They were a resident's words after all.
  void ofResident(Tx tx, List<Long> messages) {
    tx.execute(
        "UPDATE message SET duty = false WHERE id = ANY($1)",
        (Object) messages.toArray(Long[]::new));
  }

  void forget(Sql sql, Instant now) {
    sql.execute("DELETE FROM staff_question WHERE expires_at < $1", now.atOffset(ZoneOffset.UTC));
  }

  private static Question read(Row row) {
    return new Question(
        row.getString("kind"),
        row.getLong("errand_id"),
        row.getInteger("version"),
        row.getString("text"),
        List.of(row.getArrayOfLongs("message_ids")));
  }
}
