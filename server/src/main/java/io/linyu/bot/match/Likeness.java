package io.linyu.bot.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How like a text is to examples: the cosine of their single and paired characters, rare ones
/// weighing more, lifted by key words. Deterministic, and explains itself by the example it names.
///
/// @param <L> what the examples are examples of
public final class Likeness<L> {
  private final List<L> labels = new ArrayList<>();
  private final Map<L, Integer> numbers = new HashMap<>();
  private final Lexicon<Integer> keywords = new Lexicon<>();
  private final Lexicon<Boolean> politeness = new Lexicon<>();
  private final List<Example> examples = new ArrayList<>();
  private Postings postings = new Postings(0);
  private double unknown;

  /// @param score 0 to 1
  public record Like<L>(L label, double score) {}

  private static final class Example {
    final int label;
    final int[] grams;

    Example(int label, int[] grams) {
      this.label = label;
      this.grams = grams;
    }
  }

  /// Where a gram occurs; weights are already divided by the length of the example.
  private static final class Posting {
    final double rarity;
    final int[] example;
    final double[] weight;

    Posting(double rarity, int[] example, double[] weight) {
      this.rarity = rarity;
      this.example = example;
      this.weight = weight;
    }
  }

  /// Postings by gram, in a table without boxes: this is asked for every pair of characters heard.
  private static final class Postings {
    private final int[] grams;
    private final @Nullable Posting[] found;

    Postings(int size) {
      int room = Integer.highestOneBit(Math.max(2, size)) * 4;
      grams = new int[room];
      found = new Posting[room];
    }

    void put(int gram, Posting posting) {
      int slot = slot(gram);
      grams[slot] = gram;
      found[slot] = posting;
    }

    @Nullable Posting get(int gram) {
      return found[slot(gram)];
    }

    private int slot(int gram) {
      int mask = grams.length - 1;
      int slot = (gram * 0x9e3779b9) >>> 7 & mask;
      while (found[slot] != null && grams[slot] != gram) {
        slot = slot + 1 & mask;
      }
      return slot;
    }
  }

  public void ignore(String politeWord) {
    politeness.add(politeWord, true);
  }

  public void keyword(L label, String word) {
    keywords.add(word, number(label));
  }

  public void example(L label, String example) {
    int[] grams = grams(core(Plain.of(example)));
    if (grams.length > 0) {
      examples.add(new Example(number(label), grams));
    }
  }

  /// Weighs everything added so far.
  public Likeness<L> ready() {
    var frequency = new HashMap<Integer, Integer>();
    for (Example example : examples) {
      for (int gram : example.grams) {
        frequency.merge(gram, 1, Integer::sum);
      }
    }
    var occurs = new HashMap<Integer, List<Integer>>();
    double[] length = new double[examples.size()];
    for (int e = 0; e < length.length; e++) {
      for (int gram : examples.get(e).grams) {
        double rarity = rarity(frequency.getOrDefault(gram, 1));
        length[e] += rarity * rarity;
        occurs.computeIfAbsent(gram, _ -> new ArrayList<>()).add(e);
      }
    }
    postings = new Postings(occurs.size());
    occurs.forEach((gram, in) -> {
      double rarity = rarity(in.size());
      int[] example = in.stream().mapToInt(Integer::intValue).toArray();
      double[] weight =
          Arrays.stream(example).mapToDouble(e -> rarity / Math.sqrt(length[e])).toArray();
      postings.put(gram, new Posting(rarity, example, weight));
    });
    unknown = rarity(1);
    return this;
  }

  /// All labels that are like the text at all, the likest first.
  public List<Like<L>> of(String plain) {
    String core = core(plain);
    double[] likest = new double[labels.size()];
    byExamples(core, likest);
    byKeywords(plain, core, likest);
    List<Like<L>> found = new ArrayList<>();
    for (int label = 0; label < likest.length; label++) {
      if (likest[label] > 0.2) {
        found.add(new Like<>(labels.get(label), likest[label]));
      }
    }
    found.sort((a, b) -> Double.compare(b.score(), a.score()));
    return found;
  }

  private void byExamples(String core, double[] likest) {
    double[] sums = new double[examples.size()];
    double length = 0;
    for (int gram : grams(core)) {
      Posting posting = postings.get(gram);
      double rarity = posting == null ? unknown : posting.rarity;
      length += rarity * rarity;
      if (posting != null) {
        for (int i = 0; i < posting.example.length; i++) {
          sums[posting.example[i]] += rarity * posting.weight[i];
        }
      }
    }
    if (length == 0) {
      return;
    }
    double norm = Math.sqrt(length);
    for (int e = 0; e < sums.length; e++) {
      int label = examples.get(e).label;
      likest[label] = Math.max(likest[label], sums[e] / norm);
    }
  }

  /// A key word that is the whole text is certain; one among much else only hints.
  private void byKeywords(String plain, String core, double[] likest) {
    var longest = new HashMap<Integer, Integer>();
    for (Lexicon.Hit<Integer> hit : keywords.in(plain)) {
      longest.merge(hit.meaning(), hit.length(), Math::max);
    }
    int all = Math.max(1, Plain.weight(core));
    longest.forEach((label, covered) -> {
      double share = Math.min(1.0, (double) covered / all);
      double hint = 0.4 + 0.6 * share;
      double like = likest[label];
      likest[label] = Math.min(1.0, Math.max(like, hint) + 0.3 * Math.min(like, hint));
    });
  }

  private double rarity(int frequency) {
    return Math.log(1.0 + (double) examples.size() / frequency);
  }

  private int number(L label) {
    return numbers.computeIfAbsent(
        label,
        added -> {
          labels.add(added);
          return labels.size() - 1;
        });
  }

  private String core(String plain) {
    List<Lexicon.Hit<Boolean>> polite = politeness.in(plain);
    if (polite.isEmpty()) {
      return plain;
    }
    var core = new StringBuilder(plain);
    for (Lexicon.Hit<Boolean> hit : polite) {
      for (int i = hit.start(); i < hit.end(); i++) {
        core.setCharAt(i, ',');
      }
    }
    return Plain.weight(core.toString()) < 2 ? plain : core.toString();
  }

  /// Single characters and pairs, each once; a Latin word or number is one character.
  private static int[] grams(String core) {
    int[] grams = new int[core.length() * 2];
    int size = 0;
    int before = 0;
    for (int i = 0; i < core.length(); ) {
      char c = core.charAt(i);
      int token = c;
      i++;
      if (Plain.isLatin(c)) {
        while (i < core.length() && Plain.isLatin(core.charAt(i))) {
          token = token * 31 + core.charAt(i++);
        }
        token &= 0xffff;
      } else if (Plain.isMark(c)) {
        before = 0;
        continue;
      }
      grams[size++] = token;
      if (before != 0) {
        grams[size++] = before << 16 | token;
      }
      before = token;
    }
    Arrays.sort(grams, 0, size);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || grams[i] != grams[i - 1]) {
        grams[kept++] = grams[i];
      }
    }
    return Arrays.copyOf(grams, kept);
  }
}
