package io.linyu.platform.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/// A table to take away, written while it is still being read: however long it is, it is never in
/// memory as a whole.
public interface TableFile {
  /// @param at null: it is no time
  record Cell(String text, @Nullable LocalDateTime at) {
    public static Cell of(@Nullable String text) {
      return new Cell(text == null ? "" : text, null);
    }

    public static Cell of(@Nullable LocalDateTime at) {
      return new Cell("", at);
    }
  }

  void heading(List<String> names) throws IOException;

  void line(List<Cell> cells) throws IOException;

  /// What was written so far goes on its way.
  void part() throws IOException;

  /// Nothing comes any more.
  void end() throws IOException;

  /// RFC 4180, for people who open it in a spreadsheet; see [CsvText].
  static TableFile csv(OutputStream to) {
    return new OfCommas(to);
  }

  /// A workbook with one sheet. What is text stays text: no cell is ever a formula.
  ///
  /// @param name of the sheet
  static TableFile workbook(OutputStream to, String name) {
    return new OfWorkbook(to, name);
  }

  /// See [#csv].
  final class OfCommas implements TableFile {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private final OutputStream to;

    private OfCommas(OutputStream to) {
      this.to = to;
    }

    @Override
    public void heading(List<String> names) throws IOException {
      write(CsvText.MARK + CsvText.line(names));
    }

    @Override
    public void line(List<Cell> cells) throws IOException {
      write(CsvText.line(cells.stream().map(OfCommas::text).toList()));
    }

    private static String text(Cell cell) {
      LocalDateTime at = cell.at();
      return at == null ? cell.text() : TIME.format(at);
    }

    private void write(String text) throws IOException {
      to.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void part() throws IOException {
      to.flush();
    }

    @Override
    public void end() throws IOException {
      to.flush();
    }
  }

  /// See [#workbook].
  final class OfWorkbook implements TableFile {
    private static final int WIDTH = 18;
    private static final int LONGEST = 32_767;
    private final OutputStream to;
    private final Workbook book;
    private final Worksheet sheet;
    private int row;

    private OfWorkbook(OutputStream to, String name) {
      this.to = to;
      this.book = new Workbook(to, "Linyu", null);
      this.sheet = book.newWorksheet(name);
    }

    @Override
    public void heading(List<String> names) {
      sheet.freezePane(0, 1);
      for (int column = 0; column < names.size(); column++) {
        sheet.width(column, WIDTH);
        sheet.inlineString(row, column, names.get(column));
        sheet.style(row, column).bold().set();
      }
      row++;
    }

    @Override
    public void line(List<Cell> cells) {
      for (int column = 0; column < cells.size(); column++) {
        Cell cell = cells.get(column);
        if (cell.at() != null) {
          sheet.value(row, column, cell.at());
          sheet.style(row, column).format("yyyy-mm-dd hh:mm").set();
        } else if (!cell.text().isEmpty()) {
          // Not in the table of shared texts, which would have to wait for the end.
          sheet.inlineString(row, column, sound(cell.text()));
        }
      }
      row++;
    }

    /// XML knows no control characters, and a cell no more than so much.
    private static String sound(String text) {
      var sound = new StringBuilder(text.length());
      text.codePoints()
          .filter(each -> each >= ' ' || each == '\n' || each == '\t')
          .filter(each -> each < 0xD800 || each > 0xDFFF)
          .filter(each -> each != 0xFFFE && each != 0xFFFF)
          .forEach(sound::appendCodePoint);
      return sound.length() > LONGEST ? sound.substring(0, LONGEST) : sound.toString();
    }

    @Override
    public void part() throws IOException {
      sheet.flush();
      to.flush();
    }

    @Override
    public void end() throws IOException {
      book.finish();
      to.flush();
    }
  }
}
