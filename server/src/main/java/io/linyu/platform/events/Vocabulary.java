package io.linyu.platform.events;

/// The events of one room.
///
/// @param chained whether the events of one subject form a hash chain; then the writer must hold
///   the subject's row lock
public record Vocabulary<E extends DomainEvent>(String room, Class<E> type, boolean chained) {}
