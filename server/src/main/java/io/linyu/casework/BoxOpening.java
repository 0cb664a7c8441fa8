package io.linyu.casework;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One time that a box is opened: by two, each signed in as themselves.
///
/// @param slips how many there were, as one has counted them
/// @param counted who has
/// @param confirmed the other, who says that it is so; null: not yet
/// @param openedAt when both had opened it; null: one of them waits for the other
/// @param sealedAt null: it goes on
/// @param calledOffAt when it was left before it was open
/// @param of each slip that was photographed, in that order
public record BoxOpening(
    long id,
    long boxId,
    String code,
    Said begun,
    int slips,
    Said counted,
    @Nullable Said confirmed,
    @Nullable Instant openedAt,
    @Nullable Instant sealedAt,
    @Nullable Instant calledOffAt,
    List<Slip> of) {
  public record Said(long staffId, String name, Instant at) {}

  /// Why a slip is no case.
  public enum Aside {
    ILLEGIBLE,
    EMPTY,
    /// Thanks, by somebody who did not say who they are.
    PRAISE,
    /// The same hand, the same words, twice.
    SAME,
    /// Said in words.
    OTHER;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Aside> of(@Nullable String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// @param photo whether there still is one
  /// @param aside null: it is a case, or nothing yet
  /// @param comment in words, why
  public record Slip(
      long id,
      int nth,
      boolean photo,
      @Nullable Aside aside,
      @Nullable String comment,
      List<Became> became) {
    public Slip {
      became = List.copyOf(became);
    }

    public boolean isDone() {
      return aside != null || !became.isEmpty();
    }
  }

  /// @param added it was noted in a case that there was
  public record Became(CaseId caseId, String number, boolean added) {}

  public BoxOpening {
    of = List.copyOf(of);
  }

  public boolean isOpen() {
    return openedAt != null && sealedAt == null;
  }

  /// One keeper waits for the other, to open it or to count again.
  public boolean waits() {
    return confirmed == null && sealedAt == null && calledOffAt == null;
  }

  /// Photos that are missing.
  public int missing() {
    return Math.max(0, slips - of.size());
  }

  public Optional<Slip> nth(int nth) {
    return of.stream().filter(each -> each.nth() == nth).findFirst();
  }

  /// The first slip of which nobody has said what becomes of it.
  public Optional<Slip> next() {
    return of.stream().filter(each -> !each.isDone()).findFirst();
  }

  public long done() {
    return of.stream().filter(Slip::isDone).count();
  }

  /// As many photos as slips, each of them a case or set aside, and the number confirmed.
  public boolean isComplete() {
    return isOpen() && confirmed != null && of.size() == slips && next().isEmpty();
  }
}
