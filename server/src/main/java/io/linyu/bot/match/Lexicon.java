package io.linyu.bot.match;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /// A small hash table of its own: boxed characters would cost more than everything else here.
  private static final class Node<T> {
    private char[] letters = new char[2];
    private List<@Nullable Node<T>> next = new ArrayList<>(Collections.nCopies(2, null));
    private int size;
    final List<T> meanings = new ArrayList<>(0);

    @Nullable Node<T> after(char letter) {
      return next.get(slot(letter));
    }

    Node<T> grow(char letter) {
      Node<T> known = after(letter);
      if (known != null) {
        return known;
      }
      if (++size * 2 > letters.length) {
        widen();
      }
      Node<T> grown = new Node<>();
      put(letter, grown);
      return grown;
    }

    private void widen() {
      char[] before = letters;
      List<@Nullable Node<T>> nodes = next;
      letters = new char[before.length * 2];
      next = new ArrayList<>(Collections.nCopies(letters.length, null));
      for (int i = 0; i < before.length; i++) {
        Node<T> node = nodes.get(i);
        if (node != null) {
          put(before[i], node);
        }
      }
    }

    private void put(char letter, Node<T> node) {
      int slot = slot(letter);
      letters[slot] = letter;
      next.set(slot, node);
    }

    private int slot(char letter) {
      int mask = letters.length - 1;
      int slot = (letter * 0x9e37) >>> 3 & mask;
      while (next.get(slot) != null && letters[slot] != letter) {
        slot = slot + 1 & mask;
      }
      return slot;
    }
  }

  public void add(String word, T meaning) {
    Node<T> node = root;
    String plain = Plain.of(word);
    for (int i = 0; i < plain.length(); i++) {
      node = node.grow(plain.charAt(i));
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
      Node<T> node = root.after(plain.charAt(start));
      for (int end = start + 1; node != null; end++) {
        if (!node.meanings.isEmpty() && !insideLatin(plain, end)) {
          for (T meaning : node.meanings) {
            hits.add(new Hit<>(meaning, start, end));
          }
        }
        node = end < plain.length() ? node.after(plain.charAt(end)) : null;
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
