package io.linyu.platform.http;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every page of the console has around it, and says in whose language.
///
/// @param form must come back with everything that is sent, as the header or field [#FORM]
/// @param me the code of the person, by which a device knows whose it is what it keeps
/// @param place what the person works at, in words
/// @param theme `light`, `dark`, or empty: as the person's system has it
/// @param density `compact`, or empty: with room between the rows
/// @param path of this page, to come back to
/// @param done the result of what was just done without a script, as a key under `done.`
public record Frame(
    Words words,
    Moments moments,
    String form,
    String me,
    String name,
    String place,
    String theme,
    String density,
    String path,
    @Nullable String done) {
  public static final String FORM = "X-Linyu-Form";
  public static final String LANGUAGE_COOKIE = "linyu_language";
  public static final String THEME_COOKIE = "linyu_theme";
  public static final String DENSITY_COOKIE = "linyu_density";
  public static final String COMPACT = "compact";
  private static final String KEY = "linyu.frame";
  private static final List<String> THEMES = List.of("light", "dark");

  public static Frame of(RoutingContext rc) {
    return requireNonNull(rc.<Frame>get(KEY), "not behind the console's guard");
  }

  public void enter(RoutingContext rc) {
    rc.put(KEY, this);
  }

  /// Of whoever is signed in, else as the device or the browser asks.
  static Words wordsOf(RoutingContext rc) {
    Frame frame = rc.get(KEY);
    return frame == null ? words(rc, null) : frame.words();
  }

  /// As chosen on this device, else as `other` says, else as the browser asks.
  public static Words words(RoutingContext rc, @Nullable String other) {
    Cookie chosen = rc.request().getCookie(LANGUAGE_COOKIE);
    if (chosen != null && Words.LANGUAGES.contains(chosen.getValue())) {
      return Words.in(chosen.getValue());
    }
    if (other != null) {
      return Words.in(other);
    }
    String asked = rc.request().getHeader("Accept-Language");
    return Words.in(asked != null && asked.startsWith("en") ? "en" : Words.DEFAULT_LANGUAGE);
  }

  public static String density(RoutingContext rc) {
    Cookie chosen = rc.request().getCookie(DENSITY_COOKIE);
    return chosen != null && chosen.getValue().equals(COMPACT) ? COMPACT : "";
  }

  public static String theme(RoutingContext rc) {
    Cookie chosen = rc.request().getCookie(THEME_COOKIE);
    return chosen != null && THEMES.contains(chosen.getValue()) ? chosen.getValue() : "";
  }
}
