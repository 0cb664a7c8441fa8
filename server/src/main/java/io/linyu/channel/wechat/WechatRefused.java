package io.linyu.channel.wechat;

/// A callback that is turned away. The caller learns the status and nothing else.
final class WechatRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final Reason reason;

  enum Reason {
    UNKNOWN_ACCOUNT,
    PARAMETER,
    SIGNATURE,
    STALE,
    TOO_LARGE,
    TOO_SLOW,
    TYPE,
    PLAINTEXT,
    ENVELOPE,
    MALFORMED
  }

  WechatRefused(int status, Reason reason) {
    super(reason.name(), null, false, false);
    this.status = status;
    this.reason = reason;
  }

  static WechatRefused malformed() {
    return new WechatRefused(400, Reason.MALFORMED);
  }

  int status() {
    return status;
  }

  Reason reason() {
    return reason;
  }
}
