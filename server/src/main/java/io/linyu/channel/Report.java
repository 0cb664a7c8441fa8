package io.linyu.channel;

/// What the platform itself tells of a person, rather than the person.
public sealed interface Report {
  /// The person has given leave for notices of this kind, or has taken it back.
  record Leave(String template, boolean given) implements Report {}

  /// What became of a notice that the platform had accepted.
  ///
  /// @param platformId the id that it gave then
  /// @param reason in the platform's words, when it was not delivered
  record Ended(String platformId, boolean delivered, String reason) implements Report {}
}
