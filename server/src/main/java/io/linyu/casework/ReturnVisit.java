package io.linyu.casework;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The resident is asked whether it is solved: how often, and what they say.
///
/// @param answerId what they were told was done
/// @param tries how often they were asked, counted or not
/// @param counted tries that a platform accepted, or that somebody made by telephone
/// @param days on how many days those were
/// @param endedAt null: it goes on
/// @param passedBy who had checked it; null: nobody had
public record ReturnVisit(
    long id,
    CaseId caseId,
    Instant begunAt,
    long answerId,
    int tries,
    int counted,
    int days,
    @Nullable Solved solved,
    @Nullable Satisfaction satisfied,
    @Nullable Boolean contacted,
    @Nullable String words,
    @Nullable Instant ratedAt,
    @Nullable Outcome outcome,
    @Nullable Instant endedAt,
    @Nullable Long passedBy) {

  /// In the order of the numbers by which they are answered.
  public enum Solved {
    YES,
    NO,
    /// They cannot say, or only in part.
    PARTLY;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Solved> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// In the order of the numbers by which they are answered.
  public enum Satisfaction {
    SATISFIED,
    BASICALLY,
    FAIR,
    DISSATISFIED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Satisfaction> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// How it ended.
  public enum Outcome {
    /// The resident has said how it is.
    ANSWERED,
    /// They were asked often enough, and said nothing.
    NO_ANSWER,
    /// They could not be asked often enough.
    UNREACHABLE,
    /// They are not content, and somebody who leads has said why nothing more can be done.
    OVERRULED,
    /// It was not solved, and is done again.
    REOPENED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Outcome of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// What the resident says, in part or whole.
  ///
  /// @param words what else they say; null: nothing
  public record Rating(
      @Nullable Solved solved,
      @Nullable Satisfaction satisfied,
      @Nullable Boolean contacted,
      @Nullable String words) {
    public static final Rating NONE = new Rating(null, null, null, null);

    /// One part of it.
    ///
    /// @param what `solved`, `satisfied` or `contacted`
    public static Rating of(String what, String value, @Nullable String words) {
      return new Rating(
          what.equals("solved") ? Solved.of(value).orElseThrow() : null,
          what.equals("satisfied") ? Satisfaction.of(value).orElseThrow() : null,
          what.equals("contacted") ? Boolean.valueOf(value.equals("yes")) : null,
          words == null || words.isBlank() ? null : words.strip());
    }

    Rating withoutWords() {
      return new Rating(solved, satisfied, contacted, null);
    }

    /// What is said now stands over what was said before.
    Rating over(Rating before) {
      return new Rating(
          solved == null ? before.solved : solved,
          satisfied == null ? before.satisfied : satisfied,
          contacted == null ? before.contacted : contacted,
          words == null ? before.words : words);
    }
  }

  public Rating rating() {
    return new Rating(solved, satisfied, contacted, words);
  }

  public boolean isOpen() {
    return endedAt == null;
  }

  /// Whether they say that it is not good.
  public boolean isAgainst() {
    return solved == Solved.NO || satisfied == Satisfaction.DISSATISFIED;
  }

  /// Whether nothing is left to be asked.
  public boolean isWhole() {
    return solved != null && satisfied != null && contacted != null;
  }
}
