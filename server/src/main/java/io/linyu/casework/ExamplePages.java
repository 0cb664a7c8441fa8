package io.linyu.casework;

import io.linyu.casework.Examples.Published;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.time.YearMonth;
import java.time.format.TextStyle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is shown of examples.
public final class ExamplePages {
  private ExamplePages() {}

  /// As everybody reads it, and whoever is asked before.
  public record Shown(Words words, Published of) {
    /// Kind, community and month: no day, and no place below.
    public String about() {
      return words.of(
          "example.about",
          of.kind() == null ? "" : of.kind().name(words.language()),
          of.community().name(),
          month(of.month(), words.language()));
    }

    public String took() {
      return of.days() == 0 ? words.of("example.same-day") : words.of("example.days", of.days());
    }
  }

  /// On the page of whoever told it.
  ///
  /// @param shown the exact text; null: there is nothing to say
  /// @param open whether they may agree
  /// @param refused why what they said did not go; null: it did, or they said nothing
  public record AskedView(
      @Nullable Example example, @Nullable Shown shown, boolean open, @Nullable String refused) {
    public static final AskedView NONE = new AskedView(null, null, false, null);

    public String until(Moments moments) {
      return example == null ? "" : moments.before(example.until());
    }
  }

  private static String month(YearMonth month, String language) {
    return language.equals("en")
        ? month.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + month.getYear()
        : "%d年%d月".formatted(month.getYear(), month.getMonthValue());
  }
}
