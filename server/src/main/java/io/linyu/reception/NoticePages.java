package io.linyu.reception;

import io.linyu.channel.PageKey;
import io.linyu.platform.text.Words;
import org.jspecify.annotations.Nullable;

/// What the pages about notices are given.
public final class NoticePages {
  private NoticePages() {}

  /// @param key null: the page cannot be signed now
  /// @param given there is leave for one already
  /// @param enough and no more is needed
  public record Offer(Words words, @Nullable PageKey key, boolean given, boolean enough) {}
}
