package io.linyu.demo;

import io.linyu.platform.text.Words;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the demo page shows.
public final class DemoPages {
  private DemoPages() {}

  /// @param zone by whose time the phone goes
  /// @param logins who can sign in beside the phone
  public record Whole(
      Words words,
      String zone,
      Screen screen,
      List<Someone> residents,
      List<Town.Worker> logins,
      List<Choice> menu,
      List<Choice> voices,
      List<Choice> photos,
      List<Choice> places,
      List<Choice> doors) {}

  public record Someone(String key, String called, boolean chosen) {
    public String face() {
      return called.substring(0, 1);
    }
  }

  public record Choice(String key, String label) {}

  /// One phone's chat.
  ///
  /// @param account what the public account is called
  public record Screen(
      Words words,
      String who,
      String face,
      String account,
      boolean follows,
      boolean typing,
      Window window,
      List<Item> items) {}

  /// @param lasts such as `47:59`; empty when no window is open
  public record Window(int left, int of, String lasts) {}

  /// One thing in the chat.
  ///
  /// @param side `mine`, `theirs`, or `none` for what stands in the middle
  /// @param kind `text`, `image`, `voice`, `location`, `note`, `time` or `failure`
  /// @param tone of the remark below: `quiet`, `paid`, `slow`
  public record Item(
      long id,
      String side,
      String kind,
      List<Part> parts,
      @Nullable String media,
      int seconds,
      String remark,
      String tone) {
    public String text() {
      return String.join("", parts.stream().map(Part::text).toList());
    }
  }

  /// Words, or a link.
  public record Part(String text, @Nullable String href) {}
}
