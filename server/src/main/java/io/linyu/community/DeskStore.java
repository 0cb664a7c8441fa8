package io.linyu.community;

import io.linyu.platform.db.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class DeskStore {
  private record Place(String body, long territory) {}

  private record Node(long id, String level, String kind, String name) {}

  List<Body> bodies(Sql sql) {
    return sql
        .rows("SELECT code, name, level, kind, also_called, fallback FROM body ORDER BY code")
        .stream()
        .map(DirectoryStore::body)
        .toList();
  }

  void write(Sql sql, List<Body> bodies) {
    sql.execute(
        """
        INSERT INTO body (code, name, level, kind, also_called, fallback)
        SELECT code, name, level, kind,
               ARRAY(SELECT jsonb_array_elements_text(also_called::jsonb)), fallback
          FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bool[])
               AS b (code, name, level, kind, also_called, fallback)
        ON CONFLICT (code) DO UPDATE
           SET name = excluded.name, level = excluded.level, kind = excluded.kind,
               also_called = excluded.also_called, fallback = excluded.fallback
        """,
        bodies.stream().map(Body::code).toArray(String[]::new),
        bodies.stream().map(Body::name).toArray(String[]::new),
        bodies.stream().map(Body::level).toArray(String[]::new),
        bodies.stream().map(Body::kind).toArray(String[]::new),
        bodies.stream()
            .map(each -> new JsonArray(each.alsoCalled()).encode())
            .toArray(String[]::new),
        bodies.stream().map(Body::fallback).toArray(Boolean[]::new));
  }

  /// Every body has its desk in every district, street or community, as its level says, under the
  /// name that goes with both. Desks are never taken away: cases lie on them.
  void fit(Sql sql, LocalDate today) {
    Map<Place, Desk> existing = new HashMap<>();
    sql.rows("SELECT id, body, name, territory_id, kind, fallback FROM desk")
        .forEach(row -> {
          Desk desk = DirectoryStore.desk(row);
          existing.put(new Place(desk.body(), desk.territoryId()), desk);
        });
    List<Body> bodies = bodies(sql);
    var added = new ArrayList<Desk>();
    var changed = new ArrayList<Desk>();
    for (Node node : nodes(sql, today)) {
      for (Body body : bodies) {
        if (!body.level().equals(node.level())) {
          continue;
        }
        Desk before = existing.get(new Place(body.code(), node.id()));
        Desk after =
            new Desk(
                before == null ? 0 : before.id(),
                body.code(),
                DeskNames.of(body.name(), node.level(), node.kind(), node.name()),
                node.id(),
                body.kind(),
                body.fallback());
        if (before == null) {
          added.add(after);
        } else if (!before.equals(after)) {
          changed.add(after);
        }
      }
    }
    update(sql, changed);
    insert(sql, added);
  }

  private static List<Node> nodes(Sql sql, LocalDate today) {
    return sql
        .rows(
            """
            SELECT id, level, coalesce(kind, '') AS kind, name FROM territory
             WHERE level IN ('district', 'street', 'community') AND valid @> $1::date
             ORDER BY id
            """,
            today)
        .stream()
        .map(DeskStore::node)
        .toList();
  }

  private static void update(Sql sql, List<Desk> desks) {
    // First none is a fallback, for a node never has two.
    sql.execute(
        "UPDATE desk SET fallback = false WHERE id = ANY($1)",
        (Object) desks.stream().map(Desk::id).toArray(Long[]::new));
    sql.execute(
        """
        UPDATE desk d SET name = n.name, kind = n.kind, fallback = n.fallback
          FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bool[]) AS n (id, name, kind, fallback)
         WHERE d.id = n.id
        """,
        desks.stream().map(Desk::id).toArray(Long[]::new),
        desks.stream().map(Desk::name).toArray(String[]::new),
        desks.stream().map(Desk::kind).toArray(String[]::new),
        desks.stream().map(Desk::fallback).toArray(Boolean[]::new));
  }

  private static void insert(Sql sql, List<Desk> desks) {
    sql.execute(
        """
        INSERT INTO desk (body, name, territory_id, kind, fallback)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bool[])
        """,
        desks.stream().map(Desk::body).toArray(String[]::new),
        desks.stream().map(Desk::name).toArray(String[]::new),
        desks.stream().map(Desk::territoryId).toArray(Long[]::new),
        desks.stream().map(Desk::kind).toArray(String[]::new),
        desks.stream().map(Desk::fallback).toArray(Boolean[]::new));
  }

  private static Node node(Row row) {
    return new Node(
        row.getLong("id"), row.getString("level"), row.getString("kind"), row.getString("name"));
  }
}
