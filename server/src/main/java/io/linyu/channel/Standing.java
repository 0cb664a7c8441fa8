package io.linyu.channel;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How an account of ours stands with its platform.
///
/// @param account as the settings name it
/// @param kind a word under `account-kind.`: what it is buys what it may do
/// @param rights words under `account-right.`, of what it may do
/// @param tokenSince when the key that we ask with was given; null: there is none now
/// @param tokenUntil when it ends
/// @param uses of today, the most used first
/// @param refusals of the last days, the newest first
public record Standing(
    String account,
    String kind,
    List<String> rights,
    @Nullable Instant tokenSince,
    @Nullable Instant tokenUntil,
    List<Use> uses,
    List<Refusal> refusals) {
  public Standing {
    rights = List.copyOf(rights);
    uses = List.copyOf(uses);
    refusals = List.copyOf(refusals);
  }

  /// A kind of call.
  ///
  /// @param call a word under `account-call.`, or the platform's own for it
  /// @param ours how often we asked today, on all nodes
  /// @param limit what the platform says it allows in a day; null: it was not asked
  /// @param used what the platform says was used, by us or others with the same account
  /// @param askedAt when it said so
  public record Use(
      String call,
      long ours,
      @Nullable Long limit,
      @Nullable Long used,
      @Nullable Instant askedAt) {
    /// Of a hundred; 0 where no limit is known.
    public int share() {
      Long most = limit;
      return most == null || most == 0
          ? 0
          : (int) Math.min(100, Math.max(ours, used == null ? 0 : used) * 100 / most);
    }
  }

  /// @param code the platform's own number, with a sentence under `account-code.` where we know one
  /// @param said the platform's own words the last time, without anything of ours or of a
  ///   resident's; null: they are not known
  /// @param field of a notice, as its template names it, that the platform did not take; null: it
  ///   was about no field
  public record Refusal(
      LocalDate day,
      int code,
      String call,
      long times,
      @Nullable String said,
      @Nullable String field) {}
}
