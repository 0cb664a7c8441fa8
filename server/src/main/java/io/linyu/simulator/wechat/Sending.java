package io.linyu.simulator.wechat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A customer-service message that the account asked the platform to send, as the platform saw it.
///
/// @param server which of several asked; empty: they are not told apart
/// @param at when it was asked
/// @param refused it was answered with an error, and is not sent
/// @param answered when the answer had gone to somebody who still waited for it; null: it never did
public record Sending(
    long id,
    String server,
    String openid,
    String text,
    Instant at,
    boolean refused,
    @Nullable Instant answered) {

  /// Whether it was asked by this moment, and not yet answered.
  public boolean isUnderWay(Instant moment) {
    return !at.isAfter(moment) && (answered == null || answered.isAfter(moment));
  }
}
