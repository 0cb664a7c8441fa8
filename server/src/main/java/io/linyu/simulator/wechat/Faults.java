package io.linyu.simulator.wechat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Faults that were asked for, by path.
public final class Faults {
  private final Map<String, Planned> planned = new ConcurrentHashMap<>();

  private record Planned(Fault fault, int times) {}

  /// @param path such as `/cgi-bin/message/custom/send`
  public void next(String path, Fault fault) {
    times(path, fault, 1);
  }

  public void times(String path, Fault fault, int times) {
    planned.put(path, new Planned(fault, times));
  }

  public void always(String path, Fault fault) {
    times(path, fault, Integer.MAX_VALUE);
  }

  public void none() {
    planned.clear();
  }

  @Nullable Fault take(String path) {
    Planned before = planned.get(path);
    planned.computeIfPresent(
        path,
        (same, each) -> each.times() <= 1 ? null : new Planned(each.fault(), each.times() - 1));
    return before == null ? null : before.fault();
  }
}
