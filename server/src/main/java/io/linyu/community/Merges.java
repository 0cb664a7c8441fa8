package io.linyu.community;

import io.linyu.platform.Refusal;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finding that two persons are one, and taking that back: addresses and profile. Whoever calls
/// holds the rows of both ([#lock]) and of all their conversations, and moves what else belongs to
/// them.
///
/// The profile of the one who goes stays in its row, untouched. The one who stays is given what it
/// had none of; which parts those are is noted, so that undoing takes away these and no others, and
/// only where nobody has changed them since.
public final class Merges {
  private final Clock clock;
  private final MergeStore store = new MergeStore();

  Merges(Clock clock) {
    this.clock = clock;
  }

  /// Locks both, so that nobody else joins or parts them meanwhile.
  ///
  /// @throws Refusal when they are one already, or one of them has become somebody else
  public void lock(Tx tx, long one, long other) {
    if (one == other) {
      throw new Refusal("same-person", 409);
    }
    if (!store.lock(tx, one, other)) {
      throw new Refusal("person-changed", 409);
    }
  }

  /// @param cases that have moved already
  /// @param staff null: the resident
  public Merge record(
      Tx tx,
      long kept,
      long gone,
      List<Long> cases,
      @Nullable Long staff,
      @Nullable String reason) {
    Instant now = clock.instant();
    List<Long> addresses = store.moveAddresses(tx, gone, kept);
    List<String> filled = store.fill(tx, kept, gone);
    long id = store.insert(tx, kept, gone, now, staff, reason, addresses, cases, filled);
    return new Merge(id, kept, gone, now, staff, reason, addresses, cases, filled, null);
  }

  /// The merge, while nobody else can undo it.
  ///
  /// @throws Refusal when it is not in force
  public Merge inForce(Tx tx, long merge) {
    return store
        .take(tx, merge)
        .filter(Merge::isInForce)
        .orElseThrow(() -> new Refusal("merge-undone", 409));
  }

  /// Puts addresses and profile back. The one who was kept must be a person of its own: a later
  /// merge is undone before an earlier one.
  ///
  /// @param staff null: the resident
  public void undo(Tx tx, Merge merge, @Nullable Long staff) {
    store.empty(tx, merge);
    store.release(tx, merge.gone());
    store.moveBack(tx, merge);
    store.undone(tx, merge.id(), clock.instant(), staff);
  }

  /// Locks both ends of a merge that is to be undone.
  ///
  /// @throws Refusal when the one who was kept has become somebody else since
  public void lockToUndo(Tx tx, Merge merge) {
    if (!store.lockToUndo(tx, merge)) {
      throw new Refusal("merge-not-last", 409);
    }
  }

  /// Those of this person, newest first, whether in force or not.
  public List<Merge> of(Sql sql, long person) {
    return store.of(sql, person);
  }

  /// The newest that is in force and made this person what they are.
  public Optional<Merge> newest(Sql sql, long person) {
    return store.of(sql, person).stream()
        .filter(each -> each.isInForce() && each.kept() == person)
        .findFirst();
  }
}
