package io.linyu.casework;

import io.linyu.casework.Cases.Step;
import io.linyu.casework.Handovers.Target;
import io.linyu.community.Absence;
import io.linyu.community.Desk;
import io.linyu.community.StaffMember;
import io.linyu.community.StaffName;
import io.linyu.platform.Refusal;
import io.linyu.platform.http.Frame;
import io.linyu.platform.http.Visit;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the templates of this room are given.
public final class CasePages {
  private CasePages() {}

  /// The list, and beside it the case that is open, if one is.
  ///
  /// @param mayUnmask whether they may take it away with what belongs to residents
  public record InboxPage(
      Frame frame,
      Tabs tabs,
      SavedLine saved,
      Filtering filtering,
      Listing listing,
      boolean mayUnmask,
      @Nullable CasePage open) {}

  /// The lists that have a name, and the one that is looked at.
  ///
  /// @param form proves that an answer comes from this page
  /// @param desks that a list can be shared with
  /// @param oob whether it comes beside another answer
  public record SavedLine(
      Words words, String form, List<SavedView> views, List<Desk> desks, Look look, boolean oob) {
    public boolean isCurrent(SavedView view) {
      return view.list().equals(look.query());
    }

    public @Nullable SavedView current() {
      return views.stream().filter(this::isCurrent).findFirst().orElse(null);
    }

    /// Whether it is worth a name, and has none yet.
    public boolean mayBeKept() {
      return look.isNarrowed() && current() == null;
    }
  }

  /// Canned replies for one case, filled with what is known of it.
  public record ReplyChoice(Words words, List<CannedReply> replies) {}

  /// @param desks that a reply can be shared with
  public record RepliesPage(Frame frame, List<CannedReply> replies, List<Desk> desks) {}

  /// What became of several cases.
  public record Several(Words words, String said, List<Refused> refused) {}

  /// One with which it was not done, and why.
  ///
  /// @param code null: it is not theirs to see any more
  public record Refused(
      @Nullable String code, @Nullable String number, @Nullable String title, String why) {}

  /// Where several cases can all go.
  public record SeveralDesks(Words words, Moments moments, List<Target> targets) {}

  /// Who can be given several cases.
  public record SeveralColleagues(Words words, List<StaffMember> colleagues) {}

  /// What a list can be narrowed by, and is.
  ///
  /// @param desks names of those that one works at, to be chosen from
  /// @param reached channels by which cases come
  /// @param takesDown whether they take down what people say
  public record Filtering(
      Words words,
      Look look,
      List<Group> categories,
      List<String> desks,
      List<String> reached,
      boolean takesDown,
      List<Narrowing> narrowings) {
    /// As people call it.
    static String channel(Words words, String name) {
      return words.has("channel." + name) ? words.of("channel." + name) : name;
    }

    public String channel(String name) {
      return channel(words, name);
    }

    /// To choose from, with the one that is chosen; none where there is no choice.
    public List<String> channels() {
      String chosen = filters().channel();
      List<String> all =
          chosen.isEmpty() || reached.contains(chosen)
              ? reached
              : Stream.concat(reached.stream(), Stream.of(chosen)).toList();
      return all.size() == 1 && chosen.isEmpty() ? List.of() : all;
    }

    public Filters filters() {
      return look.filters();
    }

    public String view() {
      return look.view().word();
    }

    /// In which lists one may choose between what is open and what is closed.
    public boolean hasStates() {
      return !states().isEmpty();
    }

    /// Which of them.
    public List<Filters.State> states() {
      return switch (view()) {
        case "mine", "desk", "all_open" -> List.of(Filters.State.values());
        case "closed" -> List.of(Filters.State.ARCHIVED);
        default -> List.of();
      };
    }

    public boolean isOpenOnly() {
      return !view().equals("closed");
    }

    public String day(@Nullable LocalDate day) {
      return day == null ? "" : day.toString();
    }
  }

  /// One filter that is set.
  ///
  /// @param without the list without it
  public record Narrowing(String says, String without) {}

  /// @param oob whether it comes beside another answer
  public record Tabs(Words words, List<Tab> all, boolean oob) {}

  /// @param count null: not counted
  public record Tab(String word, String url, @Nullable Long count, boolean current) {}

  /// @param reading what was looked for, where nothing was found
  /// @param more the next page; null: this is the last
  public record Listing(
      Words words, Look look, List<Row> rows, Inbox.Reading reading, @Nullable String more) {
    public String view() {
      return look.view().word();
    }

    public String search() {
      return look.search();
    }

    /// Of this list, or of one case beside it.
    public String query() {
      return look.query();
    }

    public String unfiltered() {
      return "/console/cases" + look.unfiltered();
    }

    public String everywhere() {
      return "/console/cases" + look.everywhere();
    }
  }

  /// A piece of a line.
  ///
  /// @param hit whether it was sought
  public record Piece(String text, boolean hit) {
    /// @param sought in small letters
    static List<Piece> of(String text, List<String> sought) {
      String plain = Sought.plain(text);
      if (plain.length() != text.length()) {
        return List.of(new Piece(text, false));
      }
      var hit = new boolean[text.length()];
      for (String each : sought) {
        for (int at = plain.indexOf(each); at >= 0; at = plain.indexOf(each, at + 1)) {
          Arrays.fill(hit, at, at + each.length(), true);
        }
      }
      var pieces = new ArrayList<Piece>();
      int begin = 0;
      for (int i = 1; i <= text.length(); i++) {
        if (i == text.length() || hit[i] != hit[begin]) {
          pieces.add(new Piece(text.substring(begin, i), hit[begin]));
          begin = i;
        }
      }
      return pieces;
    }
  }

  /// @param query of the list it stands in
  /// @param sought the words that were looked for
  /// @param found where they stand, if not in the title
  /// @param draft whether one has begun to write something
  /// @param unsolved whether it ended without being done
  public record Row(
      Words words,
      Moments moments,
      Inbox.Entry entry,
      long me,
      String query,
      List<String> sought,
      @Nullable String found,
      boolean draft,
      boolean unsolved) {
    public String state() {
      return entry.state().plainly(words, unsolved);
    }

    public List<Piece> title() {
      return Piece.of(shown(), sought);
    }

    /// The title, or what stands for it.
    public String shown() {
      return entry.title(me, words);
    }

    public List<Piece> foundIn() {
      return found == null ? List.of() : Piece.of(found, sought);
    }

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

    public boolean isUrged() {
      return isOpen() && (entry.urges() > 0 || entry.urged());
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
  /// @param drafts what the reader was writing about it
  /// @param enclosures what waits beside their answer
  /// @param spoken who told it, where that was somebody else for the person; null: the person did
  /// @param history newest first
  /// @param visit the last return visit; null: there was none
  /// @param seesRating whether they may read what the resident said in it
  /// @param rejecting how it may be rejected; null: it may not
  /// @param review how it came that it is looked at again; null: it is not
  /// @param merging what is handled with it, or what it is handled with
  /// @param extension how much more time can be asked for; null: the limit does not run, or nobody
  ///   asks or decides
  /// @param returning how it may be returned; null: it may not
  /// @param admitting how it may be said that it is not on the list; null: it may not
  /// @param disputing how it may be disputed whose it is; null: it may not
  /// @param alongUntil the last day by which one of the two can be asked along by a ruling; null:
  ///   the limit is over, or the reader does not rule
  /// @param above the desk of the next level to which they may raise it; null: they may not
  /// @param neighbours who of staff may be the neighbour that it is about; none: it is about none
  /// @param below the desk of the level below to which they may send it; null: they may not
  /// @param parts what others do for it, oldest first
  /// @param ownParts codes of those that are the reader's desks'
  /// @param partners who can be asked; none: the reader asks nobody
  /// @param lastPartDay the last day by which they can be asked to answer; null: the limit is over,
  ///   or the reader asks nobody
  /// @param root what belongs together with it, since it comes back
  /// @param away that whoever has it is away; null: they are here
  /// @param me who reads it
  /// @param together what was told in the same message
  /// @param conference of desks that sit down about it
  public record CasePage(
      Frame frame,
      String query,
      Case matter,
      Set<Step> steps,
      List<ClockBar> clocks,
      @Nullable Category category,
      List<Group> categories,
      List<Corrections.Unit> accusable,
      List<StaffName> neighbours,
      @Nullable String person,
      @Nullable String phone,
      @Nullable String home,
      @Nullable String spoken,
      List<Holding> holdings,
      List<Line> history,
      List<Note> notes,
      List<Photo> photos,
      List<Target> targets,
      Map<Drafts.Kind, String> drafts,
      List<Enclosure> enclosures,
      KnownPages.OfCase known,
      @Nullable ReturnVisit visit,
      boolean seesRating,
      @Nullable RejectView rejecting,
      @Nullable String review,
      Extending.@Nullable Offer extension,
      Returning.@Nullable Offer returning,
      Admitting.@Nullable Offer admitting,
      Ruling.@Nullable Offer disputing,
      @Nullable LocalDate alongUntil,
      @Nullable String above,
      @Nullable String below,
      List<Part> parts,
      Set<String> ownParts,
      List<Parts.Partner> partners,
      @Nullable LocalDate lastPartDay,
      MergingView merging,
      RootCauses.View root,
      @Nullable Absence away,
      @Nullable Absence stoodInFor,
      long me,
      SplitPages.Together together,
      Examples.View example,
      ConferencePages.OfCase conference) {
    public String state() {
      return matter.state().plainly(words(), isUnsolved());
    }

    /// Whether somebody of staff is named who may be the neighbour that it is about.
    public boolean namesNeighbour() {
      return category != null && category.aboutNeighbours() && matter.accused().staffId() != null;
    }

    /// Whether it ended without being done.
    private boolean isUnsolved() {
      return matter.state().isClosed()
          && history.stream().anyMatch(each -> each.word().equals("closed_unsolved"));
    }

    /// For whom the reader stands in, who has it or works at its desk; null: for nobody.
    public @Nullable Absence standsInFor() {
      return away != null && away.isDeputy(me) ? away : stoodInFor;
    }

    /// Today, as a form has it.
    public String day() {
      return today().toString();
    }

    /// Whether somebody who was asked is not content.
    public boolean isAgainst() {
      return (visit != null && visit.isOpen() && visit.isAgainst())
          || merging.followers().stream().anyMatch(Follower::isAgainst);
    }

    /// Whether it may be merged: what others follow follows nothing.
    public boolean mayMerge() {
      return may(Step.MERGE) && merging.followers().isEmpty();
    }

    /// Whether it may be split: of one word there are no two matters.
    public boolean maySplit() {
      return may(Step.SPLIT) && matter.what().length() > 1;
    }

    /// Who may be asked by telephone, where that is more than whoever told it.
    public List<Follower> called() {
      return merging.followers().stream().filter(Follower::isAsked).toList();
    }

    /// Whether whoever told it is still asked.
    public boolean isTellerAsked() {
      return visit != null && visit.isOpen();
    }

    /// What waits beside the answer, as a part of the page of its own.
    public EnclosuresView along() {
      return new EnclosuresView(words(), url(), enclosures, null);
    }

    /// What they were writing; empty: nothing.
    public String draft(String kind) {
      return Drafts.Kind.of(kind).map(drafts::get).orElse("");
    }

    /// Why time is asked for.
    public String askedWhy() {
      TimeRequest asked = matter.asked();
      return asked == null ? "" : textOf(asked.noteId());
    }

    /// Why it was returned.
    public String returnedWhy() {
      CaseReturn returned = matter.returned();
      return returned == null ? "" : textOf(returned.noteId());
    }

    private String textOf(long note) {
      return notes.stream()
          .filter(each -> each.id() == note)
          .map(Note::text)
          .findFirst()
          .orElse("");
    }

    /// Why whoever has it says that it is another's.
    public String disputedWhy() {
      CaseDispute disputed = matter.disputed();
      return disputed == null ? "" : textOf(disputed.noteId());
    }

    /// What desks are to talk about.
    public String conferenceAbout() {
      Conference waits = matter.conference();
      Long note = waits == null ? null : waits.noteId();
      return note == null ? "" : textOf(note);
    }

    /// When they sit down, as a field of a form has it; empty: that is not known yet.
    public String conferenceAt() {
      Conference waits = matter.conference();
      Instant at = waits == null ? null : waits.startsAt();
      return at == null
          ? ""
          : LocalDateTime.ofInstant(at, moments().zone())
              .truncatedTo(ChronoUnit.MINUTES)
              .toString();
    }

    /// Whether they were to have sat down by now.
    private boolean isConferenceOver() {
      Conference waits = matter.conference();
      Instant at = waits == null ? null : waits.startsAt();
      return at != null && !moments().now().isBefore(at);
    }

    /// How the other one sees it; empty: they have not said so.
    public String otherView() {
      CaseDispute disputed = matter.disputed();
      Long note = disputed == null ? null : disputed.viewNoteId();
      return note == null ? "" : textOf(note);
    }

    /// Why it cannot be returned, and what can be done instead.
    public String againstReturning() {
      return says(returning == null ? null : returning.against());
    }

    /// Why it cannot be said that it is not on the list.
    public String againstAdmitting() {
      return says(admitting == null ? null : admitting.against());
    }

    private String says(@Nullable Refusal against) {
      return against == null
          ? ""
          : words().of("refusal." + against.code(), against.arguments().toArray());
    }

    /// The grounds on which it can be.
    public List<Returning.Ground> grounds() {
      return Returning.Ground.ofAll();
    }

    /// Whether this is the desk that those name who have returned it.
    public boolean isProposed(Target target) {
      CaseReturn returned = matter.returned();
      return returned != null
          && returned.proposedDeskId() != null
          && returned.proposedDeskId() == target.deskId();
    }

    /// The kinds of reason why it may wait.
    public List<TimeRequest.Reason> reasons() {
      return List.of(TimeRequest.Reason.values());
    }

    /// The first and the last day on which it may be looked at again.
    public LocalDate firstReview() {
      return today().plusDays(1);
    }

    public LocalDate lastReview() {
      return today().plusDays(Suspending.LONGEST);
    }

    private LocalDate today() {
      return LocalDate.ofInstant(moments().now(), moments().zone());
    }

    /// Such as `2 个工作日`.
    public String inFull(int amount) {
      return extension == null ? "" : words().of("clock.rule." + extension.unit(), amount);
    }

    /// What was taken with a note.
    public List<Photo> photosOf(Note note) {
      return photos.stream().filter(each -> each.noteId() == note.id()).toList();
    }

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
      if (may(Step.DECIDE_RETURN)) {
        return Step.DECIDE_RETURN;
      }
      if (may(Step.RULE)) {
        return Step.RULE;
      }
      if (may(Step.GIVE_VIEW)) {
        return Step.GIVE_VIEW;
      }
      if (may(Step.CONVENE) && matter.conference() != null && !matter.conference().isSet()) {
        return Step.CONVENE;
      }
      if (may(Step.WRITE_MINUTES) && isConferenceOver()) {
        return Step.WRITE_MINUTES;
      }
      if (may(Step.DECIDE_EXTENSION)) {
        return Step.DECIDE_EXTENSION;
      }
      if (may(Step.DECIDE_SUSPENSION)) {
        return Step.DECIDE_SUSPENSION;
      }
      // Whoever only may answer for those who have it is not pressed to.
      boolean answers = may(Step.ANSWER) && may(Step.RELEASE);
      if (answers && matter.waitsForAnswer()) {
        return Step.ANSWER;
      }
      if (may(Step.RESUME)) {
        return Step.RESUME;
      }
      if (may(Step.PASS)) {
        return Step.PASS;
      }
      if (may(Step.REOPEN)
          && (isAgainst() || (visit != null && visit.isOpen() && visit.ratedAt() != null))) {
        return Step.REOPEN;
      }
      if (may(Step.CALL)) {
        return Step.CALL;
      }
      return may(Step.REPORT) ? Step.REPORT : answers ? Step.ANSWER : null;
    }
  }

  /// What belongs together.
  ///
  /// @param followers that are handled with it, in the order in which they were told
  /// @param heard how many people hear what is said of it; 0: nobody told it
  /// @param master that it is handled with; null: it is handled by itself
  /// @param masterSeen whether they may see that
  public record MergingView(
      List<Follower> followers, int heard, @Nullable Case master, boolean masterSeen) {}

  /// One that is handled with it.
  ///
  /// @param seen whether they may see it
  /// @param waits whether its teller has said something that nobody answered yet, neither them nor
  ///   all
  /// @param visit in which its teller was asked last; null: they were not
  public record Follower(Case matter, boolean seen, boolean waits, @Nullable ReturnVisit visit) {
    public boolean isAsked() {
      return visit != null && visit.isOpen();
    }

    public boolean isAgainst() {
      return visit != null && visit.isOpen() && visit.isAgainst();
    }
  }

  /// What may be the same, to be chosen from, beside the case itself.
  ///
  /// @param sought the number that was typed; empty: none
  public record Masters(
      Words words, Moments moments, Case matter, List<Case> found, String sought) {}

  /// How somebody rejects a case.
  ///
  /// @param reasons the lawful ones
  /// @param begins what the resident is told, with places for the reason and the words
  /// @param ends what they are told behind it
  /// @param upholds whether another desk has rejected it before, and this is the end
  public record RejectView(
      List<ReasonChoice> reasons, String begins, String ends, boolean upholds) {}

  /// @param text that may be written to the resident, in their language
  public record ReasonChoice(String word, String says, String text) {}

  /// What waits beside an answer, and goes with it.
  ///
  /// @param url of the case
  /// @param refused why the last one was not taken
  public record EnclosuresView(
      Words words, String url, List<Enclosure> all, @Nullable String refused) {
    public String url(Enclosure each) {
      return url + "/enclosures/" + each.code();
    }

    public boolean has(String kind) {
      return all.stream().anyMatch(each -> each.kind().word().equals(kind));
    }
  }

  /// A top category and those under it.
  public record Group(String name, List<Category> categories) {
    /// Of the top category.
    public @Nullable String code() {
      return categories.isEmpty() ? null : categories.getFirst().parent();
    }
  }

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
      String limit = words.of("clock.rule." + part[1], part[0]);
      return part[2 < part.length ? 2 : 0].equals("at") ? words.of("clock.rule-own", limit) : limit;
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
  /// @param code by which the reader came: whose it is says how long it leads here
  /// @param enclosures what was sent with the answers
  /// @param together what they had told in the same message
  /// @param phone of the body that has it; null: none is known
  public record FollowedPage(
      Visit visit,
      String code,
      Followed followed,
      List<Enclosure> enclosures,
      HandingView handing,
      UrgingView urging,
      WithdrawalView withdrawal,
      RatingView rating,
      AppealView appeal,
      ExamplePages.AskedView asked,
      List<SplitPages.Own> together,
      @Nullable String phone) {
    public String papers() {
      return "/h5/cases/" + code + "/papers";
    }

    public String url(HandIns.Paper paper) {
      return papers() + "/" + paper.file().code();
    }

    /// What was sent with this answer.
    public List<Enclosure> along(Answer answer) {
      return enclosures.stream()
          .filter(each -> Long.valueOf(answer.id()).equals(each.answer()))
          .toList();
    }

    public String url(Enclosure each) {
      return "/h5/cases/" + code + "/enclosures/" + each.code();
    }

    public boolean hasVoices() {
      return enclosures.stream().anyMatch(each -> each.kind() == Enclosure.Kind.VOICE)
          || handing.papers().stream().anyMatch(each -> each.file().kind() == Enclosure.Kind.VOICE);
    }

    public boolean goesOn() {
      return followed.goesOn();
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

    /// How it was rejected, if that is how it stands.
    public @Nullable Line rejection() {
      return followed.matter().state() != CaseState.REJECTED
          ? null
          : followed.steps().reversed().stream()
              .filter(each -> each.word().equals("rejected") || each.word().equals("upheld"))
              .findFirst()
              .orElse(null);
    }

    /// What staff answered in this step; what ended it was said when it was reported.
    public @Nullable Answer answerIn(Line step) {
      return step.word().equals("closed") && isSaidBefore(step)
          ? null
          : followed.answers().stream()
              .filter(each -> step.text() != null && each.id() == step.text())
              .findFirst()
              .orElse(null);
    }

    private boolean isSaidBefore(Line step) {
      return followed.steps().stream()
          .anyMatch(
              each -> each.word().equals("reported") && Objects.equals(each.text(), step.text()));
    }
  }

  /// Whether the person can say on the page how it is, and what they have said.
  ///
  /// @param visit null: there is nothing to say yet, or not any more
  /// @param until when what they said can be changed at the latest; null: as long as they are asked
  public record RatingView(@Nullable ReturnVisit visit, @Nullable Instant until) {
    public static final int LONGEST_WORDS = RateRoutes.LONGEST_WORDS;
  }

  /// What the person is offered, or has asked for, where their matter was rejected.
  ///
  /// @param until the last day on which they may ask for another look; null: they may not
  /// @param desk that would look
  /// @param words whether they may add some
  /// @param said how it stands otherwise; null: nothing of it
  /// @param refused why what was just asked for was not granted; null: nothing was refused
  /// @param written what they had written with it
  public record AppealView(
      @Nullable String until,
      String desk,
      boolean words,
      @Nullable String said,
      @Nullable String refused,
      String written) {
    static final AppealView NONE = new AppealView(null, "", false, null, null, "");

    public int longestWords() {
      return Appealing.LONGEST_WORDS;
    }
  }

  /// Whether the person may urge it on the page.
  ///
  /// @param said when they have, who has it, and when they may again; null: nothing of it
  public record UrgingView(boolean isOpen, @Nullable String said) {}

  /// Whether the person may withdraw it on the page.
  ///
  /// @param safety whether it is seen to all the same
  /// @param refused why what was just sent was not done; null: nothing was
  public record WithdrawalView(boolean isOpen, boolean safety, @Nullable String refused) {}

  /// What the person may hand in on the page, and has.
  ///
  /// @param isOpen whether they may
  /// @param key of what is sent next
  /// @param refused why what was just sent was not taken; null: nothing was refused
  /// @param words that were written with it
  /// @param done what was just done; null: nothing was
  /// @param danger whether what they wrote tells of danger to life
  public record HandingView(
      boolean isOpen,
      String key,
      List<HandIns.Paper> papers,
      @Nullable String refused,
      String words,
      @Nullable String done,
      boolean danger) {
    /// What the field offers to choose from. What comes is looked at all the same.
    public static final String ACCEPTED =
        "image/jpeg,image/png,.jpg,.jpeg,.png,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.mp3,.amr";

    public int most() {
      return HandIns.MOST_AT_ONCE;
    }

    public int longestWords() {
      return HandIns.LONGEST_WORDS;
    }

    public int megabytes() {
      return TakenFile.LARGEST >> 20;
    }

    public long minutes() {
      return HandIns.MAY_TAKE_BACK.toMinutes();
    }
  }
}
