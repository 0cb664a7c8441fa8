package io.linyu.reception;

import io.linyu.platform.http.Frame;
import io.linyu.platform.text.QrCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages about codes on doors are given.
public final class DoorPages {
  private DoorPages() {}

  public record Place(String code, String name) {}

  /// @param made whether it has its code
  public record Door(String name, boolean made) {}

  /// @param ofDesks whether they are for desks and not for doors
  /// @param url of the page
  /// @param above up to the reader's own territory
  /// @param below where one may go down; empty: doors are here
  /// @param able whether there is an account whose codes may have a scene
  /// @param lacking how many doors have no code yet
  /// @param failed what the platform said when the last ones were to be made
  /// @param left how many it did not make then
  public record Doors(
      Frame frame,
      boolean ofDesks,
      String url,
      String at,
      String name,
      List<Place> above,
      List<Place> below,
      boolean able,
      List<Door> doors,
      int lacking,
      @Nullable String failed,
      int left) {}

  /// @param around the community
  public record Sheet(String door, String around, QrCode code) {}

  public record Sheets(
      Frame frame, boolean ofDesks, String back, List<Sheet> sheets, @Nullable String phone) {}
}
