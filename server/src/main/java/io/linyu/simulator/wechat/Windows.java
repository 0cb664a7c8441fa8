package io.linyu.simulator.wechat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How many customer-service messages one follower may still be sent.
///
/// A message opens one window, a deed (following, scanning, tapping the menu) another. They do not
/// add up: the larger counts, and each message sent is taken from both.
final class Windows {
  private final Map<Push.Grant, Window> open = new HashMap<>();

  private record Window(int left, Instant until) {
    Window spent() {
      return new Window(Math.max(0, left - 1), until);
    }
  }

  void open(Push.Grant grant, Instant now) {
    open.put(grant, new Window(grant.messages(), now.plus(grant.lasts())));
  }

  void restore(Push.Grant grant, int left, Instant until) {
    open.put(grant, new Window(left, until));
  }

  void close() {
    open.clear();
  }

  void spend(Instant now) {
    drop(now);
    if (open.isEmpty()) {
      throw new PlatformError(45015, "response out of time limit or subscription is canceled");
    }
    if (best().left() == 0) {
      throw new PlatformError(45047, "out of response count limit");
    }
    open.replaceAll((grant, window) -> window.spent());
  }

  Quota quota(Instant now) {
    drop(now);
    if (open.isEmpty()) {
      return new Quota(0, 0, Duration.ZERO);
    }
    int of =
        open.entrySet().stream()
            .filter(each -> each.getValue().equals(best()))
            .mapToInt(each -> each.getKey().messages())
            .findFirst()
            .orElse(0);
    return new Quota(best().left(), of, Duration.between(now, best().until()));
  }

  private Window best() {
    return open.values().stream()
        .max(java.util.Comparator.comparingInt(Window::left).thenComparing(Window::until))
        .orElseThrow();
  }

  private void drop(Instant now) {
    open.values().removeIf(window -> !now.isBefore(window.until()));
  }
}
