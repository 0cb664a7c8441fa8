package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.util.stream.Collectors.toMap;

import io.linyu.community.Level;
import io.linyu.platform.db.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a case is read: its row with the names in it; and what few have beside it, such as time that
/// is asked for, or parts that others do, only of those few. PostgreSQL sets up all that a
/// statement might read before it reads anything, which for most cases cost more than the reading.
final class CaseRowStore {
  // Names are asked for one by one: among so many joins PostgreSQL looks for an order longer than
  // it then reads.
  /// Of `"case" c`. Of the row itself.
  static final String OWN =
      """
      c.id, case_number(c.number, c.round) AS number, c.code, c.state, c.level, c.urgency, c.category_code, c.territory_id,
      c.territory_known, c.territory_path, c.channel, c.person_id, c.address_id, c.confirmed,
      c.confidential, c.title, c.what, c.place, c.desk_id, c.staff_id, c.body, c.said_at,
      c.opened_at, c.heard_at, c.answered_at, c.closed_at, c.next_due_at, c.version,
      c.consent_id, c.speaker_code, c.urges, c.urged_at, c.resident_urged_at, c.supervised_at,
      c.extension_count, c.lead_desk_id, c.lead_staff_id, c.lead_body, c.reworks, c.passed_by, c.rests,
      c.rejected_desk_id, c.rejected_staff_id, c.appealed_at, c.master_id, c.let_go_at, c.entered_by,
      c.about_desk_id, c.about_staff_id, c.about_territory_id, c.suspected
      """;

  static final String COLUMNS =
      """
      %s,
      coalesce((SELECT name FROM staff WHERE id = c.about_staff_id),
               (SELECT name FROM desk WHERE id = c.about_desk_id)) AS about_name,
      (SELECT role FROM staff WHERE id = c.lead_staff_id) AS lead_role,
      (SELECT name FROM staff WHERE id = c.lead_staff_id) AS lead_name,
      (SELECT name FROM desk WHERE id = c.lead_desk_id) AS lead_desk,
      (SELECT name FROM desk WHERE id = c.desk_id) AS desk_name,
      (SELECT name FROM staff WHERE id = c.staff_id) AS staff_name,
      (SELECT name FROM body WHERE code = c.body) AS body_name,
      %s AS territory_name,
      c.convened IS NOT NULL
        OR EXISTS (SELECT FROM time_request WHERE case_id = c.id)
        OR EXISTS (SELECT FROM case_return WHERE case_id = c.id AND ended_at IS NULL)
        OR EXISTS (SELECT FROM case_dispute
                    WHERE case_id = c.id AND (ended_at IS NULL OR lead_desk_id IS NOT NULL))
        OR EXISTS (SELECT FROM case_part WHERE case_id = c.id AND ended_at IS NULL) AS has_more
      """
          .formatted(OWN, CaseStore.OWN_PLACE_NAME);

  /// What the row names by an id only.
  record Names(
      String territory,
      String desk,
      @Nullable String staff,
      @Nullable String body,
      Case.@Nullable Lead lead,
      @Nullable String about) {
    private static Names of(Row row) {
      return new Names(
          row.getString("territory_name"),
          row.getString("desk_name"),
          row.getString("staff_name"),
          row.getString("body_name"),
          CaseRowStore.lead(row),
          row.getString("about_name"));
    }
  }

  private static final String CASE = "SELECT " + COLUMNS + " FROM \"case\" c ";

  private static final String MORE =
      """
      SELECT x.id,
             q.what AS asked_what, q.asked_by, q.asked_at, q.note_id AS asked_note,
             q.amount AS asked_amount, q.reason AS asked_reason, q.review_on,
             (SELECT name FROM staff WHERE id = q.asked_by) AS asked_by_name,
             r.desk_id AS returned_desk, (SELECT name FROM desk WHERE id = r.desk_id) AS returned_desk_name,
             r.staff_id AS returned_by, (SELECT name FROM staff WHERE id = r.staff_id) AS returned_by_name,
             r.at AS returned_at, r.ground, r.proposed_desk_id,
             (SELECT name FROM desk WHERE id = r.proposed_desk_id) AS proposed_desk_name,
             r.note_id AS returned_note, r.unlisted,
             (SELECT name FROM admission WHERE id = r.admission_id) AS entry_name,
             o.desk_id AS disputed_desk, (SELECT name FROM desk WHERE id = o.desk_id) AS disputed_desk_name,
             o.other_desk_id, (SELECT name FROM desk WHERE id = o.other_desk_id) AS other_desk_name,
             o.staff_id AS disputed_by, (SELECT name FROM staff WHERE id = o.staff_id) AS disputed_by_name,
             o.at AS disputed_at, o.note_id AS disputed_note, o.view_due_at, o.view_note_id, o.viewed_at,
             o.viewed_by, (SELECT name FROM staff WHERE id = o.viewed_by) AS viewed_by_name,
             o.ruling_desk_id, (SELECT name FROM desk WHERE id = o.ruling_desk_id) AS ruling_desk_name,
             o.ruling_level, bound.desks AS bound_desks, bound.levels AS bound_levels,
             f.id AS conference, f.called_at, f.called_by, f.late_at, f.starts_at, f.place AS conference_place,
             f.note_id AS conference_note, (SELECT name FROM staff WHERE id = f.set_by) AS set_by_name,
             ARRAY(SELECT g.desk_id FROM conference_desk g WHERE g.conference_id = f.id AND g.invited ORDER BY g.id) AS convened,
             w.work_desks, w.work_until, w.contact_desks
        FROM unnest($1::bigint[]) AS x (id)
        LEFT JOIN time_request q ON q.case_id = x.id
        LEFT JOIN case_return r ON r.case_id = x.id AND r.ended_at IS NULL
        LEFT JOIN case_dispute o ON o.case_id = x.id AND o.ended_at IS NULL
        LEFT JOIN conference f ON f.case_id = x.id AND f.ended_at IS NULL
       CROSS JOIN LATERAL (
             SELECT array_agg(y.desk_id) || array_agg(y.other_desk_id) AS desks,
                    array_agg(y.ruling_level) AS levels
               FROM case_dispute y
              WHERE y.case_id = x.id AND y.lead_desk_id IS NOT NULL) bound
       CROSS JOIN LATERAL (
             SELECT array_agg((SELECT name FROM desk WHERE id = p.desk_id) ORDER BY p.id)
                      FILTER (WHERE p.kind = 'work') AS work_desks,
                    max(p.due_at) AS work_until,
                    array_agg(p.desk_id) FILTER (WHERE p.kind = 'contact') AS contact_desks
               FROM case_part p
              WHERE p.case_id = x.id AND p.ended_at IS NULL) w
      """;

  private CaseRowStore() {}

  /// @param which from `WHERE` on
  static Optional<Case> one(Sql sql, String which, @Nullable Object... wanted) {
    return sql.row(CASE + which, wanted).map(row -> read(sql, List.of(row)).getFirst());
  }

  /// In their order.
  static List<Case> all(Sql sql, String which, @Nullable Object... wanted) {
    return read(sql, sql.rows(CASE + which, wanted));
  }

  /// @param row with [#COLUMNS]
  static Future<Case> reading(Sql sql, Row row) {
    return row.getBoolean("has_more")
        ? sql.send(MORE, Tuple.of(new Long[] {row.getLong("id")}))
            .map(more -> read(row, more.iterator().next()))
        : Future.succeededFuture(read(row, null));
  }

  private static List<Case> read(Sql sql, List<Row> rows) {
    Long[] few =
        rows.stream()
            .filter(row -> row.getBoolean("has_more"))
            .map(row -> row.getLong("id"))
            .distinct()
            .toArray(Long[]::new);
    Map<Long, Row> more =
        few.length == 0
            ? Map.of()
            : sql.rows(MORE, (Object) few).stream()
                .collect(toMap(row -> row.getLong("id"), row -> row));
    return rows.stream().map(row -> read(row, more.get(row.getLong("id")))).toList();
  }

  private static Case read(Row row, @Nullable Row more) {
    return read(row, more, Names.of(row));
  }

  /// @param row with [#OWN]
  /// @param more null: nothing is asked for, disputed, to be sat down about or done in parts
  static Case read(Row row, @Nullable Row more, Names names) {
    return new Case(
        new CaseId(row.getLong("id")),
        new CaseNumber(row.getString("number")),
        row.getString("code"),
        CaseState.valueOf(row.getString("state")),
        Level.of(row.getString("level")),
        Urgency.of(row.getString("urgency")),
        row.getString("category_code"),
        row.getLong("territory_id"),
        row.getBoolean("territory_known"),
        names.territory(),
        row.getString("territory_path"),
        row.getString("channel"),
        row.getLong("person_id"),
        row.getLong("address_id"),
        row.getBoolean("confirmed"),
        row.getBoolean("confidential"),
        row.getString("title"),
        row.getString("what"),
        row.getString("place"),
        row.getLong("desk_id"),
        names.desk(),
        row.getLong("staff_id"),
        names.staff(),
        row.getString("body"),
        names.body(),
        instant(row, "said_at"),
        instant(row, "opened_at"),
        maybeInstant(row, "heard_at"),
        maybeInstant(row, "answered_at"),
        maybeInstant(row, "closed_at"),
        maybeInstant(row, "next_due_at"),
        row.getInteger("version"),
        row.getLong("consent_id"),
        row.getString("speaker_code"),
        row.getInteger("urges"),
        maybeInstant(row, "urged_at"),
        maybeInstant(row, "resident_urged_at"),
        maybeInstant(row, "supervised_at"),
        row.getInteger("extension_count"),
        more == null ? null : asked(more),
        names.lead(),
        row.getInteger("reworks"),
        Set.of(row.getArrayOfLongs("passed_by")),
        row.getBoolean("rests"),
        row.getLong("rejected_desk_id"),
        row.getLong("rejected_staff_id"),
        maybeInstant(row, "appealed_at"),
        more == null ? null : returned(more),
        more == null ? null : disputed(more),
        more == null ? CaseDispute.Binding.NONE : ruled(more),
        more == null ? null : conference(more),
        new Accused(
            row.getLong("about_desk_id"),
            row.getLong("about_staff_id"),
            row.getLong("about_territory_id"),
            names.about(),
            row.getString("suspected")),
        more == null ? CoWork.NONE : work(more),
        row.getLong("master_id") == null ? null : new CaseId(row.getLong("master_id")),
        maybeInstant(row, "let_go_at"),
        row.getLong("entered_by"));
  }

  private static CoWork work(Row row) {
    String[] desks = row.getArrayOfStrings("work_desks");
    Long[] contact = row.getArrayOfLongs("contact_desks");
    return new CoWork(
        desks == null ? List.of() : List.of(desks),
        maybeInstant(row, "work_until"),
        contact == null ? List.of() : List.of(contact));
  }

  private static Case.@Nullable Lead lead(Row row) {
    Long desk = row.getLong("lead_desk_id");
    return desk == null
        ? null
        : new Case.Lead(
            desk,
            row.getString("lead_desk"),
            row.getLong("lead_staff_id"),
            row.getString("lead_role"),
            row.getString("lead_name"),
            row.getString("lead_body"));
  }

  private static @Nullable CaseReturn returned(Row row) {
    Long desk = row.getLong("returned_desk");
    return desk == null
        ? null
        : new CaseReturn(
            desk,
            row.getString("returned_desk_name"),
            row.getLong("returned_by"),
            row.getString("returned_by_name"),
            instant(row, "returned_at"),
            row.getBoolean("unlisted")
                ? Returning.Ground.NOT_LISTED
                : Returning.Ground.of(row.getString("ground")).orElseThrow(),
            row.getLong("proposed_desk_id"),
            row.getString("proposed_desk_name"),
            row.getLong("returned_note"),
            row.getString("entry_name"));
  }

  private static @Nullable CaseDispute disputed(Row row) {
    Long desk = row.getLong("disputed_desk");
    return desk == null
        ? null
        : new CaseDispute(
            desk,
            row.getString("disputed_desk_name"),
            row.getLong("other_desk_id"),
            row.getString("other_desk_name"),
            row.getLong("disputed_by"),
            row.getString("disputed_by_name"),
            instant(row, "disputed_at"),
            row.getLong("disputed_note"),
            instant(row, "view_due_at"),
            row.getLong("view_note_id"),
            maybeInstant(row, "viewed_at"),
            row.getLong("viewed_by"),
            row.getString("viewed_by_name"),
            row.getLong("ruling_desk_id"),
            row.getString("ruling_desk_name"),
            Level.of(row.getString("ruling_level")));
  }

  private static @Nullable Conference conference(Row row) {
    Long id = row.getLong("conference");
    return id == null
        ? null
        : new Conference(
            id,
            instant(row, "called_at"),
            row.getLong("called_by"),
            instant(row, "late_at"),
            maybeInstant(row, "starts_at"),
            row.getString("conference_place"),
            row.getLong("conference_note"),
            row.getString("set_by_name"),
            List.of(row.getArrayOfLongs("convened")));
  }

  private static CaseDispute.Binding ruled(Row row) {
    Long[] desks = row.getArrayOfLongs("bound_desks");
    return desks == null
        ? CaseDispute.Binding.NONE
        : new CaseDispute.Binding(
            List.of(desks),
            Stream.of(row.getArrayOfStrings("bound_levels"))
                .map(Level::of)
                .min(Comparator.naturalOrder())
                .orElseThrow());
  }

  private static @Nullable TimeRequest asked(Row row) {
    String what = row.getString("asked_what");
    return what == null
        ? null
        : new TimeRequest(
            TimeRequest.What.of(what),
            row.getLong("asked_by"),
            row.getString("asked_by_name"),
            instant(row, "asked_at"),
            row.getLong("asked_note"),
            Objects.requireNonNullElse(row.getInteger("asked_amount"), 0),
            Optional.ofNullable(row.getString("asked_reason"))
                .flatMap(TimeRequest.Reason::of)
                .orElse(null),
            row.getLocalDate("review_on"));
  }
}
