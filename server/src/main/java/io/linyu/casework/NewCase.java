package io.linyu.casework;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody told, ready to become a case.
///
/// @param personId who told it; null when nobody is to be told the outcome
/// @param addressId where they told it, and where the answer goes
/// @param what in the resident's own words
/// @param place in the resident's own words
/// @param territoryId where it is, as closely as known; the account's home territory when unknown
/// @param territoryKnown whether that is where it is, or only where nobody better is known
/// @param messageIds the messages it was told in
/// @param categoryCode as suggested; null: found by keywords
/// @param confirmed whether the resident said that it was understood rightly
/// @param confidential told in confidence, such as a complaint about neighbours
/// @param urgency null: the category's
/// @param deskId at which desk the person stood when they told it; null: the rules say where it
///   goes
/// @param channel the word of the channel it came by, such as `wechat`
/// @param consentId the first of the consents by which somebody told it for the person; null: they
///   told it themselves
/// @param enteredBy who of staff took it down for the person; null: it was told in a chat
public record NewCase(
    @Nullable Long personId,
    @Nullable Long addressId,
    String what,
    @Nullable String place,
    long territoryId,
    boolean territoryKnown,
    List<Long> messageIds,
    @Nullable String categoryCode,
    boolean confirmed,
    boolean confidential,
    @Nullable Urgency urgency,
    @Nullable Long deskId,
    String channel,
    @Nullable Long consentId,
    @Nullable Long enteredBy) {
  public NewCase {
    messageIds = List.copyOf(messageIds);
  }

  /// One that goes where the rules say.
  public NewCase(
      @Nullable Long personId,
      @Nullable Long addressId,
      String what,
      @Nullable String place,
      long territoryId,
      boolean territoryKnown,
      List<Long> messageIds,
      @Nullable String categoryCode,
      boolean confirmed,
      boolean confidential,
      @Nullable Urgency urgency,
      String channel) {
    this(
        personId,
        addressId,
        what,
        place,
        territoryId,
        territoryKnown,
        messageIds,
        categoryCode,
        confirmed,
        confidential,
        urgency,
        null,
        channel,
        null,
        null);
  }

  /// One that the person tells.
  public NewCase(
      @Nullable Long personId,
      @Nullable Long addressId,
      String what,
      @Nullable String place,
      long territoryId,
      boolean territoryKnown,
      List<Long> messageIds,
      @Nullable String categoryCode,
      boolean confirmed,
      boolean confidential,
      @Nullable Urgency urgency,
      @Nullable Long deskId,
      String channel) {
    this(
        personId,
        addressId,
        what,
        place,
        territoryId,
        territoryKnown,
        messageIds,
        categoryCode,
        confirmed,
        confidential,
        urgency,
        deskId,
        channel,
        null,
        null);
  }

  /// One that is told in a chat, perhaps by somebody for the person.
  public NewCase(
      @Nullable Long personId,
      @Nullable Long addressId,
      String what,
      @Nullable String place,
      long territoryId,
      boolean territoryKnown,
      List<Long> messageIds,
      @Nullable String categoryCode,
      boolean confirmed,
      boolean confidential,
      @Nullable Urgency urgency,
      @Nullable Long deskId,
      String channel,
      @Nullable Long consentId) {
    this(
        personId,
        addressId,
        what,
        place,
        territoryId,
        territoryKnown,
        messageIds,
        categoryCode,
        confirmed,
        confidential,
        urgency,
        deskId,
        channel,
        consentId,
        null);
  }

  /// The same, told in confidence.
  NewCase inConfidence() {
    return new NewCase(
        personId,
        addressId,
        what,
        place,
        territoryId,
        territoryKnown,
        messageIds,
        categoryCode,
        confirmed,
        true,
        urgency,
        deskId,
        channel,
        consentId,
        enteredBy);
  }
}
