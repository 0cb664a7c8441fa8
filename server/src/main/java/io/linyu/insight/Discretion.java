package io.linyu.insight;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;

/// Of which places what residents said is not told, since it could be known who said it.
final class Discretion {
  /// Answers below which nothing is told.
  static final long FEWEST = 5;

  private Discretion() {}

  static boolean isTooFew(long answers) {
    return answers < FEWEST;
  }

  /// The parts of a whole that are not told when the whole is. Those with too few answers, and
  /// where taking the others from the whole would tell of these, others as well: what is left over
  /// is of two at least, with answers enough.
  ///
  /// @param answers by part; those without any have nothing to tell
  /// @param also what is not told for another reason
  static <K> Set<K> hidden(Map<K, Long> answers, Set<K> also, Comparator<K> order) {
    var hidden = new HashSet<K>();
    answers.forEach((part, many) -> {
      if (many > 0 && (isTooFew(many) || also.contains(part))) {
        hidden.add(part);
      }
    });
    while (!hidden.isEmpty() && (hidden.size() == 1 || isTooFew(sum(answers, hidden)))) {
      Optional<K> next =
          answers.entrySet().stream()
              .filter(each -> each.getValue() > 0 && !hidden.contains(each.getKey()))
              .min(Entry.<K, Long>comparingByValue().thenComparing(Entry::getKey, order))
              .map(Entry::getKey);
      if (next.isEmpty()) {
        break; // all are hidden
      }
      hidden.add(next.get());
    }
    return Set.copyOf(hidden);
  }

  /// Whether the sum of these may be told, where each is told by itself when it is enough: taking
  /// those from the sum must not tell of one of the others.
  ///
  /// @param answers of each month, one after the other
  static boolean tells(List<Long> answers) {
    List<Long> few = answers.stream().filter(each -> each > 0 && isTooFew(each)).toList();
    return few.isEmpty()
        || (few.size() > 1 && !isTooFew(few.stream().mapToLong(Long::longValue).sum()));
  }

  private static <K> long sum(Map<K, Long> answers, Set<K> parts) {
    return parts.stream().mapToLong(each -> answers.getOrDefault(each, 0L)).sum();
  }
}
