package io.linyu.platform.http;

import io.vertx.ext.web.Router;

/// The pages and endpoints of one room.
public interface Routes {
  void mount(Router router);
}
