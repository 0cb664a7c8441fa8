package io.linyu.channel;

import java.time.Instant;

/// One thing that arrived from a platform, verified and translated.
///
/// @param externalId the platform's own id of it; a repeated delivery has the same one
/// @param sentAt when the platform says it was sent
public record Inbound(AddressKey from, String externalId, Instant sentAt, Content content) {}
