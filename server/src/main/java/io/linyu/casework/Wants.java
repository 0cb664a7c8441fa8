package io.linyu.casework;

import io.linyu.casework.Inbox.View;
import io.linyu.community.Community;
import io.linyu.community.Level;
import io.linyu.community.Staff;
import io.linyu.community.Territories;
import io.linyu.community.Territory;
import io.linyu.platform.db.Sql;
import io.linyu.platform.time.WorkingCalendar;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What somebody means by the words they type, and by the filters of a list: names of places,
/// persons, desks and categories become ids.
final class Wants {
  private final Community community;
  private final Categories categories;
  private final Supplier<WorkingCalendar> calendar;
  private final InboxStore store = new InboxStore();

  Wants(Community community, Categories categories, Supplier<WorkingCalendar> calendar) {
    this.community = community;
    this.categories = categories;
    this.calendar = calendar;
  }

  @Nullable Sought sought(Sql sql, Staff staff, @Nullable String typed) {
    if (typed == null || typed.isBlank()) {
      return null;
    }
    Sought sought = Sought.of(typed.strip());
    if (!sought.isWords()) {
      return sought.withPersons(
          Stream.concat(
                  community.people().named(sql, typed).stream(), ending(sql, sought.end()).stream())
              .distinct()
              .toList());
    }
    if (sought.terms().isEmpty()) {
      return null; // nothing but spaces of another kind
    }
    // A telephone number as it is printed, or a name in several words, is one thing.
    if (sought.terms().size() > 1) {
      List<Long> persons = community.people().named(sql, typed);
      if (!persons.isEmpty()) {
        return sought.asOne(persons.stream().map(person -> "p" + person).toList());
      }
    }
    return sought.withTerms(
        sought.terms().stream().map(term -> term.with(marks(sql, staff, term))).toList());
  }

  private List<String> marks(Sql sql, Staff staff, Sought.Term term) {
    return Stream.concat(
            placesNamed(staff, term.text()).stream().map(place -> "t" + place.id()),
            Stream.concat(
                    community.people().named(sql, term.text()).stream(),
                    ending(sql, term.end()).stream())
                .distinct()
                .map(person -> "p" + person))
        .toList();
  }

  /// Of the whole district: which of their cases the reader may see is a part of the question in
  /// which these ids stand.
  private List<Long> ending(Sql sql, @Nullable String end) {
    return end == null ? List.of() : community.people().endingIn(sql, end);
  }

  List<Territory> placesNamed(Staff staff, String term) {
    Territories territories = community.territories();
    Territory own = territories.byId(staff.territoryId());
    return territories.placesNamed(
        term, own.level() == Level.GRID ? territories.communityOf(own).orElse(own) : own);
  }

  Wanted wanted(
      Sql sql,
      Staff staff,
      View view,
      boolean closed,
      @Nullable Sought sought,
      Filters filters,
      Instant now) {
    List<Territory> places = filters.place().isEmpty() ? null : placesNamed(staff, filters.place());
    return new Wanted(
        view,
        closed,
        sought,
        filters.category().isEmpty() ? null : codes(filters.category()),
        places,
        places == null ? null : communityOf(places),
        filters.holder().isEmpty() ? null : held(sql, staff, filters),
        filters.urgency(),
        filters.confirmed(),
        filters.channel().isEmpty() ? null : filters.channel(),
        day(filters.from(), 0),
        day(filters.to(), 1),
        filters.late() ? now : null,
        filters.supervised(),
        filters.asking(),
        closed ? archived(sought != null, filters) : null);
  }

  /// What is filed away is in no list until somebody asks for it, looks for something, or names the
  /// days on which it was closed.
  private static @Nullable Boolean archived(boolean seeks, Filters filters) {
    return switch (filters.state()) {
      case ARCHIVED -> true;
      case ANY -> null;
      case OPEN, CLOSED -> seeks ? null : Boolean.FALSE;
      case null -> (seeks || filters.from() != null || filters.to() != null) ? null : Boolean.FALSE;
    };
  }

  private List<String> codes(String category) {
    return categories.all().stream()
        .filter(each -> each.code().equals(category) || category.equals(each.parent()))
        .map(Category::code)
        .toList();
  }

  private @Nullable Long communityOf(List<Territory> places) {
    List<Long> around =
        places.stream()
            .map(
                place -> community.territories().communityOf(place).map(Territory::id).orElse(null))
            .distinct()
            .toList();
    return around.size() == 1 ? around.getFirst() : null;
  }

  private Wanted.Held held(Sql sql, Staff staff, Filters filters) {
    if (filters.isHeldByNobody()) {
      return new Wanted.Held(List.of(), List.of(), true);
    }
    return filters.isHeldByMe()
        ? new Wanted.Held(List.of(staff.id()), List.of(), false)
        : heldBy(store.staffCalled(sql, filters.holder()), sql, filters.holder());
  }

  /// A person's name may be part of that of a desk; the person is meant.
  private Wanted.Held heldBy(List<Long> persons, Sql sql, String called) {
    List<Long> desks = persons.isEmpty() ? store.desksCalled(sql, called) : List.of();
    return new Wanted.Held(persons, desks, false);
  }

  private @Nullable Instant day(@Nullable LocalDate day, int plus) {
    ZoneId zone = calendar.get().zone();
    return day == null ? null : day.plusDays(plus).atStartOfDay(zone).toInstant();
  }

  /// What was looked for, in words, for whoever has found nothing.
  List<String> placesMeant(Staff staff, @Nullable Sought sought) {
    Territories territories = community.territories();
    return sought == null
        ? List.of()
        : sought.terms().stream()
            .flatMap(term -> placesNamed(staff, term.text()).stream())
            .map(territories::nameForResident)
            .distinct()
            .limit(5)
            .toList();
  }
}
