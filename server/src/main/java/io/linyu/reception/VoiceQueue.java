package io.linyu.reception;

import io.linyu.community.Desk;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where voices are put for somebody to listen to; [Hearings] takes them out.
final class VoiceQueue {
  /// By when somebody listens, and how many of this person waited before.
  record Kept(Instant by, int already) {}

  private static final int HEARD_WITHIN_WORK_HOURS = 2;

  private final Events events;
  private final Supplier<WorkingCalendar> calendar;
  private final Live live;
  private final HearingStore store = new HearingStore();

  VoiceQueue(Events events, Supplier<WorkingCalendar> calendar, Live live) {
    this.events = events;
    this.calendar = calendar;
    this.live = live;
  }

  Kept keep(Tx tx, Conversation with, long messageId, Desk desk, Instant now) {
    int already = store.countOf(tx, with.addressId);
    return new Kept(keep(tx, with, messageId, desk.id(), null, false, now), already);
  }

  /// What a head said to what they were asked.
  ///
  /// @param desk that has the case
  /// @return by when somebody listens
  Instant keepAnswer(
      Tx tx, Conversation with, long messageId, long desk, long request, Instant now) {
    return keep(tx, with, messageId, desk, request, false, now);
  }

  /// The same, as long as they have not said to which of several it is.
  void keepForOneOfSeveral(Tx tx, Conversation with, long messageId, Desk desk, Instant now) {
    var _ = keep(tx, with, messageId, desk.id(), null, true, now);
  }

  /// Now they have.
  ///
  /// @return by when somebody listens to the first; empty: nobody has to any more
  Optional<Instant> isAnswer(Tx tx, List<Long> messages, long desk, long request) {
    List<HearingStore.Meant> meant = store.mean(tx, messages, desk, request);
    meant.forEach(each -> tx.afterCommit(() -> changed(each.deskBefore())));
    tx.afterCommit(() -> changed(desk));
    return meant.stream().map(HearingStore.Meant::dueAt).min(Instant::compareTo);
  }

  /// They want it to be heard no more.
  void drop(Tx tx, List<Long> messages) {
    store.drop(tx, messages).forEach(desk -> tx.afterCommit(() -> changed(desk)));
  }

  /// By when somebody listens to what was said to this; empty: to nothing.
  Optional<Instant> heardBy(Tx tx, long request) {
    return store.heardBy(tx, request);
  }

  private Instant keep(
      Tx tx,
      Conversation with,
      long messageId,
      long desk,
      @Nullable Long request,
      boolean asks,
      Instant now) {
    Instant by = calendar.get().due(now, HEARD_WITHIN_WORK_HOURS, WorkingCalendar.Unit.WORK_HOUR);
    long id = store.insert(tx, with.addressId, messageId, desk, request, asks, now, by);
    events.write(
        tx, ReceptionEvent.VOCABULARY, with.addressId, new ReceptionEvent.VoiceKept(messageId, id));
    tx.afterCommit(() -> changed(desk));
    return by;
  }

  void changed(long desk) {
    live.tell(new Live.Signal("voices", null, Set.of(desk)));
  }
}
