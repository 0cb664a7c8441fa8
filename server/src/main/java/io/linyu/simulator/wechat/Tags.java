package io.linyu.simulator.wechat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tags of the account, and who has them.
final class Tags {
  private static final int MOST = 100;
  private static final int MOST_OF_ONE = 20;
  private static final int MOST_AT_ONCE = 50;
  private static final int LONGEST = 30;
  private static final long FIRST = 100;
  private static final long LAST_OF_THE_PLATFORM = 2;

  /// Of one that is deleted; more must be taken from it before.
  private static final int MOST_OF_DELETED = 100_000;

  private final Map<Long, String> names = new TreeMap<>(Map.of(2L, "星标组"));
  private final Map<Long, Set<String>> members = new TreeMap<>();

  /// By openid, in the order they were given.
  private final Map<String, Set<Long>> given = new HashMap<>();

  private long last = FIRST - 1;

  synchronized JsonObject create(JsonObject asked) {
    String name = name(asked);
    if (names.size() - 1 >= MOST) {
      throw new PlatformError(45056, "too many tags now, can not add new");
    }
    if (names.containsValue(name)) {
      throw new PlatformError(45157, "invalid tag name");
    }
    names.put(++last, name);
    return new JsonObject().put("tag", new JsonObject().put("id", last).put("name", name));
  }

  synchronized JsonObject all() {
    var all = new JsonArray();
    names.forEach((id, name) ->
        all.add(new JsonObject().put("id", id).put("name", name).put("count", holders(id).size())));
    return new JsonObject().put("tags", all);
  }

  synchronized void update(JsonObject asked) {
    String name = name(asked);
    long id = changeable(asked);
    if (names.entrySet().stream()
        .anyMatch(each -> each.getKey() != id && each.getValue().equals(name))) {
      throw new PlatformError(45157, "invalid tag name");
    }
    names.put(id, name);
  }

  synchronized void delete(JsonObject asked) {
    long id = changeable(asked);
    if (holders(id).size() > MOST_OF_DELETED) {
      throw new PlatformError(45057, "can not delete tag that has too many fans");
    }
    names.remove(id);
    members.remove(id);
    given.values().forEach(each -> each.remove(id));
  }

  synchronized void give(JsonObject asked, List<String> people) {
    long id = known(asked.getLong("tagid", 0L));
    bounded(people);
    for (String each : people) {
      if (!holders(id).contains(each) && of(each).size() >= MOST_OF_ONE) {
        throw new PlatformError(45059, "can not tag more than 20 labels for a user");
      }
    }
    holders(id).addAll(people);
    people.forEach(each -> given.computeIfAbsent(each, _ -> new LinkedHashSet<>()).add(id));
  }

  synchronized void take(JsonObject asked, List<String> people) {
    bounded(people);
    long id = known(asked.getLong("tagid", 0L));
    people.forEach(holders(id)::remove);
    people.forEach(each -> given.getOrDefault(each, new LinkedHashSet<>()).remove(id));
  }

  synchronized JsonObject having(JsonObject asked) {
    Set<String> all = holders(known(asked.getLong("tagid", 0L)));
    String after = asked.getString("next_openid", "");
    List<String> rest =
        after.isEmpty()
            ? List.copyOf(all)
            : all.stream().dropWhile(each -> !each.equals(after)).skip(1).toList();
    var answer = new JsonObject().put("count", rest.size());
    if (!rest.isEmpty()) {
      answer
          .put("data", new JsonObject().put("openid", new JsonArray(rest)))
          .put("next_openid", rest.getLast());
    }
    return answer;
  }

  /// The tags that somebody has, in the order they were given.
  synchronized List<Long> idsOf(String openid) {
    return List.copyOf(given.getOrDefault(openid, Set.of()));
  }

  /// The one that was given last; null: they have none.
  synchronized @Nullable Long lastOf(String openid) {
    List<Long> all = idsOf(openid);
    return all.isEmpty() ? null : all.getLast();
  }

  /// Names of the tags that somebody has.
  synchronized List<String> of(String openid) {
    return idsOf(openid).stream().map(each -> names.getOrDefault(each, "")).toList();
  }

  synchronized void left(String openid) {
    members.values().forEach(each -> each.remove(openid));
    given.remove(openid);
  }

  private Set<String> holders(long id) {
    return members.computeIfAbsent(id, _ -> new LinkedHashSet<>());
  }

  private long known(long id) {
    if (!names.containsKey(id)) {
      throw new PlatformError(45159, "invalid tag id");
    }
    return id;
  }

  /// The platform's own are nobody's to change.
  private long changeable(JsonObject asked) {
    long id = asked.getJsonObject("tag", new JsonObject()).getLong("id", -1L);
    if (id >= 0 && id <= LAST_OF_THE_PLATFORM) {
      throw new PlatformError(45058, "can not modify system tag");
    }
    return known(id);
  }

  private static void bounded(List<String> people) {
    if (people.isEmpty() || people.size() > MOST_AT_ONCE) {
      throw new PlatformError(40032, "invalid openid list size");
    }
  }

  private static String name(JsonObject asked) {
    String name = asked.getJsonObject("tag", new JsonObject()).getString("name", "");
    if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST) {
      throw new PlatformError(45158, "tag name too long");
    }
    return name;
  }
}
