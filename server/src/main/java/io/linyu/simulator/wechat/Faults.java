package io.linyu.simulator.wechat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Faults that were asked for, by path: the next call, each n-th, or some of them by chance. Chance
/// begins with a seed that is told, so that what was seen once can be seen again.
public final class Faults {
  /// In place of a path: whatever is called.
  public static final String EVERY_CALL = "*";

  /// Short enough to be noted down and typed.
  private static final int SEEDS = 1_000_000;

  private static final String PUSHES = "pushes";
  private static final Often EACH = new EveryNth(1);

  private final Map<String, Plan> planned = new HashMap<>();
  private @Nullable PushFault pushes;
  private Often pushesFail = EACH;
  private Draw pushDraw;
  private long seed;

  public Faults() {
    seed = ThreadLocalRandom.current().nextInt(SEEDS);
    pushDraw = new Draw(seed, PUSHES);
  }

  /// How many of the calls fail.
  public sealed interface Often {}

  /// The last of each so many.
  public record EveryNth(int among) implements Often {
    public EveryNth {
      if (among < 1) {
        throw new IllegalArgumentException("1 of " + among);
      }
    }
  }

  /// Each by chance; in the long run so many of a hundred.
  public record Share(int percent) implements Often {
    public Share {
      if (percent < 1 || percent > 100) {
        throw new IllegalArgumentException(percent + " of a hundred");
      }
    }
  }

  /// The calls of one path, the first being 1.
  private static final class Draw {
    private final SplittableRandom chance;
    private int number;

    Draw(long seed, String path) {
      chance = new SplittableRandom(seed * 31 + path.hashCode());
    }

    /// Which of so many faults the next call meets; -1: none.
    int next(Often often, int faults) {
      number++;
      return switch (often) {
        case EveryNth(int among) -> number % among == 0 ? (number / among - 1) % faults : -1;
        case Share(int percent) -> {
          double drawn = chance.nextDouble(100);
          yield drawn < percent ? (int) (drawn * faults / percent) : -1;
        }
      };
    }
  }

  private static final class Plan {
    private final List<Fault> faults;
    private final Often often;

    /// By path where it is about all: what one path meets does not hang on who calls the others.
    private final Map<String, Draw> draws = new HashMap<>();

    private int times;

    /// @param times about so many calls it is
    Plan(List<Fault> faults, Often often, int times) {
      this.faults = faults;
      this.often = often;
      this.times = times;
    }

    @Nullable Fault next(String path, long seed) {
      times--;
      int which =
          draws.computeIfAbsent(path, each -> new Draw(seed, each)).next(often, faults.size());
      return which < 0 ? null : faults.get(which);
    }
  }

  /// @param path such as `/cgi-bin/message/custom/send`
  public void next(String path, Fault fault) {
    times(path, fault, 1);
  }

  public synchronized void times(String path, Fault fault, int times) {
    planned.put(path, new Plan(List.of(fault), EACH, times));
  }

  public void always(String path, Fault fault) {
    times(path, fault, Integer.MAX_VALUE);
  }

  /// One of so many calls, by these faults in turn.
  public void oneOf(int among, String path, Fault... faults) {
    fail(path, new EveryNth(among), faults);
  }

  /// By chance so many of a hundred calls, each by one of these faults.
  ///
  /// @param path may be [#EVERY_CALL]
  public void share(int percent, String path, Fault... faults) {
    fail(path, new Share(percent), faults);
  }

  public synchronized void fail(String path, Often often, Fault... faults) {
    planned.put(path, new Plan(List.of(faults), often, Integer.MAX_VALUE));
  }

  /// What chance begins with: with the same seed and the same faults the same calls of each path
  /// fail, counted from when it was set or the faults were switched on.
  public synchronized long seed() {
    return seed;
  }

  /// All chance begins anew.
  public synchronized void seed(long begin) {
    seed = begin;
    planned.values().forEach(each -> each.draws.clear());
    pushDraw = new Draw(begin, PUSHES);
  }

  public synchronized void none() {
    planned.clear();
    pushes = null;
    pushesFail = EACH;
  }

  public synchronized void none(String path) {
    planned.remove(path);
  }

  /// Calls that were used up are not any more.
  synchronized void startTheDayAnew() {
    planned.values().removeIf(each -> each.faults.equals(List.of(Fault.DAILY_QUOTA)));
  }

  /// What goes wrong until it is switched off.
  public record On(Fault fault, Often often) {}

  /// By path.
  public synchronized Map<String, On> on() {
    var on = new TreeMap<String, On>();
    planned.forEach((path, each) -> on.put(path, new On(each.faults.getFirst(), each.often)));
    return on;
  }

  /// What may go wrong with a push, whoever it is from.
  public enum PushFault {
    /// It is delivered once more right after it was answered.
    TWICE,
    /// The next attempts begin while the first still runs.
    OVERLAPPING,
    /// It is three seconds late.
    LATE
  }

  /// @param fault null: none
  public synchronized void pushes(@Nullable PushFault fault, Often often) {
    pushesFail = often;
    pushes = fault;
    pushDraw = new Draw(seed, PUSHES);
  }

  public synchronized @Nullable PushFault pushes() {
    return pushes;
  }

  public synchronized Often pushesFail() {
    return pushesFail;
  }

  synchronized @Nullable PushFault takePush() {
    return pushes != null && pushDraw.next(pushesFail, 1) == 0 ? pushes : null;
  }

  /// What was said of the path comes before what was said of all.
  synchronized @Nullable Fault take(String path) {
    Fault fault = take(planned.get(path), path);
    planned.values().removeIf(each -> each.times == 0);
    return fault == null ? take(planned.get(EVERY_CALL), path) : fault;
  }

  private @Nullable Fault take(@Nullable Plan plan, String path) {
    return plan == null ? null : plan.next(path, seed);
  }
}
