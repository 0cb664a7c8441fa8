package io.linyu.simulator.wechat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The tags of the account, and who has them.
final class Tags {
  private static final int MOST = 100;
  private static final int MOST_OF_ONE = 20;
  private static final int MOST_AT_ONCE = 50;
  private static final int LONGEST = 30;
  private static final long FIRST = 100;

  private final Map<Long, String> names = new TreeMap<>(Map.of(2L, "星标组"));
  private final Map<Long, Set<String>> members = new TreeMap<>();
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
    long id = known(asked.getJsonObject("tag", new JsonObject()).getLong("id", 0L));
    if (names.entrySet().stream()
        .anyMatch(each -> each.getKey() != id && each.getValue().equals(name))) {
      throw new PlatformError(45157, "invalid tag name");
    }
    names.put(id, name);
  }

  synchronized void delete(JsonObject asked) {
    long id = known(asked.getJsonObject("tag", new JsonObject()).getLong("id", 0L));
    names.remove(id);
    members.remove(id);
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
  }

  synchronized void take(JsonObject asked, List<String> people) {
    bounded(people);
    holders(known(asked.getLong("tagid", 0L))).removeAll(people);
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

  /// The tags that somebody has.
  synchronized JsonObject idsOf(String openid) {
    List<Long> ids =
        members.entrySet().stream()
            .filter(each -> each.getValue().contains(openid))
            .map(Map.Entry::getKey)
            .toList();
    return new JsonObject().put("tagid_list", new JsonArray(ids));
  }

  /// Names of the tags that somebody has.
  synchronized List<String> of(String openid) {
    return members.entrySet().stream()
        .filter(each -> each.getValue().contains(openid))
        .map(each -> names.getOrDefault(each.getKey(), ""))
        .toList();
  }

  synchronized void left(String openid) {
    members.values().forEach(each -> each.remove(openid));
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
