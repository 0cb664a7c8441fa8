package io.linyu.cli.bench;

import io.linyu.channel.Inbound;
import io.linyu.platform.db.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Receipts, and nothing else.
final class BareStore {
  record Receipt(Inbound inbound, String reply) {}

  void create(Sql sql) {
    sql.execute(
        """
        CREATE TABLE IF NOT EXISTS bare_receipt (
          address     text NOT NULL,
          external_id text NOT NULL,
          received_at timestamptz NOT NULL,
          reply       text NOT NULL,
          PRIMARY KEY (address, external_id)
        )
        """);
  }

  /// In the order of their keys: else two batches with the same keys would wait for each other.
  Future<RowSet<Row>> keep(Sql sql, List<Receipt> receipts) {
    List<Receipt> sorted =
        receipts.stream()
            .sorted(
                Comparator.comparing((Receipt each) -> each.inbound().from())
                    .thenComparing(each -> each.inbound().externalId()))
            .toList();
    return sql.send(
        """
        INSERT INTO bare_receipt (address, external_id, received_at, reply)
        SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
            ON CONFLICT DO NOTHING
        """,
        Tuple.of(
            strings(sorted, each -> each.inbound().from().externalId()),
            strings(sorted, each -> each.inbound().externalId()),
            sorted.stream()
                .map(each -> each.inbound().sentAt().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new),
            strings(sorted, Receipt::reply)));
  }

  private static String[] strings(List<Receipt> of, Function<Receipt, String> get) {
    return of.stream().map(get).toArray(String[]::new);
  }
}
