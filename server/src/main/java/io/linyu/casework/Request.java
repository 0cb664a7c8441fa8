package io.linyu.casework;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a desk asks a head of the place to look at. It is a favour: nobody holds a case by it, no
/// clock runs for them, nobody is told how often they answered.
///
/// @param code of the page on which it is answered
/// @param headRole of whoever is asked
/// @param language of whoever is asked
/// @param place where to look, as residents call it
/// @param look whether the case waits for it, before it is accepted
/// @param photo whether a picture is asked for
/// @param question what to look at; empty: it is erased
/// @param until by when the desk would like to know
/// @param toldAt when they were told in a chat; null: not yet, or nowhere
/// @param answer what they said last
/// @param wordsOnly whether that was said in the chat, in words alone
/// @param spoken whether it was said by voice
/// @param endedAt since when nobody needs to know any more
/// @param live whether the case goes on, and is not told in confidence
public record Request(
    long id,
    CaseId caseId,
    String code,
    long askedBy,
    String askedByName,
    String deskName,
    long headId,
    String headName,
    String headRole,
    String language,
    String place,
    boolean look,
    boolean photo,
    String question,
    Instant askedAt,
    Instant until,
    @Nullable Instant toldAt,
    @Nullable Long answerId,
    @Nullable String answer,
    @Nullable Outcome outcome,
    @Nullable Instant answeredAt,
    boolean wordsOnly,
    boolean spoken,
    @Nullable Instant endedAt,
    boolean live) {
  /// So long after it was given an answer can be another one.
  public static final Duration CHANGEABLE = Duration.ofDays(1);

  /// What came of it. Words for these are under `request.outcome.<word>`, and under
  /// `request.look.<word>` where the case waits for it.
  public enum Outcome {
    /// Seen, and all right; of a look: seen, and it is so.
    @JsonProperty("good")
    GOOD,
    /// Seen, and not all right; of a look: nothing of the kind is there. A result, too.
    @JsonProperty("bad")
    BAD,
    /// They cannot go. Nobody asks why.
    @JsonProperty("cannot")
    CANNOT,
    /// Their words or their picture say it.
    @JsonProperty("told")
    TOLD;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Outcome ofWord(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }

    public static Optional<Outcome> of(@Nullable String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// Nobody has answered, and somebody still wants to know.
  public boolean isOpen() {
    return live && endedAt == null && answeredAt == null;
  }

  /// Whether it may be answered, for the first time or in other words.
  public boolean isOpenTo(Instant now) {
    return isOpen() || (live && endedAt == null && isChangeable(now));
  }

  private boolean isChangeable(Instant now) {
    return answeredAt != null && now.isBefore(answeredAt.plus(CHANGEABLE));
  }

  Request at(String where) {
    return new Request(
        id,
        caseId,
        code,
        askedBy,
        askedByName,
        deskName,
        headId,
        headName,
        headRole,
        language,
        where,
        look,
        photo,
        question,
        askedAt,
        until,
        toldAt,
        answerId,
        answer,
        outcome,
        answeredAt,
        wordsOnly,
        spoken,
        endedAt,
        live);
  }

  /// The key of the words for what came of it.
  public String key(Outcome of) {
    return (look ? "request.look." : "request.outcome.") + of.word();
  }
}
