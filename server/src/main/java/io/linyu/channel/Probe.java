package io.linyu.channel;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How it went when we tried ourselves whether residents get through: a message to our own address,
/// just as the platform would bring it, and a question to the platform that changes nothing.
public sealed interface Probe {
  /// Who writes then: nobody. No platform gives an id with a colon in it, so it is never a
  /// person's. Reception takes back what such a message leaves, and sends nothing there.
  String NOBODY = "linyu:nobody";

  static boolean isFrom(AddressKey address) {
    return address.externalId().equals(NOBODY);
  }

  /// This channel, or this account, cannot be tried.
  record NotSupported() implements Probe {}

  /// @param in the message, until its answer had come and was the right one
  /// @param out the question
  record Tried(Half in, Half out) implements Probe {}

  /// One direction.
  ///
  /// @param took until the answer, or until it was given up
  /// @param failure null: it worked
  record Half(Duration took, @Nullable Failure failure) {}

  /// @param detail what the sentence about it needs, such as a status, or the platform's own number
  ///   and words; never a secret or a token
  record Failure(Why why, String detail) {}

  /// Each has a sentence under `probe.in.` and one under `probe.out.`, which say what to do.
  enum Why {
    /// Nobody knows the name of the host.
    RESOLVE,
    /// Nobody listens there, or no way leads there.
    CONNECT,
    /// No connection that can be trusted.
    TLS,
    /// No answer while the platform would have waited.
    SLOW,
    /// The connection ended without an answer.
    CLOSED,
    /// 401 or 403: a wrong token or key, clocks that differ, or somebody in front who lets nobody
    /// in.
    DENIED,
    /// Any other status than a good one.
    STATUS,
    /// Sent on to somewhere else, where no platform goes.
    REDIRECT,
    /// Taken, and nothing said.
    EMPTY,
    /// An answer of somebody else: a page, or one to another message.
    STRANGE,
    /// An answer that our key does not open, or that our token has not signed.
    SEALED,
    /// The platform says no.
    PLATFORM,
    /// A mistake of ours.
    INTERNAL;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
