package io.linyu.reception;

import static java.util.Objects.requireNonNull;

import io.linyu.channel.AddressKey;
import io.linyu.community.People;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which address row belongs to which platform id, remembered since it hardly ever changes. The
/// turn checks under the lock that it still is so.
final class Addresses {
  private static final int REMEMBERED = 200_000;

  private final Db db;
  private final People people;
  private final TurnStore store = new TurnStore();
  private final Map<AddressKey, Long> known =
      Collections.synchronizedMap(
          new LinkedHashMap<>(1024, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<AddressKey, Long> eldest) {
              return size() > REMEMBERED;
            }
          });

  Addresses(Db db, People people) {
    this.db = db;
    this.people = people;
  }

  Map<Turn, Long> of(List<Turn> turns) {
    Set<AddressKey> missing =
        turns.stream()
            .map(Turn::from)
            .filter(key -> !known.containsKey(key))
            .collect(Collectors.toCollection(TreeSet::new));
    Map<AddressKey, Long> found = missing.isEmpty() ? Map.of() : create(missing);
    var ids = new HashMap<Turn, Long>();
    for (Turn turn : turns) {
      Long id = found.get(turn.from());
      ids.put(turn, id != null ? id : of(turn.from()));
    }
    return ids;
  }

  long of(AddressKey key) {
    Long id = known.get(key);
    return id != null ? id : requireNonNull(create(Set.of(key)).get(key));
  }

  /// Of one that is not remembered, because what happens in this transaction is taken back.
  long passing(Tx tx, AddressKey key) {
    long id = requireNonNull(people.ensure(tx, Set.of(key)).get(key)).id();
    store.begin(tx, Set.of(id));
    return id;
  }

  void forget(AddressKey key) {
    known.remove(key);
  }

  private Map<AddressKey, Long> create(Collection<AddressKey> keys) {
    Map<AddressKey, Long> ids = new HashMap<>();
    people.ensure(db, keys).forEach((key, address) -> ids.put(key, address.id()));
    store.begin(db, ids.values());
    known.putAll(ids);
    return ids;
  }
}
