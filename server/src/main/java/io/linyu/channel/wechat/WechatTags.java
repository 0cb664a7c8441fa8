package io.linyu.channel.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linyu.channel.Tagging;
import io.linyu.platform.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// https://developers.weixin.qq.com/doc/service/api/usermanage/tag/api_createtag.html
final class WechatTags implements Tagging {
  /// Below are the platform's own: blacklist, starred, groups of old.
  private static final int FIRST = 100;

  /// Asks and is answered, as the rest of what is asked of the platform.
  interface Exchange {
    /// @param path of the call
    JsonNode ask(String path, String asked);

    /// Has something done, which has no answer but that it was.
    void have(String path, String asked);
  }

  private final Exchange platform;

  WechatTags(Exchange platform) {
    this.platform = platform;
  }

  @Override
  public int most() {
    return 100;
  }

  @Override
  public int longestName() {
    return 30;
  }

  @Override
  public int atOnce() {
    return 50;
  }

  @Override
  public Map<Long, String> all() {
    var all = new TreeMap<Long, String>();
    // Without a list it is no answer: whoever took it for "none" would make them all anew.
    WechatExchange.list(platform.ask("/cgi-bin/tags/get", "{}"), "tags")
        .forEach(each -> {
          if (each.path("id").asLong() >= FIRST) {
            all.put(each.path("id").asLong(), each.path("name").asText());
          }
        });
    return all;
  }

  @Override
  public long make(String name) {
    JsonNode id = platform.ask("/cgi-bin/tags/create", tag(null, name)).path("tag").path("id");
    if (!id.canConvertToLong() || id.asLong() < FIRST) {
      throw WechatExchange.without("tag");
    }
    return id.asLong();
  }

  @Override
  public void rename(long tag, String name) {
    platform.have("/cgi-bin/tags/update", tag(tag, name));
  }

  @Override
  public void drop(long tag) {
    platform.have("/cgi-bin/tags/delete", tag(tag, null));
  }

  @Override
  public void give(long tag, List<String> people) {
    platform.have("/cgi-bin/tags/members/batchtagging", members(tag, people));
  }

  @Override
  public void take(long tag, List<String> people) {
    platform.have("/cgi-bin/tags/members/batchuntagging", members(tag, people));
  }

  @Override
  public List<String> having(long tag, @Nullable String after) {
    ObjectNode asked =
        Json.MAPPER
            .createObjectNode()
            .put("tagid", tag)
            .put("next_openid", after == null ? "" : after);
    JsonNode answer = platform.ask("/cgi-bin/user/tag/get", asked.toString());
    // When nobody has it there is no list, but a count.
    if (!answer.path("count").isIntegralNumber()) {
      throw WechatExchange.without("count");
    }
    var people = new ArrayList<String>();
    answer.path("data").path("openid").forEach(each -> people.add(each.asText()));
    // Who asks for page after page would never end.
    if (after != null && people.contains(after)) {
      throw WechatExchange.without("another page");
    }
    return people;
  }

  private static String tag(@Nullable Long id, @Nullable String name) {
    ObjectNode asked = Json.MAPPER.createObjectNode();
    ObjectNode tag = asked.putObject("tag");
    if (id != null) {
      tag.put("id", id);
    }
    if (name != null) {
      tag.put("name", name);
    }
    return asked.toString();
  }

  private static String members(long tag, List<String> people) {
    ObjectNode asked = Json.MAPPER.createObjectNode().put("tagid", tag);
    ArrayNode list = asked.putArray("openid_list");
    people.forEach(list::add);
    return asked.toString();
  }
}
