package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Probe;
import io.linyu.channel.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;

/// One delivery of one message, until it is answered.
record Turn(Inbound inbound, Delivery delivery, Promise<Reply> answer) {
  /// WeChat waits 5 s; what is not ready then is delivered again.
  private static final Duration HELD_AT_MOST = Duration.ofMillis(4_500);

  /// Later than this an alarm would send people to what is long over.
  private static final Duration EARLY_AT_MOST = Duration.ofMinutes(2);

  /// Rough, to bound what is held in memory.
  private static final int FRAME_BYTES = 512;

  AddressKey from() {
    return inbound.from();
  }

  /// Nobody's: we try ourselves whether residents get through.
  boolean isProbe() {
    return Probe.isFrom(inbound.from());
  }

  /// Nobody waits for the answer any more. One that was given up is delivered again. One that was
  /// answered early, with a warning of danger, is not: it is still to be kept, and somebody to be
  /// called.
  boolean isOver(Instant now) {
    Future<Reply> answered = answer.future();
    if (answered.isComplete()) {
      return answered.failed() || olderThan(EARLY_AT_MOST, now);
    }
    return olderThan(HELD_AT_MOST, now) || !delivery.isOpen();
  }

  boolean isAnswered() {
    return answer.future().isComplete();
  }

  boolean olderThan(Duration age, Instant now) {
    return now.isAfter(delivery.arrivedAt().plus(age));
  }

  int size() {
    return FRAME_BYTES
        + switch (inbound.content()) {
          case Content.Text(String text, _) -> 2 * text.length();
          case Content.Other(_, var fields) ->
              fields.values().stream().mapToInt(each -> 2 * each.length()).sum();
          case Content.Voice _,
              Content.Image _,
              Content.Video _,
              Content.File _,
              Content.Location _,
              Content.Followed _,
              Content.Unfollowed _,
              Content.Scanned _,
              Content.MenuTapped _ ->
              0;
        };
  }
}
