package io.linyu.casework;

import static io.linyu.casework.CaseStore.instant;
import static io.linyu.casework.CaseStore.maybeInstant;
import static java.time.ZoneOffset.UTC;

import io.linyu.casework.KnownMatter.Ear;
import io.linyu.casework.KnownMatter.Entry;
import io.linyu.casework.KnownMatter.Followed;
import io.linyu.casework.KnownMatter.Member;
import io.linyu.casework.KnownMatter.Plan;
import io.linyu.casework.KnownMatter.Word;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class KnownMatterStore {
  private static final String MATTER =
      """
      SELECT m.id, m.code, m.territory_id, m.territory_path, m.category_code, m.told, m.told_en,
             m.next_at, m.expires_at, m.published_by, s.name AS publisher_name, m.by_territory_id,
             m.published_at, m.version, m.ended_at, m.withdrawn, m.news_version, m.news_at
        FROM known_matter m JOIN staff s ON s.id = m.published_by
      """;

  /// Theirs to see: inside their territory, or around it.
  private static final String SEEN =
      """
      (m.territory_path ~>=~ $1 AND m.territory_path ~<~ ($1 || '~')
            OR m.territory_path = ANY($2))
      """;

  /// A matter whose people are to be told.
  record Due(KnownMatter matter, int version, Instant since) {}

  /// Which matter a case has joined.
  record Joining(CaseId caseId, long matter, int toldVersion) {}

  long insert(Tx tx, Plan plan, String code, String path, Staff by, Instant at) {
    return tx.one(
            """
            INSERT INTO known_matter
                   (code, territory_id, territory_path, category_code, told, told_en, next_at,
                    expires_at, published_by, by_territory_id, published_at, news_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
            RETURNING id
            """,
            code,
            plan.territoryId(),
            path,
            plan.category(),
            plan.told(),
            plan.toldEn(),
            plan.nextAt().atOffset(UTC),
            plan.expiresAt().atOffset(UTC),
            by.id(),
            by.territoryId(),
            at.atOffset(UTC))
        .getLong("id");
  }

  void say(
      Tx tx,
      long matter,
      int version,
      String kind,
      Instant at,
      long staff,
      String told,
      @Nullable String toldEn,
      Instant nextAt,
      Instant expiresAt) {
    tx.tell(
        """
        INSERT INTO known_word
               (matter_id, version, kind, at, staff_id, told, told_en, next_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        matter,
        version,
        kind,
        at.atOffset(UTC),
        staff,
        told,
        toldEn,
        nextAt.atOffset(UTC),
        expiresAt.atOffset(UTC));
  }

  /// @param news whether all who joined are to hear it
  void update(
      Tx tx,
      long matter,
      int version,
      String told,
      @Nullable String toldEn,
      Instant nextAt,
      Instant expiresAt,
      boolean news,
      Instant at) {
    tx.execute(
        """
        UPDATE known_matter
           SET version = $2, told = $3, told_en = $4, next_at = $5, expires_at = $6,
               news_version = CASE WHEN $7 THEN $2 ELSE news_version END,
               news_at = CASE WHEN $7 THEN $8 ELSE news_at END,
               tell_due_at = CASE WHEN $7 THEN $8 ELSE tell_due_at END
         WHERE id = $1
        """,
        matter,
        version,
        told,
        toldEn,
        nextAt.atOffset(UTC),
        expiresAt.atOffset(UTC),
        news,
        at.atOffset(UTC));
  }

  void end(Tx tx, long matter, int version, long staff, Instant at) {
    tx.execute(
        """
        UPDATE known_matter
           SET version = $2, news_version = $2, news_at = $4, tell_due_at = $4, ended_at = $4,
               ended_by = $3
         WHERE id = $1
        """,
        matter,
        version,
        staff,
        at.atOffset(UTC));
  }

  void withdraw(Tx tx, long matter, int version, long staff, Instant at) {
    tx.execute(
        """
        UPDATE known_matter
           SET version = $2, ended_at = $4, ended_by = $3, withdrawn = true, tell_due_at = NULL
         WHERE id = $1
        """,
        matter,
        version,
        staff,
        at.atOffset(UTC));
  }

  void tellFrom(Tx tx, long matter, @Nullable Instant at) {
    tx.execute(
        "UPDATE known_matter SET tell_due_at = $2 WHERE id = $1",
        matter,
        at == null ? null : at.atOffset(UTC));
  }

  /// Of those that go on, the ones of which somebody who joined has not heard the newest words,
  /// though all had been told.
  void tellLate(Tx tx, Instant at) {
    tx.execute(
        """
        UPDATE known_matter m SET tell_due_at = $1
         WHERE m.id IN (
                 SELECT o.id FROM known_matter o
                  WHERE o.ended_at IS NULL AND o.tell_due_at IS NULL AND EXISTS (
                          SELECT FROM known_join j
                           WHERE j.matter_id = o.id AND j.told_version < o.news_version)
                  ORDER BY o.id
                    FOR NO KEY UPDATE SKIP LOCKED)
        """,
        at.atOffset(UTC));
  }

  // Finding.

  /// All that go on, also those that have expired: few at any time.
  List<KnownMatter> open(Sql sql) {
    return sql.rows(MATTER + " WHERE m.ended_at IS NULL ORDER BY m.id").stream()
        .map(KnownMatterStore::read)
        .toList();
  }

  Optional<KnownMatter> byId(Sql sql, long id) {
    return sql.row(MATTER + " WHERE m.id = $1", id).map(KnownMatterStore::read);
  }

  /// As long as the transaction lasts it is not taken down; it may still be updated or ended.
  Optional<KnownMatter> joinable(Tx tx, long id) {
    return tx.row(MATTER + " WHERE m.id = $1 AND m.ended_at IS NULL FOR KEY SHARE OF m", id)
        .map(KnownMatterStore::read);
  }

  /// Waits for those who are joining, and lets nobody join any more.
  void lockOut(Tx tx, long id) {
    tx.rows("SELECT id FROM known_matter WHERE id = $1 FOR UPDATE", id);
  }

  /// Puts everybody else who wants to change it in a queue; who joins does not wait.
  void lock(Tx tx, long id) {
    tx.rows("SELECT id FROM known_matter WHERE id = $1 FOR NO KEY UPDATE", id);
  }

  /// @param above the paths of the territories around theirs
  Optional<KnownMatter> visible(Sql sql, Staff staff, List<String> above, String code) {
    return sql.row(
            MATTER + " WHERE m.code = $3 AND " + SEEN,
            staff.territoryPath(),
            above.toArray(String[]::new),
            code)
        .map(KnownMatterStore::read);
  }

  /// Newest first.
  ///
  /// @param within only inside this path
  /// @param over whether those that are over, or those that go on
  List<Entry> page(
      Sql sql,
      Staff staff,
      List<String> above,
      String within,
      boolean over,
      long before,
      int limit) {
    return sql
        .rows(
            "WITH page AS MATERIALIZED ("
                + MATTER
                + " WHERE "
                + SEEN
                + """
                 AND starts_with(m.territory_path, $3) AND (m.ended_at IS NOT NULL) = $4
                 AND m.id < $5
                ORDER BY m.id DESC LIMIT $6)
                SELECT page.*,
                       (SELECT count(*)::int FROM known_join j WHERE j.matter_id = page.id) AS joined
                  FROM page ORDER BY page.id DESC
                """,
            staff.territoryPath(),
            above.toArray(String[]::new),
            within,
            over,
            before,
            limit)
        .stream()
        .map(row -> new Entry(read(row), row.getInteger("joined")))
        .toList();
  }

  int joined(Sql sql, long matter) {
    return sql.one("SELECT count(*)::int AS many FROM known_join WHERE matter_id = $1", matter)
        .getInteger("many");
  }

  /// Oldest first.
  List<Member> members(Sql sql, long matter, long after, int limit) {
    return sql
        .rows(
            """
            SELECT c.id, case_number(c.number, c.round) AS number, c.code, c.title, j.at, %s AS place_name
              FROM known_join j JOIN "case" c ON c.id = j.case_id
              JOIN territory t ON t.id = c.territory_id
              LEFT JOIN territory u ON u.id = c.community_id
             WHERE j.matter_id = $1 AND j.case_id > $2
             ORDER BY j.case_id
             LIMIT $3
            """
                .formatted(CaseStore.PLACE_NAME),
            matter,
            after,
            limit)
        .stream()
        .map(row ->
            new Member(
                new CaseId(row.getLong("id")),
                new CaseNumber(row.getString("number")),
                row.getString("code"),
                row.getString("title"),
                row.getString("place_name"),
                instant(row, "at")))
        .toList();
  }

  /// One that nobody has ended, until the end of the transaction.
  ///
  /// @param before when it expired at the latest
  Optional<KnownMatter> forgotten(Tx tx, Instant before) {
    return tx.row(
            MATTER
                + """
                 WHERE m.ended_at IS NULL AND m.expires_at <= $1
                ORDER BY m.id LIMIT 1
                FOR NO KEY UPDATE OF m SKIP LOCKED
                """,
            before.atOffset(UTC))
        .map(KnownMatterStore::read);
  }

  List<CaseId> allMembers(Tx tx, long matter) {
    return nextMembers(tx, matter, Integer.MAX_VALUE);
  }

  List<CaseId> nextMembers(Tx tx, long matter, int limit) {
    return tx
        .rows(
            "SELECT case_id FROM known_join WHERE matter_id = $1 ORDER BY case_id LIMIT $2",
            matter,
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  List<Word> words(Sql sql, long matter) {
    return sql
        .rows(
            """
            SELECT w.version, w.kind, w.at, s.name AS staff_name, w.told, w.told_en, w.next_at
              FROM known_word w JOIN staff s ON s.id = w.staff_id
             WHERE w.matter_id = $1
             ORDER BY w.version
            """,
            matter)
        .stream()
        .map(KnownMatterStore::word)
        .toList();
  }

  Optional<Word> end(Sql sql, long matter) {
    return sql.row(
            """
            SELECT w.version, w.kind, w.at, s.name AS staff_name, w.told, w.told_en, w.next_at
              FROM known_word w JOIN staff s ON s.id = w.staff_id
             WHERE w.matter_id = $1 AND w.kind = 'ended'
            """,
            matter)
        .map(KnownMatterStore::word);
  }

  /// Open cases of this kind inside this place that no colleague has in hand, newest first: off the
  /// index of the open cases of its community or street, or of all.
  List<CaseId> alike(
      Sql sql, long staff, String category, String path, Units units, Instant since, int limit) {
    return sql
        .rows(
            """
            SELECT id FROM "case"
             WHERE closed_at IS NULL AND %s AND $1::bigint IS NOT NULL
               AND category_code = $2 AND starts_with(territory_path, $3)
               AND opened_at >= $4 AND NOT confidential
               AND state IN ('REPORTED', 'FILED', 'DISPATCHED', 'HANDLING')
               AND (staff_id IS NULL OR staff_id = $5)
             ORDER BY id DESC
             LIMIT $6
            """
                .formatted(
                    units.community() != null
                        ? "community_id = $1"
                        : units.street() != null ? "street_id = $1" : "true"),
            units.community() != null
                ? units.community()
                : units.street() != null ? units.street() : Long.valueOf(0),
            category,
            path,
            since.atOffset(UTC),
            staff,
            limit)
        .stream()
        .map(row -> new CaseId(row.getLong("id")))
        .toList();
  }

  // Joining.

  void join(Tx tx, CaseId id, long matter, Instant at, @Nullable Long staff, int toldVersion) {
    tx.execute(
        """
        INSERT INTO known_join (case_id, matter_id, at, staff_id, told_version)
        VALUES ($1, $2, $3, $4, $5)
        """,
        id.value(),
        matter,
        at.atOffset(UTC),
        staff,
        toldVersion);
  }

  Optional<Joining> joining(Sql sql, CaseId id) {
    return sql.row(
            "SELECT case_id, matter_id, told_version FROM known_join WHERE case_id = $1",
            id.value())
        .map(KnownMatterStore::joining);
  }

  /// What this member of staff joined to it then, in the order in which cases are locked.
  List<CaseId> joinedBy(Tx tx, long matter, long staff, Instant from, Instant until) {
    return tx
        .rows(
            """
            SELECT case_id FROM known_join
             WHERE matter_id = $1 AND staff_id = $2 AND at BETWEEN $3 AND $4
             ORDER BY case_id
            """,
            matter,
            staff,
            from.atOffset(UTC),
            until.atOffset(UTC))
        .stream()
        .map(row -> new CaseId(row.getLong("case_id")))
        .toList();
  }

  /// What this person has joined and is not over, newest first.
  ///
  /// @param matter 0: any
  /// @param consent by which it was told; null: by any or none
  Optional<Joining> ofPerson(Sql sql, long person, long matter, @Nullable Long consent) {
    return sql.row(
            """
            SELECT j.case_id, j.matter_id, j.told_version
              FROM case_key k JOIN known_join j ON j.case_id = k.case_id
              JOIN known_matter m ON m.id = j.matter_id JOIN "case" c ON c.id = k.case_id
             WHERE k.person_id = $1 AND m.ended_at IS NULL AND ($2 = 0 OR j.matter_id = $2)
               AND ($3::bigint IS NULL OR c.consent_id = $3)
             ORDER BY c.id DESC
             LIMIT 1
            """,
            person,
            matter,
            consent)
        .map(KnownMatterStore::joining);
  }

  void leave(Tx tx, CaseId id) {
    tx.execute("DELETE FROM known_join WHERE case_id = $1", id.value());
  }

  Map<CaseId, Long> matters(Sql sql, Collection<CaseId> ids) {
    var found = new HashMap<CaseId, Long>();
    sql.rows(
            "SELECT case_id, matter_id FROM known_join WHERE case_id = ANY($1::bigint[])",
            (Object) ids.stream().map(CaseId::value).toArray(Long[]::new))
        .forEach(row -> found.put(new CaseId(row.getLong("case_id")), row.getLong("matter_id")));
    return found;
  }

  /// What these cases follow, each matter read once.
  Map<CaseId, Followed> followed(Sql sql, Collection<CaseId> ids, Territories territories) {
    var found = new HashMap<CaseId, Followed>();
    var known = new HashMap<Long, Optional<Followed>>();
    matters(sql, ids)
        .forEach((id, matter) ->
            known
                .computeIfAbsent(
                    matter,
                    each ->
                        byId(sql, each)
                            .map(of ->
                                new Followed(
                                    of,
                                    territories.byId(of.byTerritoryId()).name(),
                                    words(sql, each))))
                .ifPresent(followed -> found.put(id, followed)));
    return found;
  }

  // Telling.

  /// One whose people are to be told, until the end of the transaction.
  Optional<Due> due(Tx tx, Instant now) {
    return tx.row(
            MATTER
                + """
                 WHERE m.tell_due_at <= $1
                ORDER BY m.tell_due_at LIMIT 1
                FOR NO KEY UPDATE OF m SKIP LOCKED
                """,
            now.atOffset(UTC))
        .map(row -> new Due(read(row), row.getInteger("news_version"), instant(row, "news_at")));
  }

  /// Who said this version.
  long speaker(Sql sql, long matter, int version) {
    return sql.one(
            "SELECT staff_id FROM known_word WHERE matter_id = $1 AND version = $2",
            matter,
            version)
        .getLong("staff_id");
  }

  /// @param each whether this is the first case of its person that was told by them, or by this
  ///   relative; the others are told in it
  record Told(Ear ear, boolean each) {}

  /// The next who have not heard this version; from now on they have.
  List<Told> tell(Tx tx, long matter, int version, int limit) {
    return tx
        .rows(
            """
            WITH next AS (
                   SELECT case_id, told_version FROM known_join
                    WHERE matter_id = $1 AND told_version < $2
                    ORDER BY case_id
                    LIMIT $3
                    FOR UPDATE),
                 told AS (
                   UPDATE known_join j SET told_version = $2 FROM next n
                    WHERE j.case_id = n.case_id
                   RETURNING j.case_id, n.told_version)
            SELECT told.case_id, told.told_version, case_number(c.number, c.round) AS number, c.code, c.title,
                   c.person_id, c.consent_id, c.speaker_code,
                   coalesce(c.address_id, 0) AS address_id, coalesce(p.language, 'zh') AS language,
                   c.address_id IS NOT NULL AND NOT EXISTS (
                     SELECT FROM case_key k JOIN known_join j ON j.case_id = k.case_id
                       JOIN "case" o ON o.id = k.case_id
                      WHERE k.person_id = c.person_id AND j.matter_id = $1 AND o.id < c.id
                        AND o.consent_id IS NOT DISTINCT FROM c.consent_id) AS each,
                   NOT EXISTS (
                     SELECT FROM case_key k JOIN known_join j ON j.case_id = k.case_id
                       JOIN "case" o ON o.id = k.case_id
                      WHERE k.person_id = c.person_id AND j.matter_id = $1 AND o.address_id IS NOT NULL
                        AND (o.consent_id IS NOT NULL, o.id) < (c.consent_id IS NOT NULL, c.id)) AS foremost
              FROM told JOIN "case" c ON c.id = told.case_id
              LEFT JOIN person p ON p.id = c.person_id
             ORDER BY told.case_id
            """,
            matter,
            version,
            limit)
        .stream()
        .map(row ->
            new Told(
                new Ear(
                    row.getLong("case_id"),
                    row.getString("number"),
                    row.getString("code"),
                    row.getString("title"),
                    row.getLong("address_id"),
                    row.getString("language"),
                    row.getInteger("told_version") == 0,
                    row.getLong("person_id"),
                    row.getLong("consent_id"),
                    row.getString("speaker_code"),
                    row.getBoolean("foremost")),
                row.getBoolean("each")))
        .toList();
  }

  private static Joining joining(Row row) {
    return new Joining(
        new CaseId(row.getLong("case_id")),
        row.getLong("matter_id"),
        row.getInteger("told_version"));
  }

  private static Word word(Row row) {
    return new Word(
        row.getInteger("version"),
        row.getString("kind"),
        instant(row, "at"),
        row.getString("staff_name"),
        row.getString("told"),
        row.getString("told_en"),
        instant(row, "next_at"));
  }

  private static KnownMatter read(Row row) {
    return new KnownMatter(
        row.getLong("id"),
        row.getString("code"),
        row.getLong("territory_id"),
        row.getString("territory_path"),
        row.getString("category_code"),
        row.getString("told"),
        row.getString("told_en"),
        instant(row, "next_at"),
        instant(row, "expires_at"),
        row.getLong("published_by"),
        row.getString("publisher_name"),
        row.getLong("by_territory_id"),
        instant(row, "published_at"),
        row.getInteger("version"),
        maybeInstant(row, "ended_at"),
        row.getBoolean("withdrawn"));
  }
}
