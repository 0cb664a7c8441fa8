package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.App;
import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Settings;
import io.linyu.World;
import io.linyu.casework.Case;
import io.linyu.casework.Handling;
import io.linyu.community.Staff;
import io.linyu.community.audit.AuditEntry;
import io.linyu.console.AuditPages;
import io.linyu.platform.CannotStart;
import io.linyu.platform.db.Migrations;
import io.linyu.platform.text.Words;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/// The rehearsal: a neighbourhood that lives is backed up, and lives on somewhere else.
class BackupTest {
  private static final String COUNTS =
      """
      SELECT (SELECT count(*) FROM event) || ' ' || (SELECT count(*) FROM "case") || ' '
          || (SELECT count(*) FROM message) || ' ' || (SELECT count(*) FROM receipt) || ' '
          || (SELECT count(*) FROM person WHERE phone_sealed IS NOT NULL) || ' '
          || (SELECT sum(hashtext(c::text)) FROM "case" c) || ' '
          || (SELECT sum(hashtext(h::text)) FROM holding h) || ' '
          || (SELECT sum(hashtext(encode(hash, 'hex'))) FROM event)
      """;

  /// The release before the tenth step knew no messages of a case.
  private static final String COUNTS_BEFORE =
      COUNTS.replace("hashtext(c::text)", "hashtext((to_jsonb(c) - 'message_ids')::text)");

  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.open();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  private final StringWriter said = new StringWriter();

  @TempDir private Path home;

  @Test
  void aNeighbourhoodLivesOnInAnotherDatabase() throws Exception {
    Phone li = TOWN.follower("li");
    TOWN.until("3栋 is known", () -> li.scan("bld:88001001B3").hears().contains("3栋"));
    li.says("楼道灯不亮了").says("对");
    Line.Said confirmed = li.said().getLast();
    String confirmation = li.hears();
    String first = newestCase(TOWN.settings);
    answer(COUNTER, first, "师傅下午来修。");
    assertThat(li.awaitHeard("师傅下午来修").text()).isNotEmpty();
    COUNTER
        .db()
        .withinTransaction(
            tx -> COUNTER.community.people().setPhone(tx, person(li), "12000000069"));
    TOWN.holdBack(li, "排着队的话");
    TOWN.holdBack(li, "正在路上的话");
    var _ =
        TOWN.sql(
            """
            UPDATE outbound SET state = 'sending', lease_until = now() + interval '1 day', next_due_at = NULL
             WHERE text = '正在路上的话'
            """);

    Path file = home.resolve("a.zip");
    Settings elsewhere = elsewhere();
    String counts;
    // One listener has not heard it yet. Here it waits behind what is on its way.
    try (var _ =
        TOWN.holding("SELECT FROM event_cursor WHERE listener = 'tell-residents' FOR UPDATE")) {
      answer(COUNTER, first, "零件到了，五点前修好。");
      assertThat(run(TOWN.settings, "backup", file.toString())).as(said.toString()).isZero();
      assertThat(said.toString()).contains("event: ", "The secrets key is not in it");
      counts = TOWN.sqlOne(COUNTS);
    }
    li.says("后来才说的话");
    refusesWhatItShould(file, elsewhere);

    assertThat(run(elsewhere, "restore", file.toString())).as(said.toString()).isZero();
    assertThat(said.toString())
        .contains("All chains of events verify", "Linyu can be started")
        .contains("on their way at the backup: 2");
    assertThat(one(elsewhere, COUNTS)).isEqualTo(counts);
    refused(elsewhere, "is not empty", "restore", file.toString());
    assertThat(heard(li, "零件到了")).isZero();
    isAudited(TOWN.settings, "backed_up", "备份 " + file, "Backed up " + file);
    isAudited(elsewhere, "restored", "从备份恢复 " + file, "Restored from a backup " + file);

    try (var app = App.start(elsewhere, TOWN.clock);
        var counter = new Counter(elsewhere, TOWN.clock)) {
      TOWN.wechat.pushTo("http://localhost:" + app.port() + "/wechat/main");
      TOWN.until("it is told", () -> heard(li, "零件到了") == 1);

      String receipts = one(elsewhere, "SELECT count(*) FROM receipt");
      assertThat(li.again(confirmed).reply())
          .isNotNull()
          .extracting(Reply::text)
          .isEqualTo(confirmation);
      assertThat(one(elsewhere, "SELECT count(*) FROM receipt")).isEqualTo(receipts);

      Phone zhao = TOWN.follower("zhao");
      zhao.scan("bld:88001001B3").says("大门关不上").says("对");
      String next = newestCase(elsewhere);
      assertThat(TOWN.sql("SELECT number FROM \"case\"")).doesNotContain(next);
      answer(counter, next, "明天来看。");
      assertThat(zhao.awaitHeard("明天来看").text()).isNotEmpty();
      assertThat(counter.community.people().byPhone(counter.db(), "12000000069"))
          .singleElement()
          .satisfies(person -> assertThat(person.phoneMasked()).isEqualTo("120****0069"));
    }
    assertThat(heard(li, "师傅下午来修")).as("told once, and not again").isEqualTo(1);
    assertThat(heard(li, "正在路上的话")).isZero();
    assertThat(
            one(
                elsewhere,
                """
                SELECT count(*) FILTER (WHERE state = 'unknown') || ' of ' || count(*)
                  FROM outbound WHERE reason LIKE 'restored%'
                """))
        .isEqualTo("2 of 2");
    anOlderReleasesBackupIsBroughtToThisOne(elsewhere);
  }

  /// Found by the command line, and as the page tells it.
  private void isAudited(Settings settings, String deed, String zh, String en) {
    assertThat(run(settings, "audit", "log")).isZero();
    assertThat(said.toString().lines())
        .filteredOn(line -> line.contains("\tcommand_line\t" + deed + "\t"))
        .first()
        .asString()
        .matches(".*\t" + System.getProperty("user.name") + "@\\S+");
    try (var counter = new Counter(settings, TOWN.clock)) {
      var entries = new ArrayList<AuditEntry>();
      counter.community.audit().since(Instant.EPOCH, entries::add);
      AuditEntry entry =
          entries.stream().filter(each -> each.what().equals(deed)).findFirst().orElseThrow();
      for (String language : List.of("zh", "en")) {
        var told = new AuditPages.Told(Words.in(language), entry);
        assertThat(told.what() + " " + told.detail()).startsWith(language.equals("zh") ? zh : en);
      }
    }
  }

  /// What is there, as the release before the tenth step would have had it.
  private void anOlderReleasesBackupIsBroughtToThisOne(Settings lived) throws Exception {
    Settings before = empty();
    var _ =
        Migrations.configured(Migrations.jdbcUrl(before.databaseUrl()))
            .target("9")
            .load()
            .migrate();
    copyAll(lived, before);
    Path file = home.resolve("older.zip");
    assertThat(run(before, "backup", file.toString())).as(said.toString()).isZero();

    Settings now = empty();
    assertThat(run(now, "restore", file.toString())).as(said.toString()).isZero();
    assertThat(said.toString()).contains("All chains of events verify", "Linyu can be started");
    assertThat(one(now, COUNTS_BEFORE)).isEqualTo(one(lived, COUNTS_BEFORE));
    assertThat(one(now, "SELECT count(*) FROM flyway_schema_history WHERE success"))
        .isEqualTo(one(lived, "SELECT count(*) FROM flyway_schema_history WHERE success"));
    assertThat(one(now, "SELECT bool_and(indisvalid) FROM pg_index")).isEqualTo("t");
    try (var app = App.start(now, TOWN.clock)) {
      TOWN.wechat.pushTo("http://localhost:" + app.port() + "/wechat/main");
      assertThat(TOWN.follower("qian").scan("bld:88001001B3").says("水管漏水").hears())
          .contains("水管漏水");
    }
  }

  /// With nothing in it, not even a step.
  private static Settings empty() throws SQLException {
    Settings settings = elsewhere();
    String url = settings.databaseUrl();
    String name = url.substring(url.lastIndexOf('/') + 1);
    try (Connection admin = connect(TOWN.settings);
        var run = admin.createStatement()) {
      run.execute("DROP DATABASE " + name);
      run.execute("CREATE DATABASE " + name);
    }
    return settings;
  }

  /// The columns that are there.
  private static void copyAll(Settings from, Settings to) throws Exception {
    try (Connection source = connect(from);
        Connection target = connect(to);
        var run = target.createStatement();
        var columns =
            target
                .createStatement()
                .executeQuery(
                    """
                    SELECT table_name, string_agg(quote_ident(column_name), ',') AS columns
                      FROM information_schema.columns
                      JOIN information_schema.tables USING (table_schema, table_name)
                     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                       AND table_name <> 'flyway_schema_history'
                     GROUP BY table_name
                    """)) {
      run.execute("SET session_replication_role = replica");
      while (columns.next()) {
        String table = '"' + columns.getString("table_name") + '"';
        String listed = columns.getString("columns");
        var bytes = new ByteArrayOutputStream();
        var _ =
            source
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT %s FROM %s) TO STDOUT".formatted(listed, table), bytes);
        run.execute("DELETE FROM " + table);
        var _ =
            target
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                    "COPY %s (%s) FROM STDIN".formatted(table, listed),
                    new ByteArrayInputStream(bytes.toByteArray()));
      }
      run.execute("SELECT setval(oid::regclass, 100000) FROM pg_class WHERE relkind = 'S'");
    }
  }

  private static long heard(Phone phone, String text) {
    return phone.heard().stream().filter(line -> line.text().contains(text)).count();
  }

  private void refusesWhatItShould(Path file, Settings elsewhere) throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> left = Files.list(home)) {
      assertThat(left).containsExactly(file);
    }
    refused(TOWN.settings, "is there already", "backup", file.toString());
    Path bad = Files.writeString(home.resolve("bad.zip"), "in the way");
    assertThat(run(TOWN.settings, "backup", "--force", bad.toString())).isZero();
    refused(TOWN.settings, "no folder", "backup", home.resolve("none/b.zip").toString());
    refused(TOWN.settings, "/dev/full", "backup", "/dev/full");

    refused(TOWN.settings, "Other Linyu processes use", "restore", file.toString());
    refused(elsewhere, "no file", "restore", home.resolve("none.zip").toString());
    byte[] whole = Files.readAllBytes(file);
    Files.write(bad, Arrays.copyOf(whole, whole.length / 2));
    refused(elsewhere, "damaged or was changed", "restore", bad.toString());
    rewritten(file, bad, "tables/message", text -> text.replace("楼道灯", "楼顶灯"));
    refused(elsewhere, "tables/message", "restore", bad.toString());
    rewritten(
        file, bad, "manifest.json", text -> text.replaceFirst("\"format\" : 1", "\"format\" : 2"));
    refused(elsewhere, "newer release", "restore", bad.toString());
    rewritten(
        file,
        bad,
        "manifest.json",
        text -> text.replaceFirst("\"migration\" : \"\\d+\"", "\"migration\" : \"9999\""));
    refused(elsewhere, "newer release", "restore", bad.toString());
    rewritten(
        file,
        bad,
        "manifest.json",
        text -> text.replaceFirst("\"rows\" : \\d+", "\"rows\" : 7000"));
    refused(elsewhere, "damaged or was changed", "restore", bad.toString());
    rewritten(file, bad, "manifest.json", _ -> "");
    refused(elsewhere, "damaged or was changed", "restore", bad.toString());
    Files.delete(bad);

    try (Connection other = connect(elsewhere);
        var lock = other.createStatement()) {
      lock.execute("SELECT pg_advisory_lock(" + 0x4C696E7975L + ")");
      refused(elsewhere, "is being restored", "restore", file.toString());
      assertThatThrownBy(() -> App.start(elsewhere, TOWN.clock))
          .isInstanceOfSatisfying(
              CannotStart.class, no -> assertThat(no.code()).isEqualTo("restore-running"));
    }
  }

  private void refused(Settings settings, String why, String... command) {
    assertThat(run(settings, command)).as(said.toString()).isEqualTo(1);
    assertThat(said.toString().lines().toList()).last().asString().contains(why);
  }

  private static void rewritten(Path from, Path to, String entry, UnaryOperator<String> change)
      throws IOException {
    try (var zip = new ZipFile(from.toFile());
        var out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry each : zip.stream().toList()) {
        byte[] bytes = zip.getInputStream(each).readAllBytes();
        out.putNextEntry(new ZipEntry(each.getName()));
        out.write(
            each.getName().equals(entry)
                ? change
                    .apply(new String(bytes, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8)
                : bytes);
      }
    }
  }

  /// An empty database, and the same public account.
  private static Settings elsewhere() {
    Settings plain = World.settings();
    return plain.withWechat(TOWN.settings.wechat());
  }

  private static void answer(Counter counter, String number, String text) {
    Staff zhang = counter.staff(Counter.ZHANG);
    Handling handling = counter.handling;
    Case open = counter.cases.visibleTo(zhang, counter.codeOf(number));
    if (open.staffId() == null) {
      open = handling.claim(zhang, open.id(), open.version());
    }
    var _ = handling.answer(zhang, open.id(), open.version(), text);
  }

  private static String newestCase(Settings settings) {
    return one(settings, "SELECT number FROM \"case\" ORDER BY id DESC LIMIT 1");
  }

  private static long person(Phone phone) {
    return Long.parseLong(
        TOWN.sqlOne("SELECT person_id FROM address WHERE external_id = '" + phone.openid() + "'"));
  }

  private static Connection connect(Settings settings) throws SQLException {
    return DriverManager.getConnection(Migrations.jdbcUrl(settings.databaseUrl()));
  }

  private static String one(Settings settings, String query) {
    try (Connection connection = connect(settings);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  private int run(Settings settings, String... arguments) {
    said.getBuffer().setLength(0);
    var environment =
        new Environment(
            Map.of(
                "LANG", "en_US.UTF-8",
                "LINYU_DATABASE_URL", settings.databaseUrl(),
                "LINYU_REDIS_URL", settings.redisUrl(),
                "LINYU_SECRETS_KEY", settings.secretsKey()),
            home);
    var out = new PrintWriter(said, true);
    return Commands.run(arguments, environment, out, out);
  }
}
