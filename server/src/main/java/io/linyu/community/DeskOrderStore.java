package io.linyu.community;

import io.linyu.community.DeskOrders.Member;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

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

  List<Member> members(Sql sql, long desk) {
    return sql
        .rows(
            MEMBER
                + """
                , o.staff_id IS NULL OR o.place IS NOT NULL AS called
                  FROM desk_member m JOIN staff s ON s.id = m.staff_id
                """
                + ADDRESS
                + """
                  LEFT JOIN desk_order o ON o.desk_id = m.desk_id AND o.staff_id = s.id
                 WHERE m.desk_id = $1 AND s.active
                 ORDER BY called DESC, o.place NULLS LAST, s.code
                 LIMIT $2
                """,
            desk,
            MOST)
        .stream()
        .map(this::read)
        .toList();
  }

  Optional<Member> member(Sql sql, long staff) {
    return sql.row(
            MEMBER + ", true AS called FROM staff s " + ADDRESS + " WHERE s.id = $1 AND s.active",
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
        row.getLong("address_id"));
  }
}
