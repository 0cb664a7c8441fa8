package io.linyu.bot;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// What is so around a conversation at this moment. The bot asks no clock and no table.
///
/// @param place where the resident is bound to, or null
/// @param desk who answers for that place, or for the account's home territory when unbound
/// @param recorded false while the database is away: then nothing that is said is kept
public record Scene(
    String channel,
    Instant now,
    ZoneId zone,
    String language,
    @Nullable Place place,
    Desk desk,
    boolean recorded) {
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
