package io.linyu.channel.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linyu.channel.Arrival;
import io.linyu.channel.Channel;
import io.linyu.channel.Channel.Media;
import io.linyu.channel.ChannelError;
import io.linyu.channel.ChannelError.RateLimited;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Unreachable;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.DayFigures;
import io.linyu.channel.Enclosed;
import io.linyu.channel.Ladder;
import io.linyu.channel.Notice;
import io.linyu.channel.PageKey;
import io.linyu.channel.Standing;
import io.linyu.channel.Tagging;
import io.linyu.channel.Trouble;
import io.linyu.channel.wechat.WechatExchange.Nonsense;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Digest;
import io.linyu.platform.text.Json;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import me.chanjar.weixin.common.enums.WxType;
import me.chanjar.weixin.common.error.WxError;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.util.http.RequestExecutor;
import me.chanjar.weixin.common.util.xml.XStreamInitializer;
import me.chanjar.weixin.mp.bean.kefu.WxMpKefuMessage;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import me.chanjar.weixin.mp.enums.WxMpApiUrl;
import org.apache.http.client.HttpResponseException;
import org.apache.http.impl.client.CloseableHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The platform's interface, of which WxJava gives us addresses and wire shapes, and no more: it
/// fetches tokens in parallel, repeats what may have been done, logs URLs with the token in them,
/// and breaks on answers that are not the platform's.
final class WechatApi implements WechatGateway {
  private static final Logger LOG = LoggerFactory.getLogger(WechatApi.class);
  private static final String TOKEN = "/cgi-bin/stable_token";
  private static final String SIGN_IN = "/sns/oauth2/access_token";

  /// Of a `client_msg_id`.
  private static final int LONGEST_KEY = 32;

  /// For so long a token is given.
  private static final Duration TOKEN_LASTS = Duration.ofHours(2);

  /// Of these it is told how much of the day's is used.
  private static final List<String> LIMITED =
      List.of(
          "/cgi-bin/message/custom/send",
          "/cgi-bin/message/subscribe/bizsend",
          "/cgi-bin/message/template/send",
          "/cgi-bin/media/upload",
          "/cgi-bin/media/get",
          "/cgi-bin/menu/create",
          "/cgi-bin/qrcode/create",
          "/cgi-bin/tags/members/batchtagging",
          "/cgi-bin/user/info");

  private static final Duration SECRET_WAITS = Duration.ofMinutes(1);
  private static final int BUSY_RETRIES = 2;
  private static final long SHORTEST_LIFE = 300;
  private static final long LONGEST_LIFE = 86_400;
  private static final long SHORTEST_PAUSE = 500;
  private static final long LONGEST_PAUSE = 2_000;

  static {
    // Else it is that of whichever thread comes first.
    XStreamInitializer.setClassLoader(WechatApi.class.getClassLoader());
  }

  /// How long each call may take altogether: waiting for a token, connecting, and every repetition.
  record Limits(Duration send, Duration upload, Duration download, Duration token) {
    Limits(Duration send, Duration download, Duration token) {
      this(send, download, download, token);
    }

    /// What is remembered after a call may take a second more.
    static final Limits USUAL =
        new Limits(
            Channel.LONGEST_SEND.minusSeconds(2),
            Channel.LONGEST_UPLOAD.minusSeconds(2),
            Channel.LONGEST_FETCH.minusSeconds(2),
            WechatTokens.LONGEST_FETCH);
  }

  private final WechatAccount account;
  private final CloseableHttpClient http;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final Limits limits;
  private final WechatPauses pauses;
  private final WechatTokens tokens;
  private final WechatTokens tickets;
  private final WechatUploads uploads;
  private final WechatCounts counts;
  private final WxMpDefaultConfigImpl configuration;

  WechatApi(
      WechatAccount account,
      CloseableHttpClient http,
      Redis redis,
      Clock clock,
      MeterRegistry metrics,
      Limits limits) {
    this.account = account;
    this.http = http;
    this.clock = clock;
    this.metrics = metrics;
    this.limits = limits;
    this.pauses = new WechatPauses(account.appId(), redis, clock);
    this.tokens = new WechatTokens("token", account.appId(), this::fetchToken, redis, clock);
    this.tickets = new WechatTokens("ticket", account.appId(), this::fetchTicket, redis, clock);
    this.counts = new WechatCounts(account.appId(), redis, clock);
    this.uploads = new WechatUploads(account.appId(), redis);
    this.configuration = configuration(account);
    // There from the start, so that an alert sees the first.
    WechatErrors.OUR_FAULTS.forEach(
        code -> metrics.counter("linyu.wechat.errors", "code", Integer.toString(code)));
  }

  @Override
  public void sendText(String openId, String text) {
    var message = WxMpKefuMessage.TEXT().toUser(openId).content(WechatWire.unescaped(text)).build();
    var _ = post(WxMpApiUrl.Kefu.MESSAGE_CUSTOM_SEND, message.toJson(), false);
  }

  @Override
  public void sendMedia(String openId, Enclosed.Kind kind, String mediaId) {
    WxMpKefuMessage message =
        switch (kind) {
          case IMAGE -> WxMpKefuMessage.IMAGE().toUser(openId).mediaId(mediaId).build();
          case VOICE -> WxMpKefuMessage.VOICE().toUser(openId).mediaId(mediaId).build();
          case FILE -> throw new Refused(Why.NO_PERMISSION, "no documents here");
        };
    var _ = post(WxMpApiUrl.Kefu.MESSAGE_CUSTOM_SEND, message.toJson(), false);
  }

  /// The platform takes the same file as often as it is given, and gives another id each time.
  @Override
  public String upload(Enclosed what, boolean anew) {
    String known = anew ? null : uploads.of(what);
    if (known != null) {
      return known;
    }
    String type = what.kind() == Enclosed.Kind.VOICE ? "voice" : "image";
    Buffer content = what.content().get(); // whatever goes wrong here is none of the platform's
    JsonNode answer =
        ask(
            new WechatUpload(http),
            address(WxMpApiUrl.Material.MEDIA_UPLOAD_URL).formatted(type),
            new Enclosed(what.kind(), what.name(), what.type(), what.digest(), () -> content),
            limits.upload(),
            true);
    String id = WechatExchange.text(answer, "media_id");
    uploads.keep(what, id);
    return id;
  }

  @Override
  public @Nullable String sendSubscribeNotice(String openId, WechatForm form, Notice notice) {
    ObjectNode asked =
        Json.MAPPER
            .createObjectNode()
            .put("touser", openId)
            .put("template_id", form.id())
            .put("page", notice.link());
    asked.set("data", form.data(notice));
    return messageId(
        post(WxMpApiUrl.SubscribeMsg.SEND_SUBSCRIBE_MESSAGE_URL, asked.toString(), false));
  }

  @Override
  public @Nullable String sendTemplate(String openId, String key, WechatForm form, Notice notice) {
    ObjectNode asked =
        Json.MAPPER
            .createObjectNode()
            .put("touser", openId)
            .put("template_id", form.id())
            .put("url", notice.link())
            .put("client_msg_id", Digest.hex(key).substring(0, LONGEST_KEY));
    asked.set("data", form.data(notice));
    // Asked again it says so once, but only by this call: without an answer it may have gone.
    return messageId(post(WxMpApiUrl.TemplateMsg.MESSAGE_TEMPLATE_SEND, asked.toString(), false));
  }

  @Override
  public boolean isDenied(Ladder.Rung rung) {
    return pauses.isDenied(
        api(
            address(
                switch (rung) {
                  case CUSTOMER_SERVICE -> WxMpApiUrl.Kefu.MESSAGE_CUSTOM_SEND;
                  case SUBSCRIBE_NOTICE -> WxMpApiUrl.SubscribeMsg.SEND_SUBSCRIBE_MESSAGE_URL;
                  case TEMPLATE -> WxMpApiUrl.TemplateMsg.MESSAGE_TEMPLATE_SEND;
                })));
  }

  /// Some answers have none, and some have a number.
  private static @Nullable String messageId(@Nullable JsonNode answer) {
    JsonNode id = answer == null ? null : answer.get("msgid");
    return id == null || !id.isValueNode() || id.isNull() ? null : id.asText();
  }

  /// A repeated question gives the same code.
  @Override
  public String sceneUrl(String scene) {
    return code(Json.MAPPER.createObjectNode().put("action_name", "QR_LIMIT_STR_SCENE"), scene);
  }

  @Override
  public String passingSceneUrl(String scene, Duration lasts) {
    return code(
        Json.MAPPER
            .createObjectNode()
            .put("action_name", "QR_STR_SCENE")
            .put("expire_seconds", lasts.toSeconds()),
        scene);
  }

  private String code(ObjectNode asked, String scene) {
    asked.putObject("action_info").putObject("scene").put("scene_str", scene);
    JsonNode answer =
        ask(
            WechatExchange.getByPost(http),
            address(WxMpApiUrl.Qrcode.QRCODE_CREATE),
            asked.toString(),
            limits.send(),
            true);
    return WechatExchange.text(answer, "url");
  }

  @Override
  public void checkToken() {
    var _ = tokens.current();
  }

  /// From where the platform calls: open to accounts of every kind, and no part of what messages
  /// use up.
  @Override
  public void greet() {
    var _ = WechatExchange.list(get(account.apiBase() + "/cgi-bin/getcallbackip"), "ip_list");
  }

  @Override
  public Map<String, String> subscriptionTemplates() {
    return contents(get(address(WxMpApiUrl.SubscribeMsg.TEMPLATE_LIST_URL)), "data", "priTmplId");
  }

  @Override
  public Map<String, String> templates() {
    return contents(
        get(address(WxMpApiUrl.TemplateMsg.TEMPLATE_GET_ALL_PRIVATE_TEMPLATE)),
        "template_list",
        "template_id");
  }

  private static Map<String, String> contents(@Nullable JsonNode answer, String list, String id) {
    var contents = new HashMap<String, String>();
    WechatExchange.list(answer, list)
        .forEach(each -> contents.put(each.path(id).asText(), each.path("content").asText()));
    return contents;
  }

  @Override
  public List<String> menu() {
    JsonNode answer = get(address(WxMpApiUrl.Menu.MENU_GET));
    return answer == null ? List.of() : WechatMenu.drawn(drawable(answer));
  }

  @Override
  public JsonNode menuJson() {
    JsonNode answer = get(address(WxMpApiUrl.Menu.MENU_GET));
    return answer == null ? MissingNode.getInstance() : drawable(answer).path("button");
  }

  private static JsonNode drawable(JsonNode answer) {
    JsonNode menu = answer.path("menu");
    var _ = WechatExchange.list(menu, "button");
    return menu;
  }

  @Override
  public Standing standing(String name) {
    WechatTokens.Token token = tokens.known();
    return new Standing(
        name,
        account.rights().kind(),
        account.rights().words(),
        token == null ? null : token.endsAt().minus(TOKEN_LASTS),
        token == null ? null : token.endsAt(),
        counts.uses(),
        counts.refusals());
  }

  @Override
  public void askLimits() {
    for (String api : LIMITED) {
      JsonNode quota = quota(api);
      if (!quota.isObject()) {
        throw WechatExchange.without("quota");
      }
      if (quota.path("daily_limit").canConvertToLong()) {
        counts.limit(api, quota.path("daily_limit").asLong(), quota.path("used").asLong());
      }
    }
  }

  @Override
  public @Nullable Long allowed(String api) {
    JsonNode limit = quota(api).path("daily_limit");
    return limit.canConvertToLong() ? Long.valueOf(limit.asLong()) : null;
  }

  private JsonNode quota(String api) {
    JsonNode answer =
        ask(
            WechatExchange.getByPost(http),
            account.apiBase() + "/cgi-bin/openapi/quota/get",
            Json.MAPPER.createObjectNode().put("cgi_path", api).toString(),
            limits.token(),
            true);
    return answer == null ? MissingNode.getInstance() : answer.path("quota");
  }

  /// https://developers.weixin.qq.com/doc/service/guide/product/data_analysis.html: one call for
  /// each kind, a day at a time. What it has no numbers of comes as an empty list.
  @Override
  public DayFigures figures(LocalDate day) {
    List<JsonNode> changes = datacube("getusersummary", day);
    List<JsonNode> total = datacube("getusercumulate", day);
    List<JsonNode> messages = datacube("getupstreammsg", day);
    List<JsonNode> calls = datacube("getinterfacesummary", day);
    return new DayFigures(
        sum(changes, "new_user"),
        sum(changes, "cancel_user"),
        sum(total, "cumulate_user"),
        sum(messages, "msg_user"),
        sum(messages, "msg_count"),
        sum(calls, "callback_count"),
        sum(calls, "fail_count"),
        sum(calls, "max_time_cost"));
  }

  @Override
  public Tagging tagging() {
    return new WechatTags(
        new WechatTags.Exchange() {
          @Override
          public JsonNode ask(String path, String asked) {
            JsonNode answer = exchange(WechatExchange.getByPost(http), path, asked);
            return answer == null ? MissingNode.getInstance() : answer;
          }

          @Override
          public void have(String path, String asked) {
            var _ = exchange(WechatExchange.post(http), path, asked);
          }

          private @Nullable JsonNode exchange(WechatExchange how, String path, String asked) {
            return WechatApi.this.ask(how, account.apiBase() + path, asked, limits.send(), true);
          }
        });
  }

  private List<JsonNode> datacube(String name, LocalDate day) {
    JsonNode answer =
        ask(
            WechatExchange.getByPost(http),
            account.apiBase() + "/datacube/" + name,
            Json.MAPPER
                .createObjectNode()
                .put("begin_date", day.toString())
                .put("end_date", day.toString())
                .toString(),
            limits.token(),
            true);
    var rows = new ArrayList<JsonNode>();
    WechatExchange.list(answer, "list").forEach(rows::add);
    return rows;
  }

  private static @Nullable Long sum(List<JsonNode> rows, String name) {
    return rows.isEmpty()
        ? null
        : Long.valueOf(rows.stream().mapToLong(each -> each.path(name).asLong()).sum());
  }

  @Override
  public void publish(WechatMenu menu) {
    var _ = post(WxMpApiUrl.Menu.MENU_CREATE, menu.json().toString(), true);
  }

  /// https://developers.weixin.qq.com/doc/service/guide/h5/jssdk.html, appendix 1: the names in
  /// exactly this order, not sorted.
  @Override
  public PageKey pageKey(String url, String template) {
    String nonce = Codes.random();
    long now = clock.instant().getEpochSecond();
    String signed =
        "jsapi_ticket="
            + tickets.current()
            + "&noncestr="
            + nonce
            + "&timestamp="
            + now
            + "&url="
            + url;
    return new PageKey(account.appId(), now, nonce, WechatCrypto.signature(signed), template);
  }

  /// https://developers.weixin.qq.com/doc/service/guide/h5/auth.html: old clients want the
  /// parameters in exactly this order.
  @Override
  public String signInUrl(String back, String state) {
    return account.openBase()
        + "/connect/oauth2/authorize?appid="
        + account.appId()
        + "&redirect_uri="
        + URLEncoder.encode(back, UTF_8)
        + "&response_type=code&scope=snsapi_base&state="
        + state
        + "#wechat_redirect";
  }

  /// Asked once only: when the answer is lost, the code may be spent.
  @Override
  public Arrival arrival(String code) {
    return requireNonNull(
        guarded(
            SIGN_IN, () -> WechatCall.within(limits.token(), false, call -> arrival(call, code))));
  }

  private Arrival arrival(WechatCall call, String code) {
    String address = account.apiBase() + SIGN_IN + "?appid=" + account.appId();
    String asked =
        "secret="
            + URLEncoder.encode(account.secret(), UTF_8)
            + "&code="
            + URLEncoder.encode(code, UTF_8)
            + "&grant_type=authorization_code";
    call.asks();
    try {
      JsonNode answer = once(WechatExchange.get(http), address, asked);
      String openId = answer.path("openid").isTextual() ? answer.path("openid").asText() : "";
      if (openId.isBlank()) {
        throw new Nonsense("without openid");
      }
      return answer.path("is_snapshotuser").asInt() == 1
          ? new Arrival.Preview()
          : new Arrival.Known(openId);
    } catch (WxErrorException refused) {
      int said = refused.getError().getErrorCode();
      if (WechatErrors.isCodeSpent(said)) {
        return new Arrival.CodeSpent();
      }
      throw said == WechatErrors.BUSY
          ? busy(true)
          : new Said(said, masked(said(refused.getError()), code));
    } catch (IOException e) {
      throw unreachable(e, true);
    } catch (Nonsense e) {
      throw nonsense(e, true);
    }
  }

  private WechatTokens.Fetched fetchTicket() {
    return fetched(get(address(WxMpApiUrl.Other.GET_TICKET_URL) + "jsapi"), "ticket");
  }

  /// What does not say how long it lasts, or not in earnest, is soon asked for again.
  private static WechatTokens.Fetched fetched(@Nullable JsonNode answer, String name) {
    String secret = WechatExchange.text(answer, name);
    long seconds = answer == null ? 0 : answer.path("expires_in").asLong();
    boolean said = seconds > 0 && seconds <= LONGEST_LIFE;
    return new WechatTokens.Fetched(secret, Duration.ofSeconds(said ? seconds : SHORTEST_LIFE));
  }

  @Override
  public List<Trouble> troubles(String account) {
    return pauses.troubles(account);
  }

  @Override
  public boolean resume(String call) {
    return pauses.resume(call);
  }

  @Override
  public Media media(String mediaId) {
    return download(WxMpApiUrl.Material.MEDIA_GET_URL, mediaId);
  }

  @Override
  public Media recording(String mediaId) {
    return download(WxMpApiUrl.Material.JSSDK_MEDIA_GET_URL, mediaId);
  }

  private Media download(WxMpApiUrl url, String mediaId) {
    String query = "media_id=" + URLEncoder.encode(mediaId, UTF_8);
    Media media = ask(new WechatDownload(http), address(url), query, limits.download(), true);
    if (media == null) {
      throw WechatExchange.without("media");
    }
    return media;
  }

  /// Null when there is nothing.
  private @Nullable JsonNode get(String address) {
    return ask(WechatExchange.get(http), address, "", limits.token(), true);
  }

  /// @param repeatable when the platform does it once, however often it is asked
  private @Nullable JsonNode post(WxMpApiUrl url, String asked, boolean repeatable) {
    return ask(WechatExchange.post(http), address(url), asked, limits.send(), repeatable);
  }

  private String address(WxMpApiUrl url) {
    return url.getUrl(configuration);
  }

  /// What was told to be left alone is not asked; what is told now is remembered for all.
  private <T, E> @Nullable T ask(
      RequestExecutor<T, E> executor, String uri, E data, Duration limit, boolean repeatable) {
    return guarded(
        api(uri),
        () ->
            WechatCall.within(
                limit, repeatable, call -> request(call, executor, uri, data, repeatable)));
  }

  private <T> @Nullable T guarded(String api, Supplier<@Nullable T> asking) {
    WechatPauses.Pause tried = pauses.pass(api);
    counts.asked(api);
    try {
      T answer = asking.get();
      over(tried);
      return answer;
    } catch (Said no) {
      counts.refused(api, no.code, no.message);
      Duration pause = WechatErrors.pause(no.code, clock);
      if (pause == null) {
        over(tried);
      } else {
        pauses.begin(api, no.code, no.code + " " + no.message, pause);
      }
      throw failed(WechatErrors.error(no.code, no.message, clock), no.code);
    }
  }

  private void over(WechatPauses.@Nullable Pause tried) {
    if (tried != null) {
      pauses.over(tried);
    }
  }

  private static String api(String uri) {
    return String.valueOf(URI.create(uri).getPath());
  }

  /// The platform's no, on its way to what it means.
  private static final class Said extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int code;
    private final String message;

    Said(int code, String message) {
      super(code + " " + message, null);
      this.code = code;
      this.message = message;
    }
  }

  private <T, E> @Nullable T request(
      WechatCall call, RequestExecutor<T, E> executor, String uri, E data, boolean repeatable) {
    String token = tokens.current();
    boolean renewed = false;
    int busy = 0;
    while (true) {
      call.asks();
      try {
        return once(
            executor, uri + (uri.contains("?") ? "&" : "?") + "access_token=" + token, data);
      } catch (WxErrorException refused) {
        WxError error = refused.getError();
        int code = error.getErrorCode();
        if (WechatErrors.isSuccess(code) || WechatErrors.isNothing(api(uri), code)) {
          return null;
        } else if (WechatErrors.isTokenRefused(code) && !renewed) {
          call.refused();
          renewed = true;
          token = tokens.insteadOf(token);
        } else if (code == WechatErrors.BUSY && repeatable && busy < BUSY_RETRIES) {
          call.refused();
          busy++;
          pause();
        } else if (code == WechatErrors.BUSY) {
          throw busy(!repeatable);
        } else {
          throw new Said(code, masked(said(error), token));
        }
      } catch (IOException e) {
        throw unreachable(e, !repeatable);
      } catch (Nonsense e) {
        throw nonsense(e, !repeatable);
      }
    }
  }

  /// The one place where the platform is asked. Whatever we or a library make of an answer that
  /// cannot be read is nonsense, which the caller expects, and never a bug that nobody catches.
  private static <T, E> T once(RequestExecutor<T, E> executor, String uri, E data)
      throws WxErrorException, IOException {
    try {
      T answer = executor.execute(uri, data, WxType.MP);
      if (answer == null) {
        throw new Nonsense("nothing");
      }
      return answer;
    } catch (ChannelError | Nonsense known) {
      throw known;
    } catch (RuntimeException unreadable) {
      throw new Nonsense(where(unreadable));
    }
  }

  /// Without its message, which may hold the URL, and it the token.
  private static String where(RuntimeException unreadable) {
    StackTraceElement[] trace = unreadable.getStackTrace();
    String at =
        trace.length == 0 ? "" : " in " + trace[0].getClassName() + ":" + trace[0].getLineNumber();
    return unreadable.getClass().getSimpleName() + at;
  }

  private WechatTokens.Fetched fetchToken() {
    try {
      return requireNonNull(
          guarded(TOKEN, () -> WechatCall.within(limits.token(), true, _ -> fetchTokenNow())));
    } catch (ChannelError.TokenExpired wrong) {
      // Here it is the secret that is wrong, not a token.
      throw new RateLimited(String.valueOf(wrong.getMessage()), SECRET_WAITS);
    }
  }

  private WechatTokens.Fetched fetchTokenNow() {
    String asked =
        Json.MAPPER
            .createObjectNode()
            .put("grant_type", "client_credential")
            .put("appid", account.appId())
            .put("secret", account.secret())
            .put("force_refresh", false)
            .toString();
    for (int busy = 0; busy <= BUSY_RETRIES; busy++) {
      metrics.counter("linyu.wechat.tokens", "appid", account.appId()).increment();
      try {
        JsonNode answer = once(WechatExchange.getByPost(http), account.apiBase() + TOKEN, asked);
        return fetched(answer, "access_token");
      } catch (WxErrorException refused) {
        int code = refused.getError().getErrorCode();
        if (code != WechatErrors.BUSY) {
          throw new Said(code, masked(said(refused.getError()), ""));
        }
      } catch (IOException e) {
        throw unreachable(e, false);
      } catch (Nonsense e) {
        throw nonsense(e, false);
      }
      pause();
    }
    throw busy(false);
  }

  private ChannelError failed(ChannelError error, int code) {
    metrics.counter("linyu.wechat.errors", "code", Integer.toString(code)).increment();
    if (error instanceof Refused refused && refused.why() == Why.CONFIGURATION) {
      LOG.error("account {} needs somebody to look: {}", account.appId(), error.getMessage());
    }
    return error;
  }

  private ChannelError busy(boolean maybeDone) {
    return failed(new Unreachable("the platform is busy", maybeDone, null), WechatErrors.BUSY);
  }

  private Unreachable unreachable(IOException failure, boolean maybeDone) {
    metrics.counter("linyu.wechat.errors", "code", "unreachable").increment();
    // Neither the message nor the cause is passed on: either may hold the URL, and it the token.
    String what = failure.getClass().getSimpleName();
    if (failure instanceof HttpResponseException answered) {
      int status = answered.getStatusCode();
      return new Unreachable("status " + status, maybeDone && status >= 500, null);
    }
    return new Unreachable(what, maybeDone && !WechatHttp.isUnsent(failure), null);
  }

  private Unreachable nonsense(Nonsense answer, boolean maybeDone) {
    metrics.counter("linyu.wechat.errors", "code", "nonsense").increment();
    return new Unreachable(String.valueOf(answer.getMessage()), maybeDone, null);
  }

  private String masked(String message, String token) {
    String masked = message.replace(account.secret(), "***");
    return token.isEmpty() ? masked : masked.replace(token, "***");
  }

  private static String said(WxError error) {
    String original = error.getErrorMsgEn();
    String message = original == null ? error.getErrorMsg() : original;
    return message == null ? "" : message;
  }

  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE, LONGEST_PAUSE));
    } catch (InterruptedException e) {
      throw new Unreachable("interrupted", false, null);
    }
  }

  private static WxMpDefaultConfigImpl configuration(WechatAccount account) {
    var configuration = new WxMpDefaultConfigImpl();
    configuration.setHostConfig(
        WxMpHostConfig.builder()
            .apiHost(account.apiBase())
            .mpHost(WxMpHostConfig.MP_DEFAULT_HOST_URL)
            .openHost(WxMpHostConfig.OPEN_DEFAULT_HOST_URL)
            .build());
    return configuration;
  }
}
