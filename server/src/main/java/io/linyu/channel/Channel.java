package io.linyu.channel;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One platform and our accounts on it. Its calls block and belong on a virtual thread.
public interface Channel {
  /// Within this every [#send] has ended, whatever the platform does.
  Duration LONGEST_SEND = Duration.ofSeconds(10);

  /// Within this every [#fetch] has ended.
  Duration LONGEST_FETCH = Duration.ofSeconds(50);

  /// `wechat`, `qq`, `onebot`, `web`.
  String name();

  /// How many messages of our own a person's message or deed allows, and for how long. Null when it
  /// allows none. A newer window replaces an older one unless it is the smaller.
  @Nullable Window windowOpenedBy(Content content);

  /// Whether the person sees a reply to this. Where not, what waits for them waits on.
  boolean mayAnswer(Content content);

  /// The longest text of one message, in bytes of UTF-8.
  int textLimit();

  /// Sends one text outside of a reply. Returns when the platform has accepted it.
  ///
  /// @throws ChannelError saying whether it certainly was not, or may have been, delivered
  void send(AddressKey to, String messageKey, String text);

  /// Fetches what a person sent.
  ///
  /// @throws ChannelError when it cannot be had, now or ever
  Media fetch(String account, String mediaId);

  /// What our accounts suffer from now, on any node. Never waits long.
  default List<Trouble> troubles() {
    return List.of();
  }

  record Window(int messages, Duration lasts) {}

  /// @param type the media type, such as `image/jpeg` or `audio/amr`
  record Media(String type, io.vertx.core.buffer.Buffer bytes) {}
}
