package io.linyu.platform.text;

import java.util.List;
import java.util.stream.Collectors;

/// Lines of a table to take away (RFC 4180), for people who open it in a spreadsheet.
public final class CsvText {
  /// Without it some spreadsheets take UTF-8 for something else.
  public static final String MARK = "\ufeff";

  /// What makes a spreadsheet compute instead of show, on every keyboard.
  private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

  private CsvText() {}

  public static String line(List<String> values) {
    return values.stream().map(CsvText::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(String value) {
    String safe = isFormula(value) ? "'" + value : value;
    return safe.matches("(?s).*[\",\r\n].*") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }

  private static boolean isFormula(String value) {
    return !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0;
  }
}
