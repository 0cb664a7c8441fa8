package io.linyu.casework;

import io.linyu.casework.Errand.Why;
import io.linyu.casework.Errands.Item;
import io.linyu.community.Staff;
import io.linyu.platform.db.Sql;
import io.linyu.platform.db.Tx;
import java.util.List;
import java.util.stream.Stream;

/// What may be told of errands, and to whom.
final class ErrandItems {
  private final Cases cases;
  private final Parts parts;
  private final Alarms alarms;
  private final Categories categories;

  ErrandItems(Cases cases, Parts parts, Alarms alarms, Categories categories) {
    this.cases = cases;
    this.parts = parts;
    this.alarms = alarms;
    this.categories = categories;
  }

  List<Item> known(Tx tx, Staff who, List<Errand> found) {
    return found.stream()
        .flatMap(each -> {
          Case matter = cases.named(tx, each.caseId()).orElseThrow();
          return mayKnow(tx, who, each, matter)
              ? Stream.of(item(tx, each, matter))
              : Stream.empty();
        })
        .toList();
  }

  /// What is not theirs to see is not told to them.
  boolean mayKnow(Sql tx, Staff who, Errand one, Case matter) {
    Long alarm = one.alarmId();
    if (alarm != null) {
      return alarms.isVisibleTo(tx, who, alarm);
    }
    boolean ofTheirDesk =
        one.why().isNewsOfParty()
            || one.why() == Why.CONVENED
            || (one.partId() != null && one.why() != Why.PART_BACK);
    return ofTheirDesk
        ? !matter.accused().is(who.id())
            && (who.worksAt(one.deskId()) || (who.actsAt(one.deskId()) && !matter.confidential()))
        : cases.isVisibleTo(tx, who, matter.id());
  }

  Item item(Sql sql, Errand one, Case matter) {
    Long alarm = one.alarmId();
    Part part = one.partId() == null ? null : parts.named(sql, one.partId());
    boolean hidden =
        part == null
            ? matter.deskId() != one.deskId()
                && (one.why().isNewsOfParty()
                    || (one.why() == Why.CONVENED && matter.confidential()))
            : one.why() != Why.PART_BACK && !part.showsOf(matter);
    return new Item(
        one,
        matter,
        hidden ? null : categories.named(matter.categoryCode()).orElse(null),
        hidden ? "" : matter.territoryName(),
        alarm == null ? null : alarms.kindOf(sql, alarm),
        part);
  }
}
