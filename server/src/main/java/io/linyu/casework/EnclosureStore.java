package io.linyu.casework;

import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class EnclosureStore {
  private static final String COLUMNS =
      "id, code, case_id, answer_id, kind, name, type, bytes, seconds, digest";

  /// Two that come at once are counted one after the other.
  void lockDraft(Tx tx, long staff, CaseId id) {
    var _ =
        tx.rows(
            "SELECT pg_advisory_xact_lock(hashtextextended('enclosure:' || $1::text || ':' || $2::text, 0))::text",
            Long.toString(staff),
            Long.toString(id.value()));
  }

  Enclosure insert(
      Tx tx,
      long staff,
      CaseId id,
      Enclosure.Kind kind,
      String name,
      String type,
      long bytes,
      int seconds,
      Buffer digest,
      Instant at) {
    return read(
        tx.one(
            """
            INSERT INTO enclosure (code, case_id, staff_id, kind, name, type, bytes, seconds, digest, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            RETURNING %s
            """
                .formatted(COLUMNS),
            Codes.random(),
            id.value(),
            staff,
            kind.word(),
            name,
            type,
            bytes,
            seconds,
            digest,
            at.atOffset(ZoneOffset.UTC)));
  }

  List<Enclosure> waiting(Sql sql, long staff, CaseId id) {
    return sql
        .rows(
            """
            SELECT %s FROM enclosure
             WHERE staff_id = $1 AND case_id = $2 AND answer_id IS NULL AND removed_at IS NULL
             ORDER BY id
            """
                .formatted(COLUMNS),
            staff,
            id.value())
        .stream()
        .map(EnclosureStore::read)
        .toList();
  }

  boolean remove(Sql sql, long staff, CaseId id, String code, Instant now) {
    return sql.execute(
            """
            UPDATE enclosure SET removed_at = $4
             WHERE staff_id = $1 AND case_id = $2 AND code = $3 AND answer_id IS NULL
               AND removed_at IS NULL
            """,
            staff,
            id.value(),
            code,
            now.atOffset(ZoneOffset.UTC))
        == 1;
  }

  boolean putBack(Sql sql, long staff, CaseId id, String code) {
    return sql.execute(
            """
            UPDATE enclosure SET removed_at = NULL
             WHERE staff_id = $1 AND case_id = $2 AND code = $3 AND answer_id IS NULL
            """,
            staff,
            id.value(),
            code)
        == 1;
  }

  int send(Tx tx, long staff, CaseId id, long answer, Collection<String> codes) {
    return tx.execute(
        """
        UPDATE enclosure SET answer_id = $3
         WHERE staff_id = $1 AND case_id = $2 AND code = ANY($4::text[]) AND answer_id IS NULL
           AND removed_at IS NULL
        """,
        staff,
        id.value(),
        answer,
        codes.toArray(String[]::new));
  }

  List<Enclosure> of(Sql sql, Collection<Long> answers) {
    return sql
        .rows(
            "SELECT %s FROM enclosure WHERE answer_id = ANY($1::bigint[]) ORDER BY answer_id, id"
                .formatted(COLUMNS),
            (Object) answers.toArray(Long[]::new))
        .stream()
        .map(EnclosureStore::read)
        .toList();
  }

  Optional<Enclosure> sent(Sql sql, CaseId id, String code) {
    return sql.row(
            "SELECT %s FROM enclosure WHERE code = $2 AND case_id = $1 AND answer_id IS NOT NULL"
                .formatted(COLUMNS),
            id.value(),
            code)
        .map(EnclosureStore::read);
  }

  /// @return what they held
  List<Buffer> forget(Sql sql, Instant removedBefore, Instant before, int most) {
    return sql
        .rows(
            """
            DELETE FROM enclosure
             WHERE id IN (
                   SELECT id FROM enclosure
                    WHERE answer_id IS NULL AND (removed_at < $1 OR at < $2)
                    ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING digest
            """,
            removedBefore.atOffset(ZoneOffset.UTC),
            before.atOffset(ZoneOffset.UTC),
            most)
        .stream()
        .map(row -> row.getBuffer("digest"))
        .toList();
  }

  private static Enclosure read(Row row) {
    return new Enclosure(
        row.getLong("id"),
        row.getString("code"),
        new CaseId(row.getLong("case_id")),
        row.getLong("answer_id"),
        // One of another release is shown as a document.
        Enclosure.Kind.of(row.getString("kind")).orElse(Enclosure.Kind.FILE),
        row.getString("name"),
        row.getString("type"),
        row.getLong("bytes"),
        row.getInteger("seconds"),
        row.getBuffer("digest"));
  }
}
