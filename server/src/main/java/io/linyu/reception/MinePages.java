package io.linyu.reception;

import io.linyu.platform.http.Visit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the templates of a signed-in resident's pages are given.
public final class MinePages {
  private MinePages() {}

  /// Nobody comes in here: why, and how it goes.
  ///
  /// @param why names the sentences
  /// @param link of the button; null: there is none
  public record Door(Visit visit, String why, @Nullable String link, @Nullable String phone) {}

  /// @param form must come back with what is sent
  /// @param inbox the page of what could not be sent, and of the addresses
  /// @param waits how much could not be sent
  /// @param answers where answers go, in words
  /// @param notices by which addresses notices are switched on
  /// @param mayNotify whether there are notices at all
  /// @param forOthers what they told for somebody, or may see of them; on the first page only
  /// @param acting for whom they may act
  /// @param actedFor by whom they let themselves be acted for
  /// @param older the next page; null: this was the last
  /// @param first whether this is the first page
  public record Mine(
      Visit visit,
      String form,
      String inbox,
      int waits,
      List<Matter> goingOn,
      List<Matter> over,
      String answers,
      List<String> notices,
      boolean mayNotify,
      List<Matter> forOthers,
      List<Relative> acting,
      List<Relative> actedFor,
      @Nullable String older,
      boolean first,
      @Nullable String phone) {
    public boolean isEmpty() {
      return goingOn.isEmpty() && over.isEmpty() && forOthers.isEmpty();
    }
  }

  /// @param told what they may, and until when
  /// @param end where it is ended
  public record Relative(String who, String told, String end) {}

  /// @param url empty: there is no page for them
  /// @param state in plain words
  /// @param next what is promised, and by when; empty: nothing
  /// @param late whether that is past
  /// @param at when it was said, in words
  public record Matter(
      String number,
      String title,
      String state,
      String next,
      boolean late,
      String at,
      String url) {}
}
