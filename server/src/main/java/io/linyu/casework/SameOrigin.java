package io.linyu.casework;

import static java.util.Objects.requireNonNullElse;

import io.linyu.platform.Refusal;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// That a form comes from a page of ours. The code in the address of a resident's page is the key,
/// so a page of others' that sends there has to know it; and still none may.
///
/// @param publicAuthority host and port at which the world reaches us
record SameOrigin(String publicAuthority) {
  static SameOrigin of(String publicUrl) {
    return new SameOrigin(URI.create(publicUrl).getAuthority());
  }

  void require(RoutingContext rc) {
    if (isForeign(rc)) {
      throw new Refusal("form-outdated", 403);
    }
  }

  private boolean isForeign(RoutingContext rc) {
    String site = rc.request().getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = rc.request().getHeader("Origin");
    if (origin == null) {
      return false; // an old browser; the code stays the key
    }
    String from = authority(origin);
    return !publicAuthority.equals(from)
        && !requireNonNullElse(rc.request().getHeader("Host"), "").equals(from);
  }

  private static @Nullable String authority(String origin) {
    try {
      return URI.create(origin).getAuthority();
    } catch (IllegalArgumentException nonsense) {
      return null;
    }
  }
}
