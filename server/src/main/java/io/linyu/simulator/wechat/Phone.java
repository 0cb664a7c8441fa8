package io.linyu.simulator.wechat;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.text.Digest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One person's WeChat, open at the account's chat. What it does returns when the platform knows
/// how the push went; that takes up to three times five seconds.
public final class Phone {
  /// What WeChat shows when the account's server fails.
  public static final String OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试";

  private static final int FOR_GOOD = Integer.MAX_VALUE / 2;

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

  /// What it runs, as the platform counts it.
  public enum Os {
    IOS(1),
    ANDROID(2),
    OTHER(3);

    private final int code;

    Os(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private final WechatSimulator platform;
  private final String name;
  private final String openid;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Line> lines = new ArrayList<>();
  private final Map<Long, String> pushed = new HashMap<>();
  private final Map<Long, String> media = new HashMap<>();
  private final Windows windows = new Windows();
  private final Map<String, Integer> leave = new HashMap<>();
  private volatile boolean blocking;
  private volatile boolean previews;
  private volatile Os os = Os.ANDROID;
  private boolean follows;
  private boolean typing;
  private @Nullable String scene;
  private @Nullable Instant since;
  private long lastLine;
  private Patience patience = Patience.OF_WECHAT;

  Phone(WechatSimulator platform, String name, String openid, boolean follows) {
    this.platform = platform;
    this.name = name;
    this.openid = openid;
    this.follows = follows;
    this.since = follows ? platform.clock().instant() : null;
  }

  static String openid(Account account, String name) {
    return "oSim" + Digest.hex(account.appId() + '/' + name).substring(0, 24);
  }

  public String name() {
    return name;
  }

  public String openid() {
    return openid;
  }

  /// Something else than Android.
  public Phone running(Os other) {
    os = other;
    return this;
  }

  Os os() {
    return os;
  }

  /// Another patience than WeChat's, for this phone.
  public Phone with(Patience other) {
    patience = other;
    return this;
  }

  public Patience patience() {
    return patience;
  }

  // What its owner does.

  public Phone follow() {
    return follow(null);
  }

  /// @param code of the QR by which they come: a scene or a ticket
  public Phone follow(@Nullable String code) {
    Instant now = platform.clock().instant();
    String from = code == null ? null : platform.sceneOf(code);
    lock.lock();
    try {
      follows = true;
      since = now;
      scene = from;
    } finally {
      lock.unlock();
    }
    return from == null
        ? push(Push.event("subscribe", "EventKey", ""), "")
        : push(
            Push.event("subscribe", "EventKey", "qrscene_" + from, "Ticket", "sim-" + from), from);
  }

  public Phone unfollow() {
    return unfollowUnheard().push(Push.event("unsubscribe", "EventKey", ""), "");
  }

  /// As [#unfollow], and the event is lost.
  public Phone unfollowUnheard() {
    lock.lock();
    try {
      follows = false;
      windows.close();
    } finally {
      lock.unlock();
    }
    platform.tags().left(openid);
    return this;
  }

  /// Scans a QR of the account, and follows by it if they did not.
  public Phone scan(String code) {
    if (!follows()) {
      return follow(code);
    }
    String to = platform.sceneOf(code);
    return push(Push.event("SCAN", "EventKey", to, "Ticket", "sim-" + to), to);
  }

  public Phone says(String text) {
    return push(Push.text(text), text);
  }

  public Phone image(Buffer jpeg) {
    String media = platform.shelf().put("image/jpeg", jpeg);
    return push(Push.image(media), "[图片]", media);
  }

  public Phone voice(Buffer amr) {
    return voice(amr, null);
  }

  /// @param recognition what the platform understood, where the account has that switched on
  public Phone voice(Buffer amr, @Nullable String recognition) {
    String media = platform.shelf().put("audio/amr", amr);
    return push(Push.voice(media, recognition), "[语音]", media);
  }

  public Phone video(Buffer mp4) {
    String film = platform.shelf().put("video/mp4", mp4);
    return push(Push.video(film), "[视频]", film);
  }

  /// Forwards a page.
  public Phone link(String title, String url) {
    return push(Push.link(title, url), title);
  }

  public Phone location(double latitude, double longitude, String label) {
    return push(Push.location(latitude, longitude, label), label);
  }

  public Phone tapMenu(String key) {
    return push(Push.event("CLICK", "EventKey", key), key);
  }

  /// Taps a button of the menu at the foot of this phone's chat: a word to the account, or a page.
  ///
  /// @throws IllegalArgumentException when the menu has no such button, or it asks for more
  public Phone tap(String button) {
    Menus.Seen menu = menu();
    JsonObject tapped = menu.button(button);
    String type = tapped.getString("type");
    return switch (type) {
      case "click" -> tapMenu(tapped.getString("key"));
      case "view" -> opens("VIEW", tapped.getString("url"), menu);
      case "miniprogram" -> opens("view_miniprogram", tapped.getString("pagepath"), menu);
      default -> throw new IllegalArgumentException(button + " asks for more: " + type);
    };
  }

  private Phone opens(String event, String where, Menus.Seen menu) {
    return push(Push.opened(event, where, menu.id()), where);
  }

  /// Taps a button that opens the camera for a code.
  public Phone tapAndScan(String button, String code) {
    JsonObject tapped = asking(button, "scancode_");
    return push(Push.scanned(tapped.getString("type"), tapped.getString("key"), code), code);
  }

  /// Taps a button that asks for pictures, and sends these.
  public Phone tapAndShow(String button, Buffer... pictures) {
    JsonObject tapped = asking(button, "pic_");
    List<String> sums = Stream.of(pictures).map(Phone::md5).toList();
    var _ = push(Push.pictures(tapped.getString("type"), tapped.getString("key"), sums), button);
    for (Buffer each : pictures) {
      var _ = image(each);
    }
    return this;
  }

  /// Taps a button that asks for a place, and sends this one.
  public Phone tapAndPoint(String button, double latitude, double longitude, String label) {
    String key = asking(button, "location_select").getString("key");
    return push(Push.placed(key, latitude, longitude, label), label)
        .location(latitude, longitude, label);
  }

  private JsonObject asking(String button, String what) {
    JsonObject tapped = menu().button(button);
    if (!tapped.getString("type").startsWith(what)) {
      throw new IllegalArgumentException(button + " asks for something else: " + tapped);
    }
    return tapped;
  }

  private Menus.Seen menu() {
    Menus.Seen menu = platform.menus().seenBy(this);
    if (menu == null) {
      throw new IllegalArgumentException("the account has no menu");
    }
    return menu;
  }

  private static String md5(Buffer bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes.getBytes()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Taps the button for a notice on a page, and agrees to what WeChat then asks.
  public Phone allows(String template) {
    lock.lock();
    try {
      leave.merge(template, template.equals(Notices.STANDING) ? FOR_GOOD : 1, Integer::sum);
    } finally {
      lock.unlock();
    }
    return push(asked("Popup", template, "accept"), "[允许通知]");
  }

  /// Taps the button, and does not agree.
  public Phone refuses(String template) {
    return push(asked("Popup", template, "reject"), "[不允许通知]");
  }

  /// Turns the notice off in the settings of the account.
  public Phone turnsOff(String template) {
    lock.lock();
    try {
      leave.remove(template);
    } finally {
      lock.unlock();
    }
    return push(asked("Change", template, "reject"), "[关闭通知]");
  }

  /// From now on templates do not arrive, and the platform says so afterwards.
  public Phone blocksTemplates() {
    blocking = true;
    return this;
  }

  /// From now on its owner looks at pages in the preview that WeChat shows of them (快照页), where
  /// they are nobody.
  public Phone onlyPreviews(boolean now) {
    previews = now;
    return this;
  }

  boolean previews() {
    return previews;
  }

  private static Push asked(String what, String template, String answer) {
    var item = new LinkedHashMap<String, Object>();
    item.put("TemplateId", template);
    item.put("SubscribeStatusString", answer);
    if (what.equals("Popup")) {
      item.put("PopupScene", "1");
    }
    return Push.event(
        "subscribe_msg_" + what.toLowerCase(Locale.ROOT) + "_event",
        "SubscribeMsg" + what + "Event",
        Map.of("List", item));
  }

  /// The platform delivers a push once more, as it may when it is in doubt. The screen stays as it
  /// is.
  public Attempt again(Line.Said said) {
    String xml;
    lock.lock();
    try {
      xml = requireNonNull(pushed.get(said.id()), "not pushed in this run");
    } finally {
      lock.unlock();
    }
    return platform.courier().deliver(platform.doors(), openid, xml, patience, _ -> {});
  }

  /// Anything else that the platform may push.
  public Phone push(Push push, String shown) {
    return push(push, shown, null);
  }

  // What the screen shows.

  public boolean follows() {
    lock.lock();
    try {
      return follows;
    } finally {
      lock.unlock();
    }
  }

  public boolean typing() {
    lock.lock();
    try {
      return typing;
    } finally {
      lock.unlock();
    }
  }

  public Quota quota() {
    lock.lock();
    try {
      return windows.quota(platform.clock().instant());
    } finally {
      lock.unlock();
    }
  }

  public List<Line> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  public List<Line.Heard> heard() {
    return lines().stream()
        .filter(Line.Heard.class::isInstance)
        .map(Line.Heard.class::cast)
        .toList();
  }

  public List<Line.Said> said() {
    return lines().stream().filter(Line.Said.class::isInstance).map(Line.Said.class::cast).toList();
  }

  /// The newest words that came in; empty when none did.
  public String hears() {
    List<Line.Heard> all = heard();
    return all.isEmpty() ? "" : all.getLast().text();
  }

  public Line.Heard awaitHeard(String part) {
    return awaitHeard(heard -> heard.text().contains(part), LONG_ENOUGH);
  }

  /// Waits for a line among those that came in after the owner's last word or deed.
  public Line.Heard awaitHeard(Predicate<Line.Heard> wanted) {
    return awaitHeard(wanted, LONG_ENOUGH);
  }

  public Line.Heard awaitHeard(Predicate<Line.Heard> wanted, Duration atMost) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (true) {
        for (int i = lines.size() - 1; i >= 0 && lines.get(i) instanceof Line.Heard heard; i--) {
          if (wanted.test(heard)) {
            return heard;
          }
        }
        if (left <= 0) {
          throw new AssertionError(name + " did not hear it in " + atMost + ": " + lines);
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      lock.unlock();
    }
  }

  /// Puts something that was sent earlier back on the phone.
  public String keep(String type, Buffer bytes) {
    return platform.shelf().put(type, bytes);
  }

  /// The media id of what came in that line: a picture, a voice; null: words.
  public @Nullable String mediaIn(Line.Heard heard) {
    lock.lock();
    try {
      return media.get(heard.id());
    } finally {
      lock.unlock();
    }
  }

  /// The pictures and voices that came in, oldest first.
  public List<Buffer> received() {
    return heard().stream()
        .map(this::mediaIn)
        .filter(java.util.Objects::nonNull)
        .map(id -> requireNonNull(sent(requireNonNull(id))))
        .toList();
  }

  /// Of a line that is put back: what came in it.
  public void remember(long line, String mediaId) {
    lock.lock();
    try {
      media.put(line, mediaId);
    } finally {
      lock.unlock();
    }
  }

  /// What the phone sent under this media id.
  public @Nullable Buffer sent(String mediaId) {
    Shelf.Item item = platform.shelf().onThePhone(mediaId);
    return item == null ? null : item.bytes();
  }

  /// Puts an earlier chat back on the screen, and the window that it left open.
  public void remember(List<Line> earlier, boolean following, int left, Instant until) {
    lock.lock();
    try {
      lines.addAll(0, earlier);
      lastLine = Math.max(lastLine, earlier.stream().mapToLong(Line::id).max().orElse(0));
      follows = following;
      if (left > 0) {
        windows.restore(Push.MESSAGE, left, until);
      }
    } finally {
      lock.unlock();
    }
    show();
  }

  // What the platform does to it.

  /// @throws PlatformError when the account may not write to this person now
  void receive(String text) {
    receive(text, null);
  }

  /// @param mediaId of what came; null: words did
  void receive(String text, @Nullable String mediaId) {
    Instant now = platform.clock().instant();
    lock.lock();
    try {
      if (!follows) {
        throw new PlatformError(43004, "require subscribe");
      }
      platform.blacklist().check(this);
      windows.spend(now);
      typing = false;
      hear(now, Line.Way.CUSTOMER_SERVICE, text);
      if (mediaId != null) {
        media.put(lastLine, mediaId);
      }
    } finally {
      lock.unlock();
    }
    show();
  }

  void receiveNotice(String template, String shown) {
    Instant now = platform.clock().instant();
    lock.lock();
    try {
      Integer left = leave.get(template);
      if (left == null || left == 0) {
        throw new PlatformError(43101, "user refuse to accept the msg");
      }
      if (left < FOR_GOOD) {
        leave.put(template, left - 1);
      }
      hear(now, Line.Way.NOTICE, shown);
    } finally {
      lock.unlock();
    }
    show();
  }

  void reportNotice(long id, String template) {
    var item = new LinkedHashMap<String, Object>();
    item.put("TemplateId", template);
    item.put("MsgID", Long.toString(id));
    item.put("ErrorCode", "0");
    item.put("ErrorStatus", "success");
    report(Push.event("subscribe_msg_sent_event", "SubscribeMsgSentEvent", Map.of("List", item)));
  }

  void receiveTemplate(String shown) {
    if (blocking) {
      return;
    }
    lock.lock();
    try {
      hear(platform.clock().instant(), Line.Way.NOTICE, shown);
    } finally {
      lock.unlock();
    }
    show();
  }

  /// What the account sends to many opens no window and takes nothing of one.
  void receiveMass(String shown) {
    lock.lock();
    try {
      hear(platform.clock().instant(), Line.Way.MASS, shown);
    } finally {
      lock.unlock();
    }
    show();
  }

  void reportTemplate(long id) {
    report(
        Push.event(
            "TEMPLATESENDJOBFINISH",
            "MsgID",
            id,
            "Status",
            blocking ? "failed:user block" : "success"));
  }

  /// Nothing of it is seen on the phone.
  private void report(Push push) {
    String xml =
        push.xml(
            platform.account().originalId(),
            openid,
            platform.clock().instant(),
            platform.nextMessageId());
    var _ = platform.courier().deliver(platform.doors(), openid, xml, patience, _ -> {});
  }

  void typing(boolean now) {
    lock.lock();
    try {
      typing = now;
    } finally {
      lock.unlock();
    }
    show();
  }

  JsonObject profile() {
    lock.lock();
    try {
      JsonObject profile = new JsonObject().put("subscribe", follows ? 1 : 0).put("openid", openid);
      if (!follows || since == null) {
        return profile;
      }
      return profile
          .put("nickname", "")
          .put("language", "zh_CN")
          .put("subscribe_time", since.getEpochSecond())
          .put("remark", "")
          .put("groupid", 0)
          .put("tagid_list", new JsonArray(platform.tags().idsOf(openid)))
          .put("subscribe_scene", scene == null ? "ADD_SCENE_SEARCH" : "ADD_SCENE_QR_CODE")
          .put("qr_scene", 0)
          .put("qr_scene_str", scene == null ? "" : scene);
    } finally {
      lock.unlock();
    }
  }

  private Phone push(Push push, String shown, @Nullable String mediaId) {
    Instant now = platform.clock().instant();
    long messageId = platform.nextMessageId();
    String xml = push.xml(platform.account().originalId(), openid, now, messageId);
    String type = push.isEvent() ? String.valueOf(push.fields().get("Event")) : push.type();
    var said = new Line.Said(0, now, type, shown, mediaId, messageId, List.of());
    boolean unwanted = !push.isEvent() && platform.blacklist().has(this);
    long line;
    lock.lock();
    try {
      if (push.grant() != null && !unwanted) {
        windows.open(push.grant(), now);
      }
      line = ++lastLine;
      lines.add(attempted(said, line, List.of()));
      pushed.put(line, xml);
    } finally {
      lock.unlock();
    }
    show();
    if (unwanted) {
      return this;
    }
    Attempt counts =
        platform
            .courier()
            .deliver(platform.doors(), openid, xml, patience, attempt -> tried(line, attempt));
    shown(push, counts);
    return this;
  }

  private void tried(long line, Attempt attempt) {
    lock.lock();
    try {
      lines.replaceAll(each -> each.id() == line ? withAttempt((Line.Said) each, attempt) : each);
    } finally {
      lock.unlock();
    }
    show();
  }

  private static Line withAttempt(Line.Said said, Attempt attempt) {
    List<Attempt> all = new ArrayList<>(said.attempts());
    all.add(attempt);
    return attempted(said, said.id(), List.copyOf(all));
  }

  private static Line.Said attempted(Line.Said said, long id, List<Attempt> attempts) {
    return new Line.Said(
        id, said.at(), said.type(), said.text(), said.mediaId(), said.messageId(), attempts);
  }

  /// The platform tells people of a failing server when they wrote, not after a deed they did not
  /// expect an answer to.
  private void shown(Push push, Attempt counts) {
    Instant now = platform.clock().instant();
    lock.lock();
    try {
      if (counts.result() == Attempt.Result.REPLIED && counts.reply() != null) {
        if (!counts.reply().text().isEmpty() && follows) {
          hear(now, Line.Way.PASSIVE, counts.reply().text());
        }
      } else if (!counts.result().isTaken() && push.grant() != null) {
        hear(now, Line.Way.FAILURE, OUT_OF_ORDER);
      }
    } finally {
      lock.unlock();
    }
    show();
  }

  private void hear(Instant now, Line.Way way, String text) {
    lines.add(new Line.Heard(++lastLine, now, way, text, windows.quota(now)));
  }

  private void show() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    platform.changed(this);
  }
}
