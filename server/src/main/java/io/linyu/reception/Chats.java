package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.channel.Channels;
import io.linyu.channel.Ladder;
import io.linyu.platform.db.Sql;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The chats of a person, and which of them is the best to say something in now: the one that they
/// chose wherever the answer ladder has a way there, else one whose window is open, else one that a
/// notice reaches; among those that are as good the chosen one, then the one where they spoke last.
/// One that was given up comes after all others.
final class Chats {
  /// How far something may go to be heard.
  enum Worth {
    /// In free words or not at all.
    WORDS,

    /// By a notice, too, where no free words go.
    NOTICE,

    /// As a notice it may use the last leave that was given.
    END
  }

  /// @param talks whether anything was ever said there, by either side
  /// @param heardAt when they last spoke there; null: never
  /// @param open whether its window takes another message now
  /// @param leaves how many notices of which template they gave leave for
  record Chat(
      long addressId,
      AddressKey key,
      boolean follows,
      boolean chosen,
      boolean talks,
      @Nullable Instant heardAt,
      boolean open,
      Map<String, Integer> leaves) {}

  private final Channels channels;
  private final Clock clock;
  private final ChatStore store = new ChatStore();

  Chats(Channels channels, Clock clock) {
    this.channels = channels;
    this.clock = clock;
  }

  /// All of a person's, the best first.
  ///
  /// @param told comes first among those that are as good
  List<Chat> of(Sql sql, long person, long told, Worth worth) {
    return store.of(sql, person, clock.instant()).stream().sorted(best(told, worth)).toList();
  }

  /// For each of these the best of the same person's.
  Map<Long, Long> best(Sql sql, Collection<Long> told, Worth worth) {
    var best = new HashMap<Long, Long>();
    store
        .besides(sql, told, clock.instant())
        .forEach((address, chats) -> {
          Chat first = chats.stream().min(best(address, worth)).orElseThrow();
          best.put(address, first.addressId());
        });
    return best;
  }

  /// Another one of the same person's, where they follow and have a conversation with us.
  Optional<Long> beside(Sql sql, long address, Worth worth) {
    return store.besides(sql, List.of(address), clock.instant()).values().stream()
        .flatMap(List::stream)
        .filter(each -> each.addressId() != address && each.follows() && each.talks())
        .min(best(address, worth))
        .map(Chat::addressId);
  }

  AddressKey keyOf(Sql sql, long address) {
    return store.alone(sql, address).orElseThrow();
  }

  private Comparator<Chat> best(long told, Worth worth) {
    return Comparator.comparingInt((Chat each) -> each.follows() ? 0 : 1)
        .thenComparingInt(each -> each.chosen() && carries(each, worth) ? 0 : 1)
        .thenComparingInt(each -> isOpen(each) ? 0 : 1)
        .thenComparingInt(each -> carries(each, worth) ? 0 : 1)
        .thenComparingInt(each -> each.chosen() ? 0 : 1)
        .thenComparing(Chat::heardAt, Comparator.nullsLast(Comparator.reverseOrder()))
        .thenComparingInt(each -> each.addressId() == told ? 0 : 1)
        .thenComparing(Comparator.comparingLong(Chat::addressId).reversed());
  }

  private boolean isOpen(Chat each) {
    return each.open() && channels.ladder(each.key()).messages();
  }

  /// Whether the ladder has a way there now.
  private boolean carries(Chat each, Worth worth) {
    if (isOpen(each) || worth == Worth.WORDS) {
      return isOpen(each);
    }
    Ladder ladder = channels.ladder(each.key());
    Ladder.Subscription leave = ladder.subscription();
    int kept = worth == Worth.END ? 0 : 1;
    return ladder.template()
        || (leave != null && each.leaves().getOrDefault(leave.template(), 0) > kept);
  }
}
