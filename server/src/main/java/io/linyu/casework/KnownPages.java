package io.linyu.casework;

import io.linyu.casework.CasePages.Group;
import io.linyu.casework.CasePages.Place;
import io.linyu.casework.KnownMatter.Followed;
import io.linyu.casework.KnownMatter.Member;
import io.linyu.casework.KnownMatter.Word;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the templates of known matters are given.
public final class KnownPages {
  private KnownPages() {}

  /// @param over whether those are shown that are over
  /// @param place as it was typed
  /// @param next where the next page begins; null: this is the last
  /// @param publishes whether whoever looks may publish
  public record ListPage(
      Frame frame,
      boolean over,
      String place,
      List<Row> rows,
      @Nullable Long next,
      boolean publishes) {
    public String tab(boolean past) {
      return "/console/known?over=" + past + "&place=" + encoded(place);
    }

    public String more() {
      return tab(over) + "&before=" + next;
    }
  }

  public record Row(KnownMatter matter, String place, String category, int joined) {}

  /// The form by which one is published.
  ///
  /// @param about the case it is published from; null: none
  /// @param places to choose from, the one that is chosen first
  /// @param next and `until` as a `datetime-local` field has them
  public record FormPage(
      Frame frame,
      @Nullable Case about,
      List<Place> places,
      List<Group> categories,
      @Nullable String category,
      String next,
      String until,
      Alike alike) {}

  /// Places that the words being typed may mean.
  public record Places(Words words, String sought, List<Place> found) {}

  /// Open cases that look the same.
  ///
  /// @param more whether there are more than can be joined in one step
  public record Alike(Words words, Moments moments, List<Case> cases, boolean more) {}

  /// What a resident will read.
  public record Preview(Words words, String by, String told, String next) {}

  /// One of them.
  ///
  /// @param speaks whether whoever looks may change it
  /// @param takesBack whether it may still be taken back
  /// @param alike open cases that look the same and have not joined, for whoever may join them
  /// @param next and `until` as a `datetime-local` field has them
  public record KnownPage(
      Frame frame,
      KnownMatter matter,
      String place,
      String category,
      String by,
      int joined,
      List<Word> words,
      List<Member> members,
      @Nullable Long more,
      boolean speaks,
      boolean takesBack,
      Alike alike,
      String next,
      String until) {
    public String url() {
      return "/console/known/" + matter.code();
    }
  }

  /// What the page of a case shows of it.
  ///
  /// @param publishes whether this case may be published as known
  /// @param fitting the known matter that it could join
  /// @param follows the one that it has joined
  /// @param leaves whether it may be taken out of it
  public record OfCase(
      boolean publishes,
      @Nullable KnownMatter fitting,
      @Nullable Followed follows,
      boolean leaves) {}

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
