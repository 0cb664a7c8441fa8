package io.linyu.casework;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// From door to door (入户走访): where, what for, who goes, and until when.
///
/// @param territoryId the building, group or community in which the doors are
/// @param endedAt when it was said to be over; null: it goes on
/// @param doors in the order in which they are visited
public record Round(
    long id,
    String code,
    long territoryId,
    long communityId,
    Purpose purpose,
    Instant until,
    long visitorId,
    String visitorName,
    String madeByName,
    @Nullable Instant endedAt,
    List<Door> doors) {
  /// So often nobody was there before it is left at that.
  public static final int ABSENT_TIMES = 2;

  /// What a visit may be for. What may be noted at a door is what its words name, nothing else.
  public enum Purpose {
    /// Gas, electricity and fire.
    SAFETY,
    /// How somebody is who may need help.
    CARE,
    /// To bring a notice.
    NOTICE,
    /// To hear what people think.
    OPINION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Purpose> of(@Nullable String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /// What came of a door.
  public enum State {
    TASKED,
    /// Nobody was there.
    ATTEMPTED,
    DONE,
    /// They did not want to talk, which is their right.
    REFUSED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /// @param label as it is written on it; empty: forgotten
  /// @param absent how often nobody was there
  /// @param at when somebody went there last; null: not yet
  /// @param cases that came of it, by their numbers
  public record Door(
      long id,
      int nth,
      String label,
      State state,
      int absent,
      @Nullable Instant at,
      @Nullable String note,
      List<String> cases) {
    public Door {
      cases = List.copyOf(cases);
    }

    /// Nobody goes there any more.
    public boolean isOver() {
      return switch (state) {
        case TASKED -> false;
        case ATTEMPTED -> absent >= ABSENT_TIMES;
        case DONE, REFUSED -> true;
      };
    }
  }

  public Round {
    doors = List.copyOf(doors);
  }

  public boolean isOpen() {
    return endedAt == null;
  }

  /// The first door where nobody has been; then those where nobody was there.
  public Optional<Door> next() {
    return doors.stream()
        .filter(each -> each.state() == State.TASKED)
        .findFirst()
        .or(() -> doors.stream().filter(each -> !each.isOver()).findFirst());
  }

  public Optional<Door> nth(int nth) {
    return doors.stream().filter(each -> each.nth() == nth).findFirst();
  }

  public long count(State state) {
    return doors.stream().filter(each -> each.state() == state).count();
  }

  public long over() {
    return doors.stream().filter(Door::isOver).count();
  }
}
