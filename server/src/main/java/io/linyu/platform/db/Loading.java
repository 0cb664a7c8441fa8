package io.linyu.platform.db;

import io.linyu.platform.CannotStart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Fills the tables of an empty database with millions of rows: by COPY, without looking at what a
/// row refers to, and with the indexes made afterwards.
///
/// What it is given has to be sound: nothing checks foreign keys, and no trigger runs. It needs a
/// superuser, and refuses a database in which anything has been told or opened.
public final class Loading implements AutoCloseable {
  /// @param undo drops it
  /// @param make it again, as it was
  private record Index(String table, String name, String undo, String make) {}

  private final Copying copying;
  private final List<Index> indexes;

  private Loading(Copying copying, List<String> tables) {
    this.copying = copying;
    this.indexes = copying.rows(indexesOf(tables), Loading::index);
  }

  /// @param tables that are about to be filled; they lose their indexes until [#finish], but for
  ///   the primary keys and what else is unique by a constraint
  public static Loading begin(String databaseUrl, List<String> tables) {
    Copying copying = Copying.connect(databaseUrl, Db.NAME);
    try {
      if (copying.one(
          "SELECT EXISTS (SELECT FROM event) OR EXISTS (SELECT FROM \"case\")",
          row -> row.getBoolean(1))) {
        throw new CannotStart("loading-not-empty");
      }
      copying.run("SET session_replication_role = replica");
      copying.run("SET maintenance_work_mem = '512MB'");
      copying.run("SET synchronous_commit = off");
      var loading = new Loading(copying, tables);
      loading.indexes.forEach(each -> copying.run(each.undo()));
      return loading;
    } catch (RuntimeException failed) {
      copying.close();
      throw failed;
    }
  }

  /// @param rows in PostgreSQL's text format: tabs between values, a line for each row
  public void copy(String table, List<String> columns, CharSequence rows) {
    String names = columns.stream().map(Copying::quoted).collect(Collectors.joining(", "));
    byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
    try {
      long _ =
          copying.in(
              "COPY " + Copying.quoted(table) + " (" + names + ") FROM STDIN",
              new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many rows it changed.
  public int run(String sql) {
    return copying.run(sql);
  }

  /// Makes the indexes of these tables, lets sequences go on behind what was written, and has
  /// PostgreSQL look at it all, as it would have done over the years.
  ///
  /// @param told the name of each index that is about to be made, and of each table
  public void finish(List<String> tables, Consumer<String> told) {
    for (Index index : indexes) {
      if (tables.contains(index.table())) {
        told.accept(index.name());
        copying.run(index.make());
      }
    }
    for (String table : tables) {
      told.accept(table);
      copying.run("VACUUM (ANALYZE) " + Copying.quoted(table));
      goOnBehindTheLast(table);
    }
    copying.run("RESET session_replication_role");
  }

  private void goOnBehindTheLast(String table) {
    copying.run(
        """
        DO $$
        DECLARE named text;
        BEGIN
          SELECT pg_get_serial_sequence('"%1$s"', 'id') INTO named
           WHERE EXISTS (SELECT FROM pg_attribute
                          WHERE attrelid = '"%1$s"'::regclass AND attname = 'id' AND attidentity <> '');
          IF named IS NOT NULL THEN
            EXECUTE format(
              'SELECT setval(%%L, (SELECT coalesce(max(id), 0) + 1 FROM "%1$s"), false)', named);
          END IF;
        END $$
        """
            .formatted(table));
  }

  /// Those of exclusion constraints are slow to fill row by row, too.
  private static String indexesOf(List<String> tables) {
    String names = tables.stream().map(each -> "'" + each + "'").collect(Collectors.joining(", "));
    return """
    SELECT t.relname AS of_table, i.relname AS name,
           CASE WHEN c.oid IS NULL THEN format('DROP INDEX %%I', i.relname)
                ELSE format('ALTER TABLE %%I DROP CONSTRAINT %%I', t.relname, c.conname) END AS undo,
           CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.oid)
                ELSE format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', t.relname, c.conname,
                            pg_get_constraintdef(c.oid)) END AS make
      FROM pg_index x
      JOIN pg_class i ON i.oid = x.indexrelid
      JOIN pg_class t ON t.oid = x.indrelid
      LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.contype IN ('p', 'u', 'x')
     WHERE t.relnamespace = 'public'::regnamespace AND t.relname IN (%s)
       AND coalesce(c.contype, 'x') = 'x'
     ORDER BY t.relname, i.relname
    """
        .formatted(names);
  }

  private static Index index(ResultSet row) throws SQLException {
    return new Index(
        row.getString("of_table"),
        row.getString("name"),
        row.getString("undo"),
        row.getString("make"));
  }

  @Override
  public void close() {
    copying.close();
  }
}
