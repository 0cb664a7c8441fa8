package io.linyu.platform.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.Samples;
import io.linyu.platform.blobs.Papers.Paper;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a file is, by what is in it.
class ContentTest {
  @Test
  void aDocumentIsKnownByItsContent() {
    assertThat(Papers.read(Samples.pdf())).map(Paper::ending).hasValue("pdf");
    assertThat(Papers.read(Samples.docx())).map(Paper::ending).hasValue("docx");
    assertThat(Papers.read(Buffer.buffer("停水通知\n明天九点\n"))).map(Paper::ending).hasValue("txt");
    assertThat(Papers.read(Samples.zip(Map.of("a.txt", "x")))).as("any archive").isEmpty();
    assertThat(Papers.read(Buffer.buffer("<html><script>alert(1)</script>"))).isEmpty();
    assertThat(Papers.read(Buffer.buffer("MZ\u0000\u0003"))).as("a program").isEmpty();
  }

  @Test
  void whatIsSomethingElseBesidesIsRefused() {
    Buffer both = Samples.pdf().copy().appendBuffer(Samples.zip(Map.of("evil.js", "x")));
    assertThat(Papers.read(both)).as("a PDF with an archive behind it").isEmpty();
    Buffer tail = Samples.docx().copy().appendString("<script>alert(1)</script>");
    assertThat(Papers.read(tail)).as("a document with a page behind it").isEmpty();
    Buffer macros =
        Samples.zip(
            Map.of("[Content_Types].xml", "", "word/document.xml", "", "word/vbaProject.bin", "x"));
    assertThat(Papers.read(macros)).as("a document that runs programs").isEmpty();
  }

  /// Some 300 MB of nothing in 300 KB.
  @Test
  void whatUnpacksToMoreThanAnybodyWantsIsRefused() {
    String much = " ".repeat(100 << 20);
    Buffer bomb =
        Samples.zip(
            Map.of("[Content_Types].xml", much, "word/document.xml", much, "word/a.xml", much));
    assertThat(bomb.length()).isLessThan(1 << 20);
    assertThat(Papers.read(bomb)).isEmpty();
  }

  @Test
  void howLongASoundLastsIsCounted() {
    assertThat(Sounds.read(Samples.mp3(30)).orElseThrow().lasts())
        .isBetween(Duration.ofMillis(29_900), Duration.ofMillis(30_100));
    assertThat(Sounds.read(Samples.mp3(3_600)).orElseThrow().lasts())
        .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    assertThat(Sounds.read(Samples.amr(61)).orElseThrow().lasts())
        .isEqualTo(Duration.ofSeconds(61));
    Buffer tagged =
        Buffer.buffer("ID3")
            .appendBytes(new byte[] {3, 0, 0, 0, 0, 0, 10})
            .appendBytes(new byte[10])
            .appendBuffer(Samples.mp3(5));
    assertThat(Sounds.read(tagged).orElseThrow().type()).isEqualTo("audio/mpeg");
    assertThat(Sounds.read(Samples.amr(3).getBuffer(0, 50))).as("broken off").isEmpty();
    assertThat(Sounds.read(Samples.mp3(3).copy().appendBytes(new byte[9_000])))
        .as("something behind it")
        .isEmpty();
    assertThat(Sounds.read(Samples.picture(40, 40, "JPEG"))).isEmpty();
  }

  @Test
  void aPictureIsDrawnAnewOrRefused() {
    Buffer hidden =
        Samples.picture(3_000, 2_000, "PNG").copy().appendString("<script>alert('also a page')");
    Buffer drawn = Pictures.redrawn(hidden).orElseThrow().bytes();
    assertThat(drawn.toString(StandardCharsets.ISO_8859_1)).doesNotContain("script");
    assertThat(Pictures.redrawn(Buffer.buffer("no picture"))).isEmpty();
    assertThat(Pictures.redrawn(bomb())).as("30,000 by 30,000 in some bytes").isEmpty();
  }

  /// A PNG that says of itself that it is enormous.
  private static Buffer bomb() {
    Buffer png = Samples.picture(10, 10, "PNG").copy();
    png.setInt(16, 30_000).setInt(20, 30_000);
    var crc = new java.util.zip.CRC32();
    crc.update(png.getBytes(12, 29));
    return png.setInt(29, (int) crc.getValue());
  }
}
