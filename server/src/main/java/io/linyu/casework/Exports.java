package io.linyu.casework;

import io.linyu.casework.ExportOrders.Order;
import io.linyu.casework.ExportOrders.Progress;
import io.linyu.casework.ExportOrders.State;
import io.linyu.casework.ExportStore.Line;
import io.linyu.community.Community;
import io.linyu.community.People.Contact;
import io.linyu.community.Staff;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import io.linyu.platform.Refusal;
import io.linyu.platform.db.Db;
import io.linyu.platform.redis.RateLimit;
import io.linyu.platform.redis.Redis;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.TableFile;
import io.linyu.platform.text.TableFile.Cell;
import io.linyu.platform.text.Words;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Takes a list away as a table, as far as whoever asks may see it: read part by part in the list's
/// order and written as it is read. Who took what, and how much of it, stands in the audit.
///
/// What belongs to residents is masked, also in what was said ([Masking]), unless somebody who may
/// says why it must not be. A case is written as it is when its turn comes, and no case twice.
public final class Exports {
  /// Those who answer for a territory. Of others nobody needs all numbers of a list.
  private static final Set<String> UNMASKING =
      Set.of(
          "district_inspector",
          "district_dispatcher",
          "street_supervisor",
          "street_dispatcher",
          "community_secretary",
          "community_deputy");

  /// Rows; who needs more narrows the list, by days for example.
  static final int MOST = 200_000;

  private static final int AT_ONCE = 1_000;
  private static final int LONGEST_REASON = 200;
  private static final int SHORTEST_REASON = 4;

  /// Of one process: each takes a thread and a connection.
  private static final int SIDE_BY_SIDE = 4;

  private static final List<String> COLUMNS =
      List.of(
          "number",
          "title",
          "what",
          "category",
          "urgency",
          "state",
          "place",
          "place-said",
          "called",
          "spoken-by",
          "name",
          "phone",
          "channel",
          "confirmed",
          "desk",
          "holder",
          "said-at",
          "answered-at",
          "due-at",
          "closed-at",
          "late",
          "link");

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final String publicUrl;
  private final Inbox inbox;
  private final Cases cases;
  private final Categories categories;
  private final Community community;
  private final ExportOrders orders;
  private final RateLimit often;
  private final Semaphore running = new Semaphore(SIDE_BY_SIDE);
  private final ExportStore store = new ExportStore();

  Exports(
      Db db,
      Redis redis,
      Clock clock,
      ZoneId zone,
      String publicUrl,
      Community community,
      Casework casework) {
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.publicUrl = publicUrl;
    this.inbox = casework.inbox();
    this.cases = casework.cases();
    this.categories = casework.categories();
    this.community = community;
    this.orders = new ExportOrders(redis);
    this.often =
        new RateLimit(
            redis.commands(), redis.prefix() + "export-rate:", 10, Duration.ofMinutes(10));
  }

  static boolean mayUnmask(Staff staff) {
    return UNMASKING.contains(staff.role());
  }

  /// @param reason why it is to be unmasked
  /// @return by what it is fetched, once, within the hour
  String order(Staff staff, Look look, boolean workbook, boolean unmasked, String reason) {
    String why = unmasked ? reasonOf(staff, reason) : "";
    often.takeOrRefuse(Long.toString(staff.id()));
    return orders.place(new Order(staff.id(), look.query(), workbook, unmasked, why));
  }

  /// Why they want a list unmasked, whichever way it is taken away.
  static String reasonOf(Staff staff, String given) {
    if (!mayUnmask(staff)) {
      throw new Refusal("export-not-unmasked", 403);
    }
    String why = given.strip();
    if (why.length() < SHORTEST_REASON) {
      throw new Refusal("reason-missing", 422);
    }
    if (why.length() > LONGEST_REASON) {
      throw new Refusal("text-too-long", 422, LONGEST_REASON);
    }
    return why;
  }

  /// Refused as not found where somebody else has ordered it.
  Order orderedBy(Staff staff, String id) {
    return orders
        .find(id)
        .filter(order -> order.staff() == staff.id())
        .orElseThrow(Refusal::notFound);
  }

  Progress progress(Staff staff, String id) {
    Objects.requireNonNull(orderedBy(staff, id));
    return orders.progress(id);
  }

  /// It ends after the part that is being written.
  void stop(Staff staff, String id) {
    Objects.requireNonNull(orderedBy(staff, id));
    orders.stop(id);
    if (orders.progress(id).state() == State.ORDERED) {
      orders.tell(id, new Progress(State.STOPPED, 0));
    }
  }

  /// May it begin now? From here on [#write] must follow.
  Order begin(Staff staff, String id) {
    Order order = orderedBy(staff, id);
    if (orders.isStopped(id)) {
      throw new Refusal("export-used", 410);
    }
    if (!running.tryAcquire()) {
      throw new Refusal("export-busy", 503);
    }
    if (!orders.begin(id)) {
      running.release();
      throw new Refusal("export-used", 410);
    }
    return order;
  }

  /// @param isOver whether nobody reads it any more
  /// @return whether it came to its end
  boolean write(
      Staff staff, String from, String id, Order order, TableFile file, BooleanSupplier isOver) {
    var writing = new Writing(id, order, file, isOver, Words.in(staff.language()));
    State end = State.FAILED;
    try {
      Look look = Look.of(order.list());
      db.withinTransaction(tx ->
          community
              .audit()
              .write(tx, Who.staff(staff.id(), from), Deed.CASES_EXPORTED, told(id, order, look)));
      end = writing.all(staff, look);
      return end == State.COMPLETE || end == State.FULL;
    } finally {
      running.release();
      ended(staff, from, id, new Progress(end, writing.rows));
    }
  }

  private void ended(Staff staff, String from, String id, Progress end) {
    db.withinTransaction(tx ->
        community
            .audit()
            .write(
                tx,
                Who.staff(staff.id(), from),
                Deed.CASES_EXPORT_ENDED,
                Map.of("export", id, "rows", end.rows(), "how", end.state().word())));
    orders.tell(id, end);
  }

  /// Which list it is, for the audit. Words that were sought may be somebody's name or telephone
  /// number, and the audit is kept for years: of them only how many characters they had.
  static Map<String, String> told(Look look) {
    var told = new LinkedHashMap<String, String>();
    told.put("list", look.view().word());
    look.filters().given().forEach((name, value) -> told.put("filter." + name, value));
    if (!look.search().isEmpty()) {
      told.put("search_length", Integer.toString(look.search().length()));
    }
    return told;
  }

  private static Map<String, String> told(String id, Order order, Look look) {
    var told = new LinkedHashMap<String, String>();
    told.put("export", id);
    told.putAll(told(look));
    told.put("format", order.workbook() ? "xlsx" : "csv");
    told.put("unmasked", order.unmasked() ? "yes" : "no");
    if (order.unmasked()) {
      told.put("reason", order.reason());
    }
    return told;
  }

  private final class Writing {
    private final String id;
    private final Order order;
    private final TableFile file;
    private final BooleanSupplier isOver;
    private final Words words;
    private final Instant now = clock.instant();
    private final Set<Long> written = new HashSet<>();
    private int rows;
    private State state = State.COMPLETE;

    Writing(String id, Order order, TableFile file, BooleanSupplier isOver, Words words) {
      this.id = id;
      this.order = order;
      this.file = file;
      this.isOver = isOver;
      this.words = words;
    }

    State all(Staff staff, Look look) {
      try {
        file.heading(COLUMNS.stream().map(each -> words.of("export.column." + each)).toList());
        inbox.walk(staff, look, AT_ONCE, this::part);
        if (state != State.STOPPED) {
          if (state == State.FULL) {
            file.line(List.of(Cell.of(words.of("export.full", MOST))));
          }
          file.end();
        }
      } catch (IOException gone) {
        state = State.STOPPED; // the network, or whoever closed the page
      }
      return state;
    }

    /// @return whether to go on
    private boolean part(List<Long> ids) {
      if (isOver.getAsBoolean() || orders.isStopped(id)) {
        state = State.STOPPED;
        return false;
      }
      // Whose time has changed meanwhile comes along once more.
      List<Long> fresh = ids.stream().filter(written::add).limit(MOST - rows).toList();
      try {
        List<Line> lines = store.lines(db, fresh);
        Map<Long, Contact> contacts = community.people().contacts(db, Maskings.persons(lines));
        Set<CaseId> unsolved =
            cases.unsolved(
                lines.stream()
                    .filter(each -> each.state().isClosed())
                    .map(each -> new CaseId(each.id())));
        for (Line line : lines) {
          file.line(cells(line, contacts, unsolved.contains(new CaseId(line.id()))));
        }
        file.part();
      } catch (IOException gone) {
        state = State.STOPPED;
        return false;
      }
      rows += fresh.size();
      orders.tell(id, new Progress(State.RUNNING, rows));
      if (rows >= MOST) {
        state = State.FULL;
      }
      return rows < MOST;
    }

    private List<Cell> cells(Line line, Map<Long, Contact> contacts, boolean unsolved) {
      boolean all = order.unmasked();
      Contact contact = Maskings.contact(line, contacts);
      String name = contact == null ? null : contact.name();
      String phone = contact == null ? null : contact.phone();
      Instant due = line.dueAt();
      boolean late = line.closedAt() == null && due != null && due.isBefore(now);
      Masking masking = Masking.of(line, contact);
      return List.of(
          Cell.of(line.number()),
          Cell.of(
              all
                  ? line.title()
                  : line.quiet()
                      ? words.of("quiet.title")
                      : masking.title(line.title(), line.what())),
          Cell.of(all ? line.what() : line.quiet() ? "***" : masking.of(line.what())),
          Cell.of(category(line.category())),
          Cell.of(words.of("urgency." + line.urgency().word())),
          Cell.of(line.state().plainly(words, unsolved)),
          Cell.of(line.place()),
          Cell.of(all || line.typed() == null ? line.typed() : "***"),
          Cell.of(all ? line.called() : Mask.name(line.called())),
          Cell.of(spokenBy(line)),
          Cell.of(all ? name : Mask.name(name)),
          Cell.of(all || phone == null ? phone : Mask.numbers(phone)),
          Cell.of(
              words.has("channel." + line.channel())
                  ? words.of("channel." + line.channel())
                  : line.channel()),
          Cell.of(words.of("filter.confirmed." + (line.confirmed() ? "yes" : "no"))),
          Cell.of(line.desk()),
          Cell.of(line.staff()),
          Cell.of(local(line.saidAt())),
          Cell.of(local(line.answeredAt())),
          Cell.of(line.closedAt() == null ? local(due) : null),
          Cell.of(local(line.closedAt())),
          Cell.of(late ? words.of("filter.late") : ""),
          Cell.of(publicUrl + "/console/cases/" + line.code()));
    }

    /// What whoever told it for the person is to them; null: the person told it.
    private @Nullable String spokenBy(Line line) {
      String kinship = line.spokenBy();
      return kinship == null || !kinship.isEmpty() ? kinship : words.of("spoken.relative");
    }

    private @Nullable String category(@Nullable String code) {
      return categories.named(code).map(each -> each.name(words.language())).orElse(code);
    }

    private @Nullable LocalDateTime local(@Nullable Instant at) {
      return at == null ? null : LocalDateTime.ofInstant(at, zone);
    }
  }
}
