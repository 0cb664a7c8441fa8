package io.linyu.casework;

import io.linyu.casework.Part.State;
import io.linyu.casework.Parts.Sheet;
import io.linyu.platform.http.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the pages of parts are given.
public final class PartPages {
  private PartPages() {}

  /// What the reader's desks are asked to do.
  ///
  /// @param over whether it is what is over
  /// @param next the next page; null: this is the last
  public record PartsPage(Frame frame, boolean over, List<Sheet> sheets, @Nullable String next) {}

  /// One part, for those whose it is.
  ///
  /// @param me who reads it
  public record PartPage(Frame frame, Sheet sheet, long me) {
    public String url() {
      return "/console/parts/" + sheet.part().code();
    }

    public boolean isMine() {
      return sheet.part().isHeldBy(me);
    }

    /// Whether there is anything to be done about it.
    public boolean isToBeDone() {
      return sheet.part().isOpen() && !sheet.part().isContact();
    }

    public boolean maySign() {
      return isToBeDone() && !isMine();
    }

    /// What nobody has signed is signed with the answer.
    public boolean mayAnswer() {
      return isToBeDone() && (isMine() || sheet.part().state() == State.ASKED);
    }
  }
}
