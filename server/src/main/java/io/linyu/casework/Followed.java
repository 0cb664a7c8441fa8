package io.linyu.casework;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A case as the person who told it follows it, like a parcel.
///
/// @param steps what happened, oldest first
/// @param answers what staff answered, oldest first
/// @param known the known matter that it is handled with; null: it is handled by itself
/// @param next what is promised next, and by when; null when there is nothing
/// @param alsoAtWork names of the desks that do a part of it
public record Followed(
    Case matter,
    List<Line> steps,
    List<Answer> answers,
    KnownMatter.@Nullable Followed known,
    @Nullable CaseClock next,
    List<String> alsoAtWork) {
  /// Whether it came to an end without being solved.
  public boolean isUnsolved() {
    return !matter.isOpen()
        && steps.stream().anyMatch(each -> each.word().equals("closed_unsolved"));
  }

  /// Whether somebody still has to do something, for this matter or the known one.
  public boolean goesOn() {
    return matter.isOpen() || (known != null && !known.matter().isOver());
  }
}
