package io.linyu.demo;

import io.linyu.community.Territories;
import io.linyu.demo.DemoPages.Item;
import io.linyu.demo.DemoPages.Part;
import io.linyu.platform.blobs.Sounds;
import io.linyu.platform.text.Words;
import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Phone;
import io.linyu.simulator.wechat.Quota;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A phone's lines as its screen shows them.
final class Chat {
  private static final int NEWEST = 80;
  private static final Duration SILENCE = Duration.ofMinutes(5);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm");
  private static final Pattern LINK =
      Pattern.compile(
          "<a href=\"(?<to>https?://[^\"]+)\">(?<words>[^<]*)</a>|(?<bare>https?://[\\w./?=&%:-]+)");

  private final Words words;
  private final Territories territories;
  private final Clock clock;
  private final ZoneId zone;

  Chat(Words words, Territories territories, Clock clock, ZoneId zone) {
    this.words = words;
    this.territories = territories;
    this.clock = clock;
    this.zone = zone;
  }

  List<Item> items(Phone phone) {
    List<Line> lines = phone.lines();
    List<Item> items = new ArrayList<>();
    Instant last = Instant.MIN;
    for (Line line : lines.subList(Math.max(0, lines.size() - NEWEST), lines.size())) {
      if (last.equals(Instant.MIN) || last.plus(SILENCE).isBefore(line.at())) {
        items.add(middle(line.id(), "time", when(line.at())));
      }
      last = line.at();
      items.add(
          switch (line) {
            case Line.Said said -> mine(phone, said);
            case Line.Heard heard -> theirs(phone, heard);
          });
    }
    return items;
  }

  private Item mine(Phone phone, Line.Said said) {
    String kind =
        switch (said.type()) {
          case "text", "image", "voice", "location" -> said.type();
          default -> "note";
        };
    if (kind.equals("note")) {
      return new Item(
          said.id(), "none", "note", plain(deed(said)), null, 0, remark(said), tone(said));
    }
    Buffer sent = said.mediaId() == null ? null : phone.sent(said.mediaId());
    int seconds = kind.equals("voice") && sent != null ? Samples.seconds(sent) : 0;
    return new Item(
        said.id(),
        "mine",
        kind,
        plain(said.text()),
        said.mediaId(),
        seconds,
        remark(said),
        tone(said));
  }

  private String deed(Line.Said said) {
    String what = said.text();
    return switch (said.type()) {
      case "subscribe" ->
          what.isEmpty()
              ? words.of("demo.followed")
              : words.of("demo.followed-by", territories.nameForScene(what));
      case "unsubscribe" -> words.of("demo.left");
      case "SCAN" -> words.of("demo.scanned", territories.nameForScene(what));
      case "CLICK" -> words.of("demo.tapped", what);
      default -> said.type() + " " + what;
    };
  }

  private Item theirs(Phone phone, Line.Heard heard) {
    String media = phone.mediaIn(heard);
    if (media != null) {
      Buffer came = phone.sent(media);
      int seconds =
          heard.text().equals("[语音]") && came != null
              ? Sounds.read(came).map(each -> (int) each.lasts().toSeconds()).orElse(0)
              : 0;
      return new Item(
          heard.id(),
          "theirs",
          heard.text().equals("[语音]") ? "voice" : "image",
          plain(heard.text()),
          media,
          seconds,
          paid(heard.quota()),
          "paid");
    }
    return switch (heard.way()) {
      case FAILURE -> middle(heard.id(), "failure", heard.text());
      case PASSIVE ->
          new Item(
              heard.id(),
              "theirs",
              "text",
              linked(heard.text()),
              null,
              0,
              words.of("demo.passive"),
              "quiet");
      case NOTICE, MASS ->
          new Item(
              heard.id(),
              "theirs",
              "notice",
              plain(heard.text()),
              null,
              0,
              words.of(heard.way() == Line.Way.MASS ? "demo.mass" : "demo.notice"),
              "quiet");
      case CUSTOMER_SERVICE ->
          new Item(
              heard.id(),
              "theirs",
              "text",
              linked(heard.text()),
              null,
              0,
              paid(heard.quota()),
              "paid");
    };
  }

  private String paid(Quota quota) {
    return quota.of() == 0
        ? words.of("demo.customer-service")
        : words.of("demo.customer-service-left", quota.left(), quota.of(), lasts(quota.lasts()));
  }

  private String remark(Line.Said said) {
    List<Attempt> attempts = said.attempts();
    if (attempts.isEmpty()) {
      // An earlier chat has no attempts; a message on its way has none yet.
      boolean isNew = Duration.between(said.at(), clock.instant()).toSeconds() < 20;
      return isNew && said.messageId() > 0 ? words.of("demo.sending") : "";
    }
    if (attempts.size() == 1) {
      return attempt(attempts.getFirst());
    }
    return String.join(
        "\n",
        attempts.stream()
            .map(each -> words.of("demo.attempt", each.number(), attempt(each)))
            .toList());
  }

  private String attempt(Attempt attempt) {
    return switch (attempt.result()) {
      case REPLIED, SUCCESS -> words.of("demo.answered", took(attempt.took()));
      case TIMED_OUT -> words.of("demo.timed-out", took(attempt.took()));
      case UNREACHABLE -> words.of("demo.unreachable");
      case REFUSED, INVALID -> words.of("demo.refused", attempt.detail());
    };
  }

  private static String tone(Line.Said said) {
    boolean smooth =
        said.attempts().size() <= 1
            && said.attempts().stream()
                .allMatch(each -> each.reply() != null || each.detail().isEmpty());
    return smooth ? "quiet" : "slow";
  }

  private String took(Duration took) {
    return took.toMillis() < 1_000
        ? words.of("demo.milliseconds", took.toMillis())
        : words.of("demo.seconds", "%.1f".formatted(took.toMillis() / 1_000.0));
  }

  static String lasts(Duration time) {
    return time.toHours() > 0
        ? "%d:%02d".formatted(time.toHours(), time.toMinutesPart())
        : "0:%02d:%02d".formatted(time.toMinutesPart(), time.toSecondsPart());
  }

  private String when(Instant at) {
    ZonedDateTime then = at.atZone(zone);
    LocalDate today = LocalDate.ofInstant(clock.instant(), zone);
    String time = then.format(TIME);
    if (then.toLocalDate().equals(today)) {
      return time;
    }
    if (then.toLocalDate().equals(today.minusDays(1))) {
      return words.of("demo.yesterday", time);
    }
    Locale locale = Locale.forLanguageTag(words.tag());
    return then.format(DateTimeFormatter.ofPattern(words.of("demo.day"), locale)) + " " + time;
  }

  private static Item middle(long id, String kind, String text) {
    return new Item(id, "none", kind, plain(text), null, 0, "", "quiet");
  }

  private static List<Part> plain(String text) {
    return List.of(new Part(text, null));
  }

  /// WeChat makes links of anchors and of addresses, and of nothing else.
  private static List<Part> linked(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher link = LINK.matcher(text);
    int from = 0;
    while (link.find()) {
      if (link.start() > from) {
        parts.add(new Part(text.substring(from, link.start()), null));
      }
      String bare = link.group("bare");
      parts.add(
          bare == null ? new Part(link.group("words"), link.group("to")) : new Part(bare, bare));
      from = link.end();
    }
    if (from < text.length()) {
      parts.add(new Part(text.substring(from), null));
    }
    return parts;
  }
}
