package io.linyu.reception;

import io.linyu.channel.AddressKey;
import io.linyu.platform.text.Words;

/// What an address is called on a page and in a chat: its channel and its account, such as `微信·主号`.
/// Never the platform's id.
final class Ways {
  private Ways() {}

  static String label(Words words, AddressKey key) {
    String named = "account." + key.account();
    return words.of(
        "way.label",
        words.of("channel." + key.channel()),
        words.has(named) ? words.of(named) : key.account());
  }
}
