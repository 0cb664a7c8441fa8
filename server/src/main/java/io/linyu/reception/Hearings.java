package io.linyu.reception;

import io.linyu.bot.Input;
import io.linyu.casework.Requests;
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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Voices that nobody but a person can understand: they queue to be heard, under their own clock.
/// What a member of staff hears and types enters the dialog as the resident's own word, marked, and
/// is read back before anything is filed. What a head said to what they were asked is their answer,
/// and told to them; whoever may see the case may hear it, and its desk writes it down.
public final class Hearings {
  /// One voice in the queue.
  ///
  /// @param request to which it is the answer of a head; null: to nothing
  /// @param asks whether a head has still to say to which of several it is
  /// @param code of the sound, null until it was fetched
  /// @param failure why it cannot be had, null unless so
  public record Waiting(
      long id,
      long addressId,
      String called,
      String place,
      Instant saidAt,
      Instant dueAt,
      @Nullable Long request,
      boolean asks,
      @Nullable String code,
      @Nullable String failure) {}

  private static final int TEXT_AT_MOST = 2_000;

  /// Answers of heads that are looked at in one.
  private static final int MOST = 50;

  private final Db db;
  private final Turns turns;
  private final Outbox outbox;
  private final Events events;
  private final Desks desks;
  private final VoiceQueue queue;
  private final Requests requests;
  private final RequestTalk heads;
  private final StaffCalls calls;
  private final Clock clock;
  private final HearingStore store = new HearingStore();
  private final TurnStore conversations = new TurnStore();
  private final DutyStore duties = new DutyStore();

  Hearings(
      Db db,
      Turns turns,
      Outbox outbox,
      Events events,
      Desks desks,
      VoiceQueue queue,
      Requests requests,
      RequestTalk heads,
      StaffCalls calls,
      Clock clock) {
    this.db = db;
    this.turns = turns;
    this.outbox = outbox;
    this.events = events;
    this.desks = desks;
    this.queue = queue;
    this.requests = requests;
    this.heads = heads;
    this.calls = calls;
    this.clock = clock;
  }

  /// The voices that wait at the desks of this member of staff, the most urgent first.
  ///
  /// @param after the last one of the page before; null: the first page
  public List<Waiting> waitingFor(Staff staff, @Nullable Waiting after, int limit) {
    Long[] theirs = desksOf(staff);
    return Stream.concat(
            store.waiting(db, theirs, after, limit).stream(),
            answers(staff, theirs, after, limit).stream())
        .sorted(Comparator.comparing(Waiting::dueAt).thenComparingLong(Waiting::id))
        .limit(limit)
        .toList();
  }

  /// Of heads, to what they were asked of cases that these staff see.
  private List<Waiting> answers(Staff staff, Long[] desks, @Nullable Waiting after, int limit) {
    List<Waiting> all = store.answers(db, desks, after, limit);
    Set<Long> theirs =
        requests
            .toHear(staff, all.stream().flatMap(each -> Stream.ofNullable(each.request())).toList())
            .keySet();
    return all.stream().filter(each -> theirs.contains(each.request())).toList();
  }

  /// What a head has said to this and nobody has heard yet.
  List<Waiting> answersTo(long request) {
    return store.answersTo(db, request, MOST);
  }

  /// Whether this sound is of what a head said to this and nobody has heard yet; then it is of a
  /// note.
  boolean isAnswerTo(String code, long request) {
    return store.isAnswerTo(db, code, request);
  }

  /// Whether this sound came to one of their desks.
  boolean isTheirs(Staff staff, String code) {
    return store.isAt(db, code, desksOf(staff));
  }

  public int count(Staff staff) {
    Long[] theirs = desksOf(staff);
    return store.count(db, theirs) + answers(staff, theirs, null, MOST).size();
  }

  /// What was understood of one voice; empty: nothing.
  public record Typed(long hearing, String transcript) {}

  /// A member of staff has listened to what was said in one, and typed it.
  ///
  /// @param typed in the order in which it was said, all by the same person
  /// @return whether it was said by a head, as such
  /// @throws Refusal when it is not theirs to hear, or somebody was faster
  public boolean hear(Staff staff, List<Typed> typed) {
    String text = together(typed);
    if (text.isEmpty() || text.length() > TEXT_AT_MOST) {
      throw new Refusal("transcript-length", 422, TEXT_AT_MOST);
    }
    List<Long> asked = store.requestsOf(db, typed.stream().map(Typed::hearing).toList());
    Set<Long> answerable = requests.toHear(staff, asked).keySet();
    return db.inTransaction(tx -> {
      Instant now = clock.instant();
      // Conversations are locked first, as a turn does it.
      Conversation with =
          store
              .addressOf(tx, typed.getFirst().hearing())
              .flatMap(each -> conversations.lock(tx, each))
              .orElseThrow(Refusal::notFound);
      var heard = new ArrayList<HearingStore.Open>();
      for (Typed each : typed) {
        heard.add(heard(tx, staff, each, answerable, now));
      }
      HearingStore.Open first = heard.getFirst();
      if (heard.stream().anyMatch(each -> !isOfOne(first, each))) {
        throw Refusal.notFound();
      }
      heard.stream()
          .map(HearingStore.Open::deskId)
          .distinct()
          .forEach(desk -> tx.afterCommit(() -> queue.changed(desk)));
      var context = new Context(tx, with, null, first.messageId(), true, now);
      List<Long> messages = heard.stream().map(HearingStore.Open::messageId).toList();
      boolean ofHead = first.request() != null || first.asks();
      if (ofHead) {
        Optional<String> told =
            heads.typed(context, first.request(), text, first.saidAt(), messages);
        if (told.isPresent()) {
          calls.call(tx, with.addressId, "heard:" + typed.getFirst().hearing(), told.get());
          return true;
        }
        duties.ofResident(tx, messages);
      }
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
      return false;
    });
  }

  private static boolean isOfOne(HearingStore.Open first, HearingStore.Open other) {
    return first.addressId() == other.addressId()
        && first.asks() == other.asks()
        && Objects.equals(first.request(), other.request());
  }

  /// @param answerable to what heads were asked they may hear the answers
  private HearingStore.Open heard(
      Tx tx, Staff staff, Typed typed, Set<Long> answerable, Instant now) {
    HearingStore.Open open =
        store.lock(tx, typed.hearing(), desksOf(staff), answerable).orElseThrow(Refusal::notFound);
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
    return desks.allOf(staff).stream().map(Desk::id).toArray(Long[]::new);
  }
}
