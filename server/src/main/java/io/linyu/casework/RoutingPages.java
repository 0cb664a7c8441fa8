package io.linyu.casework;

import io.linyu.casework.CasePages.Group;
import io.linyu.casework.CasePages.Place;
import io.linyu.casework.RoutingRules.When;
import io.linyu.community.Desk;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages of who gets what are given.
public final class RoutingPages {
  private RoutingPages() {}

  /// @param place as it was typed
  /// @param category that is looked for; null: all
  /// @param next where the next page begins; null: this is the last
  /// @param rules whether whoever looks may set one
  /// @param own the place that is asked for first
  public record ListPage(
      Frame frame,
      When when,
      String place,
      @Nullable String category,
      List<Group> groups,
      List<Row> rows,
      @Nullable Long next,
      boolean rules,
      Place own,
      LocalDate today) {
    public String tab(When other) {
      return "/console/routing?when="
          + other.word()
          + "&place="
          + URLEncoder.encode(place, StandardCharsets.UTF_8)
          + "&category="
          + (category == null ? "" : category);
    }

    public String more() {
      return tab(when) + "&before=" + next;
    }

    public boolean isNarrowed() {
      return category != null || !place.isEmpty();
    }
  }

  /// @param category in words
  /// @param instead who takes it at present, where nobody works at the desk; null: the desk itself
  public record Row(
      RoutingRule rule,
      String place,
      String category,
      String desk,
      @Nullable String instead,
      LocalDate today) {
    public boolean isOver() {
      return rule.isOver(today);
    }

    public boolean isComing() {
      return !isOver() && !rule.hasBegun(today);
    }
  }

  /// The form by which one is set.
  public record FormPage(
      Frame frame, List<Place> places, List<Group> groups, DeskChoice desks, LocalDate today) {}

  /// Desks by the unit that they are at.
  ///
  /// @param sought the unit that was typed
  public record DeskChoice(Words words, String sought, List<Unit> units) {}

  public record Unit(String name, List<Desk> desks) {}

  /// One of them.
  ///
  /// @param rules whether whoever looks may end it
  /// @param looked what was looked at before it was set, and before it was ended
  public record RulePage(Frame frame, Row row, boolean rules, List<Replay> looked) {
    public String url() {
      return "/console/routing/" + row.rule().id();
    }
  }

  /// Who would get it, and why.
  ///
  /// @param rule that decides; null: none
  public record WhoView(
      Words words, RoutingRules.Answer answer, String place, @Nullable Row rule) {}

  /// `2026年3月12日`.
  public static String day(Words words, LocalDate day) {
    return words.of("routing.day", day.getYear(), day.getMonthValue(), day.getDayOfMonth());
  }

  /// From the first day until the last.
  public static String period(Words words, RoutingRule rule) {
    return period(words, rule.from(), rule.until());
  }

  /// @param until the first day on which it holds no more; null: for ever
  static String period(Words words, LocalDate from, @Nullable LocalDate until) {
    return until == null
        ? words.of("routing.since", day(words, from))
        : words.of("routing.between", day(words, from), day(words, until.minusDays(1)));
  }

  /// @param code of a kind or a group of kinds; null: every kind
  static String category(Categories categories, @Nullable String code, Words words) {
    if (code == null) {
      return words.of("routing.all");
    }
    return categories
        .named(code)
        .map(each ->
            each.isSpecific()
                ? each.name(words.language())
                : words.of("routing.group", each.name(words.language())))
        .orElse(code);
  }
}
