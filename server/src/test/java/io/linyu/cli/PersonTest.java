package io.linyu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Counter;
import io.linyu.Neighbourhood;
import io.linyu.Samples;
import io.linyu.Settings;
import io.linyu.casework.Case;
import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseId;
import io.linyu.casework.Drafts;
import io.linyu.community.PersonEvent;
import io.linyu.community.Staff;
import io.linyu.reception.ReceptionEvent;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is held on one resident is handed out, and erased, beside a server that runs.
class PersonTest {
  @AutoClose private static final Neighbourhood TOWN = Neighbourhood.withTwoAccounts();
  @AutoClose private static final Counter COUNTER = TOWN.counter();

  /// In everything that the person or anybody about them says.
  private static final String MARK = "雪兔";

  private static final String PHONE = "12000000451";

  private final StringWriter said = new StringWriter();

  @TempDir private Path home;

  @Test
  void allOfItIsHandedOutAndThenAllOfItIsGone() throws Exception {
    Phone main = TOWN.follower("erased").scan("bld:" + COUNTER.place("88001001B3").code());
    main.says("楼道灯坏了，找" + MARK).says("对");
    Phone other = TOWN.secondFollower("erased");
    other.says("绑定" + code(main)).says("1");
    long person = Long.parseLong(person(main));
    other.says(
        "补充 " + TOWN.sqlOne("SELECT number FROM \"case\" WHERE what LIKE '%楼道灯%'") + " 加一句" + MARK);
    markEverything(main, other, person);
    Phone neighbour = TOWN.follower("neighbour").image(picture());
    neighbour.says("别人的话");
    TOWN.until("pictures are there", () -> count("attachment WHERE state = 'fetched'") == 4);
    main.says("看一下" + MARK);
    Line.Said last = main.said().getLast();
    String receipts = TOWN.sqlOne("SELECT count(*) FROM receipt");
    TOWN.until(
        "its words can be sought, and what was added",
        () -> count("case_words WHERE words::text LIKE '%加一句" + MARK + "%'") == 1);
    List<String> before = withMark();
    assertThat(before)
        .contains(
            "message.content",
            "enclosure.name",
            "draft.text",
            "shift_line.comment",
            "case.what",
            "case.title",
            "case.place",
            "case_answer.text",
            "case_note.text",
            "holding.reason",
            "outbound.text",
            "receipt.reply",
            "conversation.state",
            "person.called",
            "person_merge.reason",
            "hearing.transcript",
            "blob_chunk.bytes");

    // Handing out.
    Path file = home.resolve("all.zip");
    String number = TOWN.sqlOne("SELECT number FROM \"case\" WHERE what LIKE '%" + MARK + "%'");
    assertThat(run("person", "export", "--case", number, "--to", file.toString()))
        .as(said.toString())
        .isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var zip = new ZipFile(file.toFile())) {
      String data = text(zip, "data.json");
      assertThat(data)
          .contains("楼道灯坏了，找" + MARK, PHONE, "真名" + MARK, main.openid(), other.openid())
          .contains("回" + MARK, "注" + MARK, "理由" + MARK, "写" + MARK, "并" + MARK)
          .contains("加一句" + MARK)
          .contains("说明" + MARK + ".pdf", "交" + MARK)
          .doesNotContain("别人的话", "sealed", "hash", "没发" + MARK);
      assertThat(text(zip, "index.html"))
          .contains("存着的个人资料", "楼道灯坏了，找" + MARK, "attachments/")
          .doesNotContain("<script");
      assertThat(zip.stream().filter(each -> each.getName().startsWith("attachments/")))
          .as("two of theirs, and what was sent into the chat")
          .hasSize(3);
      assertThat(zip.stream().filter(each -> each.getName().startsWith("slips/"))).hasSize(1);
      // What staff sent, byte by byte, and nothing that they have not sent.
      List<String> sent =
          zip.stream()
              .map(each -> each.getName())
              .filter(each -> each.startsWith("enclosures/"))
              .toList();
      assertThat(sent).singleElement().asString().endsWith(".pdf");
      assertThat(text(zip, "index.html")).contains("href=\"" + sent.getFirst() + "\"");
      try (InputStream in = zip.getInputStream(zip.getEntry(sent.getFirst()))) {
        assertThat(in.readAllBytes()).isEqualTo(Samples.pdf().getBytes());
      }
    }
    assertThat(run("person", "export", Long.toString(person), "--to", file.toString())).isOne();
    assertThat(said.toString()).contains("is there already");

    // Erasing.
    assertThat(run("person", "erase", "--phone", PHONE, "--yes")).isOne();
    assertThat(said.toString()).contains("talking at this moment");
    assertThat(withMark()).isEqualTo(before);
    var _ = TOWN.sql("UPDATE receipt SET received_at = received_at - interval '2 hours'");
    assertThat(run("person", "erase", "--phone", PHONE, "--yes")).as(said.toString()).isZero();
    assertThat(said.toString()).contains("message: ", "1 of the cases are open");
    assertThat(withMark()).isEmpty();
    assertThat(
            TOWN.sql(
                "SELECT 1 FROM address WHERE external_id IN ('%s', '%s')"
                    .formatted(main.openid(), other.openid())))
        .isEmpty();
    assertThat(
            TOWN.sql(
                "SELECT 1 FROM person WHERE id = %d AND num_nonnulls(called, name_sealed, phone_sealed, phone_hash, home_id) > 0"
                    .formatted(person)))
        .isEmpty();
    for (var each :
        List.of(CaseEvent.VOCABULARY, ReceptionEvent.VOCABULARY, PersonEvent.VOCABULARY)) {
      assertThat(COUNTER.events.broken(each)).isEmpty();
    }
    assertThat(TOWN.sqlOne("SELECT count(*) FROM receipt")).isEqualTo(receipts);
    assertThat(count("attachment WHERE state = 'fetched'")).as("the neighbour's").isOne();
    assertThat(count("blob")).isOne();
    assertThat(count("box_slip WHERE digest IS NULL")).as("how many there were stays").isOne();
    assertThat(TOWN.sql("SELECT details FROM audit_entry WHERE what LIKE 'person_%'"))
        .hasSize(2)
        .noneMatch(each -> each.contains(PHONE));

    // The matter goes on without the words, and once more is the same.
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    Case open = COUNTER.cases.visibleTo(zhang, caseId(number));
    assertThat(open.isOpen()).isTrue();
    assertThat(COUNTER.finish(zhang, open.id(), open.version(), "灯好了").isOpen()).isFalse();
    assertThat(run("person", "erase", Long.toString(person), "--yes")).isZero();
    assertThat(withMark()).isEmpty();

    // Who speaks again is somebody new.
    main.says("我又来了");
    assertThat(person(main)).isNotEqualTo(Long.toString(person));
    assertThat(main.says("查询").hears()).contains("还没有登记过的事");
    assertThat(last).isNotNull();
  }

  private void markEverything(Phone main, Phone other, long person) {
    Staff zhang = COUNTER.staff(Counter.ZHANG);
    var people = COUNTER.community.people();
    COUNTER
        .db()
        .withinTransaction(tx -> {
          people.call(tx, person, "王" + MARK);
          people.setName(tx, person, "真名" + MARK);
          people.verifyPhone(tx, person, PHONE, zhang.id());
        });
    CaseId id =
        new CaseId(
            Long.parseLong(
                TOWN.sqlOne("SELECT id FROM \"case\" WHERE what LIKE '%" + MARK + "%'")));
    var handling = COUNTER.handling;
    Case now = handling.claim(zhang, id, COUNTER.cases.visibleTo(zhang, id).version());
    var enclosures = COUNTER.enclosures;
    String sent = enclosures.add(zhang, id, "说明" + MARK + ".pdf", Samples.pdf()).code();
    var _ = handling.answer(zhang, id, now.version(), "回" + MARK, List.of(sent));
    other.awaitHeard("回" + MARK);
    var _ = enclosures.add(zhang, id, "没发" + MARK + ".docx", Samples.docx());
    TOWN.rooms().casework().drafts().keep(zhang, id, Drafts.Kind.NOTE, "没发" + MARK);
    var _ =
        TOWN.sql(
            """
            WITH s AS (
              INSERT INTO shift (code, desk_id, from_id, note, state, handed_at)
              SELECT 'of-mark', desk_id, %d, '', 'offered', now() FROM "case" WHERE id = %d RETURNING id)
            INSERT INTO shift_line (shift_id, case_id, kind, place, held, keeps, starred, comment)
            SELECT id, %d, 'held', 1, true, false, false, '交%s' FROM s
            """
                .formatted(zhang.id(), id.value(), id.value(), MARK));
    var _ =
        TOWN.sql(
            """
            WITH d AS (
              INSERT INTO blob (digest, type, bytes) VALUES (sha256('slip'), 'image/jpeg', 9) RETURNING digest),
            k AS (INSERT INTO blob_chunk (digest, seq, bytes) SELECT digest, 0, convert_to('条%1$s', 'UTF8') FROM d),
            b AS (
              INSERT INTO box (code, territory_id, place, period_days, due_at)
              SELECT 'B-1', territory_id, '门口', 7, now() FROM staff WHERE id = %2$d RETURNING id),
            o AS (
              INSERT INTO box_opening (box_id, code, begun_by, begun_at, slips, counted_by, counted_at)
              SELECT id, 'of-slip', %2$d, now(), 1, %2$d, now() FROM b RETURNING id),
            s AS (
              INSERT INTO box_slip (opening_id, nth, digest, taken_by, taken_at)
              SELECT o.id, 1, d.digest, %2$d, now() FROM o, d RETURNING id)
            INSERT INTO box_slip_case (slip_id, case_id, added) SELECT id, %3$d, false FROM s
            """
                .formatted(MARK, zhang.id(), id.value()));
    var _ = handling.note(zhang, id, "注" + MARK);
    var _ = TOWN.sql("UPDATE \"case\" SET place = '处" + MARK + "'");
    var _ = TOWN.sql("UPDATE holding SET reason = '理由" + MARK + "'");
    var _ = TOWN.sql("UPDATE person_merge SET reason = '并" + MARK + "'");
    other.says("返回");
    main.image(picture());
    main.says("1楼下水道堵了，问" + MARK); // unfinished: in the state of the conversation
    other.voice(Buffer.buffer("#!AMR\n" + MARK));
    var _ =
        TOWN.sql(
            "UPDATE hearing SET heard_by = %d, heard_at = now(), transcript = '写%s'"
                .formatted(zhang.id(), MARK));
  }

  /// The same picture as the neighbour's.
  private static Buffer picture() {
    try (InputStream in = PersonTest.class.getResourceAsStream("/demo/photos/puddle.jpg")) {
      return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Every column that can hold words or bytes, and in which the mark stands.
  private static List<String> withMark() {
    var found = new ArrayList<String>();
    List<String> columns =
        TOWN.sql(
            """
            SELECT c.table_name || '.' || c.column_name || '.' || c.data_type
              FROM information_schema.columns c JOIN information_schema.tables t
                ON t.table_name = c.table_name AND t.table_schema = c.table_schema
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
               AND c.data_type IN ('text', 'jsonb', 'bytea', 'ARRAY', 'character varying')
             ORDER BY 1
            """);
    for (String each : columns) {
      String[] part = each.split("\\.", 3);
      String value =
          part[2].equals("bytea")
              ? "position(convert_to('" + MARK + "', 'UTF8') IN \"" + part[1] + "\") > 0"
              : "\"" + part[1] + "\"::text LIKE '%" + MARK + "%'";
      if (!TOWN.sqlOne("SELECT count(*) FROM \"" + part[0] + "\" WHERE " + value).equals("0")) {
        found.add(part[0] + "." + part[1]);
      }
    }
    return found;
  }

  private static CaseId caseId(String number) {
    return new CaseId(
        Long.parseLong(TOWN.sqlOne("SELECT id FROM \"case\" WHERE number = '" + number + "'")));
  }

  private static String code(Phone phone) {
    Matcher code = Pattern.compile("\\d{4} \\d{4}").matcher(phone.says("绑定").hears());
    assertThat(code.find()).isTrue();
    return code.group();
  }

  private static String person(Phone phone) {
    return TOWN.sqlOne(
        "SELECT person_id FROM address WHERE external_id = '%s'".formatted(phone.openid()));
  }

  private static long count(String of) {
    return Long.parseLong(TOWN.sqlOne("SELECT count(*) FROM " + of));
  }

  private static String text(ZipFile zip, String name) throws IOException {
    return new String(
        zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }

  private int run(String... arguments) {
    said.getBuffer().setLength(0);
    Settings settings = TOWN.settings;
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
