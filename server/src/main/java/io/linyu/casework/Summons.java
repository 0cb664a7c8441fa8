package io.linyu.casework;

import io.linyu.casework.Calls.NotCalled;
import io.linyu.casework.CaseEvent.Summoned.How;
import io.linyu.casework.Errand.Why;
import io.linyu.platform.db.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Notes who was called to what, in the history of the case, and counts it for whoever watches over
/// all.
final class Summons {
  private final CaseFiles files;
  private @Nullable MeterRegistry metrics;

  Summons(CaseFiles files) {
    this.files = files;
  }

  void countBy(MeterRegistry counting) {
    metrics = counting;
  }

  /// What a desk has to telephone about, or is told of in a digest.
  void note(Tx tx, NotCalled one) {
    note(tx, one.matter(), one.why(), one.desk(), one.how(), null, null);
  }

  void note(Tx tx, Errand one, How how, @Nullable Long staff, @Nullable Long by) {
    note(tx, one.caseId(), one.why(), one.deskId(), how, staff, by);
  }

  void note(
      Tx tx, CaseId id, Why why, long desk, How how, @Nullable Long staff, @Nullable Long by) {
    files.tell(
        tx, id, rule -> new CaseEvent.Summoned(null, rule, how, why.word(), desk, staff, by));
    count(how.name().toLowerCase(Locale.ROOT));
  }

  void count(String step) {
    MeterRegistry counting = metrics;
    if (counting != null) {
      counting.counter("linyu.errands", "step", step).increment();
    }
  }
}
