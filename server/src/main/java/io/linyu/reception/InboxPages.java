package io.linyu.reception;

import io.linyu.platform.http.Visit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the template of a resident's own inbox page is given.
public final class InboxPages {
  private InboxPages() {}

  /// @param waiting what could not be sent, newest first
  /// @param upTo the newest of it
  /// @param matters newest first
  /// @param phone of the body that answers for this person
  public record Inbox(
      Visit visit, List<Letter> waiting, long upTo, List<Matter> matters, @Nullable String phone) {}

  /// @param from who said it, such as `清月园社区 张伟`
  /// @param at in words
  public record Letter(String from, String at, String text) {}

  /// @param state in plain words
  /// @param at when it was said, in words
  /// @param url of its own page
  public record Matter(
      String number, String title, String state, boolean open, String at, String url) {}
}
