package io.linyu.reception;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.channel.Channels;
import io.linyu.channel.Trouble;
import io.linyu.community.Staff;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.health.Health;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.time.Moments;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What our accounts and our servers suffer from, above every page of those who can do something
/// about it, and on a page of its own with everything that was looked at.
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

  /// @param hints what should be seen to in time, for all who look
  /// @param free megabytes for the database; null: it is elsewhere
  public record HealthPage(
      Frame frame,
      List<String> sentences,
      List<String> hints,
      List<Health.State> parts,
      List<ProbePages.Card> probes,
      List<Backlog> queues,
      @Nullable Long free) {
    public Moments moments() {
      return frame.moments();
    }

    /// Free for the database; null: it is elsewhere.
    public @Nullable String space() {
      if (free == null) {
        return null;
      }
      return frame
          .words()
          .of(
              "health.free",
              free < 10 * 1_024
                  ? free + " MB"
                  : String.format(Locale.ROOT, "%,d GB", free / 1_024));
    }

    public String name(Backlog queue) {
      String key = "queue." + queue.queue();
      return frame.words().has(key) ? frame.words().of(key) : queue.queue();
    }

    public String state(Backlog queue) {
      if (queue.oldest() == null) {
        return frame.words().of("health.nothing-due");
      }
      return frame
          .words()
          .of("health.due", queue.waiting(), moments().span(queue.age(moments().now())));
    }
  }

  private final Channels channels;
  private final Health health;
  private final Probes probes;
  private final Page page;

  TroubleRoutes(Channels channels, Health health, Probes probes, Page page) {
    this.channels = channels;
    this.health = health;
    this.probes = probes;
    this.page = page;
  }

  @Override
  public void mount(Router router) {
    router.get("/console/troubles").handler(sequential(this::list));
    router.get("/console/health").handler(sequential(this::show));
  }

  private void list(RoutingContext rc) {
    page.send(
        rc, "reception/_troubles", new Troubles(canAct(rc) ? sentences(Frame.of(rc)) : List.of()));
  }

  private void show(RoutingContext rc) {
    Frame frame = Frame.of(rc);
    page.send(
        rc,
        "reception/health",
        new HealthPage(
            frame,
            canAct(rc) ? sentences(frame) : List.of(),
            health.hints().stream().map(each -> each.sentence(frame.moments())).toList(),
            health.parts(),
            probes.cards(frame, canAct(rc)),
            health.backlogs(),
            health.freeMegabytes()));
  }

  /// Ours first: what the platform says may come of it.
  private List<String> sentences(Frame frame) {
    Moments moments = frame.moments();
    var all = new ArrayList<String>();
    health.problems().forEach(each -> all.add(each.sentence(moments)));
    List<Trouble> told = channels.troubles();
    all.addAll(probes.troubles(moments, told));
    told.forEach(each -> all.add(each.sentence(moments)));
    return all;
  }

  static boolean canAct(RoutingContext rc) {
    return CAN_ACT.contains(Staff.signedIn(rc).role());
  }
}
