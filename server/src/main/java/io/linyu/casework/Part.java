package io.linyu.casework;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What another desk is asked to do for a case. It has a desk, a holder and a day of its own, and
/// is never the case: that one keeps its one holder, who leads.
///
/// @param code for its page
/// @param staffId who of the desk has signed it; null: nobody yet
/// @param askedByName null: by rule
/// @param request in words; empty: to keep contact with the resident, or they were erased
/// @param dueAt by when; null: it has no day
/// @param amberAt from here on that is short
/// @param endedAt since when nothing is to be done any more
/// @param reply what was answered, or why it was declined; null: nothing was said
/// @param shows whether the desk sees the whole of a case that was told in confidence
public record Part(
    long id,
    String code,
    CaseId caseId,
    Kind kind,
    State state,
    long deskId,
    String deskName,
    @Nullable Long staffId,
    @Nullable String staffName,
    @Nullable String askedByName,
    Instant askedAt,
    String request,
    @Nullable Instant amberAt,
    @Nullable Instant dueAt,
    @Nullable Instant urgedAt,
    @Nullable Instant endedAt,
    @Nullable Long replyNoteId,
    @Nullable String reply,
    boolean shows) {
  public enum Kind {
    WORK,
    /// Of the desk that had the case before it was raised: it goes on writing to the resident.
    CONTACT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// Words for these are under `part.state.<word>`.
  public enum State {
    ASKED,
    SIGNED,
    ANSWERED,
    DECLINED,
    /// By whoever leads.
    CANCELLED,
    /// Its day was over when whoever leads reported what there was.
    LAPSED,
    /// The case is over, not accepted after all, or with that desk itself.
    ENDED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  public boolean isOpen() {
    return endedAt == null;
  }

  public boolean isContact() {
    return kind == Kind.CONTACT;
  }

  public boolean isHeldBy(long staff) {
    return staffId != null && staffId == staff;
  }

  public boolean isLate(Instant now) {
    return isOpen() && dueAt != null && !now.isBefore(dueAt);
  }

  public boolean isShort(Instant now) {
    return isOpen() && !isLate(now) && amberAt != null && !now.isBefore(amberAt);
  }

  /// Whether its desk may know more of this case than the words of the request.
  public boolean showsOf(Case matter) {
    return shows || !matter.confidential();
  }

  /// Of those that are due at the same moment each is called about by itself.
  Instant occasion(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).plus(id % 1_000_000, ChronoUnit.MICROS);
  }
}
