package io.linyu.platform.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;

/// An answer that is written part by part from a virtual thread. Each part waits until the network
/// has taken it, so whoever reads slowly is written slowly, and nothing piles up here.
public final class Download extends OutputStream {
  private static final int PART = 32 * 1024;

  private final HttpServerResponse response;
  private Buffer part = Buffer.buffer(PART);

  private Download(HttpServerResponse response) {
    this.response = response;
  }

  /// @param type its media type
  /// @param packed whether it is small already
  public static Download begin(RoutingContext rc, String name, String type, boolean packed) {
    HttpServerResponse response =
        rc.response()
            .setChunked(true)
            .putHeader("Content-Type", type)
            .putHeader("Cache-Control", "no-store")
            .putHeader("Content-Disposition", "attachment; filename=\"" + name + "\"");
    if (packed) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
    }
    return new Download(response);
  }

  /// Whether nobody reads it any more.
  public boolean isOver() {
    return response.closed() || response.ended();
  }

  @Override
  public void write(int one) throws IOException {
    part.appendByte((byte) one);
    sendFull();
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    part.appendBytes(bytes, from, length);
    sendFull();
  }

  private void sendFull() throws IOException {
    if (part.length() >= PART) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    if (part.length() == 0) {
      return;
    }
    Buffer full = part;
    part = Buffer.buffer(PART);
    if (isOver()) {
      throw new IOException("nobody reads it any more");
    }
    try {
      response.write(full).await();
    } catch (Throwable gone) {
      throw new IOException("nobody reads it any more", gone);
    }
  }

  /// All of it is there.
  public void end() throws IOException {
    flush();
    try {
      response.end().await();
    } catch (Throwable gone) {
      throw new IOException("nobody reads it any more", gone);
    }
  }

  /// It did not come to its end: the reader must not take it for whole.
  public void breakOff() {
    response.reset();
  }
}
