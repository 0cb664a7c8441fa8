package io.linyu.reception;

import io.linyu.casework.Case;
import io.linyu.channel.AddressKey;
import io.linyu.platform.db.Sql;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a person is answered: at the address they chose, or else where they spoke last about
/// anything. An address that the platform does not let us write to now is passed by while another
/// is open, and one that was given up is not used while another is left.
final class Reach {
  /// @param why `only`, `chosen`, `spoke` (last), or `open` (the only way that is, now)
  record Spot(long addressId, AddressKey key, String why) {}

  private final Clock clock;
  private final ReachStore store = new ReachStore();

  Reach(Clock clock) {
    this.clock = clock;
  }

  /// Where this matter is answered; empty when it was not told in a chat.
  Optional<Spot> of(Sql sql, Case matter) {
    Long told = matter.addressId();
    if (told == null) {
      return Optional.empty();
    }
    Long person = matter.personId();
    return person == null
        ? store.alone(sql, told).map(key -> new Spot(told, key, "only"))
        : Optional.of(of(sql, person, told));
  }

  /// As [#of], for whoever needs no more.
  @Nullable Long addressOf(Sql sql, Case matter) {
    return of(sql, matter).map(Spot::addressId).orElse(null);
  }

  /// The same for many at once: where whoever has such an address is answered.
  ///
  /// @param told where their matters were told
  Map<Long, Long> addressesOf(Sql sql, Collection<Long> told) {
    return store.best(sql, told, clock.instant());
  }

  private Spot of(Sql sql, long person, long told) {
    List<ReachStore.Place> places = store.places(sql, person, told, clock.instant());
    if (places.isEmpty()) {
      return new Spot(told, store.alone(sql, told).orElseThrow(), "only");
    }
    ReachStore.Place best = places.getFirst();
    boolean spokeLast =
        places.stream()
            .filter(each -> each.heardAt() != null)
            .max(Comparator.comparing(each -> Objects.requireNonNull(each.heardAt())))
            .filter(best::equals)
            .isPresent();
    String why =
        places.size() == 1 ? "only" : best.chosen() ? "chosen" : spokeLast ? "spoke" : "open";
    return new Spot(best.addressId(), best.key(), why);
  }
}
