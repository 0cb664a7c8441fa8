package io.linyu.reception;

import io.linyu.reception.Hearings.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Voices that one person said one after another: one thing told in pieces, so that it is heard and
/// read back as one.
///
/// @param voices in the order in which they were said
record Burst(List<Waiting> voices) {
  /// What is said to one thing is one.
  private record Whose(long address, @Nullable Long request, boolean asks) {
    static Whose of(Waiting each) {
      return new Whose(each.addressId(), each.request(), each.asks());
    }
  }

  private static final Duration BREATH = Duration.ofMinutes(1);

  /// @param waiting the most urgent first; so are the bursts
  static List<Burst> of(List<Waiting> waiting) {
    List<List<Waiting>> bursts = new ArrayList<>();
    Map<Whose, List<Waiting>> latest = new HashMap<>();
    for (Waiting each : waiting) {
      List<Waiting> before = latest.get(Whose.of(each));
      if (before != null && goesOn(before.getLast(), each)) {
        before.add(each);
      } else {
        List<Waiting> begins = new ArrayList<>(List.of(each));
        latest.put(Whose.of(each), begins);
        bursts.add(begins);
      }
    }
    return bursts.stream().map(Burst::new).toList();
  }

  Waiting first() {
    return voices.getFirst();
  }

  private static boolean goesOn(Waiting before, Waiting next) {
    return !next.saidAt().isAfter(before.saidAt().plus(BREATH));
  }
}
