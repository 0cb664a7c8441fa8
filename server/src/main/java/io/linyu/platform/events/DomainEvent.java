package io.linyu.platform.events;

/// A fact, in the past tense. Each feature has one sealed vocabulary of them, which says by
/// `@JsonTypeInfo` and `@JsonSubTypes` how they are written. Events hold ids and digests of text,
/// never text that a person may want erased.
public interface DomainEvent {}
