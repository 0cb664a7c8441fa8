package io.linyu.community;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Who is away on which day, as it stood at one moment: of the desks at which somebody is.
final class Presence {
  /// @param until the first day on which they are here again
  record Away(long staff, LocalDate from, LocalDate until) {
    private boolean on(LocalDate day) {
      return !day.isBefore(from) && day.isBefore(until);
    }
  }

  /// Somebody of another desk, while that one is away.
  record StandsIn(long desk, long deputy, Away away) {}

  private final Map<Long, List<Away>> away;
  private final Map<Long, List<Long>> members;
  private final Map<Long, List<StandsIn>> deputies;

  /// @param members of each desk of which somebody is away
  Presence(List<Away> away, Map<Long, List<Long>> members, List<StandsIn> deputies) {
    this.away = away.stream().collect(groupingBy(Away::staff, mapping(each -> each, toList())));
    this.members = Map.copyOf(members);
    this.deputies = deputies.stream().collect(groupingBy(StandsIn::desk));
  }

  /// Those of which somebody is away, on some day.
  Collection<Long> desks() {
    return members.keySet();
  }

  /// Whether one of its own people is there. Where nobody works at all, nobody is away.
  boolean hasOwn(long desk, LocalDate day) {
    List<Long> own = members.get(desk);
    return own == null || own.stream().anyMatch(each -> isHere(each, day));
  }

  /// Whether somebody of another desk is there.
  boolean hasDeputy(long desk, LocalDate day) {
    return deputies.getOrDefault(desk, List.of()).stream()
        .anyMatch(each -> each.away().on(day) && isHere(each.deputy(), day));
  }

  /// Whether this member of staff of another desk is there for somebody.
  boolean isDeputy(long staff, long desk, LocalDate day) {
    return deputies.getOrDefault(desk, List.of()).stream()
        .anyMatch(each -> each.deputy() == staff && each.away().on(day));
  }

  private boolean isHere(long staff, LocalDate day) {
    return away.getOrDefault(staff, List.of()).stream().noneMatch(each -> each.on(day));
  }
}
