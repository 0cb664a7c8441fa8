package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import io.linyu.platform.events.Told;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One message that tells of several matters: each is handled by itself (`T08e`). The case it was
/// told as goes on with one of them; each of the others is a case of its own, with number, desk,
/// clocks, answer and rating. Whoever told it hears of it once.
///
/// Nobody gains time by it: what is new counts from when the message was said. It is never shown to
/// more people: what was told in confidence stays so, what was told together with something quiet
/// is quiet, and nothing that was told with a complaint about staff comes to their unit by it.
///
/// `version` is the one the member of staff saw: when the case has moved on since, the step is
/// refused as `case-changed`.
public final class Splitting {
  /// So many cases one message becomes at most.
  public static final int MOST = 5;

  /// So long nobody is told, so that it can be taken back unsaid.
  public static final Duration TOLD_AFTER = Duration.ofSeconds(30);

  /// And so long it can be. What was sent a moment ago is not unsaid any more.
  private static final Duration UNDONE_WITHIN = Duration.ofSeconds(25);

  /// What separates one matter from the next, with the mark that ends it.
  private static final Pattern CLAUSE = Pattern.compile("[^，,。！？!?；;、\\n\\r]+[，,。！？!?；;、\\n\\r]*");

  private static final Pattern DANGLING = Pattern.compile("[，,；;、\\s]+$");

  /// One of the other matters.
  ///
  /// @param quotes what was said of it, in the order in which it was said
  /// @param category null: by its words
  /// @param territoryId null: at the same place
  public record Matter(List<String> quotes, @Nullable String category, @Nullable Long territoryId) {
    public Matter {
      quotes = List.copyOf(quotes);
    }
  }

  /// What was told in one message.
  ///
  /// @param from the case that it was told as; null: this one
  /// @param others what else was told in it, oldest first
  public record Family(@Nullable Case from, List<Case> others) {
    static final Family NONE = new Family(null, List.of());

    public boolean isEmpty() {
      return from == null && others.isEmpty();
    }
  }

  private final Db db;
  private final CaseFiles files;
  private final Intake intake;
  private final Categories categories;
  private final Territories territories;
  private final CaseStore cases = new CaseStore();
  private final SplitStore store = new SplitStore();

  Splitting(Db db, CaseFiles files, Intake intake, Categories categories, Territories territories) {
    this.db = db;
    this.files = files;
    this.intake = intake;
    this.categories = categories;
    this.territories = territories;
  }

  /// What was said, in the pieces that can be chosen of it.
  static List<String> clauses(String what) {
    return CLAUSE.matcher(what).results().map(each -> each.group().strip()).toList();
  }

  Family family(Sql sql, Case matter) {
    CaseId from = store.from(sql, matter.id()).orElse(null);
    List<Case> own = store.parts(sql, matter.id());
    if (from == null) {
      return own.isEmpty() ? Family.NONE : new Family(null, own);
    }
    return new Family(
        cases.byId(sql, from).orElseThrow(),
        Stream.concat(
                store.parts(sql, from).stream().filter(each -> !each.id().equals(matter.id())),
                own.stream())
            .toList());
  }

  /// @param stays what this case goes on with, in the words that were said
  /// @param others each becomes a case
  /// @return the one that goes on
  public Case split(Staff staff, CaseId id, int version, List<String> stays, List<Matter> others) {
    return files.changeGroup(
        staff,
        id,
        version,
        (permits, file) -> {
          permits.require(Step.SPLIT);
          Case matter = permits.matter();
          if (others.isEmpty()) {
            throw new Refusal("split-one", 422);
          }
          if (others.size() >= MOST) {
            throw new Refusal("split-many", 422, MOST);
          }
          String first = quoted(matter, stays);
          List<String> texts = others.stream().map(each -> quoted(matter, each.quotes())).toList();
          Transition step = file.go(Transition.T08e, permits.actors());
          var parts = new ArrayList<Long>();
          for (int i = 0; i < others.size(); i++) {
            parts.add(begin(file, matter, staff, others.get(i), texts.get(i)).value());
          }
          store.call(file.tx(), id, Titles.of(first));
          file.tell(new CaseEvent.Split(step, file.rule(), staff.id(), parts));
        });
  }

  /// In the words of whoever told it: what nobody has said is no part of it.
  private static String quoted(Case matter, List<String> quotes) {
    List<String> said = quotes.stream().map(String::strip).filter(each -> !each.isEmpty()).toList();
    if (said.isEmpty()) {
      throw new Refusal("split-words-missing", 422);
    }
    for (String each : said) {
      if (!matter.what().contains(each)) {
        throw new Refusal("split-not-said", 422, each);
      }
    }
    return DANGLING.matcher(String.join("", said)).replaceFirst("");
  }

  private CaseId begin(CaseFile file, Case matter, Staff staff, Matter other, String text) {
    Tx tx = file.tx();
    Territory place = place(other, matter);
    boolean same = place.id() == matter.territoryId();
    String chosen = other.category();
    if (chosen != null && categories.named(chosen).filter(Category::isSpecific).isEmpty()) {
      throw new Refusal("category-unknown", 422, chosen);
    }
    // The messages are read by whoever may read the case; what was told in confidence is read
    // there, by those who see that one.
    List<Long> messages = matter.confidential() ? List.of() : store.messages(tx, matter.id());
    var draft =
        NewCase.of(text, place.id(), matter.channel())
            .by(matter.personId(), matter.addressId())
            .place(same ? matter.place() : null)
            .territoryKnown(!same || matter.territoryKnown())
            .messages(messages)
            .category(chosen)
            .confirmed(true)
            .confidential(matter.confidential())
            .consent(matter.consentId())
            .enteredBy(matter.enteredBy())
            .ready();
    boolean aboutStaff =
        categories.named(matter.categoryCode()).filter(Category::aboutStaff).isPresent();
    Opened opened =
        intake.open(
            tx,
            draft,
            Future.succeededFuture(matter.saidAt()),
            new Intake.Kept(matter.accused(), aboutStaff, null, false, null));
    store.splitOff(tx, opened.id(), matter.id());
    CaseFile part = files.open(tx, cases.byId(tx, opened.id()).orElseThrow());
    Instant contacted = matter.answeredAt();
    if (contacted != null) {
      part.contacted(contacted);
    }
    part.tell(
        new CaseEvent.SplitOff(null, file.rule(), staff.id(), matter.id().value(), contacted));
    part.keep(false);
    return opened.id();
  }

  private Territory place(Matter other, Case matter) {
    Long chosen = other.territoryId();
    try {
      return territories.byId(chosen == null ? matter.territoryId() : chosen);
    } catch (IllegalArgumentException unknown) {
      throw new Refusal("territory-unknown", 422);
    }
  }

  /// Whether this member of staff has just split it, and may simply take that back.
  boolean isJustSplit(Staff staff, Case matter) {
    return matter.isOpen()
        && justSplit(staff, files.told(db, matter.id()), files.now()).isPresent();
  }

  private static Optional<CaseEvent.Split> justSplit(
      Staff staff, List<Told<CaseEvent>> told, Instant now) {
    Told<CaseEvent> last = Handling.lastTouch(told);
    return last.event() instanceof CaseEvent.Split split
            && split.staffId() == staff.id()
            && !last.at().plus(UNDONE_WITHIN).isBefore(now)
        ? Optional.of(split)
        : Optional.empty();
  }

  /// As if nobody had split it; soon, and only while nobody has done anything about what is new.
  public Case takeBack(Staff staff, CaseId id, int version) {
    return files.changeGroup(
        staff,
        id,
        version,
        (permits, file) -> {
          Case matter = permits.matter();
          CaseEvent.Split split =
              justSplit(staff, file.told(), file.at())
                  .orElseThrow(() -> new Refusal("split-undo-late", 409));
          List<CaseId> parts = split.parts().stream().map(CaseId::new).toList();
          files.lock(file.tx(), parts);
          for (CaseId each : parts) {
            end(file, permits, each);
          }
          store.call(file.tx(), id, Titles.of(matter.what()));
          file.tell(new CaseEvent.SplitTakenBack(null, file.rule(), staff.id()));
        });
  }

  private void end(CaseFile file, Permits permits, CaseId id) {
    Case matter = cases.byId(file.tx(), id).orElseThrow();
    CaseFile part = files.open(file.tx(), matter);
    boolean untouched = Handling.lastTouch(part.told()).event() instanceof CaseEvent.SplitOff;
    Instant first = matter.isTold() ? matter.saidAt() : null;
    if (!untouched || !Objects.equals(matter.heardAt(), first)) {
      throw new Refusal("split-begun", 409, matter.number().text(), matter.deskName());
    }
    Transition step = part.go(Transition.T08f, permits.actors());
    part.tell(new CaseEvent.SplitTakenBack(step, part.rule(), permits.staff().id()));
    part.shut();
    part.keep(true);
    store.forget(file.tx(), id);
  }
}
