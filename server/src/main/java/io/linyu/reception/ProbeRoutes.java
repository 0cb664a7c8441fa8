package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;
import static java.util.Objects.requireNonNull;

import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Caller;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.reception.ProbePages.Card;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/// Whether residents get through by one account, and trying it at once.
final class ProbeRoutes implements Routes {
  private static final String PROBE = "/console/accounts/:channel/:account/probe";

  private final Db db;
  private final Community community;
  private final Probes probes;
  private final Page page;

  ProbeRoutes(Db db, Community community, Probes probes, Page page) {
    this.db = db;
    this.community = community;
    this.probes = probes;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get(PROBE).handler(sequential(this::show));
    router.post(PROBE).handler(sequential(this::tryNow));
  }

  private void show(RoutingContext rc) {
    page.send(rc, "reception/_probe", card(rc));
  }

  private void tryNow(RoutingContext rc) {
    Card card = card(rc);
    if (card.every() == null) {
      throw Refusal.notFound();
    }
    probes.askNow(card.channel(), card.account());
    community
        .audit()
        .write(
            db,
            Who.staff(Staff.signedIn(rc).id(), Caller.ip(rc)),
            Deed.CHANNEL_PROBED,
            Map.of("account", card.account()));
    if (Htmx.asks(rc)) {
      show(rc);
    } else {
      Htmx.see(rc, "/console/accounts");
    }
  }

  private Card card(RoutingContext rc) {
    if (!TroubleRoutes.canAct(rc)) {
      throw Refusal.notFound();
    }
    Card card =
        probes.card(
            Frame.of(rc),
            requireNonNull(rc.pathParam("channel")),
            requireNonNull(rc.pathParam("account")),
            true);
    if (card == null) {
      throw Refusal.notFound();
    }
    return card;
  }
}
