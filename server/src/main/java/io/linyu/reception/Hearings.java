package io.linyu.reception;

import io.linyu.bot.Input;
import io.linyu.channel.Content;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Voices that nobody but a person can understand: they queue to be heard, under their own clock.
/// What a member of staff hears and types enters the dialog as the resident's own word, marked, and
/// is read back before anything is filed.
public final class Hearings {
  /// One voice in the queue.
  ///
  /// @param code of the sound, null until it was fetched
  /// @param failure why it cannot be had, null unless so
  public record Waiting(
      long id,
      long addressId,
      String called,
      String place,
      Instant saidAt,
      Instant dueAt,
      @Nullable String code,
      @Nullable String failure) {}

  private static final int TEXT_AT_MOST = 2_000;

  private final Db db;
  private final Turns turns;
  private final Outbox outbox;
  private final Events events;
  private final Desks desks;
  private final VoiceQueue queue;
  private final Clock clock;
  private final HearingStore store = new HearingStore();
  private final TurnStore conversations = new TurnStore();

  Hearings(
      Db db,
      Turns turns,
      Outbox outbox,
      Events events,
      Desks desks,
      VoiceQueue queue,
      Clock clock) {
    this.db = db;
    this.turns = turns;
    this.outbox = outbox;
    this.events = events;
    this.desks = desks;
    this.queue = queue;
    this.clock = clock;
  }

  /// The voices that wait at the desks of this member of staff, the most urgent first.
  ///
  /// @param after the last one of the page before; null: the first page
  public List<Waiting> waitingFor(Staff staff, @Nullable Waiting after, int limit) {
    return store.waiting(db, desksOf(staff), after, limit);
  }

  /// Whether this sound came to one of their desks.
  boolean isTheirs(Staff staff, String code) {
    return store.isAt(db, code, desksOf(staff));
  }

  public int count(Staff staff) {
    return store.count(db, desksOf(staff));
  }

  /// What was understood of one voice; empty: nothing.
  public record Typed(long hearing, String transcript) {}

  /// A member of staff has listened to what was said in one, and typed it.
  ///
  /// @param typed in the order in which it was said, all by the same person
  /// @throws Refusal when it is not theirs to hear, or somebody was faster
  public void hear(Staff staff, List<Typed> typed) {
    String text = together(typed);
    if (text.isEmpty() || text.length() > TEXT_AT_MOST) {
      throw new Refusal("transcript-length", 422, TEXT_AT_MOST);
    }
    db.withinTransaction(tx -> {
      Instant now = clock.instant();
      var heard = new ArrayList<HearingStore.Open>();
      for (Typed each : typed) {
        heard.add(heard(tx, staff, each, now));
      }
      HearingStore.Open first = heard.getFirst();
      if (heard.stream().anyMatch(each -> each.addressId() != first.addressId())) {
        throw Refusal.notFound();
      }
      Conversation with = conversations.lock(tx, first.addressId()).orElseThrow(Refusal::notFound);
      var context = new Context(tx, with, null, first.messageId(), true, now);
      String reply =
          turns.converse(
              context,
              new Input.Heard(
                  new Content.Voice(first.mediaId(), "transcript", text),
                  first.messageId(),
                  heard.stream().skip(1).map(HearingStore.Open::messageId).toList()));
      conversations.save(tx, with);
      if (reply != null) {
        String key = "heard:" + typed.getFirst().hearing();
        outbox.say(tx, with.addressId, key, "bot", null, with.caseId, reply);
      }
      heard.stream()
          .map(HearingStore.Open::deskId)
          .distinct()
          .forEach(desk -> tx.afterCommit(() -> queue.changed(desk)));
    });
  }

  private HearingStore.Open heard(Tx tx, Staff staff, Typed typed, Instant now) {
    HearingStore.Open open =
        store.lock(tx, typed.hearing(), desksOf(staff)).orElseThrow(Refusal::notFound);
    if (open.heard()) {
      throw new Refusal("already-heard", 409);
    }
    store.heard(tx, typed.hearing(), staff.id(), typed.transcript().strip(), now);
    events.write(
        tx,
        ReceptionEvent.VOCABULARY,
        open.addressId(),
        new ReceptionEvent.VoiceHeard(typed.hearing(), staff.id()));
    return open;
  }

  /// One after another, with a comma where the one before ends without a mark.
  private static String together(List<Typed> typed) {
    var text = new StringBuilder();
    for (Typed each : typed) {
      String next = each.transcript().strip();
      boolean goesOn =
          !next.isEmpty()
              && !text.isEmpty()
              && Character.isLetterOrDigit(text.codePointBefore(text.length()));
      text.append(goesOn ? "，" : "").append(next);
    }
    return text.toString();
  }

  private Long[] desksOf(Staff staff) {
    return desks.of(staff).stream().map(Desk::id).toArray(Long[]::new);
  }
}
