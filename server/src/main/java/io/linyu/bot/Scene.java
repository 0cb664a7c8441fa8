package io.linyu.bot;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// What is so around a conversation at this moment. The bot asks no clock and no table.
///
/// @param place where the resident is bound to, or null
/// @param desk who answers for that place, or for the account's home territory when unbound
/// @param recorded false while the database is away: then nothing that is said is kept
/// @param knowing what is known already
public record Scene(
    String channel,
    Instant now,
    ZoneId zone,
    String language,
    @Nullable Place place,
    Desk desk,
    boolean recorded,
    Knowing knowing) {
  /// Where nothing is known.
  public Scene(
      String channel,
      Instant now,
      ZoneId zone,
      String language,
      @Nullable Place place,
      Desk desk,
      boolean recorded) {
    this(channel, now, zone, language, place, desk, recorded, Knowing.NOTHING);
  }

  /// What staff have said already of matters like this one. Asked of memory, so that it always
  /// gives the same answer in one scene.
  @FunctionalInterface
  public interface Knowing {
    Knowing NOTHING = (_, _) -> null;

    /// @param category the code
    /// @param territory where it is; null: where the resident lives or else writes from
    @Nullable Known about(String category, @Nullable Long territory);
  }

  /// @param matter its id
  /// @param version of what is told, so that what comes after it can be told later
  /// @param told what residents read
  /// @param by who says so
  /// @param next by when there will be news, in words such as `今天下午5点半前`
  public record Known(long matter, int version, String told, String by, String next) {}

  /// @param name as the resident would say it, such as `和光小区3栋`
  public record Place(long territory, String name, String community) {}

  /// @param name of the community or body
  /// @param phone by day
  /// @param dutyPhone around the clock
  /// @param open whether somebody is there now
  /// @param nextOpen when somebody is there again, in words such as `明早9点`
  public record Desk(
      String name, String phone, String dutyPhone, boolean open, @Nullable String nextOpen) {}
}
