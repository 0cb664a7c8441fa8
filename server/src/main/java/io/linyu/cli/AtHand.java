package io.linyu.cli;

import io.linyu.Settings;
import io.linyu.community.Community;
import io.linyu.community.audit.Who;
import io.linyu.platform.auth.Keys;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.redis.Redis;
import java.time.Clock;
import java.time.ZoneId;

/// The community for a command that changes it, beside a server that may be running: it is told.
record AtHand(Database database, Redis redis, Vault vault, Community community)
    implements AutoCloseable {
  static AtHand open(Commands linyu) {
    Database database = Database.open(linyu.settings(true), linyu.progress());
    try {
      Settings settings = database.servers().settings();
      Migrations.migrate(settings.databaseUrl());
      Clock clock = Clock.systemUTC();
      Vault vault =
          Keys.open(database.db(), settings.secretsKey(), Community.SEALED, clock.instant());
      Redis redis = Redis.connect(settings.redisUrl(), settings.redisPrefix());
      Who who = linyu.environment().who();
      var community =
          Community.open(database.db(), vault, clock, settings.zone(), who).telling(redis);
      return new AtHand(database, redis, vault, community);
    } catch (RuntimeException failed) {
      database.close();
      throw failed;
    }
  }

  ZoneId zone() {
    return database.servers().settings().zone();
  }

  Db db() {
    return database.db();
  }

  @Override
  public void close() {
    try (database) {
      redis.close();
    }
  }
}
