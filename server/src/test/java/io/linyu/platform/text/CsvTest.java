package io.linyu.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CsvTest {
  @Test
  void readsWhatSpreadsheetsWrite() {
    Csv csv = read("\ufeffuser_code,name,note\r\nU1,\"王, 竹\",\"两\r\n行\"\r\n\r\nU2, 柳 ,\r\n");
    assertThat(csv.problems()).isEmpty();
    assertThat(csv.lines()).extracting(Csv.Line::number).containsExactly(2, 5);
    assertThat(csv.lines().getFirst().text("name")).isEqualTo("王, 竹");
    assertThat(csv.lines().getFirst().optional("note")).isEqualTo("两\r\n行");
    assertThat(csv.lines().getLast().text("code")).isEqualTo("U2");
    assertThat(csv.lines().getLast().text("name")).isEqualTo("柳");
    assertThat(csv.lines().getLast().optional("note")).isNull();
    assertThat(csv.lines().getLast().optional("size")).isNull();
    assertThat(csv.has("size")).isFalse();
  }

  @Test
  void namesEveryWrongValueWithItsLine() {
    Csv csv = read("code,name,size,day,kind\nU1,,x,2026-02-30,z\nU2,a,1,2026-02-28,off\nU3,b\n");
    csv.lines()
        .forEach(line -> {
          line.text("name");
          line.count("size");
          line.day("day");
          line.oneOf("kind", Set.of("off", "work"));
        });
    assertThat(csv.problems())
        .extracting(
            each -> each.line() + " " + each.column() + " " + each.value() + " " + each.key())
        .containsExactly(
            "2 name  missing",
            "2 size x not-a-count",
            "2 day 2026-02-30 not-a-day",
            "2 kind z not-one-of",
            "4   wrong-count");
    assertThat(csv.problems())
        .allSatisfy(each -> {
          assertThat(each.sentence(Words.in("zh"))).isNotBlank();
          assertThat(each.sentence(Words.in("en"))).isNotBlank();
        });
  }

  @Test
  void saysWhatIsWrongWithTheHeading() {
    assertThat(read("code,nmae,size,size\n").problems())
        .extracting(each -> each.column() + " " + each.key())
        .containsExactlyInAnyOrder(
            "nmae unknown-column", "size column-twice", "name missing-column");
    assertThat(keys(read(""))).containsExactly("empty");
  }

  @Test
  void aFileThatIsNoTableIsAProblemAndNotAnError() {
    assertThat(keys(read("code,name\nU1,\"open\nU2,b\n"))).containsExactly("not-csv");
    byte[] gbk = "code,name\nU1,王竹\n".getBytes(Charset.forName("GBK"));
    Csv csv =
        Csv.read(Csv.reader(new ByteArrayInputStream(gbk)), List.of("code", "name"), List.of());
    assertThat(keys(csv)).containsExactly("not-utf8");
  }

  @Test
  void whatIsTakenAwayIsNotComputedByASpreadsheet() {
    assertThat(CsvText.line(List.of("=1+1", "-2", "＠x", "a \"b\", c", "", "plain = text")))
        .isEqualTo("'=1+1,'-2,'＠x,\"a \"\"b\"\", c\",,plain = text\r\n");
  }

  private static List<String> keys(Csv csv) {
    return csv.problems().stream().map(Problem::key).toList();
  }

  private static Csv read(String text) {
    return Csv.read(
        new StringReader(text),
        List.of("code|user_code", "name"),
        List.of("note", "size", "day", "kind"));
  }
}
