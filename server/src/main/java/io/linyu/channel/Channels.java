package io.linyu.channel;

import static java.util.function.Function.identity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The channels of this installation.
public final class Channels {
  private final Map<String, Channel> byName;

  public Channels(Collection<? extends Channel> channels) {
    byName = channels.stream().collect(Collectors.toUnmodifiableMap(Channel::name, identity()));
  }

  /// What every channel takes in one message, in bytes of UTF-8.
  public int shortestText() {
    return byName.values().stream().mapToInt(Channel::textLimit).min().orElse(Integer.MAX_VALUE);
  }

  public Collection<Channel> all() {
    return byName.values();
  }

  /// In the order of the alphabet.
  public List<String> names() {
    return byName.keySet().stream().sorted().toList();
  }

  public Channel of(AddressKey address) {
    Channel channel = byName.get(address.channel());
    if (channel == null) {
      throw new IllegalArgumentException("no channel " + address.channel());
    }
    return channel;
  }

  /// How whoever is there may be reached; not at all by a channel that is not set up any more.
  public Ladder ladder(AddressKey address) {
    Channel channel = byName.get(address.channel());
    return channel == null ? Ladder.REPLIES_ONLY : channel.ladder(address.account());
  }

  /// Where people may sign in to our pages by this account; empty: nowhere.
  public Optional<Channel> signingIn(String account) {
    return byName.values().stream()
        .filter(each -> each.accountsWithSignIn().contains(account))
        .findFirst();
  }

  /// By which people may sign in to our pages.
  public List<String> accountsWithSignIn() {
    return byName.values().stream().flatMap(each -> each.accountsWithSignIn().stream()).toList();
  }

  /// What our accounts suffer from now.
  public List<Trouble> troubles() {
    return byName.values().stream().flatMap(each -> each.troubles().stream()).toList();
  }
}
