package io.linyu.casework;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The catalogue of matters, as a snapshot that is kept fresh.
public final class Categories {
  private final Db db;
  private final CategoryStore store = new CategoryStore();
  private volatile Catalogue catalogue;

  private record Catalogue(List<Category> all, Map<String, Category> byCode) {
    Catalogue(List<Category> all) {
      this(all, all.stream().collect(toUnmodifiableMap(Category::code, identity())));
    }
  }

  public Categories(Db db) {
    this.db = db;
    this.catalogue = new Catalogue(store.all(db));
  }

  public Optional<Category> named(@Nullable String code) {
    return code == null ? Optional.empty() : Optional.ofNullable(catalogue.byCode().get(code));
  }

  /// Whether others may come to harm by it, so that it is seen to whether or not whoever told it
  /// wants that still.
  boolean isSafety(Case matter) {
    return matter.urgency().isSafety()
        || named(matter.categoryCode()).filter(Category::isSafety).isPresent();
  }

  /// All of them in the order of their codes.
  public List<Category> all() {
    return catalogue.all();
  }

  /// The kind of matter these words tell of, by the keywords; empty when none or several fit
  /// equally.
  public Optional<Category> match(String words) {
    Category best = null;
    int most = 0;
    boolean alone = false;
    for (Category category : catalogue.all()) {
      int weight = category.isSpecific() ? weight(category, words) : 0;
      if (weight > most) {
        best = category;
        alone = true;
      } else if (weight == most) {
        alone = false;
      }
      most = Math.max(most, weight);
    }
    return alone ? Optional.ofNullable(best) : Optional.empty();
  }

  /// Reads the catalogue again, at once.
  public void refresh() {
    catalogue = new Catalogue(store.all(db));
  }

  /// Puts this catalogue in the place of the present one. Categories that are gone from it stay for
  /// the cases that have them, without keywords.
  public void replace(Tx tx, List<Category> catalogue) {
    store.replace(tx, catalogue);
    tx.afterCommit(this::refresh);
  }

  /// Long keywords say more than short ones, and one character alone says nothing: 火 is in 火锅, too.
  private static int weight(Category category, String words) {
    int weight = 0;
    boolean telling = false;
    for (String keyword : category.keywords()) {
      if (words.contains(keyword)) {
        weight += keyword.length() * keyword.length();
        telling |= keyword.length() > 1;
      }
    }
    return telling ? weight : 0;
  }
}
