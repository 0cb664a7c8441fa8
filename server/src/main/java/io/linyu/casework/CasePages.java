package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Handovers.Target;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Visit;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the templates of this room are given.
public final class CasePages {
  private CasePages() {}

  /// The list, and beside it the case that is open, if one is.
  public record InboxPage(Frame frame, Tabs tabs, Listing listing, @Nullable CasePage open) {}

  /// @param oob whether it comes beside another answer
  public record Tabs(Words words, List<Tab> all, boolean oob) {}

  /// @param count null: not counted
  public record Tab(String word, String url, @Nullable Long count, boolean current) {}

  /// @param view and `search` lead back to this list
  /// @param more the next page; null: this is the last
  public record Listing(
      Words words, String view, String search, List<Row> rows, @Nullable String more) {
    /// Of this list, or of one case beside it.
    public String query() {
      String query = "?view=" + view;
      return search.isEmpty()
          ? query
          : query
              + "&q="
              + java.net.URLEncoder.encode(search, java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /// @param query of the list it stands in
  public record Row(Words words, Moments moments, Inbox.Entry entry, long me, String query) {
    public boolean isMine() {
      return entry.staffId() != null && entry.staffId() == me;
    }

    public boolean isLate() {
      return isOpen() && entry.dueAt().isBefore(moments.now());
    }

    public boolean isShort() {
      Instant amber = entry.amberAt();
      return isOpen() && !isLate() && amber != null && !amber.isAfter(moments.now());
    }

    public boolean isOpen() {
      return entry.state().isOpen();
    }

    /// Whoever nobody has taken yet waits for that; it need not be said twice.
    public boolean waits() {
      return isOpen() && entry.waits() && entry.staffId() != null;
    }

    public String icon() {
      if (!isOpen()) {
        return "circle-check";
      } else if (waits()) {
        return "message-2-question";
      }
      return entry.staffId() == null ? "circle-dashed" : isMine() ? "circle-dot" : "circle";
    }
  }

  /// @param query of the list it was opened from
  /// @param person what staff call the person
  /// @param phone masked
  /// @param home where the person is bound to
  /// @param history newest first
  public record CasePage(
      Frame frame,
      String query,
      Case matter,
      Set<Step> steps,
      List<ClockBar> clocks,
      @Nullable Category category,
      List<Group> categories,
      @Nullable String person,
      @Nullable String phone,
      @Nullable String home,
      List<Holding> holdings,
      List<Line> history,
      List<Note> notes,
      List<Target> targets,
      KnownPages.OfCase known) {
    public Words words() {
      return frame.words();
    }

    public Moments moments() {
      return frame.moments();
    }

    public String url() {
      return "/console/cases/" + matter.code();
    }

    public boolean may(Step step) {
      return steps.contains(step);
    }

    /// Where a part of what was said can be had, from the room that keeps it; only for what was
    /// said in a chat.
    public String talk(String part) {
      return "/console/conversations/" + matter.addressId() + part + "?case=" + matter.code();
    }

    /// The next lawful step, the one button that stands out.
    public @Nullable Step next() {
      if (may(Step.CLAIM)) {
        return Step.CLAIM;
      }
      // Whoever only may answer for those who have it is not pressed to.
      boolean answers = may(Step.ANSWER) && may(Step.RELEASE);
      if (answers && matter.waitsForAnswer()) {
        return Step.ANSWER;
      }
      return may(Step.CLOSE) ? Step.CLOSE : answers ? Step.ANSWER : null;
    }
  }

  /// A top category and those under it.
  public record Group(String name, List<Category> categories) {}

  /// The places that the words being typed may mean, the likeliest first.
  public record Places(Words words, String sought, List<Place> found) {}

  /// @param around what it lies in
  public record Place(long id, String name, String around) {
    public boolean isSaidWithin() {
      return around.isEmpty() || name.startsWith(around);
    }

    public String inFull() {
      return isSaidWithin() ? name : around + name;
    }
  }

  /// @param left how much is left, or by how much it is over, in words
  /// @param passed of a hundred
  /// @param kind `done`, `late`, `green`, `amber`, `red`
  public record ClockBar(CaseClock clock, String left, int passed, String kind) {
    /// The rule by which it was computed, in words.
    public String rule(Words words) {
      String[] part = clock.rule().split(" ", -1);
      return words.of("clock.rule." + part[1], part[0]);
    }
  }

  public record AlarmsPage(Frame frame, List<Alarms.Alarm> alarms) {}

  /// What rings on top of every page.
  public record Ringing(Frame frame, List<Alarms.Alarm> alarms) {
    private static final int BARS = 2;

    /// More would leave no room to work.
    public boolean isTooMany() {
      return alarms.size() > BARS;
    }

    public String places() {
      return alarms.stream()
          .map(Alarms.Alarm::territoryName)
          .distinct()
          .collect(Collectors.joining(frame.words().of("list.and")));
    }
  }

  /// The page of the person who told it.
  ///
  /// @param phone of the body that has it; null: none is known
  public record FollowedPage(Visit visit, Followed followed, @Nullable String phone) {
    /// Whether somebody still has to do something, for this matter or the known one.
    public boolean goesOn() {
      KnownMatter.Followed known = followed.known();
      return followed.matter().isOpen() || (known != null && !known.matter().isOver());
    }

    /// When there will be news of the known matter.
    public String knownNext() {
      KnownMatter.Followed known = followed.known();
      if (known == null || known.matter().isDue(visit.moments().now())) {
        return visit.words().of("followed.known-soon");
      }
      return visit
          .words()
          .of("followed.known-next", visit.moments().before(known.matter().nextAt()));
    }

    /// What staff answered in this step.
    public @Nullable Answer answerIn(Line step) {
      return followed.answers().stream()
          .filter(each -> step.text() != null && each.id() == step.text())
          .findFirst()
          .orElse(null);
    }
  }
}
