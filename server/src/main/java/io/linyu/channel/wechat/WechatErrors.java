package io.linyu.channel.wechat;

import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.TokenExpired;
import io.linyu.channel.ChannelError.Why;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/// The platform's return codes and what they mean for us. WxJava's own table lacks some of them.
///
/// https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html
final class WechatErrors {
  /// Whether it did what was asked before it said so, nobody knows.
  static final int BUSY = -1;

  /// Daily quotas start anew at midnight there, wherever we are.
  private static final ZoneId PLATFORM = ZoneId.of("Asia/Shanghai");

  private WechatErrors() {}

  /// Done, also when it had been done before: 45065 is a `clientmsgid` that was sent already.
  static boolean isSuccess(int code) {
    return code == 0 || code == 45065;
  }

  /// The token is wrong or too old. 40001 may mean the secret, too: then a new one does not help.
  static boolean isTokenRefused(int code) {
    return code == 40001 || code == 40014 || code == 42001;
  }

  /// @param message the platform's own, which ends with the `rid` that its support asks for
  static ChannelError error(int code, String message, Clock clock) {
    String told = code + " " + message;
    return switch (code) {
      case 40001, 40014, 42001 -> new TokenExpired(told);
      case 45009, 48006 -> new RateLimited(told, untilMidnight(clock));
      case 45011 -> new RateLimited(told, Duration.ofMinutes(1));
      default -> new Refused(why(code), told);
    };
  }

  private static Why why(int code) {
    return switch (code) {
      // The reply window is over, its messages are used up, or no subscription is left.
      case 45015, 45047, 43101 -> Why.WINDOW_CLOSED;
      case 43004, 50005 -> Why.NOT_FOLLOWING;
      // Of another account, on our blacklist, refusing messages, or restricted.
      case 40003, 43019, 48002, 50002 -> Why.UNREACHABLE_PERSON;
      case 40007 -> Why.MEDIA_GONE;
      // Escaped characters, wrong path, too long, broken JSON, a bad template value, risky words;
      // an OAuth code that is wrong, used or void.
      case 40033, 41030, 45002, 47001, 47003, 87014, 40029, 40163, 42007 -> Why.CONTENT;
      case 48001, 48004 -> Why.NO_PERMISSION;
      // 40013, 40125 appid or secret; 40037 template; 40164, 61004, 89503, 89506, 89507 our
      // address.
      // What we do not know somebody must look at, too.
      default -> Why.CONFIGURATION;
    };
  }

  private static Duration untilMidnight(Clock clock) {
    ZonedDateTime now = clock.instant().atZone(PLATFORM);
    return Duration.between(now, now.truncatedTo(ChronoUnit.DAYS).plusDays(1));
  }
}
