package io.linyu.casework;

import io.linyu.casework.Round.Door;
import io.linyu.casework.Round.Purpose;
import io.linyu.casework.Round.State;
import io.linyu.community.StaffMember;
import io.linyu.community.Territory;
import io.linyu.platform.http.Frame;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is shown of rounds of visits.
public final class RoundPages {
  private RoundPages() {}

  /// @param makes whether the reader may make one
  /// @param next the last of this page; null: there is no other
  public record RoundsPage(
      Frame frame, List<RoundLine> lines, boolean makes, @Nullable Long next) {}

  /// @param place as residents say it
  /// @param late whether its time is over and it is not
  public record RoundLine(Round round, String place, int doors, int over, boolean late) {
    public String url() {
      return "/console/rounds/" + round.code();
    }
  }

  /// @param written by the names of the fields
  public record RoundForm(
      Frame frame,
      List<Territory> places,
      List<StaffMember> candidates,
      Map<String, String> written,
      String earliest,
      @Nullable String refused) {
    public List<Purpose> purposes() {
      return List.of(Purpose.values());
    }

    public String written(String name) {
      return written.getOrDefault(name, "");
    }

    public boolean isWritten(String name, Object value) {
      return written(name).equals(String.valueOf(value));
    }
  }

  /// @param place as residents say it
  /// @param community whose name the visitor says at the door
  /// @param door that comes next; null: all are over
  /// @param refused why what was sent was not taken; null: nothing was refused
  public record RoundPage(
      Frame frame,
      Round round,
      String place,
      String community,
      boolean late,
      @Nullable Door door,
      @Nullable String refused) {
    public String url() {
      return "/console/rounds/" + round.code();
    }

    /// Where what they tell is written down.
    public String tellUrl(Door each) {
      return "/console/cases/new?way=visit&place="
          + URLEncoder.encode(place + each.label(), StandardCharsets.UTF_8)
          + "&door="
          + round.code()
          + ":"
          + each.nth();
    }

    public List<State> states() {
      return List.of(State.DONE, State.ATTEMPTED, State.REFUSED);
    }
  }
}
