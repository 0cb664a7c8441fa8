package io.linyu.simulator.wechat;

/// What can go wrong on the platform's side.
public enum Fault {
  /// `-1`: try again.
  BUSY,
  /// The answer comes after ten seconds.
  SLOW,
  /// It is done, and the answer comes after two seconds.
  SLOW_AFTER_ACCEPTING,
  /// It is done after two seconds, whether somebody still waits or not, and answered then.
  SLOW_BEFORE_ACCEPTING,
  /// It is done, and the connection breaks before the answer.
  DROPPED_AFTER_ACCEPTING,
  /// Status 500 with an HTML page.
  SERVER_ERROR,
  /// The token is called expired although it is not.
  TOKEN_EXPIRED,
  /// The day's calls are used up.
  DAILY_QUOTA
}
