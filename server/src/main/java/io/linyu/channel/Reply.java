package io.linyu.channel;

import org.jspecify.annotations.Nullable;

/// What is said in the answer to a delivery itself. A null text acknowledges and says nothing.
public record Reply(@Nullable String text) {
  public static final Reply NOTHING = new Reply(null);
}
