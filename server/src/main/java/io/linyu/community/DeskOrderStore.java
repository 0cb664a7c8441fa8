package io.linyu.community;

import io.linyu.community.DeskOrders.Member;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

final class DeskOrderStore {
  /// More than this nobody calls one after the other.
  static final int MOST = 30;

  private static final String MEMBER =
      """
      SELECT s.id, s.code, s.name, s.role, s.phone_sealed, a.id AS address_id
      """;

  private static final String ADDRESS =
      """
      LEFT JOIN staff_address b ON b.staff_id = s.id
      LEFT JOIN address a ON a.id = b.address_id AND a.follows
      """;

  private final Vault vault;

  DeskOrderStore(Vault vault) {
    this.vault = vault;
  }

  /// @param day on which some are away and others stand in for them; null: as it is kept
  List<Member> members(Sql sql, long desk, @Nullable LocalDate day) {
    return sql
        .rows(
            MEMBER
                + """
                , (o.staff_id IS NULL OR o.place IS NOT NULL) AND x.id IS NULL AS called,
                  upper(x.days) - 1 AS away_until, n.names AS stands_in_for, m.own
                  FROM (SELECT staff_id, true AS own FROM desk_member WHERE desk_id = $1
                         UNION
                        -- Of another desk, and here for these days.
                        SELECT z.deputy_id, false
                          FROM absence z
                          JOIN staff v ON v.id = z.staff_id AND v.active
                          JOIN desk_member u ON u.desk_id = $1 AND u.staff_id = z.staff_id
                         WHERE z.desk_id = $1 AND z.days @> $3::date
                           AND NOT EXISTS (SELECT FROM desk_member w
                                            WHERE w.desk_id = $1 AND w.staff_id = z.deputy_id)) m
                  JOIN staff s ON s.id = m.staff_id
                """
                + ADDRESS
                + """
                  LEFT JOIN desk_order o ON o.desk_id = $1 AND o.staff_id = s.id
                  LEFT JOIN absence x ON x.staff_id = s.id AND x.days @> $3::date
                 CROSS JOIN LATERAL (
                       -- In the place of those for whom they stand in.
                       SELECT min(q.place) AS place, min(p.code) AS code,
                              string_agg(p.name, '、' ORDER BY p.code) AS names
                         FROM absence y
                         JOIN staff p ON p.id = y.staff_id
                         JOIN desk_member k ON k.staff_id = p.id AND k.desk_id = $1
                         LEFT JOIN desk_order q ON q.desk_id = $1 AND q.staff_id = p.id
                        WHERE y.deputy_id = s.id AND y.days @> $3::date AND p.active) n
                 WHERE s.active
                 ORDER BY called DESC, least(o.place, n.place) NULLS LAST, least(s.code, n.code), s.code
                 LIMIT $2
                """,
            desk,
            MOST,
            day)
        .stream()
        .map(this::read)
        .toList();
  }

  Optional<Member> member(Sql sql, long staff) {
    return sql.row(
            MEMBER
                + ", true AS called, NULL::date AS away_until, NULL AS stands_in_for, true AS own FROM staff s "
                + ADDRESS
                + " WHERE s.id = $1 AND s.active",
            staff)
        .map(this::read);
  }

  void lock(Tx tx, long desk) {
    var _ = tx.one("SELECT id FROM desk WHERE id = $1 FOR NO KEY UPDATE", desk);
  }

  void keep(Tx tx, long desk, List<Member> members) {
    tx.execute("DELETE FROM desk_order WHERE desk_id = $1", desk);
    tx.execute(
        """
        INSERT INTO desk_order (desk_id, staff_id, place)
        SELECT $1, n.staff_id, CASE WHEN n.called THEN n.place END
          FROM unnest($2::bigint[], $3::boolean[], $4::int[]) AS n (staff_id, called, place)
        """,
        desk,
        members.stream().map(Member::staffId).toArray(Long[]::new),
        members.stream().map(Member::called).toArray(Boolean[]::new),
        IntStream.range(0, members.size()).boxed().toArray(Integer[]::new));
  }

  private Member read(Row row) {
    Buffer phone = row.getBuffer("phone_sealed");
    return new Member(
        row.getLong("id"),
        row.getString("code"),
        row.getString("name"),
        row.getString("role"),
        phone == null ? null : vault.open(phone.getBytes()),
        row.getBoolean("called"),
        row.getLong("address_id"),
        row.getLocalDate("away_until"),
        row.getString("stands_in_for"),
        row.getBoolean("own"));
  }
}
