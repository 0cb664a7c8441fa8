package io.linyu.bot.match;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which category a matter may belong to, by the key words of the catalogue. A first guess: the
/// desk sees it and may change it.
public final class Topics {
  public static final Topics NONE = new Topics();

  private final Lexicon<String> keywords = new Lexicon<>();
  private final Map<String, Integer> shared = new HashMap<>();

  /// @param weight about 1 for each key word found, less for single characters and for words that
  ///   several categories share
  public record Topic(String code, double weight) {}

  /// @param codes in the order in which the first wins a tie
  public static Topics of(Map<String, List<String>> codes) {
    var topics = new Topics();
    codes.forEach((code, words) ->
        words.forEach(word -> {
          topics.keywords.add(word, code);
          topics.shared.merge(word, 1, Integer::sum);
        }));
    return topics;
  }

  public @Nullable Topic of(String plain) {
    return weighed(plain).stream().findFirst().orElse(null);
  }

  /// All that it is as likely as anything, the one of [#of] first.
  public List<String> likeliest(String plain) {
    List<Topic> all = weighed(plain);
    return all.stream()
        .filter(each -> each.weight() > all.getFirst().weight() - ALIKE)
        .map(Topic::code)
        .toList();
  }

  private static final double ALIKE = 1e-9;

  private List<Topic> weighed(String plain) {
    List<Lexicon.Hit<String>> hits = keywords.in(plain);
    var weights = new HashMap<String, Double>();
    for (Lexicon.Hit<String> hit : hits) {
      if (hits.stream().anyMatch(o -> hit.within(o) && o.length() > hit.length())) {
        continue;
      }
      double length = hit.length() == 1 ? 0.3 : hit.length() == 2 ? 1.0 : 1.4;
      String word = plain.substring(hit.start(), hit.end());
      weights.merge(hit.meaning(), length / Math.sqrt(shared.getOrDefault(word, 1)), Double::sum);
    }
    return weights.entrySet().stream()
        .map(e -> new Topic(e.getKey(), e.getValue()))
        .sorted((a, b) -> {
          int heavier = Double.compare(b.weight(), a.weight());
          return heavier == 0 ? a.code().compareTo(b.code()) : heavier;
        })
        .toList();
  }
}
