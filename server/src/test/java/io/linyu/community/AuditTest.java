package io.linyu.community;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.linyu.RunningClock;
import io.linyu.TestClock;
import io.linyu.community.audit.Audit;
import io.linyu.community.audit.Audit.Filter;
import io.linyu.community.audit.AuditEntry;
import io.linyu.community.audit.Deed;
import io.linyu.community.audit.Who;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AuditTest {
  /// The real time, which the table's own rule goes by.
  @AutoClose private static final House HOUSE = House.furnished(new RunningClock());

  private static final Audit AUDIT = HOUSE.community.audit();

  @Test
  void whoCameByAFileIsThereByNameAndOnlyTheDistrictReadsIt() {
    Staff inspector = staff("U7");
    List<AuditEntry> of =
        AUDIT.page(inspector, new Filter(null, "U6", null, null, null), null, 9).entries();
    assertThat(of)
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.deed()).contains(Deed.STAFF_ADDED);
          assertThat(entry.by()).isEqualTo(Who.Kind.SERVER);
          assertThat(entry.details())
              .containsEntry("role", "building_head")
              .containsEntry("territory", "3栋");
        });
    for (String each : List.of("U1", "U4")) {
      assertThat(AUDIT.page(staff(each), Filter.NONE, null, 9).entries())
          .as("who has done nothing reads nothing")
          .isEmpty();
    }

    var all = new ArrayList<AuditEntry>();
    AuditEntry.Place place = null;
    do {
      Audit.Page page = AUDIT.page(inspector, Filter.NONE, place, 4);
      all.addAll(page.entries());
      place = page.next();
    } while (place != null);
    assertThat(all).as("each once, at one moment").doesNotHaveDuplicates().hasSizeGreaterThan(8);
    assertThat(all).extracting(AuditEntry::id).isSortedAccordingTo((a, b) -> Long.compare(b, a));
  }

  @Test
  void nothingIsChangedAndOnlyWhatIsOldEnoughIsForgotten() {
    write("2019-01-01T00:00:00Z");
    assertThatThrownBy(() -> HOUSE.db.execute("UPDATE audit_entry SET what = 'signed_out'"))
        .hasMessageContaining("append-only");
    assertThatThrownBy(() -> HOUSE.db.execute("DELETE FROM audit_entry WHERE at < '2020-01-01'"))
        .hasMessageContaining("append-only");
    assertThatThrownBy(() -> HOUSE.db.execute("TRUNCATE audit_entry, audit_unit"))
        .hasMessageContaining("append-only");
    assertThatThrownBy(() ->
            HOUSE.db.withinTransaction(tx -> {
              var _ = tx.rows("SELECT set_config('linyu.audit_forgets', 'on', true)");
              tx.execute("DELETE FROM audit_entry");
            }))
        .hasMessageContaining("append-only");

    assertThat(AUDIT.forgetDue(Period.ofMonths(36))).isFalse();
    var left = new ArrayList<AuditEntry>();
    AUDIT.since(Instant.EPOCH, left::add);
    assertThat(left).allMatch(entry -> entry.at().isAfter(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(left)
        .last()
        .satisfies(entry -> {
          assertThat(entry.deed()).contains(Deed.AUDIT_FORGOTTEN);
          assertThat(entry.detail("count")).isEqualTo("1");
        });
    int before = left.size();
    assertThat(AUDIT.forgetDue(Period.ofMonths(36))).isFalse();
    left.clear();
    AUDIT.since(Instant.EPOCH, left::add);
    assertThat(left).hasSize(before);
  }

  private static void write(String at) {
    var then = new TestClock(Instant.parse(at));
    HOUSE.db.withinTransaction(tx ->
        HOUSE
            .another(then)
            .audit()
            .write(tx, Who.staff(staff("U7").id(), "192.0.2.1"), Deed.SIGNED_IN, Map.of()));
  }

  private static Staff staff(String code) {
    return HOUSE.community.staff().byCode(code).orElseThrow();
  }
}
