package io.linyu.casework;

import io.linyu.casework.CaseEvent.ExampleEnded.How;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Errands.Pace;
import io.linyu.casework.Example.State;
import io.linyu.casework.Example.Text;
import io.linyu.casework.Identifying.Found;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.StaffName;
import io.linyu.community.Territory;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.text.Codes;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Ticker;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Cases that are published as examples (`T34`): by the community's desk, in words of staff that
/// lead to nobody, and once whoever told it has read them and agreed. They may take that back at
/// any time, and staff may take it down.
///
/// Whoever says no, or nothing for fifteen days, or takes it back, is not asked again. What was
/// opened again is not shown as long as it goes on. Of what several told who have the same, whoever
/// told the one that is handled is asked: nobody's words are published, but those of staff.
public final class Examples {
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration LOOK_AGAIN = Duration.ofDays(1);
  private static final int AT_ONCE = 50;

  /// Nobody is asked about more texts than that.
  private static final int TEXTS = 3;

  /// What whoever told it says of it.
  public enum Answer {
    YES,
    NO,
    /// Not any more.
    BACK;

    static Answer of(String word) {
      return switch (word) {
        case "yes" -> YES;
        case "no" -> NO;
        case "back" -> BACK;
        default -> throw new Refusal("form-outdated", 422);
      };
    }
  }

  private final Db db;
  private final CaseFiles files;
  private final Cases cases;
  private final Categories categories;
  private final Merging merging;
  private final Maskings maskings;
  private final Community community;
  private final ExampleStore store = new ExampleStore();
  private final CaseStore caseStore = new CaseStore();
  private Ticker.@Nullable Bell bell;

  Examples(
      Db db,
      CaseFiles files,
      Cases cases,
      Categories categories,
      Merging merging,
      Community community) {
    this.db = db;
    this.files = files;
    this.cases = cases;
    this.categories = categories;
    this.merging = merging;
    this.maskings = new Maskings(db, community.people());
    this.community = community;
  }

  public void start(Ticker ticker, Pace pace) {
    bell = ticker.every(PAUSE, "examples", () -> goOnDue(pace));
  }

  private void ring() {
    Ticker.Bell loud = bell;
    if (loud != null) {
      loud.ring();
    }
  }

  // What staff do.

  /// Proposes it, or other words for what was proposed: those have to be agreed to again. What
  /// nobody has told is public at once.
  ///
  /// @param from the device it came from, for the audit
  public Case propose(Staff staff, String from, CaseId id, int version, Text text) {
    Text sound = sound(text);
    Case seen = cases.visibleTo(staff, id);
    Identifying identifying = identifying(seen);
    return files.change(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.PUBLISH);
          Case matter = permits.matter();
          Tx tx = file.tx();
          List<Example> before = store.of(tx, id);
          Refusal no = against(tx, matter, before);
          if (no != null) {
            throw no;
          }
          requireNobodyIn(sound, identifying, Words.in(staff.language()));
          Example current = before.stream().filter(Examples::counts).findFirst().orElse(null);
          if (current != null) {
            if (current.text().equals(sound)) {
              throw new Refusal("example-same", 409);
            }
            store.end(tx, current.id(), State.REPLACED, file.at());
          }
          boolean asks = matter.isTold();
          Transition step = file.go(Transition.T34, permits.near());
          long example =
              store.add(
                  tx,
                  id,
                  Codes.random(),
                  place(matter).orElseThrow().id(),
                  Objects.requireNonNull(matter.categoryCode()),
                  sound,
                  asks ? State.ASKED : State.PUBLIC,
                  staff.id(),
                  file.at());
          file.tell(
              new CaseEvent.ExampleProposed(
                  step,
                  file.rule(),
                  staff.id(),
                  example,
                  asks,
                  current != null,
                  digest(file, sound)));
          audit(tx, staff, from, Deed.EXAMPLE_PROPOSED, matter);
          tx.afterCommit(this::ring);
        });
  }

  /// Takes it down, or does not want to know any more whether it may be published.
  ///
  /// @param reason that colleagues read as a note
  public Case withdraw(Staff staff, String from, CaseId id, String code, String reason) {
    String why = CaseFiles.sound(reason, "reason-missing");
    return files.add(
        staff,
        id,
        null,
        (permits, file) -> {
          Case matter = permits.matter();
          if (!permits.takesDownExample()) {
            throw new Refusal("example-by-community", 403);
          }
          Example current =
              store
                  .last(file.tx(), id)
                  .filter(Examples::counts)
                  .filter(each -> each.code().equals(code))
                  .orElseThrow(() -> new Refusal("example-over", 409, matter.number().text()));
          long note = file.note(staff.id(), why, List.of());
          store.end(file.tx(), current.id(), State.WITHDRAWN, file.at());
          file.tell(
              new CaseEvent.ExampleEnded(
                  null,
                  file.rule(),
                  staff.id(),
                  current.id(),
                  How.WITHDRAWN,
                  note,
                  file.digest(why)));
          audit(file.tx(), staff, from, Deed.EXAMPLE_WITHDRAWN, matter);
        });
  }

  /// What the page of a case shows of it.
  ///
  /// @param last of all texts; null: it was never proposed
  /// @param shown it as everybody would read it; null likewise
  /// @param offered whether a text may be proposed, the first or another
  /// @param withdrawable whether it may be taken down
  /// @param asks whether somebody has to agree
  public record View(
      @Nullable Example last,
      @Nullable Published shown,
      boolean offered,
      boolean withdrawable,
      boolean asks) {
    static final View NONE = new View(null, null, false, false, false);

    public Text text() {
      return last == null ? Text.EMPTY : last.text();
    }
  }

  public View of(Staff staff, Case matter) {
    Permits permits = cases.permits(staff, matter);
    boolean may = permits.against(Step.PUBLISH).isEmpty();
    List<Example> all = store.of(db, matter.id());
    if (all.isEmpty() && !may) {
      return View.NONE;
    }
    Example last = all.isEmpty() ? null : all.getFirst();
    return new View(
        last,
        last == null ? null : shown(last, matter),
        may && against(db, matter, all) == null,
        last != null && counts(last) && permits.takesDownExample(),
        matter.isTold());
  }

  private static boolean counts(Example each) {
    return each.isAsked() || each.isPublic();
  }

  /// Of what kind it is, where, and whom it would concern.
  private @Nullable Refusal against(Sql sql, Case matter, List<Example> before) {
    String number = matter.number().text();
    Category kind = categories.named(matter.categoryCode()).orElse(null);
    if (kind == null
        || !kind.open()
        || kind.aboutNeighbours()
        || kind.aboutStaff()
        || kind.quiet()
        || cases.isQuiet(sql, matter)) {
      return new Refusal("example-kind", 409, number);
    }
    if (place(matter).isEmpty()) {
      return new Refusal("example-place", 409, number);
    }
    if (!matter.isTold()) {
      return null;
    }
    if (matter.personId() == null || caseStore.salt(sql, matter.id()).isEmpty()) {
      return new Refusal("example-nobody", 409, number);
    }
    if (before.stream().anyMatch(Example::isRefused)) {
      return new Refusal("example-refused", 409, number);
    }
    return before.size() < TEXTS ? null : new Refusal("example-asked-enough", 409, number, TEXTS);
  }

  private Optional<Territory> place(Case matter) {
    return matter.territoryKnown()
        ? community.territories().communityOf(community.territories().byId(matter.territoryId()))
        : Optional.empty();
  }

  private static Text sound(Text text) {
    return new Text(
        sound(text.title(), Text.LONGEST_TITLE),
        sound(text.told(), Text.LONGEST),
        sound(text.done(), Text.LONGEST));
  }

  private static String sound(String text, int longest) {
    String sound = CaseFiles.soundToResident(text, "example-missing");
    if (sound.length() > longest) {
      throw new Refusal("text-too-long", 422, longest);
    }
    return sound;
  }

  // What leads to somebody.

  /// Asks for a connection of its own, so before the transaction.
  private Identifying identifying(Case matter) {
    List<CaseId> told =
        Stream.concat(Stream.of(matter.id()), merging.followers(matter).stream().map(Case::id))
            .toList();
    Set<String> tellers =
        maskings.of(told).values().stream()
            .flatMap(each -> each.texts().names().stream())
            .collect(Collectors.toUnmodifiableSet());
    Set<String> staff =
        community.staff().names().stream()
            .map(StaffName::name)
            .collect(Collectors.toUnmodifiableSet());
    return new Identifying(tellers, staff, matter.number().base());
  }

  private static void requireNobodyIn(Text text, Identifying identifying, Words words) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("title", text.title());
    fields.put("told", text.told());
    fields.put("done", text.done());
    var all = new ArrayList<String>();
    fields.forEach((field, written) -> {
      for (Found each : identifying.in(written)) {
        all.add(
            words.of(
                "example.found",
                words.of("example." + field),
                words.of("example.found." + each.what().word()),
                each.words()));
      }
    });
    if (!all.isEmpty()) {
      throw new Refusal("example-identifies", 422, String.join(words.of("list.comma"), all));
    }
  }

  private static String digest(CaseFile file, Text text) {
    return file.digest(text.title() + "\n" + text.told() + "\n" + text.done());
  }

  private void audit(Tx tx, Staff staff, String from, Deed deed, Case matter) {
    community
        .audit()
        .write(tx, Who.staff(staff.id(), from), deed, Map.of("case", matter.number().base()));
  }

  // What whoever told it says.

  /// What the page of whoever told it shows of it; empty: nothing, or it is not theirs to say.
  Optional<Example> asked(Cases.Link link) {
    return link.isOwner() ? store.last(db, link.matter().id()) : Optional.empty();
  }

  /// By whoever has this page, of the text that they have read; twice is once.
  ///
  /// @param code of the text
  void answer(Cases.Link link, String code, Answer said) {
    if (!link.isOwner()) {
      throw Refusal.notFound(); // nobody agrees for another
    }
    CaseId id = link.matter().id();
    db.withinTransaction(tx -> {
      files.lock(tx, id);
      Case matter = cases.named(tx, id).orElseThrow(Refusal::notFound);
      Example now =
          store
              .last(tx, id)
              .filter(each -> each.code().equals(code))
              .orElseThrow(() -> new Refusal("example-changed", 409));
      CaseFile file = files.open(tx, matter);
      switch (said) {
        case YES -> agree(file, matter, now);
        // Whoever says no where another has said yes with the same page takes that back.
        case NO, BACK -> disagree(file, now);
      }
    });
  }

  private void agree(CaseFile file, Case matter, Example now) {
    if (now.isPublic()) {
      return;
    }
    if (!isOpenTo(now, matter, file.at())) {
      throw new Refusal("example-over", 409, matter.number().text());
    }
    store.publish(file.tx(), now.id(), file.at());
    file.tell(new CaseEvent.ExampleAnswered(null, file.rule(), now.id(), true));
  }

  private void disagree(CaseFile file, Example now) {
    if (now.isAsked()) {
      store.end(file.tx(), now.id(), State.DECLINED, file.at());
      file.tell(new CaseEvent.ExampleAnswered(null, file.rule(), now.id(), false));
    } else if (now.isPublic()) {
      store.end(file.tx(), now.id(), State.TAKEN_BACK, file.at());
      end(file, now, How.TAKEN_BACK);
    }
  }

  /// Whether they may agree to it.
  static boolean isOpenTo(Example example, Case matter, Instant now) {
    return example.isAsked()
        && now.isBefore(example.until())
        && matter.state().isClosed()
        && !matter.confidential()
        && !matter.accused().isSuspected()
        && matter.letGoAt() == null;
  }

  private static void end(CaseFile file, Example example, How how) {
    file.tell(new CaseEvent.ExampleEnded(null, file.rule(), null, example.id(), how, null, null));
  }

  // What is due.

  /// Tells whoever told it that they are asked, by day, and waits for them no longer than they
  /// have. True when there may be more.
  boolean goOnDue(Pace pace) {
    Instant now = files.now();
    if (pace.quiet().next(now, pace.zone()).isAfter(now)) {
      return false;
    }
    List<CaseId> due = store.due(db, now, AT_ONCE);
    due.forEach(id -> db.withinTransaction(tx -> goOn(tx, id, now)));
    return !due.isEmpty();
  }

  private void goOn(Tx tx, CaseId id, Instant now) {
    files.lock(tx, id);
    if (!store.take(tx, id, now)) {
      return; // it was answered meanwhile, or another node went on
    }
    Example example = store.last(tx, id).orElseThrow();
    Case matter = cases.named(tx, id).orElseThrow();
    CaseFile file = files.open(tx, matter);
    if (!now.isBefore(example.until())) {
      store.end(tx, example.id(), State.SILENT, now);
      end(file, example, How.SILENT);
    } else if (example.toldAt() == null && matter.state().isClosed()) {
      store.told(tx, example.id(), now, now.plus(Example.ASKED_FOR));
      file.tell(new CaseEvent.ExampleAsked(null, file.rule(), example.id()));
    } else {
      // It goes on again: they are not asked while it does.
      Instant again = now.plus(LOOK_AGAIN);
      store.dueAt(tx, example.id(), again.isBefore(example.until()) ? again : example.until());
    }
  }

  // What everybody reads.

  /// As everybody reads it.
  ///
  /// @param month in which it was closed
  /// @param days working days that it took; 0: it was done on the day
  public record Published(
      String code,
      Territory community,
      @Nullable Category kind,
      Text text,
      YearMonth month,
      int days) {}

  /// The newest first.
  ///
  /// @param of which community; null: of all
  /// @param after the code of the last of the page before; null: this is the first page
  public List<Published> published(@Nullable Territory of, @Nullable String after, int limit) {
    return store.shown(db, of == null ? null : of.id(), after, limit).stream()
        .map(this::published)
        .toList();
  }

  public Optional<Published> published(String code) {
    return store.shown(db, code).map(this::published);
  }

  /// Communities of which something is published.
  public List<Territory> communities() {
    List<Territory> all = new ArrayList<>();
    collect(community.territories().root(), all);
    Set<Long> published = store.published(db, all.stream().map(Territory::id).toList());
    return all.stream().filter(each -> published.contains(each.id())).toList();
  }

  private void collect(Territory place, List<Territory> all) {
    if (place.level() == Level.COMMUNITY) {
      all.add(place);
    } else {
      community.territories().children(place).forEach(each -> collect(each, all));
    }
  }

  private Published published(ExampleStore.Shown each) {
    return published(
        each.code(),
        each.community(),
        each.category(),
        each.text(),
        each.saidAt(),
        each.closedAt());
  }

  /// The same of what is not public, or not yet.
  Published shown(Example example, Case matter) {
    Instant closed = matter.closedAt();
    return published(
        example.code(),
        example.communityId(),
        example.categoryCode(),
        example.text(),
        matter.saidAt(),
        closed == null ? files.now() : closed);
  }

  private Published published(
      String code, long place, String kind, Text text, Instant said, Instant closed) {
    WorkingCalendar calendar = files.calendar();
    LocalDate from = LocalDate.ofInstant(said, calendar.zone());
    LocalDate to = LocalDate.ofInstant(closed, calendar.zone());
    int days =
        to.isAfter(from)
            ? (int)
                from.plusDays(1).datesUntil(to.plusDays(1)).filter(calendar::isWorkingDay).count()
            : 0;
    return new Published(
        code,
        community.territories().byId(place),
        categories.named(kind).orElse(null),
        text,
        YearMonth.from(to),
        days);
  }
}
