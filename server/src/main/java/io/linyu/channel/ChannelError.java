package io.linyu.channel;

import org.jspecify.annotations.Nullable;

/// The platform did not do what was asked. Messages never hold a secret or a token.
public abstract sealed class ChannelError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ChannelError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// It could not be asked, or did not say what it did. After [#maybeDone] nobody knows whether it
  /// has happened.
  public static final class Unreachable extends ChannelError {
    private final boolean maybeDone;

    public Unreachable(String message, boolean maybeDone, @Nullable Throwable cause) {
      super(message, cause);
      this.maybeDone = maybeDone;
    }

    public boolean maybeDone() {
      return maybeDone;
    }
  }

  /// It said no, and will say no again.
  public static final class Refused extends ChannelError {
    private final Why why;

    public Refused(Why why, String message) {
      super(message, null);
      this.why = why;
    }

    public Why why() {
      return why;
    }
  }

  /// Not now, for anybody of this account: too many, the day's quota is used, or something must be
  /// put right first. It was not done, and asking again before is of no use.
  public static final class RateLimited extends ChannelError {
    private final java.time.Duration retryAfter;

    public RateLimited(String message, java.time.Duration retryAfter) {
      super(message, null);
      this.retryAfter = retryAfter;
    }

    public java.time.Duration retryAfter() {
      return retryAfter;
    }
  }

  /// The token was refused even after it was fetched anew.
  public static final class TokenExpired extends ChannelError {
    public TokenExpired(String message) {
      super(message, null);
    }
  }

  /// What a refusal means for what we know about the person or the account.
  public enum Why {
    /// The person's window is over or used up: the quota is zero, go down the ladder.
    WINDOW_CLOSED,
    /// The person does not follow any more, or nobody of the account has this id: until they speak
    /// to us again.
    NOT_FOLLOWING,
    /// The person cannot be written to at all, for a reason of their own or of the platform's.
    UNREACHABLE_PERSON,
    /// The account itself has put the person on its list of those it does not hear from and who do
    /// not hear from it: only its owners can take them off.
    BLACKLISTED,
    /// What was sent is not acceptable.
    CONTENT,
    /// The media has expired or never was.
    MEDIA_GONE,
    /// The account may not do this.
    NO_PERMISSION,
    /// Something that the account's owners must put right: somebody must look.
    CONFIGURATION
  }
}
