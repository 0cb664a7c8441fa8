package io.linyu;

import io.vertx.core.buffer.Buffer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/// Files such as people send.
public final class Samples {
  private Samples() {}

  /// @param format `JPEG`, `PNG`
  public static Buffer picture(int width, int height, String format) {
    var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    var brush = picture.createGraphics();
    brush.setColor(new Color(0x0f766e));
    brush.fillRect(0, 0, width, height);
    brush.setColor(Color.ORANGE);
    brush.fillOval(width / 4, height / 4, width / 2, height / 2);
    brush.dispose();
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }

  /// Of 128 kbit/s, 417 bytes and 26 ms a frame.
  public static Buffer mp3(int seconds) {
    var sound = Buffer.buffer();
    byte[] frame = new byte[417];
    frame[0] = (byte) 0xff;
    frame[1] = (byte) 0xfb;
    frame[2] = (byte) 0x90;
    for (int i = 0; i * 1_152L < seconds * 44_100L; i++) {
      sound.appendBytes(frame);
    }
    return sound;
  }

  public static Buffer amr(int seconds) {
    var sound = Buffer.buffer("#!AMR\n");
    byte[] frame = new byte[32];
    frame[0] = 0x3c;
    for (int i = 0; i < seconds * 50; i++) {
      sound.appendBytes(frame);
    }
    return sound;
  }

  public static Buffer pdf() {
    return Buffer.buffer("%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n");
  }

  public static Buffer docx() {
    return zip(Map.of("[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>"));
  }

  public static Buffer zip(Map<String, String> parts) {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var each : parts.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(each.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }
}
