package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.casework.Case;
import io.linyu.casework.Cases;
import io.linyu.casework.Followed;
import io.linyu.channel.Channel;
import io.linyu.channel.ChannelError;
import io.linyu.channel.Channels;
import io.linyu.channel.Ladder.Subscription;
import io.linyu.channel.PageKey;
import io.linyu.community.Address;
import io.linyu.community.People;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Front;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Words;
import io.linyu.reception.NoticePages.Offer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// On the page of a matter: with one tap the person may be told the result. The page that shows it
/// is signed for the platform's app, and only that page.
final class NoticeRoutes implements Routes {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeRoutes.class);

  /// The app draws the button for notices in a frame of its own.
  ///
  /// https://developers.weixin.qq.com/doc/service/guide/h5/opentag.html
  private static final String DRAWN_BY_WECHAT = "https://*.qq.com webcompt:";

  private static final int TIMES = 60;
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final Db db;
  private final Cases cases;
  private final People people;
  private final Channels channels;
  private final RateLimit limit;
  private final Page page;
  private final String publicUrl;
  private final SubscriptionStore subscriptions = new SubscriptionStore();

  NoticeRoutes(
      Db db,
      Cases cases,
      People people,
      Channels channels,
      Redis redis,
      Page page,
      String publicUrl) {
    this.db = db;
    this.cases = cases;
    this.people = people;
    this.channels = channels;
    this.limit = new RateLimit(redis.commands(), redis.prefix() + "h5-notice:", TIMES, WITHIN);
    this.page = page;
    this.publicUrl = publicUrl;
  }

  @Override
  public void mount(Router router) {
    // Before the page itself.
    router
        .get("/h5/cases/:code")
        .handler(rc -> {
          Front.allowFrames(rc, DRAWN_BY_WECHAT);
          rc.next();
        });
    router.get("/h5/cases/:code/notice").handler(sequential(this::offer));
  }

  private void offer(RoutingContext rc) {
    limit.takeOrRefuse(Caller.ip(rc));
    String code = requireNonNull(rc.pathParam("code"));
    Followed followed = cases.byCode(code, Words.DEFAULT_LANGUAGE).orElseThrow(Refusal::notFound);
    Long addressId = followed.matter().addressId();
    Case matter = followed.matter();
    // It would be the leave of whoever told it, which only their own link may give.
    boolean another = matter.consentId() != null && code.equals(matter.code());
    if (!followed.goesOn() || addressId == null || another) {
      nothing(rc);
      return;
    }
    Address address = people.address(db, addressId);
    Channel channel = channels.of(address.key());
    Subscription wanted = channel.ladder(address.key().account()).subscription();
    if (wanted == null || !address.follows()) {
      nothing(rc);
      return;
    }
    PageKey key = key(channel, address, pageOf(rc, code));
    Words words = Frame.words(rc, people.ofAddress(db, addressId).language());
    boolean given = subscriptions.has(db, addressId, wanted.template(), true);
    page.send(rc, "reception/_notice", new Offer(words, key, given, given && wanted.standing()));
  }

  private static @Nullable PageKey key(Channel channel, Address address, String url) {
    try {
      return channel.pageKey(address.key().account(), url);
    } catch (ChannelError failed) {
      LOG.warn("a page cannot be signed: {}", failed.getMessage());
      return null;
    }
  }

  /// The page that asks, as its browser calls it; no other is signed.
  private String pageOf(RoutingContext rc, String code) {
    String asked = rc.request().getParam("page");
    String ours = publicUrl + "/h5/cases/" + code;
    if (asked == null || !(asked.equals(ours) || asked.startsWith(ours + "?"))) {
      throw new Refusal("other", 422);
    }
    return asked;
  }

  private static void nothing(RoutingContext rc) {
    rc.response().setStatusCode(204).end();
  }
}
