package io.linyu.casework;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What somebody told, ready to become a case: [#of], what else is known of it, and [Draft#ready].
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

  /// Whether somebody told it.
  boolean isTold() {
    return Case.isTold(channel);
  }

  /// One of which no more is known than this: told by nobody who is to hear of it, not confirmed,
  /// where that is, to go where the rules say.
  public static Draft of(String what, long territory, String channel) {
    return new Draft(what, territory, channel);
  }

  /// The same, to be changed.
  Draft again() {
    Draft draft = new Draft(what, territoryId, channel);
    draft.personId = personId;
    draft.addressId = addressId;
    draft.place = place;
    draft.territoryKnown = territoryKnown;
    draft.messageIds = messageIds;
    draft.categoryCode = categoryCode;
    draft.confirmed = confirmed;
    draft.confidential = confidential;
    draft.urgency = urgency;
    draft.deskId = deskId;
    draft.consentId = consentId;
    draft.enteredBy = enteredBy;
    return draft;
  }

  /// The same, told in confidence.
  NewCase inConfidence() {
    return again().confidential(true).ready();
  }

  /// What each part means is said at [NewCase].
  public static final class Draft {
    private final String what;
    private final long territoryId;
    private final String channel;
    private @Nullable Long personId;
    private @Nullable Long addressId;
    private @Nullable String place;
    private boolean territoryKnown = true;
    private List<Long> messageIds = List.of();
    private @Nullable String categoryCode;
    private boolean confirmed;
    private boolean confidential;
    private @Nullable Urgency urgency;
    private @Nullable Long deskId;
    private @Nullable Long consentId;
    private @Nullable Long enteredBy;

    private Draft(String what, long territory, String channel) {
      this.what = what;
      this.territoryId = territory;
      this.channel = channel;
    }

    /// @param address where the answer goes; null: nowhere
    public Draft by(@Nullable Long person, @Nullable Long address) {
      personId = person;
      addressId = address;
      return this;
    }

    public Draft place(@Nullable String words) {
      place = words;
      return this;
    }

    public Draft territoryKnown(boolean known) {
      territoryKnown = known;
      return this;
    }

    public Draft messages(Collection<Long> messages) {
      messageIds = List.copyOf(messages);
      return this;
    }

    public Draft category(@Nullable String code) {
      categoryCode = code;
      return this;
    }

    public Draft confirmed(boolean is) {
      confirmed = is;
      return this;
    }

    public Draft confidential(boolean is) {
      confidential = is;
      return this;
    }

    public Draft urgency(@Nullable Urgency is) {
      urgency = is;
      return this;
    }

    public Draft desk(@Nullable Long desk) {
      deskId = desk;
      return this;
    }

    public Draft consent(@Nullable Long first) {
      consentId = first;
      return this;
    }

    public Draft enteredBy(@Nullable Long staff) {
      enteredBy = staff;
      return this;
    }

    public NewCase ready() {
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
          confidential,
          urgency,
          deskId,
          channel,
          consentId,
          enteredBy);
    }
  }
}
