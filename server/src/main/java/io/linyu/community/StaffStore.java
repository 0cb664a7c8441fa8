package io.linyu.community;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.linyu.community.Staff.StandIn;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Sql;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class StaffStore {
  private final Vault vault;

  StaffStore(Vault vault) {
    this.vault = vault;
  }

  /// What signing in needs to know of somebody.
  record Login(long id, String passwordHash, int credentials) {}

  private static final String STAFF =
      """
      SELECT s.id, s.code, s.name, s.role, s.territory_id, t.path, s.language,
             s.credential_version,
             ARRAY(SELECT desk_id FROM desk_member WHERE staff_id = s.id) AS desks,
             (SELECT coalesce(jsonb_agg(jsonb_build_array(a.desk_id, a.staff_id, a.id) ORDER BY a.id), '[]')
                FROM absence a
                JOIN staff p ON p.id = a.staff_id AND p.active
                JOIN desk_member m ON m.desk_id = a.desk_id AND m.staff_id = a.staff_id
               WHERE a.deputy_id = s.id AND a.days @> $2::date
                 AND NOT EXISTS (SELECT FROM desk_member o
                                  WHERE o.desk_id = a.desk_id AND o.staff_id = s.id)
                 AND NOT EXISTS (SELECT FROM absence x
                                  WHERE x.staff_id = s.id AND x.days @> $2::date)) AS stand_ins
        FROM staff s JOIN territory t ON t.id = s.territory_id
      """;

  /// @param today on which they may stand in for somebody
  Optional<Staff> byId(Sql sql, long id, LocalDate today) {
    return sql.row(STAFF + " WHERE s.id = $1 AND s.active", id, today).map(StaffStore::staff);
  }

  Optional<Staff> byCode(Sql sql, String code, LocalDate today) {
    return sql.row(STAFF + " WHERE s.code = $1 AND s.active", code, today).map(StaffStore::staff);
  }

  Optional<Login> loginByCode(Sql sql, String code) {
    return sql.row(
            """
            SELECT id, password_hash, credential_version FROM staff
             WHERE code = $1 AND active AND password_hash IS NOT NULL
            """,
            code)
        .map(StaffStore::login);
  }

  /// A number that several share signs nobody in.
  Optional<Login> loginByPhone(Sql sql, String phone) {
    List<Row> found =
        sql.rows(
            """
            SELECT id, password_hash, credential_version FROM staff
             WHERE phone_hash = ANY($1) AND active AND password_hash IS NOT NULL
             LIMIT 2
            """,
            (Object) Phones.hashes(vault, phone));
    return found.size() == 1 ? Optional.of(login(found.getFirst())) : Optional.empty();
  }

  /// The person's id; empty when there is nobody.
  Optional<Long> setPassword(Sql sql, String code, String hash) {
    return sql.row(
            """
            UPDATE staff SET password_hash = $2, credential_version = credential_version + 1
             WHERE code = $1 AND active RETURNING id
            """,
            code,
            hash)
        .map(row -> row.getLong("id"));
  }

  void setLanguage(Sql sql, long id, String language) {
    sql.execute("UPDATE staff SET language = $2 WHERE id = $1", id, language);
  }

  long add(
      Sql sql,
      String code,
      String name,
      String role,
      long territory,
      String employment,
      @Nullable String phone) {
    return sql.row(
            """
            INSERT INTO staff (code, name, role, territory_id, employment, phone_sealed, phone_hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (code) DO NOTHING
            RETURNING id
            """,
            code,
            name,
            role,
            territory,
            employment,
            phone == null ? null : Buffer.buffer(vault.seal(phone)),
            phone == null ? null : Buffer.buffer(vault.hash(phone)))
        .map(row -> row.getLong("id"))
        .orElse(0L);
  }

  void join(Sql sql, long staff, long desk) {
    sql.execute(
        "INSERT INTO desk_member (desk_id, staff_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        desk,
        staff);
  }

  void leave(Sql sql, long staff, long desk) {
    sql.execute("DELETE FROM desk_member WHERE desk_id = $1 AND staff_id = $2", desk, staff);
  }

  List<StaffMember> membersOf(Sql sql, long desk) {
    return sql
        .rows(
            """
            SELECT s.id, s.code, s.name, s.role, s.territory_id, s.phone_sealed,
                   s.password_hash IS NOT NULL AS signs_in
              FROM desk_member m JOIN staff s ON s.id = m.staff_id
             WHERE m.desk_id = $1 AND s.active
             ORDER BY s.code
            """,
            desk)
        .stream()
        .map(this::member)
        .toList();
  }

  /// Who works there, and as what. How many desks there are is kept from the planner, which would
  /// plan anew for each call.
  ///
  /// @return by the desk, the role by the member of staff; a desk without any is not in it
  Map<Long, Map<Long, String>> rolesAt(Sql sql, Collection<Long> desks) {
    return sql
        .rows(
            """
            SELECT m.desk_id, s.id, s.role FROM desk_member m JOIN staff s ON s.id = m.staff_id
             WHERE m.desk_id = ANY((SELECT $1::bigint[])::bigint[]) AND s.active
            """,
            (Object) desks.toArray(Long[]::new))
        .stream()
        .collect(
            groupingBy(
                row -> row.getLong("desk_id"),
                toMap(row -> row.getLong("id"), row -> row.getString("role"))));
  }

  List<StaffMember> within(Sql sql, String path, String after, int limit) {
    return sql
        .rows(
            """
            SELECT s.id, s.code, s.name, s.role, s.territory_id, s.phone_sealed,
                   s.password_hash IS NOT NULL AS signs_in
              FROM staff s JOIN territory t ON t.id = s.territory_id
             WHERE t.path LIKE $1 || '%' AND s.active AND s.code > $2
             ORDER BY s.code
             LIMIT $3
            """,
            path, after, limit)
        .stream()
        .map(this::member)
        .toList();
  }

  List<StaffMember> within(Sql sql, String path, Collection<String> roles) {
    return sql
        .rows(
            """
            SELECT s.id, s.code, s.name, s.role, s.territory_id, s.phone_sealed,
                   s.password_hash IS NOT NULL AS signs_in
              FROM staff s JOIN territory t ON t.id = s.territory_id
             WHERE t.path LIKE $1 || '%' AND s.active AND s.role = ANY($2)
             ORDER BY s.code
             LIMIT $3
            """,
            path, roles.toArray(String[]::new), MOST_HEADS)
        .stream()
        .map(this::member)
        .toList();
  }

  /// More than any community has.
  private static final int MOST_HEADS = 300;

  List<Head> heads(Sql sql, String path) {
    return sql
        .rows(
            """
            SELECT s.id, s.code, s.name, s.role, s.territory_id, a.id AS address_id
              FROM staff s JOIN territory t ON t.id = s.territory_id
              LEFT JOIN staff_address b ON b.staff_id = s.id
              LEFT JOIN address a ON a.id = b.address_id AND a.follows
             WHERE t.path LIKE $1 || '%' AND s.active AND s.role = ANY($2)
             ORDER BY s.code
             LIMIT $3
            """,
            path, Head.ROLES.toArray(String[]::new), MOST_HEADS)
        .stream()
        .map(row ->
            new Head(
                row.getLong("id"),
                row.getString("code"),
                row.getString("name"),
                row.getString("role"),
                row.getLong("territory_id"),
                row.getLong("address_id")))
        .toList();
  }

  private static Staff staff(Row row) {
    return new Staff(
        row.getLong("id"),
        row.getString("code"),
        row.getString("name"),
        row.getString("role"),
        row.getLong("territory_id"),
        row.getString("path"),
        Set.of(row.getArrayOfLongs("desks")),
        row.getJsonArray("stand_ins").stream()
            .map(JsonArray.class::cast)
            .map(each -> new StandIn(each.getLong(0), each.getLong(1), each.getLong(2)))
            .toList(),
        row.getString("language"),
        row.getInteger("credential_version"));
  }

  private static Login login(Row row) {
    return new Login(
        row.getLong("id"), row.getString("password_hash"), row.getInteger("credential_version"));
  }

  private StaffMember member(Row row) {
    Buffer phone = row.getBuffer("phone_sealed");
    return new StaffMember(
        row.getLong("id"),
        row.getString("code"),
        row.getString("name"),
        row.getString("role"),
        row.getLong("territory_id"),
        phone == null ? null : vault.open(phone.getBytes()),
        row.getBoolean("signs_in"));
  }
}
