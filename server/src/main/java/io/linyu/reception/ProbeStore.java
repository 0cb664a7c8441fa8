package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Probe;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.health.Backlog;
import io.linyu.reception.ProbePages.Direction;
import io.linyu.reception.ProbePages.State;
import io.linyu.reception.ProbePages.Tally;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

final class ProbeStore {
  /// @param begunAt tells this try from one that another began when the lease was over
  record Claimed(String channel, String account, Instant begunAt) {}

  /// The time is only ever brought forward: a node that starts again and again does not keep the
  /// others from trying.
  ///
  /// @param first of one that was never tried
  /// @param last not after then, if it was to be tried less often before
  void want(Sql sql, String channel, String account, Instant first, Instant last) {
    sql.execute(
        """
        INSERT INTO probe (channel, account, next_due_at) VALUES ($1, $2, $3)
        ON CONFLICT (channel, account) DO UPDATE
           SET next_due_at = least(probe.next_due_at, $4)
        """,
        channel,
        account,
        first.atOffset(ZoneOffset.UTC),
        last.atOffset(ZoneOffset.UTC));
  }

  /// Accounts that nobody has tried for so long are none of ours any more.
  void forget(Sql sql, Instant before) {
    sql.execute(
        "DELETE FROM probe WHERE greatest(begun_at, next_due_at) < $1",
        before.atOffset(ZoneOffset.UTC));
  }

  void forget(Sql sql, Claimed each) {
    sql.execute(
        "DELETE FROM probe WHERE channel = $1 AND account = $2", each.channel(), each.account());
  }

  /// The next due time is the lease.
  ///
  /// @param accounts that this node may try
  List<Claimed> claim(Sql sql, List<AddressKey> accounts, Instant now, Instant lease) {
    return sql
        .rows(
            """
            UPDATE probe p SET begun_at = $1, next_due_at = $2
              FROM (SELECT channel, account FROM probe
                     WHERE next_due_at <= $1
                       AND (channel, account) IN (SELECT * FROM unnest($3::text[], $4::text[]))
                     ORDER BY next_due_at
                     LIMIT 20
                       FOR UPDATE SKIP LOCKED) d
             WHERE p.channel = d.channel AND p.account = d.account
            RETURNING p.channel, p.account, p.begun_at
            """,
            now.atOffset(ZoneOffset.UTC),
            lease.atOffset(ZoneOffset.UTC),
            channels(accounts),
            names(accounts))
        .stream()
        .map(row ->
            new Claimed(
                row.getString("channel"),
                row.getString("account"),
                row.getOffsetDateTime("begun_at").toInstant()))
        .toList();
  }

  /// False when somebody has tried anew meanwhile: then it says nothing of now.
  boolean ended(Tx tx, Claimed each, Probe.Tried how, Instant now, Instant due, Instant kept) {
    int ours =
        tx.execute(
            """
            UPDATE probe
               SET ended_at = $4,
                   -- Unless somebody has asked for it meanwhile.
                   next_due_at = CASE WHEN next_due_at < $6 THEN next_due_at ELSE $5 END
             WHERE channel = $1 AND account = $2 AND begun_at = $3
            """,
            each.channel(),
            each.account(),
            each.begunAt().atOffset(ZoneOffset.UTC),
            now.atOffset(ZoneOffset.UTC),
            due.atOffset(ZoneOffset.UTC),
            each.begunAt().plus(Probes.LEASE).atOffset(ZoneOffset.UTC));
    if (ours == 0) {
      return false;
    }
    ended(tx, each, "in", how.in());
    ended(tx, each, "out", how.out());
    tx.execute(
        """
        INSERT INTO probe_try (channel, account, at, in_ms, in_why, out_ms, out_why)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        each.channel(),
        each.account(),
        each.begunAt().atOffset(ZoneOffset.UTC),
        millis(how.in()),
        why(how.in()),
        millis(how.out()),
        why(how.out()));
    tx.execute(
        "DELETE FROM probe_try WHERE channel = $1 AND account = $2 AND at < $3",
        each.channel(),
        each.account(),
        kept.atOffset(ZoneOffset.UTC));
    return true;
  }

  private static void ended(Tx tx, Claimed each, String way, Probe.Half half) {
    Probe.Failure failure = half.failure();
    tx.execute(
        """
        INSERT INTO probe_way AS w
               (channel, account, way, tried_at, took_ms, failures, failing_since, worked_at, failed_at,
                why, detail)
        SELECT $1, $2, $3, n.at, n.took, (n.why IS NOT NULL)::int,
               CASE WHEN n.why IS NOT NULL THEN n.at END, CASE WHEN n.why IS NULL THEN n.at END,
               CASE WHEN n.why IS NOT NULL THEN n.at END, n.why, n.detail
          FROM (SELECT $4::timestamptz AS at, $5::int AS took, $6::text AS why, $7::text AS detail) n
        ON CONFLICT (channel, account, way) DO UPDATE
           SET tried_at = excluded.tried_at,
               took_ms = excluded.took_ms,
               failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE w.failures + 1 END,
               failing_since = CASE WHEN excluded.failures > 0
                                    THEN coalesce(w.failing_since, excluded.failing_since) END,
               worked_at = coalesce(excluded.worked_at, w.worked_at),
               failed_at = coalesce(excluded.failed_at, w.failed_at),
               why = coalesce(excluded.why, w.why),
               detail = CASE WHEN excluded.failures = 0 THEN w.detail ELSE excluded.detail END
        """,
        each.channel(),
        each.account(),
        way,
        each.begunAt().atOffset(ZoneOffset.UTC),
        millis(half),
        why(half),
        failure == null ? "" : failure.detail());
  }

  /// It tells nothing, and is tried again.
  void again(Sql sql, Claimed each, Instant due) {
    sql.execute(
        """
        UPDATE probe SET ended_at = begun_at, next_due_at = $4
         WHERE channel = $1 AND account = $2 AND begun_at = $3
        """,
        each.channel(),
        each.account(),
        each.begunAt().atOffset(ZoneOffset.UTC),
        due.atOffset(ZoneOffset.UTC));
  }

  /// False when it was begun after `since`.
  boolean ask(Sql sql, String channel, String account, Instant now, Instant since) {
    return sql.execute(
            """
            UPDATE probe SET next_due_at = least(next_due_at, $3)
             WHERE channel = $1 AND account = $2 AND (begun_at IS NULL OR begun_at < $4)
            """,
            channel,
            account,
            now.atOffset(ZoneOffset.UTC),
            since.atOffset(ZoneOffset.UTC))
        > 0;
  }

  List<State> states(Sql sql) {
    Map<String, State> found = new HashMap<>();
    var all = new ArrayList<State>();
    for (Row row :
        sql.rows(
            """
            SELECT p.channel, p.account, p.next_due_at, p.begun_at, p.ended_at, w.way, w.tried_at, w.took_ms,
                   w.failures, w.failing_since, w.worked_at, w.failed_at, w.why, w.detail
              FROM probe p
              LEFT JOIN probe_way w ON w.channel = p.channel AND w.account = p.account
             ORDER BY p.channel, p.account, w.way
            """)) {
      String key = row.getString("channel") + "/" + row.getString("account");
      State before = found.get(key);
      Direction way = row.getString("way") == null ? null : direction(row);
      boolean in = "in".equals(row.getString("way"));
      State now =
          new State(
              row.getString("channel"),
              row.getString("account"),
              row.getOffsetDateTime("next_due_at").toInstant(),
              instant(row, "begun_at"),
              instant(row, "ended_at"),
              in ? way : before == null ? null : before.in(),
              in || way == null ? null : way);
      if (before != null) {
        all.remove(before);
      }
      found.put(key, now);
      all.add(now);
    }
    return List.copyOf(all);
  }

  /// How many tries there were, and how many failed, in each slot that begins after `since`.
  List<Tally> tallies(Sql sql, String channel, String account, Instant since, Duration slot) {
    return sql
        .rows(
            """
            SELECT floor(extract(epoch FROM at - $3::timestamptz) / $4::int)::int AS slot,
                   count(*)::int AS tries, count(in_why)::int AS in_failed, count(out_why)::int AS out_failed
              FROM probe_try
             WHERE channel = $1 AND account = $2 AND at >= $3::timestamptz
             GROUP BY slot
            """,
            channel,
            account,
            since.atOffset(ZoneOffset.UTC),
            (int) slot.toSeconds())
        .stream()
        .map(row ->
            new Tally(
                row.getInteger("slot"),
                row.getInteger("tries"),
                row.getInteger("in_failed"),
                row.getInteger("out_failed")))
        .toList();
  }

  /// @param accounts that this node may try
  Backlog backlog(Sql sql, List<AddressKey> accounts, Instant now) {
    Row row =
        sql.one(
            """
            SELECT count(*) AS n, min(next_due_at) AS oldest FROM probe
             WHERE next_due_at <= $1
               AND (channel, account) IN (SELECT * FROM unnest($2::text[], $3::text[]))
            """,
            now.atOffset(ZoneOffset.UTC),
            channels(accounts),
            names(accounts));
    return Backlog.of("probe", row.getLong("n"), row.getOffsetDateTime("oldest"));
  }

  /// A release that does not know that nobody writes takes it for a resident; while both run side
  /// by side that may leave something.
  ///
  /// @return whether there was anything
  boolean sweep(Tx tx, AddressKey nobody) {
    Optional<Row> found =
        tx.row(
            "SELECT id, person_id FROM address WHERE channel = $1 AND account = $2 AND external_id = $3",
            nobody.channel(),
            nobody.account(),
            nobody.externalId());
    found.ifPresent(row -> {
      long address = row.getLong("id");
      for (String table :
          List.of("address_tag", "outbound", "receipt", "message", "conversation")) {
        tx.execute("DELETE FROM " + table + " WHERE address_id = $1", address);
      }
      tx.execute("DELETE FROM address WHERE id = $1", address);
      tx.execute("DELETE FROM person WHERE id = $1", row.getLong("person_id"));
    });
    return found.isPresent();
  }

  private static String[] channels(List<AddressKey> accounts) {
    return accounts.stream().map(AddressKey::channel).toArray(String[]::new);
  }

  private static String[] names(List<AddressKey> accounts) {
    return accounts.stream().map(AddressKey::account).toArray(String[]::new);
  }

  private static int millis(Probe.Half half) {
    return (int) half.took().toMillis();
  }

  private static @Nullable String why(Probe.Half half) {
    Probe.Failure failure = half.failure();
    return failure == null ? null : failure.why().word();
  }

  private static Direction direction(Row row) {
    return new Direction(
        row.getOffsetDateTime("tried_at").toInstant(),
        Duration.ofMillis(row.getInteger("took_ms")),
        row.getInteger("failures"),
        instant(row, "failing_since"),
        instant(row, "worked_at"),
        instant(row, "failed_at"),
        row.getString("why"),
        row.getString("detail"));
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime at = row.getOffsetDateTime(column);
    return at == null ? null : at.toInstant();
  }
}
