package io.linyu.reception;

import io.linyu.platform.db.Tx;
import java.util.Collection;

final class JoiningStore {
  /// What waits for one address waits for the person. The caller holds the conversations.
  void waitTogether(Tx tx, long person) {
    tx.execute(
        """
        UPDATE conversation SET waiting = true
         WHERE address_id IN (SELECT id FROM address WHERE person_id = $1)
           AND EXISTS (
                 SELECT FROM address a JOIN conversation c ON c.address_id = a.id
                  WHERE a.person_id = $1 AND c.waiting)
        """,
        person);
  }

  /// What is said at these addresses belongs to no matter of somebody else. The caller holds the
  /// conversations.
  void handBack(Tx tx, Collection<Long> addresses) {
    tx.execute(
        """
        UPDATE conversation v
           SET held_by = 'bot', case_id = NULL, state = v.state - 'person' - 'choices' - 'waiting'
          FROM address a, "case" c
         WHERE v.address_id = ANY($1::bigint[]) AND v.held_by = 'person'
           AND a.id = v.address_id AND c.id = v.case_id
           AND c.person_id IS DISTINCT FROM a.person_id
           AND NOT EXISTS (
                 SELECT FROM consent k
                  WHERE k.first_id = c.consent_id AND k.actor_id = a.person_id
                    AND k.ended_at IS NULL)
        """,
        (Object) addresses.toArray(Long[]::new));
  }

  boolean waits(Tx tx, long person) {
    return tx.one(
            """
            SELECT EXISTS (
              SELECT FROM address a JOIN conversation c ON c.address_id = a.id
               WHERE a.person_id = $1 AND c.waiting) AS waits
            """,
            person)
        .getBoolean("waits");
  }
}
