package io.linyu.simulator.wechat;

import io.linyu.simulator.wechat.Api.Answer;
import io.linyu.simulator.wechat.Api.Call;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;

/// Whom the account does not want to hear from. They follow on, and do not learn of it: what they
/// write is not told to the account, and what it writes to one of them is refused.
///
/// Nothing is documented of what becomes of their deeds (a tap on the menu, a scan), so these are
/// told as before; nor of subscribe notices, whose own codes know no blacklist.
///
/// https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html
final class Blacklist {
  private static final int A_PAGE = 1_000;
  private static final int AT_ONCE = 20;

  private final WechatSimulator platform;
  private final NavigableSet<String> openids = new ConcurrentSkipListSet<>();

  Blacklist(WechatSimulator platform) {
    this.platform = platform;
  }

  boolean has(Phone phone) {
    return openids.contains(phone.openid());
  }

  void put(Phone phone, boolean on) {
    if (on) {
      openids.add(phone.openid());
    } else {
      openids.remove(phone.openid());
    }
  }

  /// @throws PlatformError when the account may not write to them
  void check(Phone to) {
    if (has(to)) {
      throw new PlatformError(43019, "require remove blacklist");
    }
  }

  Answer page(Call call) {
    String after = call.json().getString("begin_openid", "");
    NavigableSet<String> rest =
        after.isEmpty() ? openids : openids.tailSet(platform.phoneOf(after).openid(), false);
    List<String> page = rest.stream().limit(A_PAGE).toList();
    var answer = new JsonObject().put("total", openids.size()).put("count", page.size());
    if (!page.isEmpty()) {
      answer.put("data", new JsonObject().put("openid", new JsonArray(page)));
    }
    return new Answer.Json(answer.put("next_openid", page.isEmpty() ? "" : page.getLast()));
  }

  /// All of them must follow, as where they are given tags; none is put there when one does not.
  Answer add(Call call) {
    List<Phone> people = people(call);
    if (!people.stream().allMatch(Phone::follows)) {
      throw new PlatformError(49003, "not match openid with appid");
    }
    people.forEach(each -> openids.add(each.openid()));
    return Api.ok();
  }

  Answer remove(Call call) {
    people(call).forEach(each -> openids.remove(each.openid()));
    return Api.ok();
  }

  private List<Phone> people(Call call) {
    JsonArray named = call.json().getJsonArray("openid_list", new JsonArray());
    if (named.isEmpty() || named.size() > AT_ONCE) {
      throw new PlatformError(40032, "invalid openid list size");
    }
    return named.stream().map(each -> platform.phoneOf(String.valueOf(each))).toList();
  }
}
