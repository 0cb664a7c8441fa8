package io.linyu.casework;

import io.linyu.casework.BoxOpening.Aside;
import io.linyu.casework.BoxOpening.Slip;
import io.linyu.casework.CasePages.Group;
import io.linyu.casework.CasePages.Place;
import io.linyu.casework.SpokenPages.Places;
import io.linyu.casework.SpokenPages.Reading;
import io.linyu.casework.SpokenPages.Written;
import io.linyu.community.StaffMember;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.QrCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is shown of opinion boxes.
public final class BoxPages {
  private BoxPages() {}

  /// @param hangs whether the reader says where boxes hang
  /// @param next the last code of this page; null: there is no other
  public record BoxesPage(Frame frame, List<BoxLine> lines, boolean hangs, @Nullable String next) {}

  /// @param community where it hangs
  /// @param keeps whether the reader does
  /// @param manages likewise
  public record BoxLine(
      Box box, String community, boolean keeps, boolean manages, boolean overdue) {
    public String url() {
      return "/console/boxes/" + box.code();
    }
  }

  /// Those that nobody has opened in time.
  public record OverduePart(Frame frame, List<Box> boxes) {}

  /// @param box null: a new one
  /// @param code as it was written
  public record BoxForm(
      Frame frame,
      @Nullable Box box,
      String code,
      String place,
      int days,
      Set<Long> chosen,
      List<StaffMember> candidates,
      @Nullable String refused) {
    public String url() {
      return box == null ? "/console/boxes" : "/console/boxes/" + box.code();
    }
  }

  /// @param mine whether the reader has counted, and so waits for another
  /// @param link by which the other keeper finds this page
  /// @param seen codes of the cases that the reader may see, by their ids
  /// @param refused why what was sent was not taken; null: nothing was refused
  public record OpeningPage(
      Frame frame,
      Box box,
      BoxOpening opening,
      boolean mine,
      boolean lapsed,
      @Nullable QrCode link,
      Map<CaseId, String> seen,
      @Nullable String refused) {
    public String url() {
      return "/console/boxes/openings/" + opening.code();
    }

    public String slipUrl(Slip slip) {
      return url() + "/slips/" + slip.nth();
    }

    /// Null: it may not be seen.
    public @Nullable String caseUrl(CaseId id) {
      String code = seen.get(id);
      return code == null ? null : "/console/cases/" + code;
    }

    /// Who may yet say that it is so.
    public String others() {
      return String.join(
          "、",
          box.keepers().stream()
              .filter(each -> each.staffId() != opening.counted().staffId())
              .map(Box.Keeper::name)
              .toList());
    }

    public int atOnce() {
      return Math.min(BoxOpenings.PHOTOS_AT_ONCE, opening.missing());
    }
  }

  /// A slip, and what becomes of it.
  ///
  /// @param before the slip that has just become a case; null: none
  /// @param refused sentences, by the field they are about; `form`: about none
  public record SlipFormPage(
      Frame frame,
      Box box,
      BoxOpening opening,
      Slip slip,
      Written written,
      boolean photo,
      Place around,
      Places places,
      List<Group> categories,
      Map<String, String> refused,
      Reading reading,
      @Nullable Slip before) {
    public String url() {
      return "/console/boxes/openings/" + opening.code() + "/slips/" + slip.nth();
    }

    public String openingUrl() {
      return "/console/boxes/openings/" + opening.code();
    }

    public List<Aside> reasons() {
      return List.of(Aside.values());
    }

    public @Nullable String no(String field) {
      return refused.get(field);
    }

    public boolean isMoreOpen() {
      return !written.category().isEmpty() || !written.phone().isEmpty();
    }
  }
}
