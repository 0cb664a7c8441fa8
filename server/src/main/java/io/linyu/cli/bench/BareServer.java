package io.linyu.cli.bench;

import static java.util.Objects.requireNonNull;

import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Receiver;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatAccount;
import io.linyu.channel.wechat.WechatCallback;
import io.linyu.platform.db.Db;
import io.linyu.platform.http.Front;
import io.linyu.platform.http.Proxies;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The ceiling that the real server is measured against: the same [Front], callback and codec. It
/// verifies, opens and parses what the platform sends, keeps a receipt in batches with everything
/// on an event loop, and answers. There is no person, no order, no bot and no case in it.
final class BareServer {
  /// Its answer begins with this, and goes on with what was said.
  static final String HEARD = "收到：";

  private static final int CONNECTIONS = 8;

  private BareServer() {}

  /// @param arguments settings of [Ground], each as `LINYU_…=value`
  public static void main(String[] arguments) {
    Map<String, String> settings =
        Arrays.stream(arguments)
            .map(each -> each.split("=", 2))
            .collect(Collectors.toMap(each -> each[0], each -> each[1]));
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Vertx vertx = Front.vertx(metrics);
    Db db = Db.connect(vertx, setting(settings, "LINYU_DATABASE_URL"), CONNECTIONS);
    var store = new BareStore();
    store.create(db);
    var callback =
        new WechatCallback(
            vertx,
            Map.of("main", account(settings)),
            Clock.systemUTC(),
            new Receipts(vertx, db, store),
            metrics);
    int port = Integer.parseInt(setting(settings, "LINYU_HTTP_PORT"));
    var _ =
        vertx
            .deployVerticle(
                () -> new Listener(callback, port),
                new DeploymentOptions().setInstances(Front.LOOPS))
            .await();
  }

  private static WechatAccount account(Map<String, String> settings) {
    String main = "LINYU_WECHAT_ACCOUNTS_MAIN_";
    return new WechatAccount(
        setting(settings, main + "APPID"),
        setting(settings, main + "SECRET"),
        setting(settings, main + "TOKEN"),
        null,
        setting(settings, main + "AESKEY"),
        null,
        WechatAccount.Mode.SAFE,
        setting(settings, main + "APIBASE"),
        setting(settings, main + "APIBASE"),
        WechatAccount.Rights.VERIFIED,
        null);
  }

  private static String setting(Map<String, String> settings, String name) {
    return requireNonNull(settings.get(name), name);
  }

  private static final class Listener extends AbstractVerticle {
    private final WechatCallback callback;
    private final int port;

    Listener(WechatCallback callback, int port) {
      this.callback = callback;
      this.port = port;
    }

    @Override
    public void start(Promise<Void> started) {
      Router router = Front.router(vertx, Proxies.of(Proxies.USUAL));
      router.get("/readyz").handler(rc -> rc.end("ok"));
      callback.mount(router);
      vertx
          .createHttpServer(Front.options())
          .requestHandler(router)
          .listen(port, "127.0.0.1")
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }

  /// One batch in flight for each event loop.
  private static final class Receipts implements Receiver {
    private final Vertx vertx;
    private final Db db;
    private final BareStore store;
    private final Map<Context, Loop> loops = new ConcurrentHashMap<>();

    Receipts(Vertx vertx, Db db, BareStore store) {
      this.vertx = vertx;
      this.db = db;
      this.store = store;
    }

    @Override
    public Future<Reply> receive(Inbound inbound, Delivery delivery) {
      Context loop = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
      return loops.computeIfAbsent(loop, _ -> new Loop(loop, db, store)).add(inbound);
    }
  }

  private record Waiting(BareStore.Receipt receipt, Promise<Reply> answer) {}

  private static final class Loop {
    private static final int BATCH_AT_MOST = 64;

    private final Context context;
    private final Db db;
    private final BareStore store;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean running;

    Loop(Context context, Db db, BareStore store) {
      this.context = context;
      this.db = db;
      this.store = store;
    }

    Future<Reply> add(Inbound inbound) {
      String said = inbound.content() instanceof Content.Text(String text, _) ? text : "";
      var next = new Waiting(new BareStore.Receipt(inbound, HEARD + said), Promise.promise());
      waiting.add(next);
      if (!running) {
        next();
      }
      return next.answer().future();
    }

    private void next() {
      var batch = new ArrayList<Waiting>();
      while (!waiting.isEmpty() && batch.size() < BATCH_AT_MOST) {
        batch.add(waiting.poll());
      }
      running = !batch.isEmpty();
      if (running) {
        var _ =
            store
                .keep(db, batch.stream().map(Waiting::receipt).toList())
                .onComplete((_, failed) -> context.runOnContext(_ -> kept(batch, failed)));
      }
    }

    private void kept(List<Waiting> batch, @Nullable Throwable failed) {
      for (Waiting each : batch) {
        if (failed == null) {
          each.answer()
              .complete(new Reply(each.receipt().reply(), each.receipt().inbound().sentAt()));
        } else {
          each.answer().fail(failed);
        }
      }
      next();
    }
  }
}
