package io.linyu.insight;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.linyu.casework.Cases;
import io.linyu.community.Territory;
import io.linyu.insight.Figures.Below;
import io.linyu.insight.Figures.Counted;
import io.linyu.insight.Figures.Report;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages of figures are given.
public final class FigurePages {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /// Below which a difference is none, in hundredths.
  private static final double SAME = 0.05;

  /// In the order in which they are read.
  private static final List<Group> GROUPS =
      List.of(
          new Group(
              "done",
              List.of(
                  Metric.CLOSED,
                  Metric.ON_TIME,
                  Metric.LATE,
                  Metric.RESULT_ON_TIME,
                  Metric.EXTENDED,
                  Metric.SUSPENDED)),
          new Group("said", List.of(Metric.SOLVED, Metric.SATISFIED)),
          new Group(
              "received",
              List.of(
                  Metric.FILED,
                  Metric.DECIDED_ON_TIME,
                  Metric.SIGNED_ON_TIME,
                  Metric.CONTACTED_ON_TIME,
                  Metric.RETURNED,
                  Metric.TRANSFERRED,
                  Metric.REPORTED_ON,
                  Metric.URGED)),
          new Group(
              "checked",
              List.of(
                  Metric.CHECKED_ON_TIME,
                  Metric.OVERTURNED,
                  Metric.REWORKED,
                  Metric.REWORKS,
                  Metric.VISITED,
                  Metric.VISIT_ANSWERED,
                  Metric.NO_ANSWER,
                  Metric.UNREACHABLE)),
          new Group(
              "where",
              List.of(
                  Metric.BY_COMMUNITY,
                  Metric.BY_STREET,
                  Metric.BY_DISTRICT,
                  Metric.REPEATED,
                  Metric.FOUND)));

  private FigurePages() {}

  /// Metrics that are read together.
  private record Group(String word, List<Metric> metrics) {}

  /// How the page was asked for, to ask for another like it.
  ///
  /// @param compared by which the places below are compared
  public record Asked(Territory place, Period period, Metric compared) {
    public String url() {
      return with(place);
    }

    public String with(Territory other) {
      return "/console/figures?" + query(other);
    }

    /// Where it is taken away.
    public String export() {
      return "/console/figures/export?" + query(place);
    }

    /// The same of the cases behind one.
    public String export(Metric metric) {
      return export() + "&metric=" + metric.word();
    }

    public String behind(Metric metric) {
      return "/console/figures/" + metric.word() + "?" + query(place);
    }

    private String query(Territory other) {
      String days =
          period.kind() == Period.Kind.OWN ? "&from=" + period.from() + "&to=" + period.last() : "";
      return "place="
          + URLEncoder.encode(other.code(), StandardCharsets.UTF_8)
          + "&period="
          + period.kind().word()
          + days
          + "&compare="
          + compared.word();
    }
  }

  /// For whoever looks after no place that has figures.
  public record NonePage(Frame frame) {}

  /// @param way from what is theirs down to the place
  /// @param periods that can be chosen
  public record FiguresPage(
      Frame frame,
      Asked asked,
      List<Territory> way,
      Report report,
      LocalDate today,
      List<Period.Kind> periods) {
    private Words words() {
      return frame.words();
    }

    public boolean isEmpty() {
      return report.now().cases() + report.now().late() == 0;
    }

    public String days(Period period) {
      return words().of("figures.days", period.from(), period.last());
    }

    public List<Section> sections() {
      return GROUPS.stream()
          .map(group ->
              new Section(
                  group.word(),
                  group.metrics().stream()
                      .map(each -> line(words(), asked, each, report))
                      .toList()))
          .toList();
    }

    /// What the places below can be compared by.
    public List<Metric> comparable() {
      return shown();
    }

    public List<PlaceLine> places() {
      Figure all = report.now().figure(asked.compared());
      return report.below().stream().map(each -> place(each, all)).toList();
    }

    /// How many are left out, and why; empty: none.
    public String leftOut() {
      long many = report.leftOut().values().stream().mapToLong(Long::longValue).sum();
      return many == 0
          ? ""
          : words()
              .of(
                  "figures.left-out",
                  many,
                  report.leftOut().entrySet().stream()
                      .map(each ->
                          words()
                              .of(
                                  "figures.left-out-one",
                                  words().of("exclusion.ground." + each.getKey().word()),
                                  each.getValue()))
                      .collect(joining(words().of("figures.left-out-comma"))));
    }

    /// K21: what was accepted for each thousand who live there; empty where nobody knows how many
    /// that are.
    public String forAThousand() {
      Long residents = report.residents();
      return residents == null || residents == 0
          ? ""
          : words()
              .of(
                  "figures.per-thousand",
                  requireNonNull(report.now().figures().get(Metric.FILED))
                      .part()
                      .multiply(BigDecimal.valueOf(1_000))
                      .divide(BigDecimal.valueOf(residents), 2, RoundingMode.HALF_UP),
                  residents);
    }

    /// How many households were visited; empty: nobody went anywhere.
    public String visits() {
      Coverage visits = report.visits();
      BigDecimal rate = visits.rate();
      return rate == null || visits.doors() == 0
          ? ""
          : words()
              .of(
                  visits.isOfAll() ? "figures.visits" : "figures.visits-doors",
                  rate.multiply(HUNDRED).setScale(1, RoundingMode.HALF_UP),
                  visits.visited(),
                  visits.whole(),
                  visits.refused(),
                  visits.absent());
    }

    /// One place behind the point.
    public String hours(long minutes) {
      return words()
          .of(
              "figures.hours",
              BigDecimal.valueOf(minutes).divide(BigDecimal.valueOf(60), 1, RoundingMode.HALF_UP));
    }

    private PlaceLine place(Below below, @Nullable Figure all) {
      Counted counted = below.counted();
      Figure figure = counted.figure(asked.compared());
      Territory child = below.child();
      return new PlaceLine(
          child == null ? words().of("figures.nowhere") : child.name(),
          child == null ? null : asked.with(child),
          counted.cases(),
          value(words(), figure),
          figure == null ? "" : share(figure),
          range(words(), figure),
          apart(figure, all),
          figure == null);
    }

    private String apart(@Nullable Figure figure, @Nullable Figure all) {
      Figure.Interval here = figure == null ? null : figure.interval();
      Figure.Interval there = all == null ? null : all.interval();
      return here == null || there == null || !here.isApart(there)
          ? ""
          : words().of(here.isAbove(there) ? "figures.above" : "figures.below");
    }
  }

  public record Section(String word, List<Line> lines) {}

  /// @param value large; a dash where nobody knows
  /// @param share part and whole
  /// @param url of the cases behind it; null: there are none, or they are told to nobody
  /// @param range in which the true value lies
  /// @param without what is left out; empty: nothing of it is
  /// @param change since the time before, in words; empty: none can be told
  /// @param sign of the change: `up`, `down` or `same`
  /// @param withheld why nothing is told; empty: it is
  public record Line(
      Metric metric,
      String value,
      String share,
      @Nullable String url,
      String range,
      String without,
      String change,
      String sign,
      String withheld) {}

  /// @param url null: it is no place
  /// @param apart in words, where it is surely above or below all of them; else empty
  /// @param withheld whether nothing is told of it
  public record PlaceLine(
      String name,
      @Nullable String url,
      long cases,
      String value,
      String share,
      String range,
      String apart,
      boolean withheld) {}

  /// @param slices what goes on, and what ended
  /// @param next the address of the next page; null: there is none
  public record BehindPage(
      Frame frame, Asked asked, Metric metric, List<Slice> slices, @Nullable String next) {
    public String days() {
      return frame.words().of("figures.days", asked.period().from(), asked.period().last());
    }
  }

  /// @param unseen how many of these they may not look at
  /// @param more how many there are beyond these
  public record Slice(boolean open, List<Cases.Named> cases, int unseen, int more) {}

  /// Those that are on the page, in its order.
  static List<Metric> shown() {
    return GROUPS.stream().flatMap(group -> group.metrics().stream()).toList();
  }

  private static Line line(Words words, Asked asked, Metric metric, Report report) {
    Counted now = report.now();
    Counted before = report.before();
    Figure figure = now.figure(metric);
    if (figure == null) {
      return new Line(metric, "", "", null, "", "", "", "same", withheld(words, now));
    }
    String until =
        metric.isInConfidence()
                && now.saidUntil() != null
                && now.saidUntil().isBefore(asked.period().to())
            ? words.of("figures.until", now.saidUntil().minusDays(1)) + " "
            : "";
    Figure was = before.figure(metric);
    double change = change(figure, was);
    return new Line(
        metric,
        value(words, figure),
        share(figure),
        metric.isInConfidence() || figure.part().signum() == 0 ? null : asked.behind(metric),
        until + range(words, figure),
        without(words, report.without().get(metric)),
        changed(words, figure, was, change),
        Double.isNaN(change) || Math.abs(change) < SAME ? "same" : change > 0 ? "up" : "down",
        "");
  }

  static String withheld(Words words, Counted counted) {
    return words.of(
        counted.saidUntil() == null ? "figures.no-whole-months" : "figures.too-few",
        Discretion.FEWEST);
  }

  /// In hundredths; not a number where there is none.
  private static double change(Figure now, @Nullable Figure was) {
    BigDecimal is = now.rate();
    BigDecimal before = was == null ? null : was.rate();
    return is == null || before == null
        ? Double.NaN
        : is.subtract(before).multiply(HUNDRED).doubleValue();
  }

  private static String changed(Words words, Figure now, @Nullable Figure was, double change) {
    if (Double.isNaN(change) || was == null) {
      return "";
    }
    if (Math.abs(change) < SAME) {
      return words.of("figures.same");
    }
    String unit = now.metric().isShare() ? "points" : "hundred";
    String said =
        words.of(
            (change > 0 ? "figures.up." : "figures.down.") + unit,
            BigDecimal.valueOf(Math.abs(change)).setScale(1, RoundingMode.HALF_UP));
    Figure.Interval is = now.interval();
    Figure.Interval before = was.interval();
    return is != null && before != null && !is.isApart(before)
        ? said + words.of("figures.chance")
        : said;
  }

  private static String value(Words words, @Nullable Figure figure) {
    BigDecimal rate = figure == null ? null : figure.rate();
    if (figure == null || rate == null) {
      return "—";
    }
    BigDecimal hundredths = rate.multiply(HUNDRED).setScale(1, RoundingMode.HALF_UP);
    return figure.metric().isShare()
        ? hundredths + " %"
        : words.of("figures.per-hundred", hundredths);
  }

  private static String without(Words words, @Nullable Figure without) {
    return without == null
        ? ""
        : words.of("figures.without", value(words, without), share(without));
  }

  private static String share(Figure figure) {
    return figure.whole() == 0 ? "" : figure.part().toPlainString() + " / " + figure.whole();
  }

  private static String range(Words words, @Nullable Figure figure) {
    Figure.Interval interval = figure == null ? null : figure.interval();
    return interval == null
        ? ""
        : words.of("figures.range", percent(interval.low()), percent(interval.high()));
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share)
        .multiply(HUNDRED)
        .setScale(1, RoundingMode.HALF_UP)
        .toPlainString();
  }
}
