package io.linyu.simulator.wechat;

import io.linyu.platform.text.Codes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Stable tokens: the same one until five minutes before its end, then a new one beside it.
final class Tokens {
  private static final Duration LIFE = Duration.ofHours(2);
  private static final Duration OVERLAP = Duration.ofMinutes(5);
  private static final Duration BETWEEN_FORCED = Duration.ofSeconds(30);
  private static final int FORCED_A_DAY = 20;
  private static final int CLASSICS_A_DAY = 2_000;
  private static final ZoneOffset CHINA = ZoneOffset.ofHours(8);

  private final Clock clock;
  private final Map<String, Instant> ends = new HashMap<>();
  private @Nullable Stable current;
  private @Nullable Instant lastForced;
  private LocalDate forcedOn = LocalDate.MIN;
  private int forced;
  private @Nullable String classic;
  private LocalDate classicOn = LocalDate.MIN;
  private int classics;

  record Issued(String token, long seconds) {}

  private record Stable(String token, Instant end) {}

  Tokens(Clock clock) {
    this.clock = clock;
  }

  Issued issue(boolean force) {
    Instant now = clock.instant();
    if (force) {
      countForced(now);
      if (current != null) {
        ends.put(current.token(), Instant.MIN);
      }
      current = null;
    }
    Stable stable = current;
    if (stable == null || !now.isBefore(stable.end().minus(OVERLAP))) {
      String token = "sim-" + Codes.random() + Codes.random() + Codes.random();
      stable = new Stable(token, now.plus(LIFE));
      ends.put(token, stable.end());
      current = stable;
    }
    return new Issued(stable.token(), Duration.between(now, stable.end()).toSeconds());
  }

  /// As the platform does five minutes before the end of one.
  void renew() {
    Stable before = current;
    if (before != null) {
      Instant soon = clock.instant().plus(OVERLAP);
      ends.put(before.token(), soon.isBefore(before.end()) ? soon : before.end());
      current = null;
    }
  }

  /// Apart from the stable ones; the one before is good for five minutes more.
  Issued issueClassic() {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, CHINA);
    classics = today.equals(classicOn) ? classics + 1 : 1;
    classicOn = today;
    if (classics > CLASSICS_A_DAY) {
      throw new PlatformError(45009, "reach max api daily quota limit");
    }
    if (classic != null) {
      ends.computeIfPresent(
          classic, (_, end) -> end.isBefore(now.plus(OVERLAP)) ? end : now.plus(OVERLAP));
    }
    classic = "simc-" + Codes.random() + Codes.random() + Codes.random();
    ends.put(classic, now.plus(LIFE));
    return new Issued(classic, LIFE.toSeconds());
  }

  void check(@Nullable String token) {
    if (token == null || token.isEmpty()) {
      throw new PlatformError(41001, "access_token missing");
    }
    Instant end = ends.get(token);
    if (end == null) {
      throw new PlatformError(40014, "invalid access_token");
    }
    if (end.equals(Instant.MIN)) {
      throw new PlatformError(40001, "invalid credential, access_token is invalid or not latest");
    }
    if (!clock.instant().isBefore(end)) {
      throw new PlatformError(42001, "access_token expired");
    }
  }

  int issued() {
    return ends.size();
  }

  private void countForced(Instant now) {
    if (lastForced != null && now.isBefore(lastForced.plus(BETWEEN_FORCED))) {
      throw new PlatformError(
          45011, "api minute-quota reach limit, must slower, retry next minute");
    }
    LocalDate today = LocalDate.ofInstant(now, CHINA);
    forced = today.equals(forcedOn) ? forced + 1 : 1;
    forcedOn = today;
    if (forced > FORCED_A_DAY) {
      throw new PlatformError(45009, "reach max api daily quota limit");
    }
    lastForced = now;
  }
}
