package io.linyu.community;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class MergeStore {
  private static final int SHOWN = 50;

  private static final String MERGE =
      """
      SELECT id, kept_id, gone_id, at, staff_id, reason, address_ids, case_ids, filled, undone_at
        FROM person_merge
      """;

  boolean lock(Tx tx, long one, long other) {
    return rows(tx, one, other).stream().allMatch(row -> row.getLong("merged_into") == null);
  }

  boolean lockToUndo(Tx tx, Merge merge) {
    return rows(tx, merge.kept(), merge.gone()).stream()
        .allMatch(row -> {
          Long into = row.getLong("merged_into");
          return row.getLong("id") == merge.gone()
              ? into != null && into == merge.kept()
              : into == null;
        });
  }

  private static List<Row> rows(Tx tx, long one, long other) {
    List<Row> found =
        tx.rows(
            """
            SELECT id, merged_into FROM person WHERE id = ANY($1::bigint[])
             ORDER BY id FOR NO KEY UPDATE
            """,
            (Object) new Long[] {one, other});
    if (found.size() != 2) {
      throw new IllegalArgumentException("no person " + one + " or " + other);
    }
    return found;
  }

  List<Long> moveAddresses(Tx tx, long from, long to) {
    return tx
        .rows("UPDATE address SET person_id = $2 WHERE person_id = $1 RETURNING id", from, to)
        .stream()
        .map(row -> row.getLong("id"))
        .sorted()
        .toList();
  }

  /// What the one has none of comes from the other.
  List<String> fill(Tx tx, long kept, long gone) {
    Row filled =
        tx.one(
            """
            WITH before AS (
              SELECT k.called IS NULL AND g.called IS NOT NULL AS called,
                     k.name_sealed IS NULL AND g.name_sealed IS NOT NULL AS name,
                     k.phone_hash IS NULL AND g.phone_hash IS NOT NULL AS phone,
                     k.home_id IS NULL AND g.home_id IS NOT NULL AS home,
                     k.home_asked IS NULL AND g.home_asked IS NOT NULL AS asked
                FROM person k, person g WHERE k.id = $1 AND g.id = $2
            ), given AS (
              UPDATE person k
                 SET called = coalesce(k.called, g.called),
                     name_sealed = CASE WHEN b.name THEN g.name_sealed ELSE k.name_sealed END,
                     name_hash = CASE WHEN b.name THEN g.name_hash ELSE k.name_hash END,
                     phone_sealed = CASE WHEN b.phone THEN g.phone_sealed ELSE k.phone_sealed END,
                     phone_hash = CASE WHEN b.phone THEN g.phone_hash ELSE k.phone_hash END,
                     phone_end_hash = CASE WHEN b.phone THEN g.phone_end_hash ELSE k.phone_end_hash END,
                     home_id = coalesce(k.home_id, g.home_id),
                     home_asked = coalesce(k.home_asked, g.home_asked)
                FROM person g, before b
               WHERE k.id = $1 AND g.id = $2
            ), gone AS (
              UPDATE person SET merged_into = $1 WHERE id = $2
            ), verified AS (
              INSERT INTO phone_verification (person_id, at, staff_id)
              SELECT $1, v.at, v.staff_id FROM phone_verification v, before b
               WHERE v.person_id = $2 AND b.phone
                  ON CONFLICT DO NOTHING
            )
            SELECT * FROM before
            """,
            kept,
            gone);
    var parts = new ArrayList<String>();
    for (String part : List.of("called", "name", "phone", "home", "asked")) {
      if (filled.getBoolean(part)) {
        parts.add(part);
      }
    }
    return List.copyOf(parts);
  }

  /// Takes away what came from the other, where it still is the same.
  void empty(Tx tx, Merge merge) {
    tx.execute(
        """
        WITH unverified AS (
          DELETE FROM phone_verification v USING person k, person g
           WHERE v.person_id = $1 AND k.id = $1 AND g.id = $2 AND 'phone' = ANY($3::text[])
             AND k.phone_hash = g.phone_hash
        )
        UPDATE person k
           SET called = CASE WHEN 'called' = ANY($3) AND k.called = g.called THEN NULL ELSE k.called END,
               name_sealed =
                 CASE WHEN 'name' = ANY($3) AND (k.name_sealed = g.name_sealed OR k.name_hash = g.name_hash)
                      THEN NULL ELSE k.name_sealed END,
               phone_sealed =
                 CASE WHEN 'phone' = ANY($3) AND k.phone_hash = g.phone_hash THEN NULL ELSE k.phone_sealed END,
               phone_hash =
                 CASE WHEN 'phone' = ANY($3) AND k.phone_hash = g.phone_hash THEN NULL ELSE k.phone_hash END,
               phone_end_hash =
                 CASE WHEN 'phone' = ANY($3) AND k.phone_hash = g.phone_hash THEN NULL ELSE k.phone_end_hash END,
               home_id = CASE WHEN 'home' = ANY($3) AND k.home_id = g.home_id THEN NULL ELSE k.home_id END,
               home_asked =
                 CASE WHEN 'asked' = ANY($3) AND k.home_asked = g.home_asked THEN NULL ELSE k.home_asked END
          FROM person g
         WHERE k.id = $1 AND g.id = $2
        """,
        merge.kept(),
        merge.gone(),
        merge.filled().toArray(String[]::new));
  }

  void release(Tx tx, long gone) {
    tx.execute("UPDATE person SET merged_into = NULL WHERE id = $1", gone);
  }

  void moveBack(Tx tx, Merge merge) {
    tx.execute(
        "UPDATE address SET person_id = $2 WHERE id = ANY($3::bigint[]) AND person_id = $1",
        merge.kept(),
        merge.gone(),
        merge.addresses().toArray(Long[]::new));
  }

  long insert(
      Tx tx,
      long kept,
      long gone,
      Instant at,
      @Nullable Long staff,
      @Nullable String reason,
      List<Long> addresses,
      List<Long> cases,
      List<String> filled) {
    return tx.one(
            """
            INSERT INTO person_merge
                   (kept_id, gone_id, at, staff_id, reason, address_ids, case_ids, filled)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            RETURNING id
            """,
            kept,
            gone,
            at.atOffset(ZoneOffset.UTC),
            staff,
            reason,
            addresses.toArray(Long[]::new),
            cases.toArray(Long[]::new),
            filled.toArray(String[]::new))
        .getLong("id");
  }

  Optional<Merge> take(Tx tx, long id) {
    return tx.row(MERGE + " WHERE id = $1 FOR NO KEY UPDATE", id).map(MergeStore::read);
  }

  void undone(Tx tx, long id, Instant at, @Nullable Long staff) {
    tx.execute(
        "UPDATE person_merge SET undone_at = $2, undone_by = $3 WHERE id = $1",
        id,
        at.atOffset(ZoneOffset.UTC),
        staff);
  }

  List<Merge> of(Sql sql, long person) {
    return sql
        .rows(MERGE + " WHERE kept_id = $1 OR gone_id = $1 ORDER BY id DESC LIMIT " + SHOWN, person)
        .stream()
        .map(MergeStore::read)
        .toList();
  }

  private static Merge read(Row row) {
    OffsetDateTime undone = row.getOffsetDateTime("undone_at");
    return new Merge(
        row.getLong("id"),
        row.getLong("kept_id"),
        row.getLong("gone_id"),
        row.getOffsetDateTime("at").toInstant(),
        row.getLong("staff_id"),
        row.getString("reason"),
        List.of(row.getArrayOfLongs("address_ids")),
        List.of(row.getArrayOfLongs("case_ids")),
        List.of(row.getArrayOfStrings("filled")),
        undone == null ? null : undone.toInstant());
  }
}
