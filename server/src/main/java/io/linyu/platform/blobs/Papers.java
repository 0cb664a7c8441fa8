package io.linyu.platform.blobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// What kind of document a file is, by its content and never by its name. Of documents that are
/// archives the directory is read, and nothing is unpacked.
public final class Papers {
  /// @param ending of a file's name, without the dot
  public record Paper(String type, String ending) {}

  private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

  private static final String OLE = "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1";

  /// What all parts of an archive become together, unpacked.
  private static final long LARGEST_UNPACKED = 200L << 20;

  private static final int END_OF_ARCHIVE = 22;
  private static final int ENTRY = 46;
  private static final int MOST_ENTRIES = 5_000;
  private static final int TAIL = 1_024;

  private Papers() {}

  /// Empty for everything that is not a PDF, a document of Office, or plain text; for one that runs
  /// programs, unpacks to more than anybody wants, or is something else besides.
  public static Optional<Paper> read(Buffer file) {
    byte[] bytes = file.getBytes();
    if (starts(bytes, "%PDF-")) {
      return pdf(bytes);
    }
    if (starts(bytes, "PK\u0003\u0004")) {
      return archive(bytes);
    }
    return starts(bytes, OLE) ? old(new String(bytes, ISO_8859_1)) : text(bytes);
  }

  /// Of Office before 2007. The names in its directory are two bytes a letter.
  private static Optional<Paper> old(String bytes) {
    if (bytes.contains(wide("_VBA_PROJECT"))) {
      return Optional.empty();
    } else if (bytes.contains(wide("WordDocument"))) {
      return Optional.of(new Paper("application/msword", "doc"));
    } else if (bytes.contains(wide("Workbook"))) {
      return Optional.of(new Paper("application/vnd.ms-excel", "xls"));
    } else if (bytes.contains(wide("PowerPoint Document"))) {
      return Optional.of(new Paper("application/vnd.ms-powerpoint", "ppt"));
    }
    return Optional.empty();
  }

  private static String wide(String name) {
    return new String(name.getBytes(StandardCharsets.UTF_16LE), ISO_8859_1);
  }

  /// One that ends otherwise has something else hanging on it.
  private static Optional<Paper> pdf(byte[] bytes) {
    int from = Math.max(0, bytes.length - TAIL);
    String tail = new String(bytes, from, bytes.length - from, ISO_8859_1);
    return tail.contains("%%EOF") && !tail.contains("PK\u0005\u0006")
        ? Optional.of(new Paper("application/pdf", "pdf"))
        : Optional.empty();
  }

  private static Optional<Paper> archive(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.limit() - END_OF_ARCHIVE;
    // No comment behind it: what is there may be another file.
    if (end < 0 || bytes.getInt(end) != 0x06054b50) {
      return Optional.empty();
    }
    int entries = Short.toUnsignedInt(bytes.getShort(end + 10));
    long at = Integer.toUnsignedLong(bytes.getInt(end + 16));
    if (entries > MOST_ENTRIES) {
      return Optional.empty();
    }
    long unpacked = 0;
    Set<String> names = new HashSet<>();
    for (int i = 0; i < entries; i++) {
      if (at + ENTRY > end || bytes.getInt((int) at) != 0x02014b50) {
        return Optional.empty();
      }
      int here = (int) at;
      unpacked += Integer.toUnsignedLong(bytes.getInt(here + 24));
      int name = Short.toUnsignedInt(bytes.getShort(here + 28));
      int rest =
          Short.toUnsignedInt(bytes.getShort(here + 30))
              + Short.toUnsignedInt(bytes.getShort(here + 32));
      at += ENTRY + name + rest;
      if (at > end || unpacked > LARGEST_UNPACKED) {
        return Optional.empty();
      }
      names.add(new String(file, here + ENTRY, name, StandardCharsets.UTF_8));
    }
    return office(names);
  }

  private static Optional<Paper> office(Set<String> names) {
    boolean runs = names.stream().anyMatch(each -> each.endsWith("vbaProject.bin"));
    if (runs || !names.contains("[Content_Types].xml")) {
      return Optional.empty();
    }
    if (names.contains("word/document.xml")) {
      return Optional.of(new Paper(OFFICE + "wordprocessingml.document", "docx"));
    } else if (names.contains("xl/workbook.xml")) {
      return Optional.of(new Paper(OFFICE + "spreadsheetml.sheet", "xlsx"));
    } else if (names.contains("ppt/presentation.xml")) {
      return Optional.of(new Paper(OFFICE + "presentationml.presentation", "pptx"));
    }
    return Optional.empty();
  }

  private static Optional<Paper> text(byte[] bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString();
      boolean plain =
          !text.isBlank()
              && text.codePoints().allMatch(each -> each >= ' ' || "\n\r\t\f".indexOf(each) >= 0)
              && !text.stripLeading().startsWith("<");
      return plain ? Optional.of(new Paper("text/plain; charset=utf-8", "txt")) : Optional.empty();
    } catch (CharacterCodingException other) {
      return Optional.empty();
    }
  }

  private static boolean starts(byte[] bytes, String head) {
    return bytes.length >= head.length()
        && new String(bytes, 0, head.length(), ISO_8859_1).equals(head);
  }
}
