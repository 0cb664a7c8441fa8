package io.linyu.channel;

/// What a platform says of the browser that it has sent back to us.
public sealed interface Arrival {
  /// It belongs to this person.
  ///
  /// @param externalId the person's id on the platform
  record Known(String externalId) implements Arrival {}

  /// The code is wrong, was used before, or is too old.
  record CodeSpent() implements Arrival {}

  /// Somebody looks at the page without being signed in to it: the platform has invented a person,
  /// whom it does not know tomorrow.
  record Preview() implements Arrival {}
}
