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
  /// The token is called replaced by a newer one although it is not.
  TOKEN_NOT_LATEST,
  /// The connection breaks before anything is answered or done.
  DROPPED_UNASKED,
  /// The day's calls are used up.
  DAILY_QUOTA,
  /// The day's calls are used up, and so is starting them anew.
  DAILY_QUOTA_CLEARED,
  /// Too many within a minute.
  TOO_OFTEN,
  /// This kind of call has been taken away from the account.
  BANNED,
  /// The account never had this kind of call.
  NO_PERMISSION,
  /// The template of a notice is not one of the account's.
  UNKNOWN_TEMPLATE,
  /// A value in a notice is not what its template takes there.
  VALUE_REFUSED,
  /// The server's address is not on the account's list.
  ADDRESS_NOT_LISTED,
  /// It is done, and the answer is empty.
  EMPTY_ANSWER,
  /// It is done, and the answer is an empty object in JSON.
  ANSWER_WITHOUT_CODE,
  /// It is done, and the answer is JSON of another type.
  ANSWER_OF_ANOTHER_TYPE,
  /// Somebody in between shows a page, as hotels do. It is not done.
  STRANGE_PAGE,
  /// It is done, and the answer comes a byte a time and never ends.
  TRICKLING
}
