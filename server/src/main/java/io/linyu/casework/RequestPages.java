package io.linyu.casework;

import io.linyu.casework.Request.Outcome;
import io.linyu.casework.Requests.Candidate;
import io.linyu.casework.Requests.Within;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Visit;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the templates of requests are given.
public final class RequestPages {
  private RequestPages() {}

  /// The page of whoever is asked.
  ///
  /// @param open whether it can be answered, for the first time or in other words
  /// @param refused why what was sent just now was not taken; null: it was, or nothing was sent
  /// @param written the words that were sent with it, or that are there already
  /// @param phone of the community; null: unknown
  /// @param speaks whether they may say it in their chat instead
  public record RequestPage(
      Visit visit,
      Request request,
      boolean open,
      @Nullable String refused,
      String written,
      @Nullable String phone,
      boolean speaks) {
    public String url() {
      return "/h5/requests/" + request.code();
    }

    public boolean isAnswered() {
      return request.answeredAt() != null;
    }

    /// By one tap each.
    public List<Outcome> outcomes() {
      return List.of(Outcome.GOOD, Outcome.BAD, Outcome.CANNOT);
    }

    public int most() {
      return Photos.MOST;
    }
  }

  /// By which a head binds their chat.
  ///
  /// @param code eight digits, as they are said
  public record HeadCode(Words words, long head, String code) {}

  /// What is asked about one case, as a part of its page.
  ///
  /// @param asks whether somebody can be asked; then who
  /// @param looks whether the case can wait for it, before it is accepted
  /// @param releases whether what was asked can be taken back
  /// @param publicUrl before the address of a page that is handed to somebody
  public record RequestsView(
      Frame frame,
      Case matter,
      String query,
      List<Request> requests,
      boolean asks,
      boolean looks,
      boolean releases,
      List<Candidate> candidates,
      String publicUrl) {
    public Words words() {
      return frame.words();
    }

    public Moments moments() {
      return frame.moments();
    }

    public String url() {
      return "/console/cases/" + matter.code();
    }

    public String page(Request one) {
      return publicUrl + "/h5/requests/" + one.code();
    }

    /// Whose chat somebody beside them can help to bind.
    public boolean binds(Request one) {
      return releases && one.toldAt() == null && !one.headRole().equals("grid_worker");
    }

    public List<Within> within() {
      return List.of(Within.values());
    }

    /// Who looks after the very place.
    public List<Candidate> near() {
      return candidates.stream().filter(Candidate::near).toList();
    }

    public List<Candidate> others() {
      return candidates.stream().filter(each -> !each.near()).toList();
    }
  }
}
