package io.linyu.casework;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How somebody spoke whose words a member of staff took down, or that nobody spoke and they saw it
/// themselves. It is the channel of the case.
public enum Way {
  PHONE("phone"),
  /// 入户走访.
  VISIT("home"),
  /// 意见箱.
  BOX("inbox"),
  /// 定时定点接待.
  RECEPTION("desk"),
  /// 民情恳谈.
  TALK("message-circle"),
  /// 巡查.
  PATROL("eye");

  private final String icon;

  Way(String icon) {
    this.icon = icon;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String icon() {
    return icon;
  }

  /// Whether somebody said it, and waits for an answer.
  public boolean isTold() {
    return Case.isTold(word());
  }

  static Optional<Way> of(@Nullable String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  static List<String> words() {
    return Stream.of(values()).map(Way::word).toList();
  }
}
