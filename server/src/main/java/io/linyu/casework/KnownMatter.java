package io.linyu.casework;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What staff have said once for all who have the same matter: who tells of it is answered at once,
/// and joins it instead of waiting alone.
///
/// @param code for the link to its page
/// @param told what residents read, in Chinese
/// @param toldEn the same in English; null: the Chinese is shown
/// @param nextAt when residents were promised news
/// @param expiresAt from then on it answers nobody new, and asks to be ended or extended
/// @param byTerritoryId in whose name: where the publisher works
/// @param version changes with every step
/// @param endedAt null: it goes on
/// @param withdrawn taken back before it was meant
public record KnownMatter(
    long id,
    String code,
    long territoryId,
    String territoryPath,
    String categoryCode,
    String told,
    @Nullable String toldEn,
    Instant nextAt,
    Instant expiresAt,
    long publishedBy,
    String publisherName,
    long byTerritoryId,
    Instant publishedAt,
    int version,
    @Nullable Instant endedAt,
    boolean withdrawn) {

  public boolean isOver() {
    return endedAt != null;
  }

  /// Whether it answers residents.
  public boolean isCurrent(Instant now) {
    return !isOver() && expiresAt.isAfter(now);
  }

  public boolean hasExpired(Instant now) {
    return !isOver() && !expiresAt.isAfter(now);
  }

  /// Whether its promised news, its end or its extension is due.
  public boolean isDue(Instant now) {
    return !isOver() && !nextAt.isAfter(now);
  }

  public String told(String language) {
    return language.equals("en") && toldEn != null ? toldEn : told;
  }

  boolean covers(String path) {
    return path.startsWith(territoryPath);
  }

  /// One thing that was said of it.
  ///
  /// @param kind `published`, `updated`, `extended`, `ended`, `withdrawn` or `released`
  public record Word(
      int version,
      String kind,
      Instant at,
      String staffName,
      String told,
      @Nullable String toldEn,
      Instant nextAt) {
    public boolean isNews() {
      return kind.equals("published") || kind.equals("updated");
    }

    public boolean isEnd() {
      return kind.equals("ended");
    }

    public String told(String language) {
      return language.equals("en") && toldEn != null ? toldEn : told;
    }
  }

  /// What is to be published.
  ///
  /// @param category the code
  public record Plan(
      long territoryId,
      String category,
      String told,
      @Nullable String toldEn,
      Instant nextAt,
      Instant expiresAt) {}

  /// What a case that joined follows.
  ///
  /// @param byName in whose name it is said
  /// @param words all that was said of it, oldest first
  public record Followed(KnownMatter matter, String byName, List<Word> words) {
    /// How it ended; null: it goes on.
    public @Nullable Word end() {
      return words.stream().filter(Word::isEnd).findFirst().orElse(null);
    }
  }

  /// A case that joined.
  public record Member(
      CaseId id, CaseNumber number, String code, String title, String placeName, Instant at) {}

  /// One line of the list.
  ///
  /// @param joined how many cases have joined
  public record Entry(KnownMatter matter, int joined) {}

  /// @param next where the next page begins; null: this was the last
  public record Listing(List<Entry> entries, @Nullable Long next) {}

  /// @param next where the next page begins; null: this was the last
  public record Members(List<Member> members, @Nullable Long next) {}

  /// What those who joined are told next, so many at a time.
  ///
  /// @param version of the words
  /// @param staffId who said them
  /// @param to each person once, and once whoever told it for them
  public record Telling(
      KnownMatter matter,
      String byName,
      int version,
      long staffId,
      @Nullable Word end,
      List<Ear> to) {}

  /// @param first whether this is the first that the person hears of having joined
  /// @param code of the page of their matter
  /// @param personId whose it is; null: nobody's
  /// @param consentId by which somebody told it for them, who has a link of their own; null: nobody
  /// @param foremost whether this is the one of their matters by which they themselves hear what is
  ///   said to them: one of their own before any that was told for them
  public record Ear(
      long caseId,
      String number,
      String code,
      String title,
      long addressId,
      String language,
      boolean first,
      @Nullable Long personId,
      @Nullable Long consentId,
      @Nullable String speakerCode,
      boolean foremost) {}
}
