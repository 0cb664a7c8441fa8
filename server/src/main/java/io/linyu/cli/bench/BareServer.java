package io.linyu.cli.bench;

import static java.util.Objects.requireNonNull;

import io.linyu.channel.Content;
import io.linyu.channel.Delivery;
import io.linyu.channel.Inbound;
import io.linyu.channel.Receiver;
import io.linyu.channel.Reply;
import io.linyu.channel.wechat.WechatAccount;
import io.linyu.channel.wechat.WechatCallback;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.ext.web.Router;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The ceiling that the real server is measured against: it verifies, opens and parses what the
/// platform sends with the same code, keeps a receipt in batches with everything on an event loop,
/// and answers. There is no person, no order, no bot and no case in it.
final class BareServer {
  /// Its answer begins with this, and goes on with what was said.
  static final String HEARD = "收到：";

  private static final int CONNECTIONS = 8;

  private BareServer() {}

  public static void main(String[] arguments) {
    String main = "LINYU_WECHAT_ACCOUNTS_MAIN_";
    var account =
        new WechatAccount(
            setting(main + "APPID"),
            setting(main + "SECRET"),
            setting(main + "TOKEN"),
            null,
            setting(main + "AESKEY"),
            null,
            WechatAccount.Mode.SAFE,
            setting(main + "APIBASE"));
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    Pool pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(CONNECTIONS))
            .connectingTo(
                PgConnectOptions.fromUri(setting("LINYU_DATABASE_URL"))
                    .setCachePreparedStatements(true))
            .using(vertx)
            .build();
    var callback =
        new WechatCallback(
            vertx,
            Map.of("main", account),
            Clock.systemUTC(),
            new Receipts(vertx, pool),
            new SimpleMeterRegistry());
    int port = Integer.parseInt(setting("LINYU_HTTP_PORT"));
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    var _ =
        pool.query(
                """
                CREATE TABLE IF NOT EXISTS bare_receipt (
                  address     text NOT NULL,
                  external_id text NOT NULL,
                  received_at timestamptz NOT NULL,
                  reply       text NOT NULL,
                  PRIMARY KEY (address, external_id)
                )
                """)
            .execute()
            .await();
    var _ =
        vertx
            .deployVerticle(
                () -> new Listener(callback, port), new DeploymentOptions().setInstances(loops))
            .await();
  }

  private static String setting(String name) {
    return requireNonNull(System.getenv(name), name);
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
      Router router = Router.router(vertx);
      router.get("/readyz").handler(rc -> rc.end("ok"));
      callback.mount(router);
      vertx
          .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
          .requestHandler(router)
          .listen(port, "127.0.0.1")
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }

  /// One batch in flight for each event loop.
  private static final class Receipts implements Receiver {
    private final Vertx vertx;
    private final Pool pool;
    private final Map<Context, Loop> loops = new ConcurrentHashMap<>();

    Receipts(Vertx vertx, Pool pool) {
      this.vertx = vertx;
      this.pool = pool;
    }

    @Override
    public Future<Reply> receive(Inbound inbound, Delivery delivery) {
      Context loop = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
      return loops.computeIfAbsent(loop, _ -> new Loop(pool)).add(inbound);
    }
  }

  private record Waiting(Inbound inbound, String reply, Promise<Reply> answer) {}

  private static final class Loop {
    private static final int BATCH_AT_MOST = 64;

    private final Pool pool;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean running;

    Loop(Pool pool) {
      this.pool = pool;
    }

    Future<Reply> add(Inbound inbound) {
      String said = inbound.content() instanceof Content.Text(String text, _) ? text : "";
      var next = new Waiting(inbound, HEARD + said, Promise.promise());
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
        keep(batch);
      }
    }

    /// In the order of their keys: else two batches with the same keys would wait for each other.
    private void keep(List<Waiting> batch) {
      List<Waiting> sorted =
          batch.stream()
              .sorted(
                  Comparator.comparing((Waiting each) -> each.inbound().from().externalId())
                      .thenComparing(each -> each.inbound().externalId()))
              .toList();
      var _ =
          pool.preparedQuery(
                  """
                  INSERT INTO bare_receipt (address, external_id, received_at, reply)
                  SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
                      ON CONFLICT DO NOTHING
                  """)
              .execute(
                  Tuple.of(
                      strings(sorted, each -> each.inbound().from().externalId()),
                      strings(sorted, each -> each.inbound().externalId()),
                      sorted.stream()
                          .map(each -> each.inbound().sentAt().atOffset(ZoneOffset.UTC))
                          .toArray(OffsetDateTime[]::new),
                      strings(sorted, Waiting::reply)))
              .onComplete((_, failed) -> {
                for (Waiting each : batch) {
                  if (failed == null) {
                    each.answer().complete(new Reply(each.reply()));
                  } else {
                    each.answer().fail(failed);
                  }
                }
                next();
              });
    }

    private static String[] strings(List<Waiting> of, Function<Waiting, String> get) {
      return of.stream().map(get).toArray(String[]::new);
    }
  }
}
