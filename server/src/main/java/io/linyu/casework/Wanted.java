package io.linyu.casework;

import io.linyu.community.Territory;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One list as the store reads it: what was typed, with names made ids.
///
/// @param closed whether of what is closed
/// @param categories codes; null: of any
/// @param places the nodes it may lie in; null: anywhere
/// @param community the one in which all of those lie; null: more than one, or none
/// @param held by whom; null: by anybody
/// @param from not before
/// @param to before
/// @param lateAt only what was due before; null: not asked for
/// @param supervised whether only what somebody supervises
/// @param asking whether only that for which time is asked
/// @param archived of what is closed: only what is filed away, or only what is not; null: both
record Wanted(
    Inbox.View view,
    boolean closed,
    @Nullable Sought sought,
    @Nullable List<String> categories,
    @Nullable List<Territory> places,
    @Nullable Long community,
    @Nullable Held held,
    @Nullable Urgency urgency,
    @Nullable Boolean confirmed,
    @Nullable String channel,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable Instant lateAt,
    boolean supervised,
    boolean asking,
    @Nullable Boolean archived) {
  /// By one of these persons, else by one of these desks.
  ///
  /// @param nobody what nobody has taken is meant instead
  record Held(List<Long> staff, List<Long> desks, boolean nobody) {}

  static Wanted all(Inbox.View view) {
    return of(view, null);
  }

  static Wanted of(Inbox.View view, @Nullable Sought sought) {
    return new Wanted(
        view,
        view == Inbox.View.CLOSED,
        sought,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        false,
        view == Inbox.View.CLOSED ? false : null);
  }

  boolean isPlain() {
    return sought == null && equals(all(view));
  }
}
