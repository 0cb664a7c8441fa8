package io.linyu.reception;

import io.linyu.casework.Case;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channels;
import io.linyu.community.Consent;
import io.linyu.community.Consents;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.reception.Chats.Chat;
import io.linyu.reception.Chats.Worth;
import java.time.Clock;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a person is answered: in the chat they chose, or else where they spoke last about
/// anything. The chosen one is passed by only while nothing at all can go there, and another is
/// open ([Chats]).
///
/// What a relative told for somebody is answered to the relative as long as their consent stands,
/// and then to whoever it belongs to.
final class Reach {
  /// @param why `only`, `chosen`, `spoke` (last), `open` (the only way that is, now), `family`
  ///   (whoever told it for another) or `owner` (they may not any more)
  record Spot(long addressId, AddressKey key, String why) {}

  private final Consents consents;
  private final Chats chats;
  private final NoticeStore notices = new NoticeStore();

  Reach(Consents consents, Channels channels, Clock clock) {
    this.consents = consents;
    this.chats = new Chats(channels, clock);
  }

  /// Where this matter is answered; empty when it was not told in a chat, or nobody is left who may
  /// hear of it there.
  ///
  /// @param worth of what is to be said
  Optional<Spot> of(Sql sql, Case matter, Worth worth) {
    Long told = matter.addressId();
    if (told == null) {
      return Optional.empty();
    }
    Worth left =
        worth == Worth.WORDS ? worth : notices.worth(sql, matter.id().value(), worth == Worth.END);
    Long first = matter.consentId();
    if (first != null) {
      return of(sql, first, matter.personId(), told, left);
    }
    Long person = matter.personId();
    return person == null
        ? Optional.of(new Spot(told, chats.keyOf(sql, told), "only"))
        : Optional.of(of(sql, person, told, left));
  }

  /// Where what was told by this consent is answered.
  ///
  /// @param first that the case names
  /// @param person whose it is
  Optional<Spot> of(Sql sql, long first, @Nullable Long person, long told, Worth worth) {
    // Whoever says something there says it before it ends, or not at all.
    Optional<Consent> standing =
        sql instanceof Tx tx ? consents.held(tx, first) : consents.inForce(sql, first);
    return standing
        .map(by -> of(sql, Objects.requireNonNull(by.actor()), told, worth))
        .map(spot -> new Spot(spot.addressId(), spot.key(), "family"))
        .or(() -> Optional.ofNullable(person).flatMap(owner -> owner(sql, owner)));
  }

  /// Where somebody hears how what another told for them ended; empty: they have no chat.
  Optional<Spot> owner(Sql sql, long person) {
    return chats.of(sql, person, 0, Worth.END).stream()
        .filter(Chat::follows)
        .findFirst()
        .map(chat -> new Spot(chat.addressId(), chat.key(), "owner"));
  }

  /// As [#of], for whoever needs no more.
  @Nullable Long addressOf(Sql sql, Case matter, Worth worth) {
    return of(sql, matter, worth).map(Spot::addressId).orElse(null);
  }

  /// The same for many at once: where whoever has such an address is answered.
  ///
  /// @param told where their matters were told
  Map<Long, Long> addressesOf(Sql sql, Collection<Long> told, Worth worth) {
    return chats.best(sql, told, worth);
  }

  private Spot of(Sql sql, long person, long told, Worth worth) {
    List<Chat> all = chats.of(sql, person, told, worth);
    if (all.isEmpty()) {
      return new Spot(told, chats.keyOf(sql, told), "only");
    }
    Chat best = all.getFirst();
    boolean spokeLast =
        all.stream()
            .filter(each -> each.heardAt() != null)
            .max(Comparator.comparing(each -> Objects.requireNonNull(each.heardAt())))
            .filter(best::equals)
            .isPresent();
    String why = all.size() == 1 ? "only" : best.chosen() ? "chosen" : spokeLast ? "spoke" : "open";
    return new Spot(best.addressId(), best.key(), why);
  }
}
