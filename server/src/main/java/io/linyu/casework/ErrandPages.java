package io.linyu.casework;

import io.linyu.casework.TelephoneList.ToTelephone;
import io.linyu.community.Absence;
import io.linyu.community.Absences.Lent;
import io.linyu.community.Desk;
import io.linyu.community.DeskOrders.Member;
import io.linyu.platform.http.Frame;
import io.linyu.platform.text.Words;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the page of a desk is given.
public final class ErrandPages {
  private ErrandPages() {}

  /// @param desks those that they work at, to go to
  /// @param next where the list goes on; null: this is all of it
  /// @param leads whether they say who is called
  /// @param reachable whether anybody is called in a chat
  /// @param absences of those who work there, that of today and what comes
  /// @param lent who of other desks may stand in
  /// @param left the desks of which nobody is there that are looked after here
  /// @param own whether the reader works there
  /// @param hours when it works, in words
  public record DeskPage(
      Frame frame,
      Desk desk,
      List<Desk> desks,
      List<ToTelephone> toTelephone,
      @Nullable String next,
      List<Member> order,
      boolean leads,
      boolean reachable,
      List<Absence> absences,
      List<Lent> lent,
      List<LeftDesks.Left> left,
      boolean own,
      long me,
      LocalDate today,
      String hours) {
    /// Those who work there.
    public List<Member> members() {
      return order.stream().filter(Member::own).toList();
    }

    /// Of whom they may say when they are away.
    public List<Member> mayBeAway() {
      return members().stream().filter(each -> maySay(each.staffId())).toList();
    }

    /// By the name of their desk, the nearest first.
    public Map<String, List<Lent>> lentByDesk() {
      return lent.stream()
          .collect(Collectors.groupingBy(Lent::deskName, LinkedHashMap::new, Collectors.toList()));
    }

    public boolean maySay(long member) {
      return leads || (own && member == me);
    }

    public String url() {
      return "/console/desks/" + desk.id();
    }
  }

  /// A telephone number that was asked for.
  public record NumberShown(Words words, String name, @Nullable String phone) {}
}
