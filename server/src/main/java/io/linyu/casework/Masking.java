package io.linyu.casework;

import io.linyu.community.Doors;
import io.linyu.community.People.Contact;
import io.linyu.platform.text.Mask;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is masked in the texts of a case that leave the house: what has columns of its own and is
/// masked there, and whatever looks like a door or a long number. Names of others that somebody
/// wrote stay: nobody knows them.
///
/// @param names of whose case it is, the longest first
/// @param place as it was said, where that says more than the place of the case; null: it does not
record Masking(List<String> names, @Nullable String place) {
  /// Nobody is known, and doors and numbers are masked all the same.
  static final Masking NONE = new Masking(List.of(), null);

  private static final int SHORTEST = 2;

  /// @param contact null: the case is nobody's
  static Masking of(ExportStore.Line line, @Nullable Contact contact) {
    String place = line.typed() == null ? "" : line.typed().strip();
    boolean saysMore = place.length() >= SHORTEST && !line.place().contains(place);
    return new Masking(
        longestFirst(
            Stream.of(line.called(), contact == null ? null : contact.name())
                .filter(Objects::nonNull)
                .map(String::strip)
                .filter(name -> name.codePointCount(0, name.length()) >= SHORTEST)),
        saysMore ? place : null);
  }

  /// For what was written of all of them.
  static Masking together(Collection<Masking> each) {
    return new Masking(longestFirst(each.stream().flatMap(one -> one.names().stream())), null);
  }

  private static List<String> longestFirst(Stream<String> names) {
    return names.distinct().sorted(Comparator.comparingInt(String::length).reversed()).toList();
  }

  String of(String text) {
    String masked = Doors.masked(place == null ? text : text.replace(place, "***"));
    for (String name : names) {
      masked = masked.replace(name, Mask.name(name));
    }
    return Mask.numbers(masked);
  }

  /// A title is cut where it gets long, also in the middle of a name or a number, of which the
  /// beginning would be left.
  ///
  /// @param what was said
  String title(String title, String what) {
    return Titles.of(what).equals(title) ? Titles.of(of(what)) : of(title);
  }
}
