package io.linyu.community;

import io.linyu.channel.AddressKey;

/// Where one person is reached.
///
/// @param code for the person's own pages: opens their inbox, says nothing else
/// @param follows false since the person has left: nothing may be sent there
public record Address(long id, AddressKey key, long personId, String code, boolean follows) {}
