package io.linyu.bot.match;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Recognises danger to life by wording. A pattern is words joined by `+` (both in one sentence) or
/// `…` (in this order, close together), each with alternatives `a|b`; `{name}` stands for a list of
/// words. A word inside a harmless one (`火` in `火锅`) does not count.
public final class Danger {
  private static final int CLOSE = 8;

  private final Lexicon<Integer> words = new Lexicon<>();
  private final Lexicon<Boolean> harmless = new Lexicon<>();
  private final Map<Set<String>, Integer> terms = new HashMap<>();
  private final List<Rule> rules = new ArrayList<>();
  private final BitSet first = new BitSet();

  /// @param unless when any of these words occurs, the rule does not hold
  private record Rule(String kind, List<Integer> terms, List<Boolean> ordered, int unless) {}

  public void harmless(String word) {
    harmless.add(word, true);
  }

  /// The earlier rule wins.
  ///
  /// @return what is wrong with the pattern, or null
  public @Nullable String when(
      String kind, String pattern, Map<String, ? extends List<String>> lists, Set<String> unless) {
    List<Integer> of = new ArrayList<>();
    List<Boolean> ordered = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= pattern.length(); i++) {
      boolean end = i == pattern.length();
      if (end || pattern.charAt(i) == '+' || pattern.charAt(i) == '…') {
        Set<String> alternatives = new HashSet<>();
        for (String alternative : pattern.substring(from, i).split("\\|", -1)) {
          String word = alternative.strip();
          if (word.startsWith("{") && word.endsWith("}")) {
            List<String> list = lists.get(word.substring(1, word.length() - 1));
            if (list == null) {
              return word;
            }
            alternatives.addAll(list);
          } else if (word.isEmpty()) {
            return pattern;
          } else {
            alternatives.add(word);
          }
        }
        of.add(term(alternatives));
        if (!end) {
          ordered.add(pattern.charAt(i) == '…');
        }
        from = i + 1;
      }
    }
    first.set(of.getFirst());
    rules.add(new Rule(kind, of, ordered, unless.isEmpty() ? -1 : term(unless)));
    return null;
  }

  /// The kind of danger that the text tells of, or null.
  public @Nullable String in(String plain) {
    List<Lexicon.Hit<Integer>> hits = words.in(plain);
    if (hits.stream().noneMatch(hit -> first.get(hit.meaning()))) {
      return null;
    }
    List<Lexicon.Hit<Boolean>> idle = harmless.in(plain);
    var found = new HashMap<Integer, List<Lexicon.Hit<Integer>>>();
    for (Lexicon.Hit<Integer> hit : hits) {
      if (idle.stream().noneMatch(hit::within)) {
        found.computeIfAbsent(hit.meaning(), _ -> new ArrayList<>()).add(hit);
      }
    }
    for (Rule rule : rules) {
      if (!found.containsKey(rule.unless) && holds(rule, 0, null, plain, found)) {
        return rule.kind;
      }
    }
    return null;
  }

  private static boolean holds(
      Rule rule,
      int term,
      Lexicon.@Nullable Hit<Integer> before,
      String plain,
      Map<Integer, List<Lexicon.Hit<Integer>>> found) {
    if (term == rule.terms.size()) {
      return true;
    }
    for (Lexicon.Hit<Integer> hit : found.getOrDefault(rule.terms.get(term), List.of())) {
      if ((before == null || together(before, hit, rule.ordered.get(term - 1), plain))
          && holds(rule, term + 1, hit, plain, found)) {
        return true;
      }
    }
    return false;
  }

  private static boolean together(
      Lexicon.Hit<Integer> one, Lexicon.Hit<Integer> other, boolean ordered, String plain) {
    if (ordered && (other.start() < one.end() || other.start() - one.end() > CLOSE)) {
      return false;
    }
    int from = Math.min(one.end(), other.end());
    int to = Math.max(one.start(), other.start());
    for (int i = from; i < to; i++) {
      char c = plain.charAt(i);
      if (c == '.' || c == '?') {
        return false;
      }
    }
    return true;
  }

  private int term(Set<String> alternatives) {
    Integer known = terms.get(alternatives);
    if (known != null) {
      return known;
    }
    int term = terms.size();
    terms.put(Set.copyOf(alternatives), term);
    alternatives.forEach(word -> words.add(word, term));
    return term;
  }
}
