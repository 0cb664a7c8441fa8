package io.linyu.channel;

import org.jspecify.annotations.Nullable;

/// By which rungs an account of ours may reach people outside of a reply, from the first to the
/// last. What it is not allowed is not here, and is never asked of the platform.
///
/// @param messages in free words, within the window that a person has opened
/// @param subscription notices in fields, to those who have given leave; null: none
/// @param template notices in fields, to whoever follows
public record Ladder(boolean messages, @Nullable Subscription subscription, boolean template) {
  /// Nothing but replies.
  public static final Ladder REPLIES_ONLY = new Ladder(false, null, false);

  public static final Ladder MESSAGES_ONLY = new Ladder(true, null, false);

  /// What a person gives leave for.
  ///
  /// @param template the platform's id of the notice
  /// @param standing leave once given holds until it is taken back; otherwise for one notice
  public record Subscription(String template, boolean standing) {}

  public enum Rung {
    CUSTOMER_SERVICE,
    SUBSCRIBE_NOTICE,
    TEMPLATE;

    /// As the database has it.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
