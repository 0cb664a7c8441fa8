package io.linyu.community;

import io.linyu.community.StaffPlan.Known;
import io.linyu.community.StaffPlan.Member;
import io.linyu.community.StaffPlan.Seat;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Sql;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

final class StaffImportStore {
  private final Vault vault;

  StaffImportStore(Vault vault) {
    this.vault = vault;
  }

  Buffer hash(String phone) {
    return Buffer.buffer(vault.hash(phone));
  }

  List<Known> all(Sql sql) {
    return sql
        .rows(
            """
            SELECT s.id, s.code, s.name, s.role, s.territory_id, s.employment, s.phone_hash, s.active,
                   ARRAY(SELECT desk_id FROM desk_member WHERE staff_id = s.id) AS desks
              FROM staff s
             ORDER BY s.code
            """)
        .stream()
        .map(StaffImportStore::known)
        .toList();
  }

  void write(Sql sql, StaffPlan plan) {
    insert(sql, plan.added());
    update(sql, plan.changed(), plan.hasPhones());
    sql.execute(
        "UPDATE staff SET active = false WHERE id = ANY($1)",
        (Object) plan.left().stream().map(Known::id).toArray(Long[]::new));
    sql.execute(
        """
        DELETE FROM desk_member m
         USING unnest($1::text[], $2::bigint[]) AS g (code, desk_id), staff s
         WHERE s.code = g.code AND m.staff_id = s.id AND m.desk_id = g.desk_id
        """,
        codes(plan.given()),
        desks(plan.given()));
    sql.execute(
        """
        INSERT INTO desk_member (desk_id, staff_id)
        SELECT t.desk_id, s.id
          FROM unnest($1::text[], $2::bigint[]) AS t (code, desk_id) JOIN staff s ON s.code = t.code
        ON CONFLICT DO NOTHING
        """,
        codes(plan.taken()),
        desks(plan.taken()));
  }

  private void insert(Sql sql, List<Member> members) {
    sql.execute(
        """
        INSERT INTO staff (code, name, role, territory_id, employment, phone_sealed, phone_hash)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[],
                             $6::bytea[], $7::bytea[])
        """,
        texts(members, Member::code),
        texts(members, Member::name),
        texts(members, Member::role),
        members.stream().map(Member::territory).toArray(Long[]::new),
        texts(members, Member::employment),
        phones(members, vault::seal),
        phones(members, vault::hash));
  }

  /// A file without telephone numbers leaves them as they are.
  private void update(Sql sql, List<Member> members, boolean withPhones) {
    sql.execute(
        """
        UPDATE staff s
           SET name = m.name, role = m.role, territory_id = m.territory_id,
               employment = m.employment, active = true,
               phone_sealed = CASE WHEN $8 THEN m.phone_sealed ELSE s.phone_sealed END,
               phone_hash = CASE WHEN $8 THEN m.phone_hash ELSE s.phone_hash END
          FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[],
                      $6::bytea[], $7::bytea[])
               AS m (code, name, role, territory_id, employment, phone_sealed, phone_hash)
         WHERE s.code = m.code
        """,
        texts(members, Member::code),
        texts(members, Member::name),
        texts(members, Member::role),
        members.stream().map(Member::territory).toArray(Long[]::new),
        texts(members, Member::employment),
        phones(members, vault::seal),
        phones(members, vault::hash),
        withPhones);
  }

  private static Object texts(List<Member> members, Function<Member, String> column) {
    return members.stream().map(column).toArray(String[]::new);
  }

  private static Object phones(List<Member> members, Function<String, byte[]> how) {
    return members.stream().map(each -> phone(each.phone(), how)).toArray(Buffer[]::new);
  }

  private static @Nullable Buffer phone(@Nullable String phone, Function<String, byte[]> how) {
    return phone == null ? null : Buffer.buffer(how.apply(phone));
  }

  private static Object codes(List<Seat> seats) {
    return seats.stream().map(Seat::code).toArray(String[]::new);
  }

  private static Object desks(List<Seat> seats) {
    return seats.stream().map(Seat::desk).toArray(Long[]::new);
  }

  private static Known known(Row row) {
    return new Known(
        row.getLong("id"),
        row.getString("code"),
        row.getString("name"),
        row.getString("role"),
        row.getLong("territory_id"),
        row.getString("employment"),
        row.getBuffer("phone_hash"),
        row.getBoolean("active"),
        Set.of(row.getArrayOfLongs("desks")));
  }
}
