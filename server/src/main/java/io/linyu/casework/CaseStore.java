package io.linyu.casework;

import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.platform.db.Bulk;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class CaseStore {
  /// As the resident would say it, such as `和光小区3栋`. Of `territory t`, in the community `territory
  /// u`.
  static final String PLACE_NAME =
      """
      CASE t.level
           WHEN 'building' THEN coalesce(t.estate, u.name, '') || t.name
           WHEN 'group' THEN coalesce(u.name, '') || t.name
           ELSE t.name END
      """;

  /// Of `"case" c`.
  static final String OWN_PLACE_NAME =
      """
      (SELECT %s FROM territory t LEFT JOIN territory u ON u.id = c.community_id WHERE t.id = c.territory_id)
      """
          .formatted(PLACE_NAME);

  /// What a new case is called: by us, and by people.
  record Name(CaseId id, CaseNumber number) {}

  Future<Name> draw(Sql sql) {
    return sql.send(
            """
            SELECT nextval('case_id_seq') AS id, nextval('case_number') AS number
            """,
            Tuple.tuple())
        .map(rows -> rows.iterator().next())
        .map(row -> new Name(new CaseId(row.getLong("id")), CaseNumber.nth(row.getLong("number"))));
  }

  void insert(
      Tx tx,
      CaseId id,
      NewCase draft,
      CaseNumber number,
      String code,
      CaseState state,
      Level level,
      Urgency urgency,
      @Nullable String category,
      String path,
      Units units,
      String title,
      String salt,
      Routing.Way way,
      boolean confidential,
      Instant said,
      Instant at,
      @Nullable CaseClock next,
      @Nullable String speakerCode) {
    OffsetDateTime now = at.atOffset(UTC);
    tx.tell(
        """
        WITH opened AS (
        INSERT INTO "case"
               (id, number, code, state, level, urgency, category_code, territory_id,
                territory_path, territory_known, street_id, community_id, grid_id, channel,
                person_id, address_id, confirmed, confidential, title, what, place, salt,
                desk_id, body, said_at, opened_at, heard_at, closed_at, next_due_at,
                next_amber_at, message_ids, consent_id, speaker_code, entered_by)
        OVERRIDING SYSTEM VALUE
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                $19, $20, $21, $22, $23, $24, $25, $26, $34, $27, $28, $29, $30,
                $31, $32, $33)
        )
        INSERT INTO case_words_due (case_id, next_due_at) VALUES ($1, $26)
        """,
        id.value(),
        number.text(),
        code,
        state.name(),
        level.word(),
        urgency.word(),
        category,
        draft.territoryId(),
        path,
        draft.territoryKnown(),
        units.street(),
        units.community(),
        units.grid(),
        draft.channel(),
        draft.personId(),
        draft.addressId(),
        draft.confirmed(),
        confidential,
        title,
        draft.what(),
        draft.place(),
        salt,
        way.desk().id(),
        way.body(),
        said.atOffset(UTC),
        now,
        state.isOpen() ? null : now,
        next == null ? null : next.dueAt().atOffset(UTC),
        next == null ? null : next.amberAt().atOffset(UTC),
        draft.messageIds().toArray(Long[]::new),
        draft.consentId(),
        speakerCode,
        draft.enteredBy(),
        draft.isTold() ? said.atOffset(UTC) : null); // else nobody waits for an answer
  }

  // Finding.

  Optional<Case> byId(Sql sql, CaseId id) {
    return CaseRowStore.one(sql, " WHERE c.id = $1", id.value());
  }

  List<Case> byIds(Sql sql, Collection<CaseId> ids) {
    if (ids.size() == 1) {
      return byId(sql, ids.iterator().next()).stream().toList(); // whose plan is kept
    }
    Long[] values = ids.stream().map(CaseId::value).toArray(Long[]::new);
    return CaseRowStore.all(sql, " WHERE c.id = ANY($1::bigint[])", (Object) values);
  }

  /// Those that are handled with it, in the order in which they were told.
  ///
  /// @param since those that had been merged by then
  List<Case> following(Sql sql, CaseId master, Instant since) {
    return CaseRowStore.all(
        sql,
        " WHERE c.master_id = $1 AND c.merged_at <= $2 ORDER BY c.id",
        master.value(),
        since.atOffset(UTC));
  }

  // What no step changes a case is found by in `case_key`, whose indexes no step has to touch.

  /// Of `"case" c`.
  private static final String BY_CODE =
      " WHERE c.id = (SELECT case_id FROM case_key WHERE code = $1)";

  /// Of `"case" c`.
  private static final String BY_NUMBER =
      " WHERE c.id = (SELECT case_id FROM case_key WHERE number = $1)";

  /// Behind `"case" c`.
  private static final String OF_PERSON =
      " JOIN case_key keys ON keys.case_id = c.id WHERE keys.person_id = $1";

  Optional<Case> byCode(Sql sql, String code) {
    return CaseRowStore.one(sql, BY_CODE, code);
  }

  List<Case> ofPerson(Sql sql, long person, int limit) {
    return CaseRowStore.all(sql, OF_PERSON + " ORDER BY keys.case_id DESC LIMIT $2", person, limit);
  }

  /// Whether what a merged case follows goes on; the case itself is closed for the desks.
  private static final String FOLLOWS =
      """
      (EXISTS (SELECT FROM known_join j JOIN known_matter m ON m.id = j.matter_id
                WHERE j.case_id = c.id AND m.ended_at IS NULL)
       OR EXISTS (SELECT FROM "case" m WHERE m.id = c.master_id AND m.closed_at IS NULL))
      """;

  /// Whether it is to come to an end for whoever told it.
  private static final String GOES_ON =
      "c.let_go_at IS NULL AND (c.closed_at IS NULL OR c.state = 'MERGED' AND " + FOLLOWS + ")";

  /// What is still to come to an end, newest first.
  ///
  /// @param before only those told before this one; null: from the newest
  List<Case> goingOn(Sql sql, long person, @Nullable CaseId before, int limit) {
    return ofPerson(
        sql, "(c.closed_at IS NULL OR c.state = 'MERGED') AND " + GOES_ON, person, before, limit);
  }

  /// What has come to its end, newest first.
  List<Case> over(Sql sql, long person, @Nullable CaseId before, int limit) {
    return ofPerson(
        sql,
        "(c.closed_at IS NOT NULL OR c.let_go_at IS NOT NULL) AND NOT (" + GOES_ON + ")",
        person,
        before,
        limit);
  }

  private static List<Case> ofPerson(
      Sql sql, String which, long person, @Nullable CaseId before, int limit) {
    return CaseRowStore.all(
        sql,
        OF_PERSON + " AND keys.case_id < $2 AND " + which + " ORDER BY keys.case_id DESC LIMIT $3",
        person,
        before == null ? Long.MAX_VALUE : before.value(),
        limit);
  }

  /// Whether the person told it, and whether it is still to come to an end.
  Optional<Boolean> goesOn(Sql sql, long person, CaseId id) {
    return sql.row(
            "SELECT "
                + GOES_ON
                + " AS goes_on FROM \"case\" c WHERE c.id = $1 AND c.person_id = $2",
            id.value(),
            person)
        .map(row -> row.getBoolean("goes_on"));
  }

  int countOfPerson(Sql sql, long person) {
    return sql.one("SELECT count(*)::int AS many FROM case_key WHERE person_id = $1", person)
        .getInteger("many");
  }

  Optional<Case> ofPerson(Sql sql, long person, CaseNumber number) {
    return CaseRowStore.one(sql, BY_NUMBER + " AND c.person_id = $2", number.text(), person);
  }

  /// What they may see: what their desks hold, and what lies in their scope; and what their desks
  /// do a part of, as long as they do. What was told in confidence they see only where whoever asks
  /// them has said so. While it is disputed whose it is, the desk that was named sees it, too, but
  /// nothing that was told in confidence; and the one that rules. So do the desks that are asked to
  /// a conference about it: these stand in the row itself, so that they cost nothing.
  ///
  /// Where they only stand in, the same, but for what was told in confidence, or is about them:
  /// that they see where it is theirs to see anyway.
  ///
  /// And nothing of what is about them as a neighbour, wherever it is.
  static final String VISIBLE = visible("$2", "$3", "$4", "$5", "$6");

  /// The same of somebody else in each row.
  ///
  /// @param desks where they work or stand in, and `staff` who they are
  /// @param grid of their [Scope], and its `path` and `circles`
  private static String visible(
      String desks, String staff, String grid, String path, String circles) {
    return """
    (c.id <> ALL (%7$s) AND ((c.desk_id = ANY(%1$s) OR c.lead_desk_id = ANY(%1$s))
        AND (NOT c.confidential AND c.about_staff_id IS DISTINCT FROM %2$s
             OR c.desk_id = ANY(%6$s) OR c.lead_desk_id = ANY(%6$s))
     OR c.staff_id = %2$s
     OR (c.grid_id = %3$s OR starts_with(c.territory_path, %4$s))
        AND (NOT c.confidential OR c.level = ANY(%5$s))
     OR EXISTS (SELECT FROM case_part w
                 WHERE w.case_id = c.id AND w.desk_id = ANY(%1$s) AND w.ended_at IS NULL
                   AND (w.shows AND w.desk_id = ANY(%6$s) OR NOT c.confidential))
     OR c.convened && %1$s AND NOT c.confidential
     OR EXISTS (SELECT FROM case_dispute x
                 WHERE x.case_id = c.id AND x.ended_at IS NULL
                   AND (x.ruling_desk_id = ANY(%6$s)
                        OR (x.ruling_desk_id = ANY(%1$s) OR x.other_desk_id = ANY(%1$s))
                           AND NOT c.confidential))))
    """
        .formatted(
            desks,
            staff,
            grid,
            path,
            circles,
            "ARRAY(SELECT desk_id FROM desk_member WHERE staff_id = %s)".formatted(staff),
            keptFrom(staff));
  }

  /// What is kept from this member of staff, as an array that is asked for once.
  ///
  /// @param staff the parameter that says who
  static String keptFrom(String staff) {
    return "ARRAY(SELECT case_id FROM kept_from WHERE staff_id = %s)".formatted(staff);
  }

  Optional<Case> visible(Sql sql, Staff staff, Scope scope, CaseId id) {
    return visible(sql, staff, scope, "WHERE c.id = $1 AND " + VISIBLE, id.value()).stream()
        .findFirst();
  }

  /// Those of these that they may see.
  Set<CaseId> visible(Sql sql, Staff staff, Scope scope, Collection<CaseId> ids) {
    return sql
        .rows(
            "SELECT c.id FROM \"case\" c WHERE c.id = ANY($1::bigint[]) AND " + VISIBLE,
            ids.stream().map(CaseId::value).toArray(Long[]::new),
            desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .collect(toUnmodifiableSet());
  }

  Map<CaseId, Cases.Named> named(Sql sql, Staff staff, Scope scope, Collection<CaseId> ids) {
    return sql
        .rows(
            "SELECT c.id, c.code, case_number(c.number, c.round) AS number, c.title FROM \"case\" c WHERE c.id = ANY($1::bigint[]) AND "
                + VISIBLE,
            ids.stream().map(CaseId::value).toArray(Long[]::new),
            desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .stream()
        .map(row ->
            new Cases.Named(
                new CaseId(row.getLong("id")),
                row.getString("code"),
                row.getString("number"),
                row.getString("title")))
        .collect(toMap(Cases.Named::id, each -> each));
  }

  List<Case> ofPersonVisible(Sql sql, Staff staff, Scope scope, long person, int limit) {
    return visible(
        sql,
        staff,
        scope,
        OF_PERSON + " AND " + VISIBLE + " ORDER BY keys.case_id DESC LIMIT " + limit,
        person);
  }

  Optional<Case> byNumberVisible(Sql sql, Staff staff, Scope scope, CaseNumber number) {
    return visibleByName(sql, staff, scope, "", number.text());
  }

  /// By the code of its page or by its number, whichever is not empty.
  Optional<Case> visibleByName(Sql sql, Staff staff, Scope scope, String code, String number) {
    String which = (code.isEmpty() ? BY_NUMBER : BY_CODE) + " AND " + VISIBLE;
    return visible(sql, staff, scope, which, code.isEmpty() ? number : code).stream().findFirst();
  }

  /// What staff of other units may look at, when they say why: not what is told in confidence,
  /// complains about staff or is kept quiet, whatever the case itself is marked with.
  static final String LOOKABLE =
      """
      NOT c.confidential
      AND c.about_staff_id IS NULL AND c.about_desk_id IS NULL AND c.about_territory_id IS NULL
      AND NOT EXISTS (SELECT FROM category q WHERE q.code = c.category_code AND q.about_staff)
      AND NOT is_quiet(c.id)
      """;

  /// What complains about staff, or seems to.
  static final String ABOUT_STAFF =
      """
      (c.suspected IS NOT NULL OR c.about_staff_id IS NOT NULL OR c.about_desk_id IS NOT NULL
       OR c.about_territory_id IS NOT NULL
       OR EXISTS (SELECT FROM category q WHERE q.code = c.category_code AND q.about_staff))
      """;

  /// By the code of its page or by its number, whichever is not empty.
  Optional<CaseId> lookable(Sql sql, String code, String number) {
    return sql.row(
            "SELECT c.id FROM \"case\" c"
                + (code.isEmpty() ? BY_NUMBER : BY_CODE)
                + " AND "
                + LOOKABLE,
            code.isEmpty() ? number : code)
        .map(row -> new CaseId(row.getLong("id")));
  }

  /// What this look shows, as long as it does.
  Optional<Case> looked(Sql sql, long staff, String look, Instant now) {
    return CaseRowStore.one(
        sql,
        """
         WHERE c.id = (SELECT k.case_id FROM look_outside k
                        WHERE k.code = $1 AND k.staff_id = $2 AND k.until > $3)
           AND \
        """
            + LOOKABLE,
        look,
        staff,
        now.atOffset(UTC));
  }

  private static List<Case> visible(
      Sql sql, Staff staff, Scope scope, String which, Object wanted) {
    return CaseRowStore.all(
        sql,
        which,
        wanted,
        desks(staff),
        staff.id(),
        scope.grid(),
        scope.path(),
        scope.confidential());
  }

  List<CaseId> hidden(Sql sql, Staff staff, Scope scope, long person) {
    return sql
        .rows(
            // Nobody has it yet is neither theirs nor not theirs.
            "SELECT c.id FROM \"case\" c"
                + OF_PERSON
                + " AND c.confidential AND "
                + VISIBLE
                + " IS NOT TRUE",
            person,
            desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  /// Those of them that complain about staff: not a word of them is read, also where the person
  /// said it beside something else.
  List<CaseId> keptFrom(Sql sql, Staff staff, Scope scope, long person) {
    return sql
        .rows(
            "SELECT c.id FROM \"case\" c"
                + OF_PERSON
                + " AND c.confidential AND "
                + ABOUT_STAFF
                + " AND "
                + VISIBLE
                + " IS NOT TRUE",
            person,
            desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential())
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  /// Those of these messages that belong to a case of the person which they may see.
  Set<Long> readable(Sql sql, Staff staff, Scope scope, long person, Collection<Long> messages) {
    return sql
        .rows(
            "SELECT DISTINCT m FROM \"case\" c CROSS JOIN unnest(c.message_ids) AS m"
                + OF_PERSON
                + " AND m = ANY($7::bigint[]) AND "
                + VISIBLE,
            person,
            desks(staff),
            staff.id(),
            scope.grid(),
            scope.path(),
            scope.confidential(),
            messages.toArray(Long[]::new))
        .stream()
        .map(row -> row.getLong("m"))
        .collect(toUnmodifiableSet());
  }

  List<Long> moveAll(Tx tx, long from, long to) {
    return tx
        .rows(
            """
            UPDATE "case" SET person_id = $2
             WHERE id IN (SELECT case_id FROM case_key WHERE person_id = $1) AND person_id = $1
            RETURNING id
            """,
            from,
            to)
        .stream()
        .map(row -> row.getLong("id"))
        .sorted()
        .toList();
  }

  /// @param consents what was told by them goes along, wherever it was told; and what somebody told
  ///   for another stays theirs, at whichever address
  void moveBack(
      Tx tx, long from, long to, List<Long> cases, List<Long> addresses, List<Long> consents) {
    tx.execute(
        """
        UPDATE "case" SET person_id = $2
         WHERE id IN (SELECT case_id FROM case_key WHERE person_id = $1) AND person_id = $1
           AND (id = ANY($3::bigint[]) OR (address_id = ANY($4::bigint[]) AND consent_id IS NULL)
                OR consent_id = ANY($5::bigint[]))
        """,
        from,
        to,
        cases.toArray(Long[]::new),
        addresses.toArray(Long[]::new),
        consents.toArray(Long[]::new));
  }

  /// What was told by these consents, and what else these persons have, newest first; but not what
  /// they told in confidence, nor their dangers.
  List<Case> actedFor(Sql sql, Collection<Long> consents, Collection<Long> seenAll, int limit) {
    return CaseRowStore.all(
        sql,
        """
         WHERE c.id IN (
           (SELECT id FROM "case" WHERE consent_id = ANY($1::bigint[]) ORDER BY id DESC LIMIT $3)
           UNION
           (SELECT c.id FROM case_key k JOIN "case" c ON c.id = k.case_id
             WHERE k.person_id = ANY($2::bigint[]) AND NOT c.confidential AND c.state <> 'HANDED_OFF'
             ORDER BY c.id DESC LIMIT $3))
         ORDER BY c.id DESC LIMIT $3
        """,
        consents.toArray(Long[]::new),
        seenAll.toArray(Long[]::new),
        limit);
  }

  Optional<Case> byNumber(Sql sql, CaseNumber number) {
    return CaseRowStore.one(sql, BY_NUMBER, number.text());
  }

  /// By the link of whoever told it for somebody.
  Optional<Case> bySpeakerCode(Sql sql, String code) {
    return CaseRowStore.one(sql, " WHERE c.speaker_code = $1", code);
  }

  /// By the page that the code on a slip of paper opens.
  Optional<Case> bySlip(Sql sql, String pageCode) {
    return CaseRowStore.one(
        sql, " WHERE c.id = (SELECT case_id FROM slip_code WHERE page_code = $1)", pageCode);
  }

  /// The one that this message tells or answers, where somebody told it for another at this
  /// address.
  Optional<CaseId> spokenIn(Sql sql, long address, long message) {
    return sql.row(
            """
            SELECT c.id FROM "case" c
             WHERE c.address_id = $1 AND c.consent_id IS NOT NULL
               AND ($2 = ANY(c.message_ids)
                    OR c.id = (SELECT case_id FROM message WHERE id = $2))
             LIMIT 1
            """,
            address,
            message)
        .map(row -> new CaseId(row.getLong("id")));
  }

  boolean isQuiet(Sql sql, CaseId id) {
    return sql.one("SELECT is_quiet($1) AS quiet", id.value()).getBoolean("quiet");
  }

  Optional<CaseId> idOf(Sql sql, String code) {
    return sql.row("SELECT case_id FROM case_key WHERE code = $1", code)
        .map(row -> new CaseId(row.getLong("case_id")));
  }

  private static final String LOCK = "SELECT id FROM \"case\" WHERE id = $1 FOR NO KEY UPDATE";

  /// Puts everybody else who wants to change it in a queue; but not who shares the transaction, so
  /// whoever shares one locks nothing beside what they opened.
  boolean lock(Tx tx, CaseId id) {
    tx.requireUnshared();
    return tx.row(LOCK, id.value()).isPresent();
  }

  /// What each step needs beside the case.
  ///
  /// @param salt empty: its texts were taken away
  /// @param answer the id of what is said to the resident, if something is: nobody waits for one
  /// @param waited whether whoever told it has not been contacted yet
  record Locked(String salt, Rules rules, long answer, boolean waited) {
    /// Of `"case" c`.
    private static final String COLUMNS =
        """
        c.salt, nextval('case_answer_id_seq') AS answer,
        EXISTS (SELECT FROM clock
                 WHERE case_id = c.id AND kind = 'first_contact' AND stopped_at IS NULL) AS waited
        """;

    private static Locked of(Row row) {
      return new Locked(
          Objects.requireNonNullElse(row.getString("salt"), ""),
          RuleStore.read(row),
          row.getLong("answer"),
          row.getBoolean("waited"));
    }
  }

  private static final String LOCK_FIRST =
      """
      SELECT %s, r.*
        FROM "case" c CROSS JOIN LATERAL (%s) r
       WHERE c.id = $1 FOR NO KEY UPDATE OF c
      """
          .formatted(Locked.COLUMNS, RuleStore.at("$2"));

  /// The same without waiting: whatever is sent behind it is read once it is locked.
  ///
  /// @param at by the rules of which moment
  /// @return empty: there is no such case
  Future<Optional<Locked>> lockFirst(Tx tx, CaseId id, Instant at) {
    return tx.send(LOCK_FIRST, Tuple.of(id.value(), at.atOffset(UTC)))
        .map(rows -> rows.stream().findFirst().map(Locked::of));
  }

  record Opened(Case matter, Locked locked) {}

  /// What [#open] has found, whose lock one has. What few have beside it is asked for as it is
  /// [read][#opened].
  record Unread(Row row) {}

  private static final Bulk OPEN = opening("");

  /// With others, nobody waits for the lock of one.
  private static final Bulk OPEN_WITH_OTHERS = opening("SKIP LOCKED");

  /// Whoever waited for the lock has the row as it is now, and all beside it as it was before. What
  /// changes anything of it changes the row, too.
  private static Bulk opening(String waiting) {
    return new Bulk(
        "id bigint, desks text, staff bigint, grid bigint, path text, circles text, at timestamptz",
        """
        WITH n AS MATERIALIZED (
        SELECT x.id, x.desks::bigint[] AS desks, x.staff, x.grid, x.path,
               x.circles::text[] AS circles, x.at, x.nth
          FROM %%s)
        SELECT n.nth, %s, r.*,
               c.xmin = (SELECT o.xmin FROM "case" o WHERE o.id = c.id) AS fresh, %s
          FROM n JOIN "case" c ON c.id = n.id CROSS JOIN LATERAL (%s) r
         WHERE %s FOR NO KEY UPDATE OF c %s
        """
            .formatted(
                Locked.COLUMNS,
                CaseRowStore.COLUMNS,
                RuleStore.at("n.at"),
                visible("n.desks", "n.staff", "n.grid", "n.path", "n.circles"),
                waiting));
  }

  /// Locks it and reads it in one.
  ///
  /// @param at by the rules of which moment
  /// @return empty: they may not see it, or somebody else has changed it this very moment, or there
  ///   is none; or somebody has the lock, where others use this transaction
  Future<Optional<Unread>> open(Tx tx, Staff staff, Scope scope, CaseId id, Instant at) {
    return tx.ask(
            tx.isShared() ? OPEN_WITH_OTHERS : OPEN,
            id.value(),
            array(staff.allDesks()),
            staff.id(),
            scope.grid(),
            scope.path(),
            array(List.of(scope.confidential())),
            at.atOffset(UTC))
        .map(found -> found.filter(row -> row.getBoolean("fresh")).map(Unread::new));
  }

  static Opened opened(Tx tx, Unread found) {
    Row row = found.row();
    return new Opened(tx.hear(CaseRowStore.reading(tx, row)), Locked.of(row));
  }

  /// As PostgreSQL reads an array: an array of arrays would have to have the same length for all.
  private static String array(Collection<?> values) {
    return values.stream().map(String::valueOf).collect(joining(",", "{", "}"));
  }

  /// For what has [#VISIBLE], or leaves out what is told in confidence where they only stand in.
  static Long[] desks(Staff staff) {
    return staff.allDesks().toArray(Long[]::new);
  }

  static Long[] ownDesks(Staff staff) {
    return staff.desks().toArray(Long[]::new);
  }

  // Changing.

  Optional<String> salt(Sql sql, CaseId id) {
    return sql.row("SELECT salt FROM \"case\" WHERE id = $1", id.value())
        .flatMap(row -> Optional.ofNullable(row.getString("salt")));
  }

  /// What a step leaves of a case.
  ///
  /// @param answeredAt null: as before
  /// @param stops clocks that stop with it
  record Kept(
      CaseId id,
      CaseState state,
      Level level,
      Urgency urgency,
      @Nullable String category,
      boolean confidential,
      long desk,
      @Nullable Long staff,
      @Nullable String body,
      @Nullable Instant closedAt,
      Case.@Nullable Lead lead,
      boolean rests,
      @Nullable Instant answeredAt,
      int version,
      Set<CaseClock.Kind> stops,
      Instant at) {
    private @Nullable Object[] row() {
      return new @Nullable Object[] {
        id.value(),
        state.name(),
        level.word(),
        urgency.word(),
        category,
        confidential,
        desk,
        staff,
        body,
        closedAt == null ? null : closedAt.atOffset(UTC),
        lead == null ? null : lead.deskId(),
        lead == null ? null : lead.staffId(),
        lead == null ? null : lead.bodyCode(),
        rests,
        answeredAt == null ? null : answeredAt.atOffset(UTC),
        version,
        array(stops.stream().map(CaseClock.Kind::word).toList()),
        at.atOffset(UTC)
      };
    }
  }

  private static final Bulk KEEP = keeping("");

  private static final Bulk KEEP_AND_READ = keeping("RETURNING n.nth, " + CaseRowStore.COLUMNS);

  private static final Bulk KEEP_AND_READ_OWN = keeping("RETURNING n.nth, " + CaseRowStore.OWN);

  /// What stops in the same statement still runs for the rest of it.
  private static Bulk keeping(String wanted) {
    return new Bulk(
        """
        id bigint, state text, level text, urgency text, category text, confidential boolean,
        desk bigint, staff bigint, body text, closed_at timestamptz, lead_desk bigint,
        lead_staff bigint, lead_body text, rests boolean, answered_at timestamptz, version int,
        stops text, at timestamptz
        """,
        """
        WITH n AS MATERIALIZED (SELECT x.*, x.stops::text[] AS stopping FROM %s),
        stopped AS (
        UPDATE clock k SET stopped_at = n.at
          FROM n
         WHERE k.case_id = n.id AND k.kind = ANY(n.stopping) AND k.stopped_at IS NULL)
        UPDATE "case" c
           SET state = n.state, level = n.level, urgency = n.urgency, category_code = n.category,
               confidential = n.confidential, desk_id = n.desk, staff_id = n.staff, body = n.body,
               closed_at = n.closed_at, lead_desk_id = n.lead_desk, lead_staff_id = n.lead_staff,
               lead_body = n.lead_body, rests = n.rests,
               answered_at = coalesce(n.answered_at, c.answered_at), version = n.version,
               next_due_at = k.due_at, next_amber_at = k.amber_at
          FROM n
          LEFT JOIN LATERAL (
               SELECT due_at, amber_at FROM clock
                WHERE case_id = n.id AND stopped_at IS NULL
                  AND kind <> ALL(n.stopping)
                ORDER BY due_at
                LIMIT 1) k ON true
         WHERE c.id = n.id
        """
            + wanted);
  }

  void keep(Tx tx, Kept kept) {
    tx.tell(KEEP, kept.row());
  }

  /// @param names what its row names; null: it is not known, or more belongs to the case than
  ///   stands there
  /// @return as it is then
  Future<Case> update(Tx tx, Kept kept, CaseRowStore.@Nullable Names names) {
    return tx.ask(names == null ? KEEP_AND_READ : KEEP_AND_READ_OWN, kept.row())
        .map(Optional::orElseThrow)
        .compose(row ->
            names == null
                ? CaseRowStore.reading(tx, row)
                : Future.succeededFuture(CaseRowStore.read(row, null, names)));
  }

  @Nullable String roleOf(Sql sql, long staff) {
    return sql.row("SELECT role FROM staff WHERE id = $1", staff)
        .map(row -> row.getString("role"))
        .orElse(null);
  }

  /// It was not done after all.
  ///
  /// @param passedBy who had found it done; null: nobody had
  void reworked(Tx tx, CaseId id, @Nullable Long passedBy) {
    tx.execute(
        """
        UPDATE "case"
           SET reworks = reworks + 1,
               passed_by = CASE WHEN $2::bigint IS NULL OR $2 = ANY (passed_by) THEN passed_by
                                ELSE passed_by || $2 END
         WHERE id = $1
        """,
        id.value(),
        passedBy);
  }

  void moveTo(Tx tx, CaseId id, long territory, String path, Units units) {
    tx.execute(
        """
        UPDATE "case"
           SET territory_id = $2, territory_path = $3, territory_known = true,
               street_id = $4, community_id = $5, grid_id = $6
         WHERE id = $1
        """,
        id.value(),
        territory,
        path,
        units.street(),
        units.community(),
        units.grid());
  }

  /// @param messages those that were told; what belongs to it already is not noted again
  void heard(Tx tx, CaseId id, List<Long> messages, Instant at) {
    tx.execute(
        """
        UPDATE "case"
           SET heard_at = $2, rests = false,
               message_ids = message_ids || ARRAY(
                 SELECT m FROM unnest($3::bigint[]) WITH ORDINALITY AS n (m, place)
                  WHERE m <> ALL (message_ids) ORDER BY place)
         WHERE id = $1
        """,
        id.value(),
        at.atOffset(UTC),
        messages.toArray(Long[]::new));
  }

  /// @param byResident whether whoever told it, or somebody for them, has urged it
  void urged(Tx tx, CaseId id, boolean byResident, Instant at) {
    tx.tell(
        """
        UPDATE "case"
           SET urged_at = $2, urges = urges + CASE WHEN $3 THEN 1 ELSE 0 END,
               resident_urged_at = CASE WHEN $3 THEN $2 ELSE resident_urged_at END
         WHERE id = $1
        """,
        id.value(),
        at.atOffset(UTC),
        byResident);
  }

  /// @param since null: nobody supervises it any more
  void supervise(Tx tx, CaseId id, @Nullable Instant since) {
    tx.tell(
        "UPDATE \"case\" SET supervised_at = $2 WHERE id = $1",
        id.value(),
        since == null ? null : since.atOffset(UTC));
  }

  /// @param desk that rejected it, and `staff` who did; null: nobody has
  void rejected(Tx tx, CaseId id, @Nullable Long desk, @Nullable Long staff) {
    tx.execute(
        "UPDATE \"case\" SET rejected_desk_id = $2, rejected_staff_id = $3 WHERE id = $1",
        id.value(),
        desk,
        staff);
  }

  void appealed(Tx tx, CaseId id, Instant at) {
    tx.execute("UPDATE \"case\" SET appealed_at = $2 WHERE id = $1", id.value(), at.atOffset(UTC));
  }

  boolean hasKept(Sql sql, long staff) {
    return sql.row("SELECT FROM kept_from WHERE staff_id = $1 LIMIT 1", staff).isPresent();
  }

  /// @param staff null: from nobody in particular
  void keepFrom(Tx tx, CaseId id, @Nullable Long staff) {
    tx.execute("DELETE FROM kept_from WHERE case_id = $1", id.value());
    if (staff != null) {
      tx.execute("INSERT INTO kept_from (staff_id, case_id) VALUES ($1, $2)", staff, id.value());
    }
  }

  void accuse(Tx tx, CaseId id, Accused whom) {
    tx.execute(
        """
        UPDATE "case" SET about_desk_id = $2, about_staff_id = $3, about_territory_id = $4 WHERE id = $1
        """,
        id.value(),
        whom.deskId(),
        whom.staffId(),
        whom.territoryId());
  }

  /// @param words by which staff seem to be named
  /// @param told whether it is told in confidence also where it is no complaint
  void suspect(Tx tx, CaseId id, String words, boolean told) {
    tx.execute(
        "UPDATE \"case\" SET suspected = $2, told_in_confidence = $3 WHERE id = $1",
        id.value(),
        words,
        told);
  }

  /// Somebody has said whether it is one.
  ///
  /// @return whether it was told in confidence in any case
  boolean judge(Tx tx, CaseId id) {
    return Boolean.TRUE.equals(
        tx.one(
                "UPDATE \"case\" SET suspected = NULL WHERE id = $1 RETURNING told_in_confidence",
                id.value())
            .getBoolean("told_in_confidence"));
  }

  void extended(Tx tx, CaseId id) {
    tx.execute(
        "UPDATE \"case\" SET extension_count = extension_count + 1 WHERE id = $1", id.value());
  }

  /// Whatever is late is due by one of its clocks, so only the head of the open ones is read.
  List<CaseId> late(Sql sql, String path, Instant from, Instant to, CaseId after, int limit) {
    return sql
        .rows(
            """
            SELECT c.id FROM "case" c
             WHERE c.closed_at IS NULL AND c.next_due_at < $3 AND starts_with(c.territory_path, $1)
               AND c.id > $4
               AND EXISTS (
                     SELECT FROM clock k
                      WHERE k.case_id = c.id AND k.kind = 'handling' AND k.stopped_at IS NULL
                        AND k.due_at >= $2 AND k.due_at < $3)
             ORDER BY c.id
             LIMIT $5
            """,
            path,
            from.atOffset(UTC),
            to.atOffset(UTC),
            after.value(),
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  Set<CaseId> repeats(Sql sql, Collection<CaseId> ids, int days) {
    return sql
        .rows(
            """
            SELECT c.id FROM "case" c
             WHERE c.id = ANY($1::bigint[]) AND c.person_id IS NOT NULL
               AND EXISTS (
                     SELECT FROM case_key k JOIN "case" b ON b.id = k.case_id
                      WHERE k.person_id = c.person_id AND k.case_id < c.id
                        AND b.territory_id = c.territory_id AND b.category_code = c.category_code
                        -- What was told at once was not told again.
                        AND b.id IS DISTINCT FROM c.split_from_id
                        AND (b.split_from_id IS NULL OR b.split_from_id IS DISTINCT FROM c.split_from_id)
                        AND b.opened_at > c.opened_at - make_interval(days => $2))
            """,
            ids.stream().map(CaseId::value).toArray(Long[]::new),
            days)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .collect(toUnmodifiableSet());
  }

  static Instant instant(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  static @Nullable Instant maybeInstant(Row row, String column) {
    OffsetDateTime at = row.getOffsetDateTime(column);
    return at == null ? null : at.toInstant();
  }
}
