package io.linyu.platform.health;

import io.linyu.platform.db.Sql;
import java.time.Instant;

final class HealthStore {
  Instant now(Sql sql) {
    return sql.one("SELECT clock_timestamp() AS now").getOffsetDateTime("now").toInstant();
  }
}
