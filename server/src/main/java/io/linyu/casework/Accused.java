package io.linyu.casework;

import org.jspecify.annotations.Nullable;

/// Whom a complaint about staff is about, where somebody has said so; else it is the unit where it
/// happened.
///
/// @param deskId null: no desk was named
/// @param staffId null: no person was named
/// @param territoryId all that belongs to the unit lies here; null: the desk alone, or those at
///   which the person works
/// @param name of the desk or the person; null: nobody was named
/// @param suspected words in what was told by which staff seem to be named, where nobody has said
///   yet whether it complains about them; null: none, or somebody has
public record Accused(
    @Nullable Long deskId,
    @Nullable Long staffId,
    @Nullable Long territoryId,
    @Nullable String name,
    @Nullable String suspected) {
  static final Accused NOBODY = new Accused(null, null, null, null, null);

  /// Whether somebody has to say first whether it is a complaint.
  public boolean isSuspected() {
    return suspected != null;
  }

  /// Whether this one was named.
  boolean is(long staff) {
    return staffId != null && staffId == staff;
  }

  boolean isNamed() {
    return deskId != null || staffId != null;
  }

  /// As it stands in a form; empty: nobody was named.
  public String word() {
    return deskId != null ? "desk:" + deskId : staffId != null ? "staff:" + staffId : "";
  }
}
