package io.linyu.community.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One line of the audit, as it is read.
///
/// @param what the word of a [Deed]; of another release it may be a word that this one does not
///   know
/// @param about whom it concerns, where that is not who did it
/// @param subject what it concerns else: a file, a setting
public record AuditEntry(
    long id,
    Instant at,
    Who.Kind by,
    @Nullable Person staff,
    String what,
    @Nullable Person about,
    @Nullable String subject,
    Map<String, Object> details,
    @Nullable String address) {

  /// A member of staff, also one who has left.
  public record Person(String code, String name) {}

  public Optional<Deed> deed() {
    return Deed.of(what);
  }

  /// A detail as text; empty when there is none.
  public String detail(String key) {
    Object value = details.get(key);
    return value == null ? "" : value.toString();
  }

  public Place place() {
    return new Place(at, id);
  }

  /// Where a page of the audit ends and the next begins.
  public record Place(Instant at, long id) {
    public String text() {
      return ChronoUnit.MICROS.between(Instant.EPOCH, at) + "-" + id;
    }

    public static Optional<Place> of(String text) {
      return text.matches("\\d{1,18}-\\d{1,18}")
          ? Optional.of(read(text.split("-", -1)))
          : Optional.empty();
    }

    private static Place read(String[] part) {
      return new Place(
          Instant.EPOCH.plus(Long.parseLong(part[0]), ChronoUnit.MICROS), Long.parseLong(part[1]));
    }
  }
}
