package io.linyu.casework;

import io.linyu.casework.Category.Limit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The limits of the house that no category has for itself, in one version.
///
/// @param checkSample of a hundred that need no look on site so many are looked at all the same
/// @param whitelist the categories that are accepted without a person when the resident confirmed;
///   null: all
/// @param confidential the categories that are always told in confidence
record Rules(
    int version,
    Limit acceptance,
    Limit signing,
    int signingCriticalMinutes,
    Limit checking,
    Limit returnVisit,
    int checkSample,
    @Nullable List<String> whitelist,
    List<String> confidential) {

  boolean keepsConfidential(@Nullable Category category) {
    return category != null && confidential.contains(category.code());
  }

  boolean acceptsByRule(Category category) {
    return whitelist == null || whitelist.contains(category.code());
  }
}
