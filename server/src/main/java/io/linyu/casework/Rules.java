package io.linyu.casework;

import static java.util.Objects.requireNonNull;

import io.linyu.casework.Category.Limit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The limits of the house, and those that a category has for itself, in one version.
///
/// @param returning so long after it was sent to a desk that desk may return it
/// @param returnDecision so long the desk of the level has to decide on that
/// @param looking so long whoever looks before it is accepted is waited for
/// @param viewing so long the other desk of a dispute is waited for
/// @param checkSample of a hundred that need no look on site so many are looked at all the same
/// @param whitelist the categories that are accepted without a person when the resident confirmed;
///   null: all
/// @param confidential the categories that are always told in confidence
/// @param own by the code of a category, where it differs from the catalogue or the house
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

  /// The limits of one category, where they differ from the catalogue, or from the house: as they
  /// are written, such as `3 work_day`.
  ///
  /// @param contact hours until somebody makes contact
  record Own(
      @Nullable Integer contact,
      @Nullable String handling,
      @Nullable String returning,
      @Nullable String returnDecision,
      @Nullable String looking,
      @Nullable String viewing) {
    static final Own NONE = new Own(null, null, null, null, null, null);

    /// Null: it is that of the catalogue, or the house.
    @Nullable String of(Limited what) {
      return switch (what) {
        case FIRST_CONTACT -> contact == null ? null : contact + " calendar_hour";
        case HANDLING -> handling;
        case RETURNING -> returning;
        case RETURN_DECISION -> returnDecision;
        case LOOKING -> looking;
        case VIEWING -> viewing;
        case ACCEPTANCE, SIGNING, SIGNING_CRITICAL, CHECKING, RETURN_VISIT -> null;
      };
    }

    private Own with(Limited what, @Nullable String limit) {
      return new Own(
          what != Limited.FIRST_CONTACT
              ? contact
              : limit == null ? null : Integer.valueOf(Limit.of(limit).value()),
          what == Limited.HANDLING ? limit : handling,
          what == Limited.RETURNING ? limit : returning,
          what == Limited.RETURN_DECISION ? limit : returnDecision,
          what == Limited.LOOKING ? limit : looking,
          what == Limited.VIEWING ? limit : viewing);
    }
  }

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

  /// One that a kind may have for itself.
  ///
  /// @param kind the code of a category; null: nobody has found out
  Limit limitOf(Limited what, @Nullable String kind) {
    Own its = kind == null ? null : own.get(kind);
    String limit = its == null ? null : its.of(what);
    return Limit.of(limit == null ? limit(what, null) : limit);
  }

  /// As it is written, such as `3 work_day` or `30 minute`.
  ///
  /// @param category where each has its own; else null is the house
  String limit(Limited what, @Nullable Category category) {
    if (what.mayBeOfKinds() && category != null) {
      return limitOf(what, category.code()).toString();
    }
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

  /// The next version, in which one limit is another. A category's that is as in the catalogue, or
  /// the house, is not its own any more.
  ///
  /// @param category whose limit it is; null: that of the house
  Rules with(Limited what, @Nullable Category category, String limit) {
    var others = new TreeMap<>(own);
    if (category != null) {
      boolean usual = limit.equals(usual(what, category));
      Own its = others.getOrDefault(category.code(), Own.NONE).with(what, usual ? null : limit);
      if (its.equals(Own.NONE)) {
        others.remove(category.code());
      } else {
        others.put(category.code(), its);
      }
      return with(null, limit, others);
    }
    return with(what, limit, others);
  }

  private @Nullable String usual(Limited what, Category category) {
    return switch (what) {
      case FIRST_CONTACT -> category.firstResponseHours() + " calendar_hour";
      case HANDLING -> String.valueOf(category.limit());
      case RETURNING, RETURN_DECISION, LOOKING, VIEWING -> limit(what, null);
      case ACCEPTANCE, SIGNING, SIGNING_CRITICAL, CHECKING, RETURN_VISIT -> null;
    };
  }

  /// @param what of the house; null: none of them
  private Rules with(@Nullable Limited what, String limit, Map<String, Own> others) {
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
