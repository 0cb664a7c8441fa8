package io.linyu.casework;

import io.linyu.community.Level;
import io.linyu.community.Staff;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That the desk which has a case says it is another's, as long as nobody has ruled who leads.
///
/// @param deskId that says so, and has it meanwhile
/// @param otherDeskId whose it is, as they say
/// @param byName of whoever said so
/// @param noteId of the note in which they say why
/// @param viewDueAt until when the other desk is waited for; not after `at`: it is not asked
/// @param viewNoteId of the note in which the other desk says how it sees it; null: it has not
/// @param viewedByName null: likewise
/// @param rulingDeskId that rules
/// @param rulingLevel of that desk
public record CaseDispute(
    long deskId,
    String deskName,
    long otherDeskId,
    String otherDeskName,
    long by,
    String byName,
    Instant at,
    long noteId,
    Instant viewDueAt,
    @Nullable Long viewNoteId,
    @Nullable Instant viewedAt,
    @Nullable Long viewedBy,
    @Nullable String viewedByName,
    long rulingDeskId,
    String rulingDeskName,
    Level rulingLevel) {
  /// What was ruled before: none of these desks moves it any more.
  ///
  /// @param desks that were parties
  /// @param by the widest level that has ruled; null: none has
  public record Binding(List<Long> desks, @Nullable Level by) {
    public static final Binding NONE = new Binding(List.of(), null);

    public Binding {
      desks = List.copyOf(desks);
    }

    boolean binds(long desk) {
      return desks.contains(desk);
    }
  }

  /// Whether the other desk is asked how it sees it: what was told in confidence is shown to nobody
  /// for that.
  public boolean asksOther() {
    return viewDueAt.isAfter(at);
  }

  public boolean hasView() {
    return viewNoteId != null;
  }

  /// From when on it can be ruled: both have spoken, or the time of the other one is over.
  public Instant ripeAt() {
    return viewedAt == null ? viewDueAt : viewedAt;
  }

  public boolean isRipe(Instant now) {
    return hasView() || !now.isBefore(viewDueAt);
  }

  /// Whether they speak for one of the two, and not for the desk that rules. Where there is no desk
  /// but one of the two to rule, whoever said how it sees it may.
  boolean isPartOf(Staff staff) {
    return by == staff.id()
        || (viewedBy != null && viewedBy == staff.id() && otherDeskId != rulingDeskId)
        || ((staff.actsAt(deskId) || staff.actsAt(otherDeskId)) && !staff.actsAt(rulingDeskId));
  }
}
