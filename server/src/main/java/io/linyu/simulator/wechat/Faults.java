package io.linyu.simulator.wechat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Faults that were asked for, by path.
public final class Faults {
  private final Map<String, Planned> planned = new ConcurrentHashMap<>();
  private final AtomicInteger pushNumber = new AtomicInteger();
  private volatile @Nullable PushFault pushes;
  private volatile int pushAmong = 1;

  /// @param times how often still
  /// @param among of so many calls one fails
  private record Planned(List<Fault> faults, int times, int among) {
    Planned next() {
      return new Planned(faults, times - 1, among);
    }

    /// The faults in turn, each at the last of its share.
    @Nullable Fault fault() {
      int number = Integer.MAX_VALUE - times + 1;
      return number % among == 0 ? faults.get(number / among % faults.size()) : null;
    }
  }

  /// @param path such as `/cgi-bin/message/custom/send`
  public void next(String path, Fault fault) {
    times(path, fault, 1);
  }

  public void times(String path, Fault fault, int times) {
    planned.put(path, new Planned(List.of(fault), times, 1));
  }

  public void always(String path, Fault fault) {
    times(path, fault, Integer.MAX_VALUE);
  }

  /// One of so many calls, by these faults in turn.
  public void oneOf(int among, String path, Fault... faults) {
    planned.put(path, new Planned(List.of(faults), Integer.MAX_VALUE, among));
  }

  public void none() {
    planned.clear();
    pushes = null;
    pushAmong = 1;
  }

  public void none(String path) {
    planned.remove(path);
  }

  /// Calls that were used up are not any more.
  void startTheDayAnew() {
    planned.values().removeIf(each -> each.faults().equals(List.of(Fault.DAILY_QUOTA)));
  }

  /// What goes wrong until it is switched off.
  ///
  /// @param among of so many calls one fails
  public record On(Fault fault, int among) {}

  /// By path.
  public Map<String, On> on() {
    var on = new TreeMap<String, On>();
    planned.forEach((path, each) -> on.put(path, new On(each.faults().getFirst(), each.among())));
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
  /// @param among of so many pushes one fails
  public void pushes(@Nullable PushFault fault, int among) {
    pushAmong = Math.max(1, among);
    pushes = fault;
  }

  public @Nullable PushFault pushes() {
    return pushes;
  }

  public int pushAmong() {
    return pushAmong;
  }

  @Nullable PushFault takePush() {
    PushFault fault = pushes;
    return fault != null && pushNumber.incrementAndGet() % pushAmong == 0 ? fault : null;
  }

  @Nullable Fault take(String path) {
    Planned before = planned.get(path);
    planned.computeIfPresent(path, (_, each) -> each.times() <= 1 ? null : each.next());
    return before == null ? null : before.fault();
  }
}
