package io.linyu.bot.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds all words of a list in a text in one pass. A Latin word is found only as a whole word.
///
/// @param <T> what a word stands for
public final class Lexicon<T> {
  private final Node<T> root = new Node<>();

  public record Hit<T>(T meaning, int start, int end) {
    boolean within(Hit<?> other) {
      return other.start <= start && end <= other.end;
    }

    int length() {
      return end - start;
    }
  }

  private static final class Node<T> {
    final Map<Character, Node<T>> next = new HashMap<>();
    final List<T> meanings = new ArrayList<>(0);
  }

  public void add(String word, T meaning) {
    Node<T> node = root;
    String plain = Plain.of(word);
    for (int i = 0; i < plain.length(); i++) {
      node = node.next.computeIfAbsent(plain.charAt(i), _ -> new Node<>());
    }
    if (node != root) {
      node.meanings.add(meaning);
    }
  }

  public List<Hit<T>> in(String plain) {
    List<Hit<T>> hits = new ArrayList<>();
    for (int start = 0; start < plain.length(); start++) {
      if (insideLatin(plain, start)) {
        continue;
      }
      Node<T> node = root.next.get(plain.charAt(start));
      for (int end = start + 1; node != null; end++) {
        if (!node.meanings.isEmpty() && !insideLatin(plain, end)) {
          for (T meaning : node.meanings) {
            hits.add(new Hit<>(meaning, start, end));
          }
        }
        node = end < plain.length() ? node.next.get(plain.charAt(end)) : null;
      }
    }
    return hits;
  }

  public boolean anyIn(String plain) {
    return !in(plain).isEmpty();
  }

  /// Whether the position stands between two Latin letters. Digits do not count: `3栋` and `119` are
  /// found wherever they stand.
  private static boolean insideLatin(String plain, int at) {
    return at > 0
        && at < plain.length()
        && isLetter(plain.charAt(at - 1))
        && isLetter(plain.charAt(at));
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }
}
