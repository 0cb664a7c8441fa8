package io.linyu.channel;

/// Where a person is reached, as the platform knows it.
///
/// @param channel `wechat`, `qq`, `onebot` or `web`
/// @param account the key of our own account in the settings, such as `main`
/// @param externalId the person's id on the platform: openid, QQ number …
public record AddressKey(String channel, String account, String externalId)
    implements Comparable<AddressKey> {
  public AddressKey {
    if (channel.isEmpty() || account.isEmpty() || externalId.isEmpty()) {
      throw new IllegalArgumentException("an address names channel, account and external id");
    }
  }

  /// The account of ours at which it is.
  public AccountKey ours() {
    return new AccountKey(channel, account);
  }

  /// The order in which rows are locked, so that two transactions never wait for each other.
  @Override
  public int compareTo(AddressKey other) {
    int order = channel.compareTo(other.channel);
    if (order == 0) {
      order = account.compareTo(other.account);
    }
    return order == 0 ? externalId.compareTo(other.externalId) : order;
  }
}
