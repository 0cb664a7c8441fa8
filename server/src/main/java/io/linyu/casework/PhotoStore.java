package io.linyu.casework;

import io.linyu.casework.Photo.Spot;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class PhotoStore {
  void add(
      Tx tx, CaseId id, long note, String code, Buffer digest, Instant at, @Nullable Spot spot) {
    tx.execute(
        """
        INSERT INTO case_photo
               (case_id, note_id, code, digest, taken_at, latitude, longitude, accuracy)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        id.value(),
        note,
        code,
        digest,
        at.atOffset(ZoneOffset.UTC),
        spot == null ? null : spot.latitude(),
        spot == null ? null : spot.longitude(),
        spot == null ? null : spot.accuracy());
  }

  List<Photo> of(Sql sql, CaseId id) {
    return sql
        .rows(
            """
            SELECT note_id, code, taken_at, latitude, longitude, accuracy
              FROM case_photo WHERE case_id = $1 ORDER BY id
            """,
            id.value())
        .stream()
        .map(row ->
            new Photo(
                row.getLong("note_id"),
                row.getString("code"),
                CaseStore.instant(row, "taken_at"),
                spot(row)))
        .toList();
  }

  List<Photos.Drawn> takenBy(Sql sql, CaseId id, long staff, Instant since) {
    return sql
        .rows(
            """
            SELECT p.taken_at, p.latitude, p.longitude, p.accuracy
              FROM case_photo p JOIN case_note n ON n.id = p.note_id
             WHERE p.case_id = $1 AND n.staff_id = $2 AND p.taken_at >= $3
             ORDER BY p.id
            """,
            id.value(),
            staff,
            since.atOffset(ZoneOffset.UTC))
        .stream()
        .map(row -> new Photos.Drawn(null, CaseStore.instant(row, "taken_at"), spot(row)))
        .toList();
  }

  private static @Nullable Spot spot(Row row) {
    Double latitude = row.getDouble("latitude");
    Integer accuracy = row.getInteger("accuracy");
    return latitude == null
        ? null
        : new Spot(latitude, row.getDouble("longitude"), accuracy == null ? 0 : accuracy);
  }

  Optional<Buffer> digest(Sql sql, CaseId id, String code) {
    return sql.row(
            "SELECT digest FROM case_photo WHERE case_id = $1 AND code = $2", id.value(), code)
        .map(row -> row.getBuffer("digest"));
  }
}
