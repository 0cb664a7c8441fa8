package io.linyu.casework;

import io.linyu.casework.Alarms.Alarm;
import io.linyu.casework.Day.Item;
import io.linyu.casework.Day.Kind;
import io.linyu.casework.Day.Section;
import io.linyu.casework.Inbox.Entry;
import io.linyu.casework.Inbox.View;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.platform.db.Db;
import io.linyu.platform.text.Words;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What is before somebody today. All of it is bounded: a day with more than so many is not a day.
public final class Days {
  /// So many are counted.
  static final int MOST = 200;

  private static final int SHOWN = 6;

  /// Whoever comes back sooner has not been away.
  private static final Duration AWAY = Duration.ofMinutes(30);

  private static final Set<CaseState> OTHERS_TURN =
      Set.of(
          CaseState.VERIFYING,
          CaseState.SUSPENDED,
          CaseState.FEEDBACK,
          CaseState.INSPECTING,
          CaseState.RETURN_VISIT);

  private final Db db;
  private final Clock clock;
  private final ZoneId zone;
  private final Inbox inbox;
  private final Alarms alarms;
  private final Territories territories;
  private final LeftDesks leftDesks;
  private final DayStore store = new DayStore();
  private final InboxStore lists = new InboxStore();

  Days(
      Db db,
      Clock clock,
      ZoneId zone,
      Casework casework,
      Territories territories,
      LeftDesks leftDesks) {
    this.leftDesks = leftDesks;
    this.db = db;
    this.clock = clock;
    this.zone = zone;
    this.inbox = casework.inbox();
    this.alarms = casework.alarms();
    this.territories = territories;
  }

  /// @param looks whether the person has opened the page; a page that refreshes itself is not
  ///   somebody who is here
  public Day of(Staff staff, boolean looks) {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, zone);
    Instant midnight = start(today);
    Instant since =
        (looks ? store.wasHere(db, staff.id(), now, now.minus(AWAY)) : store.before(db, staff.id()))
            .orElse(midnight);
    List<Entry> mine = inbox.page(staff, View.MINE, null, Filters.NONE, null, MOST).entries();
    Map<CaseId, Instant> calls = store.promisedCalls(db, mine.stream().map(Entry::id).toList());
    List<Entry> overdue = mine.stream().filter(each -> each.dueAt().isBefore(now)).toList();
    List<Entry> othersTurn =
        mine.stream().filter(each -> OTHERS_TURN.contains(each.state())).toList();
    List<Entry> closed = entries(store.closed(db, staff, midnight, MOST));

    var sections = new ArrayList<Section>();
    add(sections, alarms(staff));
    add(sections, section(staff, Kind.OVERDUE, overdue, Entry::dueAt, mine("&late=yes")));
    add(
        sections,
        section(
            staff,
            Kind.UNANSWERED,
            mine.stream().filter(Entry::waits).toList(),
            Entry::saidAt,
            mine("")));
    add(
        sections,
        section(
            staff,
            Kind.CALLS,
            mine.stream()
                .filter(each -> calls.containsKey(each.id()))
                .sorted(Comparator.comparing(each -> calls.getOrDefault(each.id(), Instant.MAX)))
                .toList(),
            each -> calls.getOrDefault(each.id(), each.dueAt()),
            mine("")));
    add(
        sections,
        section(
            staff, Kind.TODAY, due(mine, now, start(today.plusDays(1))), Entry::dueAt, mine("")));
    add(
        sections,
        section(
            staff,
            Kind.TOMORROW,
            due(mine, start(today.plusDays(1)), start(today.plusDays(2))),
            Entry::dueAt,
            mine("")));
    add(
        sections,
        section(
            staff,
            Kind.DRAFTS,
            entries(store.begun(db, staff, Scope.of(staff, territories), MOST)),
            Entry::saidAt,
            null));
    add(
        sections,
        section(
            staff,
            Kind.NEW,
            entries(store.come(db, staff, since, MOST)),
            Entry::saidAt,
            "/console/cases?view=unclaimed"));
    add(sections, section(staff, Kind.OTHERS, othersTurn, Entry::dueAt, mine("")));
    add(
        sections,
        section(
            staff,
            Kind.CLOSED,
            closed,
            Entry::dueAt,
            "/console/cases?view=closed&holder=%E6%88%91&from=" + today));
    return new Day(
        since, List.copyOf(sections), mine.size(), closed.size(), leftDesks.under(staff));
  }

  private static void add(List<Section> sections, Section section) {
    if (section.count() > 0) {
      sections.add(section);
    }
  }

  private Section alarms(Staff staff) {
    List<Alarm> ringing = alarms.openFor(staff).stream().filter(Alarm::rings).toList();
    return new Section(
        Kind.ALARMS,
        ringing.size(),
        ringing.stream()
            .limit(SHOWN)
            .map(alarm ->
                new Item(
                    "/console/cases/" + alarm.code(),
                    alarm.number().text(),
                    alarm.what(),
                    alarm.territoryName(),
                    alarm.rungAt(),
                    null))
            .toList(),
        "/console/alarms");
  }

  /// @param at what the line is about
  private static Section section(
      Staff staff,
      Kind kind,
      List<Entry> entries,
      Function<Entry, Instant> at,
      @Nullable String url) {
    return new Section(
        kind,
        entries.size(),
        entries.stream()
            .limit(SHOWN)
            .map(each ->
                new Item(
                    "/console/cases/" + each.code() + "?view=mine",
                    each.number().text(),
                    each.title(staff.id(), Words.in(staff.language())),
                    each.placeName(),
                    at.apply(each),
                    each))
            .toList(),
        url);
  }

  private static List<Entry> due(List<Entry> mine, Instant from, Instant to) {
    return mine.stream()
        .filter(each -> !each.dueAt().isBefore(from) && each.dueAt().isBefore(to))
        .toList();
  }

  private List<Entry> entries(List<Long> ids) {
    return ids.isEmpty() ? List.of() : lists.entries(db, ids);
  }

  private Instant start(LocalDate day) {
    return day.atStartOfDay(zone).toInstant();
  }

  private static String mine(String narrowed) {
    return "/console/cases?view=mine" + narrowed;
  }
}
