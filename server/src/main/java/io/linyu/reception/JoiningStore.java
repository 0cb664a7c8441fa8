package io.linyu.reception;

import io.linyu.platform.db.Tx;

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
