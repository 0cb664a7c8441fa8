package io.linyu.casework;

import io.linyu.platform.http.Frame;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages of looks at cases of other units are given.
public final class OutsideLookPages {
  private OutsideLookPages() {}

  /// @param typed the number or link, as far as it is known
  /// @param chosen the word of the reason; empty: none yet
  /// @param no why it is not shown; null: nobody has asked yet
  /// @param missing whether it was opened by its address, and is not there for them
  public record AskPage(
      Frame frame,
      String typed,
      String chosen,
      String words,
      @Nullable String no,
      boolean missing,
      List<String> reasons) {}

  /// Something that was said, by whom and when.
  public record Said(String by, Instant at, String text) {}

  /// Masked as it is on paper: names, doors, numbers.
  ///
  /// @param until when the page closes
  /// @param reason in words
  /// @param category in words; null: none yet
  /// @param person null: nobody is known
  public record LookPage(
      Frame frame,
      Case matter,
      String state,
      Instant until,
      String reason,
      String title,
      String what,
      @Nullable String category,
      @Nullable String person,
      @Nullable String phone,
      List<Said> answers,
      List<Said> notes,
      List<Said> history) {}
}
