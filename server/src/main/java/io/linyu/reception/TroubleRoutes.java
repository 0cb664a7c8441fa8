package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.channel.Channels;
import io.linyu.community.Staff;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/// What our accounts suffer from, above every page of those who can do something about it.
public final class TroubleRoutes implements Routes {
  /// They look after the account, or know who does.
  private static final Set<String> CAN_ACT =
      Set.of(
          "district_dispatcher",
          "street_dispatcher",
          "street_supervisor",
          "community_secretary",
          "community_deputy",
          "info_officer");

  /// @param sentences one for each, in the reader's language
  public record Troubles(List<String> sentences) {}

  private final Channels channels;
  private final Page page;

  TroubleRoutes(Channels channels, Page page) {
    this.channels = channels;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/troubles").handler(sequential(this::list));
  }

  private void list(RoutingContext rc) {
    var moments = Frame.of(rc).moments();
    List<String> sentences =
        CAN_ACT.contains(Staff.signedIn(rc).role())
            ? channels.troubles().stream().map(each -> each.sentence(moments)).toList()
            : List.of();
    page.send(rc, "reception/_troubles", new Troubles(sentences));
  }
}
