package io.linyu.reception;

import io.linyu.community.Desk;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.http.Live;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.util.Set;
import java.util.function.Supplier;

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
    Instant by = calendar.get().due(now, HEARD_WITHIN_WORK_HOURS, WorkingCalendar.Unit.WORK_HOUR);
    long id = store.insert(tx, with.addressId, messageId, desk.id(), now, by);
    events.write(
        tx, ReceptionEvent.VOCABULARY, with.addressId, new ReceptionEvent.VoiceKept(messageId, id));
    tx.afterCommit(() -> changed(desk.id()));
    return new Kept(by, already);
  }

  void changed(long desk) {
    live.tell(new Live.Signal("voices", null, Set.of(desk)));
  }
}
