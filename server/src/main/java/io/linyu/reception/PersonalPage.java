package io.linyu.reception;

import com.fasterxml.jackson.databind.JsonNode;
import io.linyu.platform.text.Words;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/// What is held on a person, as a page that they can read without any program of ours: one file,
/// nothing in it is fetched from anywhere.
final class PersonalPage {
  private final Words words;
  private final DateTimeFormatter time;

  PersonalPage(Words words, ZoneId zone) {
    this.words = words;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(zone);
  }

  byte[] of(JsonNode all) {
    var page = new StringBuilder(4_096);
    String title = words.of("personal.title");
    page.append(
            "<!doctype html>\n<html lang=\"%s\"><meta charset=\"utf-8\">".formatted(words.tag()))
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append("<title>")
        .append(title)
        .append("</title>\n<style>")
        .append("body{font:18px/1.6 sans-serif;max-width:46em;margin:2em auto;padding:0 1em}")
        .append("dl{border-top:1px solid #ccc;padding-top:.5em}dt{color:#666;font-size:.8em}")
        .append("dd{margin:0 0 .4em;overflow-wrap:anywhere;white-space:pre-wrap}")
        .append("</style>\n<h1>")
        .append(title)
        .append("</h1>\n<p>")
        .append(
            escaped(
                words.of("personal.made", time.format(Instant.parse(all.get("made_at").asText())))))
        .append("</p>\n");
    for (PersonalDataStore.Part part : PersonalDataStore.PARTS) {
      JsonNode rows = all.get(part.name());
      page.append("<h2>")
          .append(escaped(words.of("personal." + part.name())))
          .append(" (")
          .append(rows.size())
          .append(")</h2>\n");
      rows.forEach(row -> row(page, row));
    }
    return page.append("</html>\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void row(StringBuilder page, JsonNode row) {
    page.append("<dl>");
    for (Map.Entry<String, JsonNode> each : row.properties()) {
      if (each.getValue().isNull()) {
        continue;
      }
      page.append("<dt>").append(escaped(each.getKey())).append("</dt><dd>");
      if (each.getKey().equals("file")) {
        page.append("<a href=\"")
            .append(escaped(each.getValue().asText()))
            .append("\">")
            .append(escaped(each.getValue().asText()))
            .append("</a>");
      } else {
        page.append(escaped(told(each.getValue())));
      }
      page.append("</dd>");
    }
    page.append("</dl>\n");
  }

  /// The words of a message alone, times as people write them, the rest as it is.
  private String told(JsonNode value) {
    if (value.isObject() && value.path("kind").asText().equals("text")) {
      return value.path("text").asText();
    }
    if (value.isTextual() && value.asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:.*")) {
      return time.format(OffsetDateTime.parse(value.asText()));
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
