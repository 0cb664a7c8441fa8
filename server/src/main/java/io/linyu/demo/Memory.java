package io.linyu.demo;

import io.linyu.platform.db.Db;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.Quota;
import io.linyu.simulator.wechat.WechatSimulator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Simulated phones forget when the demo stops; what they showed is in the conversations.
final class Memory {
  private static final int NEWEST = 80;

  private Memory() {}

  /// @param past whoever has said something in it has a phone, too: else nothing that is written to
  ///   them now would arrive
  static void restore(Db db, WechatSimulator wechat, List<Tale.Step> past) {
    var store = new DemoStore();
    Set<Town.Resident> all = new LinkedHashSet<>(Town.residents());
    past.forEach(each -> all.add(each.who()));
    for (Town.Resident resident : all) {
      Phone phone = wechat.phone(resident.key());
      store
          .left(db, phone.openid())
          .ifPresent(left -> {
            List<Line> lines = new ArrayList<>();
            for (DemoStore.Earlier each : store.earlier(db, phone.openid(), NEWEST)) {
              lines.add(line(phone, lines.size() + 1L, each));
            }
            phone.remember(lines, left.follows(), left.quota(), left.until());
          });
    }
  }

  private static Line line(Phone phone, long id, DemoStore.Earlier earlier) {
    JsonObject content = earlier.content();
    String text = content.getString("text", "");
    Instant at = earlier.at();
    return switch (earlier.by()) {
      case "bot" -> new Line.Heard(id, at, Line.Way.PASSIVE, text, nothing());
      case "resident" -> said(phone, id, at, content, earlier.media());
      default -> heard(phone, id, at, content, earlier.media());
    };
  }

  private static Line heard(
      Phone phone, long id, Instant at, JsonObject content, @Nullable Buffer media) {
    String text = content.getString("text", "");
    if (media != null) {
      boolean voice = "voice".equals(content.getString("kind"));
      phone.remember(id, phone.keep(voice ? "audio/amr" : "image/jpeg", media));
      text = voice ? "[语音]" : "[图片]";
    }
    return new Line.Heard(id, at, Line.Way.CUSTOMER_SERVICE, text, nothing());
  }

  private static Quota nothing() {
    return new Quota(0, 0, Duration.ZERO);
  }

  private static Line said(
      Phone phone, long id, Instant at, JsonObject content, @Nullable Buffer media) {
    String kind = content.getString("kind");
    String type =
        switch (kind) {
          case "followed" -> "subscribe";
          case "unfollowed" -> "unsubscribe";
          case "scanned" -> "SCAN";
          case "menu_tapped" -> "CLICK";
          default -> kind;
        };
    String text =
        switch (kind) {
          case "location" -> content.getString("label");
          case "followed", "scanned" -> content.getString("scene", "");
          case "menu_tapped" -> content.getString("key");
          default -> content.getString("text", "");
        };
    String kept =
        media == null ? null : phone.keep(kind.equals("voice") ? "audio/amr" : "image/jpeg", media);
    return new Line.Said(id, at, type, text == null ? "" : text, kept, 0, List.of());
  }
}
