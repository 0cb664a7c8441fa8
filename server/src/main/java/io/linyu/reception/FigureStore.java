package io.linyu.reception;

import io.linyu.channel.DayFigures;
import io.linyu.platform.db.Sql;
import io.linyu.reception.PublicAccountPages.Day;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

final class FigureStore {
  record Wanted(String channel, String account, LocalDate day, int attempts) {}

  void want(Sql sql, String channel, String account, List<LocalDate> days, Instant due) {
    sql.execute(
        """
        INSERT INTO account_day (channel, account, day, next_due_at)
        SELECT $1, $2, d, $4 FROM unnest($3::date[]) AS d
        ON CONFLICT DO NOTHING
        """,
        channel,
        account,
        days.toArray(LocalDate[]::new),
        due.atOffset(ZoneOffset.UTC));
  }

  /// The next due time is the lease.
  List<Wanted> claim(Sql sql, Instant now, Instant lease) {
    return sql
        .rows(
            """
            UPDATE account_day a SET attempts = a.attempts + 1, next_due_at = $2
              FROM (SELECT channel, account, day FROM account_day
                     WHERE next_due_at <= $1
                     ORDER BY next_due_at, day DESC
                     LIMIT 20
                       FOR UPDATE SKIP LOCKED) d
             WHERE a.channel = d.channel AND a.account = d.account AND a.day = d.day
            RETURNING a.channel, a.account, a.day, a.attempts
            """,
            now.atOffset(ZoneOffset.UTC),
            lease.atOffset(ZoneOffset.UTC))
        .stream()
        .map(row ->
            new Wanted(
                row.getString("channel"),
                row.getString("account"),
                row.getLocalDate("day"),
                row.getInteger("attempts")))
        .toList();
  }

  void told(Sql sql, Wanted each, DayFigures figures, Instant now) {
    sql.execute(
        """
        UPDATE account_day
           SET came = $4, went = $5, total = $6, writers = $7, messages = $8, calls = $9,
               failures = $10, slowest = $11, told_at = $12, next_due_at = NULL
         WHERE channel = $1 AND account = $2 AND day = $3
        """,
        each.channel(),
        each.account(),
        each.day(),
        figures.came(),
        figures.left(),
        figures.total(),
        figures.writers(),
        figures.messages(),
        figures.calls(),
        figures.failures(),
        figures.slowest(),
        now.atOffset(ZoneOffset.UTC));
  }

  void again(Sql sql, Wanted each, Instant due) {
    sql.execute(
        "UPDATE account_day SET next_due_at = $4 WHERE channel = $1 AND account = $2 AND day = $3",
        each.channel(),
        each.account(),
        each.day(),
        due.atOffset(ZoneOffset.UTC));
  }

  void giveUp(Sql sql, Wanted each) {
    sql.execute(
        "UPDATE account_day SET next_due_at = NULL WHERE channel = $1 AND account = $2 AND day = $3",
        each.channel(),
        each.account(),
        each.day());
  }

  List<Day> of(Sql sql, String channel, String account, int days) {
    return sql
        .rows(
            """
            SELECT * FROM account_day
             WHERE channel = $1 AND account = $2 AND told_at IS NOT NULL
             ORDER BY day DESC
             LIMIT $3
            """,
            channel,
            account,
            days)
        .stream()
        .map(FigureStore::read)
        .toList();
  }

  /// How much leave for notices is in the ledger, counted no further than to the limit.
  List<Leave> leave(Sql sql, int limit) {
    return sql
        .rows(
            """
            SELECT template, count(*) AS people, coalesce(sum(left_over), 0) AS left_over,
                   count(*) FILTER (WHERE left_over IS NULL) AS standing
              FROM (SELECT template, left_over FROM subscription
                     WHERE left_over IS NULL OR left_over > 0
                     LIMIT $1) s
             GROUP BY template
             ORDER BY template
            """,
            limit)
        .stream()
        .map(row ->
            new Leave(
                row.getString("template"),
                row.getLong("people"),
                row.getLong("left_over"),
                row.getLong("standing")))
        .toList();
  }

  /// @param left how many notices for one time may be sent
  /// @param standing how many people have given leave until they take it back
  record Leave(String template, long people, long left, long standing) {}

  private static Day read(Row row) {
    return new Day(
        row.getLocalDate("day"),
        new DayFigures(
            row.getLong("came"),
            row.getLong("went"),
            row.getLong("total"),
            row.getLong("writers"),
            row.getLong("messages"),
            row.getLong("calls"),
            row.getLong("failures"),
            row.getLong("slowest")));
  }
}
