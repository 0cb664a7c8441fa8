package io.linyu;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The same database for Flyway, which speaks JDBC.
final class Jdbc {
  private Jdbc() {}

  /// From `postgresql://user:password@host:port/name?options`.
  static String url(String url) {
    URI uri = URI.create(url);
    var jdbc =
        new StringBuilder("jdbc:postgresql://")
            .append(uri.getHost())
            .append(':')
            .append(uri.getPort() < 0 ? 5432 : uri.getPort())
            .append(uri.getPath())
            .append('?');
    if (uri.getRawQuery() != null) {
      jdbc.append(uri.getRawQuery()).append('&');
    }
    if (uri.getUserInfo() != null) {
      String[] who = uri.getUserInfo().split(":", 2);
      jdbc.append("user=").append(encoded(who[0]));
      if (who.length == 2) {
        jdbc.append("&password=").append(encoded(who[1]));
      }
    }
    return jdbc.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
