package io.linyu.simulator.wechat;

/// An answer with an error code; the HTTP status stays 200.
final class PlatformError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  PlatformError(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
