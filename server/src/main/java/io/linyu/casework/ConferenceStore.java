package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.Conferences.Guest;
import io.linyu.casework.Conferences.Listed;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conferences about cases. The case's row is locked, and says itself which desks are asked: so
/// whoever may see it is known without reading anything else.
final class ConferenceStore {
  long call(Tx tx, CaseId id, @Nullable Long by, Instant at, Instant late) {
    long conference =
        tx.one(
                """
                INSERT INTO conference (case_id, called_at, called_by, late_at) VALUES ($1, $2, $3, $4)
                RETURNING id
                """,
                id.value(),
                at.atOffset(UTC),
                by,
                late.atOffset(UTC))
            .getLong("id");
    convene(tx, id, List.of());
    return conference;
  }

  /// When and where it is, and who is asked. Who was asked before says anew whether they come; what
  /// they have said of it stays.
  void set(
      Tx tx,
      CaseId id,
      long conference,
      Instant starts,
      String place,
      @Nullable Long note,
      List<Long> desks,
      long by,
      Instant at) {
    tx.execute(
        """
        UPDATE conference
           SET starts_at = $2, place = $3, note_id = coalesce($4, note_id), set_by = $5, set_at = $6
         WHERE id = $1
        """,
        conference,
        starts.atOffset(UTC),
        place,
        note,
        by,
        at.atOffset(UTC));
    Long[] asked = desks.toArray(Long[]::new);
    tx.execute(
        "UPDATE conference_desk SET invited = false, comes = NULL WHERE conference_id = $1",
        conference);
    tx.execute(
        """
        INSERT INTO conference_desk (conference_id, desk_id, invited)
        SELECT $1, desk, true FROM unnest($2::bigint[]) WITH ORDINALITY AS asked (desk, nth) ORDER BY nth
            ON CONFLICT (conference_id, desk_id) DO UPDATE SET invited = true
        """,
        conference,
        asked);
    convene(tx, id, desks);
  }

  private static void convene(Tx tx, CaseId id, @Nullable List<Long> desks) {
    tx.execute(
        "UPDATE \"case\" SET convened = $2 WHERE id = $1",
        id.value(),
        desks == null ? null : desks.toArray(Long[]::new));
  }

  /// @param note how they see it; null: as before
  void answer(
      Tx tx, long conference, long desk, boolean comes, @Nullable Long note, long by, Instant at) {
    tx.execute(
        """
        UPDATE conference_desk
           SET comes = $3, view_note_id = coalesce($4, view_note_id), answered_by = $5, answered_at = $6
         WHERE conference_id = $1 AND desk_id = $2
        """,
        conference,
        desk,
        comes,
        note,
        by,
        at.atOffset(UTC));
  }

  /// @param answer what the resident is told; null: nothing
  void hold(
      Tx tx, CaseId id, long conference, long minutes, @Nullable Long answer, long by, Instant at) {
    tx.execute(
        """
        UPDATE conference SET minutes_note_id = $2, answer_id = $3, minuted_by = $4, ended_at = $5
         WHERE id = $1
        """,
        conference,
        minutes,
        answer,
        by,
        at.atOffset(UTC));
    convene(tx, id, null);
  }

  /// Nobody sits down any more.
  void end(Tx tx, CaseId id, long conference, Instant at) {
    tx.execute("UPDATE conference SET ended_at = $2 WHERE id = $1", conference, at.atOffset(UTC));
    convene(tx, id, null);
  }

  /// Who is asked, in the order in which they were.
  List<Guest> guests(Sql sql, long conference) {
    return sql
        .rows(
            """
            SELECT g.desk_id, d.name AS desk_name, g.comes, s.name AS by_name, g.answered_at, n.text AS view
              FROM conference_desk g
              JOIN desk d ON d.id = g.desk_id
              LEFT JOIN staff s ON s.id = g.answered_by
              LEFT JOIN case_note n ON n.id = g.view_note_id
             WHERE g.conference_id = $1 AND g.invited
             ORDER BY g.id
            """,
            conference)
        .stream()
        .map(row ->
            new Guest(
                row.getLong("desk_id"),
                row.getString("desk_name"),
                row.getBoolean("comes"),
                row.getString("by_name"),
                maybeInstant(row, "answered_at"),
                row.getString("view")))
        .toList();
  }

  /// What these desks are asked to, the newest first. Of what was told in confidence nothing at
  /// desks that are not their own.
  ///
  /// @param own of these desks those at which they do not only stand in
  /// @param before the last of the page before
  List<Listed> of(Sql sql, Long[] desks, Long[] own, long before, int limit) {
    return sql
        .rows(
            """
            SELECT f.id, c.code, case_number(c.number, c.round) AS number, f.starts_at, f.place,
                   f.ended_at, f.minutes_note_id, d.name AS desk_name, g.comes
              FROM conference_desk g
              JOIN conference f ON f.id = g.conference_id
              JOIN "case" c ON c.id = f.case_id
              JOIN desk d ON d.id = g.desk_id
             WHERE g.desk_id = ANY($1) AND g.invited AND g.conference_id < $3 AND f.starts_at IS NOT NULL
               AND (g.desk_id = ANY($2) OR NOT c.confidential)
             ORDER BY g.conference_id DESC, g.id
             LIMIT $4
            """,
            desks,
            own,
            before,
            limit)
        .stream()
        .map(row ->
            new Listed(
                row.getLong("id"),
                row.getString("code"),
                row.getString("number"),
                row.getString("desk_name"),
                instant(row, "starts_at"),
                row.getString("place"),
                row.getBoolean("comes"),
                row.getOffsetDateTime("ended_at") != null,
                row.getLong("minutes_note_id") != null))
        .toList();
  }
}
