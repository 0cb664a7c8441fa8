package io.linyu.cli.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Carries out one [Load.Order], on one event loop. Each person belongs to one connection, so that
/// nobody says two things at once.
final class Traffic {
  /// How often what is due is looked for, when messages arrive at a rate.
  private static final long BEAT = 1;

  /// Before the platform delivers again what the server had no room for.
  private static final long REFUSED_WAITS = 500;

  private static final byte[] HEAD_ENDS = {'\r', '\n', '\r', '\n'};
  private static final String LENGTH = "content-length:";

  private final Vertx vertx;
  private final Load.Order order;
  private final Load.Tally tally;
  private final Runnable whenDone;
  private final NetClient net;
  private final List<Line> lines = new ArrayList<>();
  private final long ends;
  private int people;
  private int working;
  private long due;
  private final long began = System.nanoTime();

  Traffic(Vertx vertx, Load.Order order, Load.Tally tally, Runnable whenDone) {
    this.vertx = vertx;
    this.order = order;
    this.tally = tally;
    this.whenDone = whenDone;
    var options = new NetClientOptions();
    if (order.tls()) {
      // The certificate is one of the trial's own.
      options.setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
    }
    this.net = vertx.createNetClient(options);
    this.ends = order.lines() > 0 ? Long.MAX_VALUE : began + order.millis() * 1_000_000;
    for (int i = 0; i < order.connections(); i++) {
      lines.add(new Line(order.tls() && i % 2 == 1));
    }
  }

  void add(Talker talker) {
    lines.get(people++ % lines.size()).people.add(talker);
  }

  void start() {
    lines.removeIf(each -> each.people.isEmpty());
    working = lines.size();
    lines.forEach(Line::connect);
    if (order.rate() > 0) {
      vertx.setPeriodic(BEAT, timer -> beat(timer));
    }
  }

  /// What has become due goes to the connections by turns, whether they are free or not.
  private void beat(long timer) {
    long now = System.nanoTime();
    while (began + due * 1_000_000_000 / order.rate() <= Math.min(now, ends)) {
      Line line = lines.get((int) (due % lines.size()));
      line.arrivals.add(began + due * 1_000_000_000 / order.rate());
      due++;
      line.go();
    }
    if (now >= ends) {
      vertx.cancelTimer(timer);
      lines.forEach(Line::go);
    }
  }

  private void ended() {
    if (--working == 0) {
      var _ = net.close().onComplete(_ -> whenDone.run());
    }
  }

  private final class Line {
    private final List<Talker> people = new ArrayList<>();
    private final Deque<Long> arrivals = new ArrayDeque<>();
    private @Nullable NetSocket socket;
    private Buffer received = Buffer.buffer();
    private @Nullable Talker talker;
    private Talker.@Nullable Saying saying;
    private long since;
    private int turn;
    private boolean waiting;
    private boolean over;
    private final boolean hangsUp;

    /// @param hangsUp after each answer
    Line(boolean hangsUp) {
      this.hangsUp = hangsUp;
    }

    void connect() {
      var _ =
          net.connect(order.port(), "127.0.0.1")
              .onComplete((connected, failed) -> {
                if (failed != null) {
                  vertx.setTimer(20, _ -> connect());
                  return;
                }
                socket = connected;
                received = Buffer.buffer();
                connected.handler(this::take);
                connected.closeHandler(_ -> lost());
                if (saying == null) {
                  go();
                } else if (!waiting) {
                  send();
                }
              });
    }

    /// The platform delivers again what nobody answered.
    private void lost() {
      socket = null;
      if (!over) {
        if (saying != null && !waiting) {
          tally.dropped();
        }
        connect();
      }
    }

    void go() {
      if (over || saying != null || socket == null) {
        return;
      }
      long now = System.nanoTime();
      if (order.rate() == 0) {
        since = now;
      } else if (!arrivals.isEmpty()) {
        since = arrivals.poll();
      } else if (now < ends) {
        return;
      }
      Talker next = people.get(turn % people.size());
      boolean ahead = order.deed() != Load.Deed.FOLLOW && next.isBehind();
      boolean allSaid = order.lines() > 0 && turn >= order.lines() * people.size();
      boolean timeIsOver = now >= ends && (order.rate() == 0 || since == 0);
      if (allSaid || timeIsOver) {
        over = true;
        ended();
        return;
      }
      turn += ahead ? 0 : 1;
      talker = next;
      saying = order.deed() == Load.Deed.FOLLOW ? next.follow() : next.next();
      send();
    }

    private void send() {
      NetSocket to = socket;
      Talker who = talker;
      Talker.Saying what = saying;
      if (to != null && who != null && what != null) {
        var _ = to.write(Buffer.buffer(who.request(what, order.port())));
      }
    }

    private void take(Buffer part) {
      received.appendBuffer(part);
      int head = headEnd(received);
      if (head < 0) {
        return;
      }
      String headers = received.getString(0, head, "ISO-8859-1");
      int length = length(headers);
      if (received.length() < head + length) {
        return;
      }
      String body = received.getString(head, head + length);
      received = Buffer.buffer();
      if (headers.startsWith("HTTP/1.1 503")) {
        tally.refused();
        waiting = true;
        vertx.setTimer(
            REFUSED_WAITS,
            _ -> {
              waiting = false;
              send();
            });
        return;
      }
      answered(headers.startsWith("HTTP/1.1 200") ? body : headers.lines().findFirst().orElse(""));
    }

    private void answered(String body) {
      Talker who = talker;
      Talker.Saying what = saying;
      if (who == null || what == null) {
        throw new IllegalStateException("an answer to nothing: " + body);
      }
      tally.answered(what.kind(), System.nanoTime() - since);
      judge(who, what, body);
      saying = null;
      since = 0;
      NetSocket to = socket;
      if (hangsUp && to != null) {
        socket = null; // nothing more is said there
        var _ = to.close(); // and connects again
      } else {
        go();
      }
    }

    private void judge(Talker who, Talker.Saying what, String body) {
      try {
        String answer = who.read(body);
        String wrong = who.judge(what, answer, expected(what));
        if (wrong != null) {
          tally.wrong(wrong);
        }
        if (order.expected().isEmpty() && order.lines() > 0) {
          tally.learned(Talk.common(answer));
        }
      } catch (IllegalArgumentException unreadable) {
        tally.wrong(String.valueOf(unreadable.getMessage()));
      }
    }
  }

  private String expected(Talker.Saying what) {
    return switch (order.deed()) {
      case FOLLOW -> "";
      case ECHO -> BareServer.HEARD + Talk.LINES.get(what.line()).says();
      case TALK ->
          order.expected().isEmpty()
              ? ""
              : order.expected().get(what.first() ? 0 : 1).get(what.line());
    };
  }

  private static int headEnd(Buffer received) {
    byte[] bytes = received.getBytes();
    for (int i = 3; i < bytes.length; i++) {
      if (bytes[i] == HEAD_ENDS[3]
          && bytes[i - 1] == HEAD_ENDS[2]
          && bytes[i - 2] == HEAD_ENDS[1]
          && bytes[i - 3] == HEAD_ENDS[0]) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int length(String headers) {
    String lower = headers.toLowerCase(Locale.ROOT);
    int at = lower.indexOf(LENGTH);
    if (at < 0) {
      return 0;
    }
    int end = lower.indexOf('\r', at);
    return Integer.parseInt(lower.substring(at + LENGTH.length(), end).strip());
  }
}
