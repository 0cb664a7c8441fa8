package io.linyu.reception;

import io.linyu.bot.BotState;
import io.linyu.channel.AddressKey;
import io.linyu.channel.Channel.Window;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The running exchange with one address, while its row is locked: belongs to one turn on one
/// thread, and is written back at the end of it.
final class Conversation {
  final long addressId;
  final AddressKey address;

  /// Opens the person's own inbox page.
  final String code;

  /// Changes when the person is found to be another one.
  long personId;

  String language;

  @Nullable Long homeId;
  BotState state;
  @Nullable Instant nextDueAt;
  @Nullable Instant heardAt;

  /// A person has it, not the bot.
  boolean byPerson;

  /// Until when a head may answer here what they were asked ([RequestTalk]); null: nothing was
  /// asked.
  @Nullable Instant askedUntil;

  /// What that person is talking about.
  @Nullable Long caseId;

  /// Something waits for the next contact.
  boolean waiting;

  /// The platform has said that the person cannot be reached. Whoever speaks to us can.
  boolean lost;

  /// How many messages of our own the platform still takes, until `quotaUntil`.
  int quotaLeft;

  Instant quotaUntil;

  Conversation(
      long addressId,
      AddressKey address,
      String code,
      long personId,
      String language,
      BotState state,
      Instant quotaUntil) {
    this.addressId = addressId;
    this.address = address;
    this.code = code;
    this.personId = personId;
    this.language = language;
    this.state = state;
    this.quotaUntil = quotaUntil;
  }

  void remember(BotState next, Instant now) {
    state = next;
    Duration wake = next.wakeAfter();
    nextDueAt = wake == null ? null : now.plus(wake);
  }

  /// Windows replace each other and do not add up; a shorter one never takes away from a longer.
  void open(@Nullable Window window, Instant now) {
    boolean open = quotaLeft > 0 && quotaUntil.isAfter(now);
    if (window != null && !(open && quotaUntil.isAfter(now.plus(window.lasts())))) {
      quotaLeft = window.messages();
      quotaUntil = now.plus(window.lasts());
    }
  }

  /// A person who says nothing for so long has forgotten the conversation: the bot has it again.
  private static final Duration LENT = Duration.ofHours(24);

  void lendUntil(Instant now) {
    Instant back = now.plus(LENT);
    if (byPerson && (nextDueAt == null || nextDueAt.isAfter(back))) {
      nextDueAt = back;
    }
  }

  boolean isForgottenByPerson(Instant now) {
    return byPerson && (heardAt == null || !heardAt.plus(LENT).isAfter(now));
  }

  void handToPerson(@Nullable Long about) {
    byPerson = true;
    caseId = about;
  }

  void handToBot() {
    byPerson = false;
    caseId = null;
  }
}
