package io.linyu.simulator.wechat;

import io.linyu.platform.text.Codes;
import io.linyu.simulator.wechat.Api.Answer;
import io.linyu.simulator.wechat.Api.Call;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tells pages of the account who opens them: the page by which a browser gets a code, and what the
/// account's server is told for it. None of these tokens is the account's own.
final class Authorizations {
  static final String PAGE = "/connect/oauth2/authorize";
  private static final String BASE = "snsapi_base";
  private static final String USER = "snsapi_userinfo";
  private static final Duration CODE_LIFE = Duration.ofMinutes(5);
  private static final Duration TOKEN_LIFE = Duration.ofHours(2);
  private static final Duration REFRESH_LIFE = Duration.ofDays(30);
  private static final Pattern STATE = Pattern.compile("[a-zA-Z0-9]{0,128}");

  private final Account account;
  private final Clock clock;
  private final Map<String, Code> codes = new ConcurrentHashMap<>();
  private final Map<String, Grant> tokens = new ConcurrentHashMap<>();
  private final Map<String, Grant> refreshes = new ConcurrentHashMap<>();
  private volatile @Nullable String domain;

  private record Code(String openid, String scope, boolean preview, Instant since, boolean used) {}

  private record Grant(String openid, String scope, Instant end) {}

  Authorizations(Account account, Clock clock) {
    this.account = account;
    this.clock = clock;
  }

  void domain(String host) {
    domain = host;
  }

  /// What somebody's browser is asked to do.
  ///
  /// @param asks whether the person must agree first
  record Wish(String back, String scope, String state, boolean asks) {}

  /// @throws PlatformError with what the page says instead
  Wish read(MultiMap query, Phone phone) {
    if (!account.appId().equals(query.get("appid"))) {
      throw new PlatformError(10013, "AppID 参数错误");
    }
    if (!"code".equals(query.get("response_type"))) {
      throw new PlatformError(10004, "response_type 参数错误");
    }
    String scope = String.valueOf(query.get("scope"));
    if (!Set.of(BASE, USER).contains(scope)) {
      throw new PlatformError(10005, "Scope 参数错误或没有 Scope 权限");
    }
    String state = query.get("state") == null ? "" : query.get("state");
    if (!STATE.matcher(state).matches()) {
      throw new PlatformError(10001, "state 参数错误");
    }
    String back = String.valueOf(query.get("redirect_uri"));
    if (domain == null || !domain.equals(host(back))) {
      throw new PlatformError(10003, "redirect_uri域名与后台配置不一致");
    }
    return new Wish(back, scope, state, scope.equals(USER) && !phone.follows());
  }

  /// Where the browser goes on, with a code of its owner's.
  String grant(Wish wish, Phone phone) {
    String code = "sim" + Codes.random() + Codes.random();
    boolean preview = phone.previews();
    codes.put(
        code,
        new Code(
            preview ? "oPrv" + Codes.random() : phone.openid(),
            wish.scope(),
            preview,
            clock.instant(),
            false));
    String state = wish.state().isEmpty() ? "" : "&state=" + wish.state();
    return wish.back() + (wish.back().contains("?") ? "&" : "?") + "code=" + code + state;
  }

  private static @Nullable String host(String url) {
    try {
      return URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  Answer exchange(Call call) {
    MultiMap query = call.query();
    checkAccount(query);
    if (!"authorization_code".equals(query.get("grant_type"))) {
      throw new PlatformError(40002, "invalid grant_type");
    }
    String given = query.get("code");
    if (given == null || given.isEmpty()) {
      throw new PlatformError(41008, "missing code");
    }
    Code code = codes.get(given);
    if (code == null || !clock.instant().isBefore(code.since().plus(CODE_LIFE))) {
      throw new PlatformError(40029, "invalid code");
    }
    var used = new Code(code.openid(), code.scope(), code.preview(), code.since(), true);
    if (code.used() || !codes.replace(given, code, used)) {
      throw new PlatformError(40163, "code been used");
    }
    JsonObject answer = granted(code.openid(), code.scope(), Codes.random() + Codes.random());
    return new Answer.Json(code.preview() ? answer.put("is_snapshotuser", 1) : answer);
  }

  Answer refresh(Call call) {
    if (!account.appId().equals(call.query().get("appid"))) {
      throw new PlatformError(40013, "invalid appid");
    }
    String given = String.valueOf(call.query().get("refresh_token"));
    Grant grant = refreshes.get(given);
    if (grant == null) {
      throw new PlatformError(40030, "invalid refresh_token");
    }
    if (!clock.instant().isBefore(grant.end())) {
      throw new PlatformError(42002, "refresh_token expired");
    }
    return new Answer.Json(granted(grant.openid(), grant.scope(), given));
  }

  private JsonObject granted(String openid, String scope, String refresh) {
    String token = "sns-" + Codes.random() + Codes.random();
    tokens.put(token, new Grant(openid, scope, clock.instant().plus(TOKEN_LIFE)));
    refreshes.putIfAbsent(refresh, new Grant(openid, scope, clock.instant().plus(REFRESH_LIFE)));
    return new JsonObject()
        .put("access_token", token)
        .put("expires_in", TOKEN_LIFE.toSeconds())
        .put("refresh_token", refresh)
        .put("openid", openid)
        .put("scope", scope);
  }

  Answer check(Call call) {
    var _ = grant(call);
    return Api.ok();
  }

  Answer userInfo(Call call) {
    Grant grant = grant(call);
    if (!grant.scope().equals(USER)) {
      throw new PlatformError(48001, "api unauthorized");
    }
    return new Answer.Json(
        new JsonObject()
            .put("openid", grant.openid())
            .put("nickname", "微信用户")
            .put("sex", 0)
            .put("language", "")
            .put("city", "")
            .put("province", "")
            .put("country", "")
            .put("headimgurl", "")
            .put("privilege", new JsonArray()));
  }

  private Grant grant(Call call) {
    Grant grant = tokens.get(String.valueOf(call.query().get("access_token")));
    if (grant == null) {
      throw new PlatformError(40001, "invalid credential, access_token is invalid or not latest");
    }
    if (!clock.instant().isBefore(grant.end())) {
      throw new PlatformError(42001, "access_token expired");
    }
    if (!grant.openid().equals(call.query().get("openid"))) {
      throw new PlatformError(40003, "invalid openid");
    }
    return grant;
  }

  private void checkAccount(MultiMap query) {
    if (!account.appId().equals(query.get("appid"))) {
      throw new PlatformError(40013, "invalid appid");
    }
    if (!account.secret().equals(query.get("secret"))) {
      throw new PlatformError(40125, "invalid appsecret");
    }
  }
}
