package io.linyu.community;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Somebody lets another act for them.
///
/// @param first the first of those that renew each other: cases name this one
/// @param giver who is acted for, as they are known now
/// @param actor who acts, as they are known now; null: nobody has taken it yet
/// @param kinship what the actor is to the giver, such as `女儿`; empty once erased
/// @param giverName as the giver was named to the actor
/// @param actorName as the actor named themselves
/// @param staff who recorded it; null: the giver, in their own chat
/// @param seesAll whether the actor may know of all that is the giver's, or only of what they told
/// @param takenAt when the actor said yes; null: they have not
/// @param endedStaff who ended it, where that was a member of staff
public record Consent(
    long id,
    long first,
    long giver,
    @Nullable Long actor,
    String kinship,
    @Nullable String giverName,
    @Nullable String actorName,
    How how,
    @Nullable Long staff,
    boolean seesAll,
    Instant givenAt,
    @Nullable Instant takenAt,
    Instant until,
    @Nullable Instant endedAt,
    @Nullable End endedBy,
    @Nullable Long endedStaff) {
  /// How it was given.
  public enum How {
    /// By a code that the giver asked for.
    CODE,
    TELEPHONE,
    VISIT,
    /// On paper, signed.
    PAPER;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static How of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /// One that staff may record; empty for any other word.
    public static Optional<How> recorded(String word) {
      return Arrays.stream(values())
          .filter(each -> each != CODE && each.word().equals(word))
          .findFirst();
    }
  }

  /// Why it ended.
  public enum End {
    GIVER,
    ACTOR,
    STAFF,
    /// Another one stands in its place.
    RENEWED,
    EXPIRED,
    /// One of them has left all their chats.
    LEFT,
    ERASED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static End of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// Whether the actor may act by it at this moment. Never for oneself: two who were found to be
  /// one person need no consent as long as that stands.
  public boolean isInForce(Instant now) {
    return takenAt != null
        && endedAt == null
        && until.isAfter(now)
        && actor != null
        && actor != giver;
  }

  /// Whether somebody may still take it.
  public boolean isOffered(Instant now) {
    return takenAt == null && endedAt == null && until.isAfter(now);
  }
}
