package io.linyu.platform.http;

import io.linyu.platform.text.Codes;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.slf4j.MDC;

/// By which the lines of the log that belong to one request are found, and the request by the lines
/// of the proxy before us, which may have given it one. The answer carries it, too.
public final class RequestId {
  private static final String HEADER = "X-Request-Id";
  private static final String KEY = "request";
  private static final Pattern SOUND = Pattern.compile("[A-Za-z0-9._-]{8,64}");

  private RequestId() {}

  /// The first handler of every request.
  public static void give(RoutingContext rc) {
    String given = rc.request().getHeader(HEADER);
    String id = given != null && SOUND.matcher(given).matches() ? given : Codes.random();
    rc.put(KEY, id);
    rc.response().putHeader(HEADER, id);
    rc.next();
  }

  /// What is logged until it is closed belongs to this request.
  public static MDC.MDCCloseable of(RoutingContext rc) {
    return MDC.putCloseable(KEY, String.valueOf(rc.<Object>get(KEY)));
  }
}
