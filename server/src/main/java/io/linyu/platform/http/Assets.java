package io.linyu.platform.http;

import io.linyu.platform.text.Digest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;

/// Styles, scripts and icons, all served by ourselves. An address names the file's content, so it
/// may be kept for ever and an upgrade is seen at once.
public final class Assets implements Routes {
  private static final ConcurrentHashMap<String, String> URLS = new ConcurrentHashMap<>();

  /// A worker has a policy of its own. This one turns sounds into samples with WebAssembly, which
  /// no page may run.
  private static final String DECODER = "/web/js/amr-worker.js";

  /// Serves the pages of the console when there is no network, and no others.
  private static final String OUTDOORS = "/web/js/outdoors-worker.js";

  public static String url(String file) {
    return URLS.computeIfAbsent(file, Assets::versioned);
  }

  @Override
  public void mount(Router router) {
    router
        .get("/web/*")
        .handler(rc -> {
          if (rc.normalizedPath().equals(DECODER)) {
            rc.response()
                .putHeader(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'");
          }
          if (rc.normalizedPath().equals(OUTDOORS)) {
            rc.response().putHeader("Service-Worker-Allowed", "/console/");
          }
          if (rc.request().getParam("v") != null) {
            rc.response().putHeader("Cache-Control", "public, max-age=31536000, immutable");
          }
          rc.next();
        })
        .handler(
            StaticHandler.create("web")
                .setIncludeHidden(false)
                .setDirectoryListing(false)
                .setMaxAgeSeconds(Duration.ofHours(1).toSeconds()));
  }

  private static String versioned(String file) {
    try (var in = Assets.class.getResourceAsStream("/web/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("no file web/" + file);
      }
      byte[] digest = Digest.sha256(in.readAllBytes());
      return "/web/" + file + "?v=" + HexFormat.of().formatHex(digest, 0, 5);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
