package io.linyu.reception;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The few words by which a member of staff answers what they are called to. Anything else that
/// they say is what a resident says.
///
/// Numbers of errands have two digits, so that a bare `1` can mean yes. The number of a case says
/// which one is meant, too.
sealed interface DutyWord {
  /// `工作号 4827 1935`
  record Bind(String code) implements DutyWord {}

  /// `解除工作号`
  record Unbind() implements DutyWord {}

  /// `待办`
  record Todo() implements DutyWord {}

  /// `收到`, `12 收到`, `3-0417 收到`
  ///
  /// @param name null: what they were told last
  record Seen(@Nullable String name) implements DutyWord {}

  /// `12 办结 灯换好了`
  record Close(@Nullable String name, String words) implements DutyWord {}

  /// `12 转 …`
  record PassOn() implements DutyWord {}

  /// `12 备注 等配件`
  record Write(@Nullable String name, String words) implements DutyWord {}

  /// `1`
  record One() implements DutyWord {}

  /// `确认`
  record Yes() implements DutyWord {}

  /// `取消`
  record No() implements DutyWord {}

  /// `12`
  record Named(String name) implements DutyWord {}

  /// Whether words of their own stand behind it.
  default boolean hasWords() {
    return this instanceof Close || this instanceof Write || this instanceof PassOn;
  }

  /// Whether it means this only while nothing else was asked.
  default boolean isBare() {
    return this instanceof One || this instanceof Named;
  }

  Pattern BIND =
      Pattern.compile(
          "(?:绑定)?工作号[\\s:：]*(\\d{4})\\s*(\\d{4})|(?:bind )?work\\s+(\\d{4})\\s*(\\d{4})");
  String NAME = "(\\d{2}|\\d{1,4}(?:[-‐‑–—－]\\d{4})+(?:[-‐‑–—－][1-9]\\d?(?!\\d))?)";
  Pattern NAMED = Pattern.compile(NAME);
  Pattern SEEN = Pattern.compile("(?:" + NAME + "\\s*)?(?:收到了?|got it)|收到\\s*" + NAME);
  int ANY = Pattern.DOTALL | Pattern.CASE_INSENSITIVE;
  Pattern CLOSE =
      Pattern.compile(
          "(?:" + NAME + "\\s*)?(?:办结|close\\b)[\\s:：,，、]*(?:" + NAME + "\\s+)?(.*)", ANY);
  Pattern PASS_ON =
      Pattern.compile("(?:" + NAME + "\\s*)?(?:转(?:[办给交].*|\\s.*)?|hand on\\b.*)", ANY);
  Pattern WRITE = Pattern.compile("(?:" + NAME + "\\s*)?(?:备注|note\\b)[\\s:：,，、]+(.+)", ANY);
  Set<String> UNBIND = Set.of("解除工作号", "解绑工作号", "unbind work");
  Set<String> TODO = Set.of("待办", "我的待办", "todo");
  Set<String> YES = Set.of("确认", "1确认", "1 确认", "confirm");
  Set<String> NO = Set.of("取消", "cancel");

  /// Empty: it is none of them.
  static Optional<DutyWord> of(String said) {
    // What is handed to the resident stays as it was written.
    String plain = halfWidth(said).strip();
    String lower = plain(said);
    if (lower.equals("1")) {
      return Optional.of(new One());
    }
    if (NAMED.matcher(lower).matches()) {
      return Optional.of(new Named(lower));
    }
    if (TODO.contains(lower)) {
      return Optional.of(new Todo());
    }
    if (YES.contains(lower)) {
      return Optional.of(new Yes());
    }
    if (NO.contains(lower)) {
      return Optional.of(new No());
    }
    if (UNBIND.contains(lower)) {
      return Optional.of(new Unbind());
    }
    Matcher bind = BIND.matcher(lower);
    if (bind.matches()) {
      return Optional.of(
          new Bind(
              bind.group(1) == null
                  ? bind.group(3) + bind.group(4)
                  : bind.group(1) + bind.group(2)));
    }
    Matcher seen = SEEN.matcher(lower);
    if (seen.matches()) {
      return Optional.of(new Seen(either(seen.group(1), seen.group(2))));
    }
    Matcher close = CLOSE.matcher(plain);
    if (close.matches()) {
      String words = close.group(3);
      return Optional.of(
          new Close(either(close.group(1), close.group(2)), words == null ? "" : words.strip()));
    }
    if (PASS_ON.matcher(plain).matches()) {
      return Optional.of(new PassOn());
    }
    Matcher write = WRITE.matcher(plain);
    if (write.matches()) {
      return Optional.of(new Write(write.group(1), write.group(2).strip()));
    }
    return Optional.empty();
  }

  /// As such words are compared: in half width and small letters, without the last stop.
  static String plain(String said) {
    return halfWidth(said).strip().replaceAll("[。!！.~～,，]+$", "").strip().toLowerCase(Locale.ROOT);
  }

  /// Digits as they are typed on a computer.
  private static String halfWidth(String said) {
    var plain = new StringBuilder(said.length());
    said.chars()
        .forEach(
            each -> plain.append((char) (each >= '０' && each <= '９' ? each - '０' + '0' : each)));
    return plain.toString();
  }

  private static @Nullable String either(@Nullable String first, @Nullable String second) {
    return first == null ? second : first;
  }
}
