package io.linyu.simulator.wechat;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps account of what the account asked for, in the order in which it came.
final class Sendings {
  static final String PATH = "/cgi-bin/message/custom/send";

  private final Clock clock;
  private final List<Sending> all = new ArrayList<>();

  Sendings(Clock clock) {
    this.clock = clock;
  }

  synchronized Sending asked(String server, JsonObject message) {
    String text = message.getJsonObject("text", new JsonObject()).getString("content", "");
    var asked =
        new Sending(
            all.size(),
            server,
            message.getString("touser", ""),
            text,
            clock.instant(),
            false,
            null);
    all.add(asked);
    return asked;
  }

  synchronized void refused(Sending asked) {
    Sending now = all.get((int) asked.id());
    change(now, true, now.answered());
  }

  synchronized void answered(Sending asked) {
    Sending now = all.get((int) asked.id());
    change(now, now.refused(), clock.instant());
  }

  private void change(Sending now, boolean refused, @Nullable Instant answered) {
    all.set(
        (int) now.id(),
        new Sending(now.id(), now.server(), now.openid(), now.text(), now.at(), refused, answered));
  }

  synchronized List<Sending> all() {
    return List.copyOf(all);
  }
}
