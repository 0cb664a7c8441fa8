package io.linyu.cli.bench;

import io.linyu.simulator.wechat.Attempt;
import io.linyu.simulator.wechat.Line;
import io.linyu.simulator.wechat.Sending;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// What is known without asking the database: by the residents, by the platform, and by whoever did
/// the killing.
///
/// @param sendings every customer-service message that the platform was asked to send
/// @param blows when something was away
/// @param claimed ids of the messages of our own that were being sent when something was away
record Observed(
    List<Resident> residents, List<Sending> sendings, List<Blow> blows, Set<Long> claimed) {
  /// Between the platform's answer and the line in the database, on a busy machine.
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(1);

  /// @param said with every attempt to deliver it
  record Resident(String name, String openid, List<Line.Said> said, List<Line.Heard> heard) {
    List<Line.Said> acknowledged() {
      return said.stream()
          .filter(each -> each.attempts().stream().anyMatch(Observed::isTaken))
          .toList();
    }
  }

  /// @param from when it fell
  /// @param to when what it hit was back
  record Blow(Instant from, Instant to) {
    boolean cuts(Sending each) {
      Instant answered = each.answered();
      return !each.at().isAfter(to)
          && (answered == null || !answered.plus(WRITTEN_WITHIN).isBefore(from));
    }
  }

  /// Answered with a 200, as the platform understands it.
  static boolean isTaken(Attempt attempt) {
    return switch (attempt.result()) {
      case REPLIED, SUCCESS -> true;
      case TIMED_OUT, UNREACHABLE, REFUSED, INVALID -> false;
    };
  }

  /// Whether the account may not know how this ended: it never heard the answer, or could not write
  /// it down.
  boolean isInDoubt(Sending each) {
    return !each.refused()
        && (each.answered() == null || blows.stream().anyMatch(blow -> blow.cuts(each)));
  }

  /// How many sends the platform had not answered when a blow fell.
  long underWay() {
    return sendings.stream()
        .filter(each -> blows.stream().anyMatch(blow -> each.isUnderWay(blow.from())))
        .count();
  }

  long unanswered() {
    return sendings.stream().filter(each -> each.answered() == null).count();
  }
}
