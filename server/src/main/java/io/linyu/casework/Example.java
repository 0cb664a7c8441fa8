package io.linyu.casework;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is told in public of a case, or is to be, when whoever told it agrees.
///
/// @param code of its public page
/// @param communityId the only place that is named
/// @param toldAt when whoever told it heard that they are asked; null: they have not, or nobody has
///   to be asked
/// @param endedAt since when it counts no more; null: it does
public record Example(
    long id,
    String code,
    CaseId caseId,
    long communityId,
    String categoryCode,
    Text text,
    State state,
    long proposedBy,
    String proposedByName,
    Instant proposedAt,
    @Nullable Instant toldAt,
    @Nullable Instant publishedAt,
    @Nullable Instant endedAt) {
  /// So long whoever told it has to say yes.
  public static final Duration ASKED_FOR = Duration.ofDays(15);

  /// In words of staff.
  ///
  /// @param told what was told
  /// @param done what was done
  public record Text(String title, String told, String done) {
    public static final int LONGEST_TITLE = 40;
    public static final int LONGEST = 500;

    public static final Text EMPTY = new Text("", "", "");
  }

  public enum State {
    /// Whoever told it is asked.
    ASKED,
    PUBLIC,
    /// They have said no.
    DECLINED,
    /// They have said nothing.
    SILENT,
    /// They had said yes.
    TAKEN_BACK,
    /// By staff.
    WITHDRAWN,
    /// There is another text.
    REPLACED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  public boolean isAsked() {
    return state == State.ASKED;
  }

  public boolean isPublic() {
    return state == State.PUBLIC;
  }

  /// Until when they may say yes.
  public Instant until() {
    return (toldAt == null ? proposedAt : toldAt).plus(ASKED_FOR);
  }

  /// Whether it was left to whoever told it, and they do not want it: they are not asked again.
  boolean isRefused() {
    return state == State.DECLINED || state == State.SILENT || state == State.TAKEN_BACK;
  }
}
