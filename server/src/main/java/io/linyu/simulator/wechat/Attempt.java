package io.linyu.simulator.wechat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One try to deliver a push.
///
/// @param number from 1
/// @param reply what the server answered, when that was a reply
/// @param detail why it failed
public record Attempt(
    int number, Instant at, Duration took, Result result, @Nullable Reply reply, String detail) {

  public enum Result {
    /// Answered with a passive reply.
    REPLIED,
    /// Acknowledged without a reply.
    SUCCESS,
    /// No answer in time.
    TIMED_OUT,
    /// No connection, or one that broke.
    UNREACHABLE,
    /// A status other than 200.
    REFUSED,
    /// Something that is not a reply.
    INVALID;

    /// The platform tries again only when it got no answer.
    boolean isAnAnswer() {
      return this != TIMED_OUT && this != UNREACHABLE;
    }

    boolean isTaken() {
      return this == REPLIED || this == SUCCESS;
    }
  }
}
