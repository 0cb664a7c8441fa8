package io.linyu.casework;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files away what has been closed for seven days and whose file is whole (`T25`). What is not
/// whole stays closed, is listed with what it lacks, and is looked at again every day.
///
/// What is filed away is read and not written on; but the resident has fifteen days to say that it
/// is not solved, and whoever leads may have it done again at any time: then it is taken out
/// (`T26`).
public final class Archiving {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration LOOK_AGAIN = Duration.ofDays(1);
  private static final Duration AFTER_A_FAULT = Duration.ofHours(1);
  private static final int AT_ONCE = 20;
  private static final int PAGE = 50;
  private static final Logger LOG = LoggerFactory.getLogger(Archiving.class);

  /// What a file may lack. Words for these are under `archive.lacks.<word>`.
  public enum Lack {
    /// What the resident was told at last.
    RESULT,
    /// That somebody else found it done, or that nobody had to look.
    CHECK,
    /// How the resident was asked, or why not.
    VISIT,
    /// The record of how it went, from which figures are counted.
    RECORD,
    /// Its events are not as they were written.
    CHAIN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Lack of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// @param since when that was seen first
  /// @param quiet whether it is named only to whoever has it in hand, which nobody has any more
  public record Lacking(
      CaseId id,
      String code,
      String number,
      String title,
      boolean quiet,
      String deskName,
      Instant closedAt,
      Instant since,
      List<Lack> lacks) {}

  /// Where a page of them ended.
  record Place(Instant since, long id) {}

  /// Knows which ends of cases have a record of how they went.
  public interface Records {
    /// @param ends events by which cases were closed
    /// @return those of which there is one
    Set<Long> of(Tx tx, Collection<Long> ends);
  }

  private final Db db;
  private final Events events;
  private final CaseFiles files;
  private final Cases cases;
  private final Territories territories;
  private final ArchiveStore store = new ArchiveStore();
  private final DueStore due = new DueStore("case_archive");
  private Records records = (_, _) -> Set.of();

  Archiving(Db db, Events events, CaseFiles files, Cases cases, Territories territories) {
    this.db = db;
    this.events = events;
    this.files = files;
    this.cases = cases;
    this.territories = territories;
  }

  public void start(Ticker ticker, Records kept) {
    recordedBy(kept);
    var _ = ticker.every(PAUSE, "archive", this::archiveDue);
  }

  void recordedBy(Records kept) {
    records = kept;
  }

  // What is due.

  /// True when there may be more.
  boolean archiveDue() {
    Instant now = files.now();
    try {
      return db.inTransaction(tx -> {
        List<CaseId> taken = due.take(tx, now, AT_ONCE);
        look(tx, taken, now);
        return taken.size() == AT_ONCE;
      });
    } catch (RuntimeException failed) {
      if (Db.isPassing(failed)) {
        throw failed;
      }
      return lookSingly(now);
    }
  }

  /// One that cannot be looked at takes no other with it.
  private boolean lookSingly(Instant now) {
    RuntimeException fault = null;
    List<CaseId> found = due.due(db, now, AT_ONCE);
    for (CaseId id : found) {
      try {
        db.withinTransaction(tx -> {
          if (due.take(tx, id, now)) {
            look(tx, List.of(id), now);
          }
        });
      } catch (RuntimeException failed) {
        if (Db.isPassing(failed)) {
          throw failed;
        }
        db.withinTransaction(tx -> store.lookAgain(tx, id, now.plus(AFTER_A_FAULT)));
        LOG.warn("case {} could not be filed away, tried again in an hour", id.value());
        fault = failed;
      }
    }
    if (fault != null) {
      throw fault;
    }
    return found.size() == AT_ONCE;
  }

  /// What has to be read is read once for all of them.
  ///
  /// @param taken locked
  private void look(Tx tx, List<CaseId> taken, Instant now) {
    if (taken.isEmpty()) {
      return;
    }
    Clocks by = files.clocks(tx, now);
    List<Long> subjects = taken.stream().map(CaseId::value).toList();
    Map<Long, List<Told<CaseEvent>>> told = events.of(tx, CaseEvent.VOCABULARY, subjects);
    Set<Long> broken = events.broken(tx, CaseEvent.VOCABULARY, subjects);
    Map<CaseId, Told<CaseEvent>> ends = new HashMap<>();
    told.forEach((subject, each) -> {
      Told<CaseEvent> end = end(each);
      if (end != null) {
        ends.put(new CaseId(subject), end);
      }
    });
    Set<Long> recorded = records.of(tx, ends.values().stream().map(Told::id).toList());
    Set<CaseId> worded =
        store.withWords(
            tx,
            ends.entrySet().stream()
                .collect(
                    toMap(
                        Map.Entry::getKey,
                        each -> ((CaseEvent.Closed) each.getValue().event()).answerId())));
    Map<CaseId, Case> matters =
        cases.named(tx, taken).stream().collect(toMap(Case::id, each -> each));
    for (CaseId id : taken) {
      Case matter = requireNonNull(matters.get(id));
      if (matter.state() != CaseState.CLOSED) {
        store.drop(tx, id);
        continue;
      }
      Told<CaseEvent> end = ends.get(id);
      EnumSet<Lack> lacks = lacks(told.getOrDefault(id.value(), List.of()), end);
      add(lacks, Lack.RESULT, !worded.contains(id));
      add(lacks, Lack.RECORD, end == null || !recorded.contains(end.id()));
      add(lacks, Lack.CHAIN, broken.contains(id.value()));
      if (lacks.isEmpty()) {
        archive(files.open(tx, matter, by));
      } else {
        // What the system writes itself comes soon.
        boolean soon = lacks.equals(EnumSet.of(Lack.RECORD));
        store.lacks(tx, id, lacks, now, now.plus(soon ? AFTER_A_FAULT : LOOK_AGAIN));
      }
    }
  }

  private static void add(EnumSet<Lack> lacks, Lack lack, boolean is) {
    if (is) {
      lacks.add(lack);
    }
  }

  /// Whoever has it open need not look again: nothing is otherwise but where it lies.
  private static void archive(CaseFile file) {
    Transition step = file.go(Transition.T25, Set.of(Actor.SYSTEM));
    file.tell(new CaseEvent.Archived(step, file.rule()));
    file.keep(false);
  }

  /// By which it was closed at last.
  private static @Nullable Told<CaseEvent> end(List<Told<CaseEvent>> told) {
    return told.reversed().stream()
        .filter(each -> each.event() instanceof CaseEvent.Closed)
        .findFirst()
        .orElse(null);
  }

  /// What its events do not tell: that it was checked and asked after, or the exception. Nobody is
  /// asked after what nobody told.
  private static EnumSet<Lack> lacks(List<Told<CaseEvent>> told, @Nullable Told<CaseEvent> end) {
    if (end == null || !(end.event() instanceof CaseEvent.Closed closed)) {
      return EnumSet.of(Lack.CHECK, Lack.VISIT);
    }
    boolean checked = false;
    boolean isTold = true;
    for (Told<CaseEvent> each : told) {
      if (each.id() > end.id()) {
        break;
      }
      checked =
          switch (each.event()) {
            case CaseEvent.Drafted e -> {
              isTold = Case.isTold(e.channel());
              yield false;
            }
            case CaseEvent.Checked e -> e.passed();
            case CaseEvent.CheckSkipped _ -> true;
            case CaseEvent.Reported _, CaseEvent.Reopened _ -> false;
            default -> checked;
          };
    }
    boolean excepted = closed.exception() != null;
    var lacks = EnumSet.noneOf(Lack.class);
    add(lacks, Lack.CHECK, !checked && !excepted);
    add(lacks, Lack.VISIT, closed.visit() == null && isTold && !excepted);
    return lacks;
  }

  // What staff see of it.

  /// @param next where the next page begins; null: this was the last
  record Lackings(List<Lacking> cases, @Nullable Place next) {}

  /// What is not whole, of what they may see, the newest first.
  ///
  /// @param before from the page before; null: the first
  Lackings lacking(Staff staff, @Nullable Place before) {
    List<Lacking> found = store.lacking(db, staff, Scope.of(staff, territories), before, PAGE + 1);
    List<Lacking> shown = found.subList(0, Math.min(PAGE, found.size()));
    Place next =
        found.size() > PAGE
            ? new Place(shown.getLast().since(), shown.getLast().id().value())
            : null;
    return new Lackings(List.copyOf(shown), next);
  }

  /// What one of those lacks; nothing: it is whole, or nobody has looked yet.
  List<Lack> lacks(Case matter) {
    return matter.state() == CaseState.CLOSED ? store.lacks(db, matter.id()) : List.of();
  }
}
