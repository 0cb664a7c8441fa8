package io.linyu.casework;

import io.linyu.platform.db.Db;
import io.linyu.platform.db.Tx;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The catalogue of matters, as a snapshot that is kept fresh.
public final class Categories {
  public Categories(Db db) {}

  public Optional<Category> named(@Nullable String code) {
    return pending();
  }

  /// All of them in the order of their codes.
  public List<Category> all() {
    return pending();
  }

  /// The kind of matter these words tell of, by the keywords; empty when none or several fit
  /// equally.
  public Optional<Category> match(String words) {
    return pending();
  }

  /// Reads the catalogue again, at once.
  public void refresh() {
    Object _ = pending();
  }

  /// Puts this catalogue in the place of the present one. Categories that are gone from it stay for
  /// the cases that have them, without keywords.
  public void replace(Tx tx, List<Category> catalogue) {
    Object _ = pending();
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T pending() {
    throw new IllegalStateException("not yet here");
  }
}
