package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.platform.Refusal;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The places in a canned reply where something of the case stands: `{称呼}`, `{编号}`, `{期限}`,
/// `{工作人员}`, `{社区}`; in English `{name}`, `{number}`, `{due}`, `{staff}`, `{community}`.
final class Blanks {
  enum Blank {
    NAME,
    NUMBER,
    DUE,
    STAFF,
    COMMUNITY
  }

  private static final Map<String, Blank> BY_WORD =
      Map.of(
          "称呼", Blank.NAME,
          "编号", Blank.NUMBER,
          "期限", Blank.DUE,
          "工作人员", Blank.STAFF,
          "社区", Blank.COMMUNITY,
          "name", Blank.NAME,
          "number", Blank.NUMBER,
          "due", Blank.DUE,
          "staff", Blank.STAFF,
          "community", Blank.COMMUNITY);

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
