package io.linyu.simulator.wechat;

import io.linyu.platform.text.Codes;
import io.linyu.simulator.wechat.Api.Answer;
import io.linyu.simulator.wechat.Api.Call;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Articles: as drafts that only the account sees, and published. Publishing tells no follower, is
/// done after the answer, and is told by a push.
final class Articles {
  private static final int MOST = 8;
  private static final int LONGEST_TITLE = 64;
  private static final int LONGEST_DIGEST = 120;
  private static final int LONGEST_CONTENT = 20_000;
  private static final int A_PAGE = 20;

  /// Published, being published.
  private static final int DONE = 0;

  private static final int UNDER_WAY = 1;

  private final WechatSimulator platform;
  private final Clock clock;
  private final AtomicLong lastPublish = new AtomicLong(100_000_000L);
  private final Map<String, Entry> drafts = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Entry> published = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Publishing> publishings =
      Collections.synchronizedMap(new LinkedHashMap<>());

  private record Entry(List<JsonObject> articles, Instant created, Instant updated) {}

  private record Publishing(int status, String article, int articles) {}

  Articles(WechatSimulator platform, Clock clock) {
    this.platform = platform;
    this.clock = clock;
  }

  // Drafts.

  Answer add(Call call) {
    JsonArray given = call.unescapedJson().getJsonArray("articles", new JsonArray());
    if (given.isEmpty() || given.size() > MOST) {
      throw new PlatformError(45008, "article size out of limit");
    }
    var articles = new ArrayList<JsonObject>();
    for (int i = 0; i < given.size(); i++) {
      articles.add(sound(given.getJsonObject(i)));
    }
    String id = "sim_draft_" + Codes.random() + Codes.random();
    Instant now = clock.instant();
    drafts.put(id, new Entry(articles, now, now));
    return new Answer.Json(new JsonObject().put("media_id", id));
  }

  private static JsonObject sound(JsonObject article) {
    String title = article.getString("title", "");
    String content = article.getString("content", "");
    if (title.isEmpty() || length(title) > LONGEST_TITLE) {
      throw new PlatformError(45003, "title size out of limit");
    }
    if (content.isEmpty()) {
      throw new PlatformError(44004, "empty content");
    }
    if (length(content) > LONGEST_CONTENT) {
      throw new PlatformError(45002, "content size out of limit");
    }
    if (length(article.getString("digest", "")) > LONGEST_DIGEST) {
      throw new PlatformError(45004, "description size out of limit");
    }
    if (article.getString("thumb_media_id", "").isEmpty()) {
      throw new PlatformError(40007, "invalid media_id");
    }
    return article;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  Answer update(Call call) {
    JsonObject asked = call.unescapedJson();
    String id = asked.getString("media_id", "");
    Entry before = draft(id);
    int index = asked.getInteger("index", 0);
    if (index < 0 || index >= before.articles().size()) {
      throw new PlatformError(40114, "invalid index value");
    }
    var articles = new ArrayList<>(before.articles());
    articles.set(index, sound(asked.getJsonObject("articles", new JsonObject())));
    drafts.put(id, new Entry(articles, before.created(), clock.instant()));
    return Api.ok();
  }

  Answer get(Call call) {
    Entry found = draft(call.json().getString("media_id", ""));
    return new Answer.Json(
        items(found)
            .put("create_time", found.created().getEpochSecond())
            .put("update_time", found.updated().getEpochSecond()));
  }

  Answer delete(Call call) {
    if (drafts.remove(call.json().getString("media_id", "")) == null) {
      throw new PlatformError(40007, "invalid media_id");
    }
    return Api.ok();
  }

  Answer count() {
    return new Answer.Json(new JsonObject().put("total_count", drafts.size()));
  }

  Answer list(Call call) {
    return page(call, drafts, "media_id");
  }

  /// What followers would read of it in a list.
  String titles(@Nullable String draft) {
    return draft(String.valueOf(draft)).articles().stream()
        .map(each -> each.getString("title"))
        .collect(Collectors.joining("\n"));
  }

  private Entry draft(String id) {
    Entry found = drafts.get(id);
    if (found == null) {
      throw new PlatformError(40007, "invalid media_id");
    }
    return found;
  }

  // Publishing.

  Answer submit(Call call) {
    String draft = call.json().getString("media_id", "");
    Entry wanted = draft(draft);
    String id = Long.toString(lastPublish.incrementAndGet());
    publishings.put(id, new Publishing(UNDER_WAY, "", wanted.articles().size()));
    platform.later(() -> publish(id, draft, wanted));
    return new Answer.Json(
        new JsonObject()
            .put("errcode", 0)
            .put("errmsg", "ok")
            .put("publish_id", id)
            .put("msg_data_id", Long.parseLong(id) + 1_000_000_000L));
  }

  private void publish(String id, String draft, Entry wanted) {
    String article = "sim_article_" + Codes.random() + Codes.random();
    published.put(article, wanted);
    drafts.remove(draft);
    var done = new Publishing(DONE, article, wanted.articles().size());
    publishings.put(id, done);
    var told = new LinkedHashMap<String, Object>();
    told.put("publish_id", id);
    told.put("publish_status", DONE);
    told.put("article_id", article);
    // In XML the items stand one by one; what reads them is content with the first.
    told.put("article_detail", detail(done, List::getFirst));
    platform.tell(Push.event("PUBLISHJOBFINISH", "PublishEventInfo", told));
  }

  private Map<String, Object> detail(
      Publishing done, Function<List<Map<String, Object>>, Object> items) {
    var all = new ArrayList<Map<String, Object>>();
    for (int i = 1; i <= done.articles(); i++) {
      var item = new LinkedHashMap<String, Object>();
      item.put("idx", i);
      item.put("article_url", url(done.article(), i));
      all.add(item);
    }
    var detail = new LinkedHashMap<String, Object>();
    detail.put("count", done.articles());
    detail.put("item", items.apply(all));
    return detail;
  }

  private String url(String article, int index) {
    return platform.apiBase() + "/s/" + article + "/" + index;
  }

  Answer state(Call call) {
    String id = String.valueOf(call.json().getValue("publish_id"));
    Publishing found = publishings.get(id);
    if (found == null) {
      throw new PlatformError(53600, "invalid publish id");
    }
    var answer = new JsonObject().put("publish_id", id).put("publish_status", found.status());
    if (found.status() == DONE) {
      answer
          .put("article_id", found.article())
          .put("article_detail", new JsonObject(detail(found, JsonArray::new)));
    }
    return new Answer.Json(answer.put("fail_idx", new JsonArray()));
  }

  Answer article(Call call) {
    return new Answer.Json(items(published(call.json().getString("article_id", ""))));
  }

  Answer withdraw(Call call) {
    String id = call.json().getString("article_id", "");
    var _ = published(id);
    published.remove(id);
    return Api.ok();
  }

  Answer published(Call call) {
    return page(call, published, "article_id");
  }

  private Entry published(String id) {
    Entry found = published.get(id);
    if (found == null) {
      throw new PlatformError(53600, "invalid article id");
    }
    return found;
  }

  private static Answer page(Call call, Map<String, Entry> of, String id) {
    JsonObject asked = call.json();
    int offset = asked.getInteger("offset", 0);
    int count = asked.getInteger("count", 0);
    if (count < 1 || count > A_PAGE || offset < 0) {
      throw new PlatformError(40114, "invalid offset or count");
    }
    var all = new JsonArray();
    synchronized (of) {
      of.forEach((key, entry) ->
          all.add(
              new JsonObject()
                  .put(id, key)
                  .put("content", items(entry))
                  .put("update_time", entry.updated().getEpochSecond())));
    }
    List<?> newest = all.getList().reversed();
    var items =
        new JsonArray(
            newest.subList(
                Math.min(offset, newest.size()), Math.min(offset + count, newest.size())));
    return new Answer.Json(
        new JsonObject()
            .put("total_count", newest.size())
            .put("item_count", items.size())
            .put("item", items));
  }

  private static JsonObject items(Entry entry) {
    return new JsonObject().put("news_item", new JsonArray(new ArrayList<>(entry.articles())));
  }
}
