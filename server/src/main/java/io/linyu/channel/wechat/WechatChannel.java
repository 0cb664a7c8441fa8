package io.linyu.channel.wechat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Arrival;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError.Refused;
import io.linyu.channel.ChannelError.Why;
import io.linyu.channel.Content;
import io.linyu.channel.DayFigures;
import io.linyu.channel.Enclosed;
import io.linyu.channel.Ladder;
import io.linyu.channel.Menus;
import io.linyu.channel.Notice;
import io.linyu.channel.PageKey;
import io.linyu.channel.Probe;
import io.linyu.channel.Report;
import io.linyu.channel.Standing;
import io.linyu.channel.Tagging;
import io.linyu.channel.Trouble;
import io.linyu.platform.redis.Redis;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.http.impl.client.CloseableHttpClient;
import org.jspecify.annotations.Nullable;

/// WeChat as one of our channels.
public final class WechatChannel implements Channel, AutoCloseable {
  public static final String NAME = WechatCodec.CHANNEL;

  /// After a message of the person; was 20 until 2023.
  private static final Window MESSAGE = new Window(5, Duration.ofDays(2));

  /// After a deed. A menu tap counts as one, never as a message.
  private static final Window DEED = new Window(3, Duration.ofMinutes(1));

  private final CloseableHttpClient http;
  private final Map<String, WechatGateway> accounts;
  private final Map<String, WechatAccount.Rights> rights;
  private final Map<String, WechatAccount> known;
  private final SSLContext trusted;
  private final Clock clock;
  private volatile @Nullable Menus menus;
  private volatile @Nullable String publicUrl;

  /// @param accounts by their names in the settings
  public WechatChannel(
      Map<String, WechatAccount> accounts, Redis redis, Clock clock, MeterRegistry metrics) {
    this(accounts, trusted(), redis, clock, metrics, WechatApi.Limits.USUAL);
  }

  WechatChannel(
      Map<String, WechatAccount> accounts,
      SSLContext trusted,
      Redis redis,
      Clock clock,
      MeterRegistry metrics,
      WechatApi.Limits limits) {
    this.known = Map.copyOf(accounts);
    this.trusted = trusted;
    this.clock = clock;
    this.http = WechatHttp.client(trusted);
    this.accounts =
        accounts.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey,
                    each -> new WechatApi(each.getValue(), http, redis, clock, metrics, limits)));
    this.rights =
        accounts.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> each.getValue().rights()));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public @Nullable Window windowOpenedBy(String account, Content content) {
    // Also while the platform denies it: it is a person's, and lasts longer than that.
    return allowed(account).messages() ? window(content) : null;
  }

  @Override
  public Ladder ladder(String account) {
    Ladder allowed = allowed(account);
    WechatGateway asked = accounts.get(account);
    return asked == null
        ? allowed
        : new Ladder(
            allowed.messages() && !asked.isDenied(Ladder.Rung.CUSTOMER_SERVICE),
            allowed.subscription() == null || asked.isDenied(Ladder.Rung.SUBSCRIBE_NOTICE)
                ? null
                : allowed.subscription(),
            allowed.template() && !asked.isDenied(Ladder.Rung.TEMPLATE));
  }

  /// As the settings say.
  private Ladder allowed(String account) {
    WechatAccount.Rights known = rights.get(account);
    return known == null ? Ladder.REPLIES_ONLY : known.ladder();
  }

  @Override
  public List<Report> reports(Content content) {
    return WechatReports.read(content);
  }

  static @Nullable Window window(Content content) {
    return switch (content) {
      case Content.Text _,
          Content.Image _,
          Content.Voice _,
          Content.Video _,
          Content.File _,
          Content.Location _ ->
          MESSAGE;
      case Content.Followed _, Content.Scanned _, Content.MenuTapped _ -> DEED;
      case Content.Unfollowed _ -> null;
      case Content.Other other ->
          switch (other.name()) {
            case "video", "shortvideo", "link", "file" -> MESSAGE;
            case "scancode_push", "scancode_waitmsg" -> DEED;
            default -> null;
          };
    };
  }

  /// Of what the platform tells by itself nobody looks at the reply; some deeds are followed by a
  /// message of their own, which may be answered.
  @Override
  public boolean mayAnswer(Content content) {
    return switch (content) {
      case Content.Text _,
          Content.Image _,
          Content.Voice _,
          Content.Video _,
          Content.File _,
          Content.Location _,
          Content.Followed _,
          Content.Scanned _,
          Content.MenuTapped _ ->
          true;
      case Content.Unfollowed _ -> false;
      case Content.Other other ->
          switch (other.name()) {
            case "video", "shortvideo", "link", "file", "LOCATION", "scancode_waitmsg" -> true;
            default -> false;
          };
    };
  }

  @Override
  public int textLimit() {
    return WechatWire.TEXT_LIMIT;
  }

  @Override
  public void send(AddressKey to, String messageKey, String text) {
    account(to.account()).sendText(to.externalId(), text);
  }

  @Override
  public boolean takes(String account, Enclosed.Kind kind) {
    return kind != Enclosed.Kind.FILE && ladder(account).messages();
  }

  @Override
  public String upload(String account, Enclosed what, boolean anew) {
    return account(account).upload(what, anew);
  }

  @Override
  public void send(AddressKey to, String messageKey, Enclosed.Kind kind, String uploaded) {
    account(to.account()).sendMedia(to.externalId(), kind, uploaded);
  }

  @Override
  public @Nullable String notify(
      AddressKey to, String messageKey, Ladder.Rung rung, Notice notice) {
    WechatGateway account = account(to.account());
    WechatAccount.Rights has = requireNonNull(rights.get(to.account()));
    WechatForm form =
        switch (rung) {
          case SUBSCRIBE_NOTICE -> has.subscription();
          case TEMPLATE -> has.template();
          case CUSTOMER_SERVICE -> null;
        };
    if (form == null) {
      throw new Refused(Why.NO_PERMISSION, "no template for " + rung);
    }
    return rung == Ladder.Rung.TEMPLATE
        ? account.sendTemplate(to.externalId(), messageKey, form, notice)
        : account.sendSubscribeNotice(to.externalId(), form, notice);
  }

  @Override
  public @Nullable PageKey pageKey(String account, String url) {
    Ladder.Subscription wanted = ladder(account).subscription();
    return wanted == null ? null : account(account).pageKey(url, wanted.template());
  }

  @Override
  public List<String> accountsWithScenes() {
    return rights.entrySet().stream()
        .filter(each -> each.getValue().scenes())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public String sceneUrl(String account, String scene) {
    return account(account).sceneUrl(scene);
  }

  @Override
  public String passingSceneUrl(String account, String scene, Duration lasts) {
    return account(account).passingSceneUrl(scene, lasts);
  }

  @Override
  public List<String> accountsWithSignIn() {
    return rights.entrySet().stream()
        .filter(each -> each.getValue().signIn())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public boolean isApp(String userAgent) {
    return userAgent.contains("MicroMessenger");
  }

  @Override
  public String signInUrl(String account, String back, String state) {
    return account(account).signInUrl(back, state);
  }

  @Override
  public Arrival arrival(String account, String code) {
    return account(account).arrival(code);
  }

  @Override
  public Media fetch(String account, String mediaId) {
    return account(account).media(mediaId);
  }

  /// Everything that the account needs, looked at on both sides.
  public static List<WechatCheckup.Finding> checkup(
      String name,
      WechatAccount account,
      String publicUrl,
      Redis redis,
      Clock clock,
      MeterRegistry metrics)
      throws IOException {
    try (CloseableHttpClient http = WechatHttp.client(trusted())) {
      var gateway = new WechatApi(account, http, redis, clock, metrics, WechatApi.Limits.USUAL);
      return new WechatCheckup(name, account, gateway, publicUrl, trusted(), clock).run();
    }
  }

  /// Whether a menu may be set by us, and not only by hand in the platform's console.
  public boolean mayHaveMenu(String account) {
    WechatAccount.Rights known = rights.get(account);
    return known != null && known.menu();
  }

  /// What is published, drawn as [WechatMenu#drawn]; empty when there is none.
  public List<String> menu(String account) {
    return account(account).menu();
  }

  /// The buttons that are published, as the platform has them.
  JsonNode menuJson(String account) {
    return account(account).menuJson();
  }

  @Override
  public List<Standing> standings() {
    return accounts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getValue().standing(each.getKey()))
        .toList();
  }

  @Override
  public void askLimits(String account) {
    account(account).askLimits();
  }

  /// The figures of the platform are for verified accounts.
  @Override
  public List<String> accountsWithFigures() {
    return rights.entrySet().stream()
        .filter(each -> each.getValue().verified())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public DayFigures figures(String account, LocalDate day) {
    return account(account).figures(day);
  }

  /// For verified accounts.
  @Override
  public @Nullable Tagging tagging(String account) {
    WechatAccount.Rights known = rights.get(account);
    return known != null && known.verified() ? account(account).tagging() : null;
  }

  @Override
  public Menus menus() {
    Menus known = menus;
    return known == null ? Menus.NONE : known;
  }

  /// Before anybody asks for them.
  public void menus(Menus ours) {
    menus = ours;
  }

  /// Followers see it within five minutes.
  public void publish(String account, WechatMenu menu) {
    account(account).publish(menu);
  }

  /// What a person recorded in a page of ours rather than in the chat.
  public Media fetchRecording(String account, String mediaId) {
    return account(account).recording(mediaId);
  }

  @Override
  public List<String> accountsWithProbe() {
    return publicUrl == null ? List.of() : known.keySet().stream().sorted().toList();
  }

  @Override
  public Probe probe(String account) {
    String url = publicUrl;
    WechatAccount tried = known.get(account);
    return url == null || tried == null
        ? new Probe.NotSupported()
        : new WechatProbe(
                account, tried, account(account), url, trusted, clock, WechatProbe.PATIENCE)
            .run();
  }

  /// Where the platform reaches us, without a slash at the end. Until it is known nobody can try
  /// whether it does.
  public void reachedAt(String url) {
    publicUrl = url;
  }

  @Override
  public List<Trouble> troubles() {
    return accounts.entrySet().stream()
        .flatMap(each -> each.getValue().troubles(each.getKey()).stream())
        .toList();
  }

  @Override
  public boolean resume(String account, String call) {
    return account(account).resume(call);
  }

  @Override
  public void close() throws IOException {
    http.close();
  }

  /// The same, for whoever looks from outside of a running server.
  ///
  /// @param appIds by the names of the accounts in the settings
  public static List<Trouble> troubles(Map<String, String> appIds, Redis redis, Clock clock) {
    return appIds.entrySet().stream()
        .flatMap(each ->
            new WechatPauses(each.getValue(), redis, clock).troubles(each.getKey()).stream())
        .toList();
  }

  private WechatGateway account(String name) {
    WechatGateway account = accounts.get(name);
    if (account == null) {
      throw new Refused(Why.CONFIGURATION, "no account " + name + " in the settings");
    }
    return account;
  }

  private static SSLContext trusted() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
