package io.linyu.simulator.wechat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One line of a chat as its phone shows it.
public sealed interface Line {
  long id();

  Instant at();

  /// What the follower did.
  ///
  /// @param type `text`, `image`, `voice`, `location` …, or for events the event's name
  /// @param text the words, or what stands for them
  /// @param messageId the platform's `MsgId`
  /// @param attempts to deliver it, so far
  record Said(
      long id,
      Instant at,
      String type,
      String text,
      @Nullable String mediaId,
      long messageId,
      List<Attempt> attempts)
      implements Line {}

  /// What came back.
  ///
  /// @param quota what was left of the window for customer-service messages after it
  record Heard(long id, Instant at, Way way, String text, Quota quota) implements Line {}

  enum Way {
    /// In answer to a push.
    PASSIVE,
    CUSTOMER_SERVICE,
    /// A subscribe notice or a template message: fields, one below the other.
    NOTICE,
    /// Sent to many.
    MASS,
    /// Not from the account: the platform says that the account's server failed.
    FAILURE
  }
}
