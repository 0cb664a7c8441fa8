package io.linyu.casework;

import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import io.linyu.platform.blobs.Blobs;
import io.linyu.platform.blobs.Blobs.Blob;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What staff send along with an answer. It is looked at when it comes in, by what it is and not by
/// its name, and waits beside the draft, its writer's alone, until it is sent or taken away.
public final class Enclosures {
  private static final int MOST_PICTURES = 9;
  private static final int MOST_VOICES = 1;
  private static final int MOST_FILES = 5;

  /// Longer than the way back is offered.
  private static final Duration MAY_COME_BACK = Duration.ofMinutes(5);

  private static final Duration KEPT = Duration.ofDays(30);
  private static final int AT_ONCE = 200;

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final Blobs blobs;
  private final EnclosureStore store = new EnclosureStore();

  Enclosures(Db db, Clock clock, Cases cases) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.blobs = new Blobs(db);
  }

  /// What waits beside this person's draft, in the order in which it will be sent.
  public List<Enclosure> waiting(Staff staff, CaseId id) {
    return store.waiting(db, staff.id(), id);
  }

  /// @param code under which it waits beside the draft
  public Enclosure waiting(Staff staff, CaseId id, String code) {
    return waiting(staff, id).stream()
        .filter(each -> each.code().equals(code))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  /// Looks at what somebody wants to send along, and puts it beside their draft.
  ///
  /// @throws Refusal with a sentence that names the file, when it cannot be sent
  public Enclosure add(Staff staff, CaseId id, String name, Buffer bytes) {
    CaseId theirs = cases.visibleTo(staff, id).id();
    TakenFile file = TakenFile.of(TakenFile.From.STAFF, name, bytes);
    return db.inTransaction(tx -> {
      store.lockDraft(tx, staff.id(), theirs);
      long already =
          store.waiting(tx, staff.id(), theirs).stream()
              .filter(each -> each.kind() == file.kind())
              .count();
      int most =
          switch (file.kind()) {
            case IMAGE -> MOST_PICTURES;
            case VOICE -> MOST_VOICES;
            case FILE -> MOST_FILES;
          };
      if (already >= most) {
        throw new Refusal("enclosure-many-" + file.kind().word(), 422, most);
      }
      return store.insert(
          tx,
          staff.id(),
          theirs,
          file.kind(),
          file.name(),
          file.blob().type(),
          file.blob().bytes().length(),
          file.seconds(),
          blobs.put(tx, file.blob()),
          clock.instant());
    });
  }

  /// Takes it away; for a while it may come back.
  public void remove(Staff staff, CaseId id, String code) {
    if (!store.remove(db, staff.id(), id, code, clock.instant())) {
      throw Refusal.notFound();
    }
  }

  public void putBack(Staff staff, CaseId id, String code) {
    if (!store.putBack(db, staff.id(), id, code)) {
      throw Refusal.notFound();
    }
  }

  /// They go with the answer, in this order.
  ///
  /// @param codes as the writer saw them; refused when one of them is gone
  void send(Tx tx, long staff, CaseId id, long answer, List<String> codes) {
    if (!codes.isEmpty() && store.send(tx, staff, id, answer, codes) != codes.size()) {
      throw new Refusal("enclosure-gone", 409);
    }
  }

  /// What was sent with these answers, in its order.
  public List<Enclosure> of(Sql sql, Collection<Long> answers) {
    return answers.isEmpty() ? List.of() : store.of(sql, answers);
  }

  /// What was sent under this code with an answer about this case; nobody else's, and nothing that
  /// is not sent.
  public Optional<Enclosure> sent(CaseId id, String code) {
    return store.sent(db, id, code);
  }

  public Blob content(Enclosure of) {
    return blobs.get(of.digest()).orElseThrow(Refusal::notFound);
  }

  /// Due work: lets go of what was taken away, and of what nobody has sent for a month.
  boolean forgetDue() {
    List<Buffer> gone =
        store.forget(
            db, clock.instant().minus(MAY_COME_BACK), clock.instant().minus(KEPT), AT_ONCE);
    blobs.letGo(Set.copyOf(gone));
    return gone.size() == AT_ONCE;
  }
}
