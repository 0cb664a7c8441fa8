package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Words that are written again and again: one's own, those of the desks one works at, which all
/// who work there may change, and those that come with the house.
public final class CannedReplies {
  private static final int LONGEST_NAME = 30;
  private static final int LONGEST_TEXT = 1_000;

  /// Of a person, and of a desk.
  private static final int MOST = 50;

  private static final int SHOWN = 300;

  /// Those of the house: their words are under `reply.house.<n>.name` and `.text`.
  private static final int OF_THE_HOUSE = 6;

  private final Db db;
  private final Clock clock;
  private final CannedReplyStore store = new CannedReplyStore();

  CannedReplies(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// One's own first, those of the house last.
  public List<CannedReply> of(Staff staff, Words words) {
    Stream<CannedReply> house =
        IntStream.rangeClosed(1, OF_THE_HOUSE)
            .mapToObj(n ->
                new CannedReply(
                    null,
                    words.of("reply.house." + n + ".name"),
                    words.of("reply.house." + n + ".text"),
                    null,
                    null));
    return Stream.concat(store.of(db, staff, SHOWN).stream(), house).toList();
  }

  /// @param desk to share it with, one they work at; null: none
  public void add(Staff staff, String name, String text, @Nullable Long desk) {
    String called = sound(name, LONGEST_NAME);
    String written = sound(text, LONGEST_TEXT);
    if (desk != null && !staff.worksAt(desk)) {
      throw Refusal.notFound();
    }
    db.withinTransaction(tx -> {
      if (store.count(tx, staff.id(), desk) >= MOST) {
        throw new Refusal("view-too-many", 409, MOST);
      }
      store.add(tx, Codes.random(), staff.id(), desk, called, written, clock.instant());
    });
  }

  public void change(Staff staff, String code, String name, String text) {
    String called = sound(name, LONGEST_NAME);
    String written = sound(text, LONGEST_TEXT);
    var _ = with(staff, code, (tx, reply) -> store.change(tx, code, called, written));
  }

  /// As it was.
  public CannedReply remove(Staff staff, String code) {
    return with(staff, code, (tx, reply) -> store.remove(tx, code));
  }

  private CannedReply with(Staff staff, String code, BiConsumer<Tx, CannedReply> change) {
    return db.inTransaction(tx -> {
      CannedReply reply = store.named(tx, staff, code).orElseThrow(Refusal::notFound);
      change.accept(tx, reply);
      return reply;
    });
  }

  private static String sound(String typed, int longest) {
    String sound = typed.strip();
    if (sound.isEmpty()) {
      throw new Refusal("text-missing", 422);
    }
    if (sound.length() > longest) {
      throw new Refusal("text-too-long", 422, longest);
    }
    return sound;
  }
}
