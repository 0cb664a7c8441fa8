package io.linyu.reception;

import io.linyu.channel.Ladder.Subscription;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.time.ZoneOffset;

/// The ledger of the leave that people gave for notices.
final class SubscriptionStore {
  /// One more notice, or as many as there will be.
  void given(Tx tx, long address, String template, boolean standing, Instant now) {
    tx.execute(
        """
        INSERT INTO subscription (address_id, template, left_over, updated_at)
        VALUES ($1, $2, CASE WHEN $3 THEN NULL ELSE 1 END, $4)
        ON CONFLICT (address_id, template) DO UPDATE
           SET left_over = CASE WHEN $3 THEN NULL ELSE coalesce(subscription.left_over, 0) + 1 END,
               updated_at = $4
        """,
        address,
        template,
        standing,
        now.atOffset(ZoneOffset.UTC));
  }

  void takenBack(Sql sql, long address, String template) {
    sql.execute(
        "DELETE FROM subscription WHERE address_id = $1 AND template = $2", address, template);
  }

  void erase(Sql sql, long address) {
    sql.execute("DELETE FROM subscription WHERE address_id = $1", address);
  }

  /// False when there is no leave for another one. The last leave is kept for the end of a matter,
  /// which is what the person asked to be told.
  ///
  /// @param last whether this is the end
  boolean reserve(Sql sql, long address, String template, boolean last) {
    return sql.execute(
            """
            UPDATE subscription SET left_over = left_over - 1
             WHERE address_id = $1 AND template = $2 AND (left_over IS NULL OR left_over > $3)
            """,
            address,
            template,
            last ? 0 : 1)
        == 1;
  }

  /// It certainly was not sent. Not where leave was taken back meanwhile.
  void giveBack(Sql sql, long address, Subscription subscription) {
    sql.execute(
        "UPDATE subscription SET left_over = left_over + 1 WHERE address_id = $1 AND template = $2",
        address,
        subscription.template());
  }

  /// @param last whether for the end of a matter
  boolean has(Sql sql, long address, String template, boolean last) {
    return sql.row(
            """
            SELECT 1 FROM subscription
             WHERE address_id = $1 AND template = $2 AND (left_over IS NULL OR left_over > $3)
            """,
            address,
            template,
            last ? 0 : 1)
        .isPresent();
  }
}
