package io.linyu.insight;

import io.linyu.casework.Cases;
import io.linyu.community.Territory;
import io.linyu.insight.FigurePages.Asked;
import io.linyu.insight.Figures.Below;
import io.linyu.insight.Figures.Counted;
import io.linyu.insight.Figures.Listed;
import io.linyu.insight.Figures.Report;
import io.linyu.platform.text.CsvText;
import io.linyu.platform.text.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The page of figures, and the cases behind one, as a table to take away: what is seen there and
/// nothing else, numbers as numbers. What is not told of a place has its line, and says why.
final class FigureTable {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final BigDecimal HOUR = BigDecimal.valueOf(60);
  private static final List<String> COLUMNS =
      List.of(
          "place",
          "from",
          "to",
          "number",
          "metric",
          "value",
          "unit",
          "part",
          "whole",
          "low",
          "high",
          "before",
          "before-part",
          "before-whole",
          "without",
          "without-part",
          "without-whole",
          "note");
  private static final List<String> CASE_COLUMNS = List.of("metric", "case", "state", "link");

  private final Words words;

  FigureTable(Words words) {
    this.words = words;
  }

  String of(Asked asked, Report report) {
    var table = new StringBuilder(CsvText.MARK).append(heading("figures.column.", COLUMNS));
    Counted now = report.now();
    Counted before = report.before();
    for (Metric each : FigurePages.shown()) {
      table.append(
          line(
              report.place().name(),
              asked,
              each,
              now,
              before.figure(each),
              report.without().get(each)));
    }
    taken(table, asked, report);
    for (Below each : report.below()) {
      Territory child = each.child();
      table.append(
          line(
              child == null ? words.of("figures.nowhere") : child.name(),
              asked,
              asked.compared(),
              each.counted(),
              null,
              null));
    }
    return table.toString();
  }

  private String heading(String words, List<String> columns) {
    return CsvText.line(columns.stream().map(each -> this.words.of(words + each)).toList());
  }

  private String line(
      String place,
      Asked asked,
      Metric metric,
      Counted counted,
      @Nullable Figure before,
      @Nullable Figure without) {
    Figure figure = counted.figure(metric);
    LocalDate until = counted.saidUntil();
    LocalDate last =
        metric.isInConfidence() && until != null ? until.minusDays(1) : asked.period().last();
    Figure.Interval interval = figure == null ? null : figure.interval();
    String unit = words.of(metric.isShare() ? "figures.unit.share" : "figures.unit.hundred");
    return row(
        place,
        asked.period().from().toString(),
        last.toString(),
        metric.number(),
        words.of("figure." + metric.word()),
        Stream.of(
            value(figure),
            figure == null ? "" : unit,
            part(figure),
            whole(figure),
            interval == null ? "" : percent(interval.low()),
            interval == null ? "" : percent(interval.high()),
            figure == null ? "" : value(before),
            figure == null ? "" : part(before),
            figure == null ? "" : whole(before),
            value(without),
            part(without),
            whole(without),
            figure == null ? FigurePages.withheld(words, counted) : ""));
  }

  /// How long it took, and how much was told of for each thousand.
  private void taken(StringBuilder table, Asked asked, Report report) {
    for (boolean working : List.of(true, false)) {
      TimeTaken time = working ? report.working() : report.calendar();
      if (time.cases() > 0) {
        String what = words.of(working ? "figures.working-hours" : "figures.calendar-hours");
        one(table, asked, report, "K17", what, "figures.median", hours(time.median()), time);
        one(table, asked, report, "K17", what, "figures.ninth", hours(time.ninth()), time);
        one(table, asked, report, "K17", what, "figures.mean", hours(time.mean()), time);
      }
    }
    Long residents = report.residents();
    Figure filed = report.now().figures().get(Metric.FILED);
    if (residents != null && residents > 0 && filed != null) {
      table.append(
          row(
              report.place().name(),
              asked.period().from().toString(),
              asked.period().last().toString(),
              "K21",
              words.of("figures.thousand"),
              Stream.of(
                  filed
                      .part()
                      .multiply(BigDecimal.valueOf(1_000))
                      .divide(BigDecimal.valueOf(residents), 2, RoundingMode.HALF_UP)
                      .toPlainString(),
                  words.of("figures.unit.thousand"),
                  filed.part().toPlainString(),
                  residents.toString())));
    }
  }

  private void one(
      StringBuilder table,
      Asked asked,
      Report report,
      String number,
      String what,
      String which,
      String hours,
      TimeTaken time) {
    table.append(
        row(
            report.place().name(),
            asked.period().from().toString(),
            asked.period().last().toString(),
            number,
            what + " " + words.of(which),
            Stream.of(hours, words.of("figures.unit.hours"), "", Integer.toString(time.cases()))));
  }

  private static String row(
      String place, String from, String to, String number, String metric, Stream<String> rest) {
    List<String> cells = Stream.concat(Stream.of(place, from, to, number, metric), rest).toList();
    return CsvText.line(
        Stream.concat(
                cells.stream(), Stream.generate(() -> "").limit(COLUMNS.size() - cells.size()))
            .toList());
  }

  private static String value(@Nullable Figure figure) {
    BigDecimal rate = figure == null ? null : figure.rate();
    return rate == null
        ? ""
        : rate.multiply(HUNDRED).setScale(1, RoundingMode.HALF_UP).toPlainString();
  }

  private static String part(@Nullable Figure figure) {
    return figure == null ? "" : figure.part().toPlainString();
  }

  private static String whole(@Nullable Figure figure) {
    return figure == null ? "" : Long.toString(figure.whole());
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share)
        .multiply(HUNDRED)
        .setScale(1, RoundingMode.HALF_UP)
        .toPlainString();
  }

  private static String hours(long minutes) {
    return BigDecimal.valueOf(minutes).divide(HOUR, 1, RoundingMode.HALF_UP).toPlainString();
  }

  // The cases behind a figure.

  String headingOfCases() {
    return CsvText.MARK + heading("figures.case-column.", CASE_COLUMNS);
  }

  /// By number and link: what they are about stands on their pages, for whoever may see it.
  String cases(Metric metric, Listed listed, String publicUrl) {
    var lines = new StringBuilder();
    String what = metric.number() + " " + words.of("figure." + metric.word());
    String state = words.of(listed.open() ? "figures.behind-open" : "figures.behind-ended");
    for (Cases.Named each : listed.seen()) {
      lines.append(
          CsvText.line(
              List.of(what, each.number(), state, publicUrl + "/console/cases/" + each.code())));
    }
    return lines.toString();
  }

  /// What is behind it and not in the table.
  ///
  /// @param goesOn whether there are more of those that ended
  String rest(int unseen, int more, boolean goesOn) {
    var lines = new StringBuilder();
    if (unseen > 0) {
      lines.append(CsvText.line(List.of(words.of("figures.unseen", unseen))));
    }
    if (more > 0) {
      lines.append(CsvText.line(List.of(words.of("figures.more-open", more))));
    }
    if (goesOn) {
      lines.append(CsvText.line(List.of(words.of("figures.case-more"))));
    }
    return lines.toString();
  }
}
