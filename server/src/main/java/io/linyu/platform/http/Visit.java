package io.linyu.platform.http;

import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// What every page for residents has around it. How large and in what language is chosen by plain
/// links and remembered on the phone.
///
/// @param large everything set larger, for the elderly
/// @param path of this page
public record Visit(Words words, Moments moments, boolean large, String path) {
  private static final String SIZE_COOKIE = "linyu_size";
  private static final Duration REMEMBERED = Duration.ofDays(365);

  /// @param language of the person whom the page belongs to; null: as the browser asks
  public static Visit of(
      RoutingContext rc, ZoneId zone, Instant now, @Nullable String language, boolean secure) {
    return of(rc, zone, now, language, secure, false);
  }

  /// Of a page that is mostly for the elderly: large, unless they have chosen otherwise.
  public static Visit inLargeType(
      RoutingContext rc, ZoneId zone, Instant now, @Nullable String language, boolean secure) {
    return of(rc, zone, now, language, secure, true);
  }

  private static Visit of(
      RoutingContext rc,
      ZoneId zone,
      Instant now,
      @Nullable String language,
      boolean secure,
      boolean usuallyLarge) {
    Words words = Frame.words(rc, language);
    String speaks = rc.request().getParam("language");
    if (speaks != null && Words.LANGUAGES.contains(speaks)) {
      words = Words.in(speaks);
      remember(rc, Frame.LANGUAGE_COOKIE, speaks, secure);
    }
    Cookie known = rc.request().getCookie(SIZE_COOKIE);
    boolean large = known == null ? usuallyLarge : known.getValue().equals("large");
    String size = rc.request().getParam("size");
    if (size != null) {
      large = size.equals("large");
      remember(rc, SIZE_COOKIE, large ? "large" : "usual", secure);
    }
    rc.response().putHeader("X-Robots-Tag", "noindex, nofollow");
    return new Visit(words, new Moments(words, zone, now), large, rc.normalizedPath());
  }

  /// The same, of a page that is answered with after something was sent elsewhere.
  public Visit at(String page) {
    return new Visit(words, moments, large, page);
  }

  private static void remember(RoutingContext rc, String name, String value, boolean secure) {
    rc.response()
        .addCookie(
            Cookie.cookie(name, value)
                .setPath("/")
                .setMaxAge(REMEMBERED.toSeconds())
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.LAX));
  }
}
