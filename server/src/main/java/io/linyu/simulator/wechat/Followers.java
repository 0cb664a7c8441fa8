package io.linyu.simulator.wechat;

import io.linyu.simulator.wechat.Api.Answer;
import io.linyu.simulator.wechat.Api.Call;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/// Who follows the account, and what may be known of them.
final class Followers {
  private static final int A_PAGE = 10_000;
  private static final int AT_ONCE = 100;

  private final WechatSimulator platform;

  Followers(WechatSimulator platform) {
    this.platform = platform;
  }

  List<Phone> all() {
    return platform.phones().stream().filter(Phone::follows).toList();
  }

  Answer page(Call call) {
    String after = call.query().get("next_openid");
    if (after != null && !after.isEmpty()) {
      var _ = platform.phoneOf(after);
    }
    List<String> everybody = all().stream().map(Phone::openid).sorted().toList();
    List<String> page =
        everybody.stream()
            .filter(each -> after == null || each.compareTo(after) > 0)
            .limit(A_PAGE)
            .toList();
    var answer = new JsonObject().put("total", everybody.size()).put("count", page.size());
    if (!page.isEmpty()) {
      answer.put("data", new JsonObject().put("openid", new JsonArray(page)));
    }
    return new Answer.Json(answer.put("next_openid", page.isEmpty() ? "" : page.getLast()));
  }

  Answer several(Call call) {
    JsonArray asked = call.json().getJsonArray("user_list", new JsonArray());
    if (asked.isEmpty() || asked.size() > AT_ONCE) {
      throw new PlatformError(40032, "invalid openid list size");
    }
    var found = new JsonArray();
    for (int i = 0; i < asked.size(); i++) {
      found.add(platform.phoneOf(asked.getJsonObject(i).getString("openid")).profile());
    }
    return new Answer.Json(new JsonObject().put("user_info_list", found));
  }
}
