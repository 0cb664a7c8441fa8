package io.linyu.casework;

import io.linyu.community.Level;
import io.linyu.platform.time.WorkingCalendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kind of matter in the catalogue. A top category only groups others: it has no limit.
///
/// @param body the code of the body that handles it by default
/// @param level the circle that handles it by default: community, street or district
/// @param keywords words by which residents tell it
/// @param firstResponseHours calendar hours until somebody makes contact
/// @param limit how long handling may take
/// @param closingCriteria what must be so before it may be closed
/// @param onSite whether somebody looks on site before it is closed; else only at a sample
/// @param aboutNeighbours whether it is a complaint about neighbours, and so told in confidence
/// @param open whether it may be shown in public
/// @param aboutStaff whether it complains about how staff behaved: never to the unit that it is
///   about
/// @param quiet whether it is kept quiet: violence at home, children. Told in confidence whatever
///   else is set; no message names it, and it is handled with nothing else
public record Category(
    String code,
    @Nullable String parent,
    String nameZh,
    String nameEn,
    @Nullable String body,
    List<String> coBodies,
    @Nullable Level level,
    @Nullable Integer firstResponseHours,
    @Nullable Limit limit,
    @Nullable Urgency urgency,
    List<String> keywords,
    @Nullable String closingCriteria,
    boolean onSite,
    boolean aboutNeighbours,
    boolean open,
    boolean aboutStaff,
    boolean quiet) {

  public record Limit(int value, WorkingCalendar.Unit unit) {
    /// As [#toString] writes it.
    static Limit of(String written) {
      int space = written.indexOf(' ');
      return new Limit(
          Integer.parseInt(written.substring(0, space)),
          WorkingCalendar.Unit.of(written.substring(space + 1)));
    }

    @Override
    public String toString() {
      return value + " " + unit.word();
    }
  }

  /// Of what nobody has found out what it is, but that it is kept from a unit.
  static final Category ABOUT_STAFF =
      new Category(
          "", null, "", "", null, List.of(), null, null, null, null, List.of(), null, false, false,
          false, true, false);

  public Category {
    coBodies = List.copyOf(coBodies);
    keywords = List.copyOf(keywords);
  }

  public String name(String language) {
    return language.equals("en") ? nameEn : nameZh;
  }

  /// Who handles it, where the catalogue does not say otherwise: the community. What complains
  /// about staff is above it.
  Level circle() {
    Level its = level == null ? Level.COMMUNITY : level;
    return aboutStaff && its.compareTo(Level.STREET) > 0 ? Level.STREET : its;
  }

  /// Whether others may come to harm by it: what cannot wait, what is pressing and counted day and
  /// night, what is kept quiet.
  boolean isSafety() {
    boolean dayAndNight = limit != null && limit.unit() == WorkingCalendar.Unit.CALENDAR_HOUR;
    return quiet
        || (urgency != null && (urgency.isSafety() || (dayAndNight && urgency == Urgency.HIGH)));
  }

  /// The same, kept from the unit where it happened as a complaint about staff is: so is what was
  /// told together with one.
  Category likeAboutStaff() {
    return new Category(
        code,
        parent,
        nameZh,
        nameEn,
        body,
        coBodies,
        level,
        firstResponseHours,
        limit,
        urgency,
        keywords,
        closingCriteria,
        onSite,
        aboutNeighbours,
        open,
        true,
        quiet);
  }

  /// How urgent it is, where nobody says otherwise.
  Urgency usualUrgency() {
    return urgency == null ? Urgency.NORMAL : urgency;
  }

  /// Whether a case can be of this category.
  public boolean isSpecific() {
    return limit != null;
  }
}
