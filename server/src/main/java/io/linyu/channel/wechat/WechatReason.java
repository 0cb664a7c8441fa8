package io.linyu.channel.wechat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the platform writes beside a code, as it may be kept and shown: its own words and its
/// `rid`, and nothing that it may have quoted from what we sent.
final class WechatReason {
  private static final int LONGEST = 160;

  /// An openid, a token, the id of a file or a template: whatever is long and is not the `rid`,
  /// which has hyphens.
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]{20,}|\\bo[A-Za-z0-9_-]{20,}");

  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");

  /// The platform writes in English.
  private static final Pattern FOREIGN = Pattern.compile("[^\\x20-\\x7e]+");

  /// `argument invalid! data.thing3.value invalid`
  private static final Pattern FIELD = Pattern.compile("\\bdata\\.([a-z_]{1,20}\\d{0,3})\\b");

  private WechatReason() {}

  static String kept(String said) {
    String kept = FOREIGN.matcher(said).replaceAll(" … ");
    kept = QUOTED.matcher(kept).replaceAll(" … ");
    kept = ID.matcher(kept).replaceAll("…").replaceAll("\\s+", " ").strip();
    return kept.length() <= LONGEST ? kept : kept.substring(0, LONGEST) + "…";
  }

  /// Of a notice, as its template names it.
  static @Nullable String field(String said) {
    Matcher field = FIELD.matcher(said);
    return field.find() ? field.group(1) : null;
  }
}
