package io.linyu.casework;

import io.linyu.casework.Category.Limit;
import io.linyu.community.Level;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.time.WorkingCalendar.Unit;
import io.vertx.sqlclient.Row;
import java.util.Comparator;
import java.util.List;

final class CategoryStore {
  List<Category> all(Sql sql) {
    return sql
        .rows(
            """
            SELECT code, parent_code, name_zh, name_en, body, co_bodies, loop, first_response_hours,
                   sla_value, sla_unit, urgency, keywords, closing_criteria, on_site, open311_public,
                   about_staff, about_neighbours, quiet
              FROM category
             ORDER BY code
            """)
        .stream()
        .map(CategoryStore::read)
        .toList();
  }

  void replace(Tx tx, List<Category> catalogue) {
    catalogue.stream()
        .sorted(Comparator.comparing(Category::code)) // parents first
        .forEach(category -> put(tx, category));
    retireAllBut(tx, catalogue);
  }

  private void put(Tx tx, Category category) {
    Limit limit = category.limit();
    tx.execute(
        """
        INSERT INTO category
               (code, parent_code, name_zh, name_en, body, co_bodies, loop, first_response_hours,
                sla_value, sla_unit, urgency, keywords, closing_criteria, open311_public, on_site,
                about_staff, about_neighbours, quiet)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            ON CONFLICT (code) DO UPDATE
           SET parent_code = $2, name_zh = $3, name_en = $4, body = $5, co_bodies = $6, loop = $7,
               first_response_hours = $8, sla_value = $9, sla_unit = $10, urgency = $11,
               keywords = $12, closing_criteria = $13, open311_public = $14, on_site = $15,
               about_staff = $16, about_neighbours = $17, quiet = $18
        """,
        category.code(),
        category.parent(),
        category.nameZh(),
        category.nameEn(),
        category.body(),
        category.coBodies().toArray(String[]::new),
        category.level() == null ? null : category.level().word(),
        category.firstResponseHours(),
        limit == null ? null : limit.value(),
        limit == null ? null : limit.unit().word(),
        category.urgency() == null ? null : category.urgency().word(),
        category.keywords().toArray(String[]::new),
        category.closingCriteria(),
        category.open(),
        category.onSite(),
        category.aboutStaff(),
        category.aboutNeighbours(),
        category.quiet());
  }

  /// Cases may still have them; nothing new is found by their keywords.
  private void retireAllBut(Tx tx, List<Category> catalogue) {
    tx.execute(
        """
        UPDATE category SET keywords = '{}' WHERE NOT code = ANY($1)
        """,
        (Object) catalogue.stream().map(Category::code).toArray(String[]::new));
  }

  private static Category read(Row row) {
    String level = row.getString("loop");
    Integer limit = row.getInteger("sla_value");
    String urgency = row.getString("urgency");
    return new Category(
        row.getString("code"),
        row.getString("parent_code"),
        row.getString("name_zh"),
        row.getString("name_en"),
        row.getString("body"),
        List.of(row.getArrayOfStrings("co_bodies")),
        level == null ? null : Level.of(level),
        row.getInteger("first_response_hours"),
        limit == null ? null : new Limit(limit, Unit.of(row.getString("sla_unit"))),
        urgency == null ? null : Urgency.of(urgency),
        List.of(row.getArrayOfStrings("keywords")),
        row.getString("closing_criteria"),
        row.getBoolean("on_site"),
        row.getBoolean("about_neighbours"),
        row.getBoolean("open311_public"),
        row.getBoolean("about_staff"),
        row.getBoolean("quiet"));
  }
}
