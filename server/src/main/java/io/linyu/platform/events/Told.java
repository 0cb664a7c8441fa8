package io.linyu.platform.events;

import java.time.Instant;

/// An event as a listener receives it.
///
/// @param subject the id of what it happened to
public record Told<E extends DomainEvent>(long id, long subject, Instant at, E event) {}
