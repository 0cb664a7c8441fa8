package io.linyu.channel.wechat;

import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.TokenExpired;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The platform's return codes and what they mean for us. WxJava's own table lacks some of them.
///
/// https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
final class WechatErrors {
  /// Whether it did what was asked before it said so, nobody knows.
  static final int BUSY = -1;

  private static final int NO_PERMISSION = 48001;
  private static final int NO_TEMPLATE = 40037;

  /// See [#isOurFault].
  static final Set<Integer> OUR_FAULTS = Set.of(40033, 41030, 47001);

  /// Daily quotas start anew at midnight there, wherever we are.
  private static final ZoneId PLATFORM = ZoneId.of("Asia/Shanghai");

  private WechatErrors() {}

  /// Done, also when it had been done before: 45065 is a `clientmsgid` that was sent already.
  static boolean isSuccess(int code) {
    return code == 0 || code == 45065;
  }

  /// There is none of what was asked for: 46003 is a menu. Said to anything else, it is a no.
  ///
  /// @param api the path that was called
  static boolean isNothing(String api, int code) {
    return code == 46003 && api.endsWith("/menu/get");
  }

  /// Of a browser that has come back: wrong, used before, or too old.
  static boolean isCodeSpent(int code) {
    return code == 40029 || code == 40163 || code == 42003;
  }

  /// The token is wrong or too old. 40001 may mean the secret, too: then a new one does not help.
  static boolean isTokenRefused(int code) {
    return code == 40001 || code == 40014 || code == 42001;
  }

  /// What no account, person or setting is to blame for, but our own code: escaped characters, a
  /// page's path, JSON that is none.
  static boolean isOurFault(int code) {
    return OUR_FAULTS.contains(code);
  }

  /// @param message the platform's own, which ends with the `rid` that its support asks for
  static ChannelError error(int code, String message, Clock clock) {
    String told = code + " " + message;
    Duration pause = pause(code, clock);
    if (isTokenRefused(code)) {
      return new TokenExpired(told);
    }
    // Without permission or template it may wait for ever; all else goes on when it is over.
    return pause == null || code == NO_PERMISSION || code == NO_TEMPLATE
        ? new Refused(why(code), told)
        : new RateLimited(told, pause);
  }

  /// How long the same call of this account is left alone, whomever it is for; null when the answer
  /// is about this one call only.
  static @Nullable Duration pause(int code, Clock clock) {
    return switch (trouble(code)) {
      case null -> null;
      case QUOTA -> untilMidnight(clock);
      case TOO_OFTEN -> Duration.ofMinutes(1);
      case BANNED, NO_PERMISSION, TEMPLATE -> Duration.ofHours(1);
      case CREDENTIALS, ADDRESS -> Duration.ofMinutes(5);
    };
  }

  /// What this code says of the account; null when it says nothing of it.
  static Trouble.@Nullable Kind trouble(int code) {
    return switch (code) {
      case 45009, 48006 -> Trouble.Kind.QUOTA;
      case 45011 -> Trouble.Kind.TOO_OFTEN;
      case NO_PERMISSION -> Trouble.Kind.NO_PERMISSION;
      case 48004 -> Trouble.Kind.BANNED;
      case NO_TEMPLATE -> Trouble.Kind.TEMPLATE;
      // A token that is refused although it is new, app id, secret.
      case 40001, 40014, 42001, 40013, 40125 -> Trouble.Kind.CREDENTIALS;
      case 40164, 61004 -> Trouble.Kind.ADDRESS;
      default -> code / 100 == 895 ? Trouble.Kind.ADDRESS : null;
    };
  }

  private static Why why(int code) {
    return switch (code) {
      // The reply window is over, its messages are used up, or no subscription is left.
      case 45015, 45047, 43101 -> Why.WINDOW_CLOSED;
      // Also an id that is none of this account's: until somebody speaks to us by it.
      case 40003, 43004, 50005 -> Why.NOT_FOLLOWING;
      case 43019 -> Why.BLACKLISTED;
      // Refusing messages, or restricted.
      case 48002, 50002 -> Why.UNREACHABLE_PERSON;
      case 40007 -> Why.MEDIA_GONE;
      // Escaped characters, wrong path, too long, broken JSON, a bad template value, risky words;
      // an OAuth code that is wrong, used or void.
      // A file of the wrong kind or size, or a voice that lasts too long.
      case 40004, 40005, 40006, 40009, 40010, 45001, 45007 -> Why.CONTENT;
      case 40033, 41030, 45002, 47001, 47003, 87014, 40029, 40163, 42007 -> Why.CONTENT;
      case NO_PERMISSION, NO_TEMPLATE -> Why.NO_PERMISSION;
      // What we do not know somebody must look at.
      default -> Why.CONFIGURATION;
    };
  }

  private static Duration untilMidnight(Clock clock) {
    ZonedDateTime now = clock.instant().atZone(PLATFORM);
    return Duration.between(now, now.truncatedTo(ChronoUnit.DAYS).plusDays(1));
  }
}
