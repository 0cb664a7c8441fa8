package io.linyu.community;

import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ConsentStore {
  private static final int SHOWN = 50;

  private static final String CONSENT =
      """
      SELECT k.id, k.first_id, person_now(k.giver_id) AS giver, person_now(k.actor_id) AS actor,
             k.kinship, k.giver_sealed, k.actor_sealed, k.how, k.staff_id, k.sees_all, k.given_at,
             k.taken_at, k.until, k.ended_at, k.ended_by, k.ended_staff_id
        FROM consent k
      """;

  /// All who were found to be this person.
  private static final String ONE =
      """
      WITH RECURSIVE one AS (
        SELECT $1::bigint AS id
        UNION
        SELECT m.gone_id FROM one JOIN person_merge m ON m.kept_id = one.id AND m.undone_at IS NULL
      )
      """;

  private final Vault vault;

  ConsentStore(Vault vault) {
    this.vault = vault;
  }

  long insert(
      Tx tx,
      long giver,
      @Nullable Long address,
      String kinship,
      @Nullable String giverName,
      @Nullable String actorName,
      @Nullable Long meantFor,
      Consent.How how,
      @Nullable Long staff,
      boolean seesAll,
      Instant givenAt,
      Instant until) {
    return tx.one(
            """
            WITH drawn AS (SELECT nextval(pg_get_serial_sequence('consent', 'id')) AS id)
            INSERT INTO consent
                   (id, first_id, giver_id, giver_address_id, kinship, giver_sealed, actor_sealed,
                    how, staff_id, sees_all, given_at, until, meant_for_id)
            OVERRIDING SYSTEM VALUE
            SELECT id, id, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM drawn
            RETURNING id
            """,
            giver,
            address,
            kinship,
            sealed(giverName),
            sealed(actorName),
            how.word(),
            staff,
            seesAll,
            at(givenAt),
            at(until),
            meantFor)
        .getLong("id");
  }

  /// The same once more, from now on.
  long renew(Tx tx, long id, Consent.How how, @Nullable Long staff, Instant now, Instant until) {
    return tx.one(
            """
            INSERT INTO consent
                   (first_id, giver_id, actor_id, giver_address_id, actor_address_id, kinship,
                    giver_sealed, actor_sealed, how, staff_id, sees_all, given_at, taken_at, until)
            SELECT first_id, giver_id, actor_id, giver_address_id, actor_address_id, kinship,
                   giver_sealed, actor_sealed, $2, $3, sees_all, $4, $4, $5
              FROM consent WHERE id = $1
            RETURNING id
            """,
            id,
            how.word(),
            staff,
            at(now),
            at(until))
        .getLong("id");
  }

  /// @param first of the one in whose place this stands; null: of none
  void take(
      Tx tx, long id, long actor, long address, String name, @Nullable Long first, Instant now) {
    tx.execute(
        """
        UPDATE consent
           SET actor_id = $2, actor_address_id = $3, actor_sealed = $4, taken_at = $5,
               first_id = coalesce($6, first_id)
         WHERE id = $1
        """,
        id,
        actor,
        address,
        sealed(name),
        at(now),
        first);
  }

  /// Whether the one and the other, once this person takes it here, are between the same two: those
  /// who it would be if all joinings in force were undone.
  boolean isBetweenTheSame(Tx tx, long before, long given, long actor, long address) {
    return tx.one(
            """
            WITH RECURSIVE parted AS (
              SELECT 'giver' AS side, id, giver_id AS person, giver_address_id AS at
                FROM consent WHERE id IN ($1, $2)
               UNION
              SELECT 'actor', id, actor_id, actor_address_id FROM consent WHERE id = $1
               UNION
              SELECT 'actor', $2::bigint, $3::bigint, $4::bigint
            ), alone AS (
              SELECT side, id, person, at FROM parted
               UNION
              SELECT a.side, a.id, m.gone_id, a.at
                FROM alone a JOIN person_merge m
                  ON m.kept_id = a.person AND m.undone_at IS NULL AND a.at = ANY(m.address_ids)
            )
            SELECT count(DISTINCT (a.side, a.person)) = 2 AS same
              FROM alone a
             WHERE NOT EXISTS (
                     SELECT FROM person_merge m
                      WHERE m.kept_id = a.person AND m.undone_at IS NULL AND a.at = ANY(m.address_ids))
            """,
            before,
            given,
            actor,
            address)
        .getBoolean("same");
  }

  void showAll(Tx tx, long id) {
    tx.execute("UPDATE consent SET sees_all = true WHERE id = $1", id);
  }

  /// False when it had ended before.
  boolean end(Tx tx, long id, Consent.End by, @Nullable Long staff, Instant now) {
    tx.execute("DELETE FROM consent_code WHERE consent_id = $1", id);
    return tx.execute(
            """
            UPDATE consent SET ended_at = $2, ended_by = $3, ended_staff_id = $4
             WHERE id = $1 AND ended_at IS NULL
            """,
            id,
            at(now),
            by.word(),
            staff)
        == 1;
  }

  Optional<Consent> byId(Sql sql, long id) {
    return sql.row(CONSENT + " WHERE k.id = $1", id).map(this::read);
  }

  Optional<Consent> lock(Tx tx, long id) {
    return tx.row(CONSENT + " WHERE k.id = $1 FOR NO KEY UPDATE", id).map(this::read);
  }

  private static final String STANDS =
      """
       WHERE k.first_id = $1 AND k.taken_at IS NOT NULL AND k.ended_at IS NULL AND k.until > $2
       ORDER BY k.id DESC LIMIT 1
      """;

  Optional<Consent> inForce(Sql sql, long first, Instant now) {
    return sql.row(CONSENT + STANDS, first, at(now)).map(this::read);
  }

  /// The same; it does not end before this transaction does.
  Optional<Consent> hold(Tx tx, long first, Instant now) {
    return tx.row(CONSENT + STANDS + " FOR SHARE", first, at(now)).map(this::read);
  }

  /// Of all that renew each other, the newest.
  List<Consent> newest(Sql sql, Collection<Long> firsts) {
    return sql
        .rows(
            CONSENT
                + """
                 WHERE k.id IN (
                   SELECT n.id FROM unnest($1::bigint[]) AS f (first)
                    CROSS JOIN LATERAL (SELECT id FROM consent WHERE first_id = f.first
                                         ORDER BY id DESC LIMIT 1) n)
                """,
            (Object) firsts.toArray(Long[]::new))
        .stream()
        .map(this::read)
        .toList();
  }

  List<Consent> givenBy(Sql sql, long person) {
    return of(sql, person, "k.giver_id IN (SELECT id FROM one)");
  }

  List<Consent> takenBy(Sql sql, long person) {
    return of(sql, person, "k.actor_id IN (SELECT id FROM one)");
  }

  /// Of whom staff were told that this person is to take it, and nobody has.
  List<Consent> meantFor(Sql sql, long person) {
    return of(sql, person, "k.meant_for_id IN (SELECT id FROM one) AND k.actor_id IS NULL");
  }

  private List<Consent> of(Sql sql, long person, String which) {
    return sql
        .rows(ONE + CONSENT + " WHERE " + which + " ORDER BY k.id DESC LIMIT " + SHOWN, person)
        .stream()
        .map(this::read)
        .toList();
  }

  /// What was offered in a chat before and is not taken.
  void dropOffered(Tx tx, long giver) {
    tx.execute(
        """
        WITH codes AS (
          DELETE FROM consent_code c USING consent k
           WHERE k.id = c.consent_id AND k.giver_id = $1 AND k.taken_at IS NULL AND k.how = 'code'
        )
        UPDATE consent SET ended_at = given_at, ended_by = 'giver'
         WHERE giver_id = $1 AND taken_at IS NULL AND how = 'code' AND ended_at IS NULL
        """,
        giver);
  }

  // Codes.

  void dropCode(Tx tx, long consent) {
    tx.execute("DELETE FROM consent_code WHERE consent_id = $1", consent);
  }

  /// False when somebody else has this one.
  boolean insertCode(Tx tx, byte[] hash, long consent, Instant end) {
    return tx.execute(
            """
            INSERT INTO consent_code (hash, consent_id, expires_at) VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING
            """,
            Buffer.buffer(hash),
            consent,
            at(end))
        == 1;
  }

  /// What this code is for, whoever says it.
  Optional<Long> offeredBy(Sql sql, List<byte[]> hashes, Instant now) {
    return sql.row(
            "SELECT consent_id FROM consent_code WHERE hash = ANY($1) AND expires_at > $2",
            hashes.stream().map(Buffer::buffer).toArray(Buffer[]::new),
            at(now))
        .map(row -> row.getLong("consent_id"));
  }

  /// Whoever says another one means that one.
  Optional<Long> claim(Tx tx, List<byte[]> hashes, long address, Instant now) {
    Optional<Long> found =
        tx.row(
                """
                UPDATE consent_code SET claimed_by = $2
                 WHERE hash = ANY($1) AND expires_at > $3 AND (claimed_by IS NULL OR claimed_by = $2)
                RETURNING consent_id
                """,
                hashes.stream().map(Buffer::buffer).toArray(Buffer[]::new),
                address,
                at(now))
            .map(row -> row.getLong("consent_id"));
    found.ifPresent(consent ->
        tx.execute(
            "DELETE FROM consent_code WHERE claimed_by = $1 AND consent_id <> $2",
            address,
            consent));
    return found;
  }

  Optional<Long> use(Tx tx, long address, Instant now) {
    return tx.row(
            """
            DELETE FROM consent_code WHERE claimed_by = $1 AND expires_at > $2 RETURNING consent_id
            """,
            address,
            at(now))
        .map(row -> row.getLong("consent_id"));
  }

  int forget(Sql sql, Instant before, int most) {
    int codes =
        sql.execute(
            """
            DELETE FROM consent_code WHERE hash IN (
              SELECT hash FROM consent_code WHERE expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            at(before),
            most);
    int offered =
        sql.execute(
            """
            DELETE FROM consent WHERE id IN (
              SELECT k.id FROM consent k
               WHERE k.taken_at IS NULL AND k.how = 'code' AND k.given_at < $1
                 AND NOT EXISTS (SELECT FROM consent_code c WHERE c.consent_id = k.id)
               LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            at(before),
            most);
    int recorded =
        sql.execute(
            """
            DELETE FROM consent WHERE id IN (
              SELECT k.id FROM consent k
               WHERE k.taken_at IS NULL AND k.until < $1
                 AND NOT EXISTS (SELECT FROM consent_code c WHERE c.consent_id = k.id)
               LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            at(before),
            most);
    return Math.max(codes, Math.max(offered, recorded));
  }

  // Ends that come by themselves.

  List<Consent> expired(Tx tx, Instant now, int most) {
    return tx
        .rows(
            CONSENT
                + """
                 WHERE k.until <= $1 AND k.ended_at IS NULL AND k.taken_at IS NOT NULL
                 ORDER BY k.until LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
                """,
            at(now),
            most)
        .stream()
        .map(this::read)
        .toList();
  }

  /// Whose address it is, when no other of theirs is left.
  Optional<Long> gone(Tx tx, long address) {
    return tx.row(
            """
            SELECT a.person_id FROM address a
             WHERE a.id = $1
               AND NOT EXISTS (SELECT FROM address o WHERE o.person_id = a.person_id AND o.follows)
            """,
            address)
        .map(row -> row.getLong("person_id"));
  }

  /// What they were called. What has lapsed is not to be renewed: one of the two is not there.
  void forgetNames(Tx tx, long person) {
    tx.execute(
        ONE
            + """
            UPDATE consent
               SET giver_sealed = CASE WHEN giver_id IN (SELECT id FROM one) THEN NULL ELSE giver_sealed END,
                   actor_sealed = CASE WHEN actor_id IN (SELECT id FROM one) THEN NULL ELSE actor_sealed END,
                   ended_by = CASE WHEN ended_by = 'expired' THEN 'left' ELSE ended_by END
             WHERE giver_id IN (SELECT id FROM one) OR actor_id IN (SELECT id FROM one)
            """,
        person);
    // Nobody has said yes to these.
    tx.execute(
        ONE
            + """
            UPDATE consent SET meant_for_id = NULL, actor_sealed = NULL
             WHERE meant_for_id IN (SELECT id FROM one) AND actor_id IS NULL
            """,
        person);
  }

  /// What came by these addresses while their person was another.
  ///
  /// @return what cases name of all that are given by the one who had gone
  List<Long> moveBack(Tx tx, Merge merge) {
    Long[] addresses = merge.addresses().toArray(Long[]::new);
    tx.execute(
        """
        UPDATE consent SET actor_id = $2
         WHERE actor_id = $1 AND actor_address_id = ANY($3::bigint[])
        """,
        merge.kept(),
        merge.gone(),
        addresses);
    tx.execute(
        """
        UPDATE consent SET giver_id = $2
         WHERE giver_id = $1 AND giver_address_id = ANY($3::bigint[])
        """,
        merge.kept(),
        merge.gone(),
        addresses);
    return tx
        .rows(
            ONE
                + "SELECT DISTINCT k.first_id FROM consent k WHERE k.giver_id IN (SELECT id FROM one)",
            merge.gone())
        .stream()
        .map(row -> row.getLong("first_id"))
        .toList();
  }

  private @Nullable Buffer sealed(@Nullable String name) {
    return name == null || name.isEmpty() ? null : Buffer.buffer(vault.seal(name));
  }

  private @Nullable String opened(@Nullable Buffer sealed) {
    return sealed == null ? null : vault.open(sealed.getBytes());
  }

  private static OffsetDateTime at(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private Consent read(Row row) {
    OffsetDateTime taken = row.getOffsetDateTime("taken_at");
    OffsetDateTime ended = row.getOffsetDateTime("ended_at");
    String endedBy = row.getString("ended_by");
    return new Consent(
        row.getLong("id"),
        row.getLong("first_id"),
        row.getLong("giver"),
        row.getLong("actor"),
        row.getString("kinship"),
        opened(row.getBuffer("giver_sealed")),
        opened(row.getBuffer("actor_sealed")),
        Consent.How.of(row.getString("how")),
        row.getLong("staff_id"),
        row.getBoolean("sees_all"),
        row.getOffsetDateTime("given_at").toInstant(),
        taken == null ? null : taken.toInstant(),
        row.getOffsetDateTime("until").toInstant(),
        ended == null ? null : ended.toInstant(),
        endedBy == null ? null : Consent.End.of(endedBy),
        row.getLong("ended_staff_id"));
  }
}
