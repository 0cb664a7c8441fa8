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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What residents hand in on the page of their matter: the way of documents, which a chat does not
/// take from them. It adds to the matter as their words do, and is kept where these are.
///
/// What comes in one request is taken as a whole or not at all, and each file once: whoever did not
/// hear the answer sends the same again, perhaps with something more, and what had arrived is
/// there.
public final class HandIns {
  static final int MOST_AT_ONCE = 5;
  static final int MOST = 30;
  static final int MOST_A_DAY = 15;
  static final int LONGEST_WORDS = 500;
  static final Duration MAY_TAKE_BACK = Duration.ofMinutes(10);

  private static final Duration DAY = Duration.ofDays(1);

  /// They are in memory as a whole while they are looked at and kept, all requests together.
  private static final int MEGABYTES_AT_ONCE = 100;

  private static final Pattern KEY = Pattern.compile("[0-9A-Za-z_-]{16,64}");

  /// Keeps what residents say, and hand in.
  public interface Keeper {
    /// Where what they hand in now is kept; held until the transaction is over, and so before the
    /// case.
    ///
    /// @param consent by which somebody hands it in for the person; null: they do it themselves
    /// @return empty: there is no such place
    Optional<Long> hold(Tx tx, Case matter, @Nullable Long consent);

    /// @param words said with them; empty: none
    /// @param digests of the contents, which are kept already
    /// @return the messages: the one of the words, if there are any, then one for each file
    Messages keep(
        Tx tx,
        long place,
        CaseId id,
        Instant at,
        String words,
        List<TakenFile> files,
        List<Buffer> digests);

    /// What is left of those that came with these messages, by message.
    Map<Long, Kept> of(Sql sql, Collection<Long> messages);

    /// Leaves nothing of what came with this message but that something did.
    void forget(Tx tx, long message);

    /// What danger to life these words tell of, such as `fire`, by which the bot knows it; empty:
    /// none.
    Optional<String> danger(String words);
  }

  /// @param words null: none were said
  public record Messages(@Nullable Long words, List<Long> files) {
    List<Long> all() {
      var all = new ArrayList<Long>();
      if (words != null) {
        all.add(words);
      }
      all.addAll(files);
      return all;
    }
  }

  /// @param code for the outside, in URLs
  public record Kept(String code, Enclosure.Kind kind, String name, long bytes, Buffer digest) {}

  /// One that was handed in.
  ///
  /// @param of the case that it belongs to: the one of the page, or what was kept apart from it
  /// @param consent by which somebody handed it in for the person; null: they did it themselves
  /// @param own whether it was handed in on the page that asks
  /// @param mayBeTakenBack by whoever has that page
  public record Paper(
      Kept file,
      CaseId of,
      long message,
      Instant at,
      @Nullable Long consent,
      boolean own,
      boolean mayBeTakenBack) {
    public String size() {
      return Enclosure.size(file.bytes());
    }
  }

  /// What came in one request.
  ///
  /// @param to the case that it belongs to
  record Came(int count, CaseId to) {}

  /// As it arrives.
  ///
  /// @param bytes how many there are, before anything is read
  record Given(String name, long bytes, Supplier<Buffer> content) {}

  private final Db db;
  private final Clock clock;
  private final Cases cases;
  private final CaseFiles files;
  private final Intake intake;
  private final Blobs blobs;
  private final HandInStore store = new HandInStore();
  private final Semaphore megabytes = new Semaphore(MEGABYTES_AT_ONCE, true);
  private volatile Keeper keeper = NOBODY;

  HandIns(Db db, Clock clock, Cases cases, CaseFiles files, Intake intake) {
    this.db = db;
    this.clock = clock;
    this.cases = cases;
    this.files = files;
    this.intake = intake;
    this.blobs = new Blobs(db);
  }

  /// Until then nothing can be handed in.
  public void keptBy(Keeper whoever) {
    keeper = whoever;
  }

  /// Whether something may still be added. What is over goes on as another matter.
  static boolean isOpenTo(Case matter) {
    return matter.takesMore() && matter.personId() != null && matter.addressId() != null;
  }

  /// What whoever has this page handed in; on the person's own page what was handed in for them,
  /// too. The newest first.
  List<Paper> of(Cases.Link link) {
    return papers(db, link);
  }

  /// All that was handed in to a case, the oldest first.
  public List<Paper> of(Staff staff, CaseId id) {
    Case matter = cases.visibleTo(staff, id);
    return papers(db, new Cases.Link(matter, null), List.of(id)).reversed();
  }

  private List<Paper> papers(Sql sql, Cases.Link link) {
    return papers(sql, link, store.withApart(sql, link.matter().id()));
  }

  private List<Paper> papers(Sql sql, Cases.Link link, List<CaseId> of) {
    List<HandInStore.HandedIn> rows =
        store.of(sql, of).stream()
            .filter(each -> link.isOwner() || Objects.equals(each.consent(), link.consent()))
            .toList();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<Long, Kept> kept =
        keeper.of(sql, rows.stream().map(HandInStore.HandedIn::message).toList());
    Instant since = clock.instant().minus(MAY_TAKE_BACK);
    var papers = new ArrayList<Paper>();
    for (HandInStore.HandedIn each : rows) {
      Kept file = kept.get(each.message());
      if (file != null) {
        boolean own = Objects.equals(each.consent(), link.consent());
        papers.add(
            new Paper(
                file,
                each.of(),
                each.message(),
                each.at(),
                each.consent(),
                own,
                own && each.at().isAfter(since)));
      }
    }
    return papers;
  }

  /// What came under this key; empty: nothing did.
  Optional<Came> came(Cases.Link link, String key) {
    return came(db, link.matter().id(), key);
  }

  private Optional<Came> came(Sql sql, CaseId id, String key) {
    return store.came(sql, store.withApart(sql, id), key);
  }

  /// @throws Refusal when it is not to be seen on this page
  Paper seen(Cases.Link link, String code) {
    return papers(db, link).stream()
        .filter(each -> each.file().code().equals(code))
        .findFirst()
        .orElseThrow(Refusal::notFound);
  }

  Blob content(Paper paper) {
    return blobs.get(paper.file().digest()).orElseThrow(Refusal::notFound);
  }

  /// Takes all of these, or none.
  ///
  /// @param key made by the page, the same whenever it sends the same; what it has sent is told by
  ///   it
  /// @throws Refusal with a sentence that names the file, when one of them is not taken
  void handIn(Cases.Link link, String key, String words, List<Given> given) {
    if (!KEY.matcher(key).matches()) {
      throw new Refusal("form-outdated", 422);
    }
    String said = words.strip();
    if (!isOpenTo(cases.asTold(db, link.matter())) && came(link, key).isPresent()) {
      return; // it had arrived before the matter was over
    }
    requireSound(link, said, given);
    int large = megabytes(given);
    megabytes.acquireUninterruptibly(large);
    try {
      var taken = new ArrayList<TakenFile>();
      for (Given each : given) {
        taken.add(TakenFile.of(TakenFile.From.RESIDENT, each.name(), each.content().get()));
      }
      db.withinTransaction(tx -> handIn(tx, link, key, said, taken));
    } finally {
      megabytes.release(large);
    }
  }

  /// Where whoever has this page speaks, held until the transaction is over.
  long hold(Tx tx, Cases.Link link) {
    return place(tx, link).orElseThrow(() -> new Refusal("papers-over", 409));
  }

  /// The same; empty: nowhere any more.
  Optional<Long> place(Tx tx, Cases.Link link) {
    return keeper.hold(tx, link.matter(), link.consent());
  }

  /// Keeps words that come without files.
  ///
  /// @return the messages
  List<Long> say(Tx tx, long place, CaseId id, Instant at, String words) {
    return keeper.keep(tx, place, id, at, words, List.of(), List.of()).all();
  }

  Optional<String> danger(String words) {
    return keeper.danger(words);
  }

  private void requireSound(Cases.Link link, String said, List<Given> given) {
    if (!isOpenTo(cases.asTold(db, link.matter()))) {
      throw new Refusal("papers-over", 409);
    }
    if (given.isEmpty()) {
      throw new Refusal("papers-none", 422);
    }
    if (given.size() > MOST_AT_ONCE) {
      throw new Refusal("papers-many", 422, MOST_AT_ONCE);
    }
    if (said.length() > LONGEST_WORDS) {
      throw new Refusal("text-too-long", 422, LONGEST_WORDS);
    }
    for (Given each : given) {
      TakenFile.requireSize(TakenFile.From.RESIDENT, each.name(), each.bytes());
    }
  }

  private static int megabytes(List<Given> given) {
    long bytes = given.stream().mapToLong(Given::bytes).sum();
    return (int) Math.min(MEGABYTES_AT_ONCE, 1 + (bytes >> 20));
  }

  private void handIn(Tx tx, Cases.Link link, String key, String words, List<TakenFile> taken) {
    Case matter = link.matter();
    // Before the conversation is held: they may be large, and somebody may be writing there.
    List<Buffer> digests = taken.stream().map(each -> blobs.put(tx, each.blob())).toList();
    long place =
        keeper.hold(tx, matter, link.consent()).orElseThrow(() -> new Refusal("papers-over", 409));
    files.lock(tx, matter.id());
    // Whoever was erased meanwhile has this page no more.
    Case now =
        cases
            .named(tx, matter.id())
            .filter(each -> each.code().equals(matter.code()))
            .orElseThrow(Refusal::notFound);
    Map<Same, Paper> there = arrived(tx, link, key);
    var fresh = new ArrayList<TakenFile>();
    var freshDigests = new ArrayList<Buffer>();
    var again = new ArrayList<Long>();
    for (int i = 0; i < taken.size(); i++) {
      Paper paper = there.get(new Same(digests.get(i), taken.get(i).name()));
      if (paper != null) {
        again.add(paper.message());
      } else {
        fresh.add(taken.get(i));
        freshDigests.add(digests.get(i));
      }
    }
    if (fresh.isEmpty() && (words.isEmpty() || came(tx, matter.id(), key).isPresent())) {
      store.rename(tx, again, key);
      return; // it had arrived, and the answer had not
    }
    requireRoom(tx, matter.id(), fresh.size());
    Instant at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Messages messages = keeper.keep(tx, place, matter.id(), at, words, fresh, freshDigests);
    CaseId to =
        Optional.ofNullable(now.personId())
            .flatMap(person ->
                intake.supplement(
                    tx, matter.id(), person, messages.all(), link.consent(), fresh.size()))
            .orElseThrow(() -> new Refusal("papers-over", 409));
    store.rename(tx, again, key);
    store.insert(tx, to, messages.files(), link.consent(), key, at);
  }

  private record Same(Buffer digest, String name) {}

  /// What came from this page under the same key, or a moment ago under another: nobody means to
  /// hand in the same twice.
  private Map<Same, Paper> arrived(Tx tx, Cases.Link link, String key) {
    Set<Long> same = store.under(tx, store.withApart(tx, link.matter().id()), key);
    var there = new HashMap<Same, Paper>();
    for (Paper each : papers(tx, link)) {
      if (each.mayBeTakenBack() || (each.own() && same.contains(each.message()))) {
        there.put(new Same(each.file().digest(), each.file().name()), each);
      }
    }
    return there;
  }

  private void requireRoom(Tx tx, CaseId id, int more) {
    List<HandInStore.HandedIn> all = store.of(tx, store.withApart(tx, id));
    Instant since = clock.instant().minus(DAY);
    // What was taken back counts for the day: else one could go on for ever.
    if (all.stream().filter(each -> each.at().isAfter(since)).count() + more > MOST_A_DAY) {
      throw new Refusal("papers-day", 422, MOST_A_DAY);
    }
    int there = keeper.of(tx, all.stream().map(HandInStore.HandedIn::message).toList()).size();
    if (there + more > MOST) {
      throw new Refusal("papers-full", 422, MOST);
    }
  }

  /// Nothing of it stays but that there was something. Staff who have looked at it have.
  ///
  /// @return how it was called
  String takeBack(Cases.Link link, String code) {
    Kept gone =
        db.inTransaction(tx -> {
          files.lock(tx, link.matter().id());
          Paper paper =
              papers(tx, link).stream()
                  .filter(each -> each.file().code().equals(code))
                  .findFirst()
                  .orElseThrow(Refusal::notFound);
          if (!paper.mayBeTakenBack()) {
            throw new Refusal("papers-late", 409, MAY_TAKE_BACK.toMinutes());
          }
          keeper.forget(tx, paper.message());
          files.tell(
              tx,
              paper.of(),
              rule ->
                  new CaseEvent.TakenBack(null, rule, List.of(paper.message()), link.consent()));
          return paper.file();
        });
    blobs.letGo(List.of(gone.digest()));
    return gone.name();
  }

  private static final Keeper NOBODY =
      new Keeper() {
        @Override
        public Optional<Long> hold(Tx tx, Case matter, @Nullable Long consent) {
          return Optional.empty();
        }

        @Override
        public Messages keep(
            Tx tx,
            long place,
            CaseId id,
            Instant at,
            String words,
            List<TakenFile> files,
            List<Buffer> digests) {
          throw new IllegalStateException("nobody keeps what is handed in");
        }

        @Override
        public Map<Long, Kept> of(Sql sql, Collection<Long> messages) {
          return Map.of();
        }

        @Override
        public void forget(Tx tx, long message) {
          throw new IllegalStateException("nobody keeps what is handed in");
        }

        @Override
        public Optional<String> danger(String words) {
          return Optional.empty();
        }
      };
}
