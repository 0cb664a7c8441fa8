package io.linyu.reception;

import io.linyu.casework.Case;
import io.linyu.channel.Notice;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.TimeWords;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/// What staff are called to, as it is said to them in their own chat: in words, and where no free
/// words go, in fields and with a link.
final class StaffCalls {
  private final Outbox outbox;
  private final String publicUrl;
  private final ZoneId zone;
  private final Clock clock;

  StaffCalls(Outbox outbox, String publicUrl, ZoneId zone, Clock clock) {
    this.outbox = outbox;
    this.publicUrl = publicUrl;
    this.zone = zone;
    this.clock = clock;
  }

  /// What stands in the fields.
  ///
  /// @param what it is, and where
  /// @param state why they are called, in a few characters
  /// @param at by when, or since when
  /// @param page where all of it is, from the root of the server
  record Fields(String what, String state, Instant at, String page) {}

  /// @param once the same for the same call
  void call(Tx tx, long address, String once, Case about, String text, Fields fields, Words words) {
    outbox.call(
        tx,
        address,
        once,
        about.id().value(),
        text,
        new Notice(
            about.number().toString(),
            fields.what(),
            fields.state(),
            fields.state(),
            fields.at(),
            link(fields.page()),
            words.language(),
            false));
  }

  /// Of no single case: where no free words go, it waits for the next contact.
  void call(Tx tx, long address, String once, String text) {
    outbox.call(tx, address, once, text);
  }

  /// @param page from the root of the server
  String link(String page) {
    return publicUrl + page;
  }

  TimeWords times(Words words) {
    return new TimeWords(zone, words.language());
  }

  Instant now() {
    return clock.instant();
  }
}
