package io.linyu.platform.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/// A table in a file (RFC 4180), read to the end whatever is wrong in it, so that all problems are
/// known at once.
///
/// Asking a line for a value notes a problem when the value is not of that kind, and answers with
/// something harmless. Before anything is written, [#problems] has to be empty.
public final class Csv {
  private static final int LONGEST = 4_000;

  private final Map<String, Integer> columns = new HashMap<>();
  private final List<Line> lines = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();

  private Csv() {}

  /// @param required names of columns; `name|name_zh` is a column with two possible names, known by
  ///   the first
  /// @param optional likewise; a column that is in neither list is a problem, for it may be a
  ///   misspelt one
  public static Csv read(Reader file, List<String> required, List<String> optional) {
    var csv = new Csv();
    try (var parser =
        CSVParser.parse(withoutMark(file), CSVFormat.RFC4180.builder().setTrim(true).get())) {
      csv.read(parser, required, optional);
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      csv.unreadable(1, e);
    }
    return csv;
  }

  /// UTF-8 and nothing else: what is not is a problem, instead of becoming unreadable names.
  public static Reader reader(InputStream file) {
    return new BufferedReader(
        new InputStreamReader(
            file,
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  public List<Line> lines() {
    return lines;
  }

  /// In the order of the lines.
  public List<Problem> problems() {
    return problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
  }

  /// Whether the file has this column at all.
  public boolean has(String column) {
    return columns.containsKey(column);
  }

  private void read(CSVParser parser, List<String> required, List<String> optional) {
    var records = parser.iterator();
    int width = -1;
    while (true) {
      int number = (int) parser.getCurrentLineNumber() + 1;
      CSVRecord record;
      try {
        if (!records.hasNext()) {
          break;
        }
        record = records.next();
      } catch (UncheckedIOException | IllegalStateException e) {
        unreadable(number, e);
        return;
      }
      if (record.size() == 1 && record.get(0).isEmpty()) {
        continue;
      }
      if (width < 0) {
        width = record.size();
        readHeading(number, record, required, optional);
      } else if (record.size() != width) {
        problems.add(new Problem(number, "", "", "wrong-count", width, record.size()));
      } else {
        lines.add(new Line(number, record));
      }
    }
    if (width < 0) {
      problems.add(new Problem(1, "", "", "empty"));
    }
  }

  private void readHeading(
      int line, CSVRecord heading, List<String> required, List<String> optional) {
    Map<String, String> known = new HashMap<>();
    Stream.concat(required.stream(), optional.stream())
        .map(names -> names.split("\\|", -1))
        .forEach(names -> List.of(names).forEach(name -> known.put(name, names[0])));
    for (int i = 0; i < heading.size(); i++) {
      String name = heading.get(i);
      String column = known.get(name);
      if (column == null) {
        problems.add(new Problem(line, name, "", "unknown-column"));
      } else if (columns.putIfAbsent(column, i) != null) {
        problems.add(new Problem(line, name, "", "column-twice"));
      }
    }
    for (String names : required) {
      String column = names.split("\\|", -1)[0];
      if (!columns.containsKey(column)) {
        problems.add(new Problem(line, column, "", "missing-column"));
      }
    }
  }

  private void unreadable(int line, Exception why) {
    boolean isCoding =
        Stream.iterate((Throwable) why, cause -> cause != null, Throwable::getCause)
            .anyMatch(CharacterCodingException.class::isInstance);
    problems.add(new Problem(line, "", "", isCoding ? "not-utf8" : "not-csv"));
  }

  private static Reader withoutMark(Reader file) throws IOException {
    var reader = new PushbackReader(file);
    int first = reader.read();
    if (first >= 0 && first != '\ufeff') {
      reader.unread(first);
    }
    return reader;
  }

  /// One line of values.
  public final class Line {
    private final int number;
    private final CSVRecord record;
    private final Set<String> complained = new HashSet<>();

    private Line(int number, CSVRecord record) {
      this.number = number;
      this.record = record;
    }

    /// Where it begins, counted from 1.
    public int number() {
      return number;
    }

    /// The value, or null when it is empty or the column is not there.
    public @Nullable String optional(String column) {
      Integer index = columns.get(column);
      String value = index == null ? "" : record.get(index).strip();
      if (value.isEmpty()) {
        return null;
      }
      if (value.length() > LONGEST) {
        wrong(column, "too-long", LONGEST);
      }
      if (value
          .chars()
          .anyMatch(each -> each < ' ' && each != '\n' && each != '\r' && each != '\t')) {
        wrong(column, "control-character");
      }
      return value;
    }

    /// The value, which must not be empty.
    public String text(String column) {
      String value = optional(column);
      if (value == null) {
        if (has(column)) {
          wrong(column, "missing");
        }
        return "";
      }
      return value;
    }

    /// One of these words.
    public String oneOf(String column, Set<String> words) {
      String value = text(column);
      if (!value.isEmpty() && !words.contains(value)) {
        wrong(column, "not-one-of", String.join(", ", words.stream().sorted().toList()));
      }
      return value;
    }

    public @Nullable String optionalOneOf(String column, Set<String> words) {
      return optional(column) == null ? null : oneOf(column, words);
    }

    /// A whole number, not negative.
    public @Nullable Integer count(String column) {
      String value = optional(column);
      if (value == null) {
        return null;
      }
      if (!value.matches("\\d{1,9}")) {
        wrong(column, "not-a-count");
        return null;
      }
      return Integer.valueOf(value);
    }

    public @Nullable Double decimal(String column, double least, double most) {
      String value = optional(column);
      if (value == null) {
        return null;
      }
      boolean isNumber = value.matches("-?\\d{1,9}(\\.\\d{1,15})?");
      if (!isNumber || Double.parseDouble(value) < least || Double.parseDouble(value) > most) {
        wrong(column, "not-a-number-between", least, most);
        return null;
      }
      return Double.valueOf(value);
    }

    /// `2026-10-01`.
    public @Nullable LocalDate day(String column) {
      String value = text(column);
      try {
        return value.isEmpty() ? null : LocalDate.parse(value);
      } catch (DateTimeParseException e) {
        wrong(column, "not-a-day");
        return null;
      }
    }

    /// `Y`, `N` or nothing.
    public boolean yes(String column) {
      return "Y".equals(optionalOneOf(column, Set.of("Y", "N")));
    }

    /// Several values in one.
    public List<String> several(String column, String separators) {
      String value = optional(column);
      return value == null
          ? List.of()
          : Stream.of(value.split(separators))
              .map(String::strip)
              .filter(each -> !each.isEmpty())
              .toList();
    }

    /// Notes what else is wrong with a value; the first complaint about each is enough.
    public void wrong(String column, String key, Object... arguments) {
      if (complained.add(column)) {
        Integer index = columns.get(column);
        String value = index == null ? "" : record.get(index);
        problems.add(new Problem(number, column, value, key, arguments));
      }
    }
  }
}
