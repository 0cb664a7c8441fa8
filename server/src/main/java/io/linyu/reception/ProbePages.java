package io.linyu.reception;

import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is shown of the tries whether residents get through.
public final class ProbePages {
  /// Of a day.
  static final Duration SLOT = Duration.ofMinutes(30);

  static final int SLOTS = 48;

  private static final double MILLIS = 1_000.0;

  private ProbePages() {}

  /// One account.
  ///
  /// @param in null: not tried yet
  record State(
      String channel,
      String account,
      Instant nextDueAt,
      @Nullable Instant begunAt,
      @Nullable Instant endedAt,
      @Nullable Direction in,
      @Nullable Direction out) {
    /// Whether it is under way, or will be at once.
    boolean isRunning(Instant now) {
      boolean begun =
          begunAt != null
              && (endedAt == null || endedAt.isBefore(begunAt))
              && now.isBefore(begunAt.plus(Probes.LEASE));
      return begun || !nextDueAt.isAfter(now);
    }
  }

  /// How one direction was when it was tried last.
  ///
  /// @param failures in a row until now
  /// @param why of the last failure, also when it is over; null: there was none
  record Direction(
      Instant triedAt,
      Duration took,
      int failures,
      @Nullable Instant failingSince,
      @Nullable Instant workedAt,
      @Nullable Instant failedAt,
      @Nullable String why,
      String detail) {
    boolean works() {
      return failures == 0;
    }

    double seconds() {
      return took.toMillis() / MILLIS;
    }

    /// What went wrong, and what to do.
    ///
    /// @param platform as people call it
    String reason(String way, Words words, String platform) {
      String key = "probe." + way + "." + why;
      String sentence = words.has(key) ? key : "probe." + way + ".internal";
      int end = detail.indexOf(' ');
      String number = end < 0 ? detail : detail.substring(0, end);
      String meaning = "account-code." + number;
      return words.of(
          sentence,
          number,
          words.of(words.has(meaning) ? meaning : "account-code.other"),
          end < 0 ? "" : detail.substring(end + 1),
          platform);
    }
  }

  /// @param slot counted from the first
  record Tally(int slot, int tries, int inFailed, int outFailed) {
    int failed(boolean in) {
      return in ? inFailed : outFailed;
    }
  }

  /// One account, as a card.
  ///
  /// @param label such as `微信·主号`
  /// @param every null: it is not tried
  /// @param platform as people call it
  /// @param address that is written to
  /// @param onlyItself what is tried is this server, and nothing that stands before it
  /// @param running it is being tried now
  /// @param may whether the reader may have it tried
  public record Card(
      Frame frame,
      String channel,
      String account,
      String label,
      @Nullable Duration every,
      String platform,
      String address,
      boolean onlyItself,
      boolean running,
      boolean may,
      List<Line> lines) {
    public String id() {
      return "probe-" + channel + "-" + account;
    }

    public String url() {
      return "/console/accounts/" + channel + "/" + account + "/probe";
    }

    /// Whether the page looks again by itself how it goes.
    public boolean polls() {
      return running && may;
    }

    public String lead() {
      Duration pause = every;
      return pause == null
          ? frame.words().of("probe.off", account)
          : frame.words().of("probe.lead", pause.toMinutes(), address, platform);
    }
  }

  /// One direction of an account.
  ///
  /// @param way `in` or `out`
  /// @param total of the day
  public record Line(
      String way,
      String name,
      boolean tried,
      boolean works,
      String state,
      @Nullable String worked,
      @Nullable String failed,
      String total,
      List<Tick> ticks) {
    static Line of(
        String way,
        String platform,
        @Nullable Direction direction,
        List<Tally> tallies,
        Instant from,
        Moments at) {
      Words words = at.words();
      boolean in = way.equals("in");
      String name = words.of("probe.way-" + way, platform);
      String total =
          words.of(
              "probe.total",
              tallies.stream().mapToInt(Tally::tries).sum(),
              tallies.stream().mapToInt(each -> each.failed(in)).sum());
      List<Tick> ticks = ticks(in, tallies, from, at);
      if (direction == null) {
        return new Line(way, name, false, false, words.of("probe.never"), null, null, total, ticks);
      }
      Instant since = direction.failingSince();
      Instant worked = direction.workedAt();
      Instant failed = direction.failedAt();
      return new Line(
          way,
          name,
          true,
          direction.works(),
          since == null
              ? words.of("probe.works", seconds(direction))
              : words.of("probe.fails", direction.failures(), at.at(since), seconds(direction)),
          worked == null ? words.of("probe.worked-never") : words.of("probe.worked", at.at(worked)),
          failed == null
              ? null
              : words.of("probe.failed", at.at(failed), direction.reason(way, words, platform)),
          total,
          ticks);
    }

    private static String seconds(Direction direction) {
      return String.format(Locale.ROOT, "%.2f", direction.seconds());
    }

    private static List<Tick> ticks(boolean in, List<Tally> tallies, Instant from, Moments at) {
      Map<Integer, Tally> bySlot =
          tallies.stream().collect(Collectors.toMap(Tally::slot, Function.identity()));
      var ticks = new ArrayList<Tick>();
      for (int slot = 0; slot < SLOTS; slot++) {
        String when = at.at(from.plus(SLOT.multipliedBy(slot)));
        Tally tally = bySlot.get(slot);
        if (tally == null) {
          ticks.add(new Tick("none", at.words().of("probe.tick.none", when)));
        } else {
          int failed = tally.failed(in);
          String kind = failed == 0 ? "well" : "bad";
          ticks.add(
              new Tick(kind, at.words().of("probe.tick." + kind, when, tally.tries(), failed)));
        }
      }
      return List.copyOf(ticks);
    }
  }

  /// @param kind `well`, `bad` or `none`
  public record Tick(String kind, String words) {}
}
