package io.linyu.casework;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.health.Backlog;
import io.linyu.platform.time.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The words by which cases are found: title, what was said, what the person added, answers, notes,
/// place, category and what staff call the person. Written a moment after the case was, so that
/// nobody's turn pays for it; on an upgrade the listener hears of all cases there are, and they
/// follow one after the other.
public final class CaseWords {
  /// What residents said in their conversations, which another room keeps.
  public interface Said {
    /// @return by message; those in which there is no word, or none any more, are not in it
    Map<Long, String> of(Tx tx, Collection<Long> messages);
  }

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final int AT_ONCE = 100;

  private final Db db;
  private final Clock clock;
  private final WordStore store = new WordStore();
  private volatile Said said = (_, _) -> Map.of();

  CaseWords(Db db, Clock clock) {
    this.db = db;
    this.clock = clock;
  }

  /// By whom it is told what residents added; until then a case is found without that.
  public void ask(Said whoever) {
    said = whoever;
  }

  /// What residents said in these messages, in the order in which they are named; empty: no word.
  String said(Tx tx, Collection<Long> messages) {
    Map<Long, String> words = messages.isEmpty() ? Map.of() : said.of(tx, messages);
    return messages.stream()
        .flatMap(each -> Stream.ofNullable(words.get(each)))
        .collect(Collectors.joining("\n"));
  }

  void running(Events events, Ticker ticker) {
    Ticker.Bell bell = ticker.every(LOOK_AGAIN, "case-words", this::writeDue);
    events.listen(
        ticker,
        "case-words",
        CaseEvent.VOCABULARY,
        (tx, told) -> {
          hear(tx, told);
          tx.afterCommit(bell::ring);
        });
    // By itself, so that on an upgrade it hears of all that was ever added, also of what is added
    // while the release before has the other listener.
    events.listen(
        ticker,
        "case-additions",
        CaseEvent.VOCABULARY,
        (tx, told) -> {
          hearAdded(tx, told);
          tx.afterCommit(bell::ring);
        });
  }

  /// In which messages it was said is noted before their words are copied: whoever erases one finds
  /// by it whose words are over.
  private void hearAdded(Tx tx, List<Told<CaseEvent>> told) {
    var cases = new ArrayList<CaseId>();
    var messages = new ArrayList<Long>();
    for (Told<CaseEvent> each : told) {
      if (each.event() instanceof CaseEvent.Supplemented more) {
        for (long message : more.messageIds()) {
          cases.add(new CaseId(each.subject()));
          messages.add(message);
        }
      }
    }
    if (!cases.isEmpty()) {
      store.added(tx, cases, messages, clock.instant());
    }
  }

  private void hear(Tx tx, List<Told<CaseEvent>> told) {
    List<CaseId> changed =
        told.stream()
            .filter(each -> changesWords(each.event()))
            .map(each -> new CaseId(each.subject()))
            .distinct()
            .toList();
    if (!changed.isEmpty()) {
      store.due(tx, changed, clock.instant());
    }
  }

  private static boolean changesWords(CaseEvent event) {
    return switch (event) {
      case CaseEvent.Opened _,
          CaseEvent.HandedOff _,
          CaseEvent.Accepted _,
          CaseEvent.Answered _,
          CaseEvent.Noted _,
          CaseEvent.Supervised _,
          CaseEvent.TimeAsked _,
          CaseEvent.TimeRefused _,
          CaseEvent.Extended _,
          CaseEvent.Suspended _,
          CaseEvent.Corrected _,
          CaseEvent.AccusedNamed _,
          CaseEvent.SuspicionJudged _,
          CaseEvent.Reported _,
          CaseEvent.Checked _,
          CaseEvent.Reopened _,
          // Whether it is open.
          CaseEvent.Joined _,
          CaseEvent.Left _,
          CaseEvent.Merged _,
          CaseEvent.Unmerged _,
          CaseEvent.Split _,
          CaseEvent.SplitTakenBack _,
          CaseEvent.Withdrawn _,
          CaseEvent.Closed _,
          CaseEvent.Rejected _,
          CaseEvent.RejectionTakenBack _,
          CaseEvent.Appealed _,
          CaseEvent.HeadAsked _,
          CaseEvent.HeadAnswered _,
          CaseEvent.HeadMistaken _,
          // Why it was taken down is a note.
          CaseEvent.ExampleEnded _,
          // The desk that has it is a mark.
          CaseEvent.SentToCheck _,
          CaseEvent.ReportTakenBack _,
          CaseEvent.CheckSkipped _,
          CaseEvent.Dispatched _,
          CaseEvent.Returned _,
          CaseEvent.ReturnDecided _,
          CaseEvent.Disputed _,
          CaseEvent.Viewed _,
          CaseEvent.DisputeEnded _,
          CaseEvent.Ruled _,
          CaseEvent.ConferenceSet _,
          CaseEvent.ConferenceAnswered _,
          CaseEvent.ConferenceHeld _,
          CaseEvent.ConferenceEnded _,
          CaseEvent.LevelChanged _,
          CaseEvent.HandedOn _,
          // What is asked, and answered, is a note.
          CaseEvent.PartAsked _,
          CaseEvent.PartMoved _ ->
          true;
      case CaseEvent.Drafted _,
          CaseEvent.ConferenceCalled _,
          CaseEvent.SplitOff _,
          CaseEvent.StaffSuspected _,
          CaseEvent.StoodIn _,
          CaseEvent.NobodyThere _,
          CaseEvent.Summoned _,
          CaseEvent.Delayed _,
          CaseEvent.Urged _,
          CaseEvent.SupervisionLifted _,
          CaseEvent.Archived _,
          CaseEvent.HeadSilent _,
          CaseEvent.HeadReleased _,
          CaseEvent.ExampleProposed _,
          CaseEvent.ExampleAsked _,
          CaseEvent.ExampleAnswered _,
          CaseEvent.RuleApplied _,
          CaseEvent.TimeRequestEnded _,
          CaseEvent.Resumed _,
          CaseEvent.ClockMoved _,
          CaseEvent.Claimed _,
          CaseEvent.Released _,
          CaseEvent.AppealGranted _,
          // Heard by a listener of its own.
          CaseEvent.Supplemented _,
          // The words went with the message.
          CaseEvent.TakenBack _,
          CaseEvent.Asked _,
          CaseEvent.Unreached _,
          CaseEvent.Called _,
          CaseEvent.Rated _,
          CaseEvent.FollowerChanged _,
          CaseEvent.LetGo _,
          CaseEvent.SentToReview _ ->
          false;
    };
  }

  /// Due work: whether there may be more.
  public boolean writeDue() {
    return db.inTransaction(tx -> {
      List<Long> changed = store.take(tx, AT_ONCE);
      List<Long> added = store.takeAdded(tx, AT_ONCE);
      List<Long> due = Stream.concat(changed.stream(), added.stream()).distinct().sorted().toList();
      if (!due.isEmpty()) {
        write(tx, due);
      }
      return changed.size() == AT_ONCE || added.size() == AT_ONCE;
    });
  }

  /// Writes the words of these cases at once: of a past that was made up, which no event told of.
  ///
  /// @param first and `last` ids, both included
  public void write(long first, long last) {
    for (long from = first; from <= last; from += AT_ONCE) {
      List<Long> some =
          LongStream.rangeClosed(from, Math.min(last, from + AT_ONCE - 1)).boxed().toList();
      db.withinTransaction(tx -> write(tx, some));
    }
  }

  private void write(Tx tx, List<Long> cases) {
    Map<Long, List<Long>> added = store.added(tx, cases);
    Map<Long, String> words =
        added.isEmpty()
            ? Map.of()
            : said.of(tx, added.values().stream().flatMap(List::stream).distinct().toList());
    var more = new HashMap<Long, String>();
    added.forEach((matter, messages) ->
        more.put(
            matter,
            messages.stream()
                .map(words::get)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"))));
    store.write(tx, cases, more);
  }

  /// How many cases wait for it.
  public List<Backlog> backlogs() {
    return store.backlogs(db);
  }

  /// What was written, by case.
  Map<Long, String> of(Collection<Long> cases) {
    return store.of(db, cases);
  }
}
