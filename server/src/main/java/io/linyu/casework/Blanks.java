package io.linyu.casework;

import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;

import io.linyu.platform.Refusal;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The places in a canned reply where something of the case stands: `{称呼}`, `{编号}`, `{期限}`,
/// `{工作人员}`, `{社区}`; in English `{name}`, `{number}`, `{due}`, `{staff}`, `{community}`. Why
/// something is rejected has places that only whoever writes can fill.
final class Blanks {
  enum Blank {
    NAME,
    NUMBER,
    DUE,
    STAFF,
    COMMUNITY,
    /// Known to nobody but whoever writes.
    BY_HAND
  }

  private static final Map<String, Blank> BY_WORD =
      Map.ofEntries(
          entry("称呼", Blank.NAME),
          entry("编号", Blank.NUMBER),
          entry("期限", Blank.DUE),
          entry("工作人员", Blank.STAFF),
          entry("社区", Blank.COMMUNITY),
          entry("单位", Blank.BY_HAND),
          entry("电话", Blank.BY_HAND),
          entry("渠道", Blank.BY_HAND),
          entry("答复", Blank.BY_HAND),
          entry("内容", Blank.BY_HAND),
          entry("原因", Blank.BY_HAND),
          entry("name", Blank.NAME),
          entry("number", Blank.NUMBER),
          entry("due", Blank.DUE),
          entry("staff", Blank.STAFF),
          entry("community", Blank.COMMUNITY),
          entry("office", Blank.BY_HAND),
          entry("phone", Blank.BY_HAND),
          entry("channel", Blank.BY_HAND),
          entry("reply", Blank.BY_HAND),
          entry("contents", Blank.BY_HAND),
          entry("reason", Blank.BY_HAND));

  private static final Pattern BLANK =
      Pattern.compile("\\{(" + String.join("|", BY_WORD.keySet()) + ")\\}");

  private Blanks() {}

  /// What nothing is known for stays as it is, to be filled by hand.
  static String fill(String text, Function<Blank, @Nullable String> known) {
    return BLANK
        .matcher(text)
        .replaceAll(found -> {
          String value = known.apply(requireNonNull(BY_WORD.get(found.group(1))));
          return Matcher.quoteReplacement(value == null || value.isEmpty() ? found.group() : value);
        });
  }

  /// Nobody is sent a form with holes in it.
  ///
  /// @throws Refusal when a place was not filled
  static void requireNone(String text) {
    BLANK
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .findFirst()
        .ifPresent(left -> {
          throw new Refusal("answer-unfilled", 422, left);
        });
  }
}
