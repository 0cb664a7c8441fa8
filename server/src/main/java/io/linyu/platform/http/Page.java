package io.linyu.platform.http;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import gg.jte.resolve.DirectoryCodeResolver;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;

/// Turns a view record into HTML. A page and the fragment inside it come from the same templates.
public final class Page {
  private final TemplateEngine engine;

  private Page(TemplateEngine engine) {
    this.engine = engine;
  }

  /// The templates compiled into the application.
  public static Page compiled() {
    var engine =
        TemplateEngine.createPrecompiled(null, ContentType.Html, null, "io.linyu.templates");
    engine.setBinaryStaticContent(true);
    return new Page(engine);
  }

  /// The template files themselves, compiled again when they change.
  public static Page live(Path templates, Path classes) {
    var engine =
        TemplateEngine.create(
            new DirectoryCodeResolver(templates),
            classes,
            ContentType.Html,
            Page.class.getClassLoader(),
            "io.linyu.templates.live");
    engine.setBinaryStaticContent(true);
    engine.setTrimControlStructures(true);
    return new Page(engine);
  }

  /// Answers with a page or a fragment that nobody keeps: it may be somebody's matter.
  public void send(RoutingContext rc, String template, Object view) {
    Buffer html = render(template, view);
    rc.response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Vary", "HX-Request")
        .end(html);
  }

  public Buffer render(String template, Object view) {
    var output = new Utf8ByteOutput();
    engine.render(template + ".jte", view, output);
    return Buffer.buffer(output.toByteArray());
  }
}
