package io.linyu.casework;

import io.linyu.casework.Conferences.Guest;
import io.linyu.casework.Conferences.Invitee;
import io.linyu.casework.Conferences.Listed;
import io.linyu.casework.Conferences.Sheet;
import io.linyu.platform.http.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages of conferences are given.
public final class ConferencePages {
  private ConferencePages() {}

  /// On the page of a case.
  ///
  /// @param invitees that can be asked; none: the reader asks nobody
  /// @param guests that are asked
  /// @param asked whether a desk of the reader's is
  public record OfCase(List<Invitee> invitees, List<Guest> guests, boolean asked) {}

  /// For those who are asked.
  public record ConferencePage(Frame frame, Sheet sheet) {
    public String url() {
      return "/console/cases/" + sheet.matter().code() + "/conference";
    }

    public boolean isOwn(Guest guest) {
      return sheet.desks().contains(guest.deskId());
    }
  }

  /// What the reader's desks are asked to.
  ///
  /// @param next before which the next page begins; null: there is none
  public record ConferencesPage(Frame frame, List<Listed> conferences, @Nullable Long next) {}
}
