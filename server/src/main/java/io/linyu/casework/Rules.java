package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Category.Limit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The limits of the house that no category has for itself, in one version.
///
/// @param returning so long after it was sent to a desk that desk may return it
/// @param returnDecision so long the desk of the level has to decide on that
/// @param looking so long whoever looks before it is accepted is waited for
/// @param viewing so long the other desk of a dispute is waited for
/// @param checkSample of a hundred that need no look on site so many are looked at all the same
/// @param whitelist the categories that are accepted without a person when the resident confirmed;
///   null: all
/// @param confidential the categories that are always told in confidence
/// @param own by the code of a category, where it differs from the catalogue
record Rules(
    int version,
    Limit acceptance,
    Limit signing,
    int signingCriticalMinutes,
    Limit checking,
    Limit returnVisit,
    Limit returning,
    Limit returnDecision,
    Limit looking,
    Limit viewing,
    int checkSample,
    @Nullable List<String> whitelist,
    List<String> confidential,
    Map<String, Own> own) {
  private static final int USUAL_CONTACT = 24;

  /// The limits of one category, where they differ from the catalogue.
  ///
  /// @param contact hours until somebody makes contact
  /// @param handling as it is written, such as `3 work_day`
  record Own(@Nullable Integer contact, @Nullable String handling) {}

  boolean keepsConfidential(@Nullable Category category) {
    return category != null && (category.aboutStaff() || confidential.contains(category.code()));
  }

  /// Whether it is told in confidence. What is complained of neighbours is, and what is kept quiet,
  /// whatever these rules name, and goes its usual way.
  boolean isConfidential(@Nullable Category category) {
    return keepsConfidential(category)
        || (category != null && (category.aboutNeighbours() || category.quiet()));
  }

  boolean acceptsByRule(Category category) {
    return whitelist == null || whitelist.contains(category.code());
  }

  /// Calendar hours until somebody makes contact.
  int contactHours(Category category) {
    Own its = own.get(category.code());
    Integer hours =
        its == null || its.contact() == null ? category.firstResponseHours() : its.contact();
    return hours == null ? USUAL_CONTACT : hours;
  }

  Limit handling(Category category) {
    Own its = own.get(category.code());
    Limit limit =
        its == null || its.handling() == null ? category.limit() : Limit.of(its.handling());
    if (limit == null) {
      throw new IllegalArgumentException("no limit: " + category.code());
    }
    return limit;
  }

  /// As it is written, such as `3 work_day` or `30 minute`.
  ///
  /// @param category where each has its own
  String limit(Limited what, @Nullable Category category) {
    return switch (what) {
      case ACCEPTANCE -> acceptance.toString();
      case SIGNING -> signing.toString();
      case SIGNING_CRITICAL -> signingCriticalMinutes + " " + Limited.MINUTE;
      case CHECKING -> checking.toString();
      case RETURN_VISIT -> returnVisit.toString();
      case RETURNING -> returning.toString();
      case RETURN_DECISION -> returnDecision.toString();
      case LOOKING -> looking.toString();
      case VIEWING -> viewing.toString();
      case FIRST_CONTACT -> contactHours(requireNonNull(category)) + " calendar_hour";
      case HANDLING -> handling(requireNonNull(category)).toString();
    };
  }

  /// The next version, in which one limit is another. A category's that is as in the catalogue is
  /// not its own any more.
  Rules with(Limited what, @Nullable Category category, String limit) {
    var others = new TreeMap<>(own);
    if (category != null) {
      Own was = others.getOrDefault(category.code(), new Own(null, null));
      Own is =
          what == Limited.FIRST_CONTACT
              ? new Own(Limit.of(limit).value(), was.handling())
              : new Own(was.contact(), limit);
      Own its =
          new Own(
              Objects.equals(is.contact(), category.firstResponseHours()) ? null : is.contact(),
              Objects.equals(is.handling(), String.valueOf(category.limit()))
                  ? null
                  : is.handling());
      if (its.contact() == null && its.handling() == null) {
        others.remove(category.code());
      } else {
        others.put(category.code(), its);
      }
    }
    return new Rules(
        version + 1,
        what == Limited.ACCEPTANCE ? Limit.of(limit) : acceptance,
        what == Limited.SIGNING ? Limit.of(limit) : signing,
        what == Limited.SIGNING_CRITICAL
            ? Integer.parseInt(limit.substring(0, limit.indexOf(' ')))
            : signingCriticalMinutes,
        what == Limited.CHECKING ? Limit.of(limit) : checking,
        what == Limited.RETURN_VISIT ? Limit.of(limit) : returnVisit,
        what == Limited.RETURNING ? Limit.of(limit) : returning,
        what == Limited.RETURN_DECISION ? Limit.of(limit) : returnDecision,
        what == Limited.LOOKING ? Limit.of(limit) : looking,
        what == Limited.VIEWING ? Limit.of(limit) : viewing,
        checkSample,
        whitelist,
        confidential,
        others);
  }
}
