package io.linyu.channel.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.TokenExpired;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Trouble;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WechatErrorsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-23T15:30:00Z"), ZoneOffset.UTC); // 23:30 over there

  @ParameterizedTest
  @CsvSource({
    "40003, NOT_FOLLOWING",
    "40007, MEDIA_GONE",
    "40029, CONTENT",
    "40163, CONTENT",
    "40033, CONTENT",
    "40037, NO_PERMISSION",
    "41030, CONTENT",
    "42007, CONTENT",
    "43004, NOT_FOLLOWING",
    "43019, BLACKLISTED",
    "43101, WINDOW_CLOSED",
    "45002, CONTENT",
    "45015, WINDOW_CLOSED",
    "45047, WINDOW_CLOSED",
    "47001, CONTENT",
    "47003, CONTENT",
    "48001, NO_PERMISSION",
    "48002, UNREACHABLE_PERSON",
    "50002, UNREACHABLE_PERSON",
    "50005, NOT_FOLLOWING",
    "87014, CONTENT",
    "99999, CONFIGURATION"
  })
  void aRefusalHasItsReason(int code, Why why) {
    ChannelError error = WechatErrors.error(code, "because rid: 1", CLOCK);

    assertThat(error).isInstanceOf(Refused.class).hasMessage(code + " because rid: 1");
    assertThat(((Refused) error).why()).isEqualTo(why);
    assertThat(WechatErrors.isSuccess(code)).isFalse();
    assertThat(WechatErrors.isTokenRefused(code)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "45009, PT30M, QUOTA",
    "48006, PT30M, QUOTA",
    "45011, PT1M, TOO_OFTEN",
    "48004, PT1H, BANNED",
    "40013, PT5M, CREDENTIALS",
    "40125, PT5M, CREDENTIALS",
    "40164, PT5M, ADDRESS",
    "61004, PT5M, ADDRESS",
    "89503, PT5M, ADDRESS",
    "89506, PT5M, ADDRESS",
    "89507, PT5M, ADDRESS"
  })
  void whatConcernsTheWholeAccountSaysWhenToComeBack(
      int code, Duration after, Trouble.Kind trouble) {
    ChannelError error = WechatErrors.error(code, "", CLOCK);

    assertThat(WechatErrors.trouble(code)).isEqualTo(trouble);
    assertThat(WechatErrors.pause(code, CLOCK)).isEqualTo(after);

    assertThat(error).isInstanceOf(RateLimited.class);
    assertThat(((RateLimited) error).retryAfter()).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({"40001", "40014", "42001"})
  void aTokenMayBeRefused(int code) {
    assertThat(WechatErrors.isTokenRefused(code)).isTrue();
    assertThat(WechatErrors.error(code, "", CLOCK)).isInstanceOf(TokenExpired.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {40003, 40007, 43101, 45002, 45015, 45047, 47003, 48002, 99999})
  void whatConcernsOnePersonOrOneMessageStopsNobodyElse(int code) {
    assertThat(WechatErrors.pause(code, CLOCK)).isNull();
  }

  @Test
  void whatWasDoneBeforeIsDone() {
    assertThat(WechatErrors.isSuccess(0)).isTrue();
    assertThat(WechatErrors.isSuccess(45065)).isTrue();
  }
}
