package io.linyu.casework;

import io.linyu.community.Community;
import io.linyu.community.Desks;
import io.linyu.community.Territories;
import io.linyu.platform.text.Words;
import org.jspecify.annotations.Nullable;

/// What a rule names, in words: a place, a kind, a desk.
final class RuleWords {
  private final Categories categories;
  private final Territories territories;
  private final Desks desks;

  RuleWords(Categories categories, Community community) {
    this.categories = categories;
    this.territories = community.territories();
    this.desks = community.desks();
  }

  String place(long territory) {
    return territories.nameForResident(territories.byId(territory));
  }

  String desk(long desk) {
    return desks.byId(desk).name();
  }

  /// @param code of a kind or a group of kinds; null: every kind
  String kind(@Nullable String code, Words words) {
    return RoutingPages.category(categories, code, words);
  }
}
