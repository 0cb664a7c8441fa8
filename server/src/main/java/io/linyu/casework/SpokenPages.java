package io.linyu.casework;

import io.linyu.casework.CasePages.Group;
import io.linyu.casework.CasePages.Place;
import io.linyu.community.Person;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Visit;
import io.linyu.platform.text.QrCode;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is shown of what staff take down.
public final class SpokenPages {
  private SpokenPages() {}

  /// The form as it was written.
  ///
  /// @param said when, as the browser writes local times; empty: now
  public record Written(
      Way way,
      String what,
      String place,
      String category,
      String called,
      String phone,
      boolean confidential,
      String said) {}

  /// @param key under which it is sent, however often
  /// @param around what the writer looks after: where it is when nothing else is chosen, if it is a
  ///   community
  /// @param places chosen or meant by what was written
  /// @param refused sentences, by the field they are about; `form`: about none
  /// @param earliest and `latest` moment at which it may have been said, as the browser writes them
  /// @param door of a round at which it was told; empty: at none
  public record FormPage(
      Frame frame,
      String key,
      Written written,
      Place around,
      boolean aroundIsCommunity,
      Places places,
      List<Group> categories,
      Map<String, String> refused,
      Reading reading,
      String earliest,
      String latest,
      String door) {
    public List<Way> ways() {
      return List.of(Way.values());
    }

    /// Else it has to be said where it is.
    public boolean isCommunity() {
      return aroundIsCommunity;
    }

    public @Nullable String no(String field) {
      return refused.get(field);
    }

    /// What is seldom wanted is folded away, unless something in it was. Of what was found there
    /// are pictures.
    public boolean isMoreOpen() {
      return !written.way().isTold()
          || !written.category().isEmpty()
          || !written.said().isEmpty()
          || refused.containsKey("said")
          || refused.containsKey("photo");
    }
  }

  /// @param sought as typed
  public record Places(Words words, String sought, List<Place> found) {
    /// Only where it can mean but one.
    public boolean isSure() {
      return found.size() == 1;
    }
  }

  /// Whom of those with this number it is.
  ///
  /// @param homes where they live, as residents say it; by person
  public record Tellers(Words words, List<Person> found, Map<Long, String> homes) {}

  /// What is understood of what is being written.
  ///
  /// @param kind what it seems to be; null: unknown
  /// @param known what the community has told of this already; null: nothing
  public record Reading(
      Words words,
      Moments moments,
      Spoken.@Nullable Danger danger,
      @Nullable String kind,
      List<Case> alike,
      @Nullable String known,
      boolean oob) {}

  /// What somebody takes along.
  ///
  /// @param code in groups; null: it was shown before, and nobody can show it again
  /// @param find where it is typed
  /// @param next what is promised next, and until when
  /// @param isReached whether anybody can get in touch with them
  /// @param more whether the case is theirs to see
  public record SlipPage(
      Frame frame,
      Case matter,
      @Nullable String code,
      @Nullable QrCode link,
      String find,
      @Nullable CaseClock next,
      @Nullable String phone,
      @Nullable Instant drawnAt,
      boolean isReached,
      boolean mayDraw,
      boolean more) {
    public String url() {
      return "/console/cases/" + matter.code();
    }
  }

  /// What was found on patrol and is taken down.
  ///
  /// @param more whether the case is theirs to see
  public record FoundPage(Frame frame, Case matter, boolean more) {
    public String url() {
      return "/console/cases/" + matter.code();
    }
  }

  /// @param number to be called
  public record ShownNumber(Words words, String number) {}

  /// @param typed as it was, to be mended
  /// @param no why it opened nothing; null: nothing was typed yet
  public record FindPage(Visit visit, String typed, @Nullable String no, @Nullable String phone) {}
}
