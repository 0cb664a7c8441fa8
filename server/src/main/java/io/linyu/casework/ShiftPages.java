package io.linyu.casework;

import io.linyu.casework.Inbox.Entry;
import io.linyu.community.Desk;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Mask;
import io.linyu.platform.text.Words;
import io.linyu.platform.time.Moments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the pages of shifts are given.
public final class ShiftPages {
  private ShiftPages() {}

  /// Those lines that are here for the same reason.
  public record Group(Shift.Kind kind, List<Item> items) {}

  /// @param entry null: it cannot be looked at any more
  /// @param elsewhere whether it has gone to another desk
  public record Item(Shift.Line line, @Nullable Entry entry, boolean elsewhere) {}

  /// The page of whoever goes: what there is to hand over, or that it waits.
  ///
  /// @param desks those that they work at, to go to
  /// @param offered what they have handed over and nobody has taken; null: nothing
  /// @param gathering null: it waits already
  /// @param others what colleagues have handed over
  public record HandoverPage(
      Frame frame,
      long me,
      Desk desk,
      List<Desk> desks,
      @Nullable Shift offered,
      Shifts.@Nullable Gathering gathering,
      List<Shift> others) {
    /// As lists have it: what is kept quiet is named only to whoever has it in hand.
    public String title(Entry entry) {
      return entry.title(me, frame.words());
    }

    public String url() {
      return "/console/handover/" + desk.id();
    }

    public List<Group> groups() {
      return gathering == null
          ? List.of()
          : ShiftPages.groups(gathering.lines(), gathering.entries(), desk.id());
    }

    public long held() {
      return gathering == null ? 0 : gathering.lines().stream().filter(Shift.Line::held).count();
    }
  }

  /// One that was handed over.
  ///
  /// @param unsolved what of it has ended without being done
  /// @param mayTake whether the reader can take it over
  /// @param mayBack whether it is the reader's own
  /// @param instead whether somebody else was chosen, who can still come
  public record ShiftPage(
      Frame frame,
      long me,
      Shifts.Sheet sheet,
      Set<CaseId> unsolved,
      boolean mayTake,
      boolean mayBack,
      boolean instead) {
    /// As lists have it: what is kept quiet is named only to whoever has it in hand.
    public String title(Entry entry) {
      return entry.title(me, words());
    }

    public String state(Entry entry) {
      return entry.state().plainly(words(), unsolved.contains(entry.id()));
    }

    public Words words() {
      return frame.words();
    }

    public Shift shift() {
      return sheet.shift();
    }

    public String url() {
      return "/console/handover/shifts/" + shift().code();
    }

    /// What is to be looked at first.
    public List<Item> marked() {
      return items(sheet.lines().stream().filter(Shift.Line::isMarked).toList());
    }

    public List<Group> groups() {
      return ShiftPages.groups(
          sheet.lines().stream().filter(each -> !each.isMarked()).toList(),
          sheet.entries(),
          shift().deskId());
    }

    public List<Entry> after() {
      return sheet.after().stream()
          .flatMap(each -> Stream.ofNullable(sheet.entries().get(each)))
          .toList();
    }

    /// How many pass to whoever takes over.
    public long passing() {
      return sheet.lines().stream()
              .filter(each -> each.held() && !each.keeps() && isStillTheirs(each))
              .count()
          + sheet.after().size();
    }

    private boolean isStillTheirs(Shift.Line line) {
      Entry entry = sheet.entries().get(line.caseId());
      return entry != null
          && entry.state().isOpen()
          && entry.deskId() == shift().deskId()
          && entry.staffId() != null
          && entry.staffId() == shift().fromId();
    }

    private List<Item> items(List<Shift.Line> lines) {
      return ShiftPages.items(lines, sheet.entries(), shift().deskId());
    }
  }

  /// @param before where the list goes on; null: this is all of it
  public record HistoryPage(
      Frame frame, Desk desk, List<Desk> desks, List<Shift> shifts, @Nullable String before) {}

  /// On paper.
  ///
  /// @param whole whether it says all that the screen does
  /// @param masked by case; of a whole paper none
  public record ShiftPaper(ShiftPage page, boolean whole, Map<CaseId, Maskings.Masked> masked) {
    public @Nullable String called(Entry entry) {
      String called = entry.called();
      return whole || called == null ? called : Mask.name(called);
    }

    /// What somebody wrote or said of one case.
    public String said(Entry entry, String text) {
      Maskings.Masked of = masked.get(entry.id());
      return whole ? text : (of == null ? Masking.NONE : of.texts()).of(text);
    }

    public String title(Entry entry) {
      Maskings.Masked of = masked.get(entry.id());
      if (entry.isHiddenFrom(page.me()) || (!whole && entry.quiet())) {
        return page.words().of("quiet.title");
      }
      return whole || of == null ? said(entry, entry.title()) : of.title();
    }

    /// What somebody wrote of all.
    public String said(String text) {
      return whole
          ? text
          : Masking.together(masked.values().stream().map(Maskings.Masked::texts).toList())
              .of(text);
    }
  }

  /// What is shown on every page.
  public record Waiting(Words words, Moments moments, long me, List<Shift> shifts) {}

  private static List<Group> groups(List<Shift.Line> lines, Map<CaseId, Entry> entries, long desk) {
    var groups = new ArrayList<Group>();
    for (Shift.Kind kind : Shift.Kind.values()) {
      List<Item> some =
          items(lines.stream().filter(each -> each.kind() == kind).toList(), entries, desk);
      if (!some.isEmpty()) {
        groups.add(new Group(kind, some));
      }
    }
    return groups;
  }

  private static List<Item> items(List<Shift.Line> lines, Map<CaseId, Entry> entries, long desk) {
    return lines.stream()
        .map(each -> {
          Entry entry = entries.get(each.caseId());
          return new Item(each, entry, entry != null && entry.deskId() != desk);
        })
        .toList();
  }
}
