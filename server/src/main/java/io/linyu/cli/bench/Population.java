package io.linyu.cli.bench;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.CaseEvent;
import io.linyu.casework.CaseNumber;
import io.linyu.casework.CaseState;
import io.linyu.casework.Categories;
import io.linyu.casework.Category;
import io.linyu.casework.Transition;
import io.linyu.casework.Urgency;
import io.linyu.channel.Content;
import io.linyu.community.Community;
import io.linyu.community.Desk;
import io.linyu.community.Desks;
import io.linyu.community.Level;
import io.linyu.community.StaffMember;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.auth.Vault;
import io.linyu.platform.db.Loading;
import io.linyu.platform.events.Events;
import io.linyu.platform.events.Told;
import io.linyu.platform.text.Digest;
import io.linyu.platform.text.Json;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A district with years behind it: everybody who lives there, what they told, what became of it,
/// and what was said. Invented, and the same for the same seed.
///
/// Matters come day by day, as many a day as a district has; some days bring a multitude. Most are
/// closed within days, some stay, and one community has a multitude open since a storm. Each has
/// its whole history, chained as the server would have: it goes only where the server can have
/// brought it.
final class Population {
  static final List<String> TABLES =
      List.of(
          "person",
          "address",
          "conversation",
          "message",
          "receipt",
          "outbound",
          "case",
          "case_key",
          "holding",
          "clock",
          "case_answer",
          "case_note",
          "case_addition",
          "return_visit",
          "return_visit_try",
          "alarm",
          "event",
          "audit_entry");

  /// What a district opens on a day.
  private static final int CASES_A_DAY = 700;

  private static final int SHORTEST_DAYS = 60;
  private static final double STORM_DAYS = 0.01;
  private static final int STORM = 5;

  /// How many stay open in the busy community since the storm, of a million.
  private static final int BACKLOG = 5_000;

  private static final int BACKLOG_DAYS = 12;
  private static final int AT_ONCE = 4_000;
  private static final int FIRST_NUMBER = 1001;
  private static final int RULE = 1;
  private static final int VISIT_DAYS = 3;
  private static final int LONG_TALK = 600;
  private static final int LONG_TALK_CASES = 60;
  private static final double AMBER = 0.8;
  private static final String ACCOUNT = "main";
  private static final char[] LETTERS = "abcdefghjkmnpqrstuvwxyz023456789".toCharArray();
  private static final String SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹";
  private static final List<String> CALLED =
      List.of("阿姨", "先生", "女士", "师傅", "大爷", "老师", "大姐", "大哥");
  private static final List<String> SINCE =
      List.of("，已经三天了", "，昨天晚上开始的", "，一下雨就这样", "，说过两次了", "，孩子老人都不方便", "");
  private static final List<String> ASKING =
      List.of("麻烦来看一下。", "什么时候能弄好？", "楼里好几家都在问。", "谢谢你们。", "再不管要出事的！");

  private final int cases;
  private final int people;
  private final Instant now;
  private final Territories territories;
  private final Desks desks;
  private final List<Category> kinds;
  private final WorkingCalendar calendar;
  private final Vault vault;
  private final SplittableRandom random;
  private final List<Place> communities = new ArrayList<>();
  private final Map<String, Holder> holders = new HashMap<>();

  private final Rows person =
      new Rows("person", "id", "called", "phone_sealed", "phone_hash", "home_id", "created_at");
  private final Rows address =
      new Rows(
          "address", "id", "channel", "account", "external_id", "person_id", "code", "created_at");
  private final Rows conversation = new Rows("conversation", "address_id", "last_heard");
  private final Rows message =
      new Rows("message", "id", "address_id", "at", "said_by", "staff_id", "case_id", "content");
  private final Rows outbound =
      new Rows(
          "outbound",
          "id",
          "message_key",
          "address_id",
          "message_id",
          "text",
          "state",
          "way",
          "attempts",
          "created_at",
          "updated_at");
  private final Rows matter =
      new Rows(
          "case",
          "id",
          "number",
          "code",
          "state",
          "level",
          "urgency",
          "category_code",
          "territory_id",
          "territory_path",
          "territory_known",
          "street_id",
          "community_id",
          "grid_id",
          "channel",
          "person_id",
          "address_id",
          "confirmed",
          "title",
          "what",
          "salt",
          "desk_id",
          "staff_id",
          "message_ids",
          "said_at",
          "opened_at",
          "heard_at",
          "answered_at",
          "closed_at",
          "next_due_at",
          "next_amber_at",
          "version");
  private final Rows holding =
      new Rows("holding", "case_id", "desk_id", "staff_id", "during", "reason");
  private final Rows clock =
      new Rows(
          "clock",
          "case_id",
          "kind",
          "started_at",
          "amber_at",
          "due_at",
          "stopped_at",
          "rule",
          "rule_version",
          "late_at");
  private final Rows answer = new Rows("case_answer", "id", "case_id", "staff_id", "at", "text");
  private final Rows note = new Rows("case_note", "id", "case_id", "staff_id", "at", "text");
  private final Rows addition = new Rows("case_addition", "case_id", "message_id");
  private final Rows visit =
      new Rows(
          "return_visit",
          "id",
          "case_id",
          "begun_at",
          "answer_id",
          "solved",
          "satisfied",
          "rated_at",
          "outcome",
          "ended_at");
  private final Rows asking =
      new Rows("return_visit_try", "visit_id", "nth", "way", "state", "at", "day");
  private final Rows event = new Rows("event", "room", "subject", "at", "body", "seq", "hash");
  private final List<Rows> all =
      List.of(
          person,
          address,
          conversation,
          message,
          outbound,
          matter,
          holding,
          clock,
          answer,
          note,
          addition,
          visit,
          asking,
          event);

  private long messages;
  private long answers;
  private long notes;
  private long visits;
  private long outbounds;
  private long opened;

  /// A community with its houses and those who live there: person ids from `first`, `many` of them.
  ///
  /// @param within cells, groups and buildings: what a matter can lie in
  private record Place(
      Territory community, Territory street, List<Territory> within, long first, long many) {}

  /// A desk, and who works there.
  private record Holder(Desk desk, List<Long> staff, Level level) {}

  /// @param busy the code of the community that has a multitude open
  Population(
      int cases,
      int people,
      long seed,
      Instant now,
      String busy,
      Community community,
      Categories categories,
      WorkingCalendar calendar,
      Vault vault) {
    this.cases = cases;
    this.people = people;
    this.random = new SplittableRandom(seed);
    this.now = now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    this.territories = community.territories();
    this.desks = community.desks();
    this.calendar = calendar;
    this.vault = vault;
    this.kinds = categories.all().stream().filter(Category::isSpecific).toList();
    settle(busy);
  }

  /// As many people in each community; the busy one comes first.
  private void settle(String busy) {
    var found = new ArrayList<Territory>();
    collect(territories.root(), found);
    found.sort(java.util.Comparator.comparing(each -> !each.code().equals(busy)));
    int each = Math.max(1, people / found.size());
    for (Territory one : found) {
      var within = new ArrayList<Territory>();
      below(one, within);
      within.add(one);
      long first = 1L + (long) communities.size() * each;
      boolean last = communities.size() == found.size() - 1;
      communities.add(
          new Place(
              one,
              territories.ancestorOf(one, Level.STREET).orElse(one),
              within,
              first,
              last ? Math.max(each, people - first + 1) : each));
    }
  }

  private void collect(Territory node, List<Territory> into) {
    if (node.level() == Level.COMMUNITY) {
      into.add(node);
    } else {
      territories.children(node).forEach(child -> collect(child, into));
    }
  }

  private void below(Territory node, List<Territory> into) {
    for (Territory child : territories.children(node)) {
      into.add(child);
      below(child, into);
    }
  }

  /// @param told how many matters have been written
  void pour(Loading into, LongConsumer told) {
    inhabit(into);
    long days = Math.max(SHORTEST_DAYS, cases / CASES_A_DAY);
    int[] perDay = perDay((int) days);
    int backlog = backlog();
    for (int day = 0; day < days; day++) {
      Instant begin = now.minus(Duration.ofDays(days - day)).minus(Duration.ofHours(1));
      boolean storm = day >= days - BACKLOG_DAYS;
      int more = storm ? backlog / BACKLOG_DAYS : 0;
      var at = new ArrayList<Instant>();
      for (int i = 0; i < perDay[day] + more; i++) {
        at.add(begin.plusSeconds(random.nextInt(86_400)));
      }
      at.sort(null);
      for (int i = 0; i < at.size(); i++) {
        boolean left = more > 0 && random.nextInt(perDay[day] + more) < more;
        open(left ? communities.getFirst() : anywhere(), at.get(i), left);
        if (opened % AT_ONCE == 0) {
          all.forEach(rows -> rows.pour(into));
          told.accept(opened);
        }
      }
    }
    talkLong();
    all.forEach(rows -> rows.pour(into));
    told.accept(opened);
    PopulationStore.fill(into, messages, FIRST_NUMBER + opened, cases);
  }

  private int backlog() {
    return Math.max(BACKLOG_DAYS, (int) ((long) BACKLOG * cases / 1_000_000)) / 9 * 10;
  }

  private int[] perDay(int days) {
    var weights = new double[days];
    for (int i = 0; i < days; i++) {
      weights[i] = random.nextDouble() < STORM_DAYS ? STORM : 0.7 + 0.6 * random.nextDouble();
    }
    double whole = Arrays.stream(weights).sum();
    int left = cases - backlog();
    return Arrays.stream(weights).mapToInt(each -> (int) Math.round(each / whole * left)).toArray();
  }

  /// Some communities tell much more than others.
  private Place anywhere() {
    double skewed = Math.pow(random.nextDouble(), 1.8);
    return communities.get((int) (skewed * communities.size()));
  }

  private void inhabit(Loading into) {
    for (Place place : communities) {
      for (long id = place.first(); id < place.first() + place.many(); id++) {
        String phone = random.nextInt(10) < 3 ? "120" + (10_000_000 + id) : null;
        Instant since = now.minus(Duration.ofDays(30 + random.nextInt(1_500)));
        person.add(
            id,
            "" + SURNAMES.charAt(random.nextInt(SURNAMES.length())) + one(CALLED),
            phone == null ? null : vault.seal(phone),
            phone == null ? null : vault.hash(phone),
            random.nextInt(10) < 7 ? one(place.within()).id() : null,
            since);
        address.add(id, "wechat", ACCOUNT, "o" + code() + id, id, code(), since);
        conversation.add(id, since);
        if (random.nextInt(10) < 2) {
          say(id, since, "resident", null, null, "垃圾几点收？");
          say(id, since.plusSeconds(1), "bot", null, null, "每天早晚各收一次，错过了可以先放到分类点。");
        }
      }
      person.pour(into);
      address.pour(into);
      conversation.pour(into);
      message.pour(into);
    }
  }

  private <T> T one(List<T> among) {
    return among.get(random.nextInt(among.size()));
  }

  private String code() {
    var code = new StringBuilder(16);
    for (int i = 0; i < 16; i++) {
      code.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return code.toString();
  }

  private long say(
      long to, Instant at, String by, @Nullable Long staff, @Nullable Long about, String text) {
    message.add(
        ++messages,
        to,
        at,
        by,
        staff,
        about,
        Json.write(Content.class, new Content.Text(text, null)));
    return messages;
  }

  /// Somebody who talks every day.
  private void talkLong() {
    for (int i = 0; i < LONG_TALK; i++) {
      Instant at = now.minus(Duration.ofHours(3L * (LONG_TALK - i)));
      say(1, at, i % 2 == 0 ? "resident" : "bot", null, null, "第" + i + "句：" + one(ASKING));
    }
  }

  /// One matter from its first word to where it is now.
  private void open(Place place, Instant said, boolean left) {
    new Matter(place, said, left).live();
  }

  private final class Matter {
    private final long id = ++opened;
    private final String number = CaseNumber.nth(FIRST_NUMBER - 1 + id).text();
    private final String salt = code();
    private final List<Told<CaseEvent>> told = new ArrayList<>();

    /// The messages it was told in.
    private final List<Long> words = new ArrayList<>();

    private final Place place;
    private final Territory where;
    private final Category kind;
    private final Instant said;
    private final Instant registered;
    private final long who;
    private final boolean stays;
    private final String title;
    private final String what;
    private Holder holder;
    private Instant at;
    private CaseState state = CaseState.REPORTED;
    private Level level;
    private long desk;
    private @Nullable Long staff;
    private @Nullable String reason;
    private @Nullable Instant answeredAt;
    private @Nullable Instant reportedAt;
    private @Nullable Instant closedAt;
    private Instant heardAt;

    /// Since when whoever has it has it; null: nobody does any more.
    private @Nullable Instant held;

    private @Nullable Instant dueAt;
    private @Nullable Instant amberAt;
    private int version = 1;

    Matter(Place place, Instant said, boolean left) {
      this.place = place;
      this.said = said;
      this.where = one(place.within());
      this.kind = one(kinds);
      // Few tell much: the first of each community are the ones.
      boolean talker = place.first() == 1 && id % Math.max(1, cases / LONG_TALK_CASES) < 12;
      double share = Math.pow(random.nextDouble(), 2.5);
      this.who = talker ? 1 : place.first() + (long) (share * place.many());
      this.registered = said.plusSeconds(20 + random.nextInt(100));
      this.stays = left ? random.nextInt(10) < 9 : random.nextDouble() < openAfter(said);
      this.title = territories.nameForResident(where) + requireNonNull(keyword(kind)) + one(SINCE);
      this.what = title + "。" + one(ASKING);
      this.holder = holder(kind);
      this.desk = holder.desk().id();
      this.level = holder.level();
      this.at = registered;
      this.held = registered;
      this.heardAt = said;
    }

    private static String keyword(Category kind) {
      return kind.keywords().isEmpty() ? kind.nameZh() : kind.keywords().getFirst();
    }

    private double openAfter(Instant said) {
      long days = Duration.between(said, now).toDays();
      return days < 3 ? 0.9 : days < 10 ? 0.5 : days < 30 ? 0.2 : days < 120 ? 0.03 : 0.0008;
    }

    private Holder holder(Category kind) {
      Level circle = kind.level();
      Level wanted = circle == null ? Level.COMMUNITY : circle;
      String body = kind.body();
      return holders.computeIfAbsent(
          place.community().id() + " " + wanted + " " + body,
          _ -> {
            Desk own = body == null ? null : desks.ofBodyNear(body, where).orElse(null);
            Desk desk =
                own != null && own.kind().equals("desk") && desks.isStaffed(own)
                    ? own
                    : desks.fallbackFor(
                        territories.ancestorOf(where, wanted).orElse(place.community()));
            List<Long> staff = desks.membersOf(desk).stream().map(StaffMember::id).toList();
            return new Holder(desk, staff, wanted);
          });
    }

    void live() {
      tell();
      if (random.nextInt(1_000) == 0) {
        handOff();
      } else {
        register();
        clocks();
      }
      keep();
    }

    private void tell() {
      words.add(say(who, said, "resident", null, null, what));
      say(who, said.plusSeconds(1), "bot", null, null, "您说的是：" + title + "。对吗？");
      words.add(say(who, registered, "resident", null, null, "对"));
      say(who, registered.plusSeconds(1), "bot", null, null, "登记好了，单号 " + number + "，有进展会告诉您。");
    }

    private void tell(CaseEvent event) {
      told.add(new Told<>(0, id, at, event));
    }

    private String digest(String text) {
      return Digest.hex(salt + text);
    }

    private void drafted() {
      tell(
          new CaseEvent.Drafted(
              Transition.T01,
              RULE,
              number,
              "wechat",
              who,
              who,
              said,
              List.copyOf(words),
              digest(what)));
    }

    private void handOff() {
      drafted();
      tell(
          new CaseEvent.HandedOff(
              Transition.T03, RULE, "fire", where.id(), true, holder.desk().id()));
      state = CaseState.HANDED_OFF;
      closedAt = at;
    }

    private void register() {
      drafted();
      tell(
          new CaseEvent.Opened(
              Transition.T02,
              RULE,
              true,
              false,
              urgency(),
              kind.code(),
              where.id(),
              true,
              holder.desk().id()));
      if (stays && random.nextInt(12) == 0) {
        return; // nobody has accepted it yet
      }
      accept();
      if (holder.staff().isEmpty() || (stays && random.nextInt(10) < 4)) {
        return;
      }
      claim();
      if (random.nextInt(10) == 0 && holder.level() == Level.COMMUNITY) {
        handUp();
      }
      if (stays && random.nextInt(4) == 0) {
        return;
      }
      answer("您好，已经派人去看了，今天给您回话。");
      add();
      if (!stays) {
        close();
      }
    }

    private Urgency urgency() {
      Urgency urgency = kind.urgency();
      return urgency == null ? Urgency.NORMAL : urgency;
    }

    private void accept() {
      tell(new CaseEvent.Accepted(Transition.T06, RULE, null, kind.code(), level));
      dispatched();
      state = CaseState.DISPATCHED;
    }

    private void dispatched() {
      tell(new CaseEvent.Dispatched(Transition.T09, RULE, null, holder.desk().id(), null, null));
    }

    private void claim() {
      later(5, 240);
      long by = one(holder.staff());
      tell(new CaseEvent.Claimed(Transition.T10, RULE, by, holder.desk().id(), null, null));
      hold(at, null, by);
      state = CaseState.HANDLING;
    }

    /// Somebody has it, or nobody yet, from now on.
    private void hold(Instant from, @Nullable String why, @Nullable Long by) {
      holding.add(id, desk, staff, range(requireNonNull(held), from), reason);
      held = from;
      desk = holder.desk().id();
      staff = by;
      reason = why;
      version++;
    }

    private void handUp() {
      later(10, 600);
      long from = holder.desk().id();
      long by = requireNonNull(staff);
      Desk street = desks.fallbackFor(place.street());
      List<Long> members =
          holders
              .computeIfAbsent(
                  "street " + place.street().id(),
                  _ ->
                      new Holder(
                          street,
                          desks.membersOf(street).stream().map(StaffMember::id).toList(),
                          Level.STREET))
              .staff();
      tell(new CaseEvent.LevelChanged(Transition.T30, RULE, by, level, Level.STREET));
      level = Level.STREET;
      holder = new Holder(street, members, Level.STREET);
      String why = "要街道出面协调。";
      tell(
          new CaseEvent.HandedOn(
              Transition.T09, RULE, by, from, street.id(), null, false, digest(why)));
      hold(at, why, null);
      later(5, 300);
      long next = members.isEmpty() ? by : one(members);
      tell(new CaseEvent.Claimed(Transition.T10, RULE, next, street.id(), null, null));
      hold(at, null, next);
    }

    private void answer(String text) {
      later(5, 480);
      boolean first = answeredAt == null;
      answeredAt = at;
      long by = requireNonNull(staff);
      answer.add(++answers, id, by, at, text);
      tell(new CaseEvent.Answered(null, RULE, by, answers, first, digest(text)));
      deliver(by, text);
      version++;
    }

    private void deliver(long by, String text) {
      long sent = say(who, at, "staff", by, id, text);
      outbound.add(
          ++outbounds,
          "answer:" + answers,
          who,
          sent,
          text,
          "delivered",
          "customer_service",
          1,
          at,
          at.plusSeconds(1));
    }

    /// What comes in between.
    private void add() {
      if (random.nextInt(10) < 2) {
        later(10, 600);
        heardAt = at;
        long more = say(who, at, "resident", null, null, one(ASKING));
        words.add(more);
        addition.add(id, more);
        tell(new CaseEvent.Supplemented(null, RULE, List.of(more), null));
      }
      if (random.nextInt(10) < 5) {
        later(10, 900);
        String text = "现场看过，" + requireNonNull(keyword(kind)) + "属实，已联系施工方。";
        long by = requireNonNull(staff);
        note.add(++notes, id, by, at, text);
        tell(new CaseEvent.Noted(null, RULE, by, notes, digest(text)));
      }
      if (random.nextInt(10) < 3) {
        answer("师傅约好了，弄好了再告诉您。");
      }
    }

    /// It is done, the resident is asked, and says that it is solved, or nothing at all.
    private void close() {
      later(60, 4_000);
      String text = "办好了，请您看看；不满意随时说。";
      long by = requireNonNull(staff);
      answer.add(++answers, id, by, at, text);
      answeredAt = at;
      reportedAt = at;
      tell(new CaseEvent.Reported(Transition.T17, RULE, by, answers, digest(text)));
      tell(new CaseEvent.CheckSkipped(Transition.T21, RULE, null));
      hold(at, null, null);
      long asked = ++visits;
      Instant begun = at;
      ask(asked, 1);
      deliver(by, text);
      boolean says = random.nextInt(10) < 6;
      if (says) {
        later(2, 600);
        say(who, at, "resident", null, null, "1");
        tell(new CaseEvent.Rated(null, RULE, asked, null, null, "yes", "satisfied", null));
      } else {
        ask(asked, 2);
        ask(asked, 3);
        later(600, 900);
      }
      String outcome = says ? "answered" : "no_answer";
      visit.add(
          asked,
          id,
          begun,
          answers,
          says ? "yes" : null,
          says ? "satisfied" : null,
          says ? at : null,
          outcome,
          at);
      tell(new CaseEvent.Closed(Transition.T22, RULE, null, answers, null, outcome));
      holding.add(id, desk, null, range(requireNonNull(held), at), null);
      held = null;
      // It is among what whoever did it has done.
      staff = by;
      state = CaseState.CLOSED;
      closedAt = at;
      version++;
    }

    private void ask(long asked, int nth) {
      if (nth > 1) {
        later(480, 540);
      }
      tell(new CaseEvent.Asked(null, RULE, asked, nth, answers));
      asking.add(
          asked, nth, "chat", "counted", at, LocalDate.ofInstant(at, calendar.zone()).toString());
      version++;
    }

    /// Not later than now: nobody opens anything in the last hour.
    private void later(int least, int most) {
      Instant next = at.plusSeconds(60L * (least + random.nextInt(most)));
      at = next.isBefore(now) ? next : at.plusSeconds(1);
    }

    private void clocks() {
      boolean accepted = state != CaseState.REPORTED;
      if (!accepted) {
        clock("acceptance", said, 2, WorkingCalendar.Unit.WORK_HOUR, null);
        return;
      }
      Instant signed = state == CaseState.DISPATCHED ? null : first(CaseEvent.Claimed.class);
      clock("signing", registered, 2, WorkingCalendar.Unit.WORK_HOUR, signed);
      Integer hours = kind.firstResponseHours();
      clock(
          "first_contact",
          said,
          hours == null ? 24 : hours,
          WorkingCalendar.Unit.CALENDAR_HOUR,
          answeredAt == null ? closedAt : firstAnswer());
      Category.Limit limit = requireNonNull(kind.limit());
      clock("handling", said, limit.value(), limit.unit(), reportedAt);
      if (reportedAt != null) {
        clock("return_visit", reportedAt, VISIT_DAYS, WorkingCalendar.Unit.WORK_DAY, closedAt);
      }
    }

    private Instant firstAnswer() {
      return told.stream()
          .filter(each ->
              each.event() instanceof CaseEvent.Answered
                  || each.event() instanceof CaseEvent.Reported)
          .findFirst()
          .orElseThrow()
          .at();
    }

    private Instant first(Class<? extends CaseEvent> what) {
      return told.stream()
          .filter(each -> what.isInstance(each.event()))
          .findFirst()
          .orElseThrow()
          .at();
    }

    private void clock(
        String name,
        Instant from,
        int value,
        WorkingCalendar.Unit unit,
        @Nullable Instant stopped) {
      Instant due = calendar.due(from, value, unit);
      Instant amber = from.plusSeconds((long) (Duration.between(from, due).toSeconds() * AMBER));
      clock.add(
          id,
          name,
          from,
          amber,
          due,
          stopped,
          value + " " + unit.word() + " by " + calendar.version(),
          RULE,
          stopped == null && !due.isAfter(now) ? due : null);
      if (stopped == null && (dueAt == null || due.isBefore(dueAt))) {
        dueAt = due;
        amberAt = amber;
      }
    }

    private void keep() {
      if (state != CaseState.HANDED_OFF && held != null) {
        holding.add(id, desk, staff, range(held, closedAt), reason);
      }
      matter.add(
          id,
          number,
          code(),
          state,
          level.word(),
          urgency().word(),
          kind.code(),
          where.id(),
          where.path(),
          true,
          place.street().id(),
          place.community().id(),
          where.level() == Level.GRID ? (Long) where.id() : where.gridId(),
          "wechat",
          who,
          who,
          true,
          title.length() > 24 ? title.substring(0, 23) + "…" : title,
          what,
          salt,
          holder.desk().id(),
          staff,
          words.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")),
          said,
          registered,
          heardAt,
          answeredAt,
          closedAt,
          dueAt,
          amberAt,
          version);
      for (Events.Link link : Events.chain(CaseEvent.VOCABULARY, id, told)) {
        event.add(
            CaseEvent.VOCABULARY.room(),
            id,
            link.at(),
            link.body(),
            link.seq(),
            link.hash().getBytes());
      }
    }

    private static String range(Instant from, @Nullable Instant until) {
      Instant end = until == null || until.isAfter(from) ? until : from.plusNanos(1_000);
      return "[" + from + "," + (end == null ? "" : end) + ")";
    }
  }

  long written(String table) {
    return switch (table) {
      case "case" -> matter.written();
      case "event" -> event.written();
      case "message" -> message.written();
      case "person" -> person.written();
      default -> throw new IllegalArgumentException(table);
    };
  }
}
