package io.linyu.reception;

import static java.util.stream.Collectors.toMap;

import io.linyu.platform.db.Sql;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;

final class DoorCodeStore {
  /// What the codes of these scenes say, by scene; those never made are missing.
  Map<String, String> made(Sql sql, String channel, String account, Collection<String> scenes) {
    return sql
        .rows(
            """
            SELECT scene, url FROM scene_code
             WHERE channel = $1 AND account = $2 AND scene = ANY($3::text[])
            """,
            channel,
            account,
            scenes.toArray(String[]::new))
        .stream()
        .collect(toMap(row -> row.getString("scene"), row -> row.getString("url")));
  }

  /// Of two who made the same one the first is kept.
  void keep(Sql sql, String channel, String account, String scene, String url, Instant now) {
    sql.execute(
        """
        INSERT INTO scene_code (channel, account, scene, url, made_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
        """,
        channel,
        account,
        scene,
        url,
        now.atOffset(ZoneOffset.UTC));
  }
}
