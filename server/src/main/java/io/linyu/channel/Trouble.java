package io.linyu.channel;

import io.linyu.platform.time.Moments;
import java.time.Instant;
import java.util.Locale;

/// Something about an account of ours that only its owners can put right, or that passes by itself.
/// What is due meanwhile waits.
///
/// @param channel whose account it is
/// @param account as the settings name it
/// @param code the platform's own number for it
/// @param call what is left alone: a word under `account-call.`, or the platform's own for it
/// @param detail what the sentence needs, such as the address of this server; never a secret
/// @param until when it is asked again
public record Trouble(
    String channel,
    String account,
    Kind kind,
    int code,
    String call,
    String detail,
    Instant since,
    Instant until) {
  /// Each has a sentence under `trouble.` that says what to do.
  public enum Kind {
    /// The day's calls are used up.
    QUOTA,
    /// Too many calls within a minute.
    TOO_OFTEN,
    /// The platform has taken this kind of call away from the account.
    BANNED,
    /// The account never had this kind of call.
    NO_PERMISSION,
    /// The platform does not know the template of our notices.
    TEMPLATE,
    /// App id or secret are wrong, or no token is accepted.
    CREDENTIALS,
    /// This server's address is not on the account's list.
    ADDRESS;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Over by itself when its time has come; the others need somebody.
    public boolean passes() {
      return this == QUOTA || this == TOO_OFTEN;
    }
  }

  /// What is wrong, since when, until when, and what to do.
  public String sentence(Moments moments) {
    return moments
        .words()
        .of("trouble." + kind.word(), account, code, detail, moments.at(since), moments.at(until));
  }
}
