package io.linyu.cli.bench;

import io.linyu.platform.db.Loading;

/// What follows from what was written row by row.
final class PopulationStore {
  private PopulationStore() {}

  /// @param messages so many there are
  /// @param number of the next case
  /// @param entries so many the audit gets, over the three years that it is kept
  static void fill(Loading into, long messages, long number, int entries) {
    var _ =
        into.run(
            """
            INSERT INTO receipt (address_id, external_id, received_at)
            SELECT address_id, 'm' || id, at FROM message WHERE said_by = 'resident'
            """);
    // Whoever works for a living signs in in the morning and out in the evening.
    var _ =
        into.run(
            """
            INSERT INTO audit_entry (at, by_kind, staff_id, what, details, address)
            SELECT now() - (n * interval '36 months') / %1$d, 'staff', s.ids[1 + n %% cardinality(s.ids)],
                   CASE n %% 2 WHEN 0 THEN 'signed_out' ELSE 'signed_in' END,
                   CASE n %% 2 WHEN 0 THEN '{}' ELSE '{"with":"password"}' END, '192.0.2.' || n %% 250
              FROM generate_series(%1$d, 1, -1) n
             CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM staff
                          WHERE employment = 'full_time') s
            """
                .formatted(entries));
    var _ = into.run("SELECT setval('message_id', %d)".formatted(messages + 1));
    var _ = into.run("SELECT setval('case_number', %d)".formatted(number + 1));
    var _ =
        into.run(
            """
            INSERT INTO alarm (case_id, address_id, territory_id, territory_path, grid_id, kind, rung_at,
                               step, acknowledged_by, acknowledged_at)
            SELECT c.id, c.address_id, c.territory_id, c.territory_path, c.grid_id, 'fire', c.opened_at,
                   0, (SELECT min(m.staff_id) FROM desk_member m WHERE m.desk_id = c.desk_id),
                   c.opened_at + interval '2 minutes'
              FROM "case" c
             WHERE c.state = 'HANDED_OFF'
               AND EXISTS (SELECT FROM desk_member m WHERE m.desk_id = c.desk_id)
            """);
    // No trigger runs meanwhile.
    var _ =
        into.run(
            """
            INSERT INTO case_key (case_id, number, code, person_id, address_id)
            SELECT id, number, code, person_id, address_id FROM "case" ORDER BY id
            """);
    // The rules have looked at what is late already.
    var _ =
        into.run(
            """
            INSERT INTO rule_watch (case_id, next_due_at)
            SELECT id, next_due_at FROM "case" WHERE closed_at IS NULL AND next_due_at > now()
            """);
    // Whoever listens has heard it all. Records of evaluation there are none of that past.
    var _ =
        into.run(
            """
            INSERT INTO event_cursor (listener, last_xid, last_event)
            SELECT listener, l.xid, l.id
              FROM unnest(ARRAY['live-cases', 'live-known', 'live-alarms', 'tell-residents', 'tell-alarms', 'case-words',
                                'case-additions', 'errands', 'errands-alarms', 'evaluations']) listener,
                   (SELECT xid, id FROM event ORDER BY xid DESC, id DESC LIMIT 1) l
            """);
  }
}
