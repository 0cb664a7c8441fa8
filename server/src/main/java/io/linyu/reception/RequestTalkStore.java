package io.linyu.reception;

import static java.time.ZoneOffset.UTC;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What heads are asked back in a chat, and until when words there may be an answer.
final class RequestTalkStore {
  /// @param requests to which of them; one: it is said once more; none: to none of them
  /// @param text what was said; null: what came in the messages alone
  record Question(List<Long> requests, @Nullable String text, List<Long> messages) {
    boolean isWhich() {
      return requests.size() > 1;
    }

    boolean isAgain() {
      return requests.size() == 1;
    }

    boolean isAside() {
      return requests.isEmpty();
    }
  }

  void hold(Tx tx, long address, Instant until) {
    tx.execute(
        """
        UPDATE conversation SET asked_until = greatest(asked_until, $2) WHERE address_id = $1
        """,
        address,
        until.atOffset(UTC));
  }

  /// One more picture or voice goes with those that it is asked about already.
  void ask(
      Tx tx,
      long address,
      long staff,
      List<Long> requests,
      @Nullable String text,
      List<Long> messages,
      Instant now,
      Instant until) {
    tx.execute(
        """
        INSERT INTO request_question AS q (address_id, staff_id, request_ids, text, message_ids, expires_at)
        VALUES ($1, $2, $3, $4, $5, $7)
            ON CONFLICT (address_id) DO UPDATE
           SET staff_id = $2, request_ids = $3, text = $4, expires_at = $7,
               message_ids = CASE WHEN $4 IS NULL AND q.text IS NULL AND q.staff_id = $2 AND q.expires_at > $6
                             THEN q.message_ids || excluded.message_ids ELSE excluded.message_ids END
        """,
        address,
        staff,
        requests.toArray(Long[]::new),
        text,
        messages.toArray(Long[]::new),
        now.atOffset(UTC),
        until.atOffset(UTC));
  }

  Optional<Question> asked(Tx tx, long address, long staff, Instant now) {
    return tx.row(
            """
            SELECT request_ids, text, message_ids FROM request_question
             WHERE address_id = $1 AND staff_id = $2 AND expires_at > $3
               FOR NO KEY UPDATE
            """,
            address,
            staff,
            now.atOffset(UTC))
        .map(row ->
            new Question(
                List.of(row.getArrayOfLongs("request_ids")),
                row.getString("text"),
                List.of(row.getArrayOfLongs("message_ids"))));
  }

  /// Those of these messages that are voices.
  List<Long> sounds(Tx tx, List<Long> messages) {
    return tx
        .rows(
            """
            SELECT message_id FROM attachment
             WHERE message_id = ANY($1::bigint[]) AND kind = 'voice' ORDER BY message_id
            """,
            (Object) messages.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("message_id"))
        .toList();
  }

  void answered(Tx tx, long address) {
    tx.execute("DELETE FROM request_question WHERE address_id = $1", address);
  }

  void forget(Sql sql, Instant now) {
    sql.execute("DELETE FROM request_question WHERE expires_at < $1", now.atOffset(UTC));
  }
}
