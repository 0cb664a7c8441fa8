package io.linyu.demo;

import static io.linyu.platform.http.Sequential.sequential;

import io.linyu.demo.FaultPages.Board;
import io.linyu.demo.FaultPages.Choice;
import io.linyu.demo.FaultPages.Chosen;
import io.linyu.demo.FaultPages.Line;
import io.linyu.demo.FaultPages.Row;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Htmx;
import io.linyu.platform.http.Page;
import io.linyu.platform.http.Routes;
import io.linyu.platform.text.Words;
import io.linyu.simulator.wechat.Fault;
import io.linyu.simulator.wechat.Faults;
import io.linyu.simulator.wechat.Faults.EveryNth;
import io.linyu.simulator.wechat.Faults.Often;
import io.linyu.simulator.wechat.Faults.PushFault;
import io.linyu.simulator.wechat.Faults.Share;
import io.linyu.simulator.wechat.Journal;
import io.linyu.simulator.wechat.WechatSimulator;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What can go wrong on the platform's side, to be switched on, and what came of the last calls: so
/// that anybody can see how it is borne. Mounted behind [DemoRoutes], which reads the forms.
final class FaultRoutes implements Routes {
  private static final String PATH = "/demo/faults";
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int RAREST = 100;
  private static final long LARGEST_SEED = 999_999_999;

  /// How often it may be, as a form says it: `5` is each fifth, `10%` is chance.
  private static final List<String> OFTEN = List.of("1", "2", "5", "20", "10%", "30%", "50%");

  /// Which calls may go wrong; their names in the words are the ends of their paths.
  private static final List<String> CALLS =
      List.of(
          Faults.EVERY_CALL,
          "/cgi-bin/message/custom/send",
          "/cgi-bin/message/subscribe/bizsend",
          "/cgi-bin/stable_token",
          "/cgi-bin/media/get",
          "/cgi-bin/ticket/getticket",
          "/cgi-bin/qrcode/create",
          "/sns/oauth2/access_token");

  private static final List<Fault> FAULTS =
      List.of(
          Fault.BUSY,
          Fault.DAILY_QUOTA,
          Fault.TOO_OFTEN,
          Fault.TOKEN_EXPIRED,
          Fault.TOKEN_NOT_LATEST,
          Fault.NO_PERMISSION,
          Fault.ADDRESS_NOT_LISTED,
          Fault.SERVER_ERROR,
          Fault.SLOW,
          Fault.STRANGE_PAGE,
          Fault.EMPTY_ANSWER,
          Fault.ANSWER_OF_ANOTHER_TYPE,
          Fault.DROPPED_UNASKED,
          Fault.DROPPED_AFTER_ACCEPTING);

  private final WechatSimulator wechat;
  private final Page page;
  private final ZoneId zone;

  FaultRoutes(WechatSimulator wechat, Page page, ZoneId zone) {
    this.wechat = wechat;
    this.page = page;
    this.zone = zone;
  }

  @Override
  public void mount(Router router) {
    router.get(PATH).handler(sequential(rc -> page.send(rc, "demo/faults", board(rc))));
    router.get(PATH + "/calls").handler(sequential(rc -> page.send(rc, "demo/_calls", board(rc))));
    router.post(PATH).handler(sequential(rc -> change(rc, this::call)));
    router.post(PATH + "/pushes").handler(sequential(rc -> change(rc, this::pushes)));
    router.post(PATH + "/plug").handler(sequential(rc -> change(rc, this::plug)));
    router.post(PATH + "/seed").handler(sequential(rc -> change(rc, this::seed)));
    router.post(PATH + "/token").handler(sequential(rc -> change(rc, _ -> wechat.renewToken())));
    router
        .post(PATH + "/none")
        .handler(
            sequential(rc ->
                change(
                    rc,
                    _ -> {
                      wechat.faults().none();
                      wechat.plugIn();
                    })));
  }

  private interface Change {
    void make(RoutingContext rc);
  }

  private static void change(RoutingContext rc, Change change) {
    change.make(rc);
    Htmx.see(rc, PATH);
  }

  private void call(RoutingContext rc) {
    String path = field(rc, "path");
    if (!CALLS.contains(path)) {
      throw new Refusal("other", 400);
    }
    Fault fault = chosen(rc, FAULTS).orElse(null);
    if (fault == null) {
      wechat.faults().none(path);
    } else {
      wechat.faults().fail(path, often(rc), fault);
    }
  }

  private void pushes(RoutingContext rc) {
    wechat.faults().pushes(chosen(rc, Arrays.asList(PushFault.values())).orElse(null), often(rc));
  }

  private void seed(RoutingContext rc) {
    wechat.faults().seed(number(field(rc, "seed"), 0, LARGEST_SEED));
  }

  private void plug(RoutingContext rc) {
    if (field(rc, "plugged").equals("no")) {
      wechat.unplug();
    } else {
      wechat.plugIn();
    }
  }

  private static <E extends Enum<E>> Optional<E> chosen(RoutingContext rc, List<E> allowed) {
    String name = field(rc, "fault");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        allowed.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new Refusal("other", 400)));
  }

  private static Often often(RoutingContext rc) {
    String often = field(rc, "often");
    return often.endsWith("%")
        ? new Share((int) number(often.substring(0, often.length() - 1), 1, 100))
        : new EveryNth((int) number(often, 1, RAREST));
  }

  private static long number(String text, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException nonsense) {
      // said below
    }
    throw new Refusal("other", 400);
  }

  private static String field(RoutingContext rc, String name) {
    String value = rc.request().getFormAttribute(name);
    if (value == null) {
      throw new Refusal("other", 400);
    }
    return value;
  }

  private Board board(RoutingContext rc) {
    Words words = DemoRoutes.words(rc);
    var on = wechat.faults().on();
    List<Choice> faults =
        FAULTS.stream().map(each -> new Choice(each.name(), named(words, each.name()))).toList();
    List<Row> calls = CALLS.stream().map(path -> row(words, path, faults, on.get(path))).toList();
    PushFault push = wechat.faults().pushes();
    var pushes =
        new Row(
            "",
            words.of("demo.faults.pushes"),
            Arrays.stream(PushFault.values())
                .map(each -> new Choice(each.name(), named(words, each.name())))
                .toList(),
            push == null ? null : push.name(),
            choices(words, wechat.faults().pushesFail()),
            bears(words, push == null ? null : push.name()));
    return new Board(
        words,
        calls,
        pushes,
        wechat.isPlugged(),
        wechat.faults().seed(),
        wechat.journal().entries().stream().map(each -> line(words, each)).toList());
  }

  private static Row row(Words words, String path, List<Choice> faults, Faults.@Nullable On on) {
    String chosen = on == null ? null : on.fault().name();
    return new Row(
        path,
        path.equals(Faults.EVERY_CALL)
            ? words.of("demo.faults.call.every")
            : words.of("demo.faults.call." + path.substring(path.lastIndexOf('/') + 1)),
        faults,
        chosen,
        choices(words, on == null ? new EveryNth(1) : on.often()),
        bears(words, chosen));
  }

  private static List<Chosen> choices(Words words, Often now) {
    String chosen =
        switch (now) {
          case EveryNth(int among) -> Integer.toString(among);
          case Share(int percent) -> percent + "%";
        };
    return Stream.concat(OFTEN.stream(), Stream.of(chosen))
        .distinct()
        .map(each -> new Chosen(each, said(words, each), each.equals(chosen)))
        .toList();
  }

  private static String said(Words words, String often) {
    if (often.equals("1")) {
      return words.of("demo.faults.always");
    }
    return often.endsWith("%")
        ? words.of("demo.faults.by-chance", often.substring(0, often.length() - 1))
        : words.of("demo.faults.one-of", often);
  }

  private static String bears(Words words, @Nullable String fault) {
    return fault == null ? "" : words.of("demo.faults.bears." + word(fault));
  }

  private static String named(Words words, String fault) {
    String key = "demo.faults.of." + word(fault);
    return words.has(key) ? words.of(key) : fault;
  }

  private static String word(String fault) {
    return fault.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Line line(Words words, Journal.Entry each) {
    boolean good =
        each.push()
            ? each.outcome().contains("REPLIED") || each.outcome().contains("SUCCESS")
            : each.outcome().startsWith("0 ") || each.outcome().contains("/");
    return new Line(
        CLOCK.format(each.at().atZone(zone)),
        each.push(),
        each.what(),
        each.asked(),
        each.fault() == null ? "" : named(words, each.fault()),
        each.outcome(),
        each.outcome().isEmpty()
            ? ""
            : words.of("demo.milliseconds", Long.toString(each.took().toMillis())),
        each.outcome().isEmpty() ? "quiet" : good ? "good" : "bad");
  }
}
