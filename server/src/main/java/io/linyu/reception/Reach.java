package io.linyu.reception;

import io.linyu.casework.Case;
import io.linyu.channel.AddressKey;
import io.linyu.community.Consent;
import io.linyu.community.Consents;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
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
///
/// What a relative told for somebody is answered to the relative as long as their consent stands,
/// and then to whoever it belongs to.
final class Reach {
  /// @param why `only`, `chosen`, `spoke` (last), `open` (the only way that is, now), `family`
  ///   (whoever told it for another) or `owner` (they may not any more)
  record Spot(long addressId, AddressKey key, String why) {}

  private final Clock clock;
  private final Consents consents;
  private final ReachStore store = new ReachStore();

  Reach(Clock clock, Consents consents) {
    this.clock = clock;
    this.consents = consents;
  }

  /// Where this matter is answered; empty when it was not told in a chat, or nobody is left who may
  /// hear of it there.
  Optional<Spot> of(Sql sql, Case matter) {
    Long told = matter.addressId();
    if (told == null) {
      return Optional.empty();
    }
    Long first = matter.consentId();
    if (first != null) {
      return of(sql, first, matter.personId(), told);
    }
    Long person = matter.personId();
    return person == null
        ? store.alone(sql, told).map(key -> new Spot(told, key, "only"))
        : Optional.of(of(sql, person, told));
  }

  /// Where what was told by this consent is answered.
  ///
  /// @param first that the case names
  /// @param person whose it is
  Optional<Spot> of(Sql sql, long first, @Nullable Long person, long told) {
    // Whoever says something there says it before it ends, or not at all.
    Optional<Consent> standing =
        sql instanceof Tx tx ? consents.held(tx, first) : consents.inForce(sql, first);
    return standing
        .map(by -> of(sql, Objects.requireNonNull(by.actor()), told))
        .map(spot -> new Spot(spot.addressId(), spot.key(), "family"))
        .or(() -> Optional.ofNullable(person).flatMap(owner -> owner(sql, owner)));
  }

  /// Where somebody hears of what another told for them; empty: they have no chat.
  Optional<Spot> owner(Sql sql, long person) {
    return store.places(sql, person, 0, clock.instant()).stream()
        .filter(ReachStore.Place::follows)
        .findFirst()
        .map(place -> new Spot(place.addressId(), place.key(), "owner"));
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
