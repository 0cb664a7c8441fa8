package io.linyu;

import io.linyu.casework.Case;
import io.linyu.casework.CaseId;
import io.linyu.casework.CaseState;
import io.linyu.casework.Cases.Step;
import io.linyu.casework.Casework;
import io.linyu.casework.Checking.Finding;
import io.linyu.casework.ReturnVisit.Rating;
import io.linyu.casework.ReturnVisit.Satisfaction;
import io.linyu.casework.ReturnVisit.Solved;
import io.linyu.casework.ReturnVisits.Call;
import io.linyu.community.Community;
import io.linyu.community.Staff;
import io.linyu.platform.Refusal;
import java.util.List;

/// What happens to a case once somebody says that it is done, until it is closed: another looks,
/// and the resident is content.
public record Finishing(Casework casework, Community community) {
  /// Whoever reports it; it is checked, and asked after by telephone.
  public Case finish(Staff staff, CaseId id, int version, String text) {
    return closed(checked(casework.checking().report(staff, id, version, text)));
  }

  /// As far as somebody else has found it done.
  public Case checked(Case reported) {
    if (reported.state() != CaseState.INSPECTING) {
      return reported;
    }
    Staff who = another(reported);
    Case taken = casework.handling().claim(who, reported.id(), reported.version());
    return casework
        .checking()
        .check(who, taken.id(), taken.version(), new Finding(true, "", List.of(), "手机没电"));
  }

  private Case closed(Case asked) {
    if (asked.state() != CaseState.RETURN_VISIT) {
      return asked;
    }
    Staff who = another(asked);
    var content = new Rating(Solved.YES, Satisfaction.SATISFIED, true, null);
    Case now = asked;
    for (int tries = 1; ; tries++) {
      try {
        Case taken = casework.handling().claim(who, now.id(), now.version());
        return casework.visits().call(who, taken.id(), taken.version(), new Call(true, content));
      } catch (Refusal refusal) {
        // A server that runs beside has just asked whoever told it.
        if (!refusal.code().equals("case-changed") || tries == 5) {
          throw refusal;
        }
        now = casework.cases().visibleTo(who, now.id());
      }
    }
  }

  /// Somebody who did not do it.
  public Staff another(Case matter) {
    return community.desks().membersOf(community.desks().byId(matter.deskId())).stream()
        .map(each -> community.staff().byId(each.id()).orElseThrow())
        .filter(each -> casework.cases().stepsFor(each, matter).contains(Step.CLAIM))
        .findFirst()
        .orElseThrow();
  }
}
